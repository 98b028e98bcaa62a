"""Tier ``namespaces``: files are changed in a copy that goes with the process.

Every mount becomes read-only; over each folder of the root comes an overlay
whose upper layer is a file system in memory. Nothing of it has a name outside
of this process's mount namespace, so nothing stays behind, however it ends.
Temporary folders start empty, since what is in them is other people's.
"""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import struct
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field

from llm_notebook.dryrun.sandbox import mounts
from llm_notebook.dryrun.sandbox.uppers import Layer
from llm_notebook.dryrun.sandbox.view import View, above, below

_AS_THEY_ARE = {"proc", "sys", "dev", "boot", "lost+found", "run"}
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")


@dataclass
class World:
    """The files as the process sees them now.

    Attributes
    ----------
    layers : list of Layer
        The overlays, in the order in which they were mounted.
    private : set of str
        Paths at and below which everything may be read and written.
    store : int
        Descriptor of the folder that holds the upper layers.
    """

    layers: list[Layer] = field(default_factory=list)
    private: set[str] = field(default_factory=set)
    store: int = -1

    def descriptors(self) -> frozenset[int]:
        """What has to stay open to list the changes later."""
        return frozenset({self.store, *(layer.lower for layer in self.layers)})

    def holds(self, path: str) -> bool:
        """Whether a path lies in an overlay."""
        return any(below(path, layer.root) for layer in self.layers)


def enter(view: View, size: int) -> World:
    """Move this process there; `size` bounds what may be written, in bytes, 0 for no bound.

    Raises
    ------
    OSError
        Where the kernel refuses it.
    """
    here = _here()
    builder = _Builder(view, size)
    mounts.own_namespaces()
    mounts.shut_all()
    _loopback()
    builder.build()
    for path in (here, view.folder, "/"):
        with suppress(OSError):
            os.chdir(path)
            break
    return builder.world


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return "/"


