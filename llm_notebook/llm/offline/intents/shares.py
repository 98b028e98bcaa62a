"""Shares of a whole: of rows or of a total."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered, grouped, refuse_text


def _rows(ask: Ask) -> Result | None:
    x, frame = ask.column("x"), ask.frame_wanted
    if frame.kind == "pie" and frame.ascending is None:
        return answered(ask, Query((x,)))
    if frame.plotted or frame.ascending is not None:
        return None
    code = f"{ask.frame}[{quoted(x)}].value_counts(normalize=True)"
    return Plan(f"Share of rows by {said(x)}", code)


def _total(ask: Ask) -> Plan | Refusal | None:
    y, x, frame = ask.column("y"), ask.column("x"), ask.frame_wanted
    if frame.plotted or frame.ascending is not None:
        return None
    refusal = refuse_text(ask.reading, [y], "sum")
    if refusal is not None:
        return refusal
    if x == y:
        return Refusal("It uses one column twice.")
    totals = ask.scene.fresh("totals")
    code = f"{totals} = {grouped(ask.reading, [x])}[{quoted(y)}].sum()\n{totals} / {totals}.sum()"
    return Plan(f"Share of the total {said(y)} by {said(x)}", code)


_SHARE = "share|proportion|percentage|fraction|shares|proportions|percentages|percent"

INTENT = Intent(
    "shares of the rows or of a total",
    (
        Rule(f"{{show}}? {_SHARE} of? {{rows}} {{by}}|in <x>", _rows, frames=True),
        Rule(
            f"{{show}}? {_SHARE} of|about count|number|total_number of? {{rows}}? {{by}} <x>",
            _rows,
            frames=True,
        ),
        Rule(f"{{show}}? {_SHARE} of each|every|different <x>", _rows, frames=True),
        Rule(f"{{show}}? {_SHARE} of sum|total of? <y> {{by}} <x>", _total, frames=True),
    ),
    (
        Example("share of rows by island", "_['Torgersen'] == 0.25"),
        Example("percentage of each species", "_['Adelie'] == 0.5"),
        Example("share of the total body mass by island", "_['Dream'] == 13000 / 32500"),
        Example("proportion of rows by island as a pie chart", "len(ax.patches) == 3"),
    ),
    rank=37,
)
