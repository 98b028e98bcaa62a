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
from collections.abc import Callable

from llm_notebook.context.joined import redact_joined

API_KEY = "API key"
ACCESS_TOKEN = "access token"
PRIVATE_KEY = "private key"
PASSWORD = "password"
HOME_PATH = "home path"

_PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    # Up to its end; where that was cut off, as far as it looks like a key.
    r"(?:[^-]{0,20000}-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|[A-Za-z0-9+/=\\\s\"']{40,20000})"
)
_KEY_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}|whsec_[A-Za-z0-9+/=]{20,100}"
    r"|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,60}"
    r"|SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}"
    r"|dapi[0-9a-f]{32}|SK[0-9a-f]{32}|key-[0-9a-f]{32}|dop_v1_[0-9a-f]{64}"
    r"|sk\.eyJ[A-Za-z0-9_-]{20,200}\.[A-Za-z0-9_-]{10,60}|hvs\.[A-Za-z0-9_-]{24,200}"
    r"|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|ATATT3[A-Za-z0-9_=-]{60,300}"
    r"|lin_api_[A-Za-z0-9]{32,60}|ntn_[A-Za-z0-9]{40,60}|AGE-SECRET-KEY-1[A-Z0-9]{58}"
    r")"
)
# These also start ordinary words, so what follows must look random.
_KEY_PREFIXES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:sk-[A-Za-z0-9_-]{20,300}"
    r"|(?:hf|gsk|r8|xai|pplx|nvapi|tgp|fw|lsv2|tvly|phc)[_-][A-Za-z0-9_-]{28,200})"
)
_TOKEN_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_-]{20,100}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-\d-[A-Za-z0-9-]{10,255}"
    r"|ya29\.[A-Za-z0-9_-]{20,400}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,400}"
    r"|eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}"
    r"|\d{8,10}:AA[A-Za-z0-9_-]{33}"
    r"|https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,100}"
    r")"
)
_BEARER = re.compile(r"(?i)(\b(?:bearer|basic|token)[ ]+)([A-Za-z0-9._~+/-]{16,4000}={0,2})")
_URL_PASSWORD = re.compile(
    r"((?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@'\"<>{}]{0,200}:)"
    r"([^\s/'\"<>]{1,200})(?=@[\w\[{.-])"
)
_URL_TOKEN = re.compile(
    r"(?i)([?&](?:api[_-]?key|key|access[_-]?token|auth|token|sig|signature|secret|password)=)"
    r"([^\s&'\"<>{}#]{8,1000})"
)
# key=value; inside a connection string. A keyword argument ends otherwise.
_DSN_PASSWORD = re.compile(
    r"(?i)(\b(?:password|passwd|pwd|accountkey|sharedaccesskey|sharedsecret)[ ]?=[ ]?)"
    r"([^;'\"\s{}<>()\[\],]{3,300})(?=;|['\"]|[ ]+\w{2,30}=)"
)
_OPTION = re.compile(
    r"(?i)((?<![\w-])--(?:[a-z]{1,20}-)?(?:password|passwd|token|api-?key|secret)(?:[= ]))"
    r"([^\s'\"${}<>-][^\s'\"{}<>]{5,300})"
)
_ENVIRONMENT = re.compile(
    r"(?m)(^[ \t]*!?(?:(?:export|set|setx|env|ENV|%env|%set_env)[ \t]+)?"
    r"[A-Z][A-Z0-9_]{0,60}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD)[ \t]*[= ][ \t]*)"
    r"([^\s'\"(){}\[\]$]{6,1000})[ \t]*$"
)

_STRONG_NAMES = (
    r"(?:pass(?:word|wd|phrase)|passw|pwd|api[_-]?key|apikey|secret[_-]?key|client[_-]?secret"
    r"|access[_-]?key(?:[_-]?id)?|private[_-]?key|account[_-]?key|encryption[_-]?key"
    r"|signing[_-]?key|(?:auth|access|api|bearer|refresh|session|bot|secret)[_-]?token"
    r"|connection[_-]?string|secret)"
)
_STRING = (
    r"(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>\"\"\"|'''|\"|')(?P<value>[^\n]{1,2000}?)(?P=quote)"
)
# From the end of a name on: `my_api_key: str = "…"`, `{"api_key": "…"}`,
# `environ["API_KEY"] = "…"`, `setdefault("API_KEY", "…")`.
_ASSIGNMENT = re.compile(
    rf"(?i)(?P<head>(?P<name>{_STRONG_NAMES}|token|key|auth|authorization|credential)s?\d{{0,2}}"
    rf"(?:(?:[ ]?:[ ]?[\w.|\[\] ]{{1,40}}?)?[ \t]*(?::?=|==|!=)[ \t]*\(?\s{{0,20}}"
    rf"|[\"'][ \t]*(?::|,|\][ \t]*=)[ \t]*))"
    rf"{_STRING}"
)
_STRONG = re.compile(_STRONG_NAMES, re.IGNORECASE)

