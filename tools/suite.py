"""The checks and tests, each a step with a line of its own; all run even where one fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tools import console, env, reports
from tools.console import DEV, ROOT, Trouble, run, say
from tools.env import FRONT_END, PYTHON

BIN = PYTHON.parent
REPORTS = DEV / "reports"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FEW = 5
"""As many failures are run again: a busy machine fails some tests of timing, a fault fails many."""

AGAIN: list[str | Path] = ["--last-failed", "--last-failed-no-failures=none"]

Argv = list[str | Path]
Step = tuple[str, Argv, Path]

LINT: list[Step] = [
    ("ruff check", [BIN / "ruff", "check", "."], ROOT),
    ("import layers", [BIN / "lint-imports"], ROOT),
    ("front end: eslint", ["npm", "run", "lint"], FRONT_END),
]
FORMAT: list[Step] = [
    ("ruff format", [BIN / "ruff", "format", "--check", "."], ROOT),
    ("front end: prettier", ["npm", "run", "format:check"], FRONT_END),
]
TYPES: list[Step] = [
    ("mypy", [BIN / "mypy"], ROOT),
    ("front end: tsc", ["npm", "run", "typecheck"], FRONT_END),
]
SCHEMA: list[Step] = [("wire schema", [PYTHON, "tools/schema.py", "--check"], ROOT)]


class Suite:
    """Runs steps, shows what a failed one printed, and keeps count."""

    def __init__(self) -> None:
        self.environ = env.environ()
        self.failed: list[str] = []
        self.unsteady: list[str] = []
        self.counts = reports.Counts()

    def step(
        self,
        step: Step,
        *,
        timeout: float = 300,
        report: Path | None = None,
        again: Argv | None = None,
    ) -> None:
        """Run one; with a report, its tests are counted, else a failure counts as one.

        A few failures are run again by `again`: what fails twice has failed.
        """
        title, _, cwd = step
        result, counts = self._run(step, timeout, report)
        if not result.ok:
            say(console.tail(result.output, 300 if report else console.TAIL))
            if again and 0 < counts.failed <= FEW:
                same: Step = (f"{title}, those {counts.failed} again", again, cwd)
                second, repeated = self._run(same, timeout, report)
                if second.ok and repeated.passed == counts.failed:
                    self.unsteady += counts.names
                    counts = replace(counts, passed=counts.passed + counts.failed, failed=0)
                    result = second
        if not result.ok:
            self.failed.append(title)
            if not counts.failed:
                counts.failed = 1
        self.counts.add(counts)

    def _run(
        self, step: Step, timeout: float, report: Path | None
    ) -> tuple[console.Result, reports.Counts]:
        title, argv, cwd = step
        if report:
            report.unlink(missing_ok=True)
            argv = [*argv, f"--junitxml={report}"] if "pytest" in argv else argv
        result = run(title, argv, env=self.environ, cwd=cwd, timeout=timeout, outcome=True)
        return result, reports.read(report) if report else reports.Counts()

    def steps(self, steps: Sequence[Step]) -> None:
        """Run several."""
        for step in steps:
            self.step(step)

    def finish(self) -> int:
        """Say what failed; the exit code."""
        for name in self.counts.names:
            if name not in self.unsteady:
                say(f"  failed: {name}")
        if self.failed:
            say(f"\nFailed: {', '.join(self.failed)}. Everything they printed is in {console.LOG}.")
        return 1 if self.failed else 0


def test(*, fast: bool, pytest_arguments: list[str]) -> int:
    """Run everything, or pytest alone with these arguments; the exit code."""
    if pytest_arguments:
        return _pytest_alone(pytest_arguments, fast=fast)
    began = time.monotonic()
    suite = Suite()
    REPORTS.mkdir(exist_ok=True)
    _node_modules()
    if not fast:
        suite.environ["CHROMIUM"] = chromium()
    suite.steps([*LINT, *FORMAT, *TYPES, *SCHEMA])
    report = REPORTS / "vitest.xml"
    vitest: Argv = ["npm", "test", "--", "--reporter=default", "--reporter=junit"]
    vitest.append(f"--outputFile.junit={report}")
    suite.step(("front end: unit tests", vitest, FRONT_END), report=report)
    # Two processes: the plug-in for browsers owns the event loop of its process.
    report = REPORTS / "pytest.xml"
    argv: Argv = [PYTHON, "-m", "pytest", "-p", "no:playwright", "--ignore=tests/browser"]
    argv += ["-m", "not slow"] if fast else []
    # A file stays in one process, since its tests may share a kernel or a server.
    spread: Argv = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    step = ("tests", [*argv, *spread], ROOT)
    suite.step(step, timeout=2700, report=report, again=[*argv, *AGAIN])
    if not fast:
        report = REPORTS / "browser.xml"
        argv = [PYTHON, "-m", "pytest", "tests/browser"]
        step = ("tests in the browser", [*argv, *spread], ROOT)
        suite.step(step, timeout=2700, report=report, again=[*argv, *AGAIN])
    for name in suite.unsteady:
        say(f"  failed, and passed when it was run again: {name}")
    for name, reason in suite.counts.skips:
        say(f"  skipped: {name}: {reason}")
    code = suite.finish()
    say(f"All of it took {time.monotonic() - began:.0f} s.")
    say(suite.counts.line())
    return code


def _pytest_alone(arguments: list[str], *, fast: bool) -> int:
    """For someone at work on a part: its output as it comes, no other step."""
    environ = env.environ()
    if any("browser" in argument for argument in arguments):
        environ["CHROMIUM"] = chromium()
    argv: Argv = [PYTHON, "-m", "pytest", *(["-m", "not slow"] if fast else []), *arguments]
    return subprocess.run(argv, cwd=ROOT, env=environ).returncode


def lint() -> int:
    """Run the linters."""
    return _checks(LINT)


def types() -> int:
    """Run the type checkers."""
    return _checks(TYPES)


def _checks(steps: Sequence[Step]) -> int:
    suite = Suite()
    _node_modules()
    suite.steps(steps)
    return suite.finish()


def format_sources() -> int:
    """Rewrite sources in their standard form."""
    return _checks(
        [
            ("ruff format", [BIN / "ruff", "format", "."], ROOT),
            ("ruff, what it can mend", [BIN / "ruff", "check", "--fix-only", "."], ROOT),
            ("front end: prettier", ["npm", "run", "format"], FRONT_END),
        ]
    )


def bench(name: str, arguments: list[str]) -> int:
    """Run the benchmarks, their results straight to the terminal."""
    found = sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    chosen = [path for path in found if name in ("", path.stem)]
    if not chosen:
        names = ", ".join(path.stem for path in found) or "none"
        raise Trouble(f"There is no benchmark {name!r} in benchmarks/. There are: {names}.")
    codes = []
    for path in chosen:
        say(f"\n{path.stem}")
        codes.append(
            subprocess.run([PYTHON, path, *arguments], cwd=ROOT, env=env.environ()).returncode
        )
    return max(codes)


def chromium() -> str:
    """Find a Chromium; as root install Debian's."""
    for _ in range(2):
        for name in CHROMIUM:
            if path := shutil.which(name):
                return path
        env.system_package("chromium", "A Chromium for the browser tests")
    raise Trouble("The package chromium was installed, and no program chromium is on the PATH.")


