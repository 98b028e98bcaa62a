"""Write the list of what `offline:rules` can do into docs/offline-rules.md, from the intents.

Run it with the environment's Python after a change to an intent. A test fails
where the list is not the one that this writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "offline-rules.md"
BEGIN, END = "<!-- begin: written by tools/offline_rules.py -->", "<!-- end -->"
_MOST = 3
_GROUPS = {
    "edit": "Changes of the cell at hand",
    "other": "New cells",
}


def listed() -> str:
    """The list as Markdown: what each intent does, with asks from its examples."""
    from llm_notebook.llm.offline.intent import intents

    parts = []
    for group, title in _GROUPS.items():
        lines = []
        for name, intent in sorted(intents().items()):
            if name.startswith("edit_") != (group == "edit"):
                continue
            asks = [e.ask for e in intent.examples if "declined" not in e.check and e.ask]
            said = "; ".join(f"“{ask}”" for ask in list(dict.fromkeys(asks))[:_MOST])
            lines.append(f"| `{name}` | {intent.title} | {said} |".replace("\n", " "))
        parts.append(f"### {title}\n\n| intent | what | for example |\n| --- | --- | --- |\n")
        parts[-1] += "\n".join(lines)
    return "\n\n".join(parts)


def written(page: str) -> str:
    """The page with the list anew."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{listed()}\n\n{END}{after}"


def main() -> None:
    """Write the page, or with --check say whether it is as it should be."""
    page = PAGE.read_text(encoding="utf-8")
    new = written(page)
    if "--check" in sys.argv:
        raise SystemExit(0 if new == page else "docs/offline-rules.md is not up to date.")
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
