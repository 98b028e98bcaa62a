"""Does a preview show what the cell then does? Each cell is previewed, then run.

``python benchmarks/fidelity.py FOLDER... [--seed 0] [--limit N] [--json FILE]``
runs the code cells of the notebooks below the folders in order, in a real
ipykernel each, in a working folder with a copy of the ``data`` beside the
notebook. Before each cell it is previewed twice: where the two differ, the
cell differs from run to run by itself. It **runs** the cells, so name only
notebooks that you would run.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime
import hashlib
import importlib.util
import json
import os
import platform
import random
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import _fidelity_tables  # noqa: E402
from benchmarks._fidelity_outputs import NORMALISATIONS, of_messages, of_preview  # noqa: E402
from llm_notebook.core.errors import LLMNotebookError  # noqa: E402
from llm_notebook.files import read  # noqa: E402

CANNOT_RUN_HERE = frozenset(
    {"ModuleNotFoundError", "URLError", "HTTPError", "ConnectionError", "SSLError", "gaierror"}
)
"""Errors of a real run that say that something is not on this machine."""

UNSETTLED = "unsettled"

NO_NETWORK = re.compile(r"urlopen error|NameResolutionError|getaddrinfo failed")


class Kernel:
    """A kernel with the package beside it, in an empty folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        from jupyter_client.manager import KernelManager

        self.home, self.work = folder / "home", folder / "work"
        self.home.mkdir()
        self.work.mkdir()
        self.address = str(folder / "socket")
        env = os.environ | {
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": str(seed),
            "SEABORN_DATA": str(self.work / "seaborn-data"),
        }
        if importlib.util.find_spec("seaborn"):
            _fidelity_tables.write(self.work / "seaborn-data")
        self.manager = KernelManager()
        self.manager.start_kernel(env=env, cwd=str(self.work))
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.run("from benchmarks import _fidelity_kernel as _served", 60)
        self.run(f"_served.serve({self.address!r}, get_ipython())", 60)
        # The first imports what a dry run needs, which is not a trace of the code that was run.
        self.ask(do="preview", cell="first", source="pass", budget=30)

    def run(self, source: str, seconds: float) -> list[dict[str, Any]] | None:
        """Run a cell; its messages, or None where it takes too long."""
        request = self.client.execute(source, allow_stdin=False, stop_on_error=False)
        messages, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Exception:
                if not self.manager.is_alive():
                    return None
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return messages
                continue
            messages.append(message)
        return None

    def ask(self, **request: Any) -> dict[str, Any]:
        """One word to the thread in the kernel, and its answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(180)
            connection.connect(self.address)
            with connection.makefile("rwb") as channel:
                channel.write(json.dumps(request).encode() + b"\n")
                channel.flush()
                return dict(json.loads(channel.readline()))

    def settled(self) -> dict[str, str]:
        """The state; `UNSETTLED` is what changes while nothing is run, as a thread's counter."""
        first, then = self.state(), self.state()
        return {n: told if first.get(n, told) == told else UNSETTLED for n, told in then.items()}

    def state(self) -> dict[str, str]:
        """The kernel's state and the files of the working folder."""
        told: dict[str, str] = {str(k): str(v) for k, v in self.ask(do="state").items()}
        for path in sorted(self.work.rglob("*")):
            if path.is_file():
                digest = hashlib.blake2b(path.read_bytes(), digest_size=12).hexdigest()
                told[f"file {path.relative_to(self.work)}"] = digest
        return told

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@contextlib.contextmanager
def kernel(seed: int) -> Iterator[Kernel]:
    """A kernel that is ended with the block."""
    with tempfile.TemporaryDirectory(prefix="fid-", ignore_cleanup_errors=True) as folder:
        made = Kernel(Path(folder), seed)
        try:
            yield made
        finally:
            made.close()


def cells_of(path: Path) -> list[str]:
    """The code cells of a notebook that have something in them, and are no ask of ours."""
    try:
        sources = [c.source for c in read(path) if c.type == "code" and c.source.strip()]
    except LLMNotebookError:
        return []
    return [source for source in sources if not source.startswith("%%llm")]


def measured(path: Path, seed: int, budget: float, limit: int) -> Iterator[dict[str, Any]]:
    """Preview and run the cells of one notebook in order; one record each."""
    with kernel(seed) as live:
        for data in (path.parent / "data", path.parent / "datasets"):
            if data.is_dir():
                shutil.copytree(data, live.work / data.name)
        for number, source in enumerate(cells_of(path)[:limit]):
            before = live.settled()
            seen = [
                live.ask(do="preview", cell=f"c{number}", source=source, budget=budget)
                for _ in range(2)
            ]
            after = live.state()
            messages = live.run(source, budget)
            record: dict[str, Any] = {"notebook": path.name, "cell": number}
            record["touched"] = touched(before, after)
            if messages is None:
                yield {**record, "verdict": "not counted", "cause": "the real run took too long"}
                return
            yield record | judged(source, seen, of_messages(messages))


