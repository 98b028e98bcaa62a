"""Which cells use what a proposal changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.notebook import Cell
from llm_notebook.core.preview import VariableChange
from llm_notebook.dryrun.flow import downstream
from tests.corpora import edit_pairs, needs_corpora, readable_notebooks


def book(*sources: str) -> list[Cell]:
    return [Cell(f"c{i}", "code", source) for i, source in enumerate(sources)]


def after_edit(sources: list[str], at: int, source: str) -> dict[str, tuple[str, ...]]:
    changed = [*sources[:at], source, *sources[at + 1 :]]
    return {d.cell: d.names for d in downstream(book(*sources), book(*changed))}


def test_it_follows_names_and_what_is_made_of_them() -> None:
    sources = ["df = load()", "top = df.head()", "x = 1", "plot(top)", "print(x)"]
    assert after_edit(sources, 0, "df = load(2)") == {"c1": ("df",), "c3": ("top",)}


def test_a_cell_that_binds_the_name_anew_stops_it() -> None:
    sources = ["df = load()", "df = other()", "plot(df)"]
    assert after_edit(sources, 0, "df = load(2)") == {}
    sources[1] = "if a:\n    df = other()"
    assert after_edit(sources, 0, "df = load(2)") == {"c2": ("df",)}
    sources[1] = "df = df.dropna()"
    assert after_edit(sources, 0, "df = load(2)") == {"c1": ("df",), "c2": ("df",)}


def test_a_change_in_place_counts() -> None:
    sources = ["df = load()", "x = 1", "plot(df)"]
    assert after_edit(sources, 1, "df['a'] = 1\nx = 1") == {"c2": ("df",)}


def test_a_function_needs_its_names_where_it_is_called() -> None:
    sources = ["df = load()", "def show():\n    plot(df)", "def twice():\n    show()", "twice()"]
    assert after_edit(sources, 0, "df = load(2)") == {"c3": ("df",)}
    assert after_edit(sources, 1, "def show():\n    print(df)") == {"c3": ("show",)}


def test_a_function_defined_above_what_changes() -> None:
    sources = ["def show():\n    plot(df)", "df = load()", "show()"]
    assert after_edit(sources, 1, "df = load(2)") == {"c2": ("df",)}


def test_what_is_no_longer_made_is_missed_below() -> None:
    sources = ["df = 1\ntop = 2", "print(top)", "print(df)"]
    assert after_edit(sources, 0, "df = 1") == {"c1": ("top",), "c2": ("df",)}
    cells = book(*sources)
    assert [d.cell for d in downstream(cells, cells[1:])] == ["c1", "c2"]


def test_a_cell_that_moves() -> None:
    cells = book("x = 1", "x = 2", "print(x)", "print(0)")
    moved = [cells[1], cells[0], *cells[2:]]
    assert [d.cell for d in downstream(cells, moved)] == ["c2"]
    assert downstream(cells, [*cells[:2], cells[3], cells[2]]) == ()


@pytest.mark.parametrize(
    ("cell", "is_used"),
    [
        ("%%time\nplot(df)", True),
        ("%%bash\necho df", False),
        ("%%sql\nselect * from df", True),
        ("%%unknown\nsomething with df", True),
        ("%frobnicate df", True),
        ("!ls {df}", True),
        ("!ls df", False),
        ("con.sql('select * from df')", True),
        ("other.query('a > @df')", True),
        ("plot(df", True),
        ("plot(other", False),
        ("%%llm\nplot df", False),
        ("", False),
    ],
)
def test_what_is_no_plain_python_may_use_it(cell: str, is_used: bool) -> None:
    found = after_edit(["df = load()", cell], 0, "df = load(2)")
    assert bool(found) is is_used


def test_what_was_seen_is_believed() -> None:
    before, after = book("a = 1\nb = f()", "print(a)", "print(b)"), book("a = 1\nb = g()")
    after += before[1:]
    seen = (VariableChange("b", "changed"), VariableChange("random state", "changed"))
    assert [d.cell for d in downstream(before, after, seen)] == ["c2"]
    assert [d.cell for d in downstream(before, after)] == ["c1", "c2"]


def test_markdown_is_never_downstream() -> None:
    cells = [*book("df = 1"), Cell("m", "markdown", "df"), Cell("p", "code", "print(df)")]
    changed = [Cell("c0", "code", "df = 2"), *cells[1:]]
    assert [d.cell for d in downstream(cells, changed)] == ["p"]


def test_code_that_becomes_text_makes_nothing() -> None:
    cells = book("df = 1", "print(df)")
    assert [d.cell for d in downstream(cells, [Cell("c0", "markdown", "df"), cells[1]])] == ["c1"]


_SOURCES = st.lists(
    st.sampled_from(["a = b", "b = a", "a = 1", "c.append(a)", "print(c)", "def f():\n  a", "f()"]),
    min_size=1,
    max_size=8,
)


@given(_SOURCES, st.data())
def test_laws(sources: list[str], data: st.DataObject) -> None:
    cells = book(*sources)
    assert downstream(cells, cells) == ()
    at = data.draw(st.integers(0, len(cells) - 1))
    changed = [*cells[:at], Cell(cells[at].id, "code", "a = 7\nz = 1"), *cells[at + 1 :]]
    found = [d.cell for d in downstream(cells, changed)]
    places = [int(cell[1:]) for cell in found]
    assert places == sorted(set(places))
    assert all(place > at for place in places)


@needs_corpora
def test_it_reads_every_notebook_of_the_corpora() -> None:
    for book_ in readable_notebooks():
        cells = book_.cells
        assert downstream(cells, cells) == ()
        downstream(cells, cells[1:])
    for old, new in edit_pairs():
        assert {d.cell for d in downstream(old.cells, new.cells)} <= {c.id for c in new.cells}
