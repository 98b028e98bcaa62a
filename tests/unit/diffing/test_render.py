"""What a person reads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from llm_notebook.core.edits import Delete, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import diff, render_html, render_text, shown

LONG = "\n".join(f"line {n}" for n in range(1, 21))
NB = Snapshot(
    (Cell("a", "code", LONG), Cell("b", "markdown", "# B"), Cell("c", "code", "print(x)  "))
)


def proposal(*edits: Insert | Replace | Delete | Move, title: str = "") -> Proposal:
    return Proposal(id="p", origin=Origin("", ""), created=0.0, edits=edits, title=title)


ALL = proposal(
    Delete("b", NB.cells[1].hash),
    Replace("a", NB.cells[0].hash, "code", LONG.replace("line 10", "line ten\nline 10b")),
    Insert("n", "c", "code", "y = 1\n\nz = 2"),
    Insert("m", "n", "markdown", ""),
    Move("c", NB.cells[2].hash, None),
    title="Tidy up",
)


def test_text() -> None:
    assert (
        render_text(ALL, NB, color=False)
        == """\
Tidy up
- delete markdown cell c2
  - # B
~ change c1
  @ line 7
    line 7
    line 8
    line 9
  - line 10
  + line ten
  + line 10b
    line 11
    line 12
    line 13
+ new code cell after c3 (n1)
  + y = 1
  +
  + z = 2
+ new markdown cell after n1 (n2)
> move c3 to before the first cell
"""
    )


def test_colour_says_the_same() -> None:
    coloured = render_text(ALL, NB, color=True)
    assert "\x1b[32m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render_text(ALL, NB, color=False)


def test_change_of_type_and_trailing_spaces_are_seen() -> None:
    text = render_text(proposal(Replace("c", NB.cells[2].hash, "raw", "print(x)")), NB, color=False)
    assert text == "~ change c3 from code to raw\n  - print(x)  \n  + print(x)\n"


def test_two_hunks_share_the_lines_between_them_once() -> None:
    after = LONG.replace("line 3\n", "three\n").replace("line 8\n", "eight\n")
    text = render_text(proposal(Replace("a", NB.cells[0].hash, "code", after)), NB, color=False)
    between = text.split("+ three\n")[1].split("  - line 8")[0]
    assert between.split() == ["line", "4", "line", "5", "line", "6", "line", "7"]


def test_a_stale_edit_says_so() -> None:
    text = render_text(proposal(Delete("b", "0" * 16), Delete("z", "0" * 16)), NB, color=False)
    assert "! Cell c2 “# B” has changed since this was proposed. Ask again" in text
    assert "- delete cell z\n! The cell z is no longer in the notebook." in text


def test_reissued_ids_are_counted_and_not_listed() -> None:
    after = Snapshot(tuple(Cell(f"r{c.id}", c.type, c.source) for c in NB.cells))
    text = render_text(diff(NB, after), NB, color=False)
    assert text == "3 changed\n~ 3 cells get another id; the content stays\n"


def test_what_changes_is_shown_whole_and_what_does_not_is_cut() -> None:
    picture, code = "P" * 100_000, "C" * 100_000
    before = Snapshot((Cell("a", "code", f"{picture}\nold"),))
    after = Snapshot((Cell("a", "code", f"{picture}\n{code}"),))
    for text in (
        render_text(diff(before, after), before, color=False),
        render_html(diff(before, after), before),
    ):
        assert code in text
        assert "99,600 more characters, unchanged" in text
        assert len(text) < 110_000


DECEPTIVE = {
    "\u202e": "\\u202e",  # right-to-left override
    "\u2066": "\\u2066",
    "\u200b": "\\u200b",  # zero width
    "\u200d": "\\u200d",
    "\ufeff": "\\ufeff",
    "\u00ad": "\\xad",  # soft hyphen
    "\u00a0": "\\xa0",  # looks like a space
    "\u3164": "\\u3164",  # Hangul filler
    "\U000e0041": "\\U000e0041",  # tag letter
    "\U000e0101": "\\U000e0101",  # variation selector supplement
    "\x1b": "\\x1b",
    "\x9b": "\\x9b",
    "\x08": "\\x08",
    "\r": "\\r",
    "\u2028": "\\u2028",
    "\ud800": "\\ud800",
}


@pytest.mark.parametrize("char", DECEPTIVE)
def test_deceptive_characters_are_shown_for_what_they_are(char: str) -> None:
    assert shown(f"a{char}b") == f"a{DECEPTIVE[char]}b"
    new = proposal(Insert(f"n{char}", None, f"code{char}", f"x{char}y"), title=f"t{char}")
    gone = proposal(Delete(f"z{char}", "0"))
    deceived = Snapshot((Cell("a", f"code{char}", f"x{char}y"),))
    changed = proposal(Replace("a", "0", "raw", f"y{char}"), Delete("a", deceived.cells[0].hash))
    for p, nb in ((new, NB), (gone, NB), (changed, deceived)):
        for out in (
            render_text(p, nb, color=False),
            render_html(p, nb),
            re.sub(r"\x1b\[[\d;]*m", "", render_text(p, nb, color=True)),
        ):
            assert char not in out
            assert DECEPTIVE[char] in out
            out.encode()


@pytest.mark.parametrize("text", ["", "plain", "\ttab", "é ü 漢字 עברית", "🐍 ❤️ 👍🏽", "→ ≤ “x”"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert shown(text) == text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        assert not any("url(" in (value or "") for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_inert_and_says_what_the_text_says() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'</pre>"
    nb = Snapshot((Cell("a", evil, evil), Cell(evil, "code", "x")))
    p = proposal(
        Replace("a", nb.cells[0].hash, "code", evil + "!"),
        Delete(evil, "0"),
        Insert("n", evil, evil, evil),
        title=evil,
    )
    tags = Tags()
    tags.feed(render_html(p, nb))
    assert tags.open == []
    assert tags.seen == {"div", "pre", "span"}
    assert tags.attributes == {"class", "dir", "style", "role"}
    assert tags.text.count(evil) >= 5
    words = re.sub(r"\s", "", render_text(p, nb, color=False))
    assert re.sub(r"\s", "", tags.text) == words