# key: value without quotes, in files of settings.
_SETTING = re.compile(
    rf"(?im)^([ \t]*(?:- )?[\w.-]{{0,60}}?(?:{_STRONG_NAMES}|token)[ \t]*[:=][ \t]*)"
    r"([^\s'\"#{\[|>][^\s#]{2,1000})"
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
_PLACEHOLDER = re.compile(
    r"(?i).*(?:your|insert|replace|change|enter|paste|example|placeholder|dummy|redacted|removed"
    r"|xxxx|\.\.\.|…|\*{3}|<[^>]*>).*|(?:none|null|true|false|test|todo|tbd|password|secret|token)"
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
    if config:
        text = _apply(text, _SETTING, PASSWORD, _tail, kinds)
    home = _own_home()
    if home:
        own = re.compile(re.escape(home) + r"(?![\w.-])")
        text = _apply(text, own, HOME_PATH, _whole, kinds)
    return text, tuple(kinds)


_Keep = tuple[str, str] | None
_Rule = Callable[[re.Match[str]], _Keep]
"""What to keep before and after the marker, or None to leave the match alone."""


def _apply(
    text: str, pattern: re.Pattern[str], kind: str, rule: _Rule, kinds: dict[str, None]
) -> str:
    def replace(match: re.Match[str]) -> str:
        keep = None if "‹" in match[0] else rule(match)
        if keep is None:
            return match[0]
        kinds.setdefault(kind)
        return f"{keep[0]}‹{kind} removed›{keep[1]}"

    return pattern.sub(replace, text)


def _whole(match: re.Match[str]) -> _Keep:
    return "", ""


def _random_whole(match: re.Match[str]) -> _Keep:
    return ("", "") if _is_random(match[0], 20) else None


def _random_tail(match: re.Match[str]) -> _Keep:
    return (match[1], "") if _is_random(match[2], 12) else None


def _tail(match: re.Match[str]) -> _Keep:
    return None if _is_harmless(match[2]) else (match[1], "")


def _assigned_password(match: re.Match[str]) -> _Keep:
    return _assigned(match) if re.match("(?i)pass|pwd", match["name"]) else None


def _assigned(match: re.Match[str]) -> _Keep:
    name, value = match["name"], match["value"]
    if _is_harmless(value):
        return None
    # "key" and "token" name ordinary things too: only what looks random counts.
    # So does a word that merely follows another in a list or a call.
    sure = bool(_STRONG.fullmatch(name)) and not match["head"].rstrip().endswith(",")
    if sure:
        # A sentence is a label or a message; capitals name a variable. A
        # passphrase of several words is let through.
        named = value.isupper() and "_" in value
        if len(value) < 4 or value.count(" ") > 1 or named:
            return None
    elif not _is_random(value, 20):
        return None
    quote = match["quote"]
    return f"{match['head']}{match['prefix']}{quote}", quote


def _home(match: re.Match[str]) -> _Keep:
    user = match["user"]
    if user.lower() in _NOBODY or user.startswith(("$", "%", ".")):
        return None
    return "", ""


def _own_home() -> str:
    home = os.path.expanduser("~").rstrip("/\\")
    # A home such as /root or /home/jovyan names nobody.
    parts = [part for part in re.split(r"[/\\]", home) if part]
    return home if len(parts) > 1 and parts[-1].lower() not in _NOBODY else ""


def _is_harmless(value: str) -> bool:
    """A placeholder, a template field or a reference, so no secret."""
    value = value.strip()
    if not value or value[0] in "$%{" or re.search(r"\{[^{}]*\}", value):
        return True
    return len(set(value)) < 3 or bool(_PLACEHOLDER.fullmatch(value))


def _is_random(value: str, length: int) -> bool:
    """Whether it looks like a generated key: long, with digits among letters, not words."""
    if len(value) < length or _is_harmless(value) or re.search(r"[\s,]", value):
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if digits < 2 or letters < 4 or len(set(value)) < 8:
        return False
    # "bert-base-uncased-2" and "sk-container-id-12" are words with a number.
    runs = re.findall(r"[A-Za-z0-9]+", value)
    mixed = [run for run in runs if re.search(r"\d[A-Za-z]|[A-Za-z]\d", run)]
    return sum(map(len, mixed)) >= 10


_RULES: tuple[tuple[re.Pattern[str], str, _Rule], ...] = (
    (_PEM, PRIVATE_KEY, _whole),
    (_KEY_SHAPES, API_KEY, _whole),
    (_KEY_PREFIXES, API_KEY, _random_whole),
    (_TOKEN_SHAPES, ACCESS_TOKEN, _whole),
    (_BEARER, ACCESS_TOKEN, _random_tail),
    (_URL_PASSWORD, PASSWORD, _tail),
    (_URL_TOKEN, ACCESS_TOKEN, _random_tail),
    (_ASSIGNMENT, PASSWORD, _assigned_password),
    (_ASSIGNMENT, API_KEY, _assigned),
    (_DSN_PASSWORD, PASSWORD, _tail),
    (_OPTION, PASSWORD, _tail),
    (_ENVIRONMENT, API_KEY, _random_tail),
    (_HOME, HOME_PATH, _home),
)
