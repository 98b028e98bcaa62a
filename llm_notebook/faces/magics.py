"""``%%llm`` and ``%llm``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.core.levels import DEFAULT_LEVEL
from llm_notebook.core.origin import Origin, Repairs, Wants
from llm_notebook.core.proposal import Proposal, new_proposal_id
from llm_notebook.core.protocol import STATUS_MIME, Ask, AskRequested, DecideRequested
from llm_notebook.faces import chosen
from llm_notebook.faces.options import HELP, read_options, read_preview, refined
from llm_notebook.faces.reasons import why
from llm_notebook.faces.texts import next_part, safe, summary

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from llm_notebook.faces.attach import Attachment
    from llm_notebook.faces.hosts import OutputHost, TerminalHost
    from llm_notebook.session import Session


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

    def line(self, line: str) -> object:
        """Choose a model, decide about proposals; see ``%llm help``."""
        verb, _, rest = line.strip().partition(" ")
        actions = {
            "": self._help,
            "help": self._help,
            "model": self._use,
            "use": self._use,
            "record": self._record,
            "level": self._level,
            "refine": self._refine,
            "choose": self._choose,
            "diff": self._diff,
            "preview": self._preview,
            "repair": self._repair,
            "why": lambda name: why(self._attachment, name),
            "accept": self._accept,
            "reject": self._reject,
            "log": self._log,
            "truth": self._truth,
        }
        if verb not in actions:
            raise UsageError(f"%{self._name} has no {verb!r}.\n\n{self._named(HELP)}")
        return self._said(actions[verb], rest.strip())

    def _said(self, action: Any, *arguments: str) -> object:
        """Run an action; an error of ours is a sentence, never a traceback."""
        if self._attachment.comm.connected:
            self._attachment.comm.turn_to(self._attachment.live.cell_id())
        try:
            result: object = action(*arguments)
        except LLMNotebookError as error:
            raise UsageError(safe(self._named(error.problem.text()))) from None
        return result

    def _named(self, text: str) -> str:
        """A text with the name that the magics really have here."""
        return text.replace("%llm", f"%{self._name}")

    # -- asking ---------------------------------------------------------------

    def _ask(self, line: str, cell: str) -> None:
        options = read_options(line)
        prompt = cell.strip()
        if not prompt:
            raise UsageError("There are no words below %%llm. Say there what you want.")
        refined = None if options.refines is None else self._pending(options.refines)
        self._send(prompt, model=options.model, wants=options.wants, refines=refined)

    def _refine(self, prompt: str) -> None:
        if not prompt:
            raise UsageError("Say what should be different: %llm refine WORDS.")
        self._send(prompt, refines=self._pending(""))

    def _choose(self, rest: str) -> None:
        number, _, name = rest.partition(" ")
        asked = self._asking(name.strip())
        count = len(asked.suggestions)
        if not number.isdecimal() or not 1 <= int(number) <= count:
            raise UsageError(f"Choose a number from 1 to {count}: %llm choose N.")
        self._send(asked.suggestions[int(number) - 1].prompt, clarifies=asked)

    def _asking(self, name: str) -> Proposal:
        if name:
            proposal = self._session.find(name)
            if proposal.status != "asking":
                raise UsageError(f"Proposal {proposal.id} is {proposal.status}; it asks nothing.")
            return proposal
        asking = [
            p for p in self._session.open_proposals(self._session.notebook) if p.status == "asking"
        ]
        if not asking:
            raise UsageError("No question is waiting for an answer.")
        return asking[-1]

    def _send(
        self,
        prompt: str,
        *,
        model: str | None = None,
        wants: Wants = "edits",
        refines: Proposal | None = None,
        clarifies: Proposal | None = None,
        repairs: Repairs = "",
    ) -> None:
        """Ask, or have the page ask, which alone knows the notebook."""
        wants = clarifies.origin.wants if clarifies is not None else wants
        model = model or self._session.model_for("describe" if wants == "text" else "propose")
        live, comm = self._attachment.live, self._attachment.comm
        proposal_id = new_proposal_id()
        if comm.connected:
            from IPython.display import display

            display(  # type: ignore[no-untyped-call]
                {
                    "text/plain": f"Proposal {proposal_id}, asked of {model}",
                    STATUS_MIME: {"proposal_id": proposal_id},
                },
                raw=True,
            )
            comm.broadcast(
                AskRequested(
                    proposal_id,
                    prompt,
                    model,
                    live.cell_id(),
                    wants=wants,
                    refines=None if refines is None else refines.id,
                    clarifies=None if clarifies is None else clarifies.id,
                    repairs=repairs,
                )
            )
            return
        snapshot = live.history()
        earlier = refines or clarifies
        ask = Ask(
            proposal_id=proposal_id,
            origin=Origin(
                prompt,
                model,
                face="terminal" if live.kernel is None else "magic",
                target=snapshot.cells[-1].id if snapshot.cells else None,
                wants=wants,
                refines=refined(refines, clarifies),
                clarifies=None if clarifies is None else clarifies.id,
                repairs=repairs,
                without=() if earlier is None else earlier.origin.without,
            ),
            snapshot=snapshot,
            level=DEFAULT_LEVEL,
        )
        if repairs:
            from llm_notebook.repairing import prepared

            ask = prepared(ask, self._attachment.previewing())
        self._host().ask(ask)

    def _host(self) -> TerminalHost | OutputHost:
        from llm_notebook.faces.hosts import OutputHost, TerminalHost

        live = self._attachment.live
        kind = TerminalHost if live.kernel is None else OutputHost
        return kind(self._session, live, self._name, self._attachment.previews())

    # -- %llm … ---------------------------------------------------------------

    def _help(self, _: str = "") -> None:
        print(self._named(HELP))

    def _use(self, line: str) -> None:
        chosen.model(self._attachment, line)

    def _record(self, path: str) -> None:
        chosen.record(self._attachment, path)

    def _level(self, name: str) -> None:
        chosen.level(self._attachment, name)

    def _preview(self, line: str) -> None:
        """Run a proposal in a sandbox; where there is a page, it shows what comes of it."""
        from llm_notebook.faces.hosts import Screen
        from llm_notebook.faces.preview_verbs import message_for

        options = read_preview(line)
        proposal = self._pending(options.proposal)
        live, comm = self._attachment.live, self._attachment.comm
        if not comm.connected:
            print(self._attachment.previews().asked(proposal, live.history(), options, Screen()))
            return
        snapshot = comm.snapshot() or self._session.snapshot_of(proposal.id)
        if not snapshot.cells:
            raise UsageError(
                "This kernel has not been shown the notebook yet. Use Preview at the proposal."
            )
        self._attachment.previewing().start_soon(message_for(proposal, snapshot, options))
        print(f"Proposal {proposal.id} is run in a sandbox; the notebook shows what comes of it.")

    def _repair(self, rest: str) -> None:
        """Ask for a next version that mends what failed in the dry run."""
        if rest in ("auto", "off"):
            self._attachment.previews().repairs = rest == "auto"
            print(
                "What fails in its dry run is repaired once without being asked for."
                if rest == "auto"
                else "A repair is made when you ask for it."
            )
            return
        self._send("", refines=self._pending(rest), repairs="asked")

    def _diff(self, proposal_id: str) -> None:
        proposal = self._session.find(proposal_id or None)
        print(summary(proposal, self._session, self._name, color=True))

    def _accept(self, proposal_id: str) -> None:
        proposal = self._pending(proposal_id)
        if self._attachment.comm.connected:
            self._request(proposal, "accepted")
        else:
            print(self._host().accept(proposal))
            self._show_next(proposal)

    def _reject(self, proposal_id: str) -> None:
        proposal = self._pending(proposal_id)
        if self._attachment.comm.connected:
            self._request(proposal, "rejected")
        else:
            self._session.decide(proposal.id, "rejected", proposal.hash)
            print(f"Proposal {proposal.id} is rejected.")
            self._show_next(proposal)

    def _truth(self, _: str) -> None:
        from llm_notebook.faces.way_back import truth_text

        print(truth_text(self._attachment))

    def _log(self, which: str) -> object:
        from llm_notebook.faces.trace import shown

        if which not in ("", "all"):
            raise UsageError("Only `all` may stand behind %llm log.")
        return shown(None if which else self._session.notebook)

    def _show_next(self, decided: Proposal) -> None:
        """A long reply comes in parts; the next one waits now."""
        following = next_part(decided, self._session)
        if following is not None:
            print("\n" + summary(following, self._session, self._name, color=True))

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
