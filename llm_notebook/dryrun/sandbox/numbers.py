"""The numbers of the system calls that the sandbox makes or refuses, by architecture."""

from __future__ import annotations

import platform

# The kernel gives calls added since 5.1 the same number everywhere.
_BOTH = """
clone3=435 fsconfig=431 fsmount=432 fsopen=430 fspick=433 io_uring_enter=426
io_uring_register=427 io_uring_setup=425 landlock_add_rule=445 landlock_create_ruleset=444
landlock_restrict_self=446 mount_setattr=442 move_mount=429 open_tree=428 openat2=437
pidfd_getfd=438 pidfd_send_signal=424 process_madvise=440 process_mrelease=448 quotactl_fd=443
"""
_X86_64 = """
_sysctl=156 acct=163 add_key=248 adjtimex=159 bpf=321 capset=126 chmod=90 chown=92 chroot=161
clock_adjtime=305 clock_settime=227 clone=56 creat=85 create_module=174 delete_module=176
fanotify_init=300 fanotify_mark=301 fchmod=91 fchmodat=268 fchown=93 fchownat=260 fcntl=72
finit_module=313 fremovexattr=199 fsetxattr=190 futimesat=261 init_module=175 ioctl=16
ioperm=173 iopl=172 ioprio_set=251 kcmp=312 kexec_file_load=320 kexec_load=246 keyctl=250
kill=62 lchown=94 link=86 linkat=265 lookup_dcookie=212 lremovexattr=198 lsetxattr=189
memfd_create=319 migrate_pages=256 mkdir=83 mkdirat=258 mknod=133 mknodat=259 modify_ldt=154
mount=165 move_pages=279 mq_getsetattr=245 mq_notify=244 mq_open=240 mq_timedreceive=243
mq_timedsend=242 mq_unlink=241 msgctl=71 msgget=68 msgrcv=70 msgsnd=69 name_to_handle_at=303
nfsservctl=180 open=2 open_by_handle_at=304 openat=257 perf_event_open=298 pivot_root=155
prctl=157 prlimit64=302 process_vm_readv=310 process_vm_writev=311 ptrace=101 quotactl=179
reboot=169 removexattr=197 rename=82 renameat=264 renameat2=316 request_key=249 rmdir=84
rt_sigqueueinfo=129 rt_tgsigqueueinfo=297 sched_setaffinity=203 sched_setattr=314
sched_setparam=142 sched_setscheduler=144 seccomp=317 semctl=66 semget=64 semop=65
semtimedop=220 setdomainname=171 sethostname=170 setns=308 setpgid=109 setpriority=141
setsid=112 settimeofday=164 setxattr=188 shmat=30 shmctl=31 shmget=29 socket=41 socketpair=53
swapoff=168 swapon=167 symlink=88 symlinkat=266 syslog=103 tgkill=234 tkill=200 truncate=76
umount2=166 unlink=87 unlinkat=263 unshare=272 uselib=134 userfaultfd=323 utime=132
utimensat=280 utimes=235 vhangup=153
"""
_AARCH64 = """
acct=89 add_key=217 adjtimex=171 bpf=280 capset=91 chroot=51 clock_adjtime=266 clock_settime=112
clone=220 delete_module=106 fanotify_init=262 fanotify_mark=263 fchmod=52 fchmodat=53 fchown=55
fchownat=54 fcntl=25 finit_module=273 fremovexattr=16 fsetxattr=7 init_module=105 ioctl=29
ioprio_set=30 kcmp=272 kexec_file_load=294 kexec_load=104 keyctl=219 kill=129 linkat=37
lookup_dcookie=18 name_to_handle_at=264 open_by_handle_at=265 lremovexattr=15 lsetxattr=6
memfd_create=279 migrate_pages=238 mkdirat=34
mknodat=33 mount=40 move_pages=239 mq_getsetattr=185 mq_notify=184 mq_open=180
mq_timedreceive=183 mq_timedsend=182 mq_unlink=181 msgctl=187 msgget=186 msgrcv=188 msgsnd=189
nfsservctl=42 openat=56 perf_event_open=241 pivot_root=41 prctl=167 prlimit64=261
process_vm_readv=270 process_vm_writev=271 ptrace=117 quotactl=60 reboot=142 removexattr=14
renameat=38 renameat2=276 request_key=218 rt_sigqueueinfo=138 rt_tgsigqueueinfo=240
sched_setaffinity=122 sched_setattr=274 sched_setparam=118 sched_setscheduler=119 seccomp=277
semctl=191 semget=190 semop=193 semtimedop=192 setdomainname=162 sethostname=161 setns=268
setpgid=154 setpriority=140 setsid=157 settimeofday=170 setxattr=5 shmat=196 shmctl=195
shmget=194 socket=198 socketpair=199 swapoff=225 swapon=224 symlinkat=36 syslog=116 tgkill=131
tkill=130 truncate=45 umount2=39 unlinkat=35 unshare=97 userfaultfd=282 utimensat=88 vhangup=58
"""


def _table(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in (part.split("=") for part in text.split())}


# Name of the machine -> its calls, and how seccomp names the architecture (linux/audit.h).
_MACHINES = {
    "x86_64": (_table(_BOTH) | _table(_X86_64), 0xC000003E),
    "aarch64": (_table(_BOTH) | _table(_AARCH64), 0xC00000B7),
}

NUMBERS, ARCHITECTURE = _MACHINES.get(platform.machine(), ({}, 0))
"""Empty and 0 on a machine that the sandbox does not know."""

FIRST_UNKNOWN = 457
"""Calls from this number on are refused: what they do was not looked at, or is not needed."""

FCHMODAT2 = 452
