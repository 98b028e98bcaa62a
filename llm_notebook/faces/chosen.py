"""``%llm model``, ``%llm record`` and ``%llm level``: what was chosen in this kernel."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from llm_notebook.core.levels import DEFAULT_LEVEL, Level
from llm_notebook.core.protocol import Lowered, Used
from llm_notebook.faces.options import read_choice
from llm_notebook.faces.texts import LEVELS, LEVELS_SAID, models_text, named

if TYPE_CHECKING:
    from llm_notebook.faces.attach import Attachment


def model(attachment: Attachment, line: str) -> None:
    """Choose a model for a role, or list them."""
    session = attachment.session()
    role, chosen = read_choice(line)
    if not chosen:
        print(models_text(session))
        return
    chosen = "" if chosen == "same" else chosen
    session.use(chosen, role)
    attachment.comm.broadcast(Used(chosen, role))
    asked = named(chosen) or f"{named(session.model)}, as for proposals,"
    hint = next((c.hint for c in session.models.models() if c.id == chosen and not c.ready), "")
    to = f" to {role}" if role != "propose" else ""
    print(f"{asked} is asked{to} now." + (f" {hint}" if hint else ""))


def record(attachment: Attachment, path: str) -> None:
    """Add asks and replies to a file from now on, or no more."""
    session = attachment.session()
    if path == "off":
        session.recording = ""
    elif path:
        session.recording = os.path.abspath(os.path.expanduser(path.strip("\"'")))
    print(
        f"Each ask and its reply are added to {session.recording}. They hold what you write "
        "and what is sent of the notebook, without keys. Look at them before you pass them on."
        if session.recording
        else "Nothing is recorded."
    )


def level(attachment: Attachment, name: str) -> None:
    """Lower the level for this kernel, lift that again, or say what it is."""
    if name:
        if name in ("auto-run", "auto"):
            raise UsageError(
                "%llm level can only lower. Auto-run is armed by your own hand at the slider in "
                "JupyterLab's panel, for the page that is open; no code can do it."
                if attachment.live.kernel is not None
                else "There is no Auto-run in a terminal: what you accept, you run."
            )
        if name not in LEVELS:
            raise UsageError(f"There is no level {name!r}. There are: {', '.join(LEVELS)}.")
        lower(attachment, LEVELS[name])
    now, why = attachment.previewing().level()
    where = " (the panel's level may be lower)" if attachment.comm.connected else ""
    print(f"{LEVELS_SAID[now]}{where if now > 1 else ''}." + (f" {why}" if why else ""))


def lower(attachment: Attachment, to: Level) -> None:
    """Hold the level down in this kernel, or lift that: back to what the front end allows."""
    session = attachment.session()
    session.lowered = to if to < DEFAULT_LEVEL else None
    attachment.comm.broadcast(Lowered(session.lowered))
