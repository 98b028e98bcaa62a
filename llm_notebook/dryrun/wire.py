"""What the child of a dry run says, as JSON lines over a pipe, and how its lines are read.

The child runs code that nobody has reviewed, so what comes is data: strict
types, no references, nothing that is executed, and limits on all of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from llm_notebook.core.preview import Isolation, ObservedEffects, VariableChange

LINE_LIMIT = 48_000_000
"""Bytes of one line, such as a plot; what is longer ends the preview."""


class Event(msgspec.Struct, frozen=True, tag_field="t", forbid_unknown_fields=True):
    """One thing that the child says."""


class Entered(Event, frozen=True, tag="entered"):
    """The sandbox is closed around the child; nothing was run before."""

    isolation: Isolation


class Began(Event, frozen=True, tag="began"):
    """A cell begins: its index in the plan, -1 where it is one of the setup."""

    index: int
    note: str = ""


class Named(Event, frozen=True, tag="named"):
    """The file name under which the cell was compiled, and the empty lines before its text."""

    file: str
    shift: int


class Stream(Event, frozen=True, tag="stream"):
    """Text on standard output, or on standard error."""

    name: str
    text: str


class Shown(Event, frozen=True, tag="shown"):
    """Something displayed, or the value of the cell; or a display shown before, changed."""

    kind: str
    data: dict[str, str]
    metadata: str = "{}"
    display_id: str = ""
    update: bool = False
    cut: int = 0


class Cleared(Event, frozen=True, tag="cleared"):
    """The outputs so far go; with `wait`, when the next one comes."""

    wait: bool


class Raised(Event, frozen=True, tag="raised"):
    """An error was shown."""

    name: str
    message: str
    line: int | None
    traceback: str


class Finished(Event, frozen=True, tag="finished"):
    """A cell has ended. `cut`: characters of output that were not even sent."""

    index: int
    ok: bool
    cut: int = 0
    memory: bool = False


class Reached(Event, frozen=True, tag="reached"):
    """The time is over; the line of the cell that was running."""

    line: int | None


class Delta(Event, frozen=True, tag="delta"):
    """What the proposal's cells changed and did."""

    changes: tuple[VariableChange, ...]
    effects: ObservedEffects


class Sampled(Event, frozen=True, tag="sampled"):
    """What was cut to a sample, in words."""

    text: str


class Unable(Event, frozen=True, tag="unable"):
    """Why it cannot go on, in a sentence; nothing more comes."""

    reason: str
    refused: bool = True


class Over(Event, frozen=True, tag="over"):
    """All has run that was to run."""


AnyEvent = (
    Entered
    | Began
    | Named
    | Stream
    | Shown
    | Cleared
    | Raised
    | Finished
    | Reached
    | Delta
    | Sampled
    | Unable
    | Over
)

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent, strict=True)
_encoder = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """One line; what cannot be text (lone surrogates) is written out."""
    try:
        return _encoder.encode(event) + b"\n"
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(event)
        return _encoder.encode(_clean(plain)) + b"\n"


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_clean(k): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


class Lines:
    """Cut what comes over the pipe into events.

    Parameters
    ----------
    total : int
        Bytes that are taken in all.
    """

    def __init__(self, total: int) -> None:
        self._left = total
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> Iterator[AnyEvent]:
        """Yield the events that have become whole; those before one that is none too.

        Raises
        ------
        msgspec.DecodeError
            When it is no event, too long, or too much in all.
        """
        self._left -= len(data)
        if self._left < 0:
            raise msgspec.DecodeError("it wrote more than any preview may")
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._parts.append(line)
            whole_line, self._parts, self._held = b"".join(self._parts), [], 0
            yield _decoder.decode(whole_line)
        if rest:
            self._held += len(rest)
            if self._held > LINE_LIMIT:
                raise msgspec.DecodeError("one of its lines is too long")
            self._parts.append(rest)
