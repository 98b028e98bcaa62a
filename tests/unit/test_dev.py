"""`dev.py`: what it stands on, when it renews, and that a stop leaves nothing behind."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.running_demo import running_demo  # noqa: E402
from tools import console, demo, env, reports, suite  # noqa: E402

NEEDED = [
    "dev.py",
    *(f"tools/{name}.py" for name in ("console", "demo", "env", "reports", "suite")),
]


@pytest.mark.parametrize("name", NEEDED)
def test_stands_on_the_standard_library_only(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported - set(sys.stdlib_module_names) - {"tools"} == set()


def test_an_old_python_is_told_so_in_a_sentence() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    # Old enough that nobody has an older one: it must get as far as the check.
    tree = ast.parse(source, feature_version=(3, 7))
    kinds = [node for node in tree.body if isinstance(node, ast.If | ast.ImportFrom)]
    assert isinstance(kinds[0], ast.If), "the check comes before our own imports"
    pretend = source.replace("sys.version_info < (3, 11)", "sys.version_info < (99,)")
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.11 or newer, and this is Python 3.")
    assert len(done.stderr.splitlines()) == 1


def test_alone_it_prints_help() -> None:
    done = subprocess.run([sys.executable, "dev.py"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("demo", "test", "lint", "format", "types", "bench"):
        assert re.search(rf"^    {command} ", done.stdout, re.MULTILINE)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an environment that looks installed."""
    monkeypatch.setattr(env, "ROOT", tmp_path)
    monkeypatch.setattr(env, "FRONT_END", tmp_path / "labextension")
    monkeypatch.setattr(env, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(env, "UNFINISHED", tmp_path / "unfinished")
    monkeypatch.setattr(env, "BUNDLE", tmp_path / "bundle")
    for name in ("labextension/src/a.ts", "llm_notebook/a.py", "bundle/package.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first")
    (tmp_path / "pyproject.toml").write_text("first")
    env.STAMP.write_text(f'{{"extra": "demo", "fingerprint": "{env.fingerprint()}"}}')
    return tmp_path


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    assert env.is_ready("demo")
    assert not env.is_ready("dev")
    env.STAMP.write_text(f'{{"extra": "dev", "fingerprint": "{env.fingerprint()}"}}')
    assert env.is_ready("demo")


@pytest.mark.parametrize(
    ("name", "ready"),
    [
        ("labextension/src/a.ts", False),
        ("labextension/src/new.ts", False),
        ("pyproject.toml", False),
        ("unfinished", False),
        ("stamp.json", False),
        ("llm_notebook/a.py", True),
        ("labextension/lib/a.js", True),
        ("labextension/node_modules/a.js", True),
    ],
)
def test_a_change_renews_what_it_makes_stale(checkout: Path, name: str, ready: bool) -> None:
    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text("second")
    assert env.is_ready("demo") is ready


def test_a_lost_bundle_is_made_again(checkout: Path) -> None:
    (checkout / "bundle" / "package.json").unlink()
    assert not env.is_ready("demo")


def test_uv_looks_where_pip_was_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = http://file.example/simple\n"
        f"find-links = {tmp_path} /not/there\nextra-index-url = http://more.example/simple\n"
    )
    monkeypatch.setenv("PIP_INDEX_URL", "http://mirror.example/simple")
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    told = env._index_for_uv(dict(os.environ))
    assert told["UV_DEFAULT_INDEX"] == "http://mirror.example/simple"
    assert told["UV_INDEX"] == "http://more.example/simple"
    assert told["UV_FIND_LINKS"] == str(tmp_path)
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_a_home_that_cannot_be_written_to_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env, "DEV", tmp_path)
    monkeypatch.setenv("HOME", "/not/there")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    found = env.environ()
    assert found["HOME"] == str(tmp_path / "home")
    assert "PYTHONPATH" not in found


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LOG", tmp_path / "log.txt")


