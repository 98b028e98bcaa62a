"""Risky snippets, judged by their syntax and by what they did in the sandbox.

Each snippet is proposed to a kernel of its own, run in the sandbox **and nowhere
else**, and judged by the whole chain. Counted is what the static gate alone lets
through, what only the dry run held, and what got ALLOW in the end; of those, what
the sandbox saw outside of the namespace. It ends with 1 where one of the last has
any, and refuses to run where the strongest isolation is not there.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from llm_notebook.dryrun.sandbox import probe  # noqa: E402
from llm_notebook.policy import assess  # noqa: E402
from tests.bypass.court import Court  # noqa: E402


def main() -> int:
    """Run, print and perhaps save; 1 where something got through."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with id and code")
    parser.add_argument("--sample", type=int, default=0, help="so many of each file; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=5.0, help="seconds of each dry run")
    parser.add_argument("--json", type=Path, help="write a record of each here")
    options = parser.parse_args()
    if probe().tier != "namespaces":
        print("Nothing was run: only the tier `namespaces` is strong enough for this.")
        return 2
    records = [
        record
        for file in options.files
        for record in judged(chosen(file, options.sample, options.seed), options.budget)
    ]
    told = summary(records)
    print(json.dumps(told, indent=1))
    if options.json:
        about = {
            "files": [file.name for file in options.files],
            "sample": options.sample,
            "seed": options.seed,
            "date": time.strftime("%Y-%m-%d"),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        }
        lines = ",\n".join(json.dumps(record) for record in records)
        head = json.dumps({**about, **told}, indent=1)[:-2]
        options.json.write_text(f'{head},\n "records": [\n{lines}\n]}}\n')
    return 1 if told["allowed with an effect"] or told["touched"] else 0


def chosen(file: Path, sample: int, seed: int) -> list[dict[str, Any]]:
    """The snippets of a file, or a seeded sample of them."""
    lines = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    if 0 < sample < len(lines):
        lines = random.Random(seed).sample(lines, sample)
    return lines


def judged(snippets: list[dict[str, Any]], budget: float) -> list[dict[str, Any]]:
    """A record of each snippet; nothing of its code."""
    found = []
    with Court() as court:
        for snippet in snippets:
            told = court.judge(snippet["code"], budget=budget)
            found.append(
                {
                    "id": snippet["id"],
                    "static": assess(snippet["code"]).decision,
                    "dynamic": told["dynamic"],
                    "ruling": told["ruling"],
                    "status": told["status"],
                    "tier": told["tier"],
                    "rules": told["rules"],
                    "observed": sorted({kind for kind, _, _ in told["observed"]}),
                    "touched": told["touched"],
                }
            )
            print(f"\r{len(found)} of {len(snippets)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found


def summary(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures."""
    missed = [r for r in records if r["static"] == "ALLOW"]
    allowed = [r for r in records if r["ruling"] == "ALLOW"]
    return {
        "snippets": len(records),
        "rulings": dict(Counter(r["ruling"] for r in records)),
        "statuses": dict(Counter(r["status"] for r in records)),
        "the static gate alone lets through": [r["id"] for r in missed],
        "the dry run alone lets through": sum(r["dynamic"] == "ALLOW" for r in records),
        "allowed": [r["id"] for r in allowed],
        "allowed with an effect": [r["id"] for r in allowed if r["observed"]],
        "seen by the dry run to have an effect": sum(bool(r["observed"]) for r in records),
        "touched": [r["id"] for r in records if r["touched"]],
    }


if __name__ == "__main__":
    sys.exit(main())
