"""What a published ask should come to: tables made for it, and its gold carried out on them."""

from __future__ import annotations

import random
import re
import zlib
from typing import Any

import pandas as pd

ROWS = 60
_WORDS = ["alpha", "beta", "Delta", "sigma", "omega"]
_KIND = {"arc": "pie", "point": "scatter"}
_CHART = re.compile(
    r"\b(bar|bars|barchart|pie|line|linechart|scatter\w*|histogram|box ?plot|area|trend line|chart"
    r"|graph)\b",
    re.I,
)
_BINNED = re.compile(r"\b(bin\w*|year|week\w*|month|day)\b", re.I)
_AGGREGATED = re.compile(
    r"\b(how many|how much|number|total|sum|average|mean|highest|lowest|minimum|maximum|smallest"
    r"|largest|count|amount)\b",
    re.I,
)
_GRAINS = {"year": "Y", "month": "M"}
_AGGREGATES = {"avg": "mean", "mean": "mean", "sum": "sum", "min": "min", "max": "max"}
_CONDITION = re.compile(
    r"(?P<column>.+?) (?:(?P<op>=|!=|<=|>=|<|>|like) (?P<value>\"[^\"]*\"|\S+)"
    r"|between (?P<low>\S+) (?P<high>\S+)|(?P<null>notnull))"
)


class Gold:
    """The gold of one ask, in the notation of the data files.

    ``bar X mean Y color Z where A > 3 or B like a bin year sort y asc`` for a
    chart, ``avg Y where A = 3 and B = "b"`` for a value, ``rows ...`` where
    only a person can tell.
    """

    def __init__(self, ask: str, text: str, columns: dict[str, str]) -> None:
        self.ask, self.columns = ask, columns
        main, _, rest = text.partition(" where ")
        tail = re.search(r"(?: bin (\w+))?(?: sort (\w) (\w+))?$", rest or main)
        assert tail is not None
        self.grain, self.sort, self.direction = tail.groups()
        head = (rest or main)[: tail.start()]
        main, condition = (main, head) if rest else (head, "")
        self.any = " or " in condition
        self.conditions = [
            found
            for part in re.split(r" and | or ", condition)
            if (found := _CONDITION.fullmatch(part)) is not None
        ]
        self.names_chart = _CHART.search(ask) is not None
        chart = re.fullmatch(
            r"(bar|arc|line|point|area|hist|box) (\S+)(?: (\w+) (\S+))?(?: color (\S+))?", main
        )
        self.by_hand = main.startswith("rows")
        self.kind = ""
        if chart is not None:
            self.kind = _KIND.get(chart[1], chart[1])
            self.x, self.agg, self.y, self.color = chart[2], chart[3] or "", chart[4], chart[5]
        elif not self.by_hand:
            agg, _, column = main.partition(" ")
            known = agg in (*_AGGREGATES, "count") and column in columns
            self.agg, self.y = (agg, column) if known else ("", main)
        if self.grain and not _BINNED.search(ask):
            self.grain = None
        if not self.kind and not self.by_hand and not _AGGREGATED.search(ask):
            self.agg = ""

    def table(self) -> pd.DataFrame:
        """A table of random values in which every condition holds for some rows."""
        seeded = random.Random(zlib.crc32(self.ask.encode()))
        made: dict[str, list[Any]] = {}
        for name, kind in self.columns.items():
            wanted = [_value(text) for text in self._values(name)]
            if kind == "n":
                # A condition is about whole numbers here: some rows lie on each side and on it.
                near = [v + d for v in wanted if isinstance(v, int | float) for d in (-2, 0, 0, 2)]
                pool = near or list(range(1, 40))
                made[name] = [seeded.choice(pool) for _ in range(ROWS)]
            elif kind == "d":
                days = pd.date_range("2001-01-01", "2003-12-31")
                made[name] = [seeded.choice(days) for _ in range(ROWS)]
            else:
                pool = [str(v) for v in wanted] * 4 + _WORDS
                made[name] = [seeded.choice(pool) for _ in range(ROWS)]
        return pd.DataFrame(made)

    def _values(self, column: str) -> list[str]:
        return [
            text
            for found in self.conditions
            if found["column"] == column
            for text in (found["value"], found["low"], found["high"])
            if text
        ]

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that the gold is about."""
        masks = [_mask(frame[found["column"]], found) for found in self.conditions]
        if not masks:
            return frame
        joined = pd.concat(masks, axis=1)
        return frame[joined.any(axis=1) if self.any else joined.all(axis=1)]

    def pairs(self, frame: pd.DataFrame) -> list[tuple[str, ...]]:
        """Key (and colour) and value of everything that the chart shows, as text."""
        rows = self.rows(frame)
        key = rows[self.x]
        if self.grain == "weekday":
            key = key.dt.day_name()
        elif self.grain:
            key = key.dt.to_period(_GRAINS[self.grain])
        keys = [key] if not self.color else [key, rows[self.color]]
        if self.agg in ("none", ""):
            columns = [*keys, rows[self.y]]
            return [tuple(map(told, row)) for row in zip(*columns, strict=True)]
        groups = rows.groupby([k.rename(i) for i, k in enumerate(keys)])
        if self.agg == "count":
            values = groups.size()
        elif self.agg == "nunique":
            values = groups[self.y].nunique()
        else:
            values = groups[self.y].agg(_AGGREGATES[self.agg])
        flat = values.rename("value").reset_index()
        return [tuple(map(told, row)) for row in flat.itertuples(index=False)]

    def values(self, frame: pd.DataFrame) -> list[str]:
        """The value, or the values of a column."""
        column = self.rows(frame)[self.y]
        if self.agg == "count":
            return [told(column.count())]
        if self.agg:
            return [told(column.agg(_AGGREGATES[self.agg]))]
        return [told(value) for value in column]


def told(value: Any) -> str:
    """A value as text, the same for 3 and 3.0."""
    if isinstance(value, str):
        return value
    try:
        return f"{float(value):.6g}"
    except (TypeError, ValueError):
        return str(value)


def _value(text: str) -> Any:
    if text.startswith('"'):
        return text.strip('"')
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text.replace("%", "")


def _mask(column: pd.Series, found: re.Match[str]) -> pd.Series:
    if found["null"]:
        return column.notna()
    if found["low"]:
        return column.between(_value(found["low"]), _value(found["high"]))
    value, op = _value(found["value"]), found["op"]
    if op == "like":
        folded = column.str.lower()
        ends = found["value"].startswith("%")
        return folded.str.endswith(value) if ends else folded.str.contains(value, regex=False)
    if column.dtype == object or str(column.dtype) == "str":
        value = str(value)
    return {
        "=": column == value, "!=": column != value, "<": column < value, ">": column > value,
        "<=": column <= value, ">=": column >= value,
    }[op]  # fmt: skip
