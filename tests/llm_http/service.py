"""An OpenAI-compatible service on loopback that answers, or fails, as a test tells it to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPLY = "title: A greeting\n@@ answer\nGood morning.\n@@ end\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # as services do: a token leaves when it is there
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.paths.append(self.path)
        act = self.server.take(headers, body)
        try:
            act(self)
        except OSError:
            self.server.client_left.set()
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    # What acts are made of

    def begin_stream(self, *, chunked: bool = True) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.chunked = chunked
        if chunked:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("connection", "close")
        self.end_headers()

    def send_text(self, text: str, finish: str | None = None, usage: bool = False) -> None:
        event: dict[str, object] = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "test-model-0001",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
        }
        if usage:
            event["usage"] = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
        self.send_raw(f"data: {json.dumps(event)}\n\n")

    def send_raw(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data)
        self.wfile.flush()

    def end_stream(self) -> None:
        self.send_raw("data: [DONE]\n\n")
        if self.chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = not self.chunked

    def reset(self) -> None:
        """Close so that the other side sees a reset, not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()
        self.close_connection = True


Act = Callable[[Handler], None]


class Service(ThreadingHTTPServer):
    """Plays its acts in order, one a request; the last one again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.url = f"{self.root}/v1"
        self.plays()

    def plays(self, *acts: Act) -> None:
        self.acts = list(acts)
        self.requests: list[tuple[dict[str, str], dict[str, object]]] = []
        self.paths: list[str] = []
        self.client_left = threading.Event()

    def take(self, headers: dict[str, str], body: dict[str, object]) -> Act:
        self.requests.append((headers, body))
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is part of the tests."""


@contextmanager
def running() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()


def answers(
    text: str = REPLY, *, chunked: bool = True, finish: str | None = "stop", size: int = 7
) -> Act:
    def act(handler: Handler) -> None:
        handler.begin_stream(chunked=chunked)
        for start in range(0, len(text), size):
            handler.send_text(text[start : start + size])
        handler.send_text("", finish, usage=True)
        handler.end_stream()

    return act


def fails(status: int, message: str = "no", code: str = "x", **headers: str) -> Act:
    def act(handler: Handler) -> None:
        body = json.dumps({"error": {"message": message, "code": code, "type": code}}).encode()
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def slowly(text: str, seconds: float) -> Act:
    """Answer after a while."""

    def act(handler: Handler) -> None:
        time.sleep(seconds)
        answers(text)(handler)

    return act


def page(handler: Handler) -> None:
    """The log-in page of a proxy in between, with the status of a success."""
    body = b"<!doctype html><title>Please sign in</title>"
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def no_json(handler: Handler) -> None:
    """A stream of events that hold no JSON."""
    handler.begin_stream()
    handler.send_raw("data: {not json at all\n\n")
    handler.end_stream()


def empty(handler: Handler) -> None:
    """A stream that ends before it has begun."""
    handler.begin_stream()
    handler.end_stream()


def echoes_key(handler: Handler) -> None:
    """A service that repeats the key in its error, as some do."""
    key = handler.headers["authorization"].removeprefix("Bearer ")
    fails(400, f"Bad request by {key}.")(handler)


def hangs(handler: Handler) -> None:
    """Send nothing until the client goes away."""
    if handler.connection.recv(1) == b"":
        handler.server.client_left.set()
    handler.close_connection = True


def starts_then_hangs(handler: Handler) -> None:
    handler.begin_stream()
    handler.send_text("title: Half\n")
    hangs(handler)


def resets(handler: Handler) -> None:
    handler.reset()


def starts_then_resets(handler: Handler) -> None:
    handler.begin_stream()
    handler.send_text("title: Half\n@@ insert\n```python\n")
    time.sleep(0.2)  # a reset overtakes what was sent just before
    handler.reset()


def cuts(*, chunked: bool) -> Act:
    """End the connection in the middle of the reply, without a finish reason."""

    def act(handler: Handler) -> None:
        handler.begin_stream(chunked=chunked)
        handler.send_text("title: Half\n@@ insert\n```python\nx = 1\n")
        handler.close_connection = True

    return act


def drips(handler: Handler) -> None:
    """A character now and then, for ever: each read is quick, the whole never ends."""
    handler.begin_stream()
    while True:
        handler.send_text("x")
        time.sleep(0.05)
