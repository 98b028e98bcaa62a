"""What a dry run may read: which paths are opened, and what stays shut below them.

Landlock can allow a folder, and cannot refuse what is below an allowed one. So
a folder that holds something that must stay shut is opened entry by entry.
Names of dot files can be listed where their folder can; their contents cannot.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from llm_notebook.dryrun import modules
from llm_notebook.dryrun.sandbox import system_paths
from llm_notebook.dryrun.sandbox.policy import Policy

_SEARCHED = 2000
"""Entries of the notebook's folder that are looked at for dot files further down."""


@dataclass
class View:
    """Real paths, as they are before the sandbox is entered.

    Attributes
    ----------
    folder : str
        The notebook's own; empty where it is the root of the file system.
    open : set of str
        Readable with all that is below them, save what is shut.
    listed : set of str
        Folders whose names can be listed and no more.
    shut : set of str
        Not readable, though something above is open.
    """

    folder: str = ""
    open: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)


def below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def look(policy: Policy) -> View:
    """Find what may be read, for the process as it is now."""
    view = View()
    hidden = {_known(path) for path in system_paths.private()}
    hidden |= {_real(path) for path in policy.hidden}
    hidden = {path for path in hidden if path and os.path.lexists(path)}
    usual = (*system_paths.SYSTEM, *system_paths.ETC, *system_paths.packages())
    named = {_known(path) for path in (*usual, *system_paths.of_home(), *modules.folders())}
    named = (named | {_real(path) for path in policy.readable}) - {"", "/"}
    home = _known(os.path.expanduser("~"))
    # A folder that the home folder is in, or is, opens like the notebook's own.
    wide = named & set(above(home))
    view.shut |= hidden
    _open_all(view, named - wide, hidden)
    folder = _real(policy.folder or ".")
    if folder != "/":
        view.folder = folder
    for path in {folder, *wide, *(_known(item) for item in sys.path if item)} - {"", "/"}:
        if not os.path.isdir(path):
            _open_all(view, {path}, hidden)
        elif path == folder:
            _open_folder(view, path, hidden, _SEARCHED)
        elif view.open.isdisjoint(above(path)):
            _open_folder(view, path, hidden, 1)
    return view


def warm() -> None:
    """Resolve what is the same in every dry run, so that forks find it resolved."""
    with suppress(OSError):
        look(Policy())


def _real(path: object) -> str:
    try:
        return os.path.realpath(os.path.expanduser(os.fspath(path)))  # type: ignore[call-overload, no-any-return]
    except (OSError, ValueError, TypeError):
        return ""


@lru_cache(4096)
def _known(path: str) -> str:
    """`_real` of a path of the system's or the packages', which does not move about."""
    return _real(path)


def above(path: str) -> list[str]:
    """A path and all folders that it lies in, the root left out."""
    found = []
    while len(path) > 1:
        found.append(path)
        path = path.rpartition("/")[0]
    return found


def _open_all(view: View, paths: Iterable[str], hidden: set[str]) -> None:
    for path in sorted(paths):  # a folder comes before what it holds
        over = above(path)
        if hidden.isdisjoint(over) and view.open.isdisjoint(over) and os.path.lexists(path):
            view.open.add(path)


def _open_folder(view: View, folder: str, hidden: set[str], left: int) -> None:
    """Open a folder, and shut dot files in it: so far down as `left` entries go."""
    ahead = deque([folder])
    # Most entries are files with ordinary names, and to put a path together takes longest.
    named = {os.path.basename(path) for path in (*hidden, *view.open)}
    while ahead and left > 0:
        current = ahead.popleft()
        try:
            entries = list(os.scandir(current))
        except OSError:
            continue
        left -= len(entries)
        for entry in entries:
            name = entry.name
            is_dotted = name[0] == "."
            if is_dotted or name in named:
                path = entry.path
                if path in view.open:
                    continue
                if is_dotted or path in hidden:
                    view.shut.add(path)
                    continue
            if entry.is_dir(follow_symlinks=False):
                ahead.append(entry.path)
    view.open.add(folder)


def entries(view: View, private: Collection[str] = ()) -> tuple[set[str], set[str]]:
    """Put the view in terms of what can only be allowed: nothing shut is below a path.

    Parameters
    ----------
    private : collection of str
        Paths at and below which everything is allowed already.

    Returns
    -------
    tuple of set of str
        What is opened whole, and folders whose names are listed.
    """
    whole: set[str] = set()
    listed = set(view.listed)
    holding = {folder for shut in view.shut for folder in above(shut)[1:]}
    ahead = deque(view.open)
    while ahead:
        path = ahead.popleft()
        if private and any(below(path, known) for known in private):
            continue
        if path not in holding:
            whole.add(path)
            continue
        if not os.path.isdir(path):
            continue
        listed.add(path)
        try:
            names = os.listdir(path)
        except OSError:
            continue
        for name in names:
            inner = os.path.join(path, name)
            if inner not in view.shut and inner not in listed and inner not in whole:
                ahead.append(inner)
    return whole, listed
