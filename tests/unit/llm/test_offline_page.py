"""The page that lists what the rules can do, and the label that they wear."""

from __future__ import annotations

from typing import Any, cast

import pytest

from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal, Status
from llm_notebook.faces.texts import named, summary
from llm_notebook.llm.providers import choices
from tools.offline_rules import PAGE, written


def test_the_page_lists_what_there_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run tools/offline_rules.py"


def test_its_name_never_stands_without_the_label() -> None:
    assert "not a language model" in choices()[0].label
    assert named("openai:x, offline:rules") == "openai:x, offline:rules (not a language model)"


@pytest.mark.parametrize("status", ["declined", "answered", "asking"])
def test_a_terminal_says_it_with_every_answer(status: Status) -> None:
    proposal = Proposal(
        id="p1",
        origin=Origin("words", "offline:rules"),
        created=1.0,
        status=status,
        answer="Words.",
    )
    session = cast(Any, None)
    assert "not a language model" in summary(proposal, session, "llm", color=False)
