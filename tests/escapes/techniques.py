"""Ways out of a sandbox, each as one function that runs inside of it.

An attack either changes something of the `World`, or returns what it has read,
or returns the canary where it was given a power that it could use for that.
Whatever it raises means that it was held.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from tests.escapes.world import CANARY, LIBC, VARIABLE, World

X86 = platform.machine() == "x86_64"
# Numbers of calls: on x86_64, and elsewhere.
NR = {
    name: numbers[0 if X86 else 1]
    for name, numbers in {
        "ptrace": (101, 117),
        "openat": (257, 56),
        "openat2": (437, 437),
        "unlinkat": (263, 35),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425),
        "add_key": (248, 217),
        "process_vm_writev": (311, 271),
        "process_vm_readv": (310, 270),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "execveat": (322, 281),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "pidfd_send_signal": (424, 424),
        "rt_sigqueueinfo": (129, 138),
        "tgkill": (234, 131),
        "clone": (56, 220),
        "clone3": (435, 435),
        "mq_open": (240, 180),
        "mount": (165, 40),
        "umount2": (166, 39),
        "unshare": (272, 97),
        "setns": (308, 268),
        "fchmodat2": (452, 452),
        "prlimit64": (302, 261),
        "setxattr": (188, 5),
        "ioprio_set": (251, 30),
        "io_setup": (206, 0),
    }.items()
}


@dataclass(frozen=True)
class Attack:
    """An attack.

    Attributes
    ----------
    family : str
    act : callable
    reads : bool
        It only reads files; tier ``read-only`` does not claim to hold that.
    bare : bool
        It is known to work without a sandbox, as this person.
    person : {"", "root", "user"}
        Who it makes sense for; empty: anybody.
    home : bool
        The home folder is the notebook's folder.
    wait : float
        Seconds to wait for it after the dry run.
    """

    family: str
    act: Callable[[World], Any]
    reads: bool = False
    bare: bool = True
    person: str = ""
    home: bool = False
    wait: float = 0.0


ALL: dict[str, Attack] = {}


def attack(family: str, **options: Any) -> Callable[[Callable[[World], Any]], Any]:
    def add(act: Callable[[World], Any]) -> Any:
        ALL[act.__name__] = Attack(family, act, **options)
        return act

    return add


def made(result: int) -> int:
    """Return what a C call returned, or raise what it says went wrong."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def call(name: str, *arguments: Any) -> int:
    LIBC.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return made(LIBC.syscall(ctypes.c_long(NR[name]), *wide))


def path(world: World, name: str = "victim.txt") -> bytes:
    return os.fsencode(world.outside / name)


def shell(command: str) -> str:
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20)
    return done.stdout


# --- files, by C -------------------------------------------------------------------------


@attack("files by C")
def c_write(world: World) -> None:
    fd = made(LIBC.open(path(world), os.O_WRONLY | os.O_TRUNC))
    made(LIBC.write(fd, b"broken", 6))


@attack("files by C")
def c_append(world: World) -> None:
    LIBC.fopen.restype = ctypes.c_void_p
    file = LIBC.fopen(path(world), b"a")
    assert file
    LIBC.fputs(b"broken", ctypes.c_void_p(file))
    LIBC.fclose(ctypes.c_void_p(file))


@attack("files by C")
def c_unlink(world: World) -> None:
    made(LIBC.unlink(path(world)))


@attack("files by C")
def c_rename_over(world: World) -> None:
    made(LIBC.rename(path(world, "log"), path(world)))


@attack("files by C")
def c_rename_into_folder(world: World) -> str:
    made(LIBC.rename(path(world, "secret.txt"), os.fsencode(world.folder / "now.txt")))
    return (world.folder / "now.txt").read_text()


@attack("files by C")
def c_make_folder(world: World) -> None:
    made(LIBC.mkdir(path(world, "made"), 0o700))


@attack("files by C")
def c_make_fifo(world: World) -> None:
    made(LIBC.mkfifo(path(world, "fifo"), 0o600))


