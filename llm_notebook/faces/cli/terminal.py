"""One key at a time, one line, and the person's editor."""

from __future__ import annotations

import os
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from llm_notebook.faces.cli.out import UsageError

ESCAPE = "\x1b"
_ARROWS = {"[A": "k", "[B": "j", "OA": "k", "OB": "j"}


def key() -> str:
    """The next key; what was typed before it was asked for does not count.

    Returns
    -------
    str
        One character, in lower or upper case. Arrows up and down are ``k`` and
        ``j``. Empty at the end of input.
    """
    try:
        import termios
        import tty
    except ImportError:
        return _windows_key()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        # Also drops what is waiting.
        tty.setcbreak(descriptor, termios.TCSAFLUSH)
        found = os.read(descriptor, 4).decode("utf-8", "replace")
        if found.startswith(ESCAPE):
            if len(found) == 1 and select.select([descriptor], [], [], 0.05)[0]:
                found += os.read(descriptor, 4).decode("utf-8", "replace")
            return _ARROWS.get(found[1:3], ESCAPE if len(found) == 1 else "")
        return "" if found in ("", "\x04") else found[:1]
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def line(prompt: str) -> str:
    """A line that the person types; empty at the end of input."""
    try:
        print(prompt, end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip()
    except EOFError:
        return ""


def edit(text: str, suffix: str) -> str:
    """The text as the person leaves it in an editor: ``VISUAL``, ``EDITOR``, or what there is.

    Raises
    ------
    UsageError
        There is no editor, or it failed.
    """
    command = command_of(editor() or "")
    with tempfile.TemporaryDirectory(prefix="llm-notebook-") as folder:
        path = Path(folder) / f"cell{suffix}"
        # A lone surrogate cannot stand in a file; it comes back as it was.
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            done = subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            raise UsageError(f"The editor {command[0]} could not be started ({error}).") from None
        if done.returncode:
            raise UsageError(f"The editor ended with {done.returncode}, so nothing was changed.")
        found = path.read_bytes().decode("utf-8", "surrogatepass")
    # Most editors end the last line; a cell seldom does.
    return found[:-1] if found.endswith("\n") and not text.endswith("\n") else found


def editor() -> str | None:
    """The person's editor, as a command line."""
    for name in ("VISUAL", "EDITOR"):
        if os.environ.get(name, "").strip():
            return os.environ[name]
    return next(filter(None, map(shutil.which, ("editor", "nano", "vi", "notepad"))), None)


def command_of(words: str) -> list[str]:
    """An editor as a program that is there, and its arguments.

    Raises
    ------
    UsageError
        There is none, or it is not there.
    """
    remedy = "Set EDITOR, such as EDITOR=nano."
    try:
        command = shlex.split(words)
    except ValueError as error:
        raise UsageError(f"The editor {words} cannot be read ({error}).", next=remedy) from None
    if not command:
        raise UsageError("No editor was found.", next=remedy)
    if shutil.which(command[0]) is None:
        raise UsageError(f"There is no editor {command[0]}.", next=remedy)
    return command


def _windows_key() -> str:
    import msvcrt

    while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
        msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
    found: str = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
    if found == "\x03":
        raise KeyboardInterrupt
    if found in ("\x00", "\xe0"):
        arrow: str = msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
        return {"H": "k", "P": "j"}.get(arrow, "")
    return "" if found in ("\x04", "\x1a") else found
