"""One value for each group: as a table, or as a chart."""

from __future__ import annotations

import msgspec

from llm_notebook.llm.offline.code import label, listed, quoted, said, sentence
from llm_notebook.llm.offline.framing import Frame
from llm_notebook.llm.offline.grammar import SAID, Ask
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time

_DAYS = '["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]'
GRAINS = {
    "year": '.dt.to_period("Y")', "quarter": '.dt.to_period("Q")', "month": '.dt.to_period("M")',
    "week": '.dt.to_period("W")', "day": '.dt.to_period("D")', "hour": ".dt.hour",
    "weekday": ".dt.day_name()",
}  # fmt: skip
_MARKS = {
    "bar": ".plot.bar(rot=0)", "stacked": ".plot.bar(stacked=True, rot=0)", "barh": ".plot.barh()",
    "line": ".plot.line()", "area": ".plot.area()", "pie": '.plot.pie(autopct="%1.0f%%")',
}  # fmt: skip


class Query(msgspec.Struct, frozen=True):
    """One value for each group.

    Attributes
    ----------
    keys : tuple of str
        Columns to group by.
    y, agg : str
        What is aggregated and how; without `y` the rows are counted.
    grain : str
        The time span into which the first key is cut; see `GRAINS`.
    limit : int
        How many groups to keep; 0: all.
    ascending : bool or None
        The order of the values, where `limit` needs one.
    """

    keys: tuple[str, ...]
    y: str = ""
    agg: str = ""
    grain: str = ""
    limit: int = 0
    ascending: bool | None = None


def grouped(reading: Reading, keys: list[str]) -> str:
    """The ``groupby`` call, without empty groups of unused categories."""
    categorical = any(reading.column(key).dtype.startswith("category") for key in keys)
    return f"{reading.frame}.groupby({listed(keys)}{', observed=True' if categorical else ''})"


def refuse_text(reading: Reading, names: list[str], agg: str) -> Refusal | None:
    """A refusal where one of the columns has no such aggregate."""
    for name in names:
        column = reading.column(name)
        fine = is_numeric(column) or (is_bool(column) and agg in ("mean", "sum"))
        if not fine and not (is_time(column) and agg in ("min", "max")):
            return Refusal(
                f"{name} holds {column.dtype} values, so it has no {agg}.",
                (f"count the rows by {name}",),
            )
    return None


def stacked(ask: Ask) -> Ask:
    """The same with its bars piled up, where the ask says "stacked by"."""
    frame = ask.frame_wanted
    if "stacked" not in ask.phrase("then") or frame.kind not in ("", "bar"):
        return ask
    frame = msgspec.structs.replace(frame, kind="stacked", plotted=True)
    return msgspec.structs.replace(ask, frame_wanted=frame)


def answered(ask: Ask, query: Query) -> Plan | Refusal | None:
    """The plan of a query in the ask's frame."""
    reading, frame = ask.reading, ask.frame_wanted
    if frame.kind in ("scatter", "box"):
        return None
    if query.y:
        refusal = refuse_text(reading, [query.y], query.agg)
        if refusal is not None:
            return refusal
    if query.y in query.keys or len(set(query.keys)) < len(query.keys):
        return Refusal("It uses one column twice.")
    if len(query.keys) > 2:
        return Refusal("The rules can group by two columns at most in a plot.")
    if query.grain and not is_time(reading.column(query.keys[0])):
        return Refusal(
            f"{query.keys[0]} does not hold dates yet.", (f"convert {query.keys[0]} to dates",)
        )
    what = f"{SAID[query.agg]} {said(query.y)}" if query.y else "number of rows"
    keys = [said(key) for key in query.keys]
    if query.grain:
        keys[0] = query.grain
    title = sentence(f"{what} by {' and '.join(keys)}")
    series = _series(reading, query)
    if query.limit:
        series += _limited(query)
        title = f"Top {query.limit}: {what} by {keys[0]}"
        if query.ascending:
            title = "Lowest" + title.removeprefix("Top")
    if frame.ascending is not None:
        ordered = _sorted(ask, query, frame)
        if ordered is None:
            return None
        series += ordered
    if not frame.plotted:
        return _table(reading, query, title, series, frame)
    return _chart(ask, query, title, series)


