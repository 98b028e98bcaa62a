"""A table of counts of two columns."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan


def _crosstab(ask: Ask) -> Plan:
    a, b = ask.column("a"), ask.column("b")
    code = f"pd.crosstab({ask.frame}[{quoted(a)}], {ask.frame}[{quoted(b)}])"
    return Plan(f"Number of rows by {said(a)} and {said(b)}", code, uses=("pd",))


INTENT = Intent(
    "a table of counts of two columns",
    (
        Rule(
            "{show}? crosstab|cross_tabulation|cross_tabulate|cross_tab|contingency_table"
            " of|between? <a> by|and|against|with <b>",
            _crosstab,
        ),
    ),
    (
        Example("crosstab of species and island", "_.loc['Gentoo', 'Biscoe'] == 1"),
        Example("cross tabulate species by sex", "_.loc['Adelie', 'male'] == 2"),
    ),
)
