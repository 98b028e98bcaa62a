"""The screen of a command as a picture, for a person to look at.

``python tests/terminal/picture.py OUT.svg NOTEBOOK WORDS SCRIPT [KEYS]`` runs ``ask`` with a
scripted model, presses the keys, and draws what stands on the screen then.
"""

from __future__ import annotations

import html
import sys
import time
from pathlib import Path

from screen import COLUMNS, LINES, Command

_COLORS = {
    "default": "#d0d0d0",
    "red": "#f07070",
    "green": "#7ad07a",
    "brown": "#e0c060",
    "blue": "#80a8f0",
    "cyan": "#70d0d0",
    "black": "#202020",
}


def draw(command: Command) -> str:
    """The screen as SVG."""
    rows = []
    for y in range(LINES):
        spans = []
        for x in range(COLUMNS):
            char = command.screen.buffer[y][x]
            fore = _COLORS.get(char.fg, "#d0d0d0")
            if char.reverse:
                rows.append(
                    f'<rect x="{10 + x * 8.4}" y="{8 + y * 18}" width="8.4" height="18" '
                    f'fill="{fore}"/>'
                )
                fore = "#202020"
            weight = ' font-weight="bold"' if char.bold else ""
            if char.data.strip():
                spans.append(
                    f'<text x="{10 + x * 8.4:.1f}" y="{22 + y * 18}" fill="{fore}"{weight}>'
                    f"{html.escape(char.data)}</text>"
                )
        rows += spans
    size = f'width="{COLUMNS * 8.4 + 20}" height="{LINES * 18 + 20}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="14">'
        f'<rect width="100%" height="100%" fill="#1e1e1e"/>{"".join(rows)}</svg>'
    )


def main() -> None:
    out, notebook, words, script, *keys = sys.argv[1:]
    home = Path(notebook).parent
    arguments = ["ask", Path(notebook).name, words, "--model", f"scripted:{script}"]
    command = Command(home, *arguments)
    command.until("? [y n")
    for key in keys[0] if keys else "":
        time.sleep(0.3)
        command.child.send(key)
        command.until("? [y n")
        time.sleep(0.3)
        command._more()
    Path(out).write_text(draw(command), encoding="utf-8")
    command.child.close(force=True)


if __name__ == "__main__":
    main()
