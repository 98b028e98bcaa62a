"""Take secrets out of text before it leaves for a model.

What is replaced leaves a visible marker such as ``‹API key removed›``. The
rules go by well-known shapes and by names such as ``api_key =``; text that has
neither passes. So this lowers a risk and does not end it: a secret in an
unusual shape is not recognised, and a person can always see what is sent.

A model that rewrites a cell with a marker in it writes the marker back, and the
secret would be lost on accept. `Context.redacted_cells` names those cells.
"""

from __future__ import annotations

import os
import re

from llm_notebook.context import named, shapes
from llm_notebook.context.joined import redact_joined
from llm_notebook.context.named import Keep, Rule

API_KEY = "API key"
ACCESS_TOKEN = "access token"
PRIVATE_KEY = "private key"
PASSWORD = "password"
HOME_PATH = "home path"

_BEARER = re.compile(r"(?i)(\b(?:bearer|basic|token)[ ]+)([A-Za-z0-9._~+/-]{16,4000}={0,2})")
_URL_PASSWORD = re.compile(
    r"((?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@'\"<>{}]{0,200}:)"
    r"([^\s/'\"<>]{1,200})(?=@[\w\[{.-])"
)
_URL_TOKEN = re.compile(
    r"(?i)([?&](?:api[_-]?key|key|access[_-]?token|auth|token|sig|signature)=)"
    r"([^\s&'\"<>{}#]{8,1000})"
)
_USER = r"[^\s/\\'\"<>|:*?,;)(}{\]\[‹›]{1,64}"
_HOME = re.compile(
    r"(?P<path>(?<![\w.~-])(?:/(?:var|usr|export|nfs|data|mnt|net|Volumes|mnt/[a-z])(?=/))?"
    r"/(?:home|Users)/|\b[A-Za-z]:(?:\\{1,4}|/)(?i:users)(?:\\{1,4}|/))"
    # A name of several words ends at the next separator.
    rf"(?P<user>{_USER}(?:(?: {_USER}){{1,3}}(?=[/\\]))?)"
)
_NOBODY = frozenset(
    "jovyan user username user_name name you your-name yourname me runner vscode shared public "  # noqa: SIM905
    "default".split()
)


def redact(text: str, *, config: bool = False) -> tuple[str, tuple[str, ...]]:
    """Replace secrets and home folders by visible markers.

    Parameters
    ----------
    text : str
        Source, an error message, a file or column name.
    config : bool
        Whether it may be a file of settings, in which values have no quotes.

    Returns
    -------
    text : str
        The same with markers. Redacting it again changes nothing.
    kinds : tuple of str
        What was taken out, such as ``"API key"``, each once.
    """
    kinds: dict[str, None] = {}

    def all_rules(text: str) -> tuple[str, bool]:
        found: dict[str, None] = {}
        for pattern, kind, rule in _RULES:
            text = _apply(text, pattern, kind, rule, found)
        kinds.update(found)
        return text, bool(found)

    text = redact_joined(text, all_rules)
    text, _ = all_rules(text)
    if config or named.is_of_settings(text):
        text = _apply(text, named.SETTING, PASSWORD, named.tail, kinds)
    home = _own_home()
    if home:
        own = re.compile(re.escape(home) + r"(?![\w.-])")
        text = _apply(text, own, HOME_PATH, _whole, kinds)
    return text, tuple(kinds)


def _apply(
    text: str, pattern: re.Pattern[str], kind: str, rule: Rule, kinds: dict[str, None]
) -> str:
    def replace(match: re.Match[str]) -> str:
        keep = None if "‹" in match[0] else rule(match)
        if keep is None:
            return match[0]
        kinds.setdefault(kind)
        return f"{keep[0]}‹{kind} removed›{keep[1]}"

    return pattern.sub(replace, text)


def _whole(match: re.Match[str]) -> Keep:
    return "", ""


def _random_whole(match: re.Match[str]) -> Keep:
    return ("", "") if shapes.is_random(match[0], 20) else None


def _home(match: re.Match[str]) -> Keep:
    user = match["user"]
    if user.lower() in _NOBODY or user.startswith(("$", "%", ".")):
        return None
    return "", ""


def _own_home() -> str:
    home = os.path.expanduser("~").rstrip("/\\")
    # A home such as /root or /home/jovyan names nobody.
    parts = [part for part in re.split(r"[/\\]", home) if part]
    return home if len(parts) > 1 and parts[-1].lower() not in _NOBODY else ""


_RULES: tuple[tuple[re.Pattern[str], str, Rule], ...] = (
    (shapes.PEM, PRIVATE_KEY, _whole),
    (shapes.KEYS, API_KEY, _whole),
    (shapes.PREFIXED, API_KEY, _random_whole),
    (shapes.TOKENS, ACCESS_TOKEN, _whole),
    (_BEARER, ACCESS_TOKEN, named.random_tail),
    (_URL_PASSWORD, PASSWORD, named.tail),
    (named.URL_FIELD, PASSWORD, named.tail),
    (_URL_TOKEN, ACCESS_TOKEN, named.random_tail),
    (named.ASSIGNMENT, PASSWORD, named.is_password(named.assigned)),
    (named.ASSIGNMENT, API_KEY, named.assigned),
    (named.PAIR, PASSWORD, named.pair),
    (named.NUMBER, PASSWORD, named.number),
    (named.DSN, PASSWORD, named.tail),
    (named.OPTION, PASSWORD, named.option),
    (named.CLIENT, PASSWORD, named.tail),
    (named.SQL, PASSWORD, named.tail),
    (named.ENVIRONMENT, PASSWORD, named.is_password(named.in_environment)),
    (named.ENVIRONMENT, API_KEY, named.in_environment),
    (named.SHELL, PASSWORD, named.is_password(named.in_shell)),
    (named.SHELL, API_KEY, named.in_shell),
    (named.RANDOM_SETTING, API_KEY, named.random_tail),
    (named.YAML, PASSWORD, named.in_yaml),
    (_HOME, HOME_PATH, _home),
)