def _loopback() -> None:
    """Let code that talks to itself do so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inside:
        fcntl.ioctl(inside, 0x8914, struct.pack("16sh22x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP


class _Builder:
    """Makes a `World`: the first half still in the old namespaces, `build` in the new."""

    def __init__(self, view: View, size: int) -> None:
        self.world = World()
        self._view, self._size = view, size
        self._home = os.path.realpath(os.path.expanduser("~"))
        self._temporary = self._temporary_folders()
        self._shown = self._shown_in_temporary()
        self._roots = [path for path in self._all_roots() if path not in self._temporary]
        self._inner = self._submounts()
        paths = [*self._roots, *(mount.path for mount in self._inner), *self._temporary]
        # Asked now, while root is root.
        self._may_write = {path for path in (*paths, *self._shown) if os.access(path, os.W_OK)}
        self._fds: dict[str, int] = {}
        self._count = 0

    def build(self) -> None:
        """Mount it all."""
        first = self._temporary[0]
        for path in (*self._roots, *self._temporary, *self._shown):
            self._hold(path)
        for mount in self._inner:
            self._hold(mount.path)
        mounts.tmpfs(first, self._size)
        low = os.open(first, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        # Away from the numbers that code expects, such as 0 to 9.
        self.world.store = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 200)
        os.close(low)
        for path in self._roots:
            self._overlay(path)
        for mount in self._inner:
            if mount.kind in mounts.PSEUDO or not self._overlay(mount.path):
                self._bind(mount.path)
        for path in self._temporary:
            self._empty(path)
        for path in self._shown:
            if path != self._view.folder or not self._overlay(path):
                self._bind(path)
        if self.world.holds(self._view.folder):
            self.world.private.add(self._view.folder)
            self._mask()
        mounts.read_only(self.world.store)
        for fd in set(self._fds.values()) - self.world.descriptors():
            os.close(fd)

    def _all_roots(self) -> list[str]:
        """The folders of the root; links and what is no file of anybody's are left out."""
        needed = {path.split("/")[1] for path in (self._view.folder, self._home) if path}
        found = []
        for entry in os.scandir("/"):
            usual = entry.name not in _AS_THEY_ARE or entry.name in needed - {"proc", "sys", "dev"}
            if usual and entry.is_dir(follow_symlinks=False):
                found.append(f"/{entry.name}")
        return sorted(found)

    def _temporary_folders(self) -> list[str]:
        found = {os.path.realpath(path) for path in (*_TEMPORARY, tempfile.gettempdir())}
        found -= {"/", self._view.folder, self._home}
        return sorted(path for path in found if os.path.isdir(path))

    def _in_temporary(self, path: str) -> bool:
        return any(below(path, top) for top in self._temporary)

    def _submounts(self) -> list[mounts.Mount]:
        last = {mount.path: mount for mount in mounts.listed()}  # the topmost at each path
        wanted = {self._view.folder, self._home, *self._view.open}
        inside = [
            mount
            for path, mount in last.items()
            if any(below(path, root) and path != root for root in self._roots)
            and not self._in_temporary(path)
            # A server that does not answer must not hold up what does not ask it.
            and (not mount.remote() or any(below(item, path) for item in wanted if item))
        ]
        return sorted(inside)

    def _shown_in_temporary(self) -> list[str]:
        """What of the temporary folders is shown in spite of that: the highest paths alone."""
        # A temporary folder on the module path is empty all the same, and hides nothing in it.
        wanted = {p for p in self._view.open if self._in_temporary(p)} - set(self._temporary)
        highest = {path for path in wanted if wanted.isdisjoint(above(path)[1:])}
        if self._view.folder and self._in_temporary(self._view.folder):
            highest.add(self._view.folder)
        return sorted(highest)

    def _hold(self, path: str) -> None:
        with suppress(OSError):
            self._fds[path] = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)

    def _overlay(self, path: str) -> bool:
        """Cover a folder with an overlay of it; False where the kernel refuses that."""
        fd = self._fds.get(path, -1)
        if fd < 0 or not os.path.isdir(path):
            return False
        place = self._upper(path)
        for inside in (self._view.folder, self._home):
            if below(inside, path) and inside:
                self._prepare(place, path, inside)
        try:
            mounts.overlay(f"/proc/self/fd/{fd}", f"{place}/up", f"{place}/work", path)
        except OSError:
            return False
        self.world.layers.append(Layer(path, self._count - 1, fd))
        return True

    def _prepare(self, place: str, root: str, inside: str) -> None:
        """Make the folders down to one that is written in, where the lower ones are others'.

        To copy such a folder up the kernel would have to give it to its owner, whose number
        is not known in this namespace, and would refuse to write anything below it.
        """
        upper, lower = f"{place}/up", root
        for name in os.path.relpath(inside, root).split("/"):
            if name == ".":
                continue
            upper, lower = os.path.join(upper, name), os.path.join(lower, name)
            with suppress(OSError):
                state = os.lstat(lower)
                if not stat.S_ISDIR(state.st_mode):
                    return
                os.mkdir(upper)
                writable = os.access(lower, os.W_OK) or state.st_uid == os.geteuid()
                os.chmod(upper, stat.S_IMODE(state.st_mode) | (0o700 if writable else 0o500))
                os.utime(upper, ns=(state.st_atime_ns, state.st_mtime_ns))

    def _empty(self, path: str) -> None:
        """Cover a temporary folder with an empty one, save what is to be shown there."""
        place = self._upper(path)
        for name in self._shown:
            if below(name, path):
                self._mount_point(f"{place}/up/{os.path.relpath(name, path)}", name)
        mounts.overlay(f"{place}/lower", f"{place}/up", f"{place}/work", path)
        self.world.layers.append(
            Layer(path, self._count - 1, self._fds[path], frozenset(self._shown))
        )
        self.world.private.add(path)

    def _mount_point(self, upper: str, name: str) -> None:
        folder = stat.S_ISDIR(os.fstat(self._fds[name]).st_mode)
        os.makedirs(upper if folder else os.path.dirname(upper), exist_ok=True)
        if not folder:
            os.close(os.open(upper, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o400))

    def _upper(self, path: str) -> str:
        """Make the folders of an upper layer, with the rights that the lower one gives."""
        place = f"/proc/self/fd/{self.world.store}/{self._count}"
        self._count += 1
        for name in ("", "/up", "/work", "/lower"):
            os.mkdir(place + name)
        state = os.fstat(self._fds[path])
        mode = stat.S_IMODE(state.st_mode)
        os.chmod(f"{place}/up", mode | 0o700 if path in self._may_write else mode & 0o7555)
        return place

    def _bind(self, path: str) -> None:
        """Show something as it is, read-only, where it was covered."""
        with suppress(OSError):
            mounts.bind(f"/proc/self/fd/{self._fds[path]}", path, below=True)

    def _mask(self) -> None:
        """Cover what is shut in the notebook's folder, which is opened whole."""
        store = f"/proc/self/fd/{self.world.store}"
        os.mkdir(f"{store}/folder", 0)
        os.close(os.open(f"{store}/file", os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0))
        ahead = [path for path in self._view.shut if below(path, self._view.folder)]
        known = self._view.open - {self._view.folder}
        holding = {folder for path in self._view.open for folder in above(path)}
        while ahead:
            path = ahead.pop()
            if not known.isdisjoint(above(path)):
                continue
            try:
                mode = os.lstat(path).st_mode
            except OSError:
                continue
            if stat.S_ISLNK(mode):
                continue
            folder = stat.S_ISDIR(mode)
            if folder and path in holding:
                with suppress(OSError):
                    ahead += [os.path.join(path, name) for name in os.listdir(path)]
                continue
            mounts.bind(f"{store}/{'folder' if folder else 'file'}", path)
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            mounts.read_only(fd)
            os.close(fd)