@attack("files by C")
def c_truncate(world: World) -> None:
    made(LIBC.truncate(path(world), ctypes.c_long(1)))


@attack("files by C")
def truncate_while_reading(world: World) -> None:
    os.open(world.victim, os.O_RDONLY | os.O_TRUNC)


@attack("files by C")
def write_own_data(world: World) -> None:
    world.data.write_text("broken")


@attack("files by C")
def hard_link_then_write(world: World) -> None:
    os.link(world.victim, world.folder / "hard")
    (world.folder / "hard").write_text("broken")


@attack("files by C")
def symlink_then_write(world: World) -> None:
    os.symlink(world.victim, world.folder / "soft")
    (world.folder / "soft").write_text("broken")


@attack("files by C")
def through_the_symlink(world: World) -> None:
    (world.folder / "out" / "victim.txt").write_text("broken")


@attack("files by C")
def dots(world: World) -> None:
    with open("../nb/../outside/victim.txt", "w") as file:
        file.write("broken")


@attack("raw calls")
def raw_open(world: World) -> None:
    fd = call("openat", -100, path(world), os.O_WRONLY, 0)
    os.write(fd, b"broken")


@attack("raw calls")
def raw_openat2(world: World) -> None:
    how = (ctypes.c_uint64 * 3)(os.O_WRONLY, 0, 0)
    os.write(call("openat2", -100, path(world), how, 24), b"broken")


@attack("raw calls")
def raw_unlink(world: World) -> None:
    call("unlinkat", -100, path(world), 0)


@attack("raw calls", bare=False)
def calls_of_32_bits(world: World) -> str:
    if not X86:
        return ""
    room = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40, prot=7)
    address = ctypes.addressof(ctypes.c_char.from_buffer(room))
    name = path(world)
    room[256 : 257 + len(name)] = name + b"\0"
    # push rbx; mov eax, 10 (unlink); mov ebx, name; int 0x80; pop rbx; ret
    code = b"\x53\xb8\x0a\0\0\0\xbb" + (address + 256).to_bytes(4, "little") + b"\xcd\x80\x5b\xc3"
    room[: len(code)] = code
    ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return ""


# --- modes, owners, times, attributes ----------------------------------------------------


@attack("metadata")
def c_chmod(world: World) -> None:
    made(LIBC.chmod(path(world), 0o777))


@attack("metadata")
def raw_fchmodat2(world: World) -> None:
    call("fchmodat2", -100, path(world), 0o777, 0)


@attack("metadata")
def chmod_by_descriptor(world: World) -> None:
    made(LIBC.fchmod(world.fd, 0o777))


@attack("metadata")
def chmod_own_data_by_descriptor(world: World) -> None:
    os.fchmod(os.open(world.data, os.O_RDONLY), 0o777)


@attack("metadata", person="root")
def c_chown(world: World) -> None:
    made(LIBC.chown(path(world), 65534, 65534))


@attack("metadata")
def c_times(world: World) -> None:
    os.utime(world.victim, (1, 1))


@attack("metadata")
def times_by_descriptor(world: World) -> None:
    os.utime(world.fd, (1, 1))


@attack("metadata")
def attribute(world: World) -> None:
    os.setxattr(world.victim, "user.broken", b"1")


@attack("metadata")
def attribute_by_descriptor(world: World) -> None:
    os.setxattr(world.fd, "user.broken", b"1")


@attack("metadata", person="root", bare=False)
def mode_of_the_interpreter(world: World) -> None:
    # Not tried without the sandbox: it would change this machine's Python.
    mode = os.stat("/proc/self/exe").st_mode
    os.utime("/proc/self/exe")
    made(LIBC.chmod(b"/proc/self/exe", (mode ^ 0o001) & 0o7777))


# --- what is inherited -------------------------------------------------------------------


@attack("descriptors")
def inherited_file(world: World) -> None:
    os.write(world.fd, b"broken")


