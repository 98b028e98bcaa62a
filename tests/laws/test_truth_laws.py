"""What is said of kernel and notebook holds when it is tried."""

from __future__ import annotations

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from programs import START, TAGGED, Kernel, Notebook, equal, fresh, histories, run, sources, tagged

from llm_notebook.core.truth import KernelTruth
from llm_notebook.truth import kernel_truth


def truth_of(notebook: Notebook) -> KernelTruth:
    found = kernel_truth(notebook.cells, notebook.log)
    standings = {cell.standing for cell in found.cells}
    # A fresh run fails there, and nothing that could be run again would change that.
    assume("hidden" not in standings)
    return found


def skipped(notebook: Notebook, found: KernelTruth) -> list[str]:
    """Cells that nobody ran and nobody needs."""
    ran = {cell for cell, _ in notebook.ran}
    texts = {source for cell, source in notebook.ran if cell not in _ids(notebook)}
    needed = {cell.cell for cell in found.cells}
    return [
        cell.id
        for cell in notebook.cells
        if cell.id not in ran and cell.id not in needed and cell.source not in texts
    ]


def _ids(notebook: Notebook) -> set[str]:
    return {cell.id for cell in notebook.cells}


def fails_anew(found: KernelTruth, then: Kernel) -> bool:
    return any(one.cell in then.failed for one in found.cells if one.standing != "again")


def rerun(notebook: Notebook, cells: tuple[str, ...]) -> Kernel:
    kernel = notebook.kernel()
    texts = {cell.id: cell.source for cell in notebook.cells}
    for cell in cells:
        kernel.run(cell, texts[cell])
    return kernel


@given(histories(sources(), START))
@settings(max_examples=80, deadline=None)
def test_after_the_rerun_all_is_as_in_a_fresh_run(notebook: Notebook) -> None:
    found = truth_of(notebook)
    then = fresh(notebook, skipped(notebook, found))
    now = notebook.kernel().variables()
    for variable in found.variables:
        if variable.standing == "fresh" and variable.name in then.variables():
            assert now.get(variable.name) == then.variables()[variable.name], variable
    if not found.is_certain:
        event(f"cannot tell: {found.doubt}")
        return
    # That something fails on new values cannot be foreseen: the run stops, and all is told anew.
    assume(not fails_anew(found, then))
    event("agrees" if not found.rerun else "runs again")
    after = rerun(notebook, found.rerun)
    assert not equal(then.variables(), after.variables())
    shown = {
        cell: said
        for cell, said in then.outputs.items()
        if cell in {cell for cell, _ in notebook.ran} or cell in found.rerun
    }
    assert not equal(shown, after.outputs)


@given(histories(tagged(), TAGGED), st.data())
@settings(max_examples=40, deadline=None)
def test_no_cell_of_the_rerun_can_be_left_out(notebook: Notebook, data: st.DataObject) -> None:
    found = truth_of(notebook)
    assume(found.is_certain and found.rerun)
    then = fresh(notebook, skipped(notebook, found))
    # How far a cell came that failed is not known, so more is run again than must be.
    assume(all(run.outcome == "ran" for run in notebook.log.runs))
    assume(not any("Error" in said for said in then.outputs.values()))
    left_out = data.draw(st.sampled_from(found.rerun))
    after = rerun(notebook, tuple(cell for cell in found.rerun if cell != left_out))
    shown = {cell: said for cell, said in then.outputs.items() if cell in found.rerun}
    assert equal(then.variables(), after.variables()) or equal(shown, after.outputs)


@given(histories(sources(), START))
@settings(max_examples=50, deadline=None)
def test_after_the_rerun_nothing_is_left_to_say_of_it(notebook: Notebook) -> None:
    found = truth_of(notebook)
    if not found.is_certain:
        return
    kernel = notebook.kernel()
    for cell in found.rerun:
        run(notebook, kernel, [one.id for one in notebook.cells].index(cell))
    again = kernel_truth(notebook.cells, notebook.log)
    assert not again.rerun, again


@given(st.lists(sources(), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_notebook_that_ran_from_its_top_agrees(cells: list[str]) -> None:
    notebook, kernel = Notebook(), Kernel()
    for at, source in enumerate(cells):
        notebook.add(at, source)
        run(notebook, kernel, at)
    found = kernel_truth(notebook.cells, notebook.log)
    assert found.summary == ""
    assert found.rerun == ()
