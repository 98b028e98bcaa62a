"""Dry runs as a page asks for them: over the comm of a real ipykernel, on a subshell."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.edits import Insert, edits_hash
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.protocol import PROTOCOL_VERSION, Ask, DryRun, Hello, Revised, StopDryRun
from llm_notebook.previewing import NEWER
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")

Script = Callable[..., str]
Start = Callable[..., FrontEnd]
SNAPSHOT = Snapshot((Cell("cell-0", "code", "x = [1]"), Cell("cell-1", "code", "print(x)")))
FOREVER = "print('begun', flush=True)\nwhile True:\n    pass"


class Page:
    """One window, and what it asks to be run."""

    def __init__(self, front_end: FrontEnd, scripted: Script) -> None:
        self.front_end = front_end
        self._scripted = scripted

    def open(self, **options: Any) -> dict[str, Any]:
        self.front_end.open(**options)
        welcome = self.front_end.expect("welcome")
        isolation = welcome["isolation"]
        if isolation["tier"] == "none":
            pytest.skip(f"no dry run here: {' '.join(isolation['lacks'])}")
        return welcome

    def proposed(self, source: str) -> tuple[str, str]:
        """A pending proposal of one new cell: its id and hash."""
        reply = f"title: T\nwhy: w\n@@ insert after c1 code\n```python\n{source}\n```\n@@ end\n"
        asked = self.front_end.ask("do", ["x = [1]", "print(x)"], self._scripted(reply), level=3)
        proposal = self.front_end.settled(asked)
        assert proposal["status"] == "pending"
        return asked, edits_hash((Insert(**_of(proposal["edits"][0])),))

    def run(self, source: str, **options: Any) -> str:
        asked, found = self.proposed(source)
        self.again(asked, found, **options)
        return asked

    def again(self, asked: str, found: str, **options: Any) -> None:
        self.front_end.send(DryRun(asked, found, SNAPSHOT, level=3, **options))

    def previews(self, asked: str) -> list[dict[str, Any]]:
        told = [m["preview"] for m in self.front_end.told("previewed")]
        return [p for p in told if p["proposal_id"] == asked]

    def until(self, asked: str, true: Callable[[dict[str, Any]], Any], what: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((p for p in reversed(self.previews(asked)) if true(p)), None)

        return self.front_end.wait(found, what)  # type: ignore[no-any-return]

    def ended(self, asked: str, status: str) -> dict[str, Any]:
        found = self.until(
            asked, lambda p: p["status"] not in ("waiting", "running"), f"the end of {asked}"
        )
        assert found["status"] == status, found
        return found

    def begun(self, asked: str) -> dict[str, Any]:
        return self.until(asked, lambda p: "begun" in text_of(p), "its first words")


def _of(edit: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in edit.items() if name != "op"}


def text_of(preview: dict[str, Any]) -> str:
    return "".join(o["text"] for run in preview["cells"] for o in run["outputs"])


def printed(messages: list[dict[str, Any]]) -> str:
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")


@pytest.fixture
def lab(kernel: FrontEnd, scripted: Script) -> Page:
    kernel.run("x = [1]", cell_id="cell-0")
    return Page(kernel, scripted)


def test_what_it_would_show_and_change_comes_and_nothing_else_does(lab: Page) -> None:
    lab.open(client="a")
    kernel = lab.front_end
    names = "print(sorted(n for n in globals() if n[0] != '_'), x)"
    before = printed(kernel.run(names))
    seen = len(kernel.messages)
    asked = lab.run("x.append(2)\nprint('seen', x)\nlen(x)", automatic=True)
    found = lab.ended(asked, "previewed")
    assert text_of(found) == "seen [1, 2]\n"
    assert found["cells"][0]["outputs"][-1]["data"] == {"text/plain": "2"}
    assert [(c["name"], c["in_place"]) for c in found["changes"]] == [("x", True)]
    assert [(d["cell"], d["names"]) for d in found["downstream"]] == [("cell-1", ["x"])]
    assert found["isolation"]["tier"] != "none"
    others = {m["msg_type"] for m in kernel.messages[seen:]} - {"comm_msg", "status"}
    assert others == set(), "no output of the dry run reached the front end as such"
    assert printed(kernel.run(names)) == before

    second = kernel.another()
    second.open(client="b")
    (kept,) = second.expect("welcome")["previews"]
    assert kept == found
    kernel.decided(asked, "rejected", found["edits_hash"])
    kernel.stands(asked, lambda p: p["status"] == "rejected", "the rejection")
    second.send(Hello(protocol=PROTOCOL_VERSION, client="b"))
    assert second.expect("welcome", 2)["previews"] == []


def test_the_kernel_is_free_while_one_runs_and_stop_keeps_what_there_was(lab: Page) -> None:
    lab.open()
    asked = lab.run(FOREVER, budget=300.0)
    lab.begun(asked)
    assert printed(lab.front_end.run("print('free')")) == "free\n"
    lab.front_end.send(StopDryRun(asked))
    found = lab.ended(asked, "stopped")
    assert "begun" in text_of(found)
    assert found["cells"][0]["status"] == "partial"
    assert printed(lab.front_end.run("print('free')")) == "free\n"


def test_it_waits_for_the_cell_that_runs_and_says_which(lab: Page, tmp_path: Path) -> None:
    lab.open()
    asked, found = lab.proposed("print(len(x))")
    go = tmp_path / "go"
    request = lab.front_end.start(
        f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)\nx.append(9)",
        cell_id="busy",
    )
    lab.front_end.wait(
        lambda: any(m["msg_type"] == "execute_input" for m in lab.front_end.of(request)), "it"
    )
    lab.again(asked, found, automatic=True)
    waiting = lab.until(asked, lambda p: p["waits_for"], "what it waits for")
    assert (waiting["status"], waiting["waits_for"]) == ("waiting", "busy")
    go.touch()
    assert text_of(lab.ended(asked, "previewed")) == "2\n", "it sees what the cell has made"


def test_one_that_waits_can_be_stopped_while_the_cell_runs(lab: Page, tmp_path: Path) -> None:
    lab.open()
    asked, found = lab.proposed("print('never')")
    go = tmp_path / "go"
    request = lab.front_end.start(
        f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)", cell_id="busy"
    )
    lab.again(asked, found)
    lab.until(asked, lambda p: p["waits_for"], "what it waits for")
    lab.front_end.send(StopDryRun(asked))
    assert "never" not in text_of(lab.ended(asked, "stopped"))
    assert not lab.front_end._idle(request), "nobody waited for the cell"
    go.touch()


def test_a_newer_one_takes_its_place_in_every_window(lab: Page) -> None:
    lab.open(client="a", notebook="analysis.ipynb")
    window = lab.front_end.another()
    window.open(client="b", notebook="analysis.ipynb")
    window.expect("welcome")
    first = lab.run(FOREVER, budget=300.0, automatic=True)
    lab.begun(first)
    second = lab.run("print('second')", automatic=True)
    assert lab.ended(first, "stopped")["reason"] == NEWER
    assert text_of(lab.ended(second, "previewed")) == "second\n"
    other = Page(window, lab._scripted)
    assert text_of(other.ended(second, "previewed")) == "second\n"


def test_other_words_end_it(lab: Page) -> None:
    lab.open()
    asked, found = lab.proposed(FOREVER)
    lab.again(asked, found, budget=300.0)
    lab.begun(asked)
    edit = lab.front_end.told("changed")[-1]["proposal"]["edits"][0]
    edits = (Insert(**{**_of(edit), "source": "print('mine')"}),)
    lab.front_end.send(Revised(asked, found, edits, (edit["cell_id"],)))
    lab.front_end.stands(asked, lambda p: p["edited"], "the person's words")
    lab.again(asked, found)
    assert "changed" in lab.ended(asked, "refused")["reason"]
    lab.again(asked, edits_hash(edits))
    lab.until(asked, lambda p: text_of(p) == "mine\n" and p["status"] == "previewed", "mine")


def test_an_accept_does_not_wait_for_it(lab: Page) -> None:
    lab.open()
    asked, found = lab.proposed(FOREVER)
    lab.again(asked, found, budget=300.0)
    lab.begun(asked)
    lab.front_end.decided(asked, "accepted", found)
    lab.front_end.stands(asked, lambda p: p["status"] == "accepted", "the accept")
    later = lab.run("print('next')")
    assert text_of(lab.ended(later, "previewed")) == "next\n"


def test_below_its_level_nothing_runs(lab: Page, tmp_path: Path) -> None:
    lab.open()
    asked, found = lab.proposed("print('run')")
    lab.front_end.run("%llm level propose")
    lab.again(asked, found, automatic=True)
    lab.ended(asked, "refused")
    lab.again(asked, found)
    lab.until(asked, lambda p: text_of(p) == "run\n", "what a person asked for")


def test_a_restart_ends_it_and_leaves_the_proposal(lab: Page) -> None:
    lab.open()
    asked = lab.run("import os\nprint('begun', flush=True)\nwhile True: pass", budget=300.0)
    lab.begun(asked)
    pid = int(printed(lab.front_end.run("import os; print(os.getpid())")))
    line = Path(f"/proc/{pid}/cmdline").read_text()
    assert len(_forks_of(line)) > 1
    lab.front_end.manager.restart_kernel(now=True)
    lab.front_end.client.wait_for_ready(timeout=60)
    lab.front_end.wait(lambda: len(_forks_of(line)) == 1, "the end of what was forked")
    lab.front_end.comm_id = "after"
    lab.front_end.subshell = None
    welcome = lab.open()
    assert [p["id"] for p in welcome["proposals"]] == [asked]
    assert welcome["previews"] == []


def _forks_of(marks: str) -> list[str]:
    """Processes that live and whose command line is this: a fork has that of its kernel."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if state not in "ZX" and (folder / "cmdline").read_text() == marks:
                found.append(folder.name)
        except OSError:
            continue
    return found


