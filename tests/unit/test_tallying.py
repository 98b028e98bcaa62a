"""How past proposals were decided, counted from a real store."""

from __future__ import annotations

from pathlib import Path

import msgspec

from llm_notebook.core.edits import Delete, Edit, Replace
from llm_notebook.core.tally import Tally
from llm_notebook.store import Store
from llm_notebook.tallying import tallies
from tests.unit.store_records import proposal

PLOT = {"cells": [{"cell": "new", "outputs": [{"kind": "display", "types": ["image/png"]}]}]}
FILE = {"files": [{"kind": "created", "path": "out.csv"}]}
HOST = {"hosts": [{"address": "example.org:443"}]}


def counted(store: Store) -> dict[str, Tally]:
    return {tally.kind: tally for tally in tallies(store.decided())}


def test_each_proposal_counts_once_by_what_became_of_it_at_last(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    for name, story in {
        "taken": ["proposed", "accepted"],
        "own": ["proposed", ("accepted", {"auto": True})],
        "back": ["proposed", "accepted", "reopened", "rejected"],
        "own-back": ["proposed", ("accepted", {"auto": True}), "reopened"],
        "again": ["proposed", "accepted", "reopened", "accepted"],
        "dropped": ["proposed", "rejected"],
        "part": ["proposed", "accepted", "rejected"],
        "open": ["proposed"],
        "failed": ["failed"],
    }.items():
        for event in story:
            kind, body = event if isinstance(event, tuple) else (event, {})
            store.save("n.ipynb", proposal(name), kind, **body)
    assert counted(store) == {"adds": Tally("adds", accepted=3, rejected=1, undone=2, auto=1)}


def test_kinds_are_told_by_the_edits_and_by_the_last_dry_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    edits: tuple[Edit, ...] = (Replace("a", "0" * 16, "code", "x"), Delete("b", "0" * 16))
    both = msgspec.structs.replace(proposal("both"), edits=edits)
    store.save("n.ipynb", both, "dry run", **FILE)
    store.save("n.ipynb", both, "dry run", **PLOT, **HOST)
    store.save("n.ipynb", both, "accepted")
    store.save("m.ipynb", proposal("file"), "dry run", **FILE)
    store.save("m.ipynb", proposal("file"), "rejected")
    found = counted(store)
    assert list(found) == ["adds", "changes", "removes", "plots", "writes", "reaches"]
    assert found["plots"].accepted == found["reaches"].accepted == 1
    assert found["writes"] == Tally("writes", rejected=1)


def test_the_newest_count_where_there_are_many(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    for number in range(5):
        store.save("n.ipynb", proposal(f"p{number}"), "accepted", at=float(number))
    assert [found.id for found, _ in store.decided(limit=2)] == ["p4", "p3"]
