"""Heat maps: of correlations, of an aggregate or of counts by two columns."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import grouped, refuse_text
from llm_notebook.llm.offline.schema import Table

_DRAWN = """\
fig, ax = plt.subplots()
image = ax.imshow({name}, aspect="auto"{more})
ax.set_xticks(range({name}.shape[1]), {name}.columns, rotation=45, ha="right")
ax.set_yticks(range({name}.shape[0]), {name}.index)
fig.colorbar(image, label={label})
"""


def _drawn(name: str, text: str, more: str = "") -> str:
    return _DRAWN.format(name=name, label=quoted(text), more=more)


def _correlations(ask: Ask) -> Plan:
    name = ask.scene.fresh("correlations")
    code = f"{name} = {ask.frame}.corr(numeric_only=True)\n"
    code += _drawn(name, "correlation", ', cmap="coolwarm", vmin=-1, vmax=1')
    return Plan("Correlations", f'{code}ax.set_title("Correlations");', uses=("plt",))


def _groups(ask: Ask) -> Plan | Refusal:
    y = ask.column("y") if ask.has("y") else ""
    rows, columns = ask.column("a"), ask.column("b")
    if len({y, rows, columns}) < 3:
        return Refusal("It uses one column twice.")
    agg = ask.agg() if y else ""
    refusal = refuse_text(ask.reading, [y], agg) if y else None
    if refusal is not None:
        return refusal
    what = f"{SAID[agg]} {said(y)}" if y else "number of rows"
    title = sentence(f"{what} by {said(rows)} and {said(columns)}")
    name = ask.scene.fresh("values")
    groups = grouped(ask.reading, [rows, columns])
    series = f"{groups}[{quoted(y)}].{agg}()" if y else f"{groups}.size()"
    code = f"{name} = {series}.unstack()\n" + _drawn(name, what)
    end = f"ax.set(title={quoted(title)}, xlabel={quoted(label(columns))},"
    return Plan(title, f"{code}{end} ylabel={quoted(label(rows))});", uses=("plt",))


def _offers(table: Table) -> Iterator[str]:
    if len(table.numeric()) > 2:
        yield f"heat map of the correlations of {table.name}"
    kinds = table.categories()
    if len(kinds) > 1:
        yield f"heat map of the number of rows by {kinds[0]} and {kinds[1]}"


_MAP = "heat_map|heatmap"

INTENT = Intent(
    "heat maps of correlations, aggregates or counts",
    (
        Rule(
            f"{{make}}? {_MAP} of|for|with? correlation|correlations|correlation_matrix {{data}}?"
            " columns?",
            _correlations,
        ),
        Rule(f"{{make}}? correlation {_MAP} {{data}}?", _correlations),
        Rule(f"{{make}}? correlation|correlations|correlation_matrix as {_MAP}", _correlations),
        Rule(f"{{make}}? {_MAP} of|for? {{agg}} of? <y> {{by}} <a> and|{{by}} <b>", _groups),
        Rule(
            f"{{make}}? {_MAP} of|for? count|number of? {{rows}}? {{by}} <a> and|{{by}} <b>",
            _groups,
        ),
        Rule(f"{{make}}? {{agg}} of? <y> {{by}} <a> and|{{by}} <b> as {_MAP}", _groups),
    ),
    (
        Example(
            "heat map of the correlations",
            "ax.get_title() == 'Correlations' and ax.images[0].get_array().shape == (2, 2)",
        ),
        Example(
            "heatmap of mean body mass by species and island",
            "ax.images[0].get_array()[2][1] == 5400",
        ),
        Example("heat map of the number of rows by island and sex", "len(ax.images) == 1"),
    ),
    _offers,
    rank=38,
)
