"""Several windows on one kernel, and a notebook that is renamed, in a real ipykernel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.protocol import Ask, Claim, Look, Renamed, Revised, Survey
from llm_notebook.store import Store
from tests.kernel.front_end import FrontEnd

TWO = """title: Two
@@ insert after c1 code
```python
y = 1
```
@@ insert after c1 code
```python
z = 2
```
@@ end
"""


def edits_of(proposal: dict[str, object]) -> tuple[Edit, ...]:
    return msgspec.convert(proposal["edits"], tuple[Edit, ...])


def counts(front_end: FrontEnd) -> list[int]:
    return [message["count"] for message in front_end.told("windows")]


def test_each_window_knows_how_many_there_are(kernel: FrontEnd) -> None:
    kernel.open(client="one")
    assert kernel.expect("welcome")["windows"] == 1
    second = kernel.another()
    second.open(client="two")
    assert second.expect("welcome")["windows"] == 2
    kernel.wait(lambda: counts(kernel)[-1:] == [2], "the second window")
    elsewhere = kernel.another()
    elsewhere.open(client="three", notebook="other.ipynb")
    assert elsewhere.expect("welcome")["windows"] == 1
    second.leave()
    kernel.wait(lambda: counts(kernel)[-1:] == [1], "the second window to be gone")
    assert counts(elsewhere)[-1:] == [1]


def test_a_window_that_comes_back_is_the_same_one(kernel: FrontEnd) -> None:
    kernel.open(client="one")
    kernel.expect("welcome")
    again = kernel.another()
    again.open(client="one")  # a reload; nobody has closed the comm
    assert again.expect("welcome")["windows"] == 1


def test_one_window_may_decide_and_is_told_alone(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open(client="one")
    second = kernel.another()
    second.open(client="two")
    second.expect("welcome")
    proposal = kernel.settled(kernel.ask("two", ["x = 1"], scripted(TWO)))
    hash = edits_hash(edits_of(proposal))
    kernel.send(Claim(proposal["id"], hash))
    assert kernel.expect("claimed")["granted"] is True
    second.send(Claim(proposal["id"], hash))
    assert second.expect("claimed")["granted"] is False
    kernel.decided(proposal["id"], "accepted", hash)
    second.stands(proposal["id"], lambda p: p["status"] == "accepted", "the decision")
    second.send(Claim(proposal["id"], hash))
    assert second.expect("claimed", 2)["granted"] is False
    assert len(kernel.told("claimed")) == 1
    assert len(second.told("claimed")) == 2


def test_a_part_is_taken_and_the_rest_waits(
    kernel: FrontEnd, scripted: Callable[..., str], home: Path
) -> None:
    kernel.open()
    proposal = kernel.settled(kernel.ask("two", ["x = 1"], scripted(TWO)))
    first, then = edits_of(proposal)
    rest = (msgspec.structs.replace(then, after="cell-0"),)
    kernel.decided(proposal["id"], "accepted", edits_hash((first, then)), edits=(first,), rest=rest)
    stands = kernel.stands(proposal["id"], lambda p: p["taken"], "the part")
    assert stands["status"] == "pending"
    assert edits_of(stands) == rest
    events = Store(home / "data" / "llm_notebook" / "store.sqlite").events()
    assert msgspec.convert(events[-1].body["edits"], tuple[Edit, ...]) == (first,)


def test_the_person_s_words_are_taken_in(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    proposal = kernel.settled(kernel.ask("two", ["x = 1"], scripted(TWO)))
    first, then = edits_of(proposal)
    mine = msgspec.structs.replace(first, source="y = 100")
    kernel.send(Revised(proposal["id"], "of something else", (mine, then), (mine.cell_id,)))
    kernel.send(Revised(proposal["id"], edits_hash((first, then)), (mine, then), (mine.cell_id,)))
    stands = kernel.stands(proposal["id"], lambda p: p["edited"], "the words")
    assert edits_of(stands) == (mine, then)
    versions = [m["proposal"] for m in kernel.told("changed")]
    assert edits_of(versions[-2]) == (first, then)  # what the unfitting one was answered with


def test_a_rename_and_a_move_keep_what_waits(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str], home: Path
) -> None:
    (home / "deep").mkdir()
    here, there = home / "deep" / "analysis.ipynb", home / "other" / "renamed.ipynb"
    here.write_text("{}")
    first = start_kernel(JPY_SESSION_NAME=str(here))
    first.open(notebook="deep/analysis.ipynb")
    kept = first.settled(first.ask("two", ["x = 1"], scripted(TWO)))
    there.parent.mkdir()
    here.rename(there)
    first.send(Renamed("other/renamed.ipynb"))
    late = first.settled(first.ask("two", ["x = 1"], scripted(TWO)))
    first.manager.signal_kernel(9)

    second = start_kernel(JPY_SESSION_NAME=str(there))
    second.open(notebook="other/renamed.ipynb")
    found = second.expect("welcome")["proposals"]
    assert [p["id"] for p in found] == [kept["id"], late["id"]]
    third = start_kernel(JPY_SESSION_NAME=str(here))
    third.open(notebook="deep/analysis.ipynb")
    assert third.expect("welcome")["proposals"] == []


def test_a_rename_while_nobody_looked_is_found_by_the_cells(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str], home: Path
) -> None:
    here, there = home / "analysis.ipynb", home / "renamed.ipynb"
    here.write_text("{}")
    cells = tuple(f"cell-{n}" for n in range(4))
    first = start_kernel()
    first.open()  # the cells are known from the ask
    kept = first.settled(first.ask("two", ["x = 1"] * 4, scripted(TWO)))
    first.manager.signal_kernel(9)
    here.rename(there)

    second = start_kernel(JPY_SESSION_NAME=str(there))
    second.open(notebook="renamed.ipynb", cells=cells)
    assert [p["id"] for p in second.expect("welcome")["proposals"]] == [kept["id"]]


def test_what_is_looked_for_is_found_while_a_cell_runs(kernel: FrontEnd) -> None:
    kernel.open()
    kernel.run("prices_by_city = 1")
    kernel.start("import time; time.sleep(20)")
    kernel.send(Look("look-1", "prices"))
    found = kernel.expect("found", timeout=15)
    assert found["look_id"] == "look-1"
    assert [hit["kind"] for hit in found["hits"]] == ["variable"]


def test_what_would_be_sent_is_shown_while_a_cell_runs_and_sent_as_shown(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    kernel.run("prices = [1, 2, 3]")
    kernel.start("import time; time.sleep(20)")
    sources = ["prices = [1, 2, 3]", "sum(prices)", "unrelated = 1"]
    snapshot = Snapshot(tuple(Cell(f"cell-{i}", "code", s) for i, s in enumerate(sources)))
    model = scripted(TWO)
    origin = Origin("the mean of prices", model, target="cell-1")
    kernel.send(Survey("survey-1", origin, snapshot))
    shown = kernel.expect("surveyed", timeout=15)
    assert shown["survey_id"] == "survey-1"
    ids = [piece["id"] for piece in shown["pieces"]]
    assert {"cell:cell-1", "cell:cell-0", "variable:prices"} <= set(ids)
    assert shown["tokens"] == sum(piece["tokens"] for piece in shown["pieces"])
    origin = msgspec.structs.replace(origin, without=("variable:prices",))
    kernel.send(Survey("survey-2", origin, snapshot))
    shown = kernel.expect("surveyed", 2, timeout=15)
    assert "variable:prices" not in [piece["id"] for piece in shown["pieces"]]
    assert "variable:prices" in [piece["id"] for piece in shown["left_out"]]
    kernel.send(Ask("ask-1", origin, snapshot, 2, survey="survey-2"))
    proposal = kernel.settled("ask-1")
    assert [p["id"] for p in proposal["context"]] == [p["id"] for p in shown["pieces"]]
    kernel.send(Look("look-1", "unrelated"))
    found = kernel.expect("found", timeout=15)
    assert [hit["kind"] for hit in found["hits"]] == ["cell"]


def test_files_beside_the_notebook_are_found_wherever_the_kernel_works(
    kernel: FrontEnd, home: Path
) -> None:
    (home / "beside").mkdir()
    (home / "beside" / "prices_here.csv").touch()
    (home / "prices_there.csv").touch()
    kernel.open(notebook="analysis.ipynb")
    kernel.run("%cd beside")
    kernel.send(Look("look-1", "prices_"))
    found = kernel.expect("found", timeout=15)
    assert [hit["mention"] for hit in found["hits"]] == [
        "@prices_there.csv",
        "@beside/prices_here.csv",
    ]


def names(proposals: list[dict[str, object]]) -> list[object]:
    return [proposal["id"] for proposal in proposals]


def test_two_notebooks_on_one_kernel_keep_their_proposals_apart(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str], home: Path
) -> None:
    told = str(home / "one.ipynb")
    one = start_kernel(JPY_SESSION_NAME=told)
    one.open(client="one", notebook="one.ipynb", cells=("cell-0", "a"))
    one.expect("welcome")
    two = one.another()
    two.open(client="two", notebook="two.ipynb", cells=("cell-0", "b"))
    two.expect("welcome")
    first = one.settled(one.ask("of one", ["x = 1"], scripted(TWO)))
    second = two.settled(two.ask("of two", ["x = 1"], scripted(TWO)))

    # Nobody hears of the other's.
    assert {m["proposal"]["id"] for m in one.told("changed")} == {first["id"]}
    assert {m["proposal"]["id"] for m in two.told("changed")} == {second["id"]}
    again = one.another()
    again.open(client="again", notebook="one.ipynb")
    assert names(again.expect("welcome")["proposals"]) == [first["id"]]

    # A cell that names no proposal means that of its own notebook.
    one.run("%llm reject", cell_id="a")
    assert one.expect("decide_requested")["proposal_id"] == first["id"]
    two.run("%%llm\nsum it up", cell_id="b")
    asked = two.expect("ask_requested")
    assert not two.told("decide_requested")
    assert not one.told("ask_requested")
    assert asked["cell_id"] == "b"

    # A renamed notebook takes its own along, and a new kernel finds each where it belongs.
    two.send(Renamed("renamed.ipynb"))
    late = two.settled(two.ask("of two", ["x = 1"], scripted(TWO)))
    one.manager.signal_kernel(9)
    other = start_kernel(JPY_SESSION_NAME=told)
    other.open(notebook="one.ipynb")
    assert names(other.expect("welcome")["proposals"]) == [first["id"]]
    third = other.another()
    third.open(notebook="renamed.ipynb")
    assert names(third.expect("welcome")["proposals"]) == [second["id"], late["id"]]
