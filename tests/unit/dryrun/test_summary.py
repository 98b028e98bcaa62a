"""The one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.preview import (
    ColumnState,
    FileEffect,
    HostEffect,
    ObservedEffects,
    Preview,
    ProcessEffect,
    VariableChange,
    VariableState,
)
from llm_notebook.dryrun.observing import summarize


def preview(*changes: VariableChange, **effects: object) -> Preview:
    return Preview("p", "h", changes=changes, effects=ObservedEffects(**effects))  # type: ignore[arg-type]


def frame(rows: int, *columns: str, nulls: int = 0) -> VariableState:
    return VariableState(
        "DataFrame",
        (rows, len(columns)),
        columns=tuple(ColumnState(name, "float64", nulls) for name in columns),
    )


def test_the_example_of_the_design() -> None:
    assert (
        summarize(
            preview(
                VariableChange("df", "changed", frame(1000, "a"), frame(812, "a")),
                VariableChange("top", "created", None, frame(10, "a")),
                files=(FileEffect("created", "out.csv", 12_000),),
            )
        )
        == "df 1,000 → 812 rows · creates top · writes out.csv (12 kB)"
    )


def test_the_gravest_comes_first() -> None:
    line = summarize(
        preview(
            VariableChange("new", "created", None, frame(1, "a")),
            VariableChange("old", "deleted", frame(1, "a")),
            files=(FileEffect("deleted", "data.csv"),),
            hosts=(HostEffect("example.com:443"),),
            processes=(ProcessEffect("rm -rf x"),),
        )
    )
    assert line == (
        "deletes data.csv · contacts example.com:443 (denied) · starts rm -rf x"
        " · deletes old · creates new"
    )


def test_what_changes_in_a_frame() -> None:
    def told(before: VariableState, after: VariableState) -> str:
        return summarize(preview(VariableChange("df", "changed", before, after, in_place=True)))

    assert told(frame(5, "a"), frame(5, "a", "b")) == "df 1 → 2 columns, +b"
    assert told(frame(5, "a", nulls=3), frame(5, "a")) == "df a 3 → 0 nulls"
    assert told(frame(5, "a"), frame(5, "a")) == "df changes in place"


def test_nothing_is_an_empty_line() -> None:
    assert summarize(preview()) == ""


@given(st.lists(st.text(min_size=1, max_size=200), max_size=20))
def test_it_stays_about_one_line_and_says_what_is_left_out(paths: list[str]) -> None:
    files = tuple(FileEffect("deleted", path.replace("\n", " ")) for path in paths)
    line = summarize(preview(files=files))
    assert len(line) <= 120
    shown = line.count("deletes ")
    rest = line.rpartition("and ")[2].removesuffix(" more")
    if line.endswith(" more") and rest.isdigit() and shown < len(paths):
        assert int(rest) >= 1
