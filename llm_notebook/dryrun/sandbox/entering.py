"""Entering a sandbox: irrevocably, for this process and all that it starts.

Called in a child that was just forked and has one thread. The order matters:
what needs rights comes first, the filter that takes the calls away comes last.
Whatever fails raises `SandboxError`, and the child must then end: it may be
confined in part only.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial

from llm_notebook.core.preview import FileEffect, Tier
from llm_notebook.dryrun.sandbox import (
    descriptors,
    environment,
    landlock,
    limits,
    mappings,
    namespaces,
    refusals,
    system,
    system_paths,
    tiers,
    uppers,
    view,
)
from llm_notebook.dryrun.sandbox.metadata import by_descriptor
from llm_notebook.dryrun.sandbox.policy import Entered, Policy, SandboxError
from llm_notebook.dryrun.sandbox.probing import best


def enter(policy: Policy) -> Entered:
    """Confine this process.

    Parameters
    ----------
    policy : Policy

    Returns
    -------
    Entered
        What is enforced.

    Raises
    ------
    SandboxError
        If it cannot be entered as asked. The process must end then.
    """
    tier, reason = best(policy.tier)
    if tier == "none":
        raise SandboxError(
            f"There is no dry run here: {reason}",
            kept="Nothing was run.",
            next="Accept without a preview, or read the code first.",
        )
    try:
        return enter_tier(policy, tier)
    except SandboxError:
        raise
    except Exception as error:
        raise SandboxError(
            f"The sandbox could not be entered ({type(error).__name__}: {error}).",
            kept="Nothing was run.",
            next="Accept without a preview, or set LLM_NOTEBOOK_SANDBOX to a weaker tier.",
        ) from error


def enter_tier(policy: Policy, tier: Tier) -> Entered:
    """Confine this process in this very tier; errors are raised as they come."""
    limits.tie_to(policy.parent or os.getppid())
    if os.getsid(0) != os.getpid():
        os.setsid()
    notes = mappings.privatize(policy.memory)
    seen = view.look(policy) if tier != "read-only" else None
    _environment(policy, tier)
    files: Callable[[], tuple[FileEffect, ...] | None] = _unknown
    world = None
    if tier == "namespaces":
        assert seen is not None
        world = namespaces.enter(seen, policy.memory)
        descriptors.isolate(policy.keep_fds | world.descriptors(), by_path=True)
        files = partial(uppers.changes, world.store, world.layers, seen.folder)
    else:
        descriptors.isolate(policy.keep_fds)
    limits.limit(policy)
    limits.drop_privileges()
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    if seen is not None:
        _landlock(seen, policy, world)
    metadata = _metadata(world)
    signals = seen is not None and landlock.signals_held()
    refusals.build(
        refusals.Rules(
            writes=tier != "read-only",
            network=world is not None,
            ipc=world is not None,
            metadata=metadata,
            signals=signals,
            truncate=seen is not None and landlock.version() >= 3,
        )
    ).enforce()
    if metadata == "descriptor":
        by_descriptor()
    lacking: tuple[str, ...] = ()
    if world is not None and seen is not None and not world.holds(seen.folder):
        lacking = (tiers.FOLDER,)
    return Entered(tiers.describe(tier, signals=signals, notes=lacking), notes, files)


def _unknown() -> None:
    return None


def _metadata(world: namespaces.World | None) -> refusals.Metadata:
    """By what modes and times may be changed; see `metadata` for why."""
    if world is None:
        return "none"
    interpreter = os.path.realpath("/proc/self/exe")
    if os.stat("/proc/self/exe").st_uid != os.geteuid():
        return "any"
    return "descriptor" if world.holds(interpreter) else "none"


def _landlock(seen: view.View, policy: Policy, world: namespaces.World | None) -> None:
    # In a network namespace of its own, TCP leads nowhere but to itself.
    rules = landlock.Ruleset(network=world is None)
    whole, listed = view.entries(seen, world.private if world is not None else ())
    for path in whole:
        rules.allow(path, landlock.READ)
    for path in listed:
        rules.allow(path, landlock.READ_DIR)
    _system(rules)
    if world is not None:
        for layer in world.layers:
            rules.allow(layer.root, landlock.WRITE)
        for path in world.private:
            rules.allow(path, landlock.READ | landlock.WRITE)
        rules.allow_open(world.store, landlock.READ_DIR)
    elif policy.scratch is not None:
        rules.allow(os.path.realpath(policy.scratch), landlock.READ | landlock.WRITE)
    rules.enforce()


def _system(rules: landlock.Ruleset) -> None:
    """Allow devices, and what the kernel tells of itself and of this process."""
    for path in (*system_paths.PROC, *system_paths.SYS, *system_paths.READABLE_DEVICES):
        rules.allow(path, landlock.READ)
    rules.allow(f"/proc/{os.getpid()}", landlock.READ)
    for path in system_paths.WRITABLE_DEVICES:
        rules.allow(path, landlock.READ_FILE | landlock.WRITE_FILE | landlock.TRUNCATE)


def _environment(policy: Policy, tier: Tier) -> None:
    changes = {}
    if tier == "landlock" and policy.scratch is not None:
        scratch = os.path.realpath(policy.scratch)
        changes = {"TMPDIR": scratch, "JOBLIB_TEMP_FOLDER": scratch, "NUMBA_CACHE_DIR": scratch}
        changes |= _matplotlib(scratch)
    environment.scrub(policy.environment, **changes)
    # Files of compiled Python are no effect of the code that anybody asks for.
    sys.dont_write_bytecode = True
    # Where nothing can be written no folder passes its test, and many only want its name.
    tempfile.tempdir = os.environ.get("TMPDIR", "/tmp") if tier == "read-only" else None


def _matplotlib(scratch: str) -> dict[str, str]:
    """A folder that matplotlib can write, with the list of fonts that took seconds to make."""
    if "matplotlib" in sys.modules:
        return {}
    given = os.environ.get("MPLCONFIGDIR")
    home = os.path.expanduser("~")
    old = [given] if given else [f"{home}/.config/matplotlib", f"{home}/.cache/matplotlib"]
    made = os.path.join(scratch, "matplotlib")
    os.makedirs(made, exist_ok=True)
    for folder in old:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):
                with contextlib.suppress(OSError):
                    os.symlink(os.path.join(folder, name), os.path.join(made, name))
    return {"MPLCONFIGDIR": made}
