"""The checks of ``llm-notebook doctor`` that are about models and their keys.

No key is shown, no model is asked, and no other machine is contacted: a server on this one
gets a connection and nothing else.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from urllib.parse import urlsplit

from llm_notebook.core.protocol import ModelChoice
from llm_notebook.faces.cli.check import Check, installed
from llm_notebook.llm.keys import Keys, keys_path, parse_env
from llm_notebook.llm.providers import (
    ENTRY_POINT_GROUP,
    PROVIDERS,
    Provider,
    choices,
    key_variable,
    where_keys_go,
)

OLLAMA = "127.0.0.1:11434"
"""Where Ollama listens unless it was told otherwise."""
PATIENCE = 1.0
"""Seconds that a server on this machine has to take a connection."""
_PORTS = {"http": 80, "https": 443}


def models() -> Iterator[Check]:
    """The models that could be asked, and what each of them lacks."""
    in_file: dict[str, str] = {}
    with contextlib.suppress(OSError, UnicodeDecodeError):  # said of the file itself
        in_file = parse_env(keys_path().read_text(encoding="utf-8"))
    elsewhere = Keys()
    points = {f"{one.name}:default": one for one in entry_points(group=ENTRY_POINT_GROUP)}
    for choice in choices():
        key, provider = key_variable(choice.id), PROVIDERS.get(choice.id.partition(":")[0])
        variable = provider.url if provider else ""
        server = in_file.get(variable) or os.environ.get(variable, "")
        hint = choice.hint
        # Kernels do not look into a keyring; here it is worth the time.
        if choice.ready and key and key not in in_file and not server and not elsewhere.find(key):
            hint = where_keys_go(key)
        if hint:
            yield Check(f"model {choice.id}", "missing", choice.label, hint)
        elif provider is not None:
            yield _served(choice, provider, server)
        elif choice.id in points:
            yield _brought(choice, points[choice.id])
        else:
            yield Check(f"model {choice.id}", "works", choice.label)


def _served(choice: ModelChoice, provider: Provider, server: str) -> Check:
    """A model behind a server: whether one listens, where that is this machine."""
    name = f"model {choice.id}"
    address = server or (OLLAMA if provider.name == "ollama" else "")
    if not address:
        return Check(name, "works", f"{choice.label}; not tried, since nothing is asked of it")
    try:
        host, port = _place(address)
    except ValueError:
        remedy = f"Set {provider.url} to an address such as http://127.0.0.1:8000."
        return Check(name, "missing", f"{choice.label}; {provider.url} is no address", remedy)
    where = f"{host}:{port}"
    if not _is_here(host):
        return Check(name, "works", f"{choice.label}; {where} was not tried")
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except OSError:
        start = "Start it: ollama serve" if provider.name == "ollama" else "Start the server"
        remedy = f"{start}. If it is elsewhere, set {provider.url}."
        return Check(name, "missing", f"{choice.label}; nothing listens at {where}", remedy)
    return Check(name, "works", f"{choice.label}; something listens at {where}")


def _place(address: str) -> tuple[str, int]:
    """Host and port; without a scheme it is as in ``OLLAMA_HOST``."""
    scheme, mark, rest = address.strip().partition("://")
    parts = urlsplit(f"http://{rest if mark else scheme}")
    port = parts.port or (_PORTS.get(scheme.lower(), 80) if mark else 11434)
    return parts.hostname or "127.0.0.1", port


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def _brought(choice: ModelChoice, point: EntryPoint) -> Check:
    """A model that another package brings: whether its code is there."""
    name = f"model {choice.id}"
    remedy = f"Install the package that has {point.value} again, or uninstall it."
    try:
        # What it prints is no part of the result.
        with contextlib.redirect_stdout(sys.stderr):
            made = point.load()
    except (Exception, SystemExit) as error:
        says = f"{point.value} cannot be imported ({type(error).__name__}: {error})"
        return Check(name, "broken", says, remedy)
    if not callable(made):
        return Check(name, "broken", f"{point.value} cannot be called", remedy)
    return Check(name, "works", f"{choice.label}, by {point.value}; it was not asked")


def keys() -> Iterator[Check]:
    """Where keys are looked for. Their names are shown, never what they are."""
    path = keys_path()
    if not path.exists():
        remedy = f"A line such as OPENAI_API_KEY=... in {path}, mode 600"
        yield Check("key file", "missing", f"there is none at {path}", remedy)
        return
    try:
        names = sorted(parse_env(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Make it a text file of KEY=VALUE lines that you can read."
        yield Check("key file", "broken", f"{path}: {type(error).__name__}", remedy)
        return
    wide = os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    says = f"{path} sets {', '.join(names) or 'nothing'}"
    if wide:
        yield Check("key file", "broken", f"{says}; others can read it", f"chmod 600 {path}")
    else:
        yield Check("key file", "works", says)


def keyring() -> Iterator[Check]:
    """The system's keyring, and whether anything stands behind the package."""
    found = installed("keyring")
    try:
        import keyring as package
    except ImportError:
        remedy = "pip install keyring"
        says = "without it not: keys can come from the system's keyring"
        yield Check("keyring", "missing", says, remedy)
        return
    remedy = f"Keys can stand in {keys_path()} (mode 600) instead; `keyring diagnose` says more."
    try:
        backend = package.get_keyring()
    except Exception as error:
        says = f"{found}, and its settings name none that works ({type(error).__name__}: {error})"
        yield Check("keyring", "missing", says, remedy)
        return
    kind = f"{type(backend).__module__}.{type(backend).__name__}"
    if kind.startswith(("keyring.backends.fail.", "keyring.backends.null.")):
        yield Check("keyring", "missing", f"{found}, with no keyring behind it ({kind})", remedy)
    else:
        yield Check("keyring", "works", f"{found}: keys can come from {kind}")
