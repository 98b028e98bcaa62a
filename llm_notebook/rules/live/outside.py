"""How a single value reaches out of the kernel's memory: where what is done to it goes.

An open file keeps what is written until it is full, and another program answers
when it likes: a dry run, which ends before that, sees neither.
"""

from __future__ import annotations

import io
import os
from typing import Any

from llm_notebook.context.typeinfo import genuine, mro
from llm_notebook.rules.live.homes import state_of
from llm_notebook.rules.live.mapped import kept
from llm_notebook.rules.live.sorts import module_of, sort_of

_NAME = type.__dict__["__name__"].__get__
_FILE: Any = io.FileIO.__dict__


def outside(value: Any) -> str:
    """The end of a sentence that says what a change of this value reaches; mostly empty."""
    kind = type(value)
    reach = sort_of(kind).reach
    if reach == "none":
        return ""
    if reach == "memory":
        return kept(value)
    if reach == "file":
        return _of_file(value)
    if reach == "log":
        return _of_log(value)
    if reach == "connected" and not _is_read_only(value, kind):
        return f"leads to something outside of the kernel ({_NAME(kind)})"
    return ""


def _of_file(value: Any) -> str:
    try:
        if _FILE["closed"].__get__(value) or _FILE["mode"].__get__(value) == "rb":
            return ""
        number = _FILE["fileno"](value)
    except ValueError:  # closed meanwhile
        return ""
    if number in (0, 1, 2):
        return ""  # what a cell prints
    name = state_of(value).get("name")
    if name == os.devnull:
        return ""
    return f"writes into the file {name}" if type(name) is str else "writes into an open file"


def _of_log(value: Any) -> str:
    """Of a handler of logs, as of its class: what it has open may not be open yet."""
    kind = type(value)
    for base in mro(kind):
        module, name = module_of(base), _NAME(base)
        if module == "logging" and name == "FileHandler":
            if state_of(value).get("baseFilename") == os.devnull:
                return ""
            return "writes into a log file"
        if module == "logging.handlers" and name not in ("BufferingHandler", "MemoryHandler"):
            return "sends what is logged to something outside of the kernel"
    return ""


def _is_read_only(value: Any, kind: type) -> bool:
    """Whether a file of HDF5 was opened for reading alone, as its library says."""
    if not genuine(kind, "h5py"):
        return False
    try:
        return bool(value.file.mode == "r")
    except Exception:  # closed, or something else than it says
        return False
