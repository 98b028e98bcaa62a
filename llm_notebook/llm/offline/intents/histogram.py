"""The distribution of a column: a histogram of numbers, bars of anything else."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import label, quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered, finished
from llm_notebook.llm.offline.schema import Table, is_numeric

_MOST_BINS = 1000


def _histogram(ask: Ask) -> Plan | Refusal:
    x = ask.column("x")
    if not is_numeric(ask.reading.column(x)):
        return Refusal(
            f"{x} does not hold numbers, so it has no histogram.",
            (f"plot the number of rows by {x}",),
        )
    bins = ask.number("bins", 30)
    if not 1 <= bins <= _MOST_BINS:
        return Refusal(f"A histogram of {bins} bins cannot be read.")
    title = f"Distribution of {said(x)}"
    code = f"ax = {ask.frame}[{quoted(x)}].plot.hist(bins={bins})"
    return Plan(title, f"{code}\n{finished(title, label(x), 'number of rows')}")


def _width(ask: Ask) -> Plan | Refusal:
    x, width = ask.column("x"), ask.text("width")
    if not is_numeric(ask.reading.column(x)):
        return Refusal(f"{x} does not hold numbers, so it has no histogram.")
    if float(width) <= 0:
        return Refusal("A bin is wider than 0.")
    values = f"{ask.frame}[{quoted(x)}]"
    title = f"Distribution of {said(x)}"
    code = (
        f"low, high = {values}.min(), {values}.max()\n"
        f"bins = np.arange(low // {width} * {width}, high + {width}, {width})\n"
        f"ax = {values}.plot.hist(bins=bins)"
    )
    code += f"\n{finished(title, label(x), 'number of rows')}"
    return Plan(title, code, uses=("np",))


def _distribution(ask: Ask) -> Result | None:
    if ask.frame_wanted.kind == "box":
        return None
    if is_numeric(ask.reading.column(ask.column("x"))) and not ask.frame_wanted.kind:
        return _histogram(ask)
    if is_numeric(ask.reading.column(ask.column("x"))):
        return None
    plotted = ask.frame_wanted
    if not plotted.plotted:
        x = quoted(ask.column("x"))
        title = f"Number of rows by {said(ask.column('x'))}"
        code = f"ax = {ask.frame}[{x}].value_counts().plot.bar(rot=0)"
        return Plan(title, f"{code}\n{finished(title, label(ask.column('x')), 'number of rows')}")
    return answered(ask, Query((ask.column("x"),)))


def _by(ask: Ask) -> Plan | Refusal:
    x, g = ask.column("x"), ask.column("g")
    if not is_numeric(ask.reading.column(x)):
        return Refusal(f"{x} does not hold numbers, so it has no histogram.")
    if x == g:
        return Refusal("It uses one column twice.")
    title = f"Distribution of {said(x)} by {said(g)}"
    groups = f"{ask.frame}.groupby({quoted(g)})[{quoted(x)}]"
    if ask.reading.column(g).dtype.startswith("category"):
        groups = f"{ask.frame}.groupby({quoted(g)}, observed=True)[{quoted(x)}]"
    code = f"""\
fig, ax = plt.subplots()
for name, values in {groups}:
    ax.hist(values.dropna(), bins=30, alpha=0.6, label=str(name))
ax.legend(title={quoted(label(g))})
{finished(title, label(x), "number of rows")}"""
    return Plan(title, code, uses=("plt",))


def _offers(table: Table) -> Iterator[str]:
    for name in [n for n in table.numeric() if not n.lower().endswith("id")][:2]:
        yield f"histogram of {name}"


_OF = "of|for|with|showing|for_distribution_of|showing_distribution_of|of_distribution_of|to_show"
_HIST = "histogram|histograms|hist|histogram_plot|histogram_chart"

INTENT = Intent(
    "a histogram, or the distribution of a column",
    (
        Rule(f"{{make}}? {_HIST} {_OF}? <x>", _histogram),
        Rule(f"{{make}}? {_HIST} {_OF}? <x> with|in|into|using <bins#> bins|buckets", _histogram),
        Rule(
            f"{{make}}? {_HIST} {_OF}? <x> and|with|using? bin|bins width|size|of of? <width~>",
            _width,
        ),
        Rule(f"{{make}}? {_HIST} of? <x> values|column", _histogram),
        Rule(f"{{plot}} <x> {_HIST}", _histogram),
        Rule(f"{{make}}? distribution of <x> as|in|with|using {_HIST}", _histogram),
        Rule(f"{{make}}? {_HIST} {_OF}? <x> {{by}} <g>", _by),
        Rule("{make}? distribution of? <x>", _distribution, frames=True),
        Rule("{make}? distribution of <x> {by} <g>", _by),
        Rule("what does distribution of <x> look_like", _distribution),
        Rule("how is|are <x> distributed", _distribution),
    ),
    (
        Example("histogram of body mass", "sum(bar.get_height() for bar in ax.patches) == 8"),
        Example("show me a histogram of body mass with 5 bins", "len(ax.patches) == 5"),
        Example(
            "histogram of body mass with a bin width of 500",
            "[bar.get_x() for bar in ax.patches][:2] == [3500, 4000]",
        ),
        Example("distribution of bill length", "sum(bar.get_height() for bar in ax.patches) == 8"),
        Example("distribution of species", "len(ax.patches) == 3"),
        Example("histogram of body mass by species", "len(ax.get_legend().get_texts()) == 3"),
        Example("histogram of species", "'has no histogram' in declined"),
        Example("histogram of body mass", "'for pandas only' in declined", library="polars"),
    ),
    _offers,
)
