"""The protocols of the model services, as their loopback servers speak them.

OpenAI's chat completions and Anthropic's messages are server-sent events,
Google's streamGenerateContent is server-sent events of another shape, Ollama's
chat is one JSON object a line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.llm_http.service import REPLY, Act, Handler, hangs

READ, WRITTEN = 7, 5
SIZE = 7


@dataclass(frozen=True)
class Speech:
    """How one provider is asked and answers.

    Attributes
    ----------
    variable : str
        What its key is called; empty where it needs none.
    url_variable : str
        What names another server.
    headers : tuple of str
        Where the key may stand in a request, by the version of the client.
    suffix : str
        What its base URL ends in.
    path : str
        What the request's path holds.
    """

    provider: str
    variable: str
    url_variable: str
    headers: tuple[str, ...]
    suffix: str = ""
    path: str = ""
    content: str = "text/event-stream"

    def key_in(self, headers: dict[str, str]) -> str:
        """The key that a request was sent with."""
        (found,) = (headers[name] for name in self.headers if name in headers)
        return found.removeprefix("Bearer ")

    def begin(self, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", self.content)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        handler.chunked = True
        if self.provider == "anthropic":
            message = {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": "test-model",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": READ, "output_tokens": 1},
            }
            self._event(handler, {"type": "message_start", "message": message})
            block = {"type": "text", "text": ""}
            self._event(
                handler, {"type": "content_block_start", "index": 0, "content_block": block}
            )

    def text(self, handler: Handler, text: str) -> None:
        if self.provider == "openai":
            handler.send_text(text)
        elif self.provider == "anthropic":
            delta = {"type": "text_delta", "text": text}
            self._event(handler, {"type": "content_block_delta", "index": 0, "delta": delta})
        elif self.provider == "google":
            content = {"role": "model", "parts": [{"text": text}]}
            self._send(handler, {"candidates": [{"content": content, "index": 0}]})
        else:
            self._line(handler, {"message": {"role": "assistant", "content": text}, "done": False})

    def end(self, handler: Handler) -> None:
        if self.provider == "openai":
            handler.send_text("", "stop", usage=True)
            handler.send_raw("data: [DONE]\n\n")
        elif self.provider == "anthropic":
            self._event(handler, {"type": "content_block_stop", "index": 0})
            stop = {"stop_reason": "end_turn", "stop_sequence": None}
            usage = {"input_tokens": READ, "output_tokens": WRITTEN}
            self._event(handler, {"type": "message_delta", "delta": stop, "usage": usage})
            self._event(handler, {"type": "message_stop"})
        elif self.provider == "google":
            content = {"role": "model", "parts": [{"text": ""}]}
            usage = {
                "promptTokenCount": READ,
                "candidatesTokenCount": WRITTEN,
                "totalTokenCount": READ + WRITTEN,
            }
            self._send(
                handler,
                {
                    "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
                    "usageMetadata": usage,
                    "modelVersion": "test-model",
                },
            )
        else:
            counts = {"prompt_eval_count": READ, "eval_count": WRITTEN}
            message = {"role": "assistant", "content": ""}
            done = {"message": message, "done": True, "done_reason": "stop", **counts}
            self._line(handler, done)
        handler.wfile.write(b"0\r\n\r\n")

    def answers(self, text: str = REPLY) -> Act:
        def act(handler: Handler) -> None:
            self.begin(handler)
            for start in range(0, len(text), SIZE):
                self.text(handler, text[start : start + SIZE])
            self.end(handler)

        return act

    def starts_then_hangs(self, handler: Handler) -> None:
        self.begin(handler)
        self.text(handler, "title: Half\n")
        hangs(handler)

    def starts_then_fails(self, handler: Handler) -> None:
        """The service is overloaded in the middle of its reply."""
        self.begin(handler)
        self.text(handler, "title: Half\n")
        if self.provider == "anthropic":
            error = {"type": "overloaded_error", "message": "Overloaded"}
            self._event(handler, {"type": "error", "error": error})
        elif self.provider == "openai":
            error = {"type": "server_error", "message": "The server had an error", "code": None}
            handler.send_raw(f"data: {json.dumps({'error': error})}\n\n")
        handler.wfile.write(b"0\r\n\r\n")

    def fails(self, status: int, message: str = "no", wait: str | None = None) -> Act:
        """An error as the service words it; `wait` seconds to come back after."""
        body: Any = {"error": {"message": message, "code": "x", "type": "x"}}
        headers = {} if wait is None else {"retry-after": wait}
        if self.provider == "anthropic":
            body = {"type": "error", "error": {"type": "x_error", "message": message}}
        elif self.provider == "google":
            info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{wait}s"}
            details = [] if wait is None else [info]
            body = {
                "error": {"code": status, "message": message, "status": "X", "details": details}
            }
            headers = {}
        elif self.provider == "ollama":
            body = {"error": message}

        def act(handler: Handler) -> None:
            data = json.dumps(body).encode()
            handler.send_response(status)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", str(len(data)))
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(data)

        return act

    def _event(self, handler: Handler, data: dict[str, Any]) -> None:
        handler.send_raw(f"event: {data['type']}\ndata: {json.dumps(data)}\n\n")

    def _send(self, handler: Handler, data: dict[str, Any]) -> None:
        handler.send_raw(f"data: {json.dumps(data)}\n\n")

    def _line(self, handler: Handler, data: dict[str, Any]) -> None:
        about = {"model": "test-model", "created_at": "2026-11-01T00:00:00Z"}
        handler.send_raw(json.dumps(about | data) + "\n")


OPENAI = Speech(
    "openai",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    ("authorization",),
    suffix="/v1",
    path="/v1/chat/completions",
)
ANTHROPIC = Speech(
    "anthropic",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    ("x-api-key", "authorization"),
    path="/v1/messages",
)
GOOGLE = Speech(
    "google",
    "GOOGLE_API_KEY",
    "GOOGLE_GEMINI_BASE_URL",
    ("x-goog-api-key",),
    path="/models/test-model:streamGenerateContent",
)
OLLAMA = Speech(
    "ollama",
    "OLLAMA_API_KEY",
    "OLLAMA_HOST",
    ("authorization",),
    path="/api/chat",
    content="application/x-ndjson",
)
SPEECHES = (OPENAI, ANTHROPIC, GOOGLE, OLLAMA)
