"""Plots: bars and lines of aggregates, scatter, histogram, box."""

from __future__ import annotations

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Example, Plan, Refusal, Rule
from llm_notebook.llm.offline.intents.aggregate import grouped, refuse_text
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time

_CATEGORY_MARKS = {"bar": ".plot.bar(rot=0)", "barh": ".plot.barh()", "line": ".plot.line()"}


def _kind(ask: Ask, x: str) -> str:
    """The kind that was asked for; else a line over time and bars over anything else."""
    phrase = ask.phrase("kind")
    if phrase.startswith("horizontal"):
        return "barh"
    if phrase:
        return "line" if phrase.startswith("line") else "bar"
    return "line" if is_time(ask.reading.column(x)) else "bar"


def _finish(title: str, x: str, y: str) -> str:
    return f"ax.set(title={quoted(title)}, xlabel={quoted(x)}, ylabel={quoted(y)});"


def _marks(data: str, kind: str, title: str, x: str, y: str) -> str:
    if kind == "barh":
        x, y = y, x
    return f"ax = {data}{_CATEGORY_MARKS[kind]}\n{_finish(title, x, y)}"


def _aggregate(ask: Ask) -> Plan | Refusal:
    agg, y, x = ask.agg(), ask.column("y"), ask.column("x")
    keys = [x] + ([ask.column("g")] if ask.has("g") else [])
    refusal = refuse_text(ask.reading, [y], agg)
    if refusal:
        return refusal
    if y in keys or len(set(keys)) < len(keys):
        return Refusal("It uses one column twice.")
    title = sentence(f"{SAID[agg]} {said(y)} by {' and '.join(map(said, keys))}")
    data = f"{grouped(ask.reading, keys)}[{quoted(y)}].{agg}()"
    if len(keys) == 2:
        data += ".unstack()"
    code = _marks(data, _kind(ask, x), title, label(x), f"{SAID[agg]} {label(y)}")
    return Plan(title, code)


def _counts(ask: Ask) -> Plan:
    x = ask.column("x")
    column = ask.reading.column(x)
    title = f"Number of rows by {said(x)}"
    data = f"{ask.frame}[{quoted(x)}].value_counts()"
    if is_numeric(column) or is_time(column):
        data += ".sort_index()"
    return Plan(title, _marks(data, _kind(ask, x), title, label(x), "number of rows"))


def _distribution(ask: Ask) -> Plan | Refusal:
    numeric = is_numeric(ask.reading.column(ask.column("x")))
    return _histogram(ask) if numeric else _counts(ask)


def _one(ask: Ask) -> Plan | Refusal:
    """A plot of one column without more: clear for categories only."""
    x = ask.column("x")
    if not _is_continuous(ask.reading, x):
        return _counts(ask)
    return Refusal(
        f"{x} could be shown in several ways.",
        (f"histogram of {x}", f"box plot of {x}", f"plot the number of rows by {x}"),
    )


def _histogram(ask: Ask) -> Plan | Refusal:
    x = ask.column("x")
    if not is_numeric(ask.reading.column(x)):
        return Refusal(
            f"{x} does not hold numbers, so it has no histogram.",
            (f"plot the number of rows by {x}",),
        )
    title = f"Distribution of {said(x)}"
    bins = ask.number("bins", 30)
    if not 1 <= bins <= 1000:
        return Refusal(f"A histogram of {bins} bins cannot be read.")
    code = f"ax = {ask.frame}[{quoted(x)}].plot.hist(bins={bins})"
    return Plan(title, f"{code}\n{_finish(title, label(x), 'number of rows')}")


def _box(ask: Ask) -> Plan | Refusal:
    y = ask.column("y")
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers, so it has no box plot.")
    if not ask.has("x"):
        title = f"Distribution of {said(y)}"
        code = f"ax = {ask.frame}[{quoted(y)}].plot.box()"
        return Plan(title, f"{code}\nax.set(title={quoted(title)}, ylabel={quoted(label(y))});")
    x = ask.column("x")
    title = sentence(f"{said(y)} by {said(x)}")
    code = f"ax = {ask.frame}.boxplot(column={quoted(y)}, by={quoted(x)}, grid=False)"
    # pandas puts a second title over the figure.
    return Plan(title, f'{code}\nax.figure.suptitle("")\n{_finish(title, label(x), label(y))}')