@attack("descriptors")
def inherited_offset(world: World) -> None:
    os.lseek(world.fd, 3, os.SEEK_SET)


@attack("descriptors")
def inherited_log(world: World) -> None:
    os.write(world.log, b"broken")


@attack("descriptors")
def reopened_for_writing(world: World) -> None:
    os.write(os.open(f"/proc/self/fd/{world.fd}", os.O_RDWR), b"broken")


@attack("descriptors")
def inherited_folder(world: World) -> None:
    os.write(os.open("victim.txt", os.O_WRONLY, dir_fd=world.dirfd), b"broken")


@attack("descriptors", reads=True)
def inherited_folder_read(world: World) -> str:
    return os.read(os.open("secret.txt", os.O_RDONLY, dir_fd=world.dirfd), 100).decode()


@attack("descriptors")
def inherited_memory_file(world: World) -> None:
    os.pwrite(os.open(f"/proc/self/fd/{world.memfd}", os.O_RDWR), b"broken", 0)


@attack("descriptors")
def inherited_socket(world: World) -> None:
    world.ends[1].send(b"broken")


@attack("descriptors")
def descriptor_over_socket(world: World) -> None:
    socket.send_fds(world.ends[1], [b"broken"], [0])


@attack("descriptors")
def inherited_pipe(world: World) -> None:
    os.write(world.pipe[1], b"broken")


@attack("descriptors")
def inherited_terminal(world: World) -> None:
    os.write(world.terminal[1], b"broken")


@attack("descriptors", bare=False)
def typed_into_terminal(world: World) -> None:
    for letter in b"id\n":
        fcntl.ioctl(world.terminal[1], termios.TIOCSTI, bytes([letter]))


@attack("descriptors")
def mapped_from_descriptor(world: World) -> None:
    with mmap.mmap(world.fd, 6) as memory:
        memory[:6] = b"broken"


@attack("descriptors")
def cut_by_descriptor(world: World) -> None:
    os.ftruncate(world.fd, 1)


# --- shared memory -----------------------------------------------------------------------


@attack("shared memory")
def shared_array(world: World) -> None:
    world.anonymous[:6] = b"broken"


@attack("shared memory")
def shared_file(world: World) -> None:
    world.mapped[:6] = b"broken"
    world.mapped.flush()


@attack("shared memory")
def unprotected(world: World) -> None:
    address = ctypes.c_void_p(_address(world.read_only))
    made(LIBC.mprotect(address, ctypes.c_size_t(4096), 3))
    ctypes.memset(address, 0x62, 6)


def _address(memory: mmap.mmap) -> int:
    class Buffer(ctypes.Structure):
        _fields_ = [("buf", ctypes.c_void_p), ("rest", ctypes.c_byte * 100)]

    view = Buffer()
    get = ctypes.pythonapi.PyObject_GetBuffer
    get.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]
    assert get(memory, ctypes.addressof(view), 0) == 0
    return int(view.buf or 0)


@attack("shared memory")
def new_shared_memory(world: World) -> None:
    SharedMemory(f"escape-{world.pid}", create=True, size=16)


@attack("shared memory")
def system_v_segment(world: World) -> None:
    made(LIBC.shmget(0x7F3A91C2, 16, 0o1600))


@attack("shared memory", bare=False)
def message_queue(world: World) -> str:
    name = f"escape-{world.pid}".encode()
    call("mq_open", name, os.O_CREAT | os.O_RDWR, 0o600, 0)
    # In a namespace of its own it may: nobody else sees it.
    return CANARY if _same_namespace(world, "ipc") else ""


def _same_namespace(world: World, kind: str) -> bool:
    try:
        return os.readlink(f"/proc/self/ns/{kind}") == world.namespaces[kind]
    except OSError:
        return True


# --- what may be read --------------------------------------------------------------------


@attack("keys", reads=True)
def outside_secret(world: World) -> str:
    return world.secret.read_text()


