"""Pieces of a context within a token budget: redacted, ranked, each one removable.

Tokens are estimated as a quarter of the characters, which is close enough to
keep a prompt small and needs no tokenizer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from llm_notebook.context.named import is_of_settings
from llm_notebook.context.redaction import redact
from llm_notebook.core.context import Piece

Kind = Literal["cell", "variable", "file", "folder", "files", "error"]

TAKEN_OUT = "taken out"
NO_ROOM = "did not fit"
_MAX_LEFT_OUT = 50
_CUT = "‹{} characters not shown›"
# A secret that the cut would halve could no longer be recognised by its shape.
_MARGIN = 5000


def estimate_tokens(text: str) -> int:
    """About how many tokens a model reads for this text: a quarter of its characters."""
    return len(text) // 4 + 1


def clean(text: str, tokens: int, *, config: bool = False) -> tuple[str, tuple[str, ...]]:
    """A text redacted, and cut to about so many tokens: its start and its end, in whole lines.

    Returns
    -------
    text : str
    kinds : tuple of str
        What kinds of secrets were taken out.
    """
    config = config or is_of_settings(text)  # of which a tail says nothing
    room = max(tokens, 1) * 4
    if len(text) <= room:
        return redact(text, config=config)
    first, last = room * 2 // 3, room // 3
    if len(text) <= room + 4 * _MARGIN:
        whole, kinds = redact(text, config=config)
        if len(whole) <= room:
            return whole, kinds
        head, tail = whole[:first], whole[-last:] if last else ""
    else:
        head, kinds = redact(text[: first + _MARGIN], config=config)
        tail, more = redact(text[-last - _MARGIN :], config=config)
        head, tail = head[:first], tail[-last:] if last else ""
        kinds = tuple(dict.fromkeys((*kinds, *more)))
    head = head[: head.rfind("\n") + 1] or head
    tail = tail[tail.find("\n") + 1 :] or tail
    return f"{head}{_CUT.format(max(0, len(text) - len(head) - len(tail)))}\n{tail}", kinds


class Tray:
    """What goes in, most wanted first, until the budget is used up.

    Parameters
    ----------
    budget : int
        Estimated tokens.
    without : iterable of str
        Ids of the pieces that a person took out.
    """

    def __init__(self, budget: int, without: Iterable[str] = ()) -> None:
        self.left = self.budget = budget
        self._without = frozenset(without)
        self._in: dict[str, Piece] = {}
        self._out: dict[str, Piece] = {}

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is in, most wanted first."""
        return tuple(self._in.values())

    @property
    def left_out(self) -> tuple[Piece, ...]:
        """What a person took out, then what did not fit or could not be found; no texts."""
        out = [piece for key, piece in self._out.items() if key not in self._in]
        out.sort(key=lambda piece: piece.why != TAKEN_OUT)
        return tuple(out[:_MAX_LEFT_OUT])

    def __contains__(self, key: str) -> bool:
        return key in self._in

    def add(
        self,
        kind: Kind,
        name: str,
        label: str,
        text: str,
        why: str,
        redacted: tuple[str, ...] = (),
        *,
        allowance: int | None = None,
        is_removable: bool = True,
    ) -> bool:
        """Put a piece in if it is wanted and fits, and say whether it is in.

        `text` is as it will be sent: the caller has redacted it. What cannot
        be removed is put in whatever it costs.
        """
        key = f"{kind}:{name}" if name else kind
        if key in self._in:
            return True
        cost = estimate_tokens(text)
        refused = ""
        if is_removable and key in self._without:
            refused = TAKEN_OUT
        elif is_removable and cost > min(self.left, self.left if allowance is None else allowance):
            refused = NO_ROOM
        if refused:
            self.refuse(kind, name, label, refused, cost, redacted)
            return False
        self._in[key] = Piece(key, kind, label, cost, why, redacted, text, is_removable)
        self.left = max(0, self.left - cost)
        return True

    def refuse(
        self,
        kind: Kind,
        name: str,
        label: str,
        why: str,
        tokens: int = 0,
        redacted: tuple[str, ...] = (),
    ) -> None:
        """Say that a piece was left out, and why. Its text is not kept."""
        key = f"{kind}:{name}" if name else kind
        self._out.setdefault(key, Piece(key, kind, label, tokens, why, redacted))

    def wants(self, kind: Kind, name: str) -> bool:
        """Whether a piece could still go in: it is not in, and nobody took it out."""
        key = f"{kind}:{name}" if name else kind
        return key not in self._in and key not in self._without
