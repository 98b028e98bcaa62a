"""`AutonomySlider` in a real kernel: it shows the level, and can only lower."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from llm_notebook.core.protocol import Recall, Standing
from tests.kernel.front_end import FrontEnd
from tests.kernel.test_preview_comm import Page

MADE = """\
from llm_notebook import AutonomySlider
slider = AutonomySlider()
move, text, past, again = slider.widget.children
slider"""


def printed(kernel: FrontEnd, code: str) -> str:
    return "".join(
        message["content"]["text"]
        for message in kernel.run(f"print({code})")
        if message["msg_type"] == "stream"
    )


def test_it_shows_the_page_s_words_and_can_only_lower(kernel: FrontEnd) -> None:
    kernel.open()
    kernel.expect("welcome")
    shown = kernel.run(MADE)
    assert any(
        "application/vnd.jupyter.widget-view+json" in message["content"].get("data", {})
        for message in shown
    )
    # Auto-run is no position of it, and cannot be made one.
    assert printed(kernel, "[level for _, level in move.options]") == "[0, 1, 2, 3]\n"
    assert "can only lower" in printed(kernel, "text.value")

    kernel.send(Standing(4, 4, sentence="2 waiting: <b>1</b> runs by itself."))
    kernel.send(Recall())
    assert not kernel.expect("recalled")["tallies"]
    kernel.run("again.click()")
    said = printed(kernel, "text.value")
    assert "In effect: Auto-run" in said
    assert "2 waiting: &lt;b&gt;1" in said

    kernel.run("move.value = 2")
    assert kernel.expect("lowered")["level"] == 2
    assert printed(kernel, "slider.level") == "2\n"
    assert "lowered in this kernel" in printed(kernel, "text.value")
    # As far as code can lift it, it is back at what the page allows.
    kernel.run("move.value = 3")
    assert kernel.expect("lowered", 2)["level"] is None
    assert "Nothing has been decided" in printed(kernel, "past.value")


@pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")
def test_a_dry_run_beside_it_shows_what_the_code_does_and_nothing_of_its_own(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    """It looks into the store after each cell, and a dry run is a cell too."""
    page = Page(kernel, scripted)
    page.open()
    kernel.run(MADE)
    found = page.ended(page.run("y = 1\ny"), "previewed")
    assert found["effects"]["files"] == []
    [output] = [output for cell in found["cells"] for output in cell["outputs"]]
    assert output["data"] == {"text/plain": "1"}