def test_a_failed_one_is_repaired_with_the_error_of_it(lab: Page) -> None:
    lab.open()
    asked = lab.run("y = 1\nx.apend(2)", automatic=True)
    failed = lab.ended(asked, "failed")
    assert failed["cells"][0]["error"]["name"] == "AttributeError"
    mended = "title: M\nwhy: w\n@@ replace c2\n```python\nx.append(2)\n```\n@@ end\n"
    origin = Origin("", lab._scripted(mended), refines=asked, repairs="automatic")
    lab.front_end.send(Ask("mended", origin, SNAPSHOT, level=3))
    now = lab.front_end.settled("mended")
    assert (now["status"], now["version"], now["root"]) == ("pending", 2, asked)
    assert "error" in [piece["kind"] for piece in now["context"]]
    lab.front_end.send(Ask("again", origin, SNAPSHOT, level=3))
    lab.front_end.expect("failed")
    assert lab.front_end.told("failed")[-1]["problem"]["code"] == "repair"


def test_the_magic_has_the_page_show_it_and_the_log_names_it(lab: Page) -> None:
    lab.open()
    asked, found = lab.proposed("print('by magic')")
    lab.again(asked, found)
    lab.ended(asked, "previewed")
    seen = len(lab.previews(asked))
    lab.front_end.run(f"%llm preview {asked[:5]} --budget 20")
    lab.front_end.wait(lambda: len(lab.previews(asked)) > seen, "another preview")
    lab.until(asked, lambda p: p["budget"] == 20 and p["status"] == "previewed", "it")
    lab.front_end.run("log = %llm log")
    assert printed(lab.front_end.run("print(list(log['event']).count('dry run'))")) == "2\n"


def test_it_is_told_at_intervals_and_whole_at_the_end(lab: Page) -> None:
    lab.open()
    source = "for n in range(400):\n    print(n, flush=True)\n    __import__('time').sleep(0.005)"
    begun = time.monotonic()
    asked = lab.run(source, budget=120.0)
    found = lab.ended(asked, "previewed")
    seconds = time.monotonic() - begun
    assert text_of(found) == "".join(f"{n}\n" for n in range(400))
    assert 2 < len(lab.previews(asked)) < 10 * seconds + 5
