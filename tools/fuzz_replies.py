"""Tries odd replies on the reader of replies.

    python3 -m tools.fuzz_replies [--minutes M] [--seed N]

Takes the replies of tests/scenarios, changes them by chance and reads them in pieces cut by
chance. It must be that each is taken or refused with one sentence, never with another error;
that how it was cut does not matter; that what is taken applies to the notebook or is refused as
an invalid proposal; and that none takes long. Prints the seed of what breaks a promise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from llm_notebook.core.errors import LLMNotebookError, ReplyError
from llm_notebook.diffing import apply
from llm_notebook.llm.reply import Reply
from tests.unit.llm.scenario import Scenario, scenarios

SLOW = 5.0
"""Seconds that one reply may take: far above what any of them needs."""

REASONS = (None, "stop", "length", "end_turn", "content_filter", "tool_calls")
PIECES = [
    "@@ insert after c1\n", "@@ replace c2\n", "@@ delete c1\n", "@@ move c1 after c2\n",
    "@@ end\n", "@@ answer\n", "@@ decline\n", "@@ question\n", "@@", "```", "```python\n",
    "````\n", "~~~\n", "<think>\n", "</think>\n", "title:", "why:", "\n", "\r\n", "\r", "\x0b",
    "\u2028", "\ud800", "\u202e", "\x00", " ", "\t", "- a | b\n", "c99", "x" * 5000, "\n" * 300,
]  # fmt: skip


def main() -> int:
    """Run for the minutes that are given; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    known = scenarios()
    counts: Counter[str] = Counter()
    seed, end = options.seed, time.monotonic() + 60 * options.minutes
    while time.monotonic() < end:
        began = time.process_time()
        try:
            counts[tried(known, random.Random(seed))] += 1
            if time.process_time() - began > SLOW:
                raise TimeoutError(f"{time.process_time() - began:.1f} s")
        except Exception:
            counts["broken"] += 1
            print(f"seed {seed}:\n{traceback.format_exc()}", flush=True)
        seed += 1
    print(f"{seed - options.seed:,} replies from seed {options.seed}: {dict(counts)}")
    return 1 if counts["broken"] else 0


def tried(known: list[Scenario], rng: random.Random) -> str:
    """Read one reply in two ways; what came of it, in a word."""
    scenario = rng.choice(known)
    text = mutated(rng.choice(known).reply, known, rng)
    reason = rng.choice(REASONS)
    whole = read(scenario, [text], reason)
    if read(scenario, cut(text, rng), reason) != whole:
        raise AssertionError("How it was cut matters.")
    if isinstance(whole, str):
        return "refused"
    try:
        apply(scenario.snapshot, whole.edits)
    except LLMNotebookError:
        return "does not apply"
    return "taken" if whole.edits else "without edits"


def read(scenario: Scenario, pieces: list[str], reason: str | None) -> Reply | str:
    """The reply, or why it is refused."""
    parser = scenario.parser()
    for piece in pieces:
        parser.feed(piece)
    try:
        return parser.finish(reason)
    except ReplyError as error:
        return str(error)


def mutated(text: str, known: list[Scenario], rng: random.Random) -> str:
    """The reply with some changes."""
    for _ in range(rng.randrange(6)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((0, 0, 1, 5, 40)))
        new = rng.choice((rng.choice(PIECES), "", text[end : end + 30], rng.choice(known).reply))
        text = text[:start] + new + text[end:]
    return text


def cut(text: str, rng: random.Random) -> list[str]:
    """The text in pieces."""
    places = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(1, 30)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


if __name__ == "__main__":
    sys.exit(main())