@attack("keys", reads=True)
def key_in_home(world: World) -> str:
    return (world.home / ".ssh" / "id_rsa").read_text()


@attack("keys", reads=True, home=True)
def key_where_home_is_the_folder(world: World) -> str:
    return (world.home / ".ssh" / "id_rsa").read_text()


@attack("keys", reads=True, home=True)
def runtime_where_home_is_the_folder(world: World) -> str:
    return (world.home / "runtime" / "kernel-1.json").read_text()


@attack("keys", reads=True)
def dot_file_in_folder(world: World) -> str:
    return (world.folder / ".env").read_text()


@attack("keys", reads=True)
def dot_file_further_down(world: World) -> str:
    return (world.folder / "sub" / ".netrc").read_text()


@attack("keys", reads=True)
def dot_file_renamed(world: World) -> str:
    os.rename(world.folder / ".env", world.folder / "env")
    return (world.folder / "env").read_text()


@attack("keys", reads=True)
def dot_file_linked(world: World) -> str:
    os.link(world.folder / ".env", world.folder / "env")
    return (world.folder / "env").read_text()


@attack("keys", reads=True)
def secret_linked_into_folder(world: World) -> str:
    os.link(world.secret, world.folder / "now.txt")
    return (world.folder / "now.txt").read_text()


@attack("keys", reads=True)
def secret_by_symlink(world: World) -> str:
    return (world.folder / "link").read_text()


@attack("keys", reads=True)
def secret_by_shell(world: World) -> str:
    return shell(f"cat '{world.secret}'")


@attack("keys", reads=True)
def secret_by_file_handle(world: World) -> str:
    handle = ctypes.create_string_buffer(136)
    handle[0:4] = (128).to_bytes(4, "little")
    mount = ctypes.c_int()
    call("name_to_handle_at", -100, path(world, "secret.txt"), handle, ctypes.byref(mount), 0)
    fd = call("open_by_handle_at", os.open(world.outside, os.O_RDONLY), handle, os.O_RDONLY)
    return os.read(fd, 100).decode()


ALL["secret_by_file_handle"] = Attack("keys", secret_by_file_handle, person="root")


@attack("keys", reads=True)
def secret_through_the_root_of_proc(world: World) -> str:
    with open(f"/proc/self/root{world.secret}") as file:
        return file.read()


@attack("environment")
def key_in_environment(world: World) -> str:
    return os.environ[VARIABLE] + (os.getenv(VARIABLE) or "")


@attack("environment")
def key_in_own_proc(world: World) -> str:
    with open("/proc/self/environ") as file:
        return file.read()


@attack("environment")
def key_in_libc(world: World) -> str:
    LIBC.getenv.restype = ctypes.c_char_p
    return (LIBC.getenv(VARIABLE.encode()) or b"").decode()


@attack("environment")
def key_in_shell(world: World) -> str:
    return shell("env; cat /proc/$$/environ")


# --- other processes ---------------------------------------------------------------------


@attack("proc", reads=True)
def environment_of_kernel(world: World) -> str:
    with open(f"/proc/{world.pid}/environ") as file:
        return file.read()


@attack("proc", reads=True)
def memory_of_kernel(world: World) -> str:
    fd = os.open(f"/proc/{world.pid}/mem", os.O_RDONLY)
    return os.pread(fd, 26, ctypes.addressof(world.memory)).decode()[::-1]


@attack("proc")
def write_memory_of_kernel(world: World) -> None:
    fd = os.open(f"/proc/{world.pid}/mem", os.O_RDWR)
    os.pwrite(fd, b"broken", ctypes.addressof(world.memory))


@attack("proc")
def descriptor_of_kernel(world: World) -> None:
    os.write(os.open(f"/proc/{world.pid}/fd/{world.fd}", os.O_RDWR), b"broken")


@attack("proc", reads=True)
def root_of_kernel(world: World) -> str:
    with open(f"/proc/{world.pid}/root{world.secret}") as file:
        return file.read()


