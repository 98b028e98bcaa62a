"""Secrets that are known by their name: ``password = "…"``, ``export API_KEY=…``, ``--password …``.

What is assigned to a name that says so is taken whatever it looks like. Only
where Python would read a reference, and what stands there could be one, has it
to look unlike a name.

Each rule says what to keep before and after the marker, or None to leave a
match alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from llm_notebook.context.shapes import is_harmless, is_random

Keep = tuple[str, str] | None
Rule = Callable[[re.Match[str]], Keep]

_PASSWORDS = (
    r"(?:pass(?:word|wd|phrase|code)|passw|pwd|(?<![A-Za-z])pw"
    r"|(?<![A-Za-z])(?:(?:admin|api|db|database|email|ftp|http|ldap|login|mail|my|mysql|pg|postgres"
    r"|proxy|redis|root|smtp|sql|ssh|user)_?)pass|(?<![\w])PASS)"
)
_STRONG_NAMES = (
    rf"(?:{_PASSWORDS}|api[_-]?key|apikey|secret[_-]?key|client[_-]?secret"
    r"|access[_-]?key(?:[_-]?id)?|private[_-]?key|account[_-]?key|storage[_-]?key|encryption[_-]?key"
    r"|signing[_-]?key|(?:auth|access|api|bearer|refresh|session|bot|secret)[_-]?token"
    r"|connection[_-]?string|secret)"
)
_WEAK_NAMES = r"token|key|auth|authorization|credential"
_NUMBERED = r"s?_?\d{0,2}(?:_(?:dev|live|new|old|prod|production|root|staging))?"
_STRONG = re.compile(_STRONG_NAMES, re.IGNORECASE)
_PASSWORD = re.compile(_PASSWORDS, re.IGNORECASE)
_SAYS_SO = re.compile(rf"(?i){_STRONG_NAMES}|token|key|auth|credential|(?<![a-z])(?:env|var|name)")

_STRING = (
    r"(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>\"\"\"|'''|\"|')"
    r"(?P<value>(?:\\.|[^\\\n]){1,2000}?)(?P=quote)"
)
# From the end of a name on: `my_api_key: str = "…"`, `{"api_key": "…"}`,
# `environ["API_KEY"] = "…"`, `setdefault("API_KEY", "…")`.
ASSIGNMENT = re.compile(
    rf"(?i)(?P<head>(?P<name>{_STRONG_NAMES}|{_WEAK_NAMES}){_NUMBERED}"
    rf"(?:(?:[ ]?:[ ]?[\w.|\[\] ]{{1,40}}?)?[ \t]*(?::?=|==|!=)[ \t]*\(?\s{{0,20}}"
    rf"|[\"'][ \t]*(?::|,|\][ \t]*=)[ \t]*))"
    rf"{_STRING}"
)
# In these calls what comes after a name is its value; elsewhere the next word of a list.
_SETS = re.compile(
    r"(?:putenv|setenv|getenv|setdefault|set_key|\.get|\.set|\.pop)\(\s*"
    r"(?:[\w.\"' -]{1,40},\s*){0,2}[\"'][\w.-]{0,40}$"
)
NUMBER = re.compile(
    rf"(?i)({_PASSWORDS}{_NUMBERED}(?:[\"']\])?[\"']?[ \t]*[:=][ \t]*)(\d{{4,20}})(?![\w.])"
)

# One word of a shell: `PGPASSWORD=… psql`, `docker run -e DB_PASSWORD=…`, a line of `.env`.
SHELL = re.compile(
    rf"(?i)(?P<head>(?<![\w.$\"'])(?P<whole>[A-Za-z0-9_]{{0,60}}?(?P<name>{_STRONG_NAMES}|token|key)"
    rf"{_NUMBERED})=)(?P<value>[^\s'\"();&|<>{{}}\[\]$`‹]{{3,1000}}+)(?=[\s;&|)]|$)"
)
_SHELL_LINE = re.compile(
    r"\s*(?:\$ |!|%(?:env|set_env|sx|system)\b|(?:export|declare|set|env|ENV|ARG|docker|podman)\s)"
)
_SHELL_OPTION = re.compile(r"(?:(?<![\w-])(?:-e|--env|--build-arg|--set)[ \t=]|\bexport[ \t])$")
_SHELL_CELL = re.compile(
    r"\s*%%(?:bash|sh|zsh|script|system|sx|!|cmd|powershell)\b"
    r"|\s*%%(?:writefile|file)[^\n]*"
    r"\.(?:ya?ml|toml|ini|cfg|conf|properties|env\S*|sh|bash|txt)[ \t]*\n"
)
# These take the rest of the line as the value.
ENVIRONMENT = re.compile(
    rf"(?m)(?P<head>^[ \t]*(?:%env|%set_env|setx|setenv|ENV)[ \t]+"
    rf"(?i:(?P<whole>\w{{0,60}}?(?P<name>{_STRONG_NAMES}|token|key){_NUMBERED}))[ \t]*[= \t][ \t]*)"
    r"(?P<value>[^\s'\"‹=][^\n'\"‹]{2,1000}?)[ \t]*$"
)
RANDOM_SETTING = re.compile(
    r"(?im)(^[ \t]*!?(?:(?:export|set|env)[ \t]+)?"
    r"[A-Z][A-Z0-9_]{0,60}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD)[ \t]*[=: ][ \t]*)"
    r"([^\s'\"(){}\[\]$]{6,1000})[ \t]*$"
)
# key: value without quotes, as in YAML.
YAML = re.compile(
    rf"(?im)^([ \t]*(?:- )?[\"']?[\w.-]{{0,60}}?{_STRONG_NAMES}{_NUMBERED}[\"']?:[ \t]+)"
    r"([^\s'\"#{}\[\]()|>&*,‹][^\s'\"{}\[\](),]{2,300})[ \t]*$"
)
# The same in files of settings, where nothing else is meant.
SETTING = re.compile(
    rf"(?im)^([ \t]*(?:- )?[\"']?[\w.-]{{0,60}}?(?:{_STRONG_NAMES}|token){_NUMBERED}"
    r"[\"']?[ \t]*[:=][ \t]*)"
    r"([^\s'\"#{\[|>‹][^\n‹]{2,1000}?)(?=[ \t]+#|[ \t]*$)"
)

OPTION = re.compile(
    r"(?i)(?P<head>(?<![\w-])--(?:[a-z]{1,20}-)?(?:(?P<sure>password|passwd|passphrase|pwd|secret)"
    r"|token|api-?key)(?P<by>(?:=|[ \t]+)[\"']?|[\"'][ \t]*,[ \t]*[\"']))"
    r"(?P<value>[^\s'\"${}<>,‹-][^\s'\"{}<>‹]{2,300})"
)
# What follows an option where it is written about.
_PROSE = frozenset(
    "and are argument can cannot flag for from instead into must option parameter prompt "  # noqa: SIM905
    "should switch that the then value was when which will with".split()
)
_GAP = r"[^\n|;&]{0,200}?[ \t'\"]"
_NEXT = r"[ \t'\",]{1,6}"
CLIENT = re.compile(
    r"((?<![\w.-])(?:"
    rf"(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)(?=[ \t'\"]){_GAP}-p"
    rf"|sshpass[ \t'\",]{{1,6}}-p[ \t'\",]{{0,6}}"
    r"|(?:mongo(?:sh|dump|restore|import|export)?|cqlsh|(?:docker|podman|az)[ ]login"
    rf"|twine[ ]upload)(?=[ \t'\"]){_GAP}-p{_NEXT}"
    rf"|redis-cli(?=[ \t'\"]){_GAP}-a{_NEXT}|(?:sqlcmd|bcp)(?=[ \t'\"]){_GAP}-P[ \t'\",]{{0,6}}"
    rf"|ldap(?:search|add|modify|whoami)(?=[ \t'\"]){_GAP}-w{_NEXT}"
    rf"|curl(?=[ \t'\"]){_GAP}(?:-u|--user)[ \t'\",=]{{1,6}}[^\s:'\"]{{1,80}}:"
    r")['\"]?)([^\s'\"${}<>,‹-][^\s'\"{}<>‹]{2,200})"
)
SQL = re.compile(
    r"(?i)(\b(?:identified[ ]+by|(?:with|encrypted)[ ]+password|user[ ]+\w{1,60}[ ]+password)[ ]+'"
    r"|\blogin[ ]\S{1,80}\s{1,20}password[ ](?=\S))([^'\s‹]{3,200})"
)
PAIR = re.compile(
    r"(\b(?:auth[ ]?=[ ]?\(|HTTP(?:Basic|Digest)Auth\(|BasicAuth\()\s*"
    rf"(?:[\w.]{{1,60}}|[\"'][^\"'\n]{{1,100}}[\"']),\s*){_STRING}"
)
URL_FIELD = re.compile(
    r"(?i)([?&](?:password|passwd|pwd|passphrase|secret|client_secret)=)([^\s&'\"<>{}#‹]{3,1000})"
)
# key=value; inside a connection string. A keyword argument ends otherwise.
DSN = re.compile(
    r"(?i)(\b(?:password|passwd|pwd|accountkey|sharedaccesskey|sharedsecret)[ ]?=[ ]?)"
    r"([^;'\"\s{}<>()\[\],]{3,300})(?=;|['\"]|[ ]+\w{2,30}=)"
)


def is_of_settings(text: str) -> bool:
    """Whether a cell is a shell's, or writes a file of settings."""
    return bool(_SHELL_CELL.match(text))


