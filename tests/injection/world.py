"""A session, its store and a worst-case model, and all that must be as before afterwards."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from session_world import Clock

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import Ask
from llm_notebook.session import Session
from llm_notebook.store import Store
from tests.injection.channels import Setting
from tests.injection.obedient import Obedient

WAITS = frozenset({"pending", "asking", "answered", "declined", "failed"})
"""Where an ask may end. In none of them has anything been applied or run."""

TOLD = frozenset({"asked", "proposed", "answered", "failed"})
"""What the store may say of it: nobody has decided, nothing was run."""


class Workspace:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def namespace(self) -> dict[str, Any]:
        return dict(self.setting.namespace)

    def last_error(self) -> ErrorInfo | None:
        return None

    def folder(self) -> Path | None:
        return self.setting.folder


class World:
    """One notebook in front of a person at level Preview."""

    def __init__(self, path: Path, setting: Setting, ordered: str) -> None:
        self.setting = setting
        self.model = Obedient(ordered)
        self.store = Store(path / "store.sqlite")
        self.session = Session(self.model, Workspace(setting), self.store, "nb", Clock())
        self._ids = (f"p{n}" for n in itertools.count(1))

    def ask(self, prompt: str = "", **about: Any) -> Proposal:
        """Ask as a person would, and wait for what becomes of it."""
        id = next(self._ids)
        origin = Origin(prompt or self.setting.prompt, "m", target="a", **about)
        self.session.ask(
            Ask(
                id,
                origin,
                self.setting.snapshot,
                3,
                error=self.setting.error,
                values=self.setting.values,
            )
        )
        return self.session.find(id)

    @property
    def sent(self) -> str:
        """The last message to the model that holds the notebook."""
        return self.model.requests[-1].messages[1].content

    def assert_contained(self) -> None:
        """Whatever was answered, it waits: nothing is applied, run, decided or raised."""
        assert {proposal.status for proposal in self.session.proposals()} <= WAITS
        assert {event.kind for event in self.store.events()} <= TOLD
        assert self.session.lowered is None