@attack("proc")
def out_of_memory_of_kernel(world: World) -> None:
    with open(f"/proc/{world.pid}/oom_score_adj", "w") as file:
        file.write("500")


@attack("process calls")
def write_by_process_vm(world: World) -> None:
    word = ctypes.create_string_buffer(b"broken")
    here = (ctypes.c_size_t * 2)(ctypes.addressof(word), 6)
    there = (ctypes.c_size_t * 2)(ctypes.addressof(world.memory), 6)
    call("process_vm_writev", world.pid, here, 1, there, 1, 0)


@attack("process calls")
def traced(world: World) -> str:
    call("ptrace", 0x4206, world.pid, 0, 0)  # PTRACE_SEIZE
    return CANARY


@attack("process calls")
def descriptor_by_pidfd(world: World) -> None:
    fd = call("pidfd_getfd", call("pidfd_open", world.pid, 0), world.fd, 0)
    os.write(fd, b"broken")


@attack("process calls")
def slowed_down(world: World) -> None:
    os.setpriority(os.PRIO_PROCESS, world.pid, 19)


@attack("process calls")
def all_slowed_down(world: World) -> None:
    os.setpriority(os.PRIO_USER, 0, 5)


ALL["all_slowed_down"] = Attack("process calls", all_slowed_down, bare=False)


@attack("process calls")
def limited(world: World) -> None:
    resource.prlimit(world.pid, resource.RLIMIT_CORE, (0, resource.RLIM_INFINITY - 1))


ALL["limited"] = Attack("process calls", limited, bare=False)


@attack("process calls", bare=False)
def moved_to_one_processor(world: World) -> None:
    os.sched_setaffinity(world.pid, {min(os.sched_getaffinity(0))})


@attack("process calls")
def adopted_by_kernel(world: World) -> None:
    # A child of the kernel's instead of ours, which it would have to wait for.
    if call("clone", 0x8000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        os._exit(0)
    time.sleep(0.05)


@attack("signals")
def killed(world: World) -> None:
    os.kill(world.pid, signal.SIGUSR1)
    time.sleep(0.05)


@attack("signals")
def group_killed(world: World) -> None:
    os.killpg(world.group, signal.SIGUSR1)
    time.sleep(0.05)


@attack("signals")
def thread_killed(world: World) -> None:
    call("tgkill", world.pid, world.pid, int(signal.SIGUSR1))
    time.sleep(0.05)


@attack("signals")
def killed_by_pidfd(world: World) -> None:
    call("pidfd_send_signal", call("pidfd_open", world.pid, 0), int(signal.SIGUSR1), 0, 0)
    time.sleep(0.05)


@attack("signals")
def signal_queued(world: World) -> None:
    info = ctypes.create_string_buffer(128)
    info[8:12] = (-1).to_bytes(4, "little", signed=True)
    call("rt_sigqueueinfo", world.pid, int(signal.SIGUSR1), info)
    time.sleep(0.05)


@attack("signals", bare=False)
def signal_by_owner_of_descriptor(world: World) -> None:
    one, other = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, world.pid)
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    other.send(b"x")
    time.sleep(0.05)


@attack("signals", bare=False)
def signal_by_shell(world: World) -> str:
    return shell(f"kill -USR1 {world.pid}")


# --- the network -------------------------------------------------------------------------


@attack("network")
def tcp(world: World) -> None:
    socket.create_connection(world.addresses["tcp"], 2)


@attack("network")
def udp(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(CANARY.encode(), world.addresses["udp"])


@attack("network")
def tcp_by_libc(world: World) -> None:
    fd = made(LIBC.socket(2, 1, 0))
    port = world.addresses["tcp"][1]
    address = b"\x02\0" + port.to_bytes(2, "big") + b"\x7f\0\0\x01" + bytes(8)
    made(LIBC.connect(fd, address, 16))


@attack("network", bare=False)
def tcp_by_shell(world: World) -> None:
    port = world.addresses["tcp"][1]
    subprocess.run(["bash", "-c", f"echo x > /dev/tcp/127.0.0.1/{port}"], timeout=10)


@attack("Unix sockets")
def unix_stream(world: World) -> None:
    socket.socket(socket.AF_UNIX).connect(world.addresses["stream"])


@attack("Unix sockets")
def unix_datagram(world: World) -> None:
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"broken", world.addresses["datagram"])


