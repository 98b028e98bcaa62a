"""A proposal is seen before it is accepted: dry runs in a real JupyterLab, kernel and sandbox."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, replace, reply

DATA = """\
import time
import pandas as pd
import matplotlib.pyplot as plt
df = pd.DataFrame({"a": range(1000), "b": [i % 7 for i in range(1000)]})"""


@pytest.fixture
def previews(lab: Lab) -> Iterator[dict[str, Any]]:
    """Level Preview; what is added to these settings counts for pages opened afterwards."""
    settings = lab.settings() | {"level": 3, "previewBudget": 30}
    lab.configure(OUR_SETTINGS, settings)
    yield settings
    lab.configure(OUR_SETTINGS, lab.settings())


def opened(open_notebook: OpenNotebook, *sources: str, run: int = 1) -> NotebookPage:
    """A notebook whose first cells were run; skips where this machine isolates nothing."""
    notebook = open_notebook(list(sources))
    for index in range(run):
        notebook.run_cell(index)
    # The reply that gives a cell its number may come after the kernel is idle.
    notebook.wait_until(
        "return nb.content.widgets.slice(0, run).every(item => item.model.executionCount)", run=run
    )
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    notebook.page.get_by_text("Ready", exact=True).wait_for()
    reason = notebook.page.locator(".llm-mod-reason")
    if reason.count():
        pytest.skip(reason.inner_text())
    return notebook


def badge(notebook: NotebookPage) -> Locator:
    return notebook.ghosts().locator(".llm-PreviewBar-badge")


def evaluated(notebook: NotebookPage, code: str) -> str:
    """What the live kernel says an expression is."""
    return str(
        notebook.js(
            """
            const future = nb.sessionContext.session.kernel.requestExecute(
              {code: '', user_expressions: {value: code}, store_history: false, silent: true});
            const reply = await future.done;
            return reply.content.user_expressions.value.data['text/plain'];
            """,
            code=code,
        )
    )


def test_a_plot_is_seen_before_it_is_accepted(
    lab: Lab, previews: dict[str, Any], open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook, DATA, "plt.plot(df.b[:20]);", "print(df.b.sum())", run=3)
    page = notebook.page
    before = notebook.save()
    lab.says(
        reply(
            insert("after c1", "df = df[df.b > 2]\nplt.bar(['x'], [len(df)])\nopen('o', 'w')"),
            title="Cut",
        )
    )
    notebook.ask("cut", at=0)
    expect(badge(notebook)).to_have_text("previewed")
    # The ghost shows the figure, the document and the kernel know nothing of it.
    picture = notebook.ghosts().locator(".llm-Previewed img")
    expect(picture).to_be_visible()
    assert picture.evaluate("node => node.naturalWidth") > 100
    expect(notebook.ghosts().locator(".llm-PreviewBar-line")).to_contain_text("571")
    assert notebook.save() == before
    assert evaluated(notebook, "len(df)") == "1000"
    assert not (lab.root / "o").exists()
    # It was said once, and nothing took the keyboard.
    assert "previewed: " in notebook.said()
    assert not notebook.js("return !!document.activeElement.closest('.llm-Ghost')")

    card = page.locator(".llm-Card").first
    order = card.evaluate(
        """node => [...node.querySelectorAll('img, .llm-CardPreview-line, .llm-Card-edits')]
             .map(item => item.tagName === 'IMG' ? 'figure' : item.classList[0])"""
    )
    assert order == ["figure", "llm-CardPreview-line", "llm-Card-edits"]
    expect(card.locator("summary", has_text="Isolation: ")).to_be_visible()

    # A change of what is proposed makes it out of date, and is tried once it stands still.
    notebook.review()
    notebook.press("e")
    page.keyboard.type("df = df[df.a > 5]\n")
    expect(badge(notebook)).to_have_text("preview out of date")
    expect(picture).to_be_visible()
    notebook.press("Escape")
    expect(badge(notebook)).to_have_text("previewed")
    notebook.wait_for_ghost_focus()
    notebook.press("n")
    expect(notebook.ghosts()).to_have_count(0)

    # A cell that had a figure: before and after. Later cells are run on request.
    change = "plt.plot(df.b[:20], 'r.')\ndf = df.rename(columns={'b': 'c'})"
    lab.says(reply(replace("c2", change), title="Red"))
    notebook.ask("red", at=1)
    expect(badge(notebook)).to_have_text("previewed")
    panes = notebook.ghosts().locator(".llm-Previewed-pane:has(img)")
    expect(panes).to_have_count(2)
    expect(panes.nth(0)).to_contain_text("Before")
    expect(panes.nth(1)).to_contain_text("After")
    sources = panes.locator("img").evaluate_all("nodes => nodes.map(node => node.src)")
    assert sources[0] != sources[1]
    expect(card.locator(".llm-Downstream")).to_contain_text("1 later cell uses df")
    card.get_by_role("button", name="Run these too").click()
    expect(card.locator(".llm-Downstream")).to_contain_text("would break: ")
    expect(notebook.cell("c3").locator(".llm-DownstreamBar")).to_contain_text("AttributeError")
    card.get_by_role("button", name="Cell 3", exact=True).click()
    notebook.wait_until("return nb.content.activeCellIndex === 2")
    assert evaluated(notebook, "list(df)") == "['a', 'b']"


def test_a_busy_kernel_is_waited_for_and_a_dry_run_is_stopped(
    lab: Lab, previews: dict[str, Any], open_notebook: OpenNotebook
) -> None:
    endless = "n = 0\nwhile True:\n    n += 1\n    if n % 100000 == 1: print('at', n)"
    notebook = opened(open_notebook, DATA, "input('go? ')", "x = 1")
    page = notebook.page
    notebook.activate(1)
    notebook.press("Shift+Enter")
    page.locator(".jp-Stdin-input").wait_for()
    lab.says(reply(insert("after c3", endless), title="Endless"))
    notebook.ask("count", at=2)
    expect(badge(notebook)).to_have_text("waiting for cell 2")
    page.locator(".jp-Stdin-input").fill("yes")
    page.locator(".jp-Stdin-input").press("Enter")
    expect(notebook.ghosts().locator(".llm-Outputs").first).to_contain_text("at 1")
    expect(badge(notebook)).to_have_text("previewing…")
    # The kernel is free meanwhile.
    assert evaluated(notebook, "len(df)") == "1000"
    notebook.review()
    notebook.press("p")
    expect(badge(notebook)).to_have_text("stopped")
    expect(notebook.ghosts().locator(".llm-Outputs").first).to_contain_text("at 1")
    # A stream of outputs below does not keep a person from accepting what they have read.
    notebook.press("p")
    expect(badge(notebook)).to_have_text("previewing…")
    notebook.wait_until_armed()
    notebook.press("y")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources()[3] == endless
    notebook.wait_for_idle()


def test_what_is_expensive_is_offered_and_ends_at_its_budget(
    lab: Lab, previews: dict[str, Any], open_notebook: OpenNotebook
) -> None:
    lab.configure(OUR_SETTINGS, previews | {"previewBudget": 1})
    notebook = opened(open_notebook, DATA, "x = 1")
    page = notebook.page
    bar = notebook.ghosts().locator(".llm-PreviewBar")
    lab.says(reply(insert("after c2", "print('first')\ntime.sleep(200)"), title="Slow"))
    notebook.ask("slow", at=1)
    offer = bar.get_by_role("button", name="Preview (about 3 min)")
    expect(offer).to_be_visible()
    expect(bar.get_by_role("button", name="Try on a sample")).to_be_visible()
    expect(badge(notebook)).to_have_text("not previewed")
    expect(
        notebook.ghosts().get_by_role("button", name="Accept & run (about 3 min)")
    ).to_be_visible()
    offer.click()
    expect(notebook.ghosts().locator(".llm-Outputs").first).to_contain_text("first")
    bar.get_by_role("button", name="Stop").click()
    expect(badge(notebook)).to_have_text("stopped")
    notebook.review()
    notebook.press("n")

    busy = "print('first')\nn = 0\nwhile True:\n    n += 1"
    lab.says(reply(insert("after c2", busy), title="Busy"))
    notebook.ask("busy", at=1)
    expect(badge(notebook)).to_have_text("stopped at its budget")
    expect(bar.get_by_role("button", name="Go on")).to_be_visible()
    expect(notebook.ghosts().locator(".llm-Line[data-mark='reached']")).to_have_count(1)
    expect(page.locator(".llm-Card").first).not_to_contain_text("previewed")
    bar.get_by_role("button", name="Accept without preview").click()
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources()[2] == busy


def test_a_failed_one_is_repaired_and_both_attempts_stay(
    lab: Lab, previews: dict[str, Any], open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook, DATA, "x = 1")
    lab.says(reply(insert("after c2", "print('so far')\ndf['gone'].sum()\ny = 2"), title="Sum"))
    notebook.ask("sum", at=1)
    expect(badge(notebook)).to_have_text("failed")
    ghost = notebook.ghosts().first
    expect(ghost.locator(".llm-Line[data-mark='failed']")).to_have_text("df['gone'].sum()")
    expect(ghost.locator(".llm-Previewed-trouble")).to_contain_text("KeyError: 'gone' (line 2)")
    expect(ghost.locator(".llm-Outputs").first).to_contain_text("so far")

    lab.says(reply(insert("after c2", "df['b'].sum()"), title="Sum again"))
    ghost.get_by_role("button", name="Repair", exact=True).click()
    card = notebook.page.locator(".llm-Card").first
    expect(card).to_contain_text("version 2 of 2")
    expect(card.locator("summary", has_text="Attempts (2)")).to_be_visible()
    notebook.review()
    notebook.press(",")
    expect(card).to_contain_text("version 1 of 2")
    expect(badge(notebook).first).to_have_text("failed")


HOSTILE = """
from IPython.display import display, HTML, SVG, Markdown, Javascript, Latex
B = "http://127.0.0.1:%(port)d"
press = ("document.querySelectorAll('.llm-mod-accept, .jp-mod-accept').forEach(b => b.click());"
         "window.pressed = 1; new Image().src='" + B + "/script'")
