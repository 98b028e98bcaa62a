"""What a chart that is told as JSON has the page load from elsewhere.

A dry run cannot see it: the address may be made of the data only where the chart is
drawn. So what could load at all counts, whatever the address is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

LONGEST = 2_000_000
"""Characters of a chart that are read; a longer one is not known."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[\\/]|^[\s\x00-\x1f]*[\\/]{2}|\bdata:text", re.I)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*\Z")
_LINK = re.compile(r"<\s*a\b", re.I)
_SCHEMA = re.compile(r"https://vega\.github\.io/schema/vega(-lite)?/v[\d.]+\.json\Z")
_OF_PLOTLY = frozenset(("https://plot.ly", "https://chart-studio.plotly.com"))
_MAPS = re.compile(r"(geo|map|mapbox)\d*\Z")

_LOADED = frozenset(("url", "href", "src", "source", "geojson", "topojsonURL"))
"""Keys under which an address stands, or what it is made of."""

_Found = Iterator[tuple[str, Any]]


def loads(kind: str, text: str, metadata: str = "{}") -> str:
    """What an output of a JSON type loads, in a few words; empty for nothing.

    Parameters
    ----------
    kind : str
        Its MIME type.
    text, metadata : str
        JSON text of the output and of its metadata.
    """
    if "geo+json" in kind:
        return "a map, which is drawn on pictures from another machine"
    if len(text) > LONGEST:
        return "a chart that is too long to be read"
    try:
        found, more = json.loads(text), json.loads(metadata)
    except (ValueError, RecursionError):
        return "a chart that cannot be read"
    if "vega" in kind:
        return _of_vega(found, more)
    return _of_plotly(found) if "plotly" in kind else _of_any(_walk(found))


def _walk(value: Any, skipped: Iterable[str] = ()) -> _Found:
    """Every key with what stands under it; items of a list under the key of the list."""
    skipped = frozenset(skipped)
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        key, at = waiting.pop()
        if isinstance(at, dict):
            for name, inner in at.items():
                yield name, inner
                if name not in skipped:
                    waiting.append((name, inner))
        elif isinstance(at, list):
            for inner in at:
                if isinstance(inner, str):
                    yield key, inner
                else:
                    waiting.append((key, inner))


def _of_any(found: _Found) -> str:
    for _, value in found:
        if isinstance(value, str) and _ADDRESS.search(value) and not _PICTURE.match(value):
            return "an output that loads from another machine"
    return ""


# -- Vega and Vega-Lite --------------------------------------------------------------------


def _of_vega(chart: Any, metadata: Any) -> str:
    rows, chart = _without_rows(chart)
    words: set[str] = set()
    has_tooltip = False
    for key, value in _walk(chart):
        if key == "$schema":
            if not isinstance(value, str) or not _SCHEMA.match(value):
                return "a chart of an unknown kind"
            continue
        if key in _LOADED and not (isinstance(value, str) and _PICTURE.match(value)):
            return "a chart that loads from or leads to an address"
        if key in ("mark", "type") and value == "image":
            return "a chart of pictures, which it loads"
        if isinstance(value, str):
            if _ADDRESS.search(value) and not _PICTURE.match(value):
                return "a chart with an address of another machine"
            words.update(re.findall(r"\w+", value))
        words.add(key)
        has_tooltip = has_tooltip or (key == "tooltip" and bool(value))
    # What is called so in a tooltip is shown as a picture, and loaded for it.
    if has_tooltip and ("image" in words or any("image" in row for row in rows)):
        return "a chart that loads a picture for its tooltip"
    for options in (chart, metadata):
        for key, value in _walk(options):
            if key in ("embedOptions", "embed_options") and _is_loading(value):
                return "a chart whose settings are loaded"
    return ""


def _without_rows(chart: Any) -> tuple[list[Any], Any]:
    """The rows of its data, which nothing loads by themselves, and the chart without them."""
    rows: list[Any] = []

    def taken(value: Any) -> None:
        rows.extend(row for row in value if isinstance(row, dict))

    if not isinstance(chart, dict):
        return rows, chart
    sets = chart.get("datasets")
    if isinstance(sets, dict) and all(isinstance(one, list) for one in sets.values()):
        for one in sets.values():
            taken(one)
        chart = {key: value for key, value in chart.items() if key != "datasets"}
    for key, value in tuple(_walk(chart)):
        for data in value if isinstance(value, list) else [value]:
            if key == "data" and isinstance(data, dict) and isinstance(data.get("values"), list):
                taken(data["values"])
                data["values"] = []
    return rows, chart


def _is_loading(options: Any) -> bool:
    if not isinstance(options, dict):
        return True
    is_text = any(isinstance(options.get(name), str) for name in ("config", "patch"))
    return is_text or "loader" in options or bool(_of_any(_walk(options)))


# -- plotly ----------------------------------------------------------------------------------


def _of_plotly(chart: Any) -> str:
    for key, value in _walk(chart):
        if isinstance(value, str):
            if key.rpartition(".")[2] in _LOADED and not _PICTURE.match(value):
                return "a chart that loads a picture or a map"
            # What a button sets is named in a text: `["images[0].source", "…"]`.
            if key == "args" and (_is_map(value) or any(name in value for name in _LOADED)):
                return "a chart that loads a picture or a map"
            if _LINK.search(value):
                return "a chart that leads to another machine"
    for key, value in _walk(chart, ("template",)):
        if key == "type" and isinstance(value, str) and _is_map(value):
            return "a map, which is loaded from another machine"
        if _MAPS.match(key) and isinstance(value, dict):
            return "a map, which is loaded from another machine"
    return _of_any((key, value) for key, value in _single(chart) if not _is_plotly_s(key, value))


def _is_plotly_s(key: str, value: Any) -> bool:
    return key == "plotlyServerURL" and isinstance(value, str) and value in _OF_PLOTLY


def _is_map(trace: str) -> bool:
    is_heat = trace in ("heatmap", "treemap")
    return trace == "choropleth" or (trace.endswith(("geo", "map", "mapbox")) and not is_heat)


def _single(value: Any) -> _Found:
    """Texts that are no items of lists: those are data, which nothing loads."""
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, list):
            waiting += at
        elif isinstance(at, dict):
            waiting += at.values()
            yield from at.items()
