"""Write the front end's types and the shared test vectors from the Python records.

The records in `llm_notebook.core` are the one definition of what crosses the
wire. ``python tools/schema.py`` writes what TypeScript needs of it;
``python tools/schema.py --check`` fails where a written file differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from llm_notebook.core import characters
from llm_notebook.core.deceptive import GAP, Span, spans
from llm_notebook.core.decision import Ruling
from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace, edits_hash
from llm_notebook.core.notebook import cell_hash
from llm_notebook.core.origin import Face, Role, Wants
from llm_notebook.core.preview import PreviewStatus, Tier
from llm_notebook.core.proposal import PROVENANCE_KEY, Provenance, Status
from llm_notebook.core.protocol import (
    COMM_TARGET,
    PROTOCOL_VERSION,
    STATUS_MIME,
    FrontendMessage,
    KernelMessage,
    Level,
    Verdict,
)
from llm_notebook.core.remarks import EMPTY_LINES, LOADS, LONG_LINE, MANY_LINES, remarks
from llm_notebook.core.tally import Kind

ROOT = Path(__file__).resolve().parents[1]
TYPES = ROOT / "labextension" / "src" / "protocol.gen.ts"
VECTORS = ROOT / "labextension" / "src" / "__tests__" / "hashes.gen.json"
CHARACTERS = ROOT / "labextension" / "src" / "characters.gen.ts"
DECEPTIVE = ROOT / "labextension" / "src" / "__tests__" / "deceptive.gen.json"

UNIONS = {"Edit": Edit, "FrontendMessage": FrontendMessage, "KernelMessage": KernelMessage}
LITERALS = {
    "Status": Status,
    "Face": Face,
    "Wants": Wants,
    "Role": Role,
    "Level": Level,
    "Verdict": Verdict,
    "PreviewStatus": PreviewStatus,
    "Tier": Tier,
    "Ruling": Ruling,
    "Kind": Kind,
}
CONSTANTS = {
    "PROTOCOL_VERSION": PROTOCOL_VERSION,
    "COMM_TARGET": COMM_TARGET,
    "STATUS_MIME": STATUS_MIME,
    "PROVENANCE_KEY": PROVENANCE_KEY,
}
PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}

Schema = dict[str, Any]


def literal(value: object) -> str:
    """Write a value as TypeScript does: in single quotes where it is text."""
    if isinstance(value, str):
        return "'" + json.dumps(value)[1:-1].replace("'", "\\'") + "'"
    return json.dumps(value)


def names_of(members: tuple[type, ...]) -> list[str]:
    """Return the sorted names of a union's records."""
    return sorted(member.__name__ for member in members)