def touched(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What is not as it was: a variable, a file, or whatever else `state` tells."""
    new = after.keys() - before.keys()
    return sorted(
        [name for name in before if before[name] not in (UNSETTLED, after.get(name))]
        + [name for name in new if name.startswith(("file ", "variable "))]
    )


def judged(source: str, seen: list[dict[str, Any]], real: dict[str, Any]) -> dict[str, Any]:
    """Equal or not, and what differs."""
    if real["error"] and real["error"][0] in CANNOT_RUN_HERE:
        return {"verdict": "not counted", "cause": f"cannot run here: {real['error'][0]}"}
    if NO_NETWORK.search(real["stdout"] + real["stderr"]):
        return {"verdict": "not counted", "cause": "cannot run here: it wants the network"}
    first, second = (_outputs(preview) for preview in seen)
    if first == real:
        return {"verdict": "equal", "seconds": seen[0]["seconds"]}
    about = {"source": source[:400], "status": seen[0]["status"], "reason": seen[0]["reason"]}
    if first is None:
        return {"verdict": "differs", "cause": f"{seen[0]['status']}: {seen[0]['reason']}", **about}
    parts = [part for part in real if first[part] != real[part]]
    by_itself = second is not None and first != second
    cause = "differs from run to run by itself" if by_itself else "differs in " + ", ".join(parts)
    shown = {part: [str(first[part])[:300], str(real[part])[:300]] for part in parts}
    return {"verdict": "by itself" if by_itself else "differs", "cause": cause, **shown, **about}


def _outputs(preview: dict[str, Any]) -> dict[str, Any] | None:
    if preview["status"] not in ("previewed", "failed") or len(preview["cells"]) != 1:
        return None
    return of_preview(preview["cells"][0])


def main() -> int:
    """Print a table, and return 1 where the bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=10_000, help="cells of each notebook")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds for a cell")
    parser.add_argument("--json", type=Path, help="write every record there")
    options = parser.parse_args()
    paths = [
        p for f in options.folders for p in ([f] if f.is_file() else sorted(f.rglob("*.ipynb")))
    ]
    random.Random(options.seed).shuffle(paths)
    records: list[dict[str, Any]] = []
    for path in paths:
        at = len(records)
        try:
            for record in measured(path, options.seed, options.budget, options.limit):
                records.append(record)
        except (OSError, ValueError, RuntimeError) as error:
            records.append({"notebook": path.name, "verdict": "lost", "cause": repr(error)})
        counts = collections.Counter(r["verdict"] for r in records[at:])
        touched = sum(bool(r.get("touched")) for r in records[at:])
        print(f"{path.name}: {dict(counts)}, state touched {touched}", file=sys.stderr, flush=True)
        if options.json:
            _write(options.json, options, records)
    return _report(records)


def _write(path: Path, options: argparse.Namespace, records: list[dict[str, Any]]) -> None:
    about = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "seed": options.seed,
        "budget": options.budget,
        "python": platform.python_version(),
        "normalisations": NORMALISATIONS,
    }
    head = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in about.items())
    lines = ",\n".join("  " + json.dumps(r, ensure_ascii=False) for r in records)
    path.write_text(f'{{\n{head} "records": [\n{lines}\n ]\n}}\n')


def _report(records: list[dict[str, Any]]) -> int:
    verdicts = collections.Counter(record["verdict"] for record in records)
    compared = verdicts["equal"] + verdicts["differs"] + verdicts["lost"]
    touched = [record for record in records if record.get("touched")]
    share = verdicts["equal"] / compared if compared else 0.0
    print("| what | cells |\n| --- | --- |")
    print(f"| compared | {compared} |\n| equal | {verdicts['equal']} ({share:.1%}) |")
    print(f"| different from run to run by themselves | {verdicts['by itself']} |")
    print(f"| not counted (cannot run here, or too long) | {verdicts['not counted']} |")
    print(f"| state or files of the kernel touched by the preview | {len(touched)} |")
    for cause, count in collections.Counter(
        r["cause"] for r in records if r["verdict"] in ("differs", "lost")
    ).most_common():
        print(f"| differs: {cause} | {count} |")
    return 0 if share >= 0.99 and not touched else 1


if __name__ == "__main__":
    sys.exit(main())