@pytest.mark.usefixtures("logged")
def test_a_failed_step_shows_its_last_lines_and_a_sentence() -> None:
    code = "print('first'); [print(i) for i in range(99)]; raise SystemExit(3)"
    argv = [sys.executable, "-c", code]
    with pytest.raises(console.Trouble) as caught:
        console.must("Trying", argv, env=os.environ, sorry="It could not be tried.")
    assert "    98" in str(caught.value)
    assert "first" not in str(caught.value)
    assert "It could not be tried." in str(caught.value)
    assert "first" in console.LOG.read_text()


@pytest.mark.usefixtures("logged")
def test_a_step_past_its_time_ends_with_all_that_it_started() -> None:
    code = (
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '99'])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()"
    )
    result = console.run("Sleeping", [sys.executable, "-c", code], env=os.environ, timeout=2)
    assert result.code == 124
    child = int(result.output.split()[0])
    until = time.monotonic() + 10
    while _lives(child) and time.monotonic() < until:  # a kill is carried out a moment later
        time.sleep(0.05)
    assert not _lives(child)


def test_reports_are_counted(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(
        "<testsuites><testsuite>"
        '<testcase classname="a" name="good"/>'
        '<testcase classname="a" name="bad"><failure message="no"/></testcase>'
        '<testcase classname="a" name="broken"><error message="no"/></testcase>'
        '<testcase classname="a" name="left"><skipped message="no key"/></testcase>'
        "</testsuite></testsuites>"
    )
    counts = reports.read(tmp_path / "report.xml")
    counts.add(reports.read(tmp_path / "missing.xml"))
    assert counts.line() == "1 passed, 2 failed, 1 skipped"
    assert counts.skips == [("a left", "no key")]


@pytest.mark.usefixtures("logged")
def test_what_fails_twice_has_failed_and_what_fails_once_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pathlib\n"
        "def test_good(): pass\n"
        "def test_once():\n"
        "    seen = pathlib.Path('seen')\n"
        "    assert seen.exists() or seen.touch()\n"
    )
    argv: suite.Argv = [sys.executable, "-m", "pytest", "-p", "no:playwright"]
    for always in (False, True):
        one = suite.Suite()
        (tmp_path / "seen").unlink(missing_ok=True)
        if always:
            (tmp_path / "test_it.py").write_text("def test_it(): raise ValueError")
        one.step(
            ("tests", argv, tmp_path), report=tmp_path / "report.xml", again=[*argv, *suite.AGAIN]
        )
        assert one.unsteady == ([] if always else ["test_it test_once"])
        assert one.finish() == int(always)
        assert (
            one.counts.line() == ("0 passed, 1" if always else "2 passed, 0") + " failed, 0 skipped"
        )


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(console.Trouble, match="a number from 1 to 65535"):
        demo._port(port)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(console.Trouble, match=f"Port {taken} is taken"):
            demo._port(str(taken))


def _lives(pid: int) -> bool:
    return bool(fields := demo._stat(pid)) and fields[0] != "Z"


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with running_demo() as running:
        yield running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_serves_and_a_stop_leaves_nothing(
    server: tuple[subprocess.Popen[str], str], number: signal.Signals
) -> None:
    process, url = server
    base, _, query = url.partition("/lab/tree/")
    assert query.endswith("&llm-notebook=open")
    token = re.search("token=([^&]+)", url)
    assert token
    with urllib.request.urlopen(url) as page:
        assert b"jupyterlab-llm-notebook" in page.read(), "the front end is among the extensions"
    start = urllib.request.Request(
        f"{base}/api/kernels",
        data=b"{}",
        headers={"Authorization": f"token {token.group(1)}"},
        method="POST",
    )
    with urllib.request.urlopen(start) as answer:
        assert answer.status == 201
    deadline = time.monotonic() + 60
    while len(family := demo._family(process.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(family) >= 3, "this command, the server and a kernel"
    os.killpg(process.pid, number)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert printed.strip() == "Stopped."
    assert [pid for pid in family if _lives(pid)] == []
