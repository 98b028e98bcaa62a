"""Families of code, each previewed in a fresh kernel: the result, the kernel, the files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from benchmarks._fidelity_outputs import of_messages, of_preview
from benchmarks.fidelity import Kernel, touched
from tests.families import data, effects, jupyter, plots, trouble
from tests.families.case import Case

CASES = (*plots.CASES, *data.CASES, *jupyter.CASES, *trouble.CASES, *effects.CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_family_is_previewed_and_leaves_the_kernel_alone(case: Case, tmp_path: Path) -> None:
    for package in case.needs:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    kernel = Kernel(tmp_path, seed=1)
    try:
        for source in case.setup:
            messages = kernel.run(source, 120)
            assert messages is not None
            assert not [m for m in messages if m["msg_type"] == "error"], messages
        before = kernel.settled()
        preview = kernel.ask(
            do="preview", cell="c", source=case.cell, budget=case.budget, memory=case.memory
        )
        after = kernel.state()
        told = (preview["status"], preview["reason"], preview["cells"], preview["effects"])
        assert preview["status"] in case.status, told
        assert case.check(preview), told
        moving = {f"variable {name}" for name in case.moving}
        assert set(touched(before, after)) <= moving
        answer = kernel.run("40 + 2", 30)
        assert answer is not None
        assert any(
            m["content"]["data"]["text/plain"] == "42"
            for m in answer
            if m["msg_type"] == "execute_result"
        )
        if case.same and preview["status"] in ("previewed", "failed"):
            real = kernel.run(case.cell, 120)
            assert real is not None
            assert of_preview(preview["cells"][0]) == of_messages(real)
    finally:
        kernel.close()
