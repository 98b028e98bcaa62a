"""Look at data: rows, summary, missing values, types, distinct values, correlation."""

from __future__ import annotations

from llm_notebook.llm.offline.code import listed, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Example, Plan, Refusal, Rule
from llm_notebook.llm.offline.intents.aggregate import grouped
from llm_notebook.llm.offline.schema import is_numeric


def _rows(method: str, title: str) -> Rule:
    words = {"head": "first|top", "tail": "last", "sample": "random"}[method]

    def build(ask: Ask) -> Plan:
        count = ask.number("count", 5)
        return Plan(f"{title} {count} rows", f"{ask.frame}.{method}({count if count != 5 else ''})")

    return Rule(f"{{show}}? {words} <count#>? {{rows}}?", build)


def _head(ask: Ask) -> Plan:
    count = ask.number("count", 5)
    return Plan(f"First {count} rows", f"{ask.frame}.head({count if count != 5 else ''})")


def _sample(ask: Ask) -> Plan:
    count = ask.number("count", 5)
    return Plan(f"{count} random rows", f"{ask.frame}.sample(min({count}, len({ask.frame})))")


def _describe(ask: Ask) -> Plan:
    if not ask.has("y"):
        return Plan("Summary of each column", f'{ask.frame}.describe(include="all")')
    names = ask.columns("y")
    return Plan(
        f"Summary of {' and '.join(map(said, names))}", f"{ask.frame}[{listed(names)}].describe()"
    )


def _describe_groups(ask: Ask) -> Plan:
    y, x = ask.column("y"), ask.column("x")
    code = f"{grouped(ask.reading, [x])}[{quoted(y)}].describe()"
    return Plan(f"Summary of {said(y)} by {said(x)}", code)


def _missing(ask: Ask) -> Plan:
    if not ask.has("y"):
        return Plan("Missing values in each column", f"{ask.frame}.isna().sum()")
    names = ask.columns("y")
    title = f"Missing values in {' and '.join(map(said, names))}"
    return Plan(title, f"{ask.frame}[{listed(names)}].isna().sum()")


def _types(ask: Ask) -> Plan:
    return Plan("Columns and their types", f"{ask.frame}.dtypes")


def _shape(ask: Ask) -> Plan:
    return Plan("Rows and columns", f"{ask.frame}.shape")


def _length(ask: Ask) -> Plan:
    return Plan("Number of rows", f"len({ask.frame})")


def _distinct(ask: Ask) -> Plan:
    column = ask.column("y")
    return Plan(f"Distinct values of {said(column)}", f"{ask.frame}[{quoted(column)}].unique()")


def _distinct_count(ask: Ask) -> Plan:
    column = ask.column("y")
    title = f"Number of distinct values of {said(column)}"
    return Plan(title, f"{ask.frame}[{quoted(column)}].nunique()")


def _correlation(ask: Ask) -> Plan | Refusal:
    if not ask.has("a"):
        return Plan("Correlations", f"{ask.frame}.corr(numeric_only=True)")
    a, b = ask.column("a"), ask.column("b")
    for name in (a, b):
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers, so it has no correlation.")
    code = f"{ask.frame}[{quoted(a)}].corr({ask.frame}[{quoted(b)}])"
    return Plan(sentence(f"correlation of {said(a)} and {said(b)}"), code)


def _columns(ask: Ask) -> Plan:
    names = ask.columns("y")
    code = f"{ask.frame}[[{', '.join(map(quoted, names))}]]"
    return Plan(sentence(" and ".join(map(said, names))), code)


_SUMMARY = "describe|summarize|summarise|summary|summary_of|statistics|statistics_of|stats"
_SUMMARIES = f"{_SUMMARY}|summary_statistics|summary_statistics_of|descriptive_statistics"
_MISSING = "missing_values|missing_data|missing|nulls|null_values|nan_values|nans|na_values"
_EACH = "by_column|per_column|in_each_column|for_each_column|each_column|in_columns|are_there"
_DISTINCT = "unique|distinct|different"

RULES = (
    _rows("head", "First"),
    _rows("tail", "Last"),
    Rule("{show}? <count#>? random {rows}", _sample),
    Rule("{show}? sample <count#>? of? {rows}?", _sample),
    Rule("{show}? head|preview|peek_at|look_at of? {data}?", _head),
    Rule("{show} {data}", _head),
    Rule("{show} <count#> {rows}", _head),
    Rule(f"{{show}}? {_SUMMARIES} {{data}}?", _describe),
    Rule(f"{{show}}? {_SUMMARIES} of|for? <y+>", _describe),
    Rule(f"{{show}}? {_SUMMARIES} of|for? <y> {{by}} <x>", _describe_groups),
    Rule(f"{{show}}? {_MISSING} {_EACH}? {{data}}?", _missing),
    Rule(f"{{show}}? {_MISSING} of|in|for <y+>", _missing),
    Rule(f"{{show}}? count|number_of|how_many|count_of {_MISSING} {_EACH}?", _missing),
    Rule(f"{{show}}? count|number_of|how_many|count_of {_MISSING} are_there? in <y+>", _missing),
    Rule(
        "{show}? dtypes|data_types|types|column_types|columns_and_types|info|schema {data}?", _types
    ),
    Rule("{show}? columns|column_names|names_of_columns|columns_are_there", _types),
    Rule("what columns|types are_there|do_we_have?", _types),
    Rule("{show}? shape|size|dimensions {data}?", _shape),
    Rule("{show}? how_many|number_of rows_and_columns are_there|do_we_have?", _shape),
    Rule("{show}? how_many|number_of|count rows|records|entries are_there|do_we_have?", _length),
    Rule("{show}? how_many T are_there|do_we_have", _length),
    Rule(f"{{show}}? {_DISTINCT} values? of|in? <y>", _distinct),
    Rule(
        f"{{show}}? how_many|number_of|count {_DISTINCT} values? of|in? <y> are_there?",
        _distinct_count,
    ),
    Rule("{show}? correlation|correlations matrix? {data}?", _correlation),
    Rule("{show}? correlation of|between? <a> and|with <b>", _correlation),
    Rule("{show} columns? <y+> columns?", _columns),
)

EXAMPLES = (
    Example("show the first 3 rows", "len(_) == 3 and _.index[0] == 0"),
    Example("last 2 rows of df", "list(_.index) == [6, 7]"),
    Example("head", "len(_) == 5"),
    Example("show df", "len(_) == 5"),
    Example("3 random rows", "len(_) == 3"),
    Example("describe the data", "'count' in _.index and 'species' in _.columns"),
    Example("summary statistics of body mass", "_['count'] == 8"),
    Example("describe body mass by species", "_.loc['Adelie', 'mean'] == 3700"),
    Example("how many missing values are there?", "_['sex'] == 1 and _['species'] == 0"),
    Example("missing values in sex", "_ == 1"),
    Example("what columns are there?", "'species' in _.index"),
    Example("how many rows and columns are there?", "_ == (8, 6)"),
    Example("how many rows are there?", "_ == 8"),
    Example("how many rows are there where body mass is over 4000?", "_ == 2"),
    Example("unique values of island", "sorted(_) == ['Biscoe', 'Dream', 'Torgersen']"),
    Example("how many different islands are there?", "_ == 3"),
    Example("correlation between body mass and bill length", "0.5 < _ < 1"),
    Example("show species and body mass", "list(_.columns) == ['species', 'body_mass_g']"),
)
