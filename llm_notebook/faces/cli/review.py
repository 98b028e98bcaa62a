"""A proposal reviewed in a terminal: hunk by hunk, one key each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import msgspec

from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import Unit, follow, units
from llm_notebook.faces.cli import terminal
from llm_notebook.faces.cli.out import Out, UsageError
from llm_notebook.faces.texts import safe

KEYS = """\
y  take it                      a  take it and all that is undecided
n  leave it                     d  leave it and all that is undecided
j  next, k  previous            e  change its text in your editor
r  say what should be different; the next version comes
p  run all of it in a sandbox and show what it would do; nothing is written
q  or Esc: stop, write nothing  ?  this list"""

_SUFFIXES = {"code": ".py", "markdown": ".md"}
_MARKS = {True: "taken", False: "left", None: ""}


class Verdict(NamedTuple):
    """What a person said to a proposal.

    Attributes
    ----------
    kind : {"taken", "left", "refine", "stopped"}
    only : tuple of str
        What is taken, by number; of all kinds only ``taken`` has some.
    edits : tuple of Edit
        The proposal's edits, with the person's own words in them.
    edited : tuple of str
        Ids of the cells whose proposed text the person changed.
    """

    kind: Literal["taken", "left", "refine", "stopped"]
    only: tuple[str, ...]
    edits: tuple[Edit, ...]
    edited: tuple[str, ...]


class Review:
    """One proposal before a person.

    Parameters
    ----------
    proposal : Proposal
    snapshot : Snapshot
        What it applies to.
    out : Out
    write_to : str
        What the file is called.
    key : callable
        Gives the next key.
    preview : callable, optional
        Runs the proposal as it is now in a sandbox, and gives what to show.
    """

    def __init__(
        self,
        proposal: Proposal,
        snapshot: Snapshot,
        out: Out,
        write_to: str,
        key: Callable[[], str] = terminal.key,
        preview: Callable[[Proposal], str] | None = None,
    ) -> None:
        self._proposal = proposal
        self._snapshot = snapshot
        self._out = out
        self._write_to = write_to
        self._key = key
        self._preview = preview
        self._decided: dict[str, bool] = {}
        self._units: Sequence[Unit] = ()

    def run(self) -> Verdict:
        """Ask about each piece until all are decided, then whether to write."""
        self._look()
        at = 0
        while True:
            open_ones = [n for n, unit in enumerate(self._units) if unit.name not in self._decided]
            if not open_ones:
                verdict = self._confirm()
                if verdict is not None:
                    return verdict
                at = len(self._units) - 1
            if at not in range(len(self._units)):
                at = open_ones[0] if open_ones else 0
            self._out.say(self._units[at].text.rstrip("\n"))
            moved = self._ask(at)
            if isinstance(moved, Verdict):
                return moved
            self._out.say()
            at = moved

    def _look(self) -> None:
        self._units = units(self._proposal, self._snapshot, color=self._out.color)

    def _ask(self, at: int) -> int | Verdict:
        """One key about one piece; where to go on."""
        unit = self._units[at]
        mark = _MARKS[self._decided.get(unit.name)]
        place = f"[{unit.name}] {at + 1} of {len(self._units)}{f', {mark}' if mark else ''}"
        while True:
            pressed = self._pressed(f"{place}: take it? [y n j k a d e r p q ?] ")
            if pressed in ("y", "n"):
                self._decided[unit.name] = pressed == "y"
                return self._next_open(at)
            if pressed in ("j", "k"):
                return (at + (1 if pressed == "j" else -1)) % len(self._units)
            if pressed in ("a", "d"):
                for other in self._units:
                    if other is unit or other.name not in self._decided:
                        self._decided[other.name] = pressed == "a"
                return at
            if pressed == "e" and self._edit(unit):
                return at
            if pressed == "p" and self._preview is not None:
                self._out.say(self._preview(self._proposal))
            if pressed == "r":
                return self._verdict("refine")
            if pressed in ("q", terminal.ESCAPE, ""):
                return self._verdict("stopped")
            if pressed == "?":
                self._out.say(KEYS)

    def _next_open(self, at: int) -> int:
        count = len(self._units)
        behind = [(at + step) % count for step in range(1, count + 1)]
        return next((n for n in behind if self._units[n].name not in self._decided), at)

    def _confirm(self) -> Verdict | None:
        """Whether to write, once all is decided; None: look again."""
        taken = [unit for unit in self._units if self._decided[unit.name]]
        if not taken:
            return self._verdict("left")
        while True:
            pressed = self._pressed(
                f"{len(taken)} of {len(self._units)} taken. Write {self._write_to}? [y n k] "
            )
            if pressed == "y":
                return self._verdict("taken")
            if pressed in ("n", "q", terminal.ESCAPE, ""):
                return self._verdict("stopped")
            if pressed in ("k", "j"):
                return None

    def _edit(self, unit: Unit) -> bool:
        """Let the person change the text of the cell that this piece is of."""
        number = int(unit.name.partition(".")[0])
        old = self._proposal.edits[number - 1]
        if not isinstance(old, Insert | Replace):
            self._out.say("There is no text in this to change.")
            return False
        try:
            source = terminal.edit(old.source, _SUFFIXES.get(old.cell_type, ".txt"))
        except UsageError as error:
            self._out.say(safe(error.problem.text()))
            return False
        if source == old.source:
            self._out.say("The text is as it was.")
            return False
        new = msgspec.structs.replace(old, source=source)
        edits = self._proposal.edits
        rest = follow(edits[number:], [old], [new], self._snapshot)
        self._proposal = msgspec.structs.replace(
            self._proposal,
            edits=(*edits[: number - 1], new, *rest),
            edited=tuple(dict.fromkeys((*self._proposal.edited, old.cell_id))),
        )
        own = (str(number), f"{number}.")
        for name in [name for name in self._decided if name == own[0] or name.startswith(own[1])]:
            del self._decided[name]
        self._look()
        return True

    def _pressed(self, prompt: str) -> str:
        self._out.person.write(self._out.paint(prompt, "1;34"))
        self._out.person.flush()
        pressed = self._key()
        self._out.say(pressed if pressed.isprintable() else "")
        return pressed

    def _verdict(self, kind: Literal["taken", "left", "refine", "stopped"]) -> Verdict:
        names = tuple(unit.name for unit in self._units if self._decided.get(unit.name))
        only = names if kind == "taken" else ()
        return Verdict(kind, only, self._proposal.edits, self._proposal.edited)
