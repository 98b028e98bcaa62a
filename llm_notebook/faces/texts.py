"""A proposal in words, for a terminal and for outputs of other front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llm_notebook.core.levels import Level
from llm_notebook.core.proposal import Proposal, Suggestion, Usage

if TYPE_CHECKING:
    from llm_notebook.session import Session

LEVELS: dict[str, Level] = {"off": 0, "complete": 1, "propose": 2, "preview": 3}
LEVELS_SAID = {
    0: "Off: nothing is asked",
    1: "Complete: what you type is gone on with, no more",
    2: "Propose: a model proposes, you decide",
    3: "Preview: what is proposed is run in a sandbox first, you decide",
    4: "Auto-run: what the rules allow runs by itself, you decide on the rest",
}


def summary(
    proposal: Proposal, session: Session, magic: str, *, color: bool, shown: str = ""
) -> str:
    """A proposal as text: its diff where it waits, with its preview, else what became of it."""
    name, model = proposal.id, named(proposal.model or proposal.origin.model)
    if proposal.status == "pending":
        from llm_notebook.diffing import render_text

        diff = render_text(proposal, session.snapshot_of(name), color=color)
        parts = "\n\n".join(filter(None, (diff.rstrip(), shown)))
        return (
            f"{parts}\n\n{told(proposal)}Proposal {name}{_place(proposal)} by {model}: "
            f"%{magic} accept takes it, %{magic} reject drops it, "
            f"%{magic} refine WORDS asks for a better one."
        )
    if proposal.problem is not None:
        return f"{told(proposal)}Proposal {name} failed. {safe(proposal.problem.text())}"
    if proposal.status == "asking":
        choices = "".join(
            f"\n  {number}. {offered(choice)}"
            for number, choice in enumerate(proposal.suggestions, 1)
        )
        said = f"{told(proposal)}{model}: {safe(proposal.answer.strip())}"
        return f"{said}{choices}\n\n%{magic} choose N answers it."
    if proposal.status in ("answered", "declined"):
        tries = "".join(f"\n  try: {safe(found.prompt)}" for found in proposal.suggestions)
        return f"{told(proposal)}{model}: {safe(proposal.answer.strip())}{tries}"
    if proposal.status == "queued":
        return f"Proposal {name}{_place(proposal)} waits until the part before it is decided."
    if proposal.status == "superseded":
        return f"Proposal {name} gave way to another version of it."
    return f"Proposal {name} is {proposal.status}."


def told(proposal: Proposal) -> str:
    """What happened on the way and what it took: a line each, nothing where there is nothing."""
    lines = [f"[{safe(proposal.notice)}]"] if proposal.notice else []
    if proposal.usage is not None:
        lines.append(f"[{usage_text(proposal.usage)}]")
    return "".join(f"{line}\n" for line in lines)


def named(model: str) -> str:
    """A model, or several, by name: what is no language model says so wherever it is named."""
    return model.replace("offline:rules", "offline:rules (not a language model)")


def usage_text(usage: Usage) -> str:
    """Tokens, and the cost where it is known."""
    text = f"{usage.input_tokens:,} tokens read, {usage.output_tokens:,} written"
    return text if usage.cost is None else f"{text}, about ${usage.cost:.2g}"


def models_text(session: Session) -> str:
    """The models on offer, the chosen one marked, and those that have a role of their own."""
    choices = session.models.models()
    lines = [
        f"{'*' if choice.id == session.model else ' '} {choice.id:24} "
        f"{choice.label if choice.ready else choice.hint}"
        for choice in choices
    ]
    if session.model not in {choice.id for choice in choices}:
        lines.insert(0, f"* {named(session.model)}")
    lines += [f"  to {role}: {named(model)}" for role, model in session.roles.items() if model]
    return "\n".join(lines)


def _place(proposal: Proposal) -> str:
    """Which version and which part it is, where there are several."""
    words = []
    if proposal.version > 1:
        words.append(f"version {proposal.version}")
    if proposal.part is not None and proposal.part.count > 1:
        words.append(f"part {proposal.part.index} of {proposal.part.count}")
    return f" ({', '.join(words)})" if words else ""


def next_part(proposal: Proposal, session: Session) -> Proposal | None:
    """The part of the same sequence that waits for the person now."""
    if proposal.part is None:
        return None
    return next(
        (
            other
            for other in session.open_proposals()
            if other.status == "pending"
            and other.part is not None
            and other.part.of == proposal.part.of
            and other.id != proposal.id
        ),
        None,
    )


def offered(choice: Suggestion) -> str:
    """A choice as a person sees it before taking it: its words, and what would be asked."""
    label, prompt = choice.label.strip(), choice.prompt.strip()
    if not label or label == prompt:
        return safe(prompt)
    return f"{safe(label)}\n       asks: {safe(prompt)}"


def safe(text: str) -> str:
    """Text of a reply for a terminal: nothing in it can hide or move the cursor."""
    from llm_notebook.diffing.text import shown

    return "\n".join(shown(line, prose=True) for line in text.split("\n"))
