"""The loop in plain IPython with a real language model over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.llm_http.real_model import real_model_url  # noqa: F401
from tests.terminal.test_ipython import Terminal

KEY = "sk-loopback-" + "0123456789abcdef"


def test_ask_a_real_model_accept_and_run(tmp_path: Path, real_model_url: str) -> None:  # noqa: F811
    keys = tmp_path / "config" / "llm_notebook_keys.env"
    keys.parent.mkdir()
    keys.write_text(f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={real_model_url}\n")
    keys.chmod(0o600)
    terminal = Terminal(tmp_path)
    terminal.child.timeout = 300
    try:
        terminal.run("%load_ext llm_notebook")
        terminal.run("%llm use openai:smollm2")
        shown = terminal.run("%%llm", "Write Python code that prints the numbers 1 to 10")
        assert "%llm accept" in shown, shown
        assert "Nothing has run" in terminal.run("%llm accept")
        # What it wrote stands on the prompt. It is a small model: that its code
        # reached the prompt and was run is all that is claimed here.
        terminal.child.send("\x1b\r")  # runs the input, however many lines it has
        terminal.number += 1
        terminal.prompt()
        assert "print" in terminal.run("print(In[-2])")
        assert "False" in terminal.run(f"import os; print({KEY!r} in str(os.environ))")
    finally:
        terminal.child.close(force=True)
