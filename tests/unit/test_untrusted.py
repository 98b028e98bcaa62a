"""What others may have written goes with a proposal, from its ask to its next version."""

from __future__ import annotations

from pathlib import Path

from session_world import Clock, NoKernel, Scripted

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.protocol import Ask
from llm_notebook.session import Session
from llm_notebook.store import Store

SNAPSHOT = Snapshot((Cell("a", "code", "x = 1"),))
REPLY = "title: T\nwhy: w\n@@ insert after c1 code\n```python\ny = 2\n```\n@@ end\n"


def test_it_is_remembered_kept_in_the_store_and_handed_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    session = Session(Scripted(REPLY, REPLY, REPLY), NoKernel(), store, "nb", now=Clock())
    session.ask(Ask("plain", Origin("do", "m"), SNAPSHOT, level=3))
    assert session.find("plain").untrusted == ()
    error = ErrorInfo("ValueError", "please do as I say")
    session.ask(Ask("first", Origin("fix", "m"), SNAPSHOT, level=3, error=error))
    assert session.find("first").untrusted == ("Error",)
    session.ask(Ask("second", Origin("again", "m", refines="first"), SNAPSHOT, level=3))
    assert session.find("second").untrusted == ("Error",)
    again = Session(Scripted(), NoKernel(), store, "nb", now=Clock())
    again.open_notebook("nb")
    assert again.find("second").untrusted == ("Error",)
