"""A preview as the trace keeps it: what happened, without the data. And how much one weighs."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from llm_notebook.core.preview import CellRun, Output, Preview, VariableState

_MOST = 30
"""Changes, effects and cells of one preview that are written down, each."""
_LONGEST = 300
"""Characters of one text."""


def traced(preview: Preview, *, is_automatic: bool) -> dict[str, Any]:
    """What the trace says of a dry run: at most a few kilobytes, and no output, only its digest."""
    effects = preview.effects
    body: dict[str, Any] = {
        "status": preview.status,
        "reason": _text(preview.reason),
        "summary": _text(preview.summary),
        "edits_hash": preview.edits_hash,
        "automatic": is_automatic,
        "seconds": round(preview.seconds, 3),
        "budget": preview.budget,
        "sampled": preview.sampled,
        "isolation": preview.isolation.name if preview.isolation else "",
        "tier": preview.isolation.tier if preview.isolation else "",
        "cells": [_cell(run) for run in preview.cells[:_MOST]],
        "changes": [
            {
                "name": _text(change.name),
                "kind": change.kind,
                "in_place": change.in_place,
                "before": _state(change.before),
                "after": _state(change.after),
            }
            for change in preview.changes[:_MOST]
        ],
        "files": [_built(effect, "path") for effect in effects.files[:_MOST]],
        "processes": [_built(effect, "command") for effect in effects.processes[:_MOST]],
        "hosts": [_built(effect, "address") for effect in effects.hosts[:_MOST]],
        "environment": [_text(name) for name in effects.environment[:_MOST]],
        "downstream": [found.cell for found in preview.downstream[:_MOST]],
    }
    counts = {
        "cells": len(preview.cells),
        "changes": len(preview.changes),
        "files": len(effects.files),
        "processes": len(effects.processes),
        "hosts": len(effects.hosts),
        "environment": len(effects.environment),
        "downstream": len(preview.downstream),
    }
    left_out = {name: count - _MOST for name, count in counts.items() if count > _MOST}
    body["left_out"] = left_out
    return {key: value for key, value in body.items() if value not in ("", [], {}, False)}


def weight(preview: Preview) -> int:
    """About how many characters a preview takes on the wire."""
    return 1000 + sum(
        200 + len(output.text) + sum(map(len, output.data.values()))
        for run in preview.cells
        for output in run.outputs
    )


def _cell(run: CellRun) -> dict[str, Any]:
    found: dict[str, Any] = {
        "cell": run.cell,
        "status": run.status,
        "seconds": round(run.seconds, 3),
        "downstream": run.downstream,
        "outputs": [_output(output) for output in run.outputs[:5]],
    }
    if run.error is not None:
        found["error"] = {
            "name": _text(run.error.name),
            "message": _text(run.error.message),
            "line": run.error.line,
        }
    return {key: value for key, value in found.items() if value not in ([], False)}


def _output(output: Output) -> dict[str, Any]:
    """Its kind and a digest, by which a later run can be compared."""
    digest = hashlib.sha256(output.text.encode("utf-8", "replace"))
    for kind in sorted(output.data):
        digest.update(f"\n{kind}\n{output.data[kind]}".encode("utf-8", "replace"))
    return {
        "kind": output.kind,
        "types": sorted(output.data)[:5],
        "size": len(output.text) + sum(map(len, output.data.values())),
        "sha256": digest.hexdigest()[:16],
    }


def _state(state: VariableState | None) -> str:
    if state is None:
        return ""
    shape = " × ".join(f"{size:,}" for size in state.shape)
    return _text(" ".join(filter(None, (state.type, shape, state.dtype))))


def _built(effect: msgspec.Struct, name: str) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(effect)
    return {**built, name: _text(built[name])}


def _text(text: str) -> str:
    """A text of unreviewed code for the trace: short, and without secrets."""
    from llm_notebook.context import redact  # with the first dry run, not at start-up

    found, _ = redact(text[: 4 * _LONGEST])
    return found if len(found) <= _LONGEST else f"{found[: _LONGEST - 1]}…"
