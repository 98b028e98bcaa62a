"""Text that does something when it is shown: HTML, pictures and links from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence

_ELSEWHERE = "It leads to another machine."
_ACTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<[A-Za-z!/?]"), "It holds HTML."),
    (
        re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*\s*:\s*//|\]\s*[(:]\s*<?\s*[/\\]{2}"),
        "It leads to another machine.",
    ),
    (re.compile(r"\bwww\.|\bmailto\s*:", re.I), "It leads to another machine."),
    (re.compile(r"(java|vb)script\s*:|\bdata\s*:\s*\w+/", re.I), "It holds a link that can act."),
    (re.compile(r"&(#|[A-Za-z]+\d*;)"), "It holds letters that are written in another way."),
    (
        re.compile(r"\\(href|url|require|html|style|class|cssId|unicode|includegraphics|input)\b"),
        "It holds a formula that can act.",
    ),
)


def texts(evidence: Evidence) -> Iterator[Reason]:
    """ASK for text cells that are more than plain Markdown."""
    for cell in evidence.cells:
        if cell.is_code:
            continue
        for pattern, text in _ACTS:
            match = pattern.search(cell.source)
            if match:
                line = cell.source.count("\n", 0, match.start()) + 1
                yield Reason("ASK", "texts", text, cell.id, line)
