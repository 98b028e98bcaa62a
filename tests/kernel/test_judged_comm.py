"""Decisions as a page is told them: over the comm of a real ipykernel, with its own dry runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.grants import Grant
from tests.kernel.front_end import FrontEnd
from tests.kernel.test_preview_comm import Page

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")

Script = Callable[..., str]
SETUP = """
%matplotlib inline
import pandas as pd
df = pd.DataFrame({'year': [1, 2], 'price': [3.0, 4.0]})
def clean(frame):
    return frame.dropna()
"""


@pytest.fixture
def page(kernel: FrontEnd, scripted: Script, home: Path) -> Page:
    (home / "out").mkdir()
    kernel.run(SETUP)
    found = Page(kernel, scripted)
    found.open(notebook=str(home / "analysis.ipynb"))
    return found


def decided(page: Page, asked: str, *, final: bool = True) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        told = [m["decision"] for m in page.front_end.told("judged")]
        mine = [d for d in told if d["proposal_id"] == asked and d["is_final"] == final]
        return mine[-1] if mine else None

    return page.front_end.wait(found, f"the decision on {asked}")  # type: ignore[no-any-return]


def test_a_page_is_told_of_allow_ask_and_deny_with_reasons(page: Page) -> None:
    plot = "clean(df).groupby('year').sum().plot()"
    asked = page.run(plot)
    first = decided(page, asked, final=False)
    assert first["ruling"] == "ASK"  # nothing was seen of it yet
    decision = decided(page, asked)
    assert decision["ruling"] == "ALLOW", decision
    assert decision["edits_hash"] == page.previews(asked)[-1]["edits_hash"]

    asked = page.run("df.to_csv('out/a.csv')\n%llm level off")
    decision = decided(page, asked)
    assert decision["ruling"] == "DENY"
    assert decision["reasons"][0]["ruling"] == "DENY"
    assert {reason["rule"] for reason in decision["reasons"]} >= {"guarded", "predicted"}

    printed = page.front_end.run(f"%llm why {asked}")
    text = "".join(m["content"].get("text", "") for m in printed if m["msg_type"] == "stream")
    assert "DENY" in text
    assert "[line 2; guarded]" in text
    table = (
        "import llm_notebook.faces.trace as t, llm_notebook.store as s; "
        "print(t.table(t.rows(s.Store())))"
    )

    def logged() -> str | None:  # it is written in a moment
        log = page.front_end.run(table)
        text = "".join(m["content"].get("text", "") for m in log if m["msg_type"] == "stream")
        return text if "judged" in text else None

    assert "DENY: It touches" in page.front_end.wait(logged, "the decision in the log")


def test_a_page_s_grants_decide_and_a_patched_kernel_is_asked(page: Page, home: Path) -> None:
    write = "df.to_csv('out/a.csv')"
    asked, found = page.proposed(write)
    page.again(asked, found)
    assert decided(page, asked)["ruling"] == "ASK"
    page.again(asked, found, grants=(Grant("writes", "out"),))
    page.front_end.wait(lambda: decided(page, asked)["ruling"] == "ALLOW", "what is granted")
    assert not (home / "out" / "a.csv").exists()

    page.front_end.run("pd.DataFrame.to_csv = lambda *a, **k: None")
    page.again(asked, found, grants=(Grant("writes", "out"),))
    page.front_end.wait(lambda: decided(page, asked)["ruling"] == "ASK", "the patch to be seen")
    assert "live" in {reason["rule"] for reason in decided(page, asked)["reasons"]}


def test_a_window_that_opens_later_is_told_what_was_decided(page: Page, home: Path) -> None:
    asked = page.run("df.head()")
    decision = decided(page, asked)
    other = page.front_end.another()
    other.open(notebook=str(home / "analysis.ipynb"), client="second")
    found = other.wait(lambda: [m["decision"] for m in other.told("judged")], "the decision")
    assert found == [decision]