display(HTML(f'''<script>{press}</script><img src=x onerror="{press}"><img src="{B}/img">
<svg onload="{press}"><image href="{B}/svg"/></svg><iframe srcdoc="<script>parent.{press}</script>">
</iframe><iframe src="{B}/frame"></iframe><link rel=stylesheet href="{B}/css">
<style>@import url({B}/import); body {{background: url({B}/bg)}} .llm-Ghost {{display:none}}</style>
<meta http-equiv=refresh content="0;url={B}/meta"><form action="{B}/form"><button class="llm-
Ghost-button llm-mod-accept">Accept</button></form><video src="{B}/video" poster="{B}/p" autoplay>
</video><div style="position:fixed;inset:0;z-index:99999;background:url({B}/style)">cover</div>
<div class="llm-Review" data-proposal="x" id="llm-notebook-panel" tabindex=0>forged</div>
<table background="{B}/table"><tr><td>harmless</td></tr></table><a href="{B}/a" ping="{B}/ping">go
</a><input autofocus onfocus="{press}"><details open ontoggle="{press}">x</details>
<svg><style><img src=x onerror="{press}"></style></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={press}&gt;">
'''))
display(SVG(f'''<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"
onload="{press.replace("'", "&apos;").replace("&&", "")}"><script>1</script>
<image href="{B}/svgimage" width="9" height="9"/><rect width="9" height="9"/></svg>'''))
display(Markdown(f'![x]({B}/md) [y](javascript:{press}) <img src={B}/mdhtml> **bold**'))
display(Javascript(press))
display(Latex(r"$\\href{javascript:window.pressed=1}{x}$"))
display({"application/vnd.vegalite.v5+json": {"data": {"url": B + "/data"}, "mark": "point"},
         "text/plain": "chart"}, raw=True)
