"""A whole completion by a real language model, through the worker and the real client library."""

from __future__ import annotations

import ast
from collections.abc import Callable

from llm_notebook.core.edits import Insert
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.diffing import apply
from llm_notebook.llm.reply import ReplyParser
from llm_notebook.llm.wire import Chunk
from tests.llm_http.asking import Asking
from tests.llm_http.real_model import real_model_url  # noqa: F401

PROMPT = "Write Python code that prints the numbers 1 to 10"


def test_its_words_become_a_cell(
    asking_with: Callable[..., Asking],
    real_model_url: str,  # noqa: F811
) -> None:
    got = asking_with(OPENAI_BASE_URL=real_model_url)(PROMPT, "openai:smollm2", deadline=280)
    print(got.text)
    assert got.done.finish_reason == "stop"
    assert len([event for event in got.events if isinstance(event, Chunk)]) > 5
    snapshot = Snapshot((Cell("first", "code", "import math"),))
    parser = ReplyParser(snapshot, {"c1": "first"}, "first")
    parser.feed(got.text)
    reply = parser.finish(got.done.finish_reason)
    inserts = [edit for edit in reply.edits if isinstance(edit, Insert)]
    assert inserts
    ast.parse(inserts[0].source)
    assert len(apply(snapshot, reply.edits).cells) == 1 + len(inserts)