def type_of(schema: Schema) -> str:
    """Return the TypeScript type that a JSON Schema stands for; raise on what it does not know."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        for name, values in LITERALS.items():
            if set(schema["enum"]) == set(get_args(values)):
                return name
        return " | ".join(literal(value) for value in schema["enum"])
    if "anyOf" in schema:
        members = [type_of(member) for member in schema["anyOf"]]
        for name, union in UNIONS.items():
            if sorted(members) == names_of(get_args(union)):
                return name
        return " | ".join(members)
    if schema.get("type") == "array":
        return f"ReadonlyArray<{type_of(schema['items'])}>"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{ readonly [name: string]: {type_of(schema['additionalProperties'])} }}"
    if schema.get("type") in PRIMITIVES:
        return PRIMITIVES[schema["type"]]
    raise ValueError(f"no TypeScript type is known for {schema}")


def comment(text: str) -> str:
    """Turn the first paragraph of a docstring into a comment; nothing for an empty one."""
    first = " ".join(text.split("\n\n")[0].split()).replace("``", "`")
    return f"/** {first} */\n" if first else ""


def types() -> str:
    """Return the text of ``protocol.gen.ts``.

    Every property is required: msgspec writes defaults too, and a front end
    that leaves none out has one shape of each record.
    """
    roots = [FrontendMessage, KernelMessage, Provenance]
    _, components = msgspec.json.schema_components(roots)
    parts = [
        "// Written by tools/schema.py from llm_notebook/core. Do not edit: CI compares.\n",
        "".join(f"export const {k} = {literal(v)};\n" for k, v in CONSTANTS.items()),
    ]
    for name, values in LITERALS.items():
        members = " | ".join(literal(value) for value in get_args(values))
        parts.append(f"export type {name} = {members};\n")
    for name, schema in components.items():
        fields = "".join(
            f"  readonly {key}: {type_of(value)};\n" for key, value in schema["properties"].items()
        )
        about = comment(schema.get("description", ""))
        parts.append(f"{about}export interface {name} {{\n{fields}}}\n")
    for name, union in UNIONS.items():
        members = " | ".join(member.__name__ for member in get_args(union))
        parts.append(f"export type {name} = {members};\n")
    return "\n".join(parts)


TEXTS = [
    "",
    "x = 1",
    "x = 1\n",
    "line\r\nwith carriage return",
    "na\u00efve caf\u00e9 \u4e2d\u6587",
    "astral \U0001f600 and \U00020bb7",
    "lone high \ud83d end",
    "lone low \ude00 end",
    "two lone \ud83d\ud83d and \ude00\ude00",
    "swapped \ude00\ud83d pair",
    "at the end \ud83d",
    "nul \x00, byte-order mark \ufeff, bidi \u202e",
    "long " * 5000,
]


def vectors() -> str:
    """Return texts and edits with their hashes, for the tests of both sides."""
    cells = [
        {"type": kind, "source": text, "hash": cell_hash(kind, text)}
        for text in TEXTS
        for kind in ("code", "markdown")
    ]
    old = cell_hash("code", "x = 1")
    edits: list[tuple[Edit, ...]] = [
        (),
        (Insert("a1", None, "code", "import pandas as pd"),),
        (Insert("a1", "c0", "markdown", "lone \ud83d and \U0001f600"),),
        (Replace("c1", old, "code", "x = 2\n"), Delete("c2", old), Move("c3", old, None)),
        (Move("c3", old, "c1"), Insert("a2", "c3", "raw", "")),
        (Replace("c1", old, "code", "x = 2\n", new_id="d1"),),
    ]
    proposals = [{"edits": msgspec.to_builtins(e), "hash": edits_hash(e)} for e in edits]
    return json.dumps({"cells": cells, "proposals": proposals}, indent=1) + "\n"


TABLES = ("HIDDEN", "SPACES", "MARKS", "OVERLAYS", "EMOJI", "ALIKE", "FOLDED")
LIMITS = {
    "GAP": GAP,
    "LONG_LINE": LONG_LINE,
    "EMPTY_LINES": EMPTY_LINES,
    "MANY_LINES": MANY_LINES,
}


def tables() -> str:
    """Return the text of ``characters.gen.ts``: the tables that both sides read."""
    parts = ["// Written by tools/schema.py from llm_notebook/core/characters.py. Do not edit.\n"]
    parts += [f"export const {name} = {value};\n" for name, value in LIMITS.items()]
    parts.append(f"export const LOADS =\n  {literal('|'.join(LOADS))};\n")
    for name in TABLES:
        parts.append(f"export const {name} =\n  {literal(getattr(characters, name))};\n")
    return "\n".join(parts)


ODD = [
    "plain = 1\n\tindented",
    "crlf\r\nkept, lone\rnot",
    "bell \x07 escape \x1b[2J c1 \x9b31m form feed \x0c nul \x00",
    "bidi \u202e \u2066 \u200f zero \u200b\ufeff soft\xadhyphen",
    "tags \U000e0041\U000e0042 private \ue000 \U000f0000 lines \u2028\u2029\x85",
    "separators \u2063\u2064 fillers \u3164\uffa0\u2800\u115f\u034f\u17b4 x\ufe0f\U000e0100",
    "lone \ud83d surrogate",
    "hearts \u2764\ufe0f and \U0001f469\u200d\U0001f4bb and 1\ufe0f\u20e3 and \U0001f600",
    "spaces a\xa0b \u3000 \u202f",
    "Persian \u0645\u06cc\u200c\u0634\u0648\u062f",
    "marks =\u0338 x\u0338 e\u0301 o\u0302\u0301\u0323\u0323\u0323 (\u0301",
    "ex\u0435c(1); \u0435\u0445\u0435\u0441(1) # \u043f\u0440\u043e\u0432\u0435\u0440\u043a\u0430",
    "# \u0443\u043f\u0430\u043b\u0430 \u0440\u043e\u0441\u0430 \u043d\u0430, \u0441\u043e\u0440",
    "\U0001d41e\U0001d431\U0001d41e\U0001d41c(1), ev\xaal, \uff4f\uff53, 1\xba",
    "\uff11\uff12\u5e74 \u5171\uff13",
    "\u03c3_x = \u03c1 * \u03b11; \u03bd = 1; kap\u0131; SQL\u043e\u043c; x\xb2; \u00b5s",
    "x\u200b\u0435 and \u0445 = 5",
    "safe = 1" + " " * 80 + "; hidden = 2\n" + "\t" * 12 + "y" + " " * 70,
]


DRAWN = (
    "# A\n\n![b](https://a.example/c.png)",
    "![b](plot.png) ![c](attachment:d.png) ![e](data:image/png;base64,AA) <b>f</b>",
    "![b][c]\n\n[c]: //a.example",
    "<img\nalt=x SRC='//a.example'>",
    '<div style="background: url (x)">',
    '<img src="data:image/png;base64,AA"> [link](https://a.example) \u2028',
)


def deceptive() -> str:
    """Return texts with what may fool their reader, for the tests of both sides."""
    rows: list[dict[str, Any]] = [
        {
            "text": text,
            "prose": prose,
            "spans": [[*place, span.kind, span.looks] for place, span in in_units(text, prose)],
        }
        for text in ODD
        for prose in (False, True)
    ]
    long = "x = 1" + "\n" * 30 + "y = '" + "a" * 500 + "'\n" + "\u0435xec(1)\n" * 5 + "z\u200b" * 2
    wide = "a = 1" + " " * 90 + "b = 2\n" + "\n".join(f"x{n}" for n in range(500))
    told = [
        {
            "text": text,
            "before": before,
            "prose": prose,
            "remarks": list(remarks(text, before, prose=prose)),
        }
        for text in (long, wide, "x = 1\r\ny = 2", "\n".join(["z\u200b"] * 9), *DRAWN)
        for before, prose in (("", False), (long, False), ("", True))
    ]
    return json.dumps({"spans": rows, "remarks": told}, indent=1) + "\n"


def in_units(text: str, prose: bool) -> Iterator[tuple[tuple[int, int], Span]]:
    """Spans with their places as JavaScript counts: in units of UTF-16."""
    for span in spans(text, prose=prose):
        units = [len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in span[:2]]
        yield (units[0], units[1]), span


def outputs() -> dict[Path, str]:
    """Return every written file and what it must hold."""
    return {
        TYPES: types(),
        VECTORS: vectors(),
        CHARACTERS: tables(),
        DECEPTIVE: deceptive(),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which ones differ."""
    if arguments not in ([], ["--check"]):
        print("usage: python tools/schema.py [--check]", file=sys.stderr)
        return 2
    stale = []
    for path, text in outputs().items():
        if arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.relative_to(ROOT))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} differs from the Python records; run: python tools/schema.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
