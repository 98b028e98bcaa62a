"""Mounts of a private namespace, by raw system calls."""

from __future__ import annotations

import ctypes
import os
import re
from typing import NamedTuple

from llm_notebook.dryrun.sandbox.system import call

_OCTAL = re.compile(rb"\\([0-7]{3})")
_NEW_MOUNTS, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_NOSUID, _NODEV = 2, 4
_AT_EMPTY_PATH, _AT_RECURSIVE = 0x1000, 0x8000
_ATTRIBUTE_READ_ONLY = 1

# Not files of anybody's: these are shown as they are, read-only.
PSEUDO = frozenset(
    [
        "proc",
        "sysfs",
        "devtmpfs",
        "devpts",
        "cgroup",
        "cgroup2",
        "mqueue",
        "debugfs",
        "tracefs",
        "securityfs",
        "pstore",
        "bpf",
        "configfs",
        "fusectl",
        "binfmt_misc",
        "hugetlbfs",
        "efivarfs",
        "nsfs",
        "autofs",
        "selinuxfs",
        "rpc_pipefs",
        "ramfs",
    ]
)


_REMOTE = (
    "nfs",
    "cifs",
    "smb",
    "fuse",
    "9p",
    "ceph",
    "lustre",
    "afs",
    "autofs",
    "glusterfs",
    "gpfs",
    "beegfs",
    "pvfs",
    "ocfs",
    "vboxsf",
)


class Mount(NamedTuple):
    """A mount: where, and of which kind of file system."""

    path: str
    kind: str

    def remote(self) -> bool:
        """Whether to look at it may take for ever."""
        return self.kind.startswith(_REMOTE)


class _Attributes(ctypes.Structure):
    _fields_ = [
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    ]


def own_namespaces() -> None:
    """Move this process into namespaces of its own, as the same user and group."""
    user, group = os.geteuid(), os.getegid()
    call("unshare", _NEW_USER | _NEW_MOUNTS | _NEW_NETWORK | _NEW_IPC | _NEW_UTS)
    _write("setgroups", "deny")
    for name, own in (("uid_map", user), ("gid_map", group)):
        # With every user's number known (root may), files of others can be copied as theirs.
        try:
            _write(name, "0 0 4294967295")
        except OSError:
            _write(name, f"{own} {own} 1")


def _write(name: str, text: str) -> None:
    # The kernel wants it in one piece.
    fd = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def shut_all() -> None:
    """Make every mount read-only and private to this namespace."""
    attributes = _Attributes(_ATTRIBUTE_READ_ONLY, 0, _PRIVATE, 0)
    where = ctypes.c_long(-100)  # the working folder, not used with an absolute path
    call("mount_setattr", where, b"/", _AT_RECURSIVE, ctypes.byref(attributes), 32)


def read_only(fd: int) -> None:
    """Make the mount that a descriptor stands for read-only."""
    attributes = _Attributes(_ATTRIBUTE_READ_ONLY, 0, 0, 0)
    call("mount_setattr", fd, b"", _AT_EMPTY_PATH, ctypes.byref(attributes), 32)


def tmpfs(target: str, size: int) -> None:
    """Mount an empty file system in memory; `size` in bytes, 0 for half of the memory."""
    options = f"mode=700,size={size}" if size else "mode=700"
    _mount("tmpfs", target, "tmpfs", _NOSUID | _NODEV, options)


def overlay(lower: str, upper: str, work: str, target: str) -> None:
    """Mount an overlay of a folder over a path; none of the first three holds a colon or comma."""
    options = f"lowerdir={lower},upperdir={upper},workdir={work},userxattr"
    _mount("overlay", target, "overlay", _NOSUID | _NODEV, options)


def bind(source: str, target: str, *, below: bool = False) -> None:
    """Show what is at one path at another; `below`: with the mounts below it."""
    _mount(source, target, None, _BIND | (_RECURSIVE if below else 0), None)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    texts = [os.fsencode(text) if text is not None else 0 for text in (kind, options)]
    call("mount", os.fsencode(source), os.fsencode(target), texts[0], flags, texts[1])


def listed() -> list[Mount]:
    """All mounts of this process, in the order in which they were made."""
    found = []
    with open("/proc/self/mountinfo", "rb") as file:
        for line in file:
            before, _, after = line.partition(b" - ")
            raw = before.split(b" ")[4]
            # Spaces and the like are written as three octal digits.
            path = os.fsdecode(_OCTAL.sub(lambda match: bytes([int(match[1], 8)]), raw))
            found.append(Mount(path, after.split(b" ")[0].decode()))
    return found