def _node_modules() -> None:
    """Install what the lock names, unless exactly that is there."""
    try:
        lock = json.loads((FRONT_END / "package-lock.json").read_text(encoding="utf-8"))
        hidden = FRONT_END / "node_modules" / ".package-lock.json"
        there = json.loads(hidden.read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError, KeyError):
        there = None
    if there is not None and all(
        there[path]["version"] == package["version"] if path in there else "optional" in package
        for path, package in lock["packages"].items()
        if path
    ):
        return
    result = run(
        "Installing the front end's tools", ["npm", "ci"], env=env.environ(), cwd=FRONT_END
    )
    if not result.ok:
        raise Trouble(
            f"{console.tail(result.output)}\n\nThe front end's tools could not be installed. "
            f"If the network was out of reach, start this again. Everything is in {console.LOG}."
        )


def bundle() -> int:
    """Build the wheel in two folders; fail unless the front ends are equal byte for byte."""
    suite = Suite()
    with tempfile.TemporaryDirectory() as folder:
        built = []
        for place in ("one", "another place"):
            source = Path(folder, place)
            _copy_sources(source)
            argv: Argv = [PYTHON, "-m", "pip", "wheel", "--no-deps", "-w", source / "dist", source]
            suite.step((f"the wheel, built in '{place}'", argv, ROOT), timeout=600)
            built.append(reports.front_end_of(source / "dist"))
    if suite.failed:
        return suite.finish()
    differing = sorted(
        name for name in built[0] | built[1] if built[0].get(name) != built[1].get(name)
    )
    if differing or not built[0]:
        say(f"The front ends differ in {len(differing)} files of {len(built[0])}: {differing[:5]}")
        return 1
    say(f"Both wheels hold the same {len(built[0])} front-end files, byte for byte.")
    return 0


def _copy_sources(target: Path) -> None:
    """Copy what git would commit, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
