"""Where an operating system, an interpreter and its packages keep what they read."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache

SYSTEM = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/var/cache/fontconfig",
    "/var/lib/ca-certificates",
    "/run/current-system",
    "/snap",
]

_ETC = [
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "ld.so.preload",
    "localtime",
    "timezone",
    "passwd",
    "group",
    "nsswitch.conf",
    "hosts",
    "host.conf",
    "hostname",
    "resolv.conf",
    "gai.conf",
    "services",
    "protocols",
    "networks",
    "ssl/certs",
    "ssl/openssl.cnf",
    "ssl/cert.pem",
    "pki/tls/certs",
    "pki/tls/cert.pem",
    "pki/tls/openssl.cnf",
    "pki/ca-trust/extracted",
    "ca-certificates",
    "ca-certificates.conf",
    "crypto-policies",
    "fonts",
    "mime.types",
    "os-release",
    "lsb-release",
    "debian_version",
    "redhat-release",
    "alpine-release",
    "locale.alias",
    "locale.conf",
    "locale.gen",
    "alternatives",
    "inputrc",
    "bash.bashrc",
    "profile",
    "profile.d",
    "shells",
    "terminfo",
    "OpenCL",
    "magic",
    "papersize",
    "matplotlibrc",
    "java",
    "ImageMagick-6",
    "ImageMagick-7",
    "R",
    "gdal",
    "proj",
    "vulkan",
    "glvnd",
    "static",
]
ETC = [f"/etc/{name}" for name in _ETC]

PROC = [
    f"/proc/{name}"
    for name in [
        "cpuinfo",
        "meminfo",
        "stat",
        "filesystems",
        "loadavg",
        "uptime",
        "version",
        "devices",
        "vmstat",
        "sys",
        "cgroups",
        "diskstats",
        "zoneinfo",
        "buddyinfo",
        "interrupts",
    ]
]
SYS = [
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/devices/virtual/dmi",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
    "/sys/kernel/mm/hugepages",
]

WRITABLE_DEVICES = ["/dev/null", "/dev/zero", "/dev/full"]
READABLE_DEVICES = ["/dev/random", "/dev/urandom"]

# Caches that cost seconds to make anew, and settings that change how a plot looks.
_HOME = [
    ".cache/matplotlib",
    ".config/matplotlib",
    ".matplotlib",
    ".cache/fontconfig",
    ".config/fontconfig",
    ".fonts",
    ".local/share/fonts",
    ".fonts.conf",
    ".terminfo",
    ".cache/numba",
    ".numba_config.yaml",
    ".config/polars",
    ".polarsrc",
]


@cache
def packages() -> tuple[str, ...]:
    """Roots of the interpreter and of what is installed for it."""
    return (
        *{sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix},
        *sysconfig.get_paths().values(),
        *site.getsitepackages(),
        site.getusersitepackages(),
        os.path.dirname(os.path.realpath(sys.executable)),
    )


def of_home() -> Iterator[str]:
    """What in a home folder is read in spite of its dot."""
    home = os.path.expanduser("~")
    for name in _HOME:
        yield os.path.join(home, name)


def private() -> Iterator[str]:
    """Jupyter's folders, ours, and where people keep keys."""
    home = os.path.expanduser("~")
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        if os.environ.get(variable):
            yield os.environ[variable]
    for variable in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        for path in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            # Data there are kernels and extensions; only what is written there while it runs.
            yield path if variable == "JUPYTER_CONFIG_PATH" else os.path.join(path, "runtime")
    # What Jupyter itself says, which knows of more ways to set it.
    paths = sys.modules.get("jupyter_core.paths")
    for name in ("jupyter_config_dir", "jupyter_data_dir", "jupyter_runtime_dir"):
        if hasattr(paths, name):
            yield str(getattr(paths, name)())
    for name in ("IPYTHONDIR", "LLM_NOTEBOOK_KEYS"):
        if os.environ.get(name):
            yield os.environ[name]
    # The file by which whoever has it can speak to this kernel.
    yield from (word for word in sys.orig_argv[1:] if word.endswith(".json"))
    for base in {sys.prefix, sys.base_prefix, "/usr", "/usr/local"}:
        yield os.path.join(base, "etc", "jupyter")
        yield os.path.join(base, "etc", "ipython")
        yield os.path.join(base, "share", "jupyter", "runtime")
    for name in (".jupyter", ".local/share/jupyter", ".ipython", ".ssh", ".aws", ".gnupg"):
        yield os.path.join(home, name)
    yield "/etc/ssl/private"