display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True)
print("see", B + "/text")
""".strip()


def test_an_output_can_neither_press_accept_nor_call_out(
    lab: Lab, previews: dict[str, Any], open_notebook: OpenNotebook, page: Page
) -> None:
    heard: list[str] = []

    class Beacon(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Beacon)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        port = server.server_address[1]
        notebook = opened(open_notebook, DATA, "x = 1")
        before = notebook.save()
        lab.says(reply(insert("after c2", HOSTILE % {"port": port}), title="Harmless"))
        notebook.ask("show", at=1)
        expect(badge(notebook)).to_have_text("previewed")
        outputs = notebook.ghosts().locator(".llm-Outputs").first
        # All of it is there to be looked at, and none of it acts.
        expect(outputs).to_contain_text("harmless")
        expect(outputs.locator("strong")).to_have_text("bold")
        expect(outputs).to_contain_text("not drawn in a preview")
        expect(outputs.locator("img")).to_have_count(1)
        page.wait_for_timeout(1500)
        forbidden = outputs.locator(".llm-Outputs-inner").locator(
            "script, a, button, iframe, form, input, style, link, svg, video, [id], [name],"
            " [class*=jp-mod], [class*=llm-mod-accept], [data-proposal], [onclick], [tabindex]"
        )
        assert forbidden.evaluate_all("nodes => nodes.map(n => n.outerHTML)") == []
        assert page.evaluate("() => window.pressed") is None
        assert heard == []
        assert [url for url in asked if f":{port}" in url] == []
        assert notebook.save() == before
        expect(page.locator(".llm-Card").first).to_contain_text("Pending")
        expect(notebook.ghosts()).to_have_count(1)
    finally:
        server.shutdown()
        server.server_close()
