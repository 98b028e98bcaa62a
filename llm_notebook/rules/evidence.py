"""What a decision is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from llm_notebook.core.decision import EffectKind, PredictedEffect, Reason
from llm_notebook.core.grants import Grant
from llm_notebook.core.preview import Isolation, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.rules.shown import acting


@dataclass(frozen=True)
class ProposedCell:
    """A cell that a proposal brings in or changes.

    Attributes
    ----------
    id : str
        In the notebook as it would be.
    effects : tuple of PredictedEffect
        Of code; empty of text.
    """

    id: str
    type: str
    source: str
    effects: tuple[PredictedEffect, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether there is anything to run."""
        return self.type not in ("markdown", "raw") and bool(self.source.strip())


@dataclass(frozen=True)
class Places:
    """Folders by which paths are understood.

    Attributes
    ----------
    working : Path or None
        Where code runs; None where it was deleted.
    notebook : Path or None
        Where the notebook lies: relative grants start here.
    """

    working: Path | None = None
    notebook: Path | None = None


NOWHERE = Places()


@dataclass(frozen=True)
class Observed:
    """One effect that a dry run showed."""

    kind: EffectKind
    target: str
    denied: bool = False


@dataclass(frozen=True)
class Evidence:
    """All that an approver may look at.

    Attributes
    ----------
    proposal : Proposal
        As it waits.
    cells : tuple of ProposedCell
    preview : Preview or None
        The newest of this proposal; None where there is none.
    isolation : Isolation or None
        What a dry run here would have; None where that was not asked.
    places : Places
    grants : tuple of Grant
        The person's; they hold for trusted proposals only.
    findings : tuple of Reason
        What the live kernel says of the names that the code uses.
    is_live : bool
        Whether a kernel holds what earlier cells made.
    """

    proposal: Proposal
    cells: tuple[ProposedCell, ...] = ()
    preview: Preview | None = None
    isolation: Isolation | None = None
    places: Places = NOWHERE
    grants: tuple[Grant, ...] = ()
    findings: tuple[Reason, ...] = ()
    is_live: bool = True

    @property
    def code(self) -> tuple[ProposedCell, ...]:
        """The cells that would run."""
        return tuple(cell for cell in self.cells if cell.is_code)

    def predicted(self) -> Iterator[tuple[ProposedCell, PredictedEffect]]:
        """Every effect that the syntax says, with its cell."""
        for cell in self.cells:
            for effect in cell.effects:
                yield cell, effect

    def observed(self) -> Iterator[Observed]:
        """Every effect that the dry run showed."""
        if self.preview is None:
            return
        effects = self.preview.effects
        for file in effects.files:
            kind: EffectKind = "deletes" if file.kind == "deleted" else "writes"
            yield Observed(kind, file.path, file.denied)
        for process in effects.processes:
            yield Observed("starts", process.command, process.denied)
        for host in effects.hosts:
            yield Observed("contacts", host.address, host.denied)
        for name in effects.environment:
            yield Observed("environment", name)
        for what in self._acting:
            yield Observed("displays", what)

    @cached_property
    def _acting(self) -> tuple[str, ...]:
        """Found once: tables are long."""
        return tuple(dict.fromkeys(acting(self.preview.cells))) if self.preview else ()


Approver = Callable[[Evidence], Iterable[Reason]]
"""Looks at the evidence and gives its reasons. One with ALLOW only explains."""