@attack("Unix sockets")
def unix_pair_sent_elsewhere(world: World) -> None:
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"broken", world.addresses["datagram"])


@attack("Unix sockets")
def unix_abstract(world: World) -> None:
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"broken", world.addresses["abstract"])


@attack("odd sockets")
def netlink(world: World) -> str:
    socket.socket(16, socket.SOCK_RAW, 0)
    return CANARY


@attack("odd sockets", bare=False)
def virtual_machine_socket(world: World) -> str:
    socket.socket(40, socket.SOCK_STREAM)
    return CANARY


@attack("odd sockets", person="root")
def packets(world: World) -> str:
    socket.socket(17, socket.SOCK_RAW, 0)
    return CANARY


@attack("odd sockets", bare=False)
def kernel_crypto(world: World) -> str:
    socket.socket(38, socket.SOCK_SEQPACKET)
    return CANARY


# --- the kernel's machinery --------------------------------------------------------------


@attack("kernel")
def io_uring(world: World) -> str:
    call("io_uring_setup", 4, ctypes.create_string_buffer(120))
    return CANARY


@attack("kernel", bare=False)
def user_faults(world: World) -> str:
    call("userfaultfd", 1)
    return CANARY


@attack("kernel", bare=False)
def bpf(world: World) -> str:
    attributes = (ctypes.c_uint32 * 32)(2, 4, 4, 1)
    call("bpf", 0, attributes, 128)
    return CANARY


@attack("kernel", bare=False)
def perf(world: World) -> str:
    event = ctypes.create_string_buffer(128)
    event[0:8] = (1).to_bytes(4, "little") + (128).to_bytes(4, "little")
    call("perf_event_open", event, 0, -1, -1, 0)
    return CANARY


@attack("kernel", bare=False)
def key_ring(world: World) -> str:
    call("add_key", b"user", b"escape", b"x", 1, -4)
    return CANARY


@attack("kernel", person="root", bare=False)
def core_pattern(world: World) -> str:
    os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)
    return CANARY


@attack("kernel", person="root", bare=False)
def sysfs(world: World) -> str:
    for folder, _, names in os.walk("/sys/kernel/mm"):
        for name in names:
            try:
                os.open(os.path.join(folder, name), os.O_WRONLY)
            except OSError:
                continue
            return CANARY
    return ""


@attack("kernel", person="root", bare=False)
def control_groups(world: World) -> str:
    os.mkdir(
        "/sys/fs/cgroup/unified/escape"
        if os.path.isdir("/sys/fs/cgroup/unified")
        else "/sys/fs/cgroup/escape"
    )
    return CANARY


@attack("kernel", person="root", bare=False)
def raw_disk(world: World) -> str:
    made(LIBC.mknod(os.fsencode(world.folder / "disk"), 0o60600, ctypes.c_ulong(0xFE00)))
    os.open(world.folder / "disk", os.O_RDONLY)
    return CANARY


# --- namespaces and mounts ---------------------------------------------------------------


@attack("namespaces")
def new_user_namespace(world: World) -> str:
    call("unshare", 0x10000000)
    return CANARY


@attack("namespaces")
def new_user_namespace_by_clone(world: World) -> str:
    if call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        os._exit(0)
    return CANARY


@attack("namespaces", bare=False)
def namespace_of_kernel(world: World) -> str:
    call("setns", os.open(f"/proc/{world.pid}/ns/mnt", os.O_RDONLY), 0)
    return CANARY


