"""The environment of a dry run: an allow-list, also in what `/proc` shows of it."""

from __future__ import annotations

import ctypes
import os
import re

_NAMES = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "PWD",
        "TZ",
        "LANG",
        "LANGUAGE",
        "TERM",
        "COLORTERM",
        "COLUMNS",
        "LINES",
        "TMPDIR",
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR",
        "MPLBACKEND",
        "MPLCONFIGDIR",
        "LD_LIBRARY_PATH",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "CONDA_DEFAULT_ENV",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CUDA_VISIBLE_DEVICES",
        "JPY_SESSION_NAME",
        "DEBIAN_FRONTEND",
        "SOURCE_DATE_EPOCH",
        "R_HOME",
        "JAVA_HOME",
        "LLM_NOTEBOOK_SANDBOX",
    ]
)
_BEGINNINGS = [
    "LC_",
    "PYTHON",
    "XDG_",
    "OMP_",
    "GOMP_",
    "KMP_",
    "MKL_",
    "OPENBLAS_",
    "BLIS_",
    "VECLIB_",
    "NUMEXPR_",
    "NUMBA_",
    "POLARS_",
    "ARROW_",
    "JOBLIB_",
    "LOKY_",
    "TQDM_",
    "MALLOC_",
    "TF_CPP_",
    "IPYTHON",
]
# A variable whose name sounds like this goes, whatever list it is on.
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|COOKIE|SESSION_ID|BUS_ADDRESS", re.I)


# No secret is a switch or a small number.
_SWITCH = re.compile(r"\d{1,4}|true|false|yes|no|on|off", re.I)


def keeps(name: str, value: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether a variable is there in a dry run: by its name, or because it cannot be a secret.

    The path of something that exists tells nothing that the code could not
    find, and libraries look for their data and caches by such variables.
    """
    if name in more:
        return True
    if _SECRET.search(name):
        return False
    if name in _NAMES or name.startswith(tuple(_BEGINNINGS)) or _SWITCH.fullmatch(value):
        return True
    return value.startswith("/") and os.path.exists(value)


def scrub(more: frozenset[str] = frozenset(), **changes: str) -> None:
    """Drop every variable that is not on the list, and set the ones named.

    What the process was started with stays where the kernel put it, and
    ``/proc/self/environ`` shows it; so what stays is copied, and that place is
    overwritten.
    """
    for name in list(os.environ):
        if keeps(name, os.environ[name], more):
            # The C library makes a copy of its own, elsewhere.
            os.environ[name] = os.environ[name]
        else:
            del os.environ[name]
    os.environ.update(changes)
    _strays(more)
    start, end = _exec_time()
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)


def _strays(more: frozenset[str]) -> None:
    """Drop from the C library what Python does not know of, such as what C code has set."""
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    if not environ:
        return
    place, found = 0, []
    while entry := environ[place]:
        found.append(os.fsdecode(entry).partition("="))
        place += 1
    for name, _, value in found:
        if not keeps(name, value, more) and name not in os.environ:
            os.unsetenv(name)


def _exec_time() -> tuple[int, int]:
    """Where the kernel keeps the environment that the process was started with."""
    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b") ")[2].split()
    # `man 5 proc`: env_start and env_end are fields 50 and 51; the third is the first here.
    return int(fields[47]), int(fields[48])