def _scatter(ask: Ask) -> Plan | Refusal:
    x, y = ask.column("x"), ask.column("y")
    for name in (x, y):
        if not (is_numeric(ask.reading.column(name)) or is_time(ask.reading.column(name))):
            return Refusal(f"{name} does not hold numbers, so it cannot be in a scatter plot.")
    if x == y:
        return Refusal("It uses one column twice.")
    title = sentence(f"{said(y)} against {said(x)}")
    if not ask.has("c"):
        code = f"ax = {ask.frame}.plot.scatter(x={quoted(x)}, y={quoted(y)})"
        return Plan(title, f"{code}\n{_finish(title, label(x), label(y))}")
    c = ask.column("c")
    if is_numeric(ask.reading.column(c)):
        marks = f'x={quoted(x)}, y={quoted(y)}, c={quoted(c)}, colormap="viridis"'
        code = f"ax = {ask.frame}.plot.scatter({marks})\n{_finish(title, label(x), label(y))}"
        return Plan(f"{title}, by {said(c)}", code)
    code = f"""\
fig, ax = plt.subplots()
for name, group in {grouped(ask.reading, [c])}:
    ax.scatter(group[{quoted(x)}], group[{quoted(y)}], label=name)
ax.legend(title={quoted(label(c))})
{_finish(title, label(x), label(y))}"""
    return Plan(f"{title}, by {said(c)}", code, uses=("plt",))


def _line(ask: Ask) -> Plan | Refusal:
    x, ys = ask.column("x"), ask.columns("y")
    if x in ys:
        return Refusal("It uses one column twice.")
    for name in ys:
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers, so it cannot be a line.")
    if not _is_continuous(ask.reading, x):
        return _which_aggregate(ys[0], x)
    title = sentence(f"{' and '.join(map(said, ys))} over {said(x)}")
    y = quoted(ys[0]) if len(ys) == 1 else f"[{', '.join(map(quoted, ys))}]"
    code = f"ax = {ask.frame}.sort_values({quoted(x)}).plot.line(x={quoted(x)}, y={y})"
    end = _finish(title, label(x), label(ys[0]) if len(ys) == 1 else "")
    return Plan(title, f"{code}\n{end}")


def _pair(ask: Ask) -> Plan | Refusal | None:
    """A plot of A by B without an aggregate: clear for two numbers, else many things."""
    y, x = ask.column("y"), ask.column("x")
    if not is_numeric(ask.reading.column(y)):
        return None
    if is_time(ask.reading.column(x)) or ask.phrase("sign") == "over":
        return _line(ask)
    if _is_continuous(ask.reading, x):
        return _scatter(ask)
    return _which_aggregate(y, x)


def _is_continuous(reading: Reading, name: str) -> bool:
    column = reading.column(name)
    return (is_numeric(column) or is_time(column)) and not is_bool(column)


def _which_aggregate(y: str, x: str) -> Refusal:
    return Refusal(
        f"There may be several values of {y} for each {x}, and the ask does not say which to show.",
        (f"plot the mean {y} by {x}", f"plot the total {y} by {x}", f"box plot of {y} by {x}"),
    )


_OF = "of|for|with|showing"
_SCATTER = "scatter|scatter_plot|scatterplot|scatter_chart|scatter_graph"
_COLOUR = "coloured_by|colored_by|colour_by|color_by|with_colour_by|with_color_by|by|for_each"
_HIST = "histogram|histograms|hist|histogram_plot"
_BOX = "box_plot|boxplot|box|box_and_whisker_plot|box_chart"
_LINE = "line_chart|line_plot|line_graph|line|lines"
_AGAINST = "against|vs|versus|as_function_of"

