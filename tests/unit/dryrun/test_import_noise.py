from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.unit.dryrun.watching import watched

STARTS = "import subprocess\nsubprocess.run(['ldconfig', '-p', {word!r}], check=False)\n"


def test_what_a_package_starts_while_it_is_imported_is_not_the_codes_doing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, own = tmp_path / "installed", tmp_path / "own"
    for folder, name in ((installed, "a_package_7f3a"), (own, "my_module_7f3a")):
        folder.mkdir()
        (folder / f"{name}.py").write_text(
            STARTS.format(word=name)
            + f"def later():\n    {STARTS.format(word='later').splitlines()[1]}\n"
        )
        monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "prefix", str(installed))
    seen = watched({}, "import a_package_7f3a, my_module_7f3a\na_package_7f3a.later()")
    assert [p.command for p in seen.effects.processes] == [
        "ldconfig -p my_module_7f3a",
        "ldconfig -p later",
    ]


def test_what_a_package_writes_while_it_is_imported_is_left_out_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, own = tmp_path / "installed", tmp_path / "own"
    installed.mkdir()
    own.mkdir()
    (installed / "a_package_7f3b.py").write_text(
        "import os\nos.mkdir('.matplotlib')\nopen('.matplotlib/fontlist-v3.json', 'w').close()\n"
        "open('trace', 'w').close()\n"
    )
    monkeypatch.syspath_prepend(installed)
    monkeypatch.setattr(sys, "prefix", str(installed))
    monkeypatch.chdir(own)
    seen = watched(
        {},
        "import a_package_7f3b, os\nos.makedirs('matplotlib/__pycache__')\n"
        "open('matplotlib/__pycache__/x.pyc', 'w').close()",
    )
    # Names that caches have do not hide what the code itself writes.
    assert {f.path for f in seen.effects.files} == {
        "trace",
        "matplotlib",
        "matplotlib/__pycache__",
        "matplotlib/__pycache__/x.pyc",
    }


def test_a_packages_own_switches_are_not_told_and_its_look_for_secrets_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, own = tmp_path / "installed", tmp_path / "own"
    for folder, name in ((installed, "a_package_7f3c"), (own, "my_module_7f3c")):
        folder.mkdir()
        (folder / f"{name}.py").write_text(
            "import os\ndef look(*names):\n    for name in names:\n        os.environ.get(name)\n"
        )
        monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "prefix", str(installed))
    seen = watched(
        {},
        "import a_package_7f3c, my_module_7f3c\na_package_7f3c.look('SWITCH_A', 'TOKEN_A')\n"
        "my_module_7f3c.look('SWITCH_B')",
    )
    assert seen.effects.environment == ("TOKEN_A", "SWITCH_B")
