"""Write `llm_notebook/core/characters.py` from Unicode's own data; run by hand, seldom.

``python tools/characters.py UCD CONFUSABLES`` takes the folder of the Unicode
Character Database (Debian's package ``unicode-data`` has it as
``/usr/share/unicode``) and ``confusables.json`` of the package
``confusable-homoglyphs`` (MIT), which holds the table of Unicode's technical
standard 39. The front end's copy is then written by ``tools/schema.py``.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "llm_notebook" / "core" / "characters.py"

# Format controls that are drawn: signs that stand before numbers.
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Nothing is seen of them, though no property says so: an empty Braille cell and note head.
BLANK = {0x2800, 0x1D159}
# Unlike any other of their kind, these small Greek letters cannot be told from Latin ones. The
# rest (alpha, rho, sigma ...) can, and stand in the names of many a formula.
GREEK_TWINS = {0x3BF, 0x3BD, 0x3F2, 0x3F3}
GREEK_SMALL = {*range(0x3B1, 0x3CA), *range(0x3D0, 0x3F0)} - GREEK_TWINS
# Of Turkish: seen for what it is, and in words of Latin letters by rights.
DOTLESS_I = 0x131

Ranges = list[tuple[int, int]]


def read(path: Path) -> Iterable[tuple[int, int, str]]:
    """Lines of a file of the database: first, last, value."""
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = [field.strip() for field in line.partition("#")[0].split(";")]
        if len(fields) >= 2:
            first, _, last = fields[0].partition("..")
            yield int(first, 16), int(last or first, 16), fields[1]


def having(path: Path, *values: str) -> set[int]:
    """Code points with one of these values."""
    found: set[int] = set()
    for first, last, value in read(path):
        if value in values:
            found.update(range(first, last + 1))
    return found


def ranges(points: set[int]) -> Ranges:
    """Code points as ranges, both ends included."""
    found: Ranges = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def packed(points: set[int]) -> str:
    """``41-5a 5f``."""
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in ranges(points))


def alike(confusables: Path) -> dict[int, str]:
    """Letters and digits that look like one of ASCII, and which."""
    table = json.loads(confusables.read_text(encoding="utf-8"))
    found: dict[int, str] = {}
    for char, others in table.items():
        if len(char) != 1 or char.isascii() or unicodedata.category(char)[0] not in "LN":
            continue
        ascii_ones = sorted({o["c"] for o in others if re.fullmatch(r"[A-Za-z0-9]", o["c"])})
        if ascii_ones and ord(char) not in GREEK_SMALL | {DOTLESS_I}:
            same_case = [c for c in ascii_ones if c.isupper() == char.isupper()]
            found[ord(char)] = (same_case or ascii_ones)[0]
    return found


def folded() -> dict[int, str]:
    """What Python's compiler itself reads as ASCII in a name (NFKC), and as which."""
    found = {}
    for point in range(0x80, 0x110000):
        char = chr(point)
        plain = unicodedata.normalize("NFKC", char)
        if plain != char and re.fullmatch(r"\w+", plain, re.ASCII) and f"a{char}".isidentifier():
            found[point] = plain
    return found


def runs(table: dict[int, str]) -> str:
    """``41-5aA``: code points that stand for ASCII characters in their order, run by run."""
    parts: list[tuple[int, int, str]] = []
    for point, text in sorted(table.items()):
        if parts:
            first, last, start = parts[-1]
            follows = len(start) == 1 and text == chr(ord(start) + point - first)
            if point == last + 1 and follows:
                parts[-1] = (first, point, start)
                continue
        parts.append((point, point, text))
    return " ".join(f"{a:x}={t}" if a == b else f"{a:x}-{b:x}={t}" for a, b, t in parts)


def text_of(ucd: Path, confusables: Path) -> str:
    """The module's text."""
    category = ucd / "extracted" / "DerivedGeneralCategory.txt"
    hidden = having(category, "Cc", "Cf", "Cs", "Co", "Zl", "Zp") | BLANK
    hidden |= having(ucd / "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
    hidden |= having(ucd / "PropList.txt", "Noncharacter_Code_Point")
    hidden -= DRAWN | {0x09, 0x0A}
    enclosing = having(category, "Me")
    marks = (having(category, "Mn") | enclosing) - hidden
    over = (having(ucd / "extracted" / "DerivedCombiningClass.txt", "1") | enclosing) - hidden
    emoji = {p for p in having(ucd / "emoji" / "emoji-data.txt", "Emoji") if p >= 0x80}
    names = folded()
    looks = {point: text for point, text in alike(confusables).items() if point not in names}
    tables = {
        "HIDDEN": ("Nothing is seen of them, or they reorder what is.", packed(hidden)),
        "SPACES": (
            "Spaces other than the one of ASCII.",
            packed(having(category, "Zs") - {0x20}),
        ),
        "MARKS": ("What is drawn onto the character before.", packed(marks)),
        "OVERLAYS": ("Those that are drawn across it, or around it.", packed(over)),
        "EMOJI": ("What an emoji selector or joiner may stand behind.", packed(emoji)),
        "ALIKE": ("Letters and digits that look like one of ASCII.", runs(looks)),
        "FOLDED": ("What Python's compiler reads as ASCII in a name.", runs(names)),
    }
    version = (ucd / "DerivedAge.txt").read_text(encoding="utf-8").partition("\n")[0]
    number = re.search(r"[\d.]+\d", version)
    assert number is not None
    out = [
        '"""Characters that may fool a reader. Written by tools/characters.py; do not edit.\n',
        f"From the Unicode Character Database {number[0]}, and for look-alikes from the table of",
        "Unicode's technical standard 39 (confusables) as confusable-homoglyphs 3.3.1 has it.",
        "Unicode's data files are free to use under the Unicode License v3.",
        '"""\n',
    ]
    for name, (about, data) in tables.items():
        out.append(f"{name} = (")
        out += [f'    "{line}"' for line in wrapped(data)]
        out += [")", f'"""{about}"""\n']
    return "\n".join(out).rstrip() + "\n"


def wrapped(data: str) -> list[str]:
    """Lines of at most 90 characters, each but the last with a space at its end."""
    lines: list[str] = []
    for word in data.split(" "):
        if lines and len(lines[-1]) + len(word) < 88:
            lines[-1] += f"{word} "
        else:
            lines.append(f"{word} ")
    return [*lines[:-1], lines[-1].rstrip()]


def main(arguments: list[str]) -> int:
    """Write the module."""
    if len(arguments) != 2:
        print("usage: python tools/characters.py UCD CONFUSABLES", file=sys.stderr)
        return 2
    WRITTEN.write_text(text_of(Path(arguments[0]), Path(arguments[1])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