RULES = (
    Rule("{plot} {agg} of? <y> {by} <x> and? <g>?", _aggregate),
    Rule("{plot} {agg} of? <y> {by} <x> as {kind}", _aggregate),
    Rule("{plot} {agg} of? <y> over <x>", _aggregate),
    Rule(f"{{make}}? {{kind}} {_OF}? {{agg}} of? <y> {{by}} <x> and? <g>?", _aggregate),
    Rule("{plot} count|counts|number of? {rows}? {by} <x> as? {kind}?", _counts),
    Rule(
        f"{{make}}? {{kind}} {_OF}? count|counts|number of? {{rows}}? {{by}} <x>",
        _counts,
    ),
    Rule(f"{{make}}? {{kind}} {_OF}? counts_of|count_of|number_of? <x>", _one),
    Rule("{plot} counts|frequency|frequencies of <x>", _counts),
    Rule(f"{{make}}? {_HIST} {_OF}? <x> with? <bins#>? bins?", _histogram),
    Rule("{make}? distribution of <x>", _distribution),
    Rule(f"{{make}}? {_BOX} {_OF}? <y>", _box),
    Rule(f"{{make}}? {_BOX} {_OF}? <y> {{by}} <x>", _box),
    Rule(f"{{make}}? {_SCATTER} {_OF}? <y> {_AGAINST}|by|over <x>", _scatter),
    Rule(f"{{make}}? {_SCATTER} {_OF}? <y> {_AGAINST} <x> {_COLOUR} <c>", _scatter),
    Rule(f"{{make}}? {_SCATTER} {_OF}? <x> and <y>", _scatter),
    Rule(f"{{make}}? {_SCATTER} {_OF}? <x> and <y> {_COLOUR} <c>", _scatter),
    Rule(f"{{plot}} <y> {_AGAINST} <x> {_COLOUR} <c>", _scatter),
    Rule(f"{{make}}? {_LINE} {_OF}? <y+> over|by|{_AGAINST} <x>", _line),
    Rule("{plot} <y> {sign} <x>", _pair),
    Rule("{plot} <x>", _one),
)

EXAMPLES = (
    Example(
        "plot the average body mass by species",
        "ax.get_title() == 'Mean body mass by species' and ax.get_ylabel() == 'mean body mass (g)'"
        " and sorted(round(bar.get_height()) for bar in ax.patches) == [3700, 3800, 5050]",
    ),
    Example("bar chart of total body_mass_g per island", "len(ax.patches) == 3"),
    Example(
        "Draw a horizontal bar chart of the median bill length by species",
        "sorted(bar.get_width() for bar in ax.patches) == [38.5, 47.5, 49]"
        " and ax.get_xlabel() == 'median bill length (mm)'",
    ),
    Example("plot mean body mass by species and sex", "len(ax.containers) == 2"),
    Example("plot the mean body mass by date", "len(ax.lines) == 1 and not ax.patches"),
    Example(
        "plot the number of penguins per island",
        "sorted(bar.get_height() for bar in ax.patches) == [2, 3, 3]",
    ),
    Example("plot species", "sum(bar.get_height() for bar in ax.patches) == 8"),
    Example("bar chart of island", "sum(bar.get_height() for bar in ax.patches) == 8"),
    Example("histogram of body mass", "sum(bar.get_height() for bar in ax.patches) == 8"),
    Example("show me a histogram of body mass with 5 bins", "len(ax.patches) == 5"),
    Example("distribution of bill length", "sum(bar.get_height() for bar in ax.patches) == 8"),
    Example("box plot of body mass by species", "ax.get_title() == 'Body mass by species'"),
    Example(
        "scatter plot of body mass vs bill length",
        "ax.get_xlabel() == 'bill length (mm)' and len(ax.collections[0].get_offsets()) == 8",
    ),
    Example(
        "plot body mass against bill length coloured by species",
        "[text.get_text() for text in ax.get_legend().get_texts()]"
        " == ['Adelie', 'Chinstrap', 'Gentoo']",
    ),
    Example("line plot of body mass over date", "len(ax.lines[0].get_xdata()) == 8"),
    Example("plot body mass over date", "len(ax.lines) == 1"),
    Example(
        "plot the mean body mass by island where species is Adelie",
        "sorted(bar.get_height() for bar in ax.patches) == [3650, 3750]",
    ),
)
