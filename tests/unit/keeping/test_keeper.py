"""What is kept of values, and put back."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pandas as pd
import pytest

from llm_notebook.core.truth import NotKept
from llm_notebook.keeping import Keeper, Need
from llm_notebook.keeping import keeper as keeping


class Own:
    """A class of the user's whose methods are not to be called."""

    def __deepcopy__(self, _: object) -> object:
        raise AssertionError

    def __eq__(self, _: object) -> bool:
        raise AssertionError

    __hash__ = None  # type: ignore[assignment]


def frame(value: Any) -> None:
    value["new"] = 1
    value.loc[0, "a"] = 9


def items(value: Any) -> None:
    value["k"][0].append(2)
    value["more"] = 1


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: [1, [2]], lambda v: v[1].clear()),
        (lambda: {"k": [[1]]}, items),
        (lambda: {1, 2}, lambda v: v.add(3)),
        (lambda: bytearray(b"ab"), lambda v: v.extend(b"c")),
        (lambda: deque([1], maxlen=3), lambda v: v.append(2)),
        (lambda: ([1], 2), lambda v: v[0].append(3)),
        (lambda: np.arange(6).reshape(2, 3), lambda v: v.__setitem__((0, 1), 9)),
        (lambda: np.array([1.0, np.nan]), lambda v: v.fill(0)),
        (lambda: np.array(["2020-01-01"], "datetime64[D]"), lambda v: v.fill("2021-01-01")),
        (lambda: pd.DataFrame({"a": [1, 2], "b": ["x", None]}), frame),
        (lambda: pd.Series([1.5, 2.5], index=["p", "q"]), lambda v: v.__setitem__("p", 0.0)),
        (lambda: pd.DataFrame({"c": pd.Categorical(["u", "v"])}), lambda v: v.pop("c")),
    ],
)
def test_a_value_is_put_back_into_the_same_object(make: Any, change: Any) -> None:
    value, twin = make(), make()
    names: dict[str, object] = {"x": value, "other": [value]}
    keeper = Keeper(names)
    assert keeper.keep("p", [Need("x", in_place=True)]) == (("x",), ())
    change(value)
    assert repr(value) != repr(twin)
    assert keeper.restore("p", {}) == (("x",), ())
    assert names["x"] is value
    assert repr(value) == repr(twin)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Own(), "it is or holds a Own, which cannot be copied safely"),
        ([{"deep": Own()}], "it is or holds a Own, which cannot be copied safely"),
        (np.array([Own()], dtype=object), "it is an array of objects"),
        (pd.DataFrame({"a": [[1]]}), "it has a column that holds a list"),
        (np.zeros(1 << 20), "it is too large (8 MB)"),
    ],
)
def test_what_cannot_be_kept_says_why_and_runs_no_code_of_the_users(value: Any, why: str) -> None:
    keeper = Keeper({"x": value})
    kept, missed = keeper.keep("p", [Need("x", in_place=True)], most=1 << 20)
    assert kept == ()
    assert missed == (NotKept("x", why),)
    # Bound anew, the object itself is enough.
    assert keeper.keep("p", [Need("x", in_place=False)], most=1 << 20) == (("x",), ())


def test_names_come_and_go() -> None:
    names: dict[str, object] = {"gone": 1, "bound": "a"}
    keeper = Keeper(names)
    keeper.keep("p", [Need(name, in_place=False) for name in ("gone", "bound", "made")])
    del names["gone"]
    names |= {"bound": "b", "made": 1}
    assert keeper.restore("p", {}) == (("bound", "gone", "made"), ())
    assert names == {"gone": 1, "bound": "a"}
    assert not keeper.has("p")
    assert keeper.restore("p", {}) == ((), ())


def test_what_is_spared_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"x": [1], "y": [1]}
    keeper = Keeper(names)
    keeper.keep("p", [Need("x", in_place=True), Need("y", in_place=True)])
    names["x"].append(2)  # type: ignore[attr-defined]
    names["y"].append(2)  # type: ignore[attr-defined]
    done, missed = keeper.restore("p", {"y": "[4] changed it since", "z": "not of it"})
    assert done == ("x",)
    assert missed == (NotKept("y", "[4] changed it since"),)
    assert names == {"x": [1], "y": [1, 2]}


def test_an_array_that_cannot_be_filled_is_bound_anew() -> None:
    value = np.arange(4)
    names: dict[str, object] = {"x": value}
    keeper = Keeper(names)
    keeper.keep("p", [Need("x", in_place=True)])
    value.resize(2, refcheck=False)
    assert keeper.restore("p", {}) == (("x",), ())
    assert np.array_equal(names["x"], np.arange(4))  # type: ignore[arg-type]


def test_older_steps_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"x": np.zeros(100_000)}
    keeper = Keeper(names)
    for step in ("one", "two"):
        keeper.keep(step, [Need("x", in_place=True)], most=1_000_000)
    assert [keeper.has(step) for step in ("one", "two")] == [False, True]
    monkeypatch.setattr(keeping, "headroom", lambda: 0)
    _, missed = keeper.keep("three", [Need("x", in_place=True)])
    assert len(missed) == 1


def test_what_was_put_back_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"x": [1]}
    keeper = Keeper(names)
    keeper.keep("p", [Need("x", in_place=True)])
    names["x"].append(2)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeping, "fill", lambda _: True)  # a fault: it fills nothing
    done, missed = keeper.restore("p", {})
    assert done == ()
    assert missed == (NotKept("x", "what was put back is not what was kept"),)
