"""Which later cells use what a proposal changes, by the flow of data through the notebook.

Document order stands for the order of execution. A changed cell makes names
*different*; a later cell that needs one of them before it binds it anew is
downstream, and what it binds or changes is different too. A cell that binds a
name without needing anything different makes it the same again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from llm_notebook.context.source import cell_magic, is_prompt, read_source
from llm_notebook.core.notebook import Cell
from llm_notebook.core.preview import Downstream, VariableChange

# Magics whose text is no Python and cannot see variables, apart from ``{name}`` in their line.
APART = frozenset(
    "bash sh script system sx cmd html HTML javascript js latex markdown svg SVG perl ruby file "  # noqa: SIM905
    "writefile pip conda cd pwd ls matplotlib load_ext reload_ext unload_ext autoreload config env "
    "set_env pylab alias unalias automagic colors history lsmagic magic mkdir rm cp mv cat more "
    "pinfo pfile pdoc psource precision quickref rehashx save store time timeit capture prun debug "
    "xmode who whos who_ls llm".split()
)
_WORD = re.compile(r"[^\W\d]\w*")
_LINE_MAGIC = re.compile(r"^\s*(?:[^\W\d]\w*\s*=\s*)?%{1,2}(\w+)(.*)$", re.MULTILINE)
_EXPANDED = re.compile(r"\{\s*([^\W\d]\w*)|\$([^\W\d]\w*)")
_SQL = re.compile(r"\b(?:from|join|into|update|table)\s+([^\W\d]\w*)", re.IGNORECASE)
_IN_QUERY = re.compile(r"@([^\W\d]\w*)")
_QUERIES = re.compile(r"\.(?:query|eval)\s*\(")
_TABLES = re.compile(r"\b(?:sql|execute|query|read_sql\w*|sqldf)\s*\(|%%?sql\b")
_MOST = 200


def downstream(
    before: Sequence[Cell],
    after: Sequence[Cell],
    observed: Iterable[VariableChange] | None = None,
) -> tuple[Downstream, ...]:
    """Cells that the proposal leaves as they are, and that use what it changes.

    Parameters
    ----------
    before, after : sequence of Cell
        The notebook as it is and as it would be.
    observed : iterable of VariableChange, optional
        What a dry run of the changed cells was seen to change, where that ran
        to its end. Then this is believed, rather than what their syntax says.

    Returns
    -------
    tuple of Downstream
        In notebook order, at most 200; each with the names by which it depends.
    """
    old = {cell.id: cell for cell in before}
    moved = _moved([cell.id for cell in before], [cell.id for cell in after])
    changed = {
        cell.id
        for cell in after
        if cell.type == "code" and (cell.id in moved or _source(old.get(cell.id)) != cell.source)
    }
    lost = _lost(before, after, moved)
    seen = None if observed is None else {change.name for change in observed if _counts(change)}
    bodies: dict[str, frozenset[str]] = {}
    different: set[str] = set(lost.get("", ()))
    found: list[Downstream] = []
    for cell in after:
        if cell.type == "code" and not is_prompt(cell.source):
            facts = read_source(cell.source)
            bodies.update(facts.bodies)
            makes = facts.defines | facts.touches
            if cell.id in changed:
                was = _source(old.get(cell.id)) if cell.id not in moved else ""
                facts_then = read_source(was)
                dropped = (facts_then.defines | facts_then.touches) - makes
                different |= dropped | (makes if seen is None else seen)
            else:
                used = _used(cell.source, bodies) & different
                if used:
                    found.append(Downstream(cell.id, tuple(sorted(used))))
                    different |= makes - facts.imports
                else:
                    different -= facts.defines
        different |= lost.get(cell.id, frozenset())
    return tuple(found[:_MOST])


def _source(cell: Cell | None) -> str:
    return cell.source if cell is not None and cell.type == "code" else ""


def _counts(change: VariableChange) -> bool:
    # A description such as "random state" is no name, and nothing that syntax follows.
    return change.name.isidentifier() and "equal values" not in change.note


def _used(source: str, bodies: Mapping[str, frozenset[str]]) -> frozenset[str]:
    facts = read_source(source)
    used = set(facts.uses - facts.deferred) | used_in_text(source)
    # What a function needs is needed where it is called, also by way of another.
    left = list(used & bodies.keys())
    met = set(left)
    while left:
        needs = bodies[left.pop()]
        used |= needs
        fresh = (needs & bodies.keys()) - met
        met |= fresh
        left += fresh
    return frozenset(used)


def used_in_text(source: str) -> set[str]:
    """Names in what is no Python: magics that may read variables, SQL over frames, queries."""
    used: set[str] = set()
    magic = cell_magic(source)
    if magic and magic not in APART:
        used.update(_WORD.findall(source))
    for name, rest in _LINE_MAGIC.findall(source):
        if name in APART:
            used.update(a or b for a, b in _EXPANDED.findall(rest))
        else:
            used.update(_WORD.findall(rest))
    if _TABLES.search(source):
        used.update(_SQL.findall(source))
    if _QUERIES.search(source):
        used.update(_IN_QUERY.findall(source))
    return used


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Ids whose order changed: all common ones but the longest run that kept its order."""
    place = {cell: i for i, cell in enumerate(before)}
    common = [cell for cell in after if cell in place]
    # Patience sorting (Fredman 1975): ends of the best runs of each length, and links back.
    ends: list[int] = []
    heads: list[str] = []
    link: dict[str, str | None] = {}
    for cell in common:
        at = bisect_left(ends, place[cell])
        link[cell] = heads[at - 1] if at else None
        ends[at : at + 1] = [place[cell]]
        heads[at : at + 1] = [cell]
    kept: set[str] = set()
    last: str | None = heads[-1] if heads else None
    while last is not None:
        kept.add(last)
        last = link[last]
    return set(common) - kept


def _lost(
    before: Sequence[Cell], after: Sequence[Cell], moved: set[str]
) -> dict[str, frozenset[str]]:
    """What deleted and moved cells made, by the id of the cell above that stays; "" for none."""
    was_code = {cell.id for cell in before if cell.type == "code"}
    staying = {c.id for c in after if c.type == "code" or c.id not in was_code} - moved
    found: dict[str, frozenset[str]] = {}
    above = ""
    for cell in before:
        if cell.id in staying:
            above = cell.id
        elif _source(cell):
            facts = read_source(cell.source)
            found[above] = found.get(above, frozenset()) | facts.defines | facts.touches
    return found
