"""In the child: take away what would reach the person, the live kernel or a packet index.

This is for a clear word and for fidelity. What holds against code that means
harm is the sandbox, not this.
"""

from __future__ import annotations

import builtins
import os
import re
import shlex
import subprocess
import sys
from types import FunctionType, MethodType
from typing import Any

from llm_notebook.context.typeinfo import is_ours
from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.dryrun import auditing, modules

_INSTALLERS = {"pip", "pip3", "conda", "mamba", "micromamba", "uv", "poetry", "pixi"}
_INSTALLING = {"install", "uninstall", "add", "remove", "create", "update", "upgrade", "sync"}


class PreviewError(LLMNotebookError):
    """The code asked for something that a preview does not give."""

    code = "preview"


def installs(command: str) -> str:
    """The part of a shell command that installs packages; empty where none does."""
    for part in re.split(r"[;\n]|&&|\|\|?", command):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        while words and (words[0] in ("sudo", "env", "command", "exec", "time") or "=" in words[0]):
            words = words[1:]
        if not words:
            continue
        name = os.path.basename(words[0])
        if re.fullmatch(r"python[\d.]*", name) and words[1:2] == ["-m"]:
            words = words[2:]
            name = words[0] if words else ""
        name = "pip" if re.fullmatch(r"pip[\d.]*", name) else name
        if name in _INSTALLERS and _INSTALLING & set(words[1:4]):
            return " ".join(part.split())
    return ""


def cell_installs(source: str) -> str:
    """The line of a cell that installs packages; empty where none does."""
    if re.match(r"\s*%%(?:bash|sh|script|system|!)", source):
        return installs(source.partition("\n")[2])
    for line in source.splitlines():
        found = re.match(r"\s*(?:\w+\s*=\s*)?[%!]{1,2}\s*(.+)", line)
        if found and installs(found[1]):
            return line.strip()
    return ""


def without_installs(source: str) -> str:
    """An earlier cell without what it installs, which is there already, or is not."""
    if not cell_installs(source):
        return source
    if source.lstrip().startswith("%%"):
        return ""
    lines = source.split("\n")
    return "\n".join(
        line[: len(line) - len(line.lstrip())] + "pass" if cell_installs(line) else line
        for line in lines
    )


def _refuse_install(found: str) -> None:
    raise PreviewError(
        f"A preview installs no packages, so this was not run: {found}",
        next="Accept the cell to install them.",
    )


def cut_ways_out(shell: Any, exits: list[str]) -> None:
    """Take them away from `shell`, in the child.

    Parameters
    ----------
    shell : InteractiveShell
    exits : list of str
        Grows when the code asks the shell to end.
    """
    _no_callbacks(shell)
    _no_questions(shell)
    _no_history(shell)
    _no_installs()
    _pipes_for_commands()
    _one_job()
    _own_helpers(shell)

    def ask_exit(*args: Any, **kwargs: Any) -> None:
        exits.append("exit")

    # Set below the traits, whose observers would stop a loop.
    object.__setattr__(shell, "ask_exit", ask_exit)


def _no_callbacks(shell: Any) -> None:
    """What this package does before and after a cell is not the code's doing, nor needed here."""
    for callbacks in shell.events.callbacks.values():
        for callback in tuple(callbacks):
            function = callback.__func__ if type(callback) is MethodType else callback
            if type(function) is FunctionType and is_ours(function):
                callbacks.remove(callback)


def _no_questions(shell: Any) -> None:
    """Nobody can answer: `input()` says so at once instead of waiting."""

    def ask(prompt: object = "", *args: Any, **kwargs: Any) -> str:
        raise PreviewError(
            "A preview cannot ask: nobody is there to answer input().",
            next="Accept the cell and run it to be asked.",
        )

    import getpass

    builtins.input = ask
    getpass.getpass = ask
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        for name in ("raw_input", "getpass", "_input_request"):
            if hasattr(kernel, name):
                setattr(kernel, name, ask)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 (it lives as long as the child)


