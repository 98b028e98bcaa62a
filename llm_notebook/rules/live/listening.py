"""What was asked to be called when a chart of matplotlib changes or is drawn."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from llm_notebook.context.typeinfo import derives, library_class
from llm_notebook.rules.live.homes import state_of
from llm_notebook.rules.live.sorts import module_of, sort_of

_MOST_AXES = 50


def listeners(artist: Any) -> list[Any]:
    """Functions and objects that hear of a change of a figure, of its axes or of what is on them.

    They are found by name: so much hangs on a figure that a search at large does not get there.
    """
    if "matplotlib" not in sys.modules or not module_of(type(artist)).startswith("matplotlib."):
        return []
    figure = _figure_of(artist)
    parts = [artist]
    if figure is not None:
        axes = state_of(figure).get("_localaxes")
        parts += [figure, *(axes[:_MOST_AXES] if type(axes) is list else ())]
    parts += [state_of(part).get(name) for part in tuple(parts) for name in ("xaxis", "yaxis")]
    heard = [found for part in parts if part is not None for found in _of(part)]
    return [one for one in heard if type(one) is FunctionType or sort_of(type(one)).is_own]


def _figure_of(artist: Any) -> Any:
    base = library_class("matplotlib.figure", "FigureBase")
    if base is not None and derives(type(artist), base):
        return artist
    state = state_of(artist)
    return state.get("_parent_figure", state.get("figure"))


def _of(part: Any) -> Iterator[Any]:
    registry = library_class("matplotlib.cbook", "CallbackRegistry")
    for value in tuple(state_of(part).values()):
        if registry is None or type(value) is not registry:
            continue
        by_signal = state_of(value).get("callbacks")
        for several in tuple(by_signal.values()) if type(by_signal) is dict else ():
            for reference in tuple(several.values()):
                yield from _behind(reference)


def _behind(reference: Any) -> Iterator[Any]:
    if type(reference) in (weakref.ref, weakref.WeakMethod):
        yield weakref.ref.__call__(reference)
        reference = getattr(reference, "_func_ref", None)
        if type(reference) is weakref.ref:
            yield weakref.ref.__call__(reference)
    else:
        yield state_of(reference).get("_obj")
