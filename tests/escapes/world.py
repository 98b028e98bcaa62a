"""What an escape would reach: files, descriptors, memory, sockets and processes outside."""

from __future__ import annotations

import ctypes
import hashlib
import mmap
import os
import pty
import resource
import signal
import socket
import stat
from pathlib import Path
from typing import Any

CANARY = "canary-7f3a91c2"
VARIABLE = "SOME_PROVIDER_API_KEY"
LIBC = ctypes.CDLL(None, use_errno=True)


class World:
    """Stands in the process that plays the live kernel; `changed` says what is not as it was."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder, self.outside, self.home = base / "nb", base / "outside", base / "home"
        for path in (self.folder / "sub", self.outside, self.home / ".ssh", self.home / "runtime"):
            path.mkdir(parents=True)
        self.victim = self.outside / "victim.txt"
        self.victim.write_text("intact")
        self.data = self.folder / "data.csv"
        self.data.write_text("a,b\n1,2\n")
        self.secret = self.outside / "secret.txt"
        for path in (
            self.secret,
            self.folder / ".env",
            self.folder / "sub" / ".netrc",
            self.home / ".ssh" / "id_rsa",
            self.home / "runtime" / "kernel-1.json",
        ):
            path.write_text(CANARY)
        (self.folder / "link").symlink_to(self.secret)
        (self.folder / "out").symlink_to(self.outside)
        self._open()
        self.pid = os.getpid()
        self.namespaces = {"ipc": os.readlink("/proc/self/ns/ipc")}
        self.group = os.getpgid(0)
        self.memory = ctypes.create_string_buffer(b"untouched:" + CANARY.encode()[::-1])
        self.signals: list[int] = []
        for number in (signal.SIGUSR1, signal.SIGIO):
            signal.signal(number, lambda got, _: self.signals.append(got))
        self._before = self._state()

    def _open(self) -> None:
        self.fd = os.open(self.victim, os.O_RDWR)
        self.log = os.open(self.outside / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.dirfd = os.open(self.outside, os.O_RDONLY | os.O_DIRECTORY)
        self.memfd = os.memfd_create("shared")
        os.write(self.memfd, b"intact")
        self.ends = socket.socketpair()
        self.pipe = os.pipe()
        self.terminal = pty.openpty()
        (self.outside / "mapped").write_bytes(b"i" * 4096)
        with open(self.outside / "mapped", "r+b") as file:
            self.mapped = mmap.mmap(file.fileno(), 4096)
            self.read_only = mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ)
        self.anonymous = mmap.mmap(-1, 4096)
        self.stream, self.datagram, self.tcp, self.udp, self.abstract = self._sockets()

    def _sockets(self) -> tuple[socket.socket, ...]:
        found = []
        for family, kind, address in (
            (socket.AF_UNIX, socket.SOCK_STREAM, str(self.outside / "s")),
            (socket.AF_UNIX, socket.SOCK_DGRAM, str(self.outside / "d")),
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_DGRAM, f"\0escape-{os.getpid()}"),
        ):
            made = socket.socket(family, kind)
            made.bind(address)
            made.setblocking(False)
            if kind == socket.SOCK_STREAM:
                made.listen()
            found.append(made)
        names = ("stream", "datagram", "tcp", "udp", "abstract")
        self.addresses = {name: one.getsockname() for name, one in zip(names, found, strict=True)}
        return tuple(found)

    def changed(self) -> list[str]:
        """Names of what is not as it was before."""
        now = self._state()
        return [name for name, value in self._before.items() if now[name] != value]

    def clean(self) -> None:
        """Remove what attacks without a sandbox leave on the machine."""
        segment = LIBC.shmget(0x7F3A91C2, 16, 0)
        if segment >= 0:
            LIBC.shmctl(segment, 0, None)
        for name in os.listdir("/dev/shm"):
            if name == f"escape-{self.pid}":
                os.unlink(f"/dev/shm/{name}")

    def _state(self) -> dict[str, Any]:
        return {
            "files": _tree(self.base),
            "interpreter": _metadata(os.stat("/proc/self/exe")),
            "offset": os.lseek(self.fd, 0, os.SEEK_CUR),
            "memory file": os.pread(self.memfd, 100, 0),
            "socket": _waiting(self.ends[0]),
            "pipe": _readable(self.pipe[0]),
            "terminal": _readable(self.terminal[1]) or _readable(self.terminal[0]),
            "mapped": bytes(self.mapped[:16]),
            "anonymous": bytes(self.anonymous[:16]),
            "memory": self.memory.raw,
            "stream": _accepted(self.stream),
            "tcp": _accepted(self.tcp),
            "datagram": _waiting(self.datagram),
            "udp": _waiting(self.udp),
            "abstract": _waiting(self.abstract),
            "signals": list(self.signals),
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "limits": resource.getrlimit(resource.RLIMIT_CORE),
            "affinity": sorted(os.sched_getaffinity(0)),
            "killable": Path("/proc/self/oom_score_adj").read_text(),
            "shared memory": sorted(n for n in os.listdir("/dev/shm") if "escape" in n),
            "segment": LIBC.shmget(0x7F3A91C2, 16, 0) >= 0,
            "children": _children(),
        }


def _metadata(state: os.stat_result) -> tuple[int, ...]:
    return state.st_mode, state.st_uid, state.st_gid, state.st_mtime_ns


def _tree(base: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(base):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            state = os.lstat(path)
            held = ""
            if stat.S_ISREG(state.st_mode):
                held = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            elif stat.S_ISLNK(state.st_mode):
                held = os.readlink(path)
            marks = os.listxattr(path, follow_symlinks=False)
            # A folder's time changes with what is in it, which is listed anyway.
            plain = not stat.S_ISDIR(state.st_mode)
            times = _metadata(state) if plain else _metadata(state)[:3]
            found[path] = (*times, held, marks)
    return found


def _waiting(one: socket.socket) -> bytes:
    try:
        return one.recv(100, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""


def _accepted(one: socket.socket) -> bool:
    try:
        one.accept()[0].close()
    except OSError:
        return False
    return True


def _readable(fd: int) -> bytes:
    os.set_blocking(fd, False)
    try:
        return os.read(fd, 100)
    except OSError:
        return b""


def _children() -> int:
    """Children that are not ours by name; zombies of those that made themselves ours too."""
    here = Path(f"/proc/self/task/{os.getpid()}/children")
    return len(here.read_text().split()) if here.exists() else 0
