"""A key that only the worker was given is nowhere else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.front_end import FrontEnd

# Two halves, so that this file's own text never holds the whole.
KEY = "sk-canary-" + "5f1e9c7ab3d24680"

SEARCH = """
import gc, os, pathlib, sys
half = "sk-canary-"; other = "5f1e9c7ab3d24680"
hits = []
if any(other in v for v in os.environ.values()): hits.append("os.environ")
for name in ("environ", "cmdline", "maps"):
    if other.encode() in pathlib.Path("/proc/self", name).read_bytes(): hits.append(name)
seen = 0
for thing in gc.get_objects():
    for part in gc.get_referents(thing):  # attributes without a __dict__ of their own too
        if type(part) in (str, bytes, bytearray):
            seen += 1
            text = part if type(part) is str else bytes(part).decode("latin-1")
            if "sk-canary-" + other in text: hits.append(repr(part)[:80])
print(seen > 1000, hits)
"""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An OpenAI-compatible server that echoes the key it was sent, as an error text would."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = json.dumps(
                {"error": {"message": f"Incorrect API key provided: {seen[-1][7:]}"}}
            ).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/v1", seen
    httpd.shutdown()


def searched(front_end: FrontEnd) -> str:
    out = front_end.run(SEARCH)
    return "".join(m["content"]["text"] for m in out if m["msg_type"] == "stream")


def test_the_key_reaches_the_server_and_nothing_else(
    start_kernel: Callable[..., FrontEnd], server: tuple[str, list[str]], home: Path
) -> None:
    url, seen = server
    keys = home / "config" / "llm_notebook_keys.env"
    keys.parent.mkdir()
    keys.write_text(f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={url}\n")
    keys.chmod(0o600)
    front_end = start_kernel()
    front_end.open()
    proposal = front_end.settled(front_end.ask("add one", ["x = 1"], "openai:gpt-test"))

    assert f"Bearer {KEY}" in seen
    assert proposal["problem"]["code"] == "model-auth"
    assert searched(front_end) == "True []\n"
    everything = json.dumps(front_end.messages, default=str)
    assert KEY not in everything
    for path in home.rglob("*"):
        if path.is_file() and path != keys:
            assert KEY.encode() not in path.read_bytes(), path


def test_the_search_finds_a_planted_key(kernel: FrontEnd) -> None:
    """The search above can fail: it sees a key that is in a variable, or in the environment."""
    kernel.run(f"class Box: pass\nbox = Box()\nbox.key = {KEY[:10]!r} + {KEY[10:]!r}")
    assert KEY[:10] in searched(kernel)
    kernel.run("del box")
    kernel.run(f"import os; os.environ['K'] = {KEY[:10]!r} + {KEY[10:]!r}")
    assert "os.environ" in searched(kernel)
