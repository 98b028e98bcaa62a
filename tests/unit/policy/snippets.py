"""Code by families, from the files beside."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).with_name("data")


def families(name: str) -> dict[str, list[str]]:
    """The snippets of a file, by family; its head says how it is written."""
    found: dict[str, list[str]] = {}
    parts = (DATA / f"{name}.txt").read_text(encoding="utf-8").split("\n== ")
    for part in parts[1:]:
        family, _, body = part.partition("\n")
        found[family] = [one.strip("\n") for one in body.split("\n--\n")]
    return found
