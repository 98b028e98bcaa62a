"""The checkout's own environment in `.dev/venv`: made once, renewed when its sources change."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import console
from tools.console import DEV, ROOT, Trouble, must, run

VENV = DEV / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
UNFINISHED = DEV / "unfinished"
FRONT_END = ROOT / "labextension"
BUNDLE = VENV / "share" / "jupyter" / "labextensions" / "jupyterlab-llm-notebook"
DISTRIBUTION = "jupyterlab-llm-notebook"

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# What the front end's build makes, and so must not trigger it.
MADE = {"node_modules", "lib", "__pycache__"}
# Variables that would make Python or Node look outside `.dev/`, or build otherwise.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "NODE_ENV", "NODE_OPTIONS")


def environ() -> dict[str, str]:
    """The environment for every step: `.dev/venv` first, nothing foreign, a home to write to."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env["PATH"] = f"{PYTHON.parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env["PIP_ROOT_USER_ACTION"] = "ignore"
    if CERTIFICATES.exists():
        # Node and uv bring their own list, which lacks that of a company's proxy.
        env.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
        env.setdefault("UV_SYSTEM_CERTS", "1")
    home = Path(os.path.expanduser("~"))
    if not home.is_absolute() or not os.access(home, os.W_OK):
        home = DEV / "home"
        home.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(home)
    return env


def _sources() -> Iterator[Path]:
    yield ROOT / "pyproject.toml"
    for folder, folders, files in os.walk(FRONT_END):
        folders[:] = sorted(set(folders) - MADE)
        yield from (
            Path(folder, name) for name in sorted(files) if not name.endswith(".tsbuildinfo")
        )


def fingerprint() -> str:
    """Of everything that an installed environment stands on, save the Python sources.

    Those are installed in place and need no renewal.
    """
    digest = hashlib.sha256(f"{sys.version}\0{ROOT}\0".encode())
    for path in _sources():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)}\0{content}\0".encode())
    return digest.hexdigest()


def _installed() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(extra: str) -> bool:
    """Whether the environment has this extra (``dev`` includes ``demo``) and is not stale."""
    stamp = _installed()
    return (
        stamp.get("extra") in (extra, "dev")
        and not UNFINISHED.exists()
        and (BUNDLE / "package.json").is_file()
        and stamp.get("fingerprint") == fingerprint()
    )


def prepare(extra: str) -> None:
    """Make or renew the environment, so that `is_ready`.

    Raises
    ------
    Trouble
        If something is missing that this cannot install.
    """
    if is_ready(extra):
        return
    # Whoever has run the tests keeps what they need.
    extra = "dev" if _installed().get("extra") == "dev" else extra
    console.say(f"Setting up in {DEV} (about a minute the first time)")
    if UNFINISHED.exists() or not _usable():
        shutil.rmtree(VENV, ignore_errors=True)
        _make_venv()
    mark = fingerprint()
    # Packages that an interrupted installer left half written are not
    # recognisable later, so the next set-up then begins anew.
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    _install(extra)
    if not (BUNDLE / "package.json").is_file():
        raise Trouble(
            f"The package was installed without its front end: {BUNDLE} has no package.json. "
            f"What the build printed is in {console.LOG}."
        )
    STAMP.write_text(json.dumps({"extra": extra, "fingerprint": mark}), encoding="utf-8")
    UNFINISHED.unlink()


def _usable() -> bool:
    """Whether `.dev/venv` has a pip and is of the Python that runs this."""
    code = "import sys, pip; print(sys.version)"
    try:
        found = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=environ())
    except OSError:
        return False
    return found.returncode == 0 and found.stdout.strip() == sys.version.strip()


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        # Debian splits it off, into a package for each version of Python.
        ours = os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3")
        package = "python3-venv" if ours else f"python3.{sys.version_info.minor}-venv"
        system_package(package, "Python's venv module")
    must(
        "Making a Python environment",
        [sys.executable, "-m", "venv", VENV],
        env=environ(),
        sorry="The Python environment could not be made.",
    )


def system_package(package: str, what: str) -> None:
    """Install a Debian package as root; otherwise say how to.

    Raises
    ------
    Trouble
        If this is not root, or the installation failed.
    """
    command = f"apt-get install -y --no-install-recommends {package}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sudo = "" if os.geteuid() == 0 else "sudo "
        raise Trouble(
            f"{what} is missing. Install the package {package} and start this again: "
            f"{sudo}{command}"
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    words = [*command.split(), "-o", "DPkg::Lock::Timeout=300"]
    # Lists of a fresh or an old machine name packages that are not served.
    run("Updating apt's package lists", ["apt-get", "update"], env=env)
    must(
        f"Installing {package} with apt",
        words,
        env=env,
        sorry=f"{what} is missing, and apt could not install {package}.",
    )


def _install(extra: str) -> None:
    env = environ()
    title = "Installing JupyterLab, the packages and the front end"
    if _have_uv(env):
        # The small model of the tests comes with uv alone: pip would compile what it does not need.
        target = ["-e", ".[dev,real-model]" if extra == "dev" else f".[{extra}]"]
        argv: list[str | Path] = [PYTHON.parent / "uv", "pip", "install", "--python", PYTHON]
        # uv would take the front end it built before: its sources are not among what uv watches.
        argv += ["--reinstall-package", DISTRIBUTION, *target]
        if extra == "dev":
            argv += ["--override", ROOT / "tools" / "overrides.txt"]
        result = run(title, argv, env={**env, **_index_for_uv(env)})
        if result.ok:
            return
        if "Failed to build" in result.output:
            raise Trouble(_not_installed(result.output))
        title += ", with pip"
    result = run(title, [str(PYTHON), "-m", "pip", "install", "-e", f".[{extra}]"], env=env)
    if not result.ok:
        raise Trouble(_not_installed(result.output))


def _not_installed(output: str) -> str:
    sorry = (
        "The package or its front end could not be built; the reason is above."
        if "Failed to build" in output
        else "The packages could not be installed. If the network or the package index was out of "
        "reach, start this again."
    )
    return f"{console.tail(output)}\n\n{sorry} Everything is in {console.LOG}."


def _have_uv(env: dict[str, str]) -> bool:
    """Whether uv is there: it installs in a third of pip's time, but pip will do."""
    uv = PYTHON.parent / "uv"
    if not uv.exists():
        argv: list[str | Path] = [PYTHON, "-m", "pip", "install", "--only-binary", ":all:", "uv"]
        run("Installing uv", argv, env=env)
    # It is a program of its own, which some machines have but do not let run.
    return uv.exists() and run("Checking uv", [uv, "--version"], env=env).ok


def _index_for_uv(env: dict[str, str]) -> dict[str, str]:
    """Where pip was told to look for packages, in uv's words."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, env=env
    )
    pip: dict[str, str] = {}
    # Files first, then the environment, which wins.
    for line in sorted(listed.stdout.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        pip[name.rpartition(".")[2]] = str(ast.literal_eval(value))
    words = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        # As pip does: the best version of all indexes.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if "extra-index-url" in pip else "",
        "UV_FIND_LINKS": ",".join(
            place
            for place in pip.get("find-links", "").split()
            if "://" in place or Path(place).exists()
        ),
        "SSL_CERT_FILE": pip.get("cert", ""),
    }
    return {name: value for name, value in words.items() if value and name not in env}
