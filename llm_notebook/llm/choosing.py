"""Which model a kernel asks for what, and where its asks are recorded."""

from __future__ import annotations

from llm_notebook.core.origin import Role

DEFAULT_MODEL = "offline:rules"


class Choosing:
    """What was chosen in one kernel.

    Attributes
    ----------
    chosen : str or None
        The model that proposes; None where nobody has chosen one.
    roles : dict of Role to str
        The models for other roles; empty: the one that proposes.
    recording : str
        The file to which asks and replies are added; empty for none.
    """

    def __init__(self) -> None:
        self.chosen: str | None = None
        self.roles: dict[Role, str] = {}
        self.recording = ""

    @property
    def model(self) -> str:
        """The model that proposes: the one `chosen` in this kernel, or the embedded one."""
        return self.chosen or DEFAULT_MODEL

    def model_for(self, role: Role) -> str:
        """The model that is asked for this: its own, or the one that proposes."""
        return self.roles.get(role) or self.model

    def use(self, model: str, role: Role = "propose") -> None:
        """Ask this model from now on; empty, for another role: the one that proposes."""
        if role == "propose":
            self.chosen = model
        else:
            self.roles = {**self.roles, role: model}
