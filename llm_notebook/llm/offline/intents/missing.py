"""Count missing values."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.schema import Table


def _missing(ask: Ask) -> Plan:
    names = ask.columns("y") if ask.has("y") else []
    of = f" {' and '.join(map(said, names))}" if names else " each column"
    title = f"Missing values in{of}"
    if ask.is_polars:
        picked = f".select([{', '.join(map(quoted, names))}])" if names else ""
        return Plan(title, f"{ask.frame}{picked}.null_count()")
    picked = f"[{listed(names)}]" if names else ""
    return Plan(title, f"{ask.frame}{picked}.isna().sum()")


def _share(ask: Ask) -> Plan:
    return Plan("Share of missing values in each column", f"{ask.frame}.isna().mean()")


def _offers(table: Table) -> Iterator[str]:
    yield f"count the missing values of {table.name}"


_MISSING = "missing_values|missing_data|missing|nulls|null_values|nan_values|nans|na_values"
_EACH = (
    "by_column|per_column|in_each_column|for_each_column|each_column|in_columns|are_there"
    "|of_each_column|in_every_column"
)

INTENT = Intent(
    "how many values are missing",
    (
        Rule(f"{{show}}? {_MISSING} {_EACH}? {{data}}?", _missing, polars=True),
        Rule(f"{{show}}? {_MISSING} of|in|for <y+>", _missing, polars=True),
        Rule(
            f"{{show}}? count|number_of|how_many|count_of {_MISSING} {_EACH}?",
            _missing,
            polars=True,
        ),
        Rule(
            f"{{show}}? count|number_of|how_many|count_of {_MISSING} are_there? in <y+>",
            _missing,
            polars=True,
        ),
        Rule(f"{{show}}? share|percentage|fraction|proportion of {_MISSING} {_EACH}?", _share),
        Rule(f"check|look for {_MISSING}", _missing, polars=True),
        Rule(f"are_there|is_there|do_we_have any? {_MISSING} {{data}}?", _missing, polars=True),
    ),
    (
        Example("how many missing values are there?", "_['sex'] == 1 and _['species'] == 0"),
        Example("missing values in sex", "_ == 1"),
        Example("share of missing values per column", "_['sex'] == 1 / 8"),
        Example("missing values in sex", "_['sex'].item() == 1", library="polars"),
        Example("are there any missing values?", "_.sum() == 1"),
    ),
    _offers,
)
