"""While a person writes, the worker gets ready for the model that is chosen."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.protocol import Survey
from tests.kernel.front_end import TIMEOUT, FrontEnd


@pytest.mark.skipif(os.name != "posix", reason="needs a named pipe")
def test_the_first_words_start_the_worker(kernel: FrontEnd, tmp_path: Path) -> None:
    """The model's script is a pipe, which can be written to once the worker reads it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    kernel.open()
    kernel.expect("welcome")
    kernel.send(Survey("words", Origin("plot", f"scripted:{pipe}"), Snapshot(())))
    for _ in range(int(TIMEOUT * 20)):
        try:
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nothing has read the script")
