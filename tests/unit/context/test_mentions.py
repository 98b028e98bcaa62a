"""What stands behind an @."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from llm_notebook.context import build_context, look
from llm_notebook.context.files import data_files
from llm_notebook.context.mentions import mentions_in
from llm_notebook.core.context import Context
from llm_notebook.core.notebook import Cell, Snapshot

BOOK = Snapshot(
    (
        Cell("h1", "markdown", "# Load the data"),
        Cell("a", "code", "raw = 1"),
        Cell("h2", "markdown", "## Clean up"),
        Cell("b", "code", "tidy = raw"),
        Cell("h3", "markdown", "# Plot"),
        Cell("c", "code", "tidy"),
    )
)


def build(prompt: str, folder: Path | None = None, **more: object) -> Context:
    return build_context(BOOK, prompt, "c", {"raw": 1}, None, folder, **more)  # type: ignore[arg-type]


def mentioned(context: Context) -> list[str]:
    return [piece.id for piece in context.pieces if piece.why == "you mentioned it"]


def refused(context: Context) -> dict[str, str]:
    return {piece.label: piece.why for piece in context.left_out}


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("plot @df and @c5, then (@a.csv).", ["df", "c5", "a.csv"]),
        ('see @"two words" @data/', ["two words", "data/"]),
        ("mail bob@example.com, or `@property`", []),
        ("@df @df", ["df"]),
        ("@ @@x @. @''", []),
    ],
)
def test_mentions_in(prompt: str, found: list[str]) -> None:
    assert mentions_in(prompt) == found


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("@c2", ["cell:a"]),
        ("@c9", []),
        ('@"load the data"', ["cell:h1", "cell:a", "cell:h2", "cell:b"]),
        ('@"Clean up"', ["cell:h2", "cell:b"]),
        ('@"the data"', ["cell:h1", "cell:a", "cell:h2", "cell:b"]),
        ("@raw", ["variable:raw"]),
        ("@raw.mean", ["variable:raw"]),
    ],
)
def test_cells_and_variables(prompt: str, found: list[str]) -> None:
    assert mentioned(build(prompt)) == found


def test_a_long_section_leaves_room() -> None:
    cells = [Cell("h", "markdown", "# All of it")]
    cells += [Cell(f"i{i}", "code", f"x{i} = {'y' * 300!r}") for i in range(60)]
    cells += [Cell("t", "code", "z = x0 + x59")]

    context = build_context(Snapshot(tuple(cells)), '@"All of it"', "t", {})

    assert 10 < len(mentioned(context)) < 25
    assert "cell:i59" in {piece.id for piece in context.pieces}


def test_a_file_is_shown_with_its_text(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a b.py").write_text("def f():\n    return 1\n")

    (piece,) = [p for p in build('@"sub/a b.py"', tmp_path).pieces if p.kind == "file"]

    assert piece.id == "file:sub/a b.py"
    assert piece.text.startswith("'sub/a b.py', 22 B\ndef f():")


def test_of_a_table_only_the_header_is_shown(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('id,price,when,"a, b",none\n17,1.5,2020-01-01,HIDDEN,\n')

    (piece,) = [p for p in build("@t.csv", tmp_path).pieces if p.kind == "file"]
    assert "id int, price float, when text, 'a, b' text, none empty" in piece.text
    assert "HIDDEN" not in piece.text
    assert "17" not in piece.text

    (piece,) = [p for p in build("@t.csv", tmp_path, values=True).pieces if p.kind == "file"]
    assert "17,1.5,2020-01-01,HIDDEN" in piece.text


def test_a_long_file_is_cut(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("a line é\n" * 100_000)

    (piece,) = [p for p in build("@long.txt", tmp_path).pieces if p.kind == "file"]

    assert piece.tokens < 900
    assert "not shown›" in piece.text


def test_binary_and_odd_files(tmp_path: Path) -> None:
    (tmp_path / "b.bin").write_bytes(b"\x00\xff" * 1000)
    (tmp_path / "u.txt").write_text("héllo", encoding="utf-16")
    os.mkfifo(tmp_path / "pipe")

    texts = {p.label: p.text for p in build("@b.bin @u.txt @pipe", tmp_path).pieces}

    assert texts["b.bin"] == "b.bin, 2.0 kB, binary"
    assert "héllo" in texts["u.txt"]
    assert texts["pipe"] == "pipe, neither a file nor a folder"


def test_a_folder_is_listed(tmp_path: Path) -> None:
    (tmp_path / "d" / "inner").mkdir(parents=True)
    (tmp_path / "d" / "x.csv").write_text("123")
    (tmp_path / "d" / ".secret").touch()

    (piece,) = [p for p in build("@d/", tmp_path).pieces if p.kind == "folder"]

    assert piece.text == "d/, a folder\ninner/\nx.csv, 3 B"


def test_nothing_outside_is_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("HIDDEN")
    (home / ".env").write_text("HIDDEN")
    (home / ".ssh").mkdir()
    (home / ".ssh" / "key").write_text("HIDDEN")
    (home / "link.txt").symlink_to(tmp_path / "secret.txt")
    (home / "sub" / "up").symlink_to(tmp_path)
    (home / "dot.txt").symlink_to(home / ".env")
    (home / "fine.txt").write_text("FINE")
    (home / "inside.txt").symlink_to(home / "fine.txt")
    (home / "loop").symlink_to(home / "loop")

    context = build(
        f"@../secret.txt @{tmp_path}/secret.txt @link.txt @sub/up/secret.txt @.env @.ssh/key "
        "@dot.txt @sub/../.env @inside.txt @loop @a\0b @~/x",
        home,
    )

    assert "HIDDEN" not in repr(context)
    assert "FINE" in repr(context)
    assert refused(context)["link.txt"] == "outside the notebook's folder"
    assert refused(context)[".env"] == "hidden files are not sent"


def test_a_link_that_leads_out_is_not_offered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "outside.csv").touch()
    (home / "inside.csv").touch()
    (home / "out.csv").symlink_to(tmp_path / "outside.csv")
    (home / "in.csv").symlink_to(home / "inside.csv")
    (tmp_path / "link").symlink_to(home)

    assert hits("csv", tmp_path / "link") == ["@in.csv", "@inside.csv"]
    assert data_files(tmp_path / "link") == ("in.csv", "inside.csv")


def test_secrets_in_files_are_taken_out(tmp_path: Path) -> None:
    secret = "sk-" + "aB3dE5fG7hJ9kL1mN2pQ4r"
    (tmp_path / "c.ini").write_text(f"[a]\nname = x\nkey = {secret}\n")

    (piece,) = [p for p in build("@c.ini", tmp_path).pieces if p.kind == "file"]

    assert secret not in piece.text
    assert piece.redacted == ("API key",)


def hits(query: str, folder: Path | None = None) -> list[str]:
    names: dict[str, object] = {
        "n": 1,
        "prices": pd.DataFrame({"a": [1]}),
        "old_prices": pd.DataFrame(),
        "_x": 1,
    }
    book = Snapshot(
        (
            Cell("a", "markdown", '# Prices "and" more'),
            Cell("b", "code", "x = 1\nprices = load()"),
            Cell("c", "code", "y = 2"),
        )
    )
    return [hit.mention for hit in look(query, book, names, folder)]


def test_hits_are_ranked(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prices.csv").touch()
    (tmp_path / "new prices.csv").touch()
    (tmp_path / ".prices").touch()

    assert hits("prices", tmp_path) == [
        "@prices",
        '@"Prices  and  more"',
        "@data/prices.csv",
        "@old_prices",
        '@"new prices.csv"',
        *["@c1", "@c2"],
    ]
    assert hits("c3") == ["@c3"]
    assert hits("load")[0] == "@c2"
    assert hits('"prices and mo', tmp_path) == ['@"Prices  and  more"', "@c1"]
    assert hits("data/pr", tmp_path) == ["@data/prices.csv"]
    assert hits("nothing like it", tmp_path) == []
    assert hits("")[0] in ("@old_prices", "@prices")


def test_what_is_found_is_what_is_mentioned(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "c, d.txt").write_text("x")
    names: dict[str, object] = {"tidy": 1}

    for query in ("load", "clean", "tidy", "c2", "c, d", "a b"):
        for hit in look(query, BOOK, names, tmp_path):
            context = build_context(BOOK, f"use {hit.mention}", None, names, None, tmp_path)
            assert hit.kind in {key.partition(":")[0] for key in mentioned(context)}


def test_a_detail_says_what_it_is() -> None:
    (hit,) = look("df", Snapshot(()), {"df": pd.DataFrame({"a": [1, 2]})}, None)

    assert (hit.label, hit.detail) == ("df", "pandas.DataFrame 2 x 1")
