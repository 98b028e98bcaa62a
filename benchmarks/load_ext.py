"""What loading our extension costs in IPython, beside jupyter-ai's magics.

Both packages go into one throwaway environment. Each run is a fresh IPython,
the variants take turns, and the medians are compared. Prints a table in
Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEER = "jupyter-ai-magic-commands"
OURS_MODULE, PEER_MODULE = "llm_notebook", "jupyter_ai_magic_commands"
# The magic that must be there afterwards: a failed import would look quick.
VARIANTS = {"bare": "", OURS_MODULE: "llm", PEER_MODULE: "ai"}

Times = dict[str, list[dict[str, float]]]

LOAD = """if True:
    import json, time
    shell, name, magic = get_ipython(), {name!r}, {magic!r}
    wall, cpu = time.perf_counter(), time.process_time()
    if magic:
        shell.run_line_magic("load_ext", name)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    found = not magic or magic in shell.magics_manager.magics["cell"]
    print("RESULT", json.dumps({{"wall": wall, "cpu": cpu, "found": found}}))
"""
VERSIONS = """if True:
    import importlib.metadata, json, llm_notebook
    names = ["ipython", {peer!r}]
    found = {{name: importlib.metadata.version(name) for name in names}}
    print(json.dumps(found | {{"llm_notebook": llm_notebook.__version__}}))
"""


def main() -> int:
    """Make the environment, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=15, help="runs of each variant (default 15)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-ext-") as folder:
        python = make_environment(Path(folder) / "env")
        environment = clean_environment(Path(folder) / "home")
        for variant in VARIANTS:  # compiles bytecode and fills the file cache
            measure(python, variant, environment)
        taken: Times = {variant: [] for variant in VARIANTS}
        for run in range(options.runs):
            say(f"run {run + 1} of {options.runs}")
            for variant in VARIANTS:
                taken[variant].append(measure(python, variant, environment))
        done = subprocess.run(
            [python, "-c", VERSIONS.format(peer=PEER)],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        print(report(taken, json.loads(done.stdout)))
    return 0


def make_environment(folder: Path) -> Path:
    """An environment with both packages; the path of its Python."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], PEER]
    uv = find_uv()
    say(f"installing into a throwaway environment with {'uv' if uv else 'pip (uv is quicker)'}")
    if uv:
        run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        run([*uv, "pip", "install", "--quiet", "--python", str(python), *wanted])
    else:
        run([sys.executable, "-m", "venv", str(folder)])
        run([str(python), "-m", "pip", "install", "--quiet", *wanted])
    # As installed, but without building the front end, which no kernel imports.
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    shutil.copytree(
        ROOT / OURS_MODULE,
        Path(site.stdout.strip()) / OURS_MODULE,
        ignore=shutil.ignore_patterns("__pycache__", "labextension"),
    )
    return python


def find_uv() -> list[str]:
    """How to call uv, or nothing."""
    beside = shutil.which("uv", path=str(Path(sys.executable).parent))
    if found := beside or shutil.which("uv"):
        return [found]
    module = [sys.executable, "-m", "uv"]
    done = subprocess.run([*module, "--version"], capture_output=True, check=False)
    return module if done.returncode == 0 else []


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} … failed:\n{done.stdout}{done.stderr}")


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of each run: an empty home, and no network for the peer's import."""
    home.mkdir()
    foreign = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        # Without it litellm asks the network for its price list while it is imported.
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def measure(python: Path, variant: str, environment: dict[str, str]) -> dict[str, float]:
    """Seconds of ``%load_ext`` alone (by the clock and of the processor), and of the process."""
    code = LOAD.format(name=variant, magic=VARIANTS[variant])
    began = time.perf_counter()
    done = subprocess.run(
        [python, "-m", "IPython", "--no-banner", "--quick", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=environment["HOME"],
    )
    process = time.perf_counter() - began
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        sys.exit(f"{variant} did not load:\n{done.stdout}{done.stderr}")
    result = json.loads(lines[-1].removeprefix("RESULT "))
    if not result.pop("found"):
        sys.exit(f"{variant} loaded without its magic:\n{done.stdout}{done.stderr}")
    return {**result, "process": process}


def report(taken: Times, versions: dict[str, str]) -> str:
    """The table and what it was measured with."""
    medians = {
        variant: {what: statistics.median(run[what] for run in runs) for what in runs[0]}
        for variant, runs in taken.items()
    }
    # `%load_ext` is timed in an IPython that is up, so it is what comes on top of a bare one.
    columns = {"wall": "`%load_ext`", "cpu": "its processor time", "process": "whole process"}
    rows = [f"| IPython with | {' | '.join(columns.values())} |", "| --- |" + " ---: |" * 3]
    for variant, times in medians.items():
        name = "nothing" if variant == "bare" else f"`{variant}`"
        cells = [f"{times[what] * 1e3:,.0f} ms" for what in columns]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    ours, peer = medians[OURS_MODULE], medians[PEER_MODULE]
    ratios = [f"{peer[what] / ours[what]:.1f}" for what in ("wall", "cpu")]
    rows.append(f"| ratio, peer to ours | {' | '.join(ratios)} | |")
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    count = len(taken["bare"])
    return "\n".join(
        [
            *rows,
            "",
            f"Medians of {count} interleaved runs, each in a fresh interpreter; bytecode and file "
            "cache warm.",
            f"{told}; Python {platform.python_version()}; {machine}.",
        ]
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
