"""Plain IPython in a pseudo-terminal, as a person types into it."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pexpect

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Terminal:
    """IPython as a person has it: its own line editor, under a pseudo-terminal."""

    def __init__(self, home: Path) -> None:
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "IPython", "--no-banner", "--colors=NoColor", "--no-confirm-exit"],
            cwd=str(home),
            env={
                **os.environ,
                "HOME": str(home),
                "IPYTHONDIR": str(home / "ipython"),
                "JUPYTER_DATA_DIR": str(home / "data"),
                "JUPYTER_CONFIG_DIR": str(home / "config"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "TERM": "xterm-256color",
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
            dimensions=(40, 100),
            encoding="utf-8",
            timeout=60,
        )
        self.number = 1
        self.prompt()

    def prompt(self) -> str:
        """Everything up to the next prompt, without its colours."""
        self.child.expect(re.escape(f"In [{self.number}]:"))
        return ANSI.sub("", self.child.before)

    def run(self, *lines: str) -> str:
        """Type lines, end the input, and wait for the next prompt."""
        for line in lines[:-1]:
            self.child.send(line + "\r")
        self.child.send(lines[-1] + "\r")
        if len(lines) > 1:  # a cell magic ends at the second empty line
            self.child.send("\r\r")
        self.number += 1
        return self.prompt()


def script(folder: Path, reply: str, **options: Any) -> str:
    path = folder / "script.jsonl"
    path.write_text(json.dumps({"match": None, "reply": reply, **options}) + "\n")
    return f"scripted:{path}"
