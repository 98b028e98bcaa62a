"""Which system calls each tier refuses, and why."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import Literal

from llm_notebook.dryrun.sandbox.numbers import FCHMODAT2
from llm_notebook.dryrun.sandbox.seccomp import Filter, any_of, non_zero, unless, where

# Into other processes, into the kernel, around Landlock, or to where filters do not look.
_ALWAYS = """
ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise process_mrelease
bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
keyctl add_key request_key
mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr chroot
unshare setns open_by_handle_at name_to_handle_at
init_module finit_module delete_module create_module kexec_load kexec_file_load reboot
swapon swapoff settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname
iopl ioperm quotactl quotactl_fd acct syslog lookup_dcookie nfsservctl vhangup
fanotify_init fanotify_mark modify_ldt uselib _sysctl migrate_pages move_pages
"""
_IPC = """
msgget msgsnd msgrcv msgctl semget semop semctl semtimedop shmget shmat shmctl
mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
"""
_METADATA_BY_PATH = """
chmod fchmodat chown lchown fchownat utime utimes futimesat
setxattr lsetxattr removexattr lremovexattr
"""
_METADATA_BY_DESCRIPTOR = "fchmod fchown fsetxattr fremovexattr"
_CHANGES = """
truncate creat mkdir mkdirat mknod mknodat rename renameat renameat2 link linkat
symlink symlinkat unlink unlinkat rmdir
"""

_CLONE_NEW = 0x7E020000  # every new namespace that `clone` can make
_CLONE_PARENT = 0x8000  # a child of the kernel instead of our own
_O_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | 0o20000000  # __O_TMPFILE
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_STREAM, _SOCK_SEQPACKET = 1, 5
# Type text into a terminal, take a terminal, have signals sent elsewhere.
_TERMINALS = (0x5412, 0x541C, 0x540E, 0x541D, 0x8901, 0x8902)
# Groups of controls that change files by a descriptor that was opened for reading.
_FILE_CONTROLS = (0x9400, 0x6600, 0x5800)


Metadata = Literal["any", "descriptor", "none"]


@dataclass(frozen=True)
class Rules:
    """What a filter has to hold, beside what every filter holds.

    Attributes
    ----------
    writes : bool
        Files may be opened for writing, because something else says which.
    network : bool
        Internet sockets may be made, because they lead nowhere.
    ipc : bool
        System V and POSIX queues, semaphores and memory may be used, because they are private.
    metadata : Metadata
        By what modes, owners, times and extended attributes may be changed.
    signals : bool
        Signals may be sent to processes by number, because Landlock says to which.
    truncate : bool
        Landlock says which files may be cut.
    """

    writes: bool
    network: bool = False
    ipc: bool = False
    metadata: Metadata = "none"
    signals: bool = False
    truncate: bool = False


def build(rules: Rules) -> Filter:
    """Make the filter for the calling process; it names the process by its number."""
    own = os.getpid()
    made = Filter()
    made.refuse(_ALWAYS)
    # Their arguments are behind pointers. ENOSYS makes libraries use the older call.
    made.refuse("clone3 openat2", errno.ENOSYS)
    made.test("clone", any_of(0, _CLONE_NEW | _CLONE_PARENT))
    _terminals_and_files(made)
    _processes(made, own, rules.signals)
    if not rules.ipc:
        made.refuse(_IPC)
    _sockets(made, rules.network)
    if rules.metadata != "any":
        made.refuse(_METADATA_BY_PATH)
        made.refuse_number(FCHMODAT2)
        # With no path it changes the times of what a descriptor stands for.
        made.test("utimensat", *non_zero(1))
    if rules.metadata == "none":
        made.refuse(_METADATA_BY_DESCRIPTOR)
        made.refuse("utimensat")
    if not rules.truncate:
        made.refuse("truncate")
        # Before Linux 6.2 a file that is only opened for reading can still be cut so.
        both = os.O_ACCMODE | os.O_TRUNC
        made.test("open", where(1, os.O_TRUNC, os.O_TRUNC | 3, mask=both))
        made.test("openat", where(2, os.O_TRUNC, os.O_TRUNC | 3, mask=both))
    # The odd mode 3 opens for neither, and lets controls through.
    made.test("open", where(1, 3, mask=os.O_ACCMODE))
    made.test("openat", where(2, 3, mask=os.O_ACCMODE))
    if not rules.writes:
        made.refuse(_CHANGES, errno.EACCES)
        made.test("open", any_of(1, _O_WRITING))
        made.test("openat", any_of(2, _O_WRITING))
    return made


def _terminals_and_files(made: Filter) -> None:
    made.test(
        "ioctl",
        where(1, *_TERMINALS),
        where(1, *_FILE_CONTROLS, mask=0xFF00, error=errno.ENOTTY),
    )
    # Owner of signals, which signal, and leases, which hold up whoever opens the file.
    made.test("fcntl", where(1, 8, 10, 15, 1024))


def _processes(made: Filter, own: int, signals: bool) -> None:
    # All stay in one process group, so that one signal ends them all, however they fork.
    made.refuse("setsid setpgid", 0)
    # Stay tied to the kernel's life and to its eyes: PDEATHSIG, DUMPABLE.
    made.test("prctl", where(0, 1, 4, error=0), where(0, 35, 0x59616D61))
    made.test("prlimit64 sched_setparam sched_setscheduler", unless(0, 0, own))
    made.test("sched_setattr sched_setaffinity", unless(0, 0, own))
    made.test("setpriority", where(0, 2), unless(1, 0, own))
    made.test("ioprio_set", where(0, 3), unless(1, 0, own))
    # To 0 and to negative numbers: the whole group, and with it this process.
    made.test("kill", where(0, 0), any_of(0, 0x80000000))
    if not signals:
        made.test("kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo", unless(0, own))
        made.refuse("pidfd_send_signal")


def _sockets(made: Filter, network: bool) -> None:
    if network:
        made.test("socket", unless(0, _AF_INET, _AF_INET6))
    else:
        made.refuse("socket", errno.EACCES)
    # Pairs for event loops. A datagram one could be sent to any socket that has a path.
    kinds = (_SOCK_STREAM, _SOCK_SEQPACKET)
    made.test("socketpair", unless(0, _AF_UNIX), unless(1, *kinds, mask=0xF))
