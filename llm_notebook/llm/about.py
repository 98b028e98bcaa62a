"""What an ask is about beyond its words, and how a language model is told."""

from __future__ import annotations

from collections.abc import Mapping

from llm_notebook.core.context import Context
from llm_notebook.core.origin import Origin
from llm_notebook.llm.enclosing import Enclosure
from llm_notebook.llm.wire import About


def about(
    origin: Origin,
    labels: Mapping[str, str],
    *,
    earlier: tuple[str, ...] = (),
    touched: tuple[str, ...] = (),
    question: str = "",
    is_about_error: bool = False,
) -> About:
    """What an ask is about, with its cells by label.

    Parameters
    ----------
    origin : Origin
    labels : mapping of str to str
        Label to cell id, as in `Context.labels`.
    earlier : tuple of str
        The requests of the versions before, oldest first, secrets taken out.
        Only where the notebook is shown as the version before would leave it.
    touched : tuple of str
        Ids of the cells that the version before brought in or changed.
    question : str
        The question that this ask answers.
    is_about_error : bool
        Whether it is about the context's error.
    """
    of = {cell_id: label for label, cell_id in labels.items()}

    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(of[cell_id] for cell_id in ids if cell_id in of)

    scope = origin.scope
    return About(
        wants=origin.wants,
        scope=named(scope.cells) if scope else (),
        first=scope.first if scope else None,
        last=scope.last if scope else None,
        earlier=earlier,
        touched=named(touched),
        question=question,
        made=named(origin.made),
        is_about_error=is_about_error,
    )


def _either(labels: tuple[str, ...], word: str) -> str:
    return f" {word} ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))


def _lines(asked: About) -> str:
    if asked.first is None or asked.last is None:
        return _either(asked.scope, "and")
    lines = f"lines {asked.first} to {asked.last}"
    return f"{f'line {asked.first}' if asked.first == asked.last else lines} of {asked.scope[0]}"


def _scope(asked: About, context: Context, enclosure: Enclosure) -> str:
    """What may be changed, or what is asked about, with the selected lines."""
    is_lines = asked.first is not None and asked.last is not None
    if asked.wants == "text":
        said = f"The request is about {_lines(asked)}."
    elif is_lines:
        said = (
            f"Only {_lines(asked)} may be changed: replace {asked.scope[0]} with a source in which "
            "every other line stands exactly as now. Insert, delete and move nothing."
        )
    else:
        said = (
            f"Only {_either(asked.scope, 'and')} may be replaced, deleted or moved. A new cell "
            f"may stand directly before or after {_either(asked.scope, 'or')} only. "
            "Leave every other cell as it is."
        )
    shown = next((c.cell for c in context.cells if c.label == asked.scope[0]), None)
    if is_lines and shown is not None and asked.scope[0] not in context.redacted_cells:
        lines = shown.source.split("\n")[(asked.first or 1) - 1 : asked.last]
        said += "\n" + enclosure.data("those lines as they are", "\n".join(lines))
    return said


def said_about(asked: About, context: Context, enclosure: Enclosure) -> list[str]:
    """The paragraphs that say it, without the request itself."""
    parts = []
    if asked.earlier:
        of = ""
        if asked.touched:
            of = f", which brought in or changed {_either(asked.touched, 'and')}"
        parts.append(
            "The notebook is shown as if a first proposal had been accepted already"
            f"{of}. The request follows it up. Edit what that proposal "
            "made, and keep of it what the request does not speak of."
        )
    if asked.made:
        parts.append(
            f"The same prompt made {_either(asked.made, 'and')} before. Propose what should stand "
            "there now: replace or delete these cells rather than adding beside them."
        )
    if asked.is_about_error and context.error is not None:
        parts.append("The request is about the error above.")
    if asked.scope:
        parts.append(_scope(asked, context, enclosure))
    if asked.question:
        parts.append(
            "You asked this, and the request holds the person's choice. Do not ask again:\n"
            + enclosure.data("question", asked.question)
        )
    if asked.wants == "text":
        parts.append("Wanted is an explanation in words: answer with @@ answer alone, no edits.")
    return parts


def request(prompt: str, asked: About) -> str:
    """The person's words, behind those that they follow up."""
    if not asked.earlier:
        return f"Request:\n{prompt}"
    done = "\n".join(f"Before, and done in what is shown: {text}" for text in asked.earlier)
    return f"Request:\n{done}\nNow: {prompt}"
