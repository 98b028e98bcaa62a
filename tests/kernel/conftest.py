from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.front_end import FrontEnd


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder of a person who has never used Jupyter."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def start_kernel(home: Path) -> Iterator[Callable[..., FrontEnd]]:
    """Start a real ipykernel; every one is ended with the test."""
    from jupyter_client.manager import KernelManager

    with ExitStack() as ends:

        def start(**environment: str) -> FrontEnd:
            manager: Any = KernelManager(
                connection_file=str(home / f"kernel-{os.urandom(4).hex()}.json"),
            )
            env = {k: v for k, v in os.environ.items() if not k.endswith("API_KEY")}
            env |= {
                "HOME": str(home),
                "JUPYTER_DATA_DIR": str(home / "data"),
                "JUPYTER_CONFIG_DIR": str(home / "config"),
                "IPYTHONDIR": str(home / "ipython"),
                "JPY_SESSION_NAME": str(home / "analysis.ipynb"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                **environment,
            }
            manager.start_kernel(env=env, cwd=str(home))
            ends.callback(manager.shutdown_kernel, now=True)
            client = manager.blocking_client()
            client.start_channels()
            ends.callback(client.stop_channels)
            client.wait_for_ready(timeout=60)
            front_end = FrontEnd(client)
            front_end.manager = manager
            ends.callback(front_end.close)
            return front_end

        yield start


@pytest.fixture
def kernel(start_kernel: Callable[..., FrontEnd]) -> FrontEnd:
    return start_kernel()


@pytest.fixture
def scripted(tmp_path: Path) -> Callable[..., str]:
    """Write a script for the scripted model; its name as ``provider:model``."""

    def write(reply: str, **options: Any) -> str:
        path = tmp_path / f"script-{os.urandom(4).hex()}.jsonl"
        path.write_text(json.dumps({"match": None, "reply": reply, **options}) + "\n")
        return f"scripted:{path}"

    return write
