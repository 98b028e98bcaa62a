"""The way back on a real ipykernel: kernel truth, and variables that an undo puts back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llm_notebook.core.edits import Insert, edits_hash
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.protocol import AskTruth, Decided, Keep, Restore
from tests.kernel.front_end import FrontEnd

Script = Callable[..., str]


class Page:
    """A window that runs cells and asks for the truth."""

    def __init__(self, kernel: FrontEnd) -> None:
        self.kernel = kernel
        kernel.open()
        kernel.expect("welcome")
        self.asked = 0

    def run(self, *cells: tuple[str, str]) -> None:
        for cell, source in cells:
            self.kernel.run(source, cell_id=cell)

    def truth(self, *cells: tuple[str, str], because: Any = "") -> dict[str, Any]:
        self.asked += 1
        name = f"t{self.asked}"
        snapshot = Snapshot(tuple(Cell(cell, "code", source) for cell, source in cells))
        self.kernel.send(AskTruth(name, snapshot, because))

        def found() -> dict[str, Any] | None:
            told = self.kernel.told("truth")
            return next((m["truth"] for m in told if m["truth_id"] == name), None)

        return self.kernel.wait(found, "the truth")  # type: ignore[no-any-return]

    def value(self, code: str) -> str:
        """What the kernel shows of an expression, run as from a console."""
        messages = self.kernel.run(f"print({code})", cell_id="", store_history=False)
        return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream").strip()


@pytest.fixture
def page(kernel: FrontEnd) -> Page:
    return Page(kernel)


A, B, C = ("a", "x = [3, 1]"), ("b", "y = sorted(x)"), ("c", "print(y)")


def test_the_fewest_cells_make_notebook_and_kernel_agree(page: Page) -> None:
    page.run(A, ("b", "x.append(9)\ny = x"), C)
    assert page.truth(A, ("b", "x.append(9)\ny = x"), C)["summary"] == ""
    taken = page.truth(A, B, C, because="taken_back")
    assert taken["summary"] == "The kernel still holds what was taken back: x and y."
    assert taken["rerun"] == ["a", "b", "c"]
    assert [one["label"] for one in taken["cells"]] == ["[1]", "[2]", "[3]"]
    page.run(A, B, C)
    assert page.truth(A, B, C)["summary"] == ""
    assert page.value("x, y") == "[3, 1] [1, 3]"


def test_failures_interrupts_and_code_that_cannot_be_followed(page: Page) -> None:
    half = ("h", "z = 1\nraise ValueError\nw = 2")
    page.run(A, half)
    found = page.truth(A, half)
    # It failed where it would fail again: the two agree.
    assert found["summary"] == ""
    assert {v["name"]: v["standing"] for v in found["variables"]} == {"x": "fresh", "z": "fresh"}
    page.run(("b", "exec('x = 5')"))
    unknown = page.truth(A, half)
    assert not unknown["is_certain"]
    assert "restarting" in unknown["summary"]


def test_what_ran_before_anybody_listened_counts(kernel: FrontEnd) -> None:
    kernel.run("x = [3, 1]", cell_id="a")
    page = Page(kernel)
    page.run(B)
    assert page.truth(A, B)["summary"] == ""
    assert page.truth(("a", "x = [4]"), B)["rerun"] == ["a", "b"]


def test_in_a_front_end_without_our_page(kernel: FrontEnd) -> None:
    kernel.run("%load_ext llm_notebook", cell_id="first")
    for cell, source in (("a", "x = 1"), ("b", "y = x + 1"), ("a", "x = 5")):
        kernel.run(source, cell_id=cell)
    said = kernel.run("%llm truth", cell_id="q")
    text = "".join(m["content"].get("text", "") for m in said if m["msg_type"] == "stream")
    assert "other values than the notebook gives: y. Re-run [3]." in text


def step(page: Page, scripted: Script, source: str) -> tuple[str, str, str]:
    """A pending proposal of one new cell: its id, hash and the cell's id."""
    reply = f"title: T\nwhy: w\n@@ insert after c1 code\n```python\n{source}\n```\n@@ end\n"
    asked = page.kernel.ask("do", ["x = 1"], scripted(reply), level=2)
    edit = page.kernel.settled(asked)["edits"][0]
    return (
        asked,
        edits_hash((Insert(**{k: v for k, v in edit.items() if k != "op"}),)),
        edit["cell_id"],
    )


SETUP = """
import numpy as np, pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]})
same, held = df, [df]
arr = np.arange(5)
view = arr[:2]
deep = {"k": [1, [2]]}
class Own: pass
own = Own()
own.n = 1
gone = "here"
"""
CHANGE = """
df["z"] = 1
df.loc[0, "a"] = 99
arr[0] = 7
deep["k"][1].append(3)
deep["new"] = 0
made = 1
arr2 = arr * 2
setattr(own, "n", 5)
del gone
"""


def test_an_undo_puts_back_what_a_step_changed_and_says_before_what_it_cannot(
    page: Page, scripted: Script
) -> None:
    setup = ("s", SETUP)
    page.run(setup)
    asked, found, cell = step(page, scripted, CHANGE.strip())
    page.kernel.send(Keep(asked, found))
    kept = page.kernel.expect("kept")
    assert [one["name"] for one in kept["not_kept"]] == ["own"]
    assert "An undo will not put back own" in kept["text"]
    page.kernel.send(Decided(asked, "accepted", found, ran=True))
    page.run((cell, CHANGE.strip()))
    assert page.truth(setup)["summary"] != ""
    page.kernel.send(Restore(asked))
    restored = page.kernel.expect("restored")
    assert {"df", "arr", "deep", "made", "arr2", "gone"} <= set(restored["names"])
    assert page.value("list(df.columns), df['a'].tolist()") == "['a', 'b'] [1, 2, 3]"
    # Whoever else holds them sees it too.
    assert page.value("same is df and held[0] is df, list(arr), view.base is arr") == (
        "True [np.int64(0), np.int64(1), np.int64(2), np.int64(3), np.int64(4)] True"
    )
    assert page.value("deep, gone") == "{'k': [1, [2]]} here"
    assert page.value("'made' in dir() or 'arr2' in dir()") == "False"
    # Only what could not be put back is still amiss.
    stale = [v["name"] for v in page.truth(setup)["variables"] if v["standing"] != "fresh"]
    assert stale == ["own"]


def test_what_somebody_changed_since_is_left_alone(page: Page, scripted: Script) -> None:
    page.run(("s", "x = [1]\nkeep = [1]"))
    asked, found, cell = step(page, scripted, "x.append(2)\nkeep.append(2)")
    page.kernel.send(Keep(asked, found))
    page.kernel.expect("kept")
    page.run((cell, "x.append(2)\nkeep.append(2)"), ("mine", "x.append(3)"))
    page.kernel.send(Restore(asked))
    restored = page.kernel.expect("restored")
    assert restored["names"] == ["keep"]
    assert [one["name"] for one in restored["not_restored"]] == ["x"]
    assert page.value("x, keep") == "[1, 2, 3] [1]"


def test_there_is_a_measure_of_what_is_kept(page: Page, scripted: Script) -> None:
    page.run(("s", "import numpy as np\nlarge = np.zeros(2_000_000)"))
    asked, found, _ = step(page, scripted, "large[0] = 1")
    page.kernel.send(Keep(asked, found, most=1_000_000))
    kept = page.kernel.expect("kept")
    assert kept["not_kept"] == [{"name": "large", "why": "it is too large (16 MB)"}]