def is_password(rule: Rule) -> Rule:
    """The same rule, for names of passwords alone."""
    return lambda match: rule(match) if _PASSWORD.fullmatch(match["name"]) else None


def tail(match: re.Match[str]) -> Keep:
    """All but what is harmless."""
    return None if is_harmless(match[2]) else (match[1], "")


def random_tail(match: re.Match[str]) -> Keep:
    """What looks random."""
    return (match[1], "") if is_random(match[2], 12) else None


def number(match: re.Match[str]) -> Keep:
    """A password that is a number."""
    return match[1], ""


def assigned(match: re.Match[str]) -> Keep:
    """A string that is assigned to a name."""
    name, value, head = match["name"], match["value"], match["head"]
    if is_harmless(value):
        return None
    # "key" and "token" name ordinary things too: only what looks random counts.
    # So does a word that merely follows another in a list or a call.
    sure = bool(_STRONG.fullmatch(name))
    if sure and head.rstrip().endswith(","):
        sure = bool(_SETS.search(match.string, max(0, match.start() - 120), match.start()))
    if not (_could_be(name, value) if sure else is_random(value, 20)):
        return None
    quote = match["quote"]
    return f"{head}{match['prefix']}{quote}", quote


def _could_be(name: str, value: str) -> bool:
    """Whether it is no label, message or name of a variable."""
    if len(value) < 3 or (name.lower() == "pwd" and re.match(r"[~./]|[A-Za-z]:[\\/]", value)):
        return False
    if value.isupper() and "_" in value and _SAYS_SO.search(value):
        return False
    # A sentence is a label or a message. A passphrase of several words is let through.
    return value.count(" ") <= 1


