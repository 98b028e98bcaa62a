"""Record what code does outside of its namespace, by Python's audit events.

A recorder, not a guard: it sees what goes through Python, and the sandbox sees
the rest. A hook cannot be taken out again, so it falls silent instead. It must
not raise, since that would stop what it only wants to see.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from llm_notebook.core.preview import FileEffect, HostEffect, ObservedEffects, ProcessEffect
from llm_notebook.dryrun import auditing
from llm_notebook.dryrun.observing.files import Files
from llm_notebook.dryrun.observing.reading import Environment, is_by_import

_MOST = 200
_LONGEST = 200
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# How packages look for fonts and libraries while they are imported.
_LOOKING = re.compile(r"(/\S*/)?(fc-list|ldconfig|uname|lscpu)( |$)")


class Recorder:
    """Records from now on until `finish`.

    Parameters
    ----------
    noise : iterable of str
        Folders in which files come and go without meaning.
    """

    def __init__(self, noise: Iterable[str] = ()) -> None:
        self._files = Files(noise)
        self._environment = Environment()
        self._processes: dict[str, None] = {}
        self._hosts: dict[str, None] = {}
        self._own: set[str] = set()
        self._is_busy = False
        table = self._table()
        self._handlers: dict[str, Callable[[tuple[Any, ...]], None]] | None = table
        auditing.listen(table, self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        handlers = self._handlers
        handler = handlers.get(event) if handlers is not None else None
        if handler is None or self._is_busy:
            return
        self._is_busy = True
        try:
            handler(args)
        except BaseException:  # an event with other arguments, no memory, an interrupt
            return
        finally:
            self._is_busy = False

    def finish(self, files: Iterable[FileEffect] | None = None) -> ObservedEffects:
        """What was recorded. Never raises.

        Parameters
        ----------
        files : iterable of FileEffect, optional
            All files that were changed, where the sandbox knows.
        """
        self._handlers = None
        try:
            environment = self._environment.finish()
            known = None if files is None else tuple(files)
            return ObservedEffects(
                files=self._files.finish(known),
                processes=tuple(ProcessEffect(command) for command in self._processes),
                hosts=tuple(HostEffect(a) for a in self._hosts if a not in self._own),
                environment=environment,
                files_complete=known is not None,
            )
        except Exception:  # no memory left, or modules that the code replaced
            return ObservedEffects()

    def _table(self) -> dict[str, Callable[[tuple[Any, ...]], None]]:
        files = self._files
        table: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._open,
            "os.remove": lambda args: files.removes(args[0], args[1]),
            "os.rmdir": lambda args: files.removes(args[0], args[1]),
            "os.rename": lambda args: files.renames(args[0], args[1], args[2], args[3]),
            "os.mkdir": lambda args: files.makes(args[0], args[2]),
            "os.link": lambda args: files.makes(args[1], args[3]),
            "os.symlink": lambda args: files.makes(args[1], args[2]),
            "os.truncate": lambda args: files.alters(args[0]),
            "os.chmod": lambda args: files.alters(args[0], args[2]),
            "os.chown": lambda args: files.alters(args[0], args[3]),
            "os.utime": lambda args: files.alters(args[0], args[3]),
            "os.setxattr": lambda args: files.alters(args[0]),
            "os.removexattr": lambda args: files.alters(args[0]),
            "sqlite3.connect": lambda args: files.may_write(args[0]),
            "subprocess.Popen": lambda args: self._start(args[1] if args[1] else args[0]),
            "os.system": lambda args: self._start(args[0]),
            "os.exec": lambda args: self._start(args[1]),
            "os.posix_spawn": lambda args: self._start(args[1]),
            "os.fork": lambda args: self._start("(a fork of Python)"),
            "os.forkpty": lambda args: self._start("(a fork of Python)"),
            "socket.getaddrinfo": lambda args: self._reach(args[0], args[1]),
            "socket.gethostbyname": lambda args: self._reach(args[0]),
            "socket.gethostbyaddr": lambda args: self._reach(args[0]),
            "socket.connect": lambda args: self._contact(args[1]),
            "socket.sendto": lambda args: self._contact(args[1]),
            "socket.sendmsg": lambda args: self._contact(args[1]),
            "socket.bind": lambda args: self._own.add(_address(args[1])),
            "urllib.Request": self._request,
            "http.client.connect": lambda args: self._reach(args[1], args[2]),
        }
        return table

    def _open(self, args: tuple[Any, ...]) -> None:
        path, _, flags = args
        if type(flags) is not int or not flags & _WRITING or isinstance(path, int):
            return
        is_new = bool(flags & os.O_CREAT)
        self._files.opens(path, is_new=is_new)

    def _start(self, command: Any) -> None:
        if isinstance(command, (str, bytes, os.PathLike)):
            text = os.fsdecode(command)
        else:
            text = shlex.join(os.fsdecode(part) for part in command)
        if _LOOKING.match(text) and is_by_import(sys._getframe()):
            return
        text = " ".join(text.split())
        text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        if len(self._processes) < _MOST:
            self._processes.setdefault(text)

    def _reach(self, host: Any, port: Any = None) -> None:
        if not host:
            return
        name = os.fsdecode(host) if isinstance(host, bytes) else str(host)
        self._contact((name, port) if port else (name,))

    def _contact(self, address: Any) -> None:
        text = _address(address)
        if text and len(self._hosts) < _MOST:
            self._hosts.setdefault(text[:_LONGEST])

    def _request(self, args: tuple[Any, ...]) -> None:
        parts = urlsplit(args[0])
        if parts.scheme in ("http", "https", "ftp"):
            port = parts.port or {"http": 80, "https": 443, "ftp": 21}[parts.scheme]
            self._reach(parts.hostname, port)


def _address(address: Any) -> str:
    if isinstance(address, (str, bytes)):
        text = os.fsdecode(address)
        return f"@{text[1:]}" if text.startswith("\0") else text
    if isinstance(address, tuple) and address:
        host = str(address[0])
        host = f"[{host}]" if ":" in host else host
        return f"{host}:{address[1]}" if len(address) > 1 and address[1] else host
    return ""
