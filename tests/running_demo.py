"""`dev.py demo` as a person starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import demo, env

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def running_demo() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it prints; skips where this checkout is not set up."""
    if not env.is_ready("demo"):
        pytest.skip("this checkout is not set up: python3 dev.py test does it")
    process = subprocess.Popen(
        [sys.executable, "dev.py", "demo"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(demo._port("")), "BROWSER": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("READY "):
                yield process, line.split()[1]
                return
        pytest.fail(printed)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
