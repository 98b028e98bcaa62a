"""The fewest cells to run again, in notebook order, so that notebook and kernel agree.

Each cell that is added is forced: a value that differs, or that another cell of
the list would spoil, can only come from the cell that makes it there. So what
these rules lead to is the least set that fulfils them, and no cell can be left
out of it as far as syntax tells.
"""

from __future__ import annotations

from llm_notebook.truth.env import Env
from llm_notebook.truth.names import ABSENT
from llm_notebook.truth.standing import Fresh, differ, run_in_place


def rerun(
    live: Env, fresh: Fresh, seeds: set[int], changeable: set[str] | None
) -> tuple[set[int], bool]:
    """The places to run again.

    Parameters
    ----------
    seeds : set of int
        Places of cells that show what is not so any more.

    Returns
    -------
    set of int
    bool
        Whether the two agree then.
    """
    chosen = seeds | set(differ(live, fresh, changeable))
    while True:
        _force(live, fresh, chosen)
        after, needed = _run(live, fresh, chosen)
        more = needed | set(differ(after, fresh, changeable))
        if more <= chosen:
            return chosen, not more
        chosen |= more


def _force(live: Env, fresh: Fresh, chosen: set[int]) -> None:
    """Add what those that are chosen need, and what they spoil."""
    left = sorted(chosen)
    while left:
        at = left.pop()
        would = fresh.places[at].would
        more = {fresh.writers[name][-1] for name in would.writes}
        for name, label in would.reads.items():
            above = fresh.before(name, at)
            if above is not None and (
                live.label(name) != label
                or any(writer in chosen for writer in fresh.writers[name] if writer < at)
            ):
                more.add(above)
        for name in would.writes:
            # Whoever is chosen below and takes the name is to find what stands there for it.
            for later in chosen:
                if later > at and name in fresh.places[later].would.reads:
                    above = fresh.before(name, later)
                    if above is not None:
                        more.add(above)
        more -= chosen
        chosen |= more
        left += more


def _run(live: Env, fresh: Fresh, chosen: set[int]) -> tuple[Env, set[int]]:
    """The kernel after them, and the places that they would still need."""
    env = live.copy()
    more: set[int] = set()
    for at in sorted(chosen):
        place = fresh.places[at]
        if place.facts.is_broken:
            continue
        for name in place.would.soft:
            # It may leave it as it is; what is then left over counts as lingering.
            env.labels[name] = ABSENT
        trace = run_in_place(env, place, place.number_then, place.outcome)
        if trace.sign != place.would.sign:
            for name, label in trace.reads.items():
                above = fresh.before(name, at)
                if above is not None and place.would.reads.get(name) != label:
                    more.add(above)
    return env, more
