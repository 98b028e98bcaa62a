"""What was asked, proposed and decided: as rows, as a table to read, as a data frame."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.faces.texts import safe

if TYPE_CHECKING:
    from llm_notebook.core.proposal import Proposal
    from llm_notebook.store import Store
    from llm_notebook.store.store import Event

NO_PANDAS = (
    "For a data frame that can be filtered, install pandas where this runs: pip install pandas"
)


class Row(msgspec.Struct, frozen=True):
    """One line of the log.

    Attributes
    ----------
    time : datetime
        UTC.
    notebook, proposal : str
        Path and id; empty where there is none.
    event : str
        ``asked``, ``proposed``, ``dry run``, ``judged``, ``accepted``, ``rejected``, …
    model, prompt, title : str
        Of the proposal; empty where it is no longer kept.
    status : str
        Where the proposal stands now.
    details : dict
        What belongs to the event.
    """

    time: datetime
    notebook: str
    proposal: str
    event: str
    model: str
    prompt: str
    title: str
    status: str
    details: dict[str, Any]


def rows(store: Store, notebook: str | None = None, limit: int | None = None) -> list[Row]:
    """The trace, oldest first; the newest `limit` of it.

    Raises
    ------
    StoreError
    """
    found = [_row(event, proposal) for event, proposal in store.trace(notebook)]
    return found if limit is None else found[len(found) - min(limit, len(found)) :]


def table(found: Sequence[Row], width: int | None = None) -> str:
    """The rows as text, one a line, cut to the terminal's width."""
    if not found:
        return "Nothing has been asked yet."
    width = width or shutil.get_terminal_size((120, 24)).columns
    lines = []
    for row in found:
        when = row.time.astimezone().strftime("%Y-%m-%d %H:%M")
        words = row.title if row.event in ("proposed", "accepted", "rejected") else row.prompt
        if row.event == "dry run":
            told = (row.details.get(name, "") for name in ("status", "summary", "reason"))
            words = ": ".join(filter(None, map(str, told)))
        elif row.event == "judged":
            reasons = row.details.get("reasons") or [{}]
            words = f"{row.details.get('ruling', '')}: {reasons[0].get('text', '')}"
        name = PurePath(row.notebook).name
        line = f"{when}  {row.event:10}  {row.proposal or '-':8}  {name:20}  {words or row.prompt}"
        line = safe(" ".join(line.split("\n"))).rstrip()
        lines.append(line if len(line) <= width else f"{line[: width - 1]}…")
    return "\n".join(lines)


def frame(found: Sequence[Row]) -> Any | None:
    """The rows as a pandas data frame; None where pandas is not installed.

    A frame is printed as it is, so its texts are those that may be.
    """
    if importlib.util.find_spec("pandas") is None:
        return None
    pd: Any = import_module("pandas")
    columns = Row.__struct_fields__
    values = [[getattr(row, column) for column in columns] for row in found]
    records = [_readable(record) for record in values]
    result = pd.DataFrame(records, columns=list(columns))
    result["time"] = pd.to_datetime(result["time"], utc=True)
    return result


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {key: _readable(each) for key, each in value.items()}
    return list(map(_readable, value)) if isinstance(value, list | tuple) else value


def _row(event: Event, proposal: Proposal | None) -> Row:
    return Row(
        time=datetime.fromtimestamp(event.at, UTC),
        notebook=event.notebook,
        proposal=event.proposal,
        event=event.kind,
        model="" if proposal is None else proposal.model or proposal.origin.model,
        prompt="" if proposal is None else proposal.origin.prompt,
        title="" if proposal is None else proposal.title,
        status="" if proposal is None else proposal.status,
        details=event.body,
    )


def shown(notebook: str | None) -> object:
    """The trace of one notebook, or of all, as a data frame; where there is none, it is printed."""
    from llm_notebook.store import Store

    found = rows(Store(), notebook)
    result = frame(found)
    if result is None:
        print(f"{table(found)}\n\n{NO_PANDAS}")
    return result
