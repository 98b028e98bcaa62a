"""Which environment variables are read."""

from __future__ import annotations

import importlib
import os
import re
import sys
from types import FrameType
from typing import Any

_MOST = 50
# What libraries look at wherever they run, and what says nothing about the code.
_USUAL = frozenset(
    "HOME PATH PWD USER LOGNAME SHELL LANG LANGUAGE TMPDIR TEMP TMP TERM COLORTERM COLUMNS LINES "  # noqa: SIM905
    "DISPLAY WAYLAND_DISPLAY NO_COLOR FORCE_COLOR TZ PYTHONPATH PYTHONHASHSEED MPLBACKEND "
    "MPLCONFIGDIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME SSL_CERT_FILE SSL_CERT_DIR "
    "PAGER EDITOR VISUAL HOSTNAME SOURCE_DATE_EPOCH".split()
)
_USUAL_STARTS = (
    "LC_",
    "PYTHON",
    "MPL",
    "OMP_",
    "MKL_",
    "OPENBLAS_",
    "IPY",
    "JPY_",
    "JUPYTER",
    "NUMEXPR_",
)
_SENSITIVE = re.compile("KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|PROFILE|PROXY|URL|HOST|USER")
_FINDERS = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")
_IMPORT = importlib._bootstrap._find_and_load.__code__  # type: ignore[attr-defined]
_THROUGH = ("<frozen os>", "<frozen _collections_abc>", os.__file__)


class Environment:
    """Records the names that are read from ``os.environ``, from now on.

    It listens where the mapping encodes a key, so that no frame of ours stands in
    the traceback of a name that is not there.
    """

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._environ: Any = os.environ
        self._encode = self._environ.encodekey
        self._environ.encodekey = self._hear

    def _hear(self, key: Any) -> Any:
        if len(self._names) < _MOST:
            _record(self._names, key)
        return self._encode(key)

    def finish(self) -> tuple[str, ...]:
        """The names, in the order in which they were first read."""
        if self._environ.encodekey == self._hear:
            self._environ.encodekey = self._encode
        return tuple(self._names)


def _record(names: dict[str, None], key: object) -> None:
    try:
        name = os.fsdecode(key) if isinstance(key, (str, bytes)) else ""
        reading = sys._getframe(2)
        if reading.f_code.co_name != "__getitem__":
            return  # it is set, or deleted
        if name and name not in names and _tells(name, reading):
            names[name] = None
    except Exception:  # it only watches
        return


# Frames of the watching itself, the audit hook included.
_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep


def _tells(name: str, frame: FrameType | None) -> bool:
    """Whether a reading says something about the code: not what libraries do anyhow."""
    while frame is not None and frame.f_code.co_filename in _THROUGH:
        if frame.f_code.co_name == "__iter__":
            return False  # all of them are looked through, as for a child's environment
        frame = frame.f_back
    if frame is not None and frame.f_globals.get("__name__") == "__main__":
        return True
    if name in _USUAL or name.startswith(_USUAL_STARTS):
        return False
    # Packages look for switches of theirs wherever they are used.
    is_installed = frame is not None and frame.f_code.co_filename.startswith(
        (sys.prefix, sys.base_prefix)
    )
    if is_installed and not _SENSITIVE.search(name):
        return False
    while frame is not None:
        if frame.f_code.co_filename in _FINDERS:
            return False
        frame = frame.f_back
    return True


def is_by_import(frame: FrameType | None) -> bool:
    """Whether, as it looks, only installed packages stand between here and an import.

    What they do while they are imported, as a look for fonts, is done wherever
    they are used and says nothing about the code; a module of the person's own
    is not installed. Code can name its frames as it likes, so this is never
    enough by itself to leave something out.
    """
    installed = (sys.prefix, sys.base_prefix, "<frozen ", _OURS)
    while frame is not None:
        if frame.f_code is _IMPORT:
            return True
        if not frame.f_code.co_filename.startswith(installed):
            return False
        frame = frame.f_back
    return False
