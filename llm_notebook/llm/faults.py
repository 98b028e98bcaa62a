"""What went wrong with a model, as a person reads it.

Client libraries have an exception tree each. They are told apart by the HTTP
status that they carry and by the names of their classes, so that none of them
needs to be imported.
"""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterator

from llm_notebook.core.errors import Problem
from llm_notebook.llm.providers import key_variable, where_keys_go
from llm_notebook.llm.wire import KEPT

_RETRIED = frozenset({429, 500, 502, 503, 504, 529})
_DETAIL = 300

DOWN = frozenset(
    {
        "model-missing-package",
        "model-missing-key",
        "model-auth",
        "model-quota",
        "model-server",
        "model-timeout",
        "model-unknown",
        "model-unreachable",
    }
)
"""The problems at which the next model of a chain takes over: this one is not to be had.

Not a refused request, nor a reply that is cut or cannot be read: those are
about the ask, and a person should see them.
"""

_TYPES = {
    "overloaded_error": 529,
    "api_error": 500,
    "server_error": 500,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "authentication_error": 401,
}
"""The status of an error that a service sends inside a stream which began with 200."""

_USED_UP = ("insufficient_quota", "credit balance is too low")
_BAD_KEY = ("API_KEY_INVALID", "API key not valid")
"""How Google refuses a key, with HTTP 400."""
_DELAY = re.compile(r"retryDelay[\"']+:\s*[\"']([\d.]+)s")
"""How Google says when to come back, in the body."""
_NOTHING = "No generation"
"""How LangChain says that a stream held nothing, such as a proxy's page instead of a reply."""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _names(error: BaseException) -> set[str]:
    return {cls.__name__ for link in _chain(error) for cls in type(link).__mro__}


def status_of(error: BaseException) -> int | None:
    """The HTTP status that an exception or one of its causes carries."""
    for link in _chain(error):
        for holder in (link, getattr(link, "response", None)):
            for field in ("status_code", "code"):
                value = getattr(holder, field, None)
                if isinstance(value, int) and 400 <= value < 600:
                    return 401 if _says(error, _BAD_KEY) else value
    return next((_TYPES[name] for name in _types(error) if name in _TYPES), None)


def _types(error: BaseException) -> Iterator[str]:
    """What a service calls an error that it sends in the middle of a reply."""
    for link in _chain(error):
        body = getattr(link, "body", None)
        inner = body.get("error", body) if isinstance(body, dict) else None
        for holder in (inner if isinstance(inner, dict) else {}, vars(link)):
            yield from (str(holder[field]) for field in ("type", "code") if holder.get(field))


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    said = [f"{link} {getattr(link, 'code', '')}" for link in _chain(error)]
    return any(word in text for text in said for word in words)


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the same request may succeed in a moment."""
    return status_of(error) in _RETRIED and not _is_quota_used_up(error)


def _is_quota_used_up(error: BaseException) -> bool:
    return _says(error, _USED_UP)


def retry_after(error: BaseException) -> float | None:
    """The seconds that the server asked to wait."""
    for link in _chain(error):
        headers = getattr(getattr(link, "response", None), "headers", None)
        value = headers.get("retry-after") if headers is not None else None
        if not value:
            continue
        try:
            return max(0.0, float(value))
        except ValueError:
            date = email.utils.parsedate_tz(value)
            if date is not None:
                return max(0.0, email.utils.mktime_tz(date) - time.time())
    found = (_DELAY.search(str(link)) for link in _chain(error))
    return next((float(match[1]) for match in found if match), None)


def explain(error: BaseException, model: str, *, started: bool) -> Problem:
    """The problem that an exception amounts to.

    Parameters
    ----------
    error : BaseException
    model : str
        ``provider:model`` as asked for.
    started : bool
        Whether part of the reply had arrived.
    """
    status = status_of(error)
    detail = " ".join(str(error).split())[:_DETAIL]

    def problem(code: str, message: str, next: str) -> Problem:
        return Problem(code, message, KEPT, next)

    if status in (401, 403):
        variable = key_variable(model)
        return problem(
            "model-auth",
            f"The service of {model} did not accept the key (HTTP {status}).",
            f"Check the key {variable} and that it may use this model. {where_keys_go(variable)}"
            if variable
            else "Check the key and that it may use this model, then ask again.",
        )
    if status is not None and _is_quota_used_up(error):
        return problem(
            "model-quota",
            f"The quota for {model} is used up (HTTP {status}).",
            "Look at the plan and billing of this key, or choose another model.",
        )
    if status == 429:
        return problem(
            "model-quota",
            f"The service of {model} says that it is asked too often (HTTP 429).",
            "Wait a little and ask again, or choose another model.",
        )
    if status == 404:
        return problem(
            "model-unknown",
            f"The service does not know the model {model} (HTTP 404: {detail}).",
            "Check the model's name and the server's address.",
        )
    if status is not None and status >= 500:
        return problem(
            "model-server",
            f"The service of {model} failed (HTTP {status}).",
            "Ask again in a moment, or choose another model.",
        )
    if status is not None and status >= 400:
        return problem(
            "model-request",
            f"The service of {model} refused the request (HTTP {status}: {detail}).",
            "Show it less, or choose another model.",
        )
    return _without_status(error, model, detail, started=started)


def _without_status(error: BaseException, model: str, detail: str, *, started: bool) -> Problem:
    names = _names(error)
    transport = names & {
        "TransportError",
        "APIConnectionError",
        "ConnectError",
        "ConnectionError",
        "OSError",
    }
    if names & {"TimeoutException", "APITimeoutError", "TimeoutError"}:
        return Problem(
            "model-timeout",
            f"{model} did not answer in time.",
            KEPT,
            "Ask again, or choose a faster model.",
        )
    if started and transport:
        return cut(model)
    if transport:
        return Problem(
            "model-unreachable",
            f"The service of {model} cannot be reached ({detail}).",
            KEPT,
            "Check the network, and that the server runs at the address that is set.",
        )
    if "JSONDecodeError" in names or detail.startswith(_NOTHING):
        return Problem(
            "model-reply",
            f"What the service of {model} sent is not the reply of a model ({detail}).",
            KEPT,
            "Check that the address that is set is a model server's, then ask again.",
        )
    return Problem(
        "model-failed",
        f"{model} failed ({type(error).__name__}: {detail}).",
        KEPT,
        "Ask again, or choose another model.",
    )


def cut(model: str) -> Problem:
    """The stream ended before the reply did."""
    return Problem(
        "model-cut",
        f"The reply of {model} was cut off on the way.",
        KEPT,
        "Ask again; nothing of a part of a reply is offered.",
    )


def too_late(model: str, deadline: float) -> Problem:
    """The reply was not whole when its time was up."""
    return Problem(
        "model-timeout",
        f"{model} had not finished after {round(deadline, 1):g} seconds, so it was stopped.",
        KEPT,
        "Ask again, ask for less, or choose a faster model.",
    )
