"""``replay:FILE``: plays a recording back. For tests, lessons and bug reports.

An ask is answered only by an entry with the same messages; what the tool itself
tells every model is left out of the comparison, so that a recording outlives a
release. An ask that was recorded several times gets its replies in order, the
last one again and again. Anything else is an error that says what differs.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import Indel

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.model import Said
from llm_notebook.llm.recording import FORMAT, Entry
from llm_notebook.llm.wire import KEPT, CompletionRequest, Message

_CHUNK = 24
_SHOWN = 80

_Ask = tuple[tuple[str, str], ...]
"""What an ask says, as role and text; the system message is not part of it."""

_played: dict[tuple[str, int, _Ask], int] = {}
"""How often an ask was answered so far, by file, its time of change, and ask."""


class Replay:
    """Answers as a recording did.

    Parameters
    ----------
    entries : tuple of Entry
    path : str
        Where they are from.
    stamp : int
        When that file was changed, in nanoseconds since 1970.
    """

    def __init__(self, entries: tuple[Entry, ...] = (), path: str = "", stamp: int = 0) -> None:
        self.entries = entries
        self.path = path
        self.stamp = stamp

    @classmethod
    def load(cls, path: str) -> Replay:
        """Read a recording; say which line is wrong."""
        file = Path(path).expanduser()
        try:
            stamp = file.stat().st_mtime_ns
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise _error(f"The recording {path} could not be read ({error}).") from None
        entries = []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = msgspec.json.decode(line, type=Entry)
            except msgspec.MsgspecError as error:
                raise _error(f"Line {number} of the recording {path} is wrong: {error}.") from None
            if entry.format != FORMAT:
                raise _error(
                    f"Line {number} of the recording {path} is of format {entry.format}; this "
                    f"version reads format {FORMAT}."
                )
            entries.append(entry)
        return cls(entries=tuple(entries), path=path, stamp=stamp)

    async def answer(self, request: CompletionRequest) -> AsyncGenerator[Said, None]:
        """The recorded reply, and what went wrong with it."""
        entry = self._entry(_said(request.messages))
        for start in range(0, len(entry.reply), _CHUNK):
            yield Said(entry.reply[start : start + _CHUNK])
        problem = entry.problem
        if problem is not None:
            raise ModelError(
                problem.message, code=problem.code, kept=problem.kept, next=problem.next
            )
        yield Said(finish_reason=entry.finish, model=entry.model, usage=entry.usage)

    def _entry(self, ask: _Ask) -> Entry:
        same = [entry for entry in self.entries if _said(entry.messages) == ask]
        if not same:
            raise _error(self._difference(ask))
        played = (self.path, self.stamp, ask)
        index = _played.get(played, 0)
        _played[played] = index + 1
        return same[min(index, len(same) - 1)]

    def _difference(self, ask: _Ask) -> str:
        """What the most similar entry says that this ask does not."""
        if not self.entries:
            return f"The recording {self.path} is empty."
        recorded = ["\n".join(text for _, text in _said(entry.messages)) for entry in self.entries]
        now = "\n".join(text for _, text in ask)
        nearest = process.extractOne(now, recorded, scorer=Indel.normalized_similarity)[2]
        pairs = itertools.zip_longest(recorded[nearest].split("\n"), now.split("\n"))
        number, (then, here) = next(
            ((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]),
            (0, ("", "")),
        )
        return (
            f"The recording {self.path} has no such ask. The nearest is its ask {nearest + 1} of "
            f"{len(recorded)}, which differs first in line {number}: recorded {_quoted(then)}, "
            f"now {_quoted(here)}."
        )


def _said(messages: tuple[Message, ...]) -> _Ask:
    return tuple((m.role, m.content) for m in messages if m.role != "system")


def _quoted(line: str | None) -> str:
    if line is None:
        return "nothing more"
    return repr(line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…")


def _error(message: str) -> ModelError:
    return ModelError(
        message,
        code="model-replay",
        kept=KEPT,
        next="Ask what was recorded, in the notebook as it was then, or record anew.",
    )
