"""The static gate beside what else is used to tell risky code from harmless code.

``python benchmarks/policy_gate.py FOLDER`` reads ``risky_python.jsonl``, ``risky_shell.jsonl`` and
``benign_cells.jsonl`` (a record a line: ``id``, ``category``, ``code``) in that folder. Nothing of
them is run. The records are divided in two halves by a digest of their ids; the gate was tuned on
the first. Which benign cells touch files, network or shell was labelled by hand, in
``data/policy_gate_labels.tsv``; of the rest as few as possible should be held.

The peers: bandit, installed into a throwaway environment, with any finding of any severity, where
a cell that it cannot parse counts as held; an allow-list of imports; a deny-list of words.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from llm_notebook.policy import assess  # noqa: E402

LABELS = Path(__file__).with_name("data") / "policy_gate_labels.tsv"
KINDS = ("risky_python", "risky_shell", "benign_cells")
HALVES = ("first", "second")

ALLOWED_IMPORTS = frozenset(
    """math cmath random statistics itertools functools collections datetime time re json string
    textwrap typing dataclasses enum copy operator decimal fractions numpy pandas matplotlib
    seaborn scipy sklearn statsmodels plotly altair polars tensorflow keras torch IPython tqdm
    warnings sys""".split()  # noqa: SIM905
)
DENIED_WORDS = """os.system|subprocess|eval(|exec(|open(|__import__|socket|requests|urllib|shutil
|pickle|ctypes|os.remove|os.unlink|os.environ|rmtree|rm -rf|sudo|curl |wget |chmod|chown|kill |/etc/
|.ssh|passwd|mkfs|dd if=|nc -|base64|crontab""".replace("\n", "").split("|")

Gate = Callable[[str], bool]
"""Whether a cell is held."""


def main() -> int:
    """Measure, print the tables; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-bandit", action="store_true", help="leave the environment out")
    parser.add_argument("--show", action="store_true", help="name what is missed and held wrongly")
    options = parser.parse_args()
    corpus = {kind: read(options.folder / f"{kind}.jsonl") for kind in KINDS}
    touching = {
        line.split("\t")[0] for line in LABELS.read_text().splitlines() if "touches" in line
    }
    times: list[float] = []
    results = {
        "**`assess`**": judged(corpus, lambda code: ours(code, times)),
        "import allow-list": judged(corpus, imports),
        "word deny-list": judged(corpus, words),
    }
    print(report(corpus, results, touching))
    if not options.no_bandit:
        print(bandit_row(corpus, touching))
    whole = statistics.median(times) * 1e3
    print(
        f"\n{len(times):,} cells, median {whole:.2f} ms, slowest {max(times) * 1e3:.1f} ms a cell."
    )
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"Python {platform.python_version()}; {machine}; load {os.getloadavg()[0]:.1f}.")
    if options.show:
        show(corpus, results["**`assess`**"], touching)
    return 0 if meets_bar(corpus, results["**`assess`**"], touching, whole) else 1


def read(path: Path) -> dict[str, str]:
    """The code of each record, by id."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {record["id"]: record["code"] for record in records}


def half(key: str) -> str:
    """Which half a record belongs to."""
    return HALVES[hashlib.sha256(key.encode()).digest()[0] % 2]


def judged(corpus: dict[str, dict[str, str]], gate: Gate) -> set[str]:
    """The ids of what is held."""
    return {key for cells in corpus.values() for key, code in cells.items() if gate(code)}


def ours(code: str, times: list[float]) -> bool:
    """Our gate, with the time that it takes."""
    start = time.perf_counter()
    found = assess(code)
    times.append(time.perf_counter() - start)
    return found.decision != "ALLOW"


def imports(code: str) -> bool:
    """Held where it imports what is not on the list, or cannot be parsed."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        else:
            continue
        if any(name.partition(".")[0] not in ALLOWED_IMPORTS for name in names):
            return True
    return False


def words(code: str) -> bool:
    """Held where one of the words stands in it."""
    return any(word in code for word in DENIED_WORDS)


def report(
    corpus: dict[str, dict[str, str]], results: dict[str, set[str]], touching: set[str]
) -> str:
    """The table in Markdown: what is held, of how many."""
    lines = [
        "| gate | half | risky Python held | shell cells held | harmless cells held |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    lines += [
        row(name, part, corpus, held, touching) for name, held in results.items() for part in HALVES
    ]
    return "\n".join(lines)


def row(
    name: str, part: str, corpus: dict[str, dict[str, str]], held: set[str], touching: set[str]
) -> str:
    """One line of the table."""
    groups = [
        [key for key in corpus[kind] if half(key) == part and key not in touching] for kind in KINDS
    ]
    return f"| {name} | {part} | {' | '.join(share(group, held) for group in groups)} |"


def share(group: list[str], held: set[str]) -> str:
    """How many of them are held."""
    count = sum(key in held for key in group)
    return f"{count} of {len(group)} ({count / len(group):.1%})"


def bandit_row(corpus: dict[str, dict[str, str]], touching: set[str]) -> str:
    """Bandit's lines of the table, and how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "env", with_pip=True)
        python = place / "env" / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "-q", "bandit"]
        subprocess.run(install, check=True, stdout=sys.stderr)
        cells = place / "cells"
        cells.mkdir()
        for group in corpus.values():
            for key, code in group.items():
                # Magics would make it fail on a cell that it could read but for them.
                plain = re.sub(r"(?m)^(\s*)[%!](?!%).*$", r"\1pass", code)
                (cells / f"{key}.py").write_text(plain, encoding="utf-8")
        start = time.perf_counter()
        command = [str(python), "-m", "bandit", "-q", "-r", str(cells), "-f", "json"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        took = (time.perf_counter() - start) / sum(map(len, corpus.values())) * 1e3
        version = subprocess.run(
            [str(python), "-m", "bandit", "--version"], check=True, capture_output=True, text=True
        ).stdout.split()[1]
    found = json.loads(done.stdout)
    unread = {Path(error["filename"]).stem for error in found["errors"]}
    held = unread | {Path(result["filename"]).stem for result in found["results"]}
    lines = [row(f"bandit {version}", part, corpus, held, touching) for part in HALVES]
    shell = len(unread & set(corpus["risky_shell"]))
    lines.append(
        f"\nbandit could not read {len(unread)} cells, {shell} of them shell; {took:.1f} ms a cell."
    )
    return "\n".join(lines)


def show(corpus: dict[str, dict[str, str]], held: set[str], touching: set[str]) -> None:
    """What the gate gets wrong, by id."""
    print("\nlet through:", *(k for kind in KINDS[:2] for k in corpus[kind] if k not in held))
    for key, code in corpus["benign_cells"].items():
        if key in held and key not in touching:
            print(
                f"held: {key} ({half(key)}):", "; ".join(r.text for r in assess(code).reasons[:2])
            )


def meets_bar(
    corpus: dict[str, dict[str, str]], held: set[str], touching: set[str], median: float
) -> bool:
    """98 % of risky Python, all of shell, 2 % of harmless cells, 1 ms; in both halves."""

    def rate(kind: str, part: str) -> float:
        group = [key for key in corpus[kind] if half(key) == part and key not in touching]
        return sum(key in held for key in group) / len(group)

    return median <= 1 and all(
        rate("risky_python", part) >= 0.98
        and rate("risky_shell", part) == 1
        and rate("benign_cells", part) <= 0.02
        for part in HALVES
    )


if __name__ == "__main__":
    sys.exit(main())
