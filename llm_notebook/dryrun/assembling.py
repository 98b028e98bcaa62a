"""From what the child says to the preview so far. Pure: no process, no clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, cast

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import (
    CellRun,
    Isolation,
    ObservedEffects,
    Output,
    Preview,
    PreviewStatus,
    RunError,
    VariableChange,
)
from llm_notebook.dryrun import wire
from llm_notebook.dryrun.folding import StreamText

OUTPUTS_LIMIT = 2000
"""Outputs of one cell that are kept."""

MESSAGE_LIMIT = 10_000
TRACEBACK_LIMIT = 60_000


class _Out:
    """One output in the making."""

    def __init__(self, shown: wire.Shown | None, stream: str = "", limit: int = 0) -> None:
        self.shown = shown
        self.stream = stream
        self.text = StreamText(limit)

    def size(self) -> int:
        if self.shown is None:
            return len(self.text)
        return sum(map(len, self.shown.data.values()))

    def done(self) -> Output:
        if self.shown is None:
            kind = cast(Literal["stdout", "stderr"], self.stream)
            return Output(kind, self.text.text(), cut=self.text.cut)
        shown = self.shown
        kind_shown = cast(Literal["display", "result"], shown.kind)
        return Output(kind_shown, data=shown.data, metadata=shown.metadata, cut=shown.cut)


class _Cell:
    """One cell in the making."""

    def __init__(self) -> None:
        self.status: Literal["waiting", "running", "ran", "failed", "partial"] = "waiting"
        self.outs: list[_Out] = []
        self.error: RunError | None = None
        self.began = 0.0
        self.seconds = 0.0
        self.line: int | None = None
        self.clear_next = False
        self.cut = 0
        self.file = ""
        self.shift = 0


class Assembly:
    """The preview of one plan, growing.

    Parameters
    ----------
    plan : Plan
    clock : callable, optional
        Seconds, for the times of cells.
    """

    def __init__(self, plan: Plan, clock: Callable[[], float] = time.monotonic) -> None:
        self.plan = plan
        self.status: PreviewStatus = "waiting"
        self.reason = ""
        self.waits_for = ""
        self.isolation: Isolation | None = None
        self.began: float | None = None
        self.setting_up = False
        self.out_of_memory = False
        self.over = False
        self._clock = clock
        self._cells = [_Cell() for _ in plan.cells]
        self._current: _Cell | None = None
        self._used = 0
        self._changes: tuple[VariableChange, ...] = ()
        self._effects = ObservedEffects()
        self._sampled = ""
        self._seconds = 0.0

    # -- what the child says --------------------------------------------------

    def hear(self, event: wire.AnyEvent) -> None:
        """Take in one event.

        Raises
        ------
        msgspec.ValidationError
            When it makes no sense after those before it.
        """
        match event:
            case wire.Entered():
                self.isolation, self.status = event.isolation, "running"
            case wire.Began():
                self._begin(event.index)
            case wire.Finished():
                self._finish(event)
            case wire.Delta():
                self._changes, self._effects = event.changes, event.effects
            case wire.Sampled():
                self._sampled = event.text[:MESSAGE_LIMIT]
            case wire.Unable():
                self.reason = event.reason[:MESSAGE_LIMIT]
                self.status = "refused" if event.refused else "failed"
            case wire.Over():
                self.over = True
            case _:
                if self._current is not None:
                    self._into(self._current, event)

    def _begin(self, index: int) -> None:
        if not -1 <= index < len(self._cells) or self.isolation is None:
            raise msgspec.ValidationError("it speaks of a cell that there is not")
        self.setting_up = index < 0
        self._current = None
        if index >= 0:
            now = self._clock()
            self.began = now if self.began is None else self.began
            self._current = self._cells[index]
            self._current.status, self._current.began = "running", now

    def _finish(self, event: wire.Finished) -> None:
        cell = self._current
        self._current = None
        if cell is not None:
            cell.status = "ran" if event.ok else "failed"
            cell.seconds = self._clock() - cell.began
            self.out_of_memory |= event.memory
            if event.cut:
                self._cut(cell, event.cut)

    def _into(self, cell: _Cell, event: wire.AnyEvent) -> None:
        match event:
            case wire.Named():
                cell.file, cell.shift = event.file, event.shift
            case wire.Reached():
                cell.line = event.line
            case wire.Cleared():
                cell.clear_next = event.wait
                if not event.wait:
                    self._clear(cell)
            case wire.Raised():
                cell.error = RunError(
                    event.name[:200],
                    event.message[:MESSAGE_LIMIT],
                    event.line,
                    event.traceback[:TRACEBACK_LIMIT],
                )
            case wire.Stream():
                self._stream(cell, event)
            case wire.Shown() if event.update:
                self._update(event)
            case wire.Shown() if event.kind in ("display", "result"):
                if self._room(cell):
                    out = _Out(self._fitting(event))
                    cell.outs.append(out)
                    self._used += out.size()

    # -- outputs ---------------------------------------------------------------

    def _room(self, cell: _Cell) -> bool:
        if cell.clear_next:
            cell.clear_next = False
            self._clear(cell)
        return len(cell.outs) < OUTPUTS_LIMIT

    def _clear(self, cell: _Cell) -> None:
        self._used -= sum(out.size() for out in cell.outs)
        cell.outs.clear()

    def _stream(self, cell: _Cell, event: wire.Stream) -> None:
        if event.name not in ("stdout", "stderr"):
            raise msgspec.ValidationError("it speaks of a stream that there is not")
        if not self._room(cell):
            return
        last = cell.outs[-1] if cell.outs else None
        if last is None or last.stream != event.name:
            last = _Out(None, event.name, max(self.plan.output - self._used, 0))
            cell.outs.append(last)
        before = last.size()
        last.text.write(event.text)
        self._used += last.size() - before

    def _update(self, event: wire.Shown) -> None:
        # A display that an earlier run showed is not ours to change.
        for cell in self._cells:
            for out in cell.outs:
                if out.shown and event.display_id and out.shown.display_id == event.display_id:
                    self._used -= out.size()
                    changed = msgspec.structs.replace(event, kind=out.shown.kind)
                    out.shown = self._fitting(changed)
                    self._used += out.size()

    def _fitting(self, shown: wire.Shown) -> wire.Shown:
        """The output without what is too long for the room that is left."""
        room = max(self.plan.output - self._used, 0)
        kept: dict[str, str] = {}
        cut = shown.cut
        # The shortest first: a plot's text still stands where the plot has no room.
        for mime, content in sorted(shown.data.items(), key=lambda item: len(item[1])):
            if len(content) <= room:
                kept[mime] = content
                room -= len(content)
            else:
                cut += len(content)
        data = {mime: kept[mime] for mime in shown.data if mime in kept}
        metadata = shown.metadata if len(shown.metadata) < MESSAGE_LIMIT * 10 else "{}"
        return msgspec.structs.replace(shown, data=data, metadata=metadata, cut=cut)

    def _cut(self, cell: _Cell, characters: int) -> None:
        streams = [out for out in cell.outs if out.shown is None]
        if not streams:
            streams = [_Out(None, "stdout", 0)]
            cell.outs.extend(streams)
        streams[-1].text.cut += characters

    # -- where it stands --------------------------------------------------------

    @property
    def running(self) -> tuple[str, int] | None:
        """File name and shift of the cell that runs."""
        return (self._current.file, self._current.shift) if self._current else None

    def reached(self, line: int | None) -> None:
        """The running cell got as far as this line."""
        if self._current is not None and line is not None:
            self._current.line = line

    def end(self, status: PreviewStatus, reason: str = "") -> None:
        """Nothing more comes."""
        now = self._clock()
        self.status = status
        self.reason = reason or self.reason
        self._seconds = now - self.began if self.began is not None else 0.0
        if self._current is not None:
            self._current.status = "partial"
            self._current.seconds = now - self._current.began
            self._current = None
        self.began = None

    @property
    def failed(self) -> bool:
        """Whether a cell raised."""
        return any(cell.status == "failed" for cell in self._cells)

    @property
    def complete(self) -> bool:
        """Whether every cell ran or failed."""
        return all(cell.status in ("ran", "failed") for cell in self._cells)

    def preview(self) -> Preview:
        """What there is now."""
        now = self._clock()
        cells = [
            CellRun(
                planned.cell,
                cell.status,
                tuple(out.done() for out in cell.outs),
                cell.error,
                now - cell.began if cell.status == "running" else cell.seconds,
                cell.line,
                planned.downstream,
            )
            for planned, cell in zip(self.plan.cells, self._cells, strict=True)
        ]
        return Preview(
            self.plan.proposal_id,
            self.plan.edits_hash,
            self.status,
            self.reason,
            self.waits_for,
            tuple(cells),
            self._changes,
            self._effects,
            isolation=self.isolation,
            seconds=now - self.began if self.began is not None else self._seconds,
            budget=self.plan.budget,
            sampled=self._sampled,
        )
