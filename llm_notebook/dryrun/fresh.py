"""A fresh process in place of a fork, with the variables that can travel.

`spawn` starts it from the kernel; run as a module it is that process. It enters
the sandbox before it reads any variable, and is then like a forked child.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.dryrun import child
from llm_notebook.dryrun.forking import Ends, Pipes, die_with
from llm_notebook.dryrun.travel import Packed, unpack


class Errand(msgspec.Struct, frozen=True):
    """What the fresh process is told first.

    Attributes
    ----------
    plan : Plan
    scratch : str
    parent : int
    reason : str
        Why it is no fork.
    names : tuple of str
        Variables that travel.
    modules : dict of str to str
    path : list of str
        `sys.path` of the kernel.
    shell : tuple of (str, str)
        Module and class of a shell that needs no front end.
    inline : bool
        Whether the kernel shows matplotlib's figures after each cell.
    """

    plan: Plan
    scratch: str
    parent: int
    reason: str
    names: tuple[str, ...]
    modules: dict[str, str]
    path: list[str]
    shell: tuple[str, str]
    inline: bool


def errand(plan: Plan, scratch: Path, reason: str, packed: Packed, shell: Any) -> Errand:
    """What a fresh process must know of this kernel."""
    plain = next(cls for cls in type(shell).__mro__ if cls.__name__ == "InteractiveShell")
    matplotlib: Any = sys.modules.get("matplotlib")
    inline = matplotlib is not None and "inline" in str(matplotlib.rcParams._get("backend"))
    return Errand(
        plan,
        str(scratch),
        os.getpid(),
        reason,
        packed.names,
        packed.modules,
        [entry for entry in sys.path if isinstance(entry, str)],
        (plain.__module__, plain.__name__),
        inline,
    )


def spawn(told: Errand, data: bytes) -> tuple[int, Pipes]:
    """Start it.

    Raises
    ------
    OSError
        When no process can be started.
    """
    pairs = [os.pipe() for _ in range(4)]
    (_, events), (_, out), (_, err), (_, trace) = pairs
    parcel = os.memfd_create("llm-notebook-preview", os.MFD_CLOEXEC)
    try:
        header = msgspec.json.encode(told)
        with os.fdopen(os.dup(parcel), "wb") as file:
            file.write(len(header).to_bytes(8, "little") + header + data)
        os.lseek(parcel, 0, os.SEEK_SET)
        # It must find this package where this process has found it.
        path = os.pathsep.join(entry for entry in told.path if entry)
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(events), str(trace), str(parcel)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            pass_fds=(events, trace, parcel),
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
        )
    except BaseException:
        for read, _ in pairs:
            os.close(read)
        raise
    finally:
        os.close(parcel)
        for _, write in pairs:
            os.close(write)
    process.returncode = 0  # it is waited for by its number
    return process.pid, Pipes(*(read for read, _ in pairs))


def main(events: int, trace: int, parcel: int) -> None:
    """Be that process."""
    with os.fdopen(parcel, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        told = msgspec.json.decode(file.read(size), type=Errand)
        data = file.read()
    die_with(told.parent)
    os.set_inheritable(events, False)
    os.set_inheritable(trace, False)
    sys.path[:] = told.path
    # A profile folder of its own, where nothing of the person's is started or written.
    os.environ["IPYTHONDIR"] = str(Path(told.scratch) / "ipython")
    module, name = told.shell
    cls: Any = getattr(importlib.import_module(module), name)
    config = importlib.import_module("traitlets.config").Config()
    config.HistoryManager.enabled = False
    shell = cls.instance(config=config)

    def prepare() -> None:
        if told.inline:
            shell.run_line_magic("matplotlib", "inline")
        unpack(data, told.modules, shell.user_ns)

    note = f"It ran in a fresh process, since {told.reason}; " + (
        "no variables were needed." if not told.names else "only what its cells use came along."
    )
    live = child.Live(told.parent, in_loop=True)
    child.main(
        Ends(events, trace), shell, told.plan, Path(told.scratch), live, child.Fresh(prepare, note)
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
