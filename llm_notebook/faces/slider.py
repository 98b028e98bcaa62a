"""`AutonomySlider`: the level in any notebook front end, as an ipywidgets widget.

It lives in the kernel, where accepted code runs, so it can only lower. What the
page's own slider says is shown as the page last told it.
"""

from __future__ import annotations

import html
from importlib import import_module
from typing import TYPE_CHECKING, Any

from llm_notebook.core.errors import LevelError
from llm_notebook.core.levels import DEFAULT_LEVEL, LEVEL_NAMES, Level
from llm_notebook.core.origin import Leash
from llm_notebook.core.tally import KIND_NAMES, Tally
from llm_notebook.faces.chosen import lower
from llm_notebook.faces.texts import LEVELS_SAID

if TYPE_CHECKING:
    from llm_notebook.faces.attach import Attachment

ONLY_LOWERS = (
    "It can only lower: in a kernel, code could move it too. Auto-run is armed by hand at the "
    "slider in JupyterLab's panel."
)


class AutonomySlider:
    """The level of this kernel's session; show it as the last line of a cell.

    Attributes
    ----------
    widget : ipywidgets.VBox
        What is shown.

    Raises
    ------
    LevelError
        Where there is no IPython, or ipywidgets is not installed.
    """

    def __init__(self) -> None:
        from IPython.core.getipython import get_ipython

        from llm_notebook.faces.attach import attach

        try:
            widgets: Any = import_module("ipywidgets")
        except ImportError:
            raise LevelError(
                "The slider is drawn by ipywidgets, which is not installed here.",
                next="Install it where this kernel runs (pip install ipywidgets), or use "
                "%llm level.",
            ) from None
        shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
        if shell is None:
            raise LevelError(
                "There is no notebook here whose level could be shown.",
                next="Use it in a notebook.",
            )
        self._attachment = attach(shell)
        self._is_moving = False
        self._slider = widgets.SelectionSlider(
            options=[
                (name, level) for level, name in LEVEL_NAMES.items() if level <= DEFAULT_LEVEL
            ],
            value=DEFAULT_LEVEL,
            description="Level",
            continuous_update=False,
        )
        self._text = widgets.HTML()
        self._past = widgets.HTML()
        self._again = widgets.Button(
            description="Refresh", tooltip="Show what has changed meanwhile"
        )
        self._slider.observe(self._moved, names="value")
        self._again.on_click(lambda _: self.refresh())
        self.widget = widgets.VBox([self._slider, self._text, self._past, self._again])
        shell.events.register("post_run_cell", lambda *_: self.refresh())
        self.refresh()

    @property
    def level(self) -> Level:
        """The level that is in effect, as far as the kernel knows."""
        return standing(self._attachment)[0]

    def refresh(self) -> None:
        """Show how it stands now."""
        lowered = self._attachment.session().lowered
        self._is_moving = True
        try:
            self._slider.value = DEFAULT_LEVEL if lowered is None else min(lowered, DEFAULT_LEVEL)
        finally:
            self._is_moving = False
        level, reason, leash, sentence = standing(self._attachment)
        lines = [
            f"<b>In effect: {html.escape(LEVELS_SAID[level])}.</b>",
            html.escape(reason),
            html.escape(sentence),
            f"Leash: {leash.cells} cells, {leash.lines} lines a proposal.",
            f"<i>{html.escape(ONLY_LOWERS)}</i>",
        ]
        text = "<br>".join(filter(None, lines))
        self._text.value = f"<div style='line-height: 1.4'>{text}</div>"
        self._past.value = past_html(self._attachment.session().tallies())

    def _moved(self, change: dict[str, Any]) -> None:
        if not self._is_moving:
            lower(self._attachment, change["new"])
            self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def standing(attachment: Attachment) -> tuple[Level, str, Leash, str]:
    """Level in effect, who limits it, leash, and what it does with what is pending."""
    level, why = attachment.previewing().level()
    said = attachment.comm.standing() if attachment.comm.connected else None
    lowered = attachment.session().lowered
    # The page's words may be a moment old; what was lowered here counts at once.
    if said is not None and (lowered is None or said.level <= lowered):
        return said.level, said.reason, said.leash, said.sentence
    count = sum(p.status == "pending" for p in attachment.session().open_proposals())
    waiting = f"{count} waiting" if count else "Nothing is waiting"
    if lowered is not None and level == lowered:
        why = "It was lowered in this kernel."
    return level, why, Leash(), f"{waiting}; nothing runs by itself."


def past_html(tallies: tuple[Tally, ...]) -> str:
    """How past proposals were decided, folded."""
    if not tallies:
        rows = "Nothing has been decided yet, in any notebook."
    else:
        lines = (
            f"<tr><td>{html.escape(KIND_NAMES[one.kind])}</td><td>{one.accepted}</td>"
            f"<td>{one.auto}</td><td>{one.undone}</td><td>{one.rejected}</td></tr>"
            for one in tallies
        )
        head = "".join(
            f"<th>{name}</th>"
            for name in ("A proposal that", "accepted", "run by itself", "taken back", "rejected")
        )
        rows = f"<table><tr>{head}</tr>{''.join(lines)}</table>"
    return f"<details><summary>How you decided so far</summary>{rows}</details>"
