"""``gguf:/path/to/model.gguf``: a model from a file, in this process. Experimental.

llama.cpp computes it on this machine's own processor; nothing leaves it. The
model is loaded with the first ask and kept, so that the next one begins sooner.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.wire import KEPT

if TYPE_CHECKING:
    from llama_cpp import Llama

PACKAGE = "llama-cpp-python"
WINDOW = 8192
"""Tokens of ask and reply together, at most; a file may allow less, and more takes more memory."""
LONGEST = 2048
"""Tokens of a reply, at most: small models do not always find an end."""

_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
_loaded: dict[tuple[str, int], Llama] = {}
_one_at_a_time = threading.Lock()
"""llama.cpp keeps the state of one conversation in a model."""


class Gguf(BaseChatModel):
    """A chat model out of a file."""

    path: str
    stamp: int

    @classmethod
    def load(cls, path: str) -> Gguf:
        """Find the file and the library; the model itself is read with the first ask."""
        file = Path(path).expanduser()
        try:
            stamp = file.stat().st_mtime_ns
            with file.open("rb") as opened:
                is_gguf = opened.read(4) == b"GGUF"
        except OSError as error:
            raise _error(f"The model file {path} could not be read ({error.strerror}).") from None
        if not is_gguf:
            raise _error(f"{path} is not a GGUF file.")
        try:
            import llama_cpp  # noqa: F401
        except ImportError as error:
            raise ModelError(
                f"A model from a file needs the package {PACKAGE}, which is not installed "
                f"({error}).",
                code="model-missing-package",
                kept=KEPT,
                next=f"Install it where Jupyter runs: pip install {PACKAGE}",
            ) from None
        return cls(path=str(file), stamp=stamp)

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def _model(self) -> Llama:
        found = _loaded.get((self.path, self.stamp))
        if found is None:
            from llama_cpp import Llama

            _loaded.clear()  # two of them may be more than the memory holds
            about = Llama(self.path, vocab_only=True, verbose=False).metadata
            trained = (size for name, size in about.items() if name.endswith(".context_length"))
            window = min(WINDOW, int(next(trained, WINDOW)))
            found = Llama(self.path, n_ctx=window, verbose=False)
            _loaded[self.path, self.stamp] = found
        return found

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        asked: Any = [{"role": _ROLES[m.type], "content": str(m.text)} for m in messages]
        with _one_at_a_time:
            try:
                model = self._model()
                parts = model.create_chat_completion(
                    asked, stream=True, temperature=0.2, stop=stop, max_tokens=LONGEST
                )
                yield from _chunks(parts, model, Path(self.path).name)
            except ValueError as error:
                # What it says where ask and reply do not fit, or the file is broken.
                raise ModelError(
                    f"The model in {self.path} cannot answer this ({error}).",
                    code="model-request",
                    kept=KEPT,
                    next="Show it less, or choose another model.",
                ) from None

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = self._stream(messages, stop)
        message = next(chunks).message
        for chunk in chunks:
            message += chunk.message
        return ChatResult(generations=[ChatGeneration(message=message)])


def _chunks(parts: Any, model: Llama, name: str) -> Iterator[ChatGenerationChunk]:
    read = 0
    for part in parts:
        read = read or model.n_tokens  # the ask, before the first token of the reply
        choice = part["choices"][0]
        text = choice["delta"].get("content") or ""
        finish = choice["finish_reason"]
        if text:
            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        if finish:
            about = {"finish_reason": finish, "model_name": name}
            last = AIMessageChunk(
                content="",
                response_metadata=about,
                usage_metadata=UsageMetadata(
                    input_tokens=read,
                    output_tokens=model.n_tokens - read,
                    total_tokens=model.n_tokens,
                ),
                chunk_position="last",
            )
            yield ChatGenerationChunk(message=last)


def _error(message: str) -> ModelError:
    return ModelError(
        message, code="model-unknown", kept=KEPT, next="Write gguf: and the path of a GGUF file."
    )