def _series(reading: Reading, query: Query) -> str:
    """The values, the groups as their index."""
    keys = list(query.keys)
    if query.grain:
        first = f"{reading.frame}[{quoted(keys[0])}]{GRAINS[query.grain]}"
        by = first if len(keys) == 1 else f"[{first}, {quoted(keys[1])}]"
        groups = f"{reading.frame}.groupby({by})"
    elif not query.y and len(keys) == 1:
        column = reading.column(keys[0])
        counted = f"{reading.frame}[{quoted(keys[0])}].value_counts()"
        # Numbers and dates have an order of their own.
        orderly = (is_numeric(column) or is_time(column)) and not query.limit
        return f"{counted}.sort_index()" if orderly else counted
    else:
        groups = grouped(reading, keys)
    values = f"{groups}[{quoted(query.y)}].{query.agg}()" if query.y else f"{groups}.size()"
    if query.grain == "weekday":
        values += f".reindex({_DAYS})" if len(keys) == 1 else f".reindex({_DAYS}, level=0)"
    return values


def _limited(query: Query) -> str:
    method = "nsmallest" if query.ascending else "nlargest"
    return f".{method}({query.limit})" if query.y or query.ascending else f".head({query.limit})"


def _sorted(ask: Ask, query: Query, frame: Frame) -> str | None:
    direction = "" if frame.drawn_ascending else "ascending=False"
    by = ask.reading.columns.get(frame.by, frame.by)
    if by == "x" or (by in query.keys and by != query.y):
        if len(query.keys) > 1 and by != "x" and by != query.keys[0]:
            return None
        return f".sort_index({direction})"
    if by in ("", "y") or by == query.y:
        return f".sort_values({direction})" if len(query.keys) == 1 else None
    return None


def _table(reading: Reading, query: Query, title: str, series: str, frame: Frame) -> Plan:
    why = ""
    if frame.ascending is not None:
        why = f"The {'lowest' if frame.ascending else 'highest'} stands first."
    return Plan(title, series, _said_of_grain(query, why))


def _said_of_grain(query: Query, why: str = "") -> str:
    if query.grain in ("month", "quarter", "week"):
        why = f"{why} The {query.grain}s of different years are kept apart.".strip()
    return why


def _chart(ask: Ask, query: Query, title: str, series: str) -> Plan | Refusal:
    frame = ask.frame_wanted
    first = ask.reading.column(query.keys[0])
    orderly = (is_time(first) or query.grain) and not query.limit and frame.by != "y"
    kind = frame.kind or ("line" if orderly and query.grain != "weekday" else "bar")
    y = f"{SAID[query.agg]} {label(query.y)}" if query.y else "number of rows"
    x = query.grain or label(query.keys[0])
    if kind == "pie" and len(query.keys) > 1:
        return Refusal("A pie chart shows one column of groups.")
    if kind == "pie" and query.agg in ("mean", "median", "min", "max", "std"):
        ask.reading.remarks.append(
            f"The slices are the {SAID[query.agg]} of each group, which are no parts of a whole."
        )
    if len(query.keys) == 2:
        series += ".unstack()"
    elif kind == "stacked":
        kind = "bar"
    if kind == "barh":
        x, y = y, x
    if kind == "pie":
        code = f'ax = {series}{_MARKS[kind]}\nax.set(title={quoted(title)}, ylabel="");'
    else:
        code = f"ax = {series}{_MARKS[kind]}\n{finished(title, x, y)}"
    return Plan(title, code, _said_of_grain(query))


def finished(title: str, x: str, y: str) -> str:
    """The line that sets the title and the labels."""
    return f"ax.set(title={quoted(title)}, xlabel={quoted(x)}, ylabel={quoted(y)});"
