"""Outputs that act in the page or call out from it."""

from __future__ import annotations

import pandas as pd
import pytest

from llm_notebook.core.preview import CellRun, Output
from llm_notebook.rules import judge
from llm_notebook.rules.shown import acting
from tests.unit.rules.making import evidence, seen


def shown(kind: str, text: str, cut: int = 0) -> list[str]:
    run = CellRun("c", "ran", (Output("display", data={kind: text}, cut=cut),))
    return list(acting((run,)))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/javascript", "1"),
        ("application/vnd.jupyter.widget-view+json", "{}"),
        ("text/html", "<script>1</script>"),
        ("text/html", "< ScRiPt src=x>"),
        ("text/html", "<img src=x onerror=alert(1)>"),
        ("text/html", "<img src=x\nonerror = alert(1)>"),
        ("text/html", "<a href='javascript:alert(1)'>x</a>"),
        ("text/html", "<img src='https://example.org/?q'>"),
        ("text/html", "<img src=//example.org>"),
        ("text/html", "<div style=\"background: url('https://example.org')\">"),
        ("text/html", "<style>@import 'x'</style>"),
        ("text/html", "<iframe srcdoc='x'>"),
        ("image/svg+xml", "<svg onload='x'>"),
        ("image/svg+xml", "<svg><image xlink:href='//example.org/a'/></svg>"),
        ("text/markdown", "![x](https://example.org/a)"),
        ("application/vnd.vegalite.v5+json", '{"data": {"url": "https://example.org/a.csv"}}'),
    ],
)
def test_it_is_asked(kind: str, text: str) -> None:
    assert shown(kind, text)
    run = CellRun("c", "ran", (Output("display", data={kind: text}),))
    assert judge(evidence(preview=seen(cells=(run,)))).ruling == "ASK"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html", pd.DataFrame({"on=": ["a", "<script>"], "b": [1, 2]})._repr_html_()),
        ("text/html", "<b>once = 1, data // more</b>"),
        ("image/png", "//aGVsbG8="),
        ("text/plain", "<script>"),
        ("application/vnd.vegalite.v5+json", '{"$schema": "https://vega.github.io/schema"}'),
        ("text/latex", "$x^2$"),
    ],
)
def test_tables_pictures_and_charts_are_not(kind: str, text: str) -> None:
    assert shown(kind, text) == []


def test_what_was_cut_is_not_known() -> None:
    assert shown("text/html", "<b>", cut=1)
