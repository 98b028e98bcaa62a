"""JSON that any reader accepts."""

from __future__ import annotations

import json

import msgspec


def to_json(value: object) -> bytes:
    """A value as JSON in UTF-8.

    A lone surrogate, which a notebook may hold and UTF-8 cannot, becomes U+FFFD,
    as it does in `llm_notebook.core.notebook.cell_hash`.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
