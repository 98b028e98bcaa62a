"""``%%llm`` and ``%llm``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.core.proposal import Proposal, new_proposal_id
from llm_notebook.core.protocol import (
    STATUS_MIME,
    Ask,
    AskRequested,
    DecideRequested,
    Lowered,
    Used,
)

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from llm_notebook.faces.attach import Attachment
    from llm_notebook.faces.hosts import OutputHost, TerminalHost
    from llm_notebook.session import Session

HELP = """\
%%llm [--model provider:model]   ask for a proposal; your words stand below this line
%llm use [provider:model]        choose the model, or list the models
%llm level [off | propose]       how far the leash goes; in a notebook it can only be lowered
%llm diff [id]                   show a proposal
%llm accept [id]                 take it: the newest, or the one whose id starts so
%llm reject [id]                 drop it
%llm help                        this text"""

LEVELS: dict[str, Any] = {"off": 0, "propose": 2}


def register_magics(shell: InteractiveShell, attachment: Attachment) -> None:
    """Register the magics, under another name where somebody else's ``%%llm`` stands."""
    taken = [kind for kind in ("line", "cell") if "llm" in shell.magics_manager.magics[kind]]
    name = "llm_notebook" if taken else "llm"
    magics = LLMMagics(attachment, name)
    register: Any = shell.register_magic_function  # its stated type does not fit functions
    register(magics.line, "line", name)
    register(magics.cell, "cell", name)
    if taken:
        owner = shell.magics_manager.magics[taken[0]]["llm"]
        print(
            f"%llm belongs to another extension ({getattr(owner, '__module__', 'unknown')}) and "
            "was left to it. Use %%llm_notebook and %llm_notebook instead."
        )


class LLMMagics:
    """The magics of one shell."""

    def __init__(self, attachment: Attachment, name: str) -> None:
        self._attachment = attachment
        self._name = name

    @property
    def _session(self) -> Session:
        return self._attachment.session()

    def cell(self, line: str, cell: str) -> None:
        """Ask for a proposal; returns at once in a notebook."""
        self._said(self._ask, line, cell)

    def line(self, line: str) -> None:
        """Choose a model, decide about proposals; see ``%llm help``."""
        verb, _, rest = line.strip().partition(" ")
        actions = {
            "": self._help,
            "help": self._help,
            "use": self._use,
            "level": self._level,
            "diff": self._diff,
            "accept": self._accept,
            "reject": self._reject,
        }
        if verb not in actions:
            raise UsageError(f"%{self._name} has no {verb!r}.\n\n{self._named(HELP)}")
        self._said(actions[verb], rest.strip())

    def _said(self, action: Any, *arguments: str) -> None:
        """Run an action; an error of ours is a sentence, never a traceback."""
        try:
            action(*arguments)
        except LLMNotebookError as error:
            raise UsageError(self._named(error.problem.text())) from None

    def _named(self, text: str) -> str:
        """A text with the name that the magics really have here."""
        return text.replace("%llm", f"%{self._name}")

    # -- asking ---------------------------------------------------------------

    def _ask(self, line: str, cell: str) -> None:
        model = _model_option(line) or self._session.model
        prompt = cell.strip()
        if not prompt:
            raise UsageError("There are no words below %%llm. Say there what you want.")
        proposal_id = new_proposal_id()
        live = self._attachment.live
        if self._attachment.comm.connected:
            from IPython.display import display

            display(  # type: ignore[no-untyped-call]
                {
                    "text/plain": f"Proposal {proposal_id}, asked of {model}",
                    STATUS_MIME: {"proposal_id": proposal_id},
                },
                raw=True,
            )
            self._attachment.comm.broadcast(
                AskRequested(proposal_id, prompt, model, live.cell_id())
            )
            return
        snapshot = live.history()
        self._host().ask(
            Ask(
                proposal_id=proposal_id,
                prompt=prompt,
                snapshot=snapshot,
                model=model,
                level=2,
                face="terminal" if live.kernel is None else "magic",
                target=snapshot.cells[-1].id if snapshot.cells else None,
            )
        )

    def _host(self) -> TerminalHost | OutputHost:
        from llm_notebook.faces.hosts import OutputHost, TerminalHost

        live = self._attachment.live
        kind = TerminalHost if live.kernel is None else OutputHost
        return kind(self._session, live, self._name)

    # -- %llm … ---------------------------------------------------------------

    def _help(self, _: str = "") -> None:
        print(self._named(HELP))

    def _use(self, model: str) -> None:
        session = self._session
        if not model:
            for choice in session.models.models():
                mark = "*" if choice.id == session.model else " "
                print(f"{mark} {choice.id:24} {choice.label if choice.ready else choice.hint}")
            return
        if not _is_model(model):
            raise UsageError(f"{model!r} is not a model's name. Write provider:model.")
        session.chosen = model
        self._attachment.comm.broadcast(Used(model))
        hint = next((c.hint for c in session.models.models() if c.id == model and not c.ready), "")
        print(f"%%llm asks {model} now." + (f" {hint}" if hint else ""))

    def _level(self, name: str) -> None:
        session = self._session
        if name:
            if name not in LEVELS:
                raise UsageError(f"There is no level {name!r}. There are: {', '.join(LEVELS)}.")
            # Lifting means: back to what the front end allows. It is never more than that.
            session.lowered = LEVELS[name] if LEVELS[name] < 2 else None
            self._attachment.comm.broadcast(Lowered(session.lowered))
        where = " (the panel's level may be lower)" if self._attachment.comm.connected else ""
        print("Off: nothing is asked." if session.lowered == 0 else f"Propose{where}.")

    def _diff(self, proposal_id: str) -> None:
        from llm_notebook.faces.hosts import summary

        proposal = self._session.find(proposal_id or None)
        print(summary(proposal, self._session, self._name, color=True))

    def _accept(self, proposal_id: str) -> None:
        proposal = self._pending(proposal_id)
        if self._attachment.comm.connected:
            self._request(proposal, "accepted")
        else:
            print(self._host().accept(proposal))

    def _reject(self, proposal_id: str) -> None:
        proposal = self._pending(proposal_id)
        if self._attachment.comm.connected:
            self._request(proposal, "rejected")
        else:
            self._session.decide(proposal.id, "rejected", proposal.hash)
            print(f"Proposal {proposal.id} is rejected.")

    def _pending(self, proposal_id: str) -> Proposal:
        proposal = self._session.find(proposal_id or None)
        if proposal.status != "pending":
            raise UsageError(f"Proposal {proposal.id} is {proposal.status}; nothing was done.")
        return proposal

    def _request(self, proposal: Proposal, verdict: Any) -> None:
        """The notebook is the front end's: ask it, and let it say what happened."""
        self._attachment.comm.broadcast(
            DecideRequested(proposal.id, verdict, self._attachment.live.cell_id())
        )


def _is_model(name: str) -> bool:
    provider, colon, model = name.partition(":")
    return bool(provider and colon and model) and not any(c.isspace() for c in name)


def _model_option(line: str) -> str | None:
    """The value of ``--model`` on the ``%%llm`` line; None where there is no option."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"The line of %%llm cannot be read: {error}.") from None
    if not words:
        return None
    if len(words) == 2 and words[0] in ("--model", "-m") and _is_model(words[1]):
        return words[1]
    raise UsageError(
        "Only --model provider:model may stand on the line of %%llm; your words go below it."
    )
