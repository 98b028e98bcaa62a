"""Every claim of the threat model names tests, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:tests|labextension)/[\w./-]+)(?:::([^`]+))?`")


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 30
    missing = [f"{path}::{name}" for path, name in named if not is_there(path, name)]
    assert missing == []


def is_there(path: str, name: str) -> bool:
    file = ROOT / path
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8")
    if path.endswith(".py"):
        return not name or re.search(rf"^def {re.escape(name)}\(", text, re.M) is not None
    return not name or name in text


def test_every_claim_has_a_test() -> None:
    tables = re.findall(r"^\| claim \| shown by \|\n\|[ -|]+\|\n((?:\|.*\n)+)", PAGE, re.M)
    rows = [row.rpartition(" | ")[::2] for table in tables for row in table.splitlines()]
    assert len(rows) > 20
    assert [claim for claim, shown in rows if not NAMED.search(shown)] == []


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert not is_there("tests/unit/test_threat_model.py", "test_of_nothing")
    assert not is_there("tests/unit/nowhere.py", "test_of_nothing")
