"""Outputs of a real run and of a preview, in one form that can be compared.

What is evened out, and why, stands in `NORMALISATIONS`; nothing else is.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from typing import Any

NORMALISATIONS = {
    "address": "memory addresses such as 0x7f01…",
    "cell file": "the file name and number that the kernel gives a cell",
    "timing": "what %time and %timeit print",
    "carriage return": "text that a carriage return overwrote, as JupyterLab shows it",
    "image": "PNG images are compared by their pixels",
    "stream": "stdout and stderr are compared each for itself, displays in their order",
}

_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_CELL_FILE = re.compile(r"\S*/ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|Cell In ?\[?\d*\]?")
_TIMING = re.compile(
    r"(CPU times:.*|Wall time:.*|.*per loop \(mean.*|.*loops? each\)|The slowest run.*)"
)


def text(value: str) -> str:
    """A text without what differs from run to run by its nature."""
    value = _TIMING.sub("TIMING", value)
    return _CELL_FILE.sub("CELL", _ADDRESS.sub("0xADDRESS", value))


def folded(value: str) -> str:
    """A stream as it is shown: what a carriage return overwrites is gone."""
    lines = []
    for line in value.split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown)
    return "\n".join(lines)


def bundle(data: dict[str, Any]) -> dict[str, str]:
    """A MIME bundle: texts evened out, images as a digest of their pixels."""
    return {mime: _content(mime, value) for mime, value in sorted(data.items())}


def _content(mime: str, value: Any) -> str:
    if mime == "image/png":
        return pixels(value if isinstance(value, str) else "".join(value))
    if mime.endswith("json"):
        parsed = json.loads(value) if isinstance(value, str) else value
        return text(json.dumps(parsed, sort_keys=True))
    return text(value if isinstance(value, str) else "".join(value))


def pixels(encoded: str) -> str:
    """A digest of an image's size and pixels; of its bytes where it cannot be read."""
    data = encoded.encode()
    try:
        from PIL import Image

        data = base64.b64decode(encoded)
        image = Image.open(io.BytesIO(data))
        data = repr(image.size).encode() + image.convert("RGBA").tobytes()
    except Exception:
        pass
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def of_preview(cell: dict[str, Any]) -> dict[str, Any]:
    """One `CellRun`, as JSON."""
    streams = {"stdout": "", "stderr": ""}
    shown = []
    for output in cell["outputs"]:
        if output["kind"] in streams:
            streams[output["kind"]] += output["text"]
        else:
            shown.append([output["kind"], bundle(output["data"])])
    error = cell["error"] and [cell["error"]["name"], text(cell["error"]["message"])]
    return _even(streams, shown, error)


def of_messages(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """What a kernel sent on IOPub for one cell."""
    streams = {"stdout": "", "stderr": ""}
    shown: list[list[Any]] = []
    places: dict[str, int] = {}
    error = None
    clears = False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind in ("stream", "display_data", "execute_result", "error") and clears:
            streams, shown, clears = {"stdout": "", "stderr": ""}, [], False
        if kind == "stream":
            streams[content["name"]] += content["text"]
        elif kind in ("display_data", "execute_result"):
            name = content.get("transient", {}).get("display_id")
            if name:
                places[name] = len(shown)
            shown.append(
                ["display" if kind == "display_data" else "result", bundle(content["data"])]
            )
        elif kind == "update_display_data":
            name = content.get("transient", {}).get("display_id")
            if name in places and places[name] < len(shown):
                shown[places[name]][1] = bundle(content["data"])
        elif kind == "clear_output":
            if content.get("wait"):
                clears = True
            else:
                streams, shown = {"stdout": "", "stderr": ""}, []
        elif kind == "error":
            error = [content["ename"], text(content["evalue"])]
    return _even(streams, shown, error)


def _even(streams: dict[str, str], shown: list[Any], error: Any) -> dict[str, Any]:
    even = {name: text(folded(value)) for name, value in streams.items()}
    return {**even, "shown": shown, "error": error}
