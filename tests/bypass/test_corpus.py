"""A seeded sample of risky snippets, in the sandbox only: none that does something is ALLOW."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from corpora import CORPORA

from llm_notebook.dryrun.sandbox import probe
from tests.bypass.court import Court

FILES = ("risky_python.jsonl", "risky_shell.jsonl")
SAMPLE = 6
"""Of each file; the whole is a benchmark: ``benchmarks/static_dynamic.py``."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CORPORA / "risk").is_dir(), reason=f"the risky snippets are not there: {CORPORA}"
    ),
    pytest.mark.skipif(
        probe().tier != "namespaces", reason="risky snippets run in the strongest tier only"
    ),
]


def sample(name: str) -> list[dict[str, Any]]:
    lines = (CORPORA / "risk" / name).read_text().splitlines()
    return [json.loads(line) for line in random.Random(7).sample(lines, SAMPLE)]


@pytest.mark.parametrize("name", FILES)
def test_none_whose_effect_would_leave_the_sandbox_is_allowed(name: str) -> None:
    seen = 0
    with Court() as court:
        for snippet in sample(name):
            told = court.judge(snippet["code"], budget=3)
            assert told["tier"] in ("namespaces", ""), told
            assert told["touched"] == [], snippet["id"]
            assert told["ruling"] != "ALLOW" or not told["observed"], (snippet["id"], told)
            seen += bool(told["observed"])
    assert seen, "the sample should hold something that the sandbox sees"
