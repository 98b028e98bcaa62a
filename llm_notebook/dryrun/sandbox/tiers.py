"""The tiers by name: what each holds and lacks, in plain words."""

from __future__ import annotations

from llm_notebook.core.preview import Isolation, Tier

ORDER: tuple[Tier, ...] = ("namespaces", "landlock", "read-only", "none")
"""From the strongest to nothing."""

_NAMES: dict[Tier, str] = {
    "namespaces": "user namespace, overlay, network namespace, Landlock",
    "landlock": "Landlock and seccomp",
    "read-only": "seccomp, read-only",
    "none": "none",
}

_NETWORK = "Nobody can be contacted: no network, no sockets of other programs."
_KEYS = (
    "Keys, dot files, Jupyter's own files and other people's files cannot be read; of the "
    "environment only harmless variables are there."
)
_PROCESSES = "Other processes cannot be seen into, signalled or changed; all that is started ends."
_LIMITS = "Memory, processor time and the number of processes are limited."

FOLDER = (
    "The notebook's folder lies on a file system that cannot be overlaid, so it is read-only here."
)
"""Said where tier ``namespaces`` cannot let the notebook's folder be written."""

_OLD_SIGNALS = (
    "On Linux before 6.12, code in the sandbox cannot end processes that it has started itself."
)

_HOLDS: dict[Tier, tuple[str, ...]] = {
    "namespaces": (
        "Files are changed in a copy that is thrown away; every change is listed.",
        _KEYS,
        _NETWORK,
        _PROCESSES,
        _LIMITS,
    ),
    "landlock": (
        "Files cannot be changed, except in a temporary folder that is thrown away.",
        _KEYS,
        _NETWORK,
        _PROCESSES,
        _LIMITS,
    ),
    "read-only": (
        "No file can be opened for writing, and none can be made, moved or deleted.",
        _NETWORK,
        "Other processes cannot be signalled or changed; all that is started ends.",
        _LIMITS,
    ),
    "none": (),
}

_LACKS: dict[Tier, tuple[str, ...]] = {
    "namespaces": (
        "Files that are made outside of the notebook's folder and the temporary folders cannot "
        "be read back.",
        "The names of hidden files in the notebook's folder can be seen, their contents cannot.",
    ),
    "landlock": (
        "Code that writes files, or changes modes and times, fails here and would not in a real "
        "run; what compiled code wrote is not listed.",
        "The names of hidden files in the notebook's folder can be seen, their contents cannot.",
        "Shared memory between processes is not there, so pools of processes fail.",
    ),
    "read-only": (
        "Every file that you can read, keys and dot files too, can be read by the code and shown "
        "in its output, and so can the memory of your other programs where Linux lets you; it has "
        "no way to send it anywhere.",
        "There is no temporary folder, so code that needs one fails here.",
    ),
    "none": (),
}


def describe(
    tier: Tier, *, signals: bool, reason: str = "", notes: tuple[str, ...] = ()
) -> Isolation:
    """Say what a tier holds and lacks.

    Parameters
    ----------
    signals : bool
        Whether the kernel keeps signals inside by itself.
    reason : str
        Of tier ``none``: why there is no dry run.
    notes : tuple of str
        What else is lacking here.
    """
    lacks = _LACKS[tier]
    if tier == "none":
        lacks = (reason,)
    elif not signals:
        lacks = (*lacks, _OLD_SIGNALS)
    return Isolation(tier, _NAMES[tier], holds=_HOLDS[tier], lacks=(*lacks, *notes))
