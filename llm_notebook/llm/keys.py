"""Keys for model services. Only the worker process calls this.

Keys come from the process's environment, from an env file, and from the
keyring where that package is installed, the file counting most. They go into
the worker's own environment, where the client libraries look for them. What
the kernel needs to know, it learns from names and paths alone.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.wire import KEPT

KEYS_VARIABLE = "LLM_NOTEBOOK_KEYS"
HIDDEN = "[key hidden]"
KEYRING_SERVICE = "llm_notebook"

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*")
_SECRET_NAME = re.compile(r"key|token|secret|passw|credential", re.I)
_OPEN_NAME = re.compile(r"(_URL|_BASE|_HOST|_ENDPOINT|_MODEL|_VERSION|_REGION|_ORG\w*)$", re.I)
_USER_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
_MIN_SECRET = 6


def keys_path() -> Path:
    """Where the env file lies, whether or not it exists."""
    named = os.environ.get(KEYS_VARIABLE)
    if named:
        return Path(named).expanduser()
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir()) / "llm_notebook_keys.env"


def parse_env(text: str) -> dict[str, str]:
    """``KEY=VALUE`` lines; ``export``, ``#`` comment lines and one pair of quotes are allowed."""
    values = {}
    for line in text.removeprefix("\ufeff").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match.groups()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        values[name] = value
    return values


class Keys:
    """The keys that this worker knows.

    Parameters
    ----------
    path : Path, optional
        The env file, instead of `keys_path`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or keys_path()
        self._stamp: tuple[int, int] | None = None
        self._secrets: set[str] = set()
        self._from_environment()

    def refresh(self) -> str:
        """Read the file if it is new or has changed; return what a person should know of it."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return ""
            values = parse_env(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(
                f"The file with the model keys, {self._path}, could not be read "
                f"({type(error).__name__}).",
                code="model-missing-key",
                kept=KEPT,
                next="Make it a text file of KEY=VALUE lines that you can read.",
            ) from None
        self._stamp = stamp
        os.environ.update(values)
        self._from_environment()
        self._secrets.update(
            value
            for name, value in values.items()
            if len(value) >= _MIN_SECRET and not _OPEN_NAME.search(name)
        )
        if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return f"Others can read {self._path}, which holds keys. Run: chmod 600 {self._path}"
        return ""

    def find(self, name: str) -> str | None:
        """The value of a key by the name of its variable; asks the keyring last."""
        value = os.environ.get(name)
        if value:
            return value
        value = _from_keyring(name)
        if value:
            os.environ[name] = value
            self._secrets.add(value)
        return value

    def mask(self, text: str) -> str:
        """`text` without any key that this worker knows, nor the user part of a URL."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return _USER_IN_URL.sub("", text)

    def held_back(self, text: str) -> int:
        """How many characters at the end of `text` could be the start of a key."""
        longest = 0
        for secret in self._secrets:
            for size in range(min(len(secret) - 1, len(text)), longest, -1):
                if text.endswith(secret[:size]):
                    longest = size
                    break
        return longest

    def _from_environment(self) -> None:
        self._secrets.update(
            value
            for name, value in os.environ.items()
            if _SECRET_NAME.search(name)
            and not _OPEN_NAME.search(name)
            and name != KEYS_VARIABLE
            and len(value) >= _MIN_SECRET
        )


class StreamMask:
    """Hides keys in text that arrives in chunks, also a key that is cut across two."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._held = ""

    def feed(self, text: str) -> str:
        """Take text; return what can be shown by now."""
        text = self._keys.mask(self._held + text)
        size = self._keys.held_back(text)
        self._held = text[len(text) - size :]
        return text[: len(text) - size]

    def rest(self) -> str:
        """What was held back, at the end."""
        held, self._held = self._held, ""
        return held


def _from_keyring(name: str) -> str | None:
    try:
        import keyring  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    try:
        value = keyring.get_password(KEYRING_SERVICE, name)
    except Exception:
        # A keyring without a usable backend is as good as none.
        return None
    return str(value) if value else None
