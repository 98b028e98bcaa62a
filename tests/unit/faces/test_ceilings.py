"""The administrator's ceiling: the lowest of all files, and whoever cannot be read limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llm_notebook.faces.ceilings import Ceiling, ceiling
from llm_notebook.rules.configuration import FILE, policy_folders


def says(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(text)
    return folder


def test_nobody_limits_where_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    assert ceiling([tmp_path, tmp_path / "none", tmp_path / "a file"]) == Ceiling(4)
    assert ceiling([says(tmp_path / "other", "rules = []")]) == Ceiling(4)


@pytest.mark.parametrize("order", [1, -1])
def test_a_user_s_file_can_lower_and_never_raise(tmp_path: Path, order: int) -> None:
    system = says(tmp_path / "system", "ceiling = 3")
    user = says(tmp_path / "user", "ceiling = 4")
    assert ceiling([system, user][::order]) == Ceiling(3, str(system / FILE))
    says(user, 'ceiling = "Propose"')
    assert ceiling([system, user][::order]) == Ceiling(2, str(user / FILE))


@pytest.mark.parametrize(
    "text",
    [
        *("{", "ceiling", "\udc80", "a = " + "[" * 9999, "ceiling = 3\nceiling = 4"),
        *("ceiling = 7", "ceiling = true", 'ceiling = "all"', "ceiling = [4]", "ceiling = 4.5"),
    ],
)
def test_what_cannot_be_read_limits_to_preview(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    found = ceiling([tmp_path])
    assert found.level == 3
    assert found.problem
    assert found.where == str(tmp_path / FILE)


def test_a_file_that_may_not_be_read_limits_to_preview(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert ceiling([tmp_path]).level == 3
    if os.geteuid() != 0:  # root reads everything
        closed = says(tmp_path / "closed", "ceiling = 4")
        (closed / FILE).chmod(0)
        assert ceiling([closed]).level == 3


def test_the_folders_of_the_system_count_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from jupyter_core import paths

    monkeypatch.setattr(paths, "SYSTEM_CONFIG_PATH", ["/etc/of-the-system"])
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    assert Path("/etc/of-the-system") in map(Path, policy_folders())
