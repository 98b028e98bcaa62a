"""What tokens cost, for the few models of which that is known.

A price that is not known is not guessed: the cost is then not shown. A person's
own prices, by ``provider:model``, count before the table.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from llm_notebook.core.proposal import Price
from llm_notebook.llm.keys import keys_path
from llm_notebook.llm.names import read_name

READ = "2026-11"
"""When the table was last compared with its sources."""

SOURCES = {
    "openai": "developers.openai.com/api/docs/pricing",
    "anthropic": "platform.claude.com/docs/about-claude/pricing",
}

TABLE = {
    # US dollars for a million tokens read, written, and read from the service's cache.
    "openai:gpt-5": Price(1.25, 10.0, 0.125),
    "openai:gpt-5-mini": Price(0.25, 2.0, 0.025),
    "openai:gpt-5.4": Price(2.5, 15.0, 0.25),
    "openai:gpt-5.4-mini": Price(0.75, 4.5, 0.075),
    "openai:gpt-5.5": Price(5.0, 30.0, 0.5),
    "anthropic:claude-haiku-4-5": Price(1.0, 5.0, 0.1),
    "anthropic:claude-sonnet-5": Price(2.0, 10.0, 0.2),
    "anthropic:claude-sonnet-5-5": Price(2.0, 10.0),
    "anthropic:claude-opus-5": Price(5.0, 25.0, 0.5),
    "anthropic:claude-opus-5-5": Price(4.0, 20.0, 0.2),
}

_DATE = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2})$")
"""How services name the day on which a model was fixed; its price is the model's."""

_MILLION = 1_000_000


def own_prices() -> dict[str, Price]:
    """A person's own prices: ``llm_notebook_prices.json`` beside the file with the keys.

    It holds ``{"provider:model": {"read": 0.5, "written": 2.0}}``. One that
    cannot be read counts as none.
    """
    path = Path(os.environ.get("LLM_NOTEBOOK_PRICES") or keys_path().parent / _FILE)
    try:
        return msgspec.json.decode(path.expanduser().read_bytes(), type=dict[str, Price])
    except (OSError, msgspec.MsgspecError):
        return {}


_FILE = "llm_notebook_prices.json"


def price_of(
    model: str, own: Mapping[str, Price] | None = None, *, is_own_server: bool = True
) -> Price | None:
    """The price of a model, or None where it is not known.

    Parameters
    ----------
    model : str
        ``provider:model``, with its address where it has one.
    own : mapping of str to Price, optional
        A person's own prices.
    is_own_server : bool
        Whether the provider itself serves it. Somebody else's server has
        prices of its own, also for a model of the same name.
    """
    own = own or {}
    for name in (model, _DATE.sub("", model)):
        if name in own:
            return own[name]
        if is_own_server and not read_name(model).url and name in TABLE:
            return TABLE[name]
    return None


def cost_of(price: Price | None, read: int, written: int, cached: int, stored: int) -> float | None:
    """US dollars for one reply, or None where a part of it has no known price.

    Parameters
    ----------
    price : Price or None
    read, written : int
        Tokens. `read` counts those from the cache too.
    cached : int
        Tokens read from the service's cache.
    stored : int
        Tokens put into it, which services price in ways of their own.
    """
    if price is None or stored or (cached and price.cached is None):
        return None
    fresh = (read - cached) * price.read + cached * (price.cached or 0.0)
    return (fresh + written * price.written) / _MILLION
