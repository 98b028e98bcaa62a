"""What a `Watch` tells of a namespace, in a forked child as the engine has it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.unit.dryrun.watching import Seen, watched


def names(**more: Any) -> dict[str, Any]:
    return {"df": pd.DataFrame({"a": [1.0, 2, None], "b": ["x", "y", None]}), "x": 1, **more}


def test_what_is_created_rebound_and_deleted() -> None:
    seen = watched(names(gone=[1]), "x = 2\ny = x + 1\ndel gone")
    assert seen.told == {"x": "changed", "y": "created", "gone": "deleted"}
    assert (seen["x"].before.text, seen["x"].after.text) == ("1", "2")
    assert seen["y"].before is None
    assert seen["gone"].after is None
    assert seen["gone"].before.text == "[1]"


def test_the_same_value_again_is_no_change() -> None:
    space = names(f=eval("lambda q: q + 1"), text="some text")
    assert watched(space, "x = 1\nf = lambda q: q + 1\ntext = 'some ' + str('text')").told == {}


def test_a_frame_is_described_before_and_after() -> None:
    seen = watched(names(), "df.loc[0, 'a'] = None\ndf['c'] = 1")
    change = seen["df"]
    assert change.in_place
    assert change.before.shape == (3, 2)
    assert [(c.name, c.dtype, c.nulls) for c in change.before.columns] == [
        ("a", "float64", 1),
        ("b", "str", 1),
    ]
    assert change.after.shape == (3, 3)
    assert [(c.name, c.nulls) for c in change.after.columns] == [("a", 2), ("b", 1), ("c", 0)]


@pytest.mark.parametrize(
    "source",
    [
        "df.loc[1, 'a'] = 5.0",
        "df.iloc[1, 0] += 1",
        "df.loc[1, 'b'] = 'z'",
        "df.drop(columns='b', inplace=True)",
        "df.rename(columns={'a': 'A'}, inplace=True)",
        "df.index = [7, 8, 9]",
        "df['d'] = 1",
        "df.sort_values('a', ascending=False, inplace=True)",
        "df.attrs['unit'] = 'm'",
    ],
)
def test_every_change_of_a_small_frame_is_seen(source: str) -> None:
    assert watched(names(), source).told == {"df": "changed in place"}


@pytest.mark.parametrize(
    "source",
    [
        "_ = df.describe()",
        "_ = df.groupby('b').size()",
        "_ = df.isna()",
        "_ = df.to_string()",
        "_ = df.values, df.index, df.columns, df.T, df.copy()",
        "_ = df['a'], df[['a']], df.a.mean()",
        "for _, __ in df.iterrows(): pass",
    ],
)
def test_reading_a_frame_is_no_change(source: str) -> None:
    assert watched(names(), source).told == {}


def test_nothing_of_a_value_is_kept_alive() -> None:
    # `resize` refuses where anybody else holds a reference; a file is closed when it is dropped.
    space = {"a": np.zeros(4)}
    assert watched(space, "a.resize(8)").told == {"a": "changed in place"}


def test_the_witness_is_not_to_be_found_by_wait() -> None:
    source = "import os\ntry:\n    os.wait()\nexcept ChildProcessError:\n    nobody = True"
    assert "nobody" in watched({}, source).told


def test_files_processes_hosts_and_environment(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.txt").write_text("old")
    (tmp_path / "log.txt").write_text("one")
    (tmp_path / "kept.txt").write_text("kept")
    seen = watched(
        {},
        "import os, subprocess, socket\n"
        "open('new.txt', 'w').write('hello')\n"
        "os.remove('old.txt')\n"
        "open('log.txt', 'a').write(' two')\n"
        "open('kept.txt').read()\n"
        "os.mkdir('sub')\n"
        "open('sub/temporary', 'w').close(); os.remove('sub/temporary')\n"
        "subprocess.run(['true', 'a b'])\n"
        "os.environ.get('A_KEY_OF_MINE')\n"
        "socket.create_connection(('127.0.0.1', 9))\n",
    )
    found = {(f.kind, f.path, f.size, f.denied) for f in seen.effects.files}
    assert found == {
        ("created", "new.txt", 5, False),
        ("deleted", "old.txt", None, False),
        ("changed", "log.txt", 7, False),
        ("created", "sub", None, False),
    }
    assert [p.command for p in seen.effects.processes] == ["true 'a b'"]
    assert [(h.address, h.denied) for h in seen.effects.hosts] == [("127.0.0.1:9", True)]
    assert seen.effects.environment == ("A_KEY_OF_MINE",)
    assert not seen.effects.files_complete


def as_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresuid(65534, 65534, 65534)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("open('/etc/passwd', 'a')", "changed"),
        ("open('/etc/a-new-file', 'w')", "created"),
        ("import os\nos.remove('/etc/passwd')", "deleted"),
    ],
)
def test_what_the_system_refuses_is_denied(source: str, kind: str) -> None:
    seen = watched({}, source, prepare=as_nobody)
    assert [(f.kind, f.denied) for f in seen.effects.files] == [(kind, True)]


def test_looking_through_the_whole_environment_names_nothing() -> None:
    source = "import os\nfound = [k for k, v in os.environ.items() if k == 'x']\nclass A: pass"
    seen = watched({}, source)
    assert seen.effects.environment == ()
    assert (seen["os"].after.type, seen["A"].after.type) == ("module", "class")


def test_a_name_that_is_not_in_the_environment_raises_as_it_does() -> None:
    source = (
        "import os, traceback\ntry:\n    os.environ['NOT_THERE']\n"
        "except KeyError:\n    text = traceback.format_exc()\nok = 'observing' not in text"
    )
    seen: Seen = watched({}, source)
    assert seen["ok"].after.text == "True"
    assert seen.effects.environment == ("NOT_THERE",)


def test_what_later_cells_depend_on_beside_variables() -> None:
    source = "import os, random\nos.chdir('/')\nrandom.seed(1)\nos.environ['MINE'] = '1'"
    told = watched({"os": os}, source)
    assert told["working folder"].after.text == "/"
    assert told["random state"].in_place
    assert told["environment variables"].note == "sets MINE"