@attack("namespaces", bare=False)
def unmounted(world: World) -> str:
    for target in (world.folder, "/var", "/tmp", world.folder / ".env"):
        if LIBC.umount2(os.fsencode(target), 2) == 0:
            return CANARY
    return ""


@attack("namespaces", bare=False)
def bound(world: World) -> str:
    made(LIBC.mount(b"/", os.fsencode(world.folder / "sub"), None, 4096, None))
    return CANARY


@attack("namespaces", bare=False)
def changed_root(world: World) -> str:
    made(LIBC.chroot(os.fsencode(world.folder)))
    return CANARY


@attack("namespaces", bare=False)
def below_the_overlay(world: World) -> str:
    """Use the descriptors by which the sandbox lists what was changed."""
    # The inherited folder is in the overlay, where writing is let be.
    for name in set(os.listdir("/proc/self/fd")) - {str(world.dirfd)}:
        for inner in (str(world.secret).lstrip("/"), "lib/escape", "escape", "0/up/escape"):
            try:
                fd = os.open(inner, os.O_RDONLY, dir_fd=int(name))
                if CANARY.encode() in os.read(fd, 100):
                    return CANARY
            except OSError:
                pass
            try:
                os.close(os.open(inner, os.O_WRONLY | os.O_CREAT, dir_fd=int(name)))
                return CANARY
            except OSError:
                continue
    return ""


# --- other programs ----------------------------------------------------------------------


@attack("programs")
def by_shell(world: World) -> str:
    return shell(f"echo broken > '{world.victim}'; rm -f '{world.victim}'")


@attack("programs")
def by_posixsubprocess(world: World) -> None:
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", f"echo broken > '{world.victim}'"], {})
    os.waitpid(pid, 0)


@attack("programs", bare=False)
def by_memory_file(world: World) -> None:
    fd = os.memfd_create("program", 0)
    os.write(fd, f"#!/bin/sh\necho broken > '{world.victim}'\n".encode())
    if os.fork() == 0:
        empty = (ctypes.c_char_p * 1)(None)
        call("execveat", fd, b"", empty, empty, 0x1000)
        os._exit(1)
    os.wait()


@attack("programs")
def after_the_end(world: World) -> None:
    """Come back when the dry run is over."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.3)
            world.victim.write_text("broken")
        os._exit(0)


ALL["after_the_end"] = Attack("programs", after_the_end, bare=False, wait=0.4)


@attack("programs", bare=False)
def set_user_id_program(world: World) -> str:
    return CANARY if "Bad" in shell("su -c true 2>&1 </dev/null && echo Bad") else ""


# --- the sandbox itself ------------------------------------------------------------------


@attack("own hooks", bare=False)
def taken_back(world: World) -> str:
    import importlib

    for option in (1, 4, 38, 35):
        LIBC.prctl(option, 0, 0, 0, 0)
    for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_DATA):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return CANARY
        except (OSError, ValueError):
            pass
    importlib.invalidate_caches()
    allow = (ctypes.c_uint64 * 1)(0x7FFF000000000006)
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(allow))
    LIBC.prctl(22, 2, program, 0, 0)
    world.victim.write_text("broken")
    return ""


@attack("own hooks")
def left_the_group(world: World) -> str:
    """Leave the group that is killed at the end, and stay alive."""
    pid = os.fork()
    if pid == 0:
        LIBC.setsid()
        LIBC.setpgid(0, 0)
        time.sleep(5)
        os._exit(0)
    time.sleep(0.05)
    return CANARY if os.getpgid(pid) != os.getpgid(0) else ""


@attack("own hooks", bare=False)
def privileges(world: World) -> str:
    with open("/proc/self/status") as file:
        state = dict(line.split(":", 1) for line in file)
    powers = {name: int(state[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb")}
    held = state["NoNewPrivs"].strip() == "1"
    bounded = not powers["CapBnd"] or os.getuid() != 0
    none = not (powers["CapEff"] or powers["CapPrm"] or powers["CapAmb"])
    return "" if held and none and bounded else CANARY + repr(powers)
