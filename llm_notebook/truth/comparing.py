"""Whether a kernel holds what a notebook says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llm_notebook.core.notebook import Cell
from llm_notebook.core.truth import Because, CellTruth, KernelTruth, VariableTruth
from llm_notebook.truth.env import Env
from llm_notebook.truth.log import Run, RunLog
from llm_notebook.truth.names import ABSENT, GIVEN
from llm_notebook.truth.rerunning import rerun
from llm_notebook.truth.saying import Labels, listed, sentence
from llm_notebook.truth.standing import Fresh, Place, followed, placed, wanted

_ORDER = ("stale", "missing", "lingering", "fresh")


def kernel_truth(
    cells: Sequence[Cell],
    log: RunLog,
    alive: Mapping[str, bool] | None = None,
    because: Because = "",
) -> KernelTruth:
    """Hold the notebook against what the kernel ran.

    Cells that never ran take no part, unless one that ran needs what they make.

    Parameters
    ----------
    cells : sequence of Cell
        The notebook now.
    log : RunLog
    alive : mapping of str to bool, optional
        The kernel's variables now, and whether the value of each can be changed in place.
    because : {"", "taken_back", "deleted", "moved"}
        What has just been done.

    Returns
    -------
    KernelTruth
    """
    if not log.is_whole:
        return _unknown("the kernel has run more cells than are remembered")
    live, runs = log.followed()
    places = wanted(placed(cells, runs), live.frames)
    changeable = None if alive is None else {name for name, changes in alive.items() if changes}
    anew: frozenset[str] = frozenset()
    while True:
        fresh = followed(places, live.frames, anew)
        seeds = {at for at, place in enumerate(places) if place.is_stale}
        chosen, agrees = rerun(live, fresh, seeds, changeable)
        drawn = {places[at].cell.id for at in chosen if places[at].would.varies}
        if drawn <= anew:
            break
        anew |= drawn
    labels = Labels(cells, runs)
    variables = _variables(live, fresh, dict(_by_number(runs)), cells, labels, alive)
    told = tuple(
        cell
        for at, place in enumerate(places)
        if (cell := _cell(place, at in chosen, labels)) is not None
    )
    doubt = _doubt(places, chosen, runs, live, fresh, agrees, labels)
    again = tuple(places[at].cell.id for at in sorted(chosen))
    return KernelTruth(
        variables=variables,
        cells=told,
        rerun=() if doubt else again,
        is_certain=not doubt,
        doubt=doubt,
        summary=sentence(variables, told, doubt, because),
        seconds=_seconds(places, chosen),
    )


def _unknown(why: str) -> KernelTruth:
    doubt = f"It cannot be told what to run again: {why}."
    return KernelTruth(is_certain=False, doubt=doubt, summary=f"{doubt} Restart and run all.")


def _by_number(runs: Sequence[tuple[int, Run, object]]) -> list[tuple[int, Run]]:
    return [(number, run) for number, run, _ in runs]


def _variables(
    live: Env,
    fresh: Fresh,
    runs: dict[int, Run],
    cells: Sequence[Cell],
    labels: Labels,
    alive: Mapping[str, bool] | None,
) -> tuple[VariableTruth, ...]:
    found = []
    here = {cell.id for cell in cells}
    versions = {place.run: place.is_same for place in fresh.places if place.run is not None}
    for name in sorted(live.labels.keys() | fresh.env.labels.keys()):
        is_made, is_live = fresh.env.has(name), live.has(name)
        if alive is not None and is_live and name not in alive:
            is_live = False
            if not is_made or live.label(name) == fresh.env.label(name):
                continue  # a branch that was not taken would have bound it
        if not is_made and not is_live:
            continue
        run = runs.get(live.makers.get(name, -1))
        writers = fresh.writers.get(name, [])
        maker = fresh.places[writers[-1]].cell.id if writers else ""
        if not is_made:
            found.append(_lingering(name, run, here, labels))
        elif live.label(name) == fresh.env.label(name):
            found.append(VariableTruth(name, "fresh"))
        elif not is_live:
            why = f"{labels.start(maker)} makes it, and has not run since."
            found.append(VariableTruth(name, "missing", why, (maker,)))
        else:
            found.append(_stale(name, run, maker, here, versions, labels))
    return tuple(sorted(found, key=lambda it: (_ORDER.index(it.standing), it.name)))


def _lingering(name: str, run: Run | None, here: set[str], labels: Labels) -> VariableTruth:
    if run is None or not run.cell:
        why = "Code that is in no cell made it."
    elif run.cell in here:
        why = f"An earlier version of {labels.of(run.cell)} made it; no cell makes it now."
    else:
        why = f"{labels.run(run)} made it, and is not in the notebook any more."
    return VariableTruth(name, "lingering", why, (run.cell,) if run and run.cell in here else ())


def _stale(
    name: str,
    run: Run | None,
    maker: str,
    here: set[str],
    versions: Mapping[Run, bool],
    labels: Labels,
) -> VariableTruth:
    if run is None or not run.cell:
        why = "Code that is in no cell gave it its value."
    elif run.cell not in here:
        why = f"{labels.run(run)} gave it its value, and is not in the notebook any more."
    elif not versions.get(run, False):
        why = f"A version of {labels.of(run.cell)} made it that is not in the notebook any more."
    elif run.cell != maker:
        why = f"{labels.start(run.cell)} changed it last; by the notebook {labels.of(maker)} does."
    elif run.outcome != "ran":
        why = f"{labels.start(run.cell)} did not run to its end."
    else:
        why = f"{labels.start(run.cell)} made it of values that are not so any more."
    named = tuple(dict.fromkeys(one for one in (run.cell if run else "", maker) if one in here))
    return VariableTruth(name, "stale", why, named)


def _cell(place: Place, is_chosen: bool, labels: Labels) -> CellTruth | None:
    cell, label = place.cell.id, labels.of(place.cell.id)
    if place.facts.is_broken:
        return CellTruth(cell, "edited", label, "Its text is no Python any more.")
    hidden = _hidden(place, is_chosen)
    if hidden:
        why = f"It uses {listed(hidden)}, which no cell above it makes: a fresh run fails here."
        return CellTruth(cell, "hidden", label, why, hidden)
    if place.run is None or place.ran is None:
        names = tuple(sorted(place.would.writes))
        why = f"It has not run, and cells that ran need {listed(names)}."
        return CellTruth(cell, "unrun", label, why, names)
    if not place.is_same:
        return CellTruth(cell, "edited", label, "It was edited since it ran.")
    if place.run.outcome == "interrupted":
        return CellTruth(cell, "interrupted", label, "It was stopped midway.")
    if place.is_stale:
        ran, would = place.ran.reads, place.would.reads
        names = tuple(sorted(name for name in ran if would.get(name) != ran[name]))
        why = f"It ran on other values of {listed(names)}."
        return CellTruth(cell, "outdated", label, why if names else "It draws by chance.", names)
    if is_chosen:
        names = tuple(sorted(place.would.writes))
        why = f"It runs again because other cells need {listed(names)} as it makes them."
        return CellTruth(cell, "again", label, why, names)
    return None


def _hidden(place: Place, is_chosen: bool) -> tuple[str, ...]:
    """What it takes that no cell above it makes."""
    would = place.would
    names = place.hidden.keys() - would.soft
    if is_chosen:
        names |= {
            name
            for name, label in would.reads.items()
            if label == ABSENT and name not in GIVEN and name not in would.soft
        }
    return tuple(sorted(names))


def _doubt(
    places: list[Place],
    chosen: set[int],
    runs: Sequence[tuple[int, Run, object]],
    live: Env,
    fresh: Fresh,
    agrees: bool,
    labels: Labels,
) -> str:
    """Why it cannot be told what to run again; empty where it can, or where nothing is amiss."""
    apart = bool(chosen) or live.base != fresh.env.base
    if not apart:
        return ""
    for at in sorted(chosen):
        place = places[at]
        if place.facts.is_broken:
            return f"{labels.start(place.cell.id)} cannot be read as Python."
        if place.would.doubt:
            return f"{labels.start(place.cell.id)} {place.would.doubt}."
    if live.base[:1] == ("unread",) and live.base != fresh.env.base:
        return "Code ran that cannot be followed, and it is not in the notebook as it ran."
    return "" if agrees else "The cells depend on each other in a way that cannot be followed."


def _seconds(places: list[Place], chosen: set[int]) -> float | None:
    runs = [places[at].run for at in chosen]
    known = [run.seconds for run in runs if run is not None and run.seconds is not None]
    return sum(known) if len(known) == len(runs) and runs else None
