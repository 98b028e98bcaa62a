"""What the base install adds to an environment with JupyterLab, beside jupyter-ai.

Makes a throwaway environment with JupyterLab, and in copies of it installs ours and the peer
from the same index in the same minute. What is counted is what came on top: packages, and bytes
of all files that were not there before. Our front end counts as it was built last.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from load_ext import find_uv, say

ROOT = Path(__file__).resolve().parents[1]
LAB = "jupyterlab>=4.5,<5"
PEER = "jupyter-ai>=3.2,<3.3"


def main() -> int:
    """Install, count, print; 1 where the bar is missed."""
    argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0]).parse_args()
    uv = find_uv()
    if not uv:
        sys.exit("This needs uv: pip install uv")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bundle = ROOT / "llm_notebook" / "labextension"
    if not bundle.is_dir():
        sys.exit("The front end is not built; `python3 dev.py demo` builds it.")
    with tempfile.TemporaryDirectory(prefix="install-size-") as folder:
        base = installed(uv, Path(folder) / "base", [LAB])
        # JupyterLab once more beside it, so that neither side is charged with what it needs.
        ours = installed(uv, Path(folder) / "ours", [LAB, *project["dependencies"]])
        theirs = installed(uv, Path(folder) / "theirs", [LAB, PEER])
    own = size(ROOT / "llm_notebook")  # with the front end
    rows = [
        ("jupyterlab-llm-notebook", len(ours[0]) - len(base[0]) + 1, ours[1] - base[1] + own),
        (f"jupyter-ai {theirs[0]['jupyter-ai']}", len(theirs[0]) - len(base[0]),
         theirs[1] - base[1]),
    ]  # fmt: skip
    print("| base install, on top of JupyterLab | packages | MB |")
    print("| --- | ---: | ---: |")
    for name, packages, size_ in rows:
        print(f"| {name} | {packages} | {size_ / 1e6:.1f} |")
    print(
        f"\nJupyterLab {base[0]['jupyterlab']} alone: {len(base[0])} packages, "
        f"{base[1] / 1e6:.0f} MB. Ours with pandas: {'pandas' in ours[0]}. "
        f"Without compiled bytecode. Python {platform.python_version()}; "
        f"{platform.system()} {platform.machine()}."
    )
    return 0 if rows[0][1] < rows[1][1] and rows[0][2] < rows[1][2] else 1


def installed(uv: list[str], folder: Path, wanted: list[str]) -> tuple[dict[str, str], int]:
    """The packages of a new environment with their versions, and its bytes."""
    say(f"installing {', '.join(wanted)}")
    run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
    run([*uv, "pip", "install", "--quiet", "--python", str(folder), *wanted])
    listed = run([*uv, "pip", "list", "--format", "json", "--python", str(folder)])
    packages = {found["name"]: found["version"] for found in json.loads(listed)}
    found = packages, size(folder)
    shutil.rmtree(folder)
    return found


def size(folder: Path) -> int:
    """Bytes of all files below a folder, without bytecode and links."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            if path.suffix != ".pyc" and not path.is_symlink():
                total += path.stat().st_size
    return total


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} … failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