def in_shell(match: re.Match[str]) -> Keep:
    """A word of a shell, or what could be a reference in Python and does not look like one."""
    name, value, text = match["name"], match["value"], match.string
    if is_harmless(value):
        return None
    keep = match["head"], ""
    if not _STRONG.fullmatch(name):
        return keep if is_random(value, 12) else None
    line = text.rfind("\n", 0, match.start()) + 1
    before = text[line : match.start()][-200:]
    if (
        _SHELL_LINE.match(text, line, line + 40)
        or _SHELL_OPTION.search(before)
        or is_of_settings(text)
    ):
        return keep
    # Python has spaces around, or a name in small letters, and a comma or a call behind.
    ends = text[match.end() : match.end() + 1] in ("", "\n", "\r")
    if before.strip() or not ends or not match["whole"].isupper() or value.endswith(","):
        return None
    is_name = (
        value.isupper() or _SAYS_SO.search(value) or re.fullmatch(r"\w+(?:\.[A-Za-z_]\w*)+", value)
    )
    return None if is_name else keep


def in_environment(match: re.Match[str]) -> Keep:
    """The value of a variable of the environment."""
    value = match["value"]
    is_sure = _STRONG.fullmatch(match["name"]) is not None
    if is_harmless(value) or not (is_sure or is_random(value, 12)):
        return None
    return match["head"], ""


def in_yaml(match: re.Match[str]) -> Keep:
    """What Python would not have as an annotation."""
    value = match[2]
    looks_so = re.search(r"[\d!@$%^&*+~?]", value) and not re.match(r"[A-Z]\w*$", value)
    return tail(match) if looks_so else None


def option(match: re.Match[str]) -> Keep:
    """What follows an option of a command."""
    value, by = match["value"], match["by"]
    before = match.string[max(0, match.start() - 2) : match.start()]
    # `add_argument("--password", "…")` declares one.
    if is_harmless(value) or ("," in by and before.rstrip("'\"").endswith("(")):
        return None
    if len(value) < 6 and not match["sure"]:
        return None
    if by.isspace() and value.rstrip(".,:").lower() in _PROSE:
        return None
    return match["head"], ""


def pair(match: re.Match[str]) -> Keep:
    """The second of a name and its password."""
    value, quote = match["value"], match["quote"]
    if is_harmless(value):
        return None
    return f"{match[1]}{match['prefix']}{quote}", quote
