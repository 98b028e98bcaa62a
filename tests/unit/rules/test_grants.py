"""Grants: what can be granted, and that a path is below a folder only as it is spelt and is."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from llm_notebook.core.decision import PredictedEffect
from llm_notebook.core.grants import Grant
from llm_notebook.core.preview import FileEffect, ObservedEffects
from llm_notebook.rules import Places, judge
from llm_notebook.rules.paths import is_below, is_granted
from tests.unit.rules.making import PROPOSAL, evidence, seen

OUT = Grant("writes", "out")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "nb" / "out").mkdir(parents=True)
    return Places(tmp_path / "nb", tmp_path / "nb")


def written(path: str, places: Places, kind: Any = "created", *, grants: Any = (OUT,)) -> str:
    """The ruling on a file that the syntax names and the dry run wrote."""
    effects = ObservedEffects(files=(FileEffect(kind, path),), files_complete=True)
    predicted = PredictedEffect("deletes" if kind == "deleted" else "writes", path)
    found = evidence(predicted, preview=seen(effects=effects), places=places, grants=grants)
    return judge(found).ruling


@pytest.mark.parametrize(
    "under",
    ["", "/", ".", "..", "out/..", "./out", ".git", "a/.b", "~", "~/x", "$HOME", "out*", "a\\b",
     "/etc", "//etc/x", "out//x", "o\u200but", "out\n", "a\0b"],
)  # fmt: skip
def test_what_cannot_be_granted(under: str) -> None:
    with pytest.raises(ValueError, match="cannot be for"):
        Grant("writes", under)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode({"effect": "writes", "under": under}), type=Grant)


@pytest.mark.parametrize("effect", ["deletes", "starts", "contacts", "authority", "unknown"])
def test_only_reading_and_writing_can_be_granted(effect: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"effect": effect, "under": "out"}, Grant)


def test_a_granted_write_that_was_seen_is_allowed(places: Places) -> None:
    assert written("out/x.csv", places) == "ALLOW"
    assert written("out/deep/x.csv", places) == "ALLOW"
    assert places.notebook is not None
    assert written(str(places.notebook / "out" / "x.csv"), places) == "ALLOW"
    absolute = Grant("writes", str(places.notebook / "out"))
    assert written("out/x.csv", places, grants=(absolute,)) == "ALLOW"


@pytest.mark.parametrize(
    "path",
    ["x.csv", "out/../x.csv", "outer/x.csv", "Out/x.csv", "оut/x.csv", "out/.x", "out/~/x",
     "out/a*", "out//x", "./out/../../x", "/out/x.csv", "", "out\u200b/x", "file://out/x",
     unicodedata.normalize("NFD", "out/é.csv")],
)  # fmt: skip
def test_what_is_not_below_it_as_it_is_spelt_is_asked(path: str, places: Places) -> None:
    assert written(path, places) == "ASK"


def test_links_lead_nowhere(places: Places) -> None:
    folder = places.notebook
    assert folder is not None
    (folder.parent / "victim").write_text("whole")
    (folder / "out" / "soft").symlink_to(folder.parent / "victim")
    os.link(folder.parent / "victim", folder / "out" / "hard")
    (folder / "out" / "up").symlink_to(folder.parent)
    (folder / "linked").symlink_to(folder.parent)
    os.mkfifo(folder / "out" / "pipe")
    for path in ("out/soft", "out/hard", "out/up/victim", "out/pipe"):
        assert written(path, places) == "ASK", path
    assert written("linked/victim", places, grants=(Grant("writes", "linked"),)) == "ASK"


def test_a_relative_grant_starts_at_the_notebook_and_not_where_code_has_gone(
    places: Places, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "out").mkdir(parents=True)
    moved = Places(tmp_path / "elsewhere", places.notebook)
    assert written("out/x.csv", moved) == "ASK"
    assert written("out/x.csv", Places(None, places.notebook)) == "ASK"
    assert written("out/x.csv", Places(places.working, None)) == "ASK"


def test_a_grant_to_write_is_none_to_delete_or_to_read(places: Places, tmp_path: Path) -> None:
    assert written("out/x.csv", places, "deleted") == "ASK"
    (tmp_path / "other").mkdir()
    place = str(tmp_path / "other" / "d.csv")
    found = evidence(PredictedEffect("reads", place), places=places, grants=(OUT,))
    assert judge(found).ruling == "ASK"
    reads = Grant("reads", str(tmp_path / "other"))
    assert judge(replace(found, grants=(reads,))).ruling == "ALLOW"


def test_a_granted_write_must_be_the_one_that_was_seen(places: Places) -> None:
    predicted = PredictedEffect("writes", "out/a.csv")
    effects = ObservedEffects(files=(FileEffect("created", "out/b.csv"),), files_complete=True)
    found = evidence(predicted, preview=seen(effects=effects), places=places, grants=(OUT,))
    assert judge(found).ruling == "ASK"
    found = evidence(predicted, places=places, grants=(OUT,))
    assert judge(found).ruling == "ASK"


def test_no_grant_widens_what_is_guarded_or_untrusted(places: Places) -> None:
    for kind in ("authority", "displays"):
        found = evidence(PredictedEffect(kind, "out/x"), places=places, grants=(OUT,))  # type: ignore[arg-type]
        assert judge(found).ruling != "ALLOW"
    proposal = msgspec.structs.replace(PROPOSAL, untrusted=("d.csv",))
    effects = ObservedEffects(files=(FileEffect("created", "out/x"),), files_complete=True)
    found = evidence(
        PredictedEffect("writes", "out/x"),
        preview=seen(effects=effects),
        places=places,
        grants=(OUT,),
        proposal=proposal,
    )
    assert judge(found).ruling == "ASK"


@pytest.mark.parametrize(
    ("path", "is_fine"),
    [("d.csv", True), ("data/d.csv", True), (".env", False), ("../d.csv", False), ("", False),
     ("secrets.json", False), ("my_token.txt", False), ("server.pem", False), ("~/d.csv", False)],
)  # fmt: skip
def test_files_beside_the_notebook_may_be_read(path: str, is_fine: bool, places: Places) -> None:
    ruling = judge(evidence(PredictedEffect("reads", path), places=places)).ruling
    assert ruling == ("ALLOW" if is_fine else "ASK")


def test_nothing_is_below_what_is_not_there() -> None:
    assert not is_below("a", Path("/nowhere/at/all"), None)
    assert is_granted("a", "writes", (OUT,), Places()) is None