def _no_history(shell: Any) -> None:
    """In memory as ever, and nothing in the database that the kernel writes."""

    def nothing(*args: Any, **kwargs: Any) -> None:
        return None

    history = getattr(shell, "history_manager", None)
    if history is not None:
        for name in ("writeout_cache", "_restart_thread_if_stopped", "end_session"):
            if hasattr(history, name):
                object.__setattr__(history, name, nothing)
        history.db_input_cache = []
        history.db_output_cache = []
    logger = getattr(shell, "logger", None)
    if logger is not None:
        logger.log_active = False
    shell.__dict__["db"] = {}
    shell._trait_values.pop("db", None)
    # `%cd` would write where it has been.
    shell.db = {}


def _no_installs() -> None:
    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen":
            words = args[1]
            if isinstance(words, list | tuple):
                told = [os.fsdecode(word) for word in words]
                text = told[-1] if told[1:2] == ["-c"] else shlex.join(told)
            else:
                text = os.fsdecode(words)
        else:
            text = os.fsdecode(args[0])
        if found := installs(text):
            _refuse_install(found)

    auditing.listen(("subprocess.Popen", "os.system"), audit)


def _pipes_for_commands() -> None:
    """`!cmd` opens a terminal, which a sandbox has not: pipes, with a terminal's line ends."""
    module = sys.modules.get("IPython.utils._process_posix")
    handler: Any = getattr(module, "ProcessHandler", None)
    if handler is None:
        return

    def started(cmd: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["sh", "-c", cmd],
            stdin=0,  # the null device, which not every sandbox lets open for writing too
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def system(self: Any, cmd: str) -> int:
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with started(cmd) as process:
            assert process.stdout is not None
            while data := os.read(process.stdout.fileno(), 65536):
                sys.stdout.write(decoder.decode(data).replace("\n", "\r\n"))
        code = process.returncode
        return -(code - 128) if code > 128 else code

    def getoutput(self: Any, cmd: str) -> str:
        with started(cmd) as process:
            return process.communicate()[0].decode("utf-8", "replace")

    handler.system, handler.getoutput = system, getoutput
    handler.getoutput_pexpect = getoutput
    mine = handler().system
    for name in holders_of_system():
        vars(sys.modules[name])["system"] = mine


@modules.remembered
def holders_of_system() -> tuple[str, ...]:
    """Modules that have IPython's way to run commands bound to the method as it was."""
    module = sys.modules.get("IPython.utils._process_posix")
    handler: Any = getattr(module, "ProcessHandler", ())
    return tuple(
        name
        for name, holder in list(sys.modules.items())
        if name.startswith(("IPython.", "ipykernel."))
        and isinstance(getattr(vars(holder).get("system"), "__self__", None), handler)
    )


def _one_job() -> None:
    """Process pools for one task each are slow in a sandbox, and their locks are not ours."""
    for name in (
        "joblib._multiprocessing_helpers",
        "joblib._parallel_backends",
        "joblib.parallel",
        "joblib.pool",
    ):
        module: Any = sys.modules.get(name)
        if module is not None and hasattr(module, "mp"):
            module.mp = None
    if "joblib" not in sys.modules:
        os.environ["JOBLIB_MULTIPROCESSING"] = "0"


def _own_helpers(shell: Any) -> None:
    """Helpers that live in the kernel's threads and processes are made anew when needed."""
    tracker: Any = sys.modules.get("multiprocessing.resource_tracker")
    if tracker is not None:
        fresh = type(tracker._resource_tracker)()
        tracker._resource_tracker = fresh
        for name in ("ensure_running", "register", "unregister", "getfd"):
            setattr(tracker, name, getattr(fresh, name))
    server: Any = sys.modules.get("multiprocessing.forkserver")
    if server is not None:
        fresh = type(server._forkserver)()
        server._forkserver = fresh
        for name in ("ensure_running", "get_inherited_fds", "connect_to_new_process"):
            setattr(server, name, getattr(fresh, name))
    for magics in shell.magics_manager.registry.values():
        if type(magics).__name__ == "ScriptMagics":
            # `%%bash` runs in a loop of its own, whose thread has stayed behind.
            magics.event_loop = None
            magics.bg_processes = []
    helpers: Any = sys.modules.get("IPython.core.async_helpers")
    if helpers is not None and hasattr(helpers, "_asyncio_event_loop"):
        helpers._asyncio_event_loop = None
