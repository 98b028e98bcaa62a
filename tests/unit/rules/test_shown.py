"""Outputs that act in the page or call out from it."""

from __future__ import annotations

import altair as alt
import pandas as pd
import plotly.express as px
import pytest

from llm_notebook.core.preview import CellRun, Output
from llm_notebook.rules import judge
from llm_notebook.rules.charts import LONGEST
from llm_notebook.rules.shown import acting
from tests.unit.rules.making import evidence, seen

VEGA = "application/vnd.vegalite.v5+json"
PLOTLY = "application/vnd.plotly.v1+json"

TABLE = pd.DataFrame({"url": ["https://example.org/a", "b"], "y": [1, 2], "image": ["a", "b"]})
BARS = (
    alt.Chart(TABLE)
    .mark_bar()
    .encode(x="url", y="y", color=alt.condition("datum.y > 1", alt.value("red"), alt.value("blue")))
    .transform_calculate(z="datum.y * 2")
    .to_json()
)
LINES = px.line(TABLE, x="url", y="y", hover_name="url", title="Sold: all").to_json()


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
        (VEGA, '{"data": {"url": "https://example.org/a.csv"}}'),
        (VEGA, '{"data": {"\\u0075rl": "made/of/anything"}}'),
        (VEGA, '{"mark": "image", "encoding": {"x": {"field": "a"}}}'),
        (VEGA, '{"layer": [{"mark": {"type": "image"}}]}'),
        (VEGA, '{"mark": "point", "encoding": {"url": {"field": "u"}}}'),
        (VEGA, '{"mark": "point", "encoding": {"href": {"field": "u"}}}'),
        (VEGA, '{"marks": [{"type": "group", "marks": [{"type": "image"}]}]}'),
        (VEGA, '{"data": [{"url": {"signal": "\'ht\' + \'tps:\'"}}]}'),
        (VEGA, '{"title": "see https://example.org"}'),
        (VEGA, '{"$schema": "https://example.org/v5.json"}'),
        (VEGA, '{"mark": {"type": "bar", "tooltip": {"content": "data"}}, '
               '"datasets": {"a": [{"image": "https://example.org"}]}}'),
        (VEGA, '{"encoding": {"tooltip": [{"field": "u", "title": "image"}]}}'),
        (VEGA, '{"usermeta": {"embedOptions": {"config": "theirs"}}}'),
        (VEGA, '{"mark": '),
        (VEGA, '[' * 100_000),
        (VEGA, '{"a": "' + "x" * LONGEST + '"}'),
        (PLOTLY, '{"layout": {"images": [{"source": "made of anything"}]}}'),
        (PLOTLY, '{"frames": [{"layout": {"images": [{"source": "u"}]}}]}'),
        (PLOTLY, '{"layout": {"template": {"layout": {"imagedefaults": {"source": "u"}}}}}'),
        (PLOTLY, '{"layout": {"sliders": [{"steps": [{"args": ["images[0].source", "u"]}]}]}}'),
        (PLOTLY, '{"layout": {"updatemenus": [{"buttons": [{"args": [{"a.source": "u"}]}]}]}}'),
        (PLOTLY, '{"data": [{"type": "scattergeo"}]}'),
        (PLOTLY, '{"data": [{"type": "choropleth"}]}'),
        (PLOTLY, '{"data": [{"type": "densitymapbox"}]}'),
        (PLOTLY, '{"data": [{"type": "bar", "geojson": "x"}]}'),
        (PLOTLY, '{"layout": {"map2": {"style": "x"}}}'),
        (PLOTLY, '{"layout": {"title": {"text": "<a href=x>y</a>"}}}'),
        (PLOTLY, '{"layout": {"title": {"text": "at //example.org or https://example.org"}}}'),
        (PLOTLY, '{"data": [{"x": ["<a href=\'x\'>y</a>"]}]}'),
        (PLOTLY, '{"config": {"plotlyServerURL": "https://example.org"}}'),
        ("application/geo+json", "{}"),
        ("application/vnd.bokehjs_exec.v0+json", ""),
        ("application/vnd.other+json", '{"a": [{"b": "https://example.org"}]}'),
    ],
)  # fmt: skip
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
        (VEGA, '{"$schema": "https://vega.github.io/schema/vega-lite/v5.20.1.json"}'),
        (VEGA, BARS),
        (PLOTLY, '{"config": {"plotlyServerURL": "https://plot.ly"}}'),
        (PLOTLY, LINES),
        (PLOTLY, '{"data": [{"type": "image", "source": "data:image/png;base64,iVBO="}]}'),
        (PLOTLY, '{"data": [{"type": "heatmap"}, {"type": "treemap"}, {"type": "sankey", '
                 '"link": {"source": [0, 1]}}]}'),
        ("application/json", '{"a": [1, "b"]}'),
        ("text/latex", "$x^2$"),
    ],
)  # fmt: skip
def test_tables_pictures_and_charts_are_not(kind: str, text: str) -> None:
    assert shown(kind, text) == []


def test_what_was_cut_is_not_known() -> None:
    assert shown("text/html", "<b>", cut=1)


def test_settings_that_are_loaded_are_asked_too() -> None:
    told = '{"application/vnd.vegalite.v5+json": {"embed_options": {"config": "theirs"}}}'
    output = Output("display", data={VEGA: BARS}, metadata=told)
    assert list(acting((CellRun("c", "ran", (output,)),)))
    assert not list(acting((CellRun("c", "ran", (Output("display", data={VEGA: BARS}),)),)))
