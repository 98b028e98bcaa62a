"""The command line in a pseudo-terminal, with its screen as a person sees it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pyte

ROOT = Path(__file__).parents[2]
COLUMNS, LINES = 90, 40


def environment(home: Path, **more: str) -> dict[str, str]:
    """A person's environment with an empty home."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "VISUAL", "EDITOR")}
    return {
        **kept,
        "HOME": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        **more,
    }


class Command:
    """One run of ``llm-notebook`` in a terminal."""

    def __init__(self, home: Path, *arguments: str, **more: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "llm_notebook", *arguments],
            cwd=str(home),
            env=environment(home, **more),
            dimensions=(LINES, COLUMNS),
            encoding="utf-8",
            timeout=60,
        )

    def until(self, words: str) -> str:
        """Wait until these words stand on the screen; all that stands there."""
        end = time.monotonic() + 60
        while words not in self.text():
            assert time.monotonic() < end, f"{words!r} did not come:\n{self.text()}"
            if not self._more():
                break
        assert words in self.text(), f"{words!r} did not come:\n{self.text()}"
        return self.text()

    def press(self, keys: str, until: str) -> str:
        """Press a key once the last question stands there, and wait for what follows."""
        # What is typed before it is asked for does not count, so the terminal must listen.
        time.sleep(0.15)
        self.screen.reset()
        self.child.send(keys)
        return self.until(until)

    def end(self) -> int:
        """Wait for the end; the exit code."""
        while self._more():
            pass
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def _more(self) -> bool:
        try:
            found = self.child.read_nonblocking(4096, timeout=60)
        except pexpect.EOF:
            return False
        self.raw += found
        self._stream.feed(found)
        return True
