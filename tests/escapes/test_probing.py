"""The tier is what the machine allows, and no more than what a person allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, sys
from llm_notebook.dryrun.sandbox import probe, seccomp, system
refused = sys.argv[1:]
if refused:
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    one = seccomp.Filter()
    one.refuse(refused)
    one.enforce()
seen = probe()
print(json.dumps([seen.tier, list(seen.holds), list(seen.lacks)]))
"""


def ask(*refused: str, **environment: str) -> tuple[str, list[str], list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", ASK, *refused],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    tier, holds, lacks = json.loads(done.stdout)
    return tier, holds, lacks


def test_a_machine_as_it_is() -> None:
    tier, holds, _ = ask()
    if tier == "none":
        pytest.skip("this machine has no sandbox")
    assert holds


@pytest.mark.parametrize(
    ("refused", "tier"),
    [
        (["unshare"], "landlock"),  # as under Docker's default profile
        (["mount"], "landlock"),  # as where AppArmor guards user namespaces
        (["mount_setattr"], "landlock"),
        (["landlock_create_ruleset"], "read-only"),  # an old kernel, or one without Landlock
        (["unshare", "landlock_restrict_self"], "read-only"),
    ],
)
def test_a_machine_that_allows_less(refused: list[str], tier: str) -> None:
    if ask()[0] != "namespaces":
        pytest.skip("this machine has no user namespaces with overlays")
    assert ask(*refused)[0] == tier


def test_a_machine_that_allows_nothing() -> None:
    tier, holds, lacks = ask("seccomp")
    assert (tier, holds) == ("none", [])
    assert "seccomp" in lacks[0]


def test_a_person_lowers_the_tier_and_cannot_raise_it() -> None:
    assert ask(LLM_NOTEBOOK_SANDBOX="read-only")[0] in ("read-only", "none")
    assert ask(LLM_NOTEBOOK_SANDBOX="none")[0] == "none"
    assert ask("landlock_create_ruleset", LLM_NOTEBOOK_SANDBOX="namespaces")[0] == "read-only"


def test_a_tier_that_is_none_of_them_is_refused() -> None:
    tier, _, lacks = ask(LLM_NOTEBOOK_SANDBOX="strong")
    assert tier == "none"
    assert "strong" in lacks[0]


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    ask(TMPDIR=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_files_named_as_modules_of_python_are_not_taken_for_them(tmp_path: Path) -> None:
    for name in ("json", "random", "tempfile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)")
    code = (
        "import sys\nfrom llm_notebook.dryrun.sandbox import probing\n"
        "sys.path.insert(0, '')\nprint(sorted(probing._try()[0]))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-P", "-c", code], cwd=place, capture_output=True, text=True
        ).stdout
        for place in (tmp_path, "/")
    ]
    assert found[0] == found[1] != ""
