"""Run code over a namespace in a forked child under a `Watch`, and hand back what it saw."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import msgspec

from llm_notebook.core.preview import ObservedEffects, VariableChange
from llm_notebook.dryrun.observing import Watch


class Seen(msgspec.Struct):
    changes: tuple[VariableChange, ...] = ()
    effects: ObservedEffects = ObservedEffects()
    error: str = ""

    def __getitem__(self, name: str) -> VariableChange:
        return next(change for change in self.changes if change.name == name)

    @property
    def told(self) -> dict[str, str]:
        return {c.name: f"{c.kind}{' in place' * c.in_place}" for c in self.changes}


def watched(
    namespace: dict[str, Any],
    source: str,
    *,
    prepare: Callable[[], None] = lambda: None,
    **options: Any,
) -> Seen:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(100)
        os.close(reader)
        try:
            prepare()
            seen = _watch(namespace, source, options)
        except BaseException:
            seen = Seen(error=traceback.format_exc())
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(msgspec.json.encode(seen))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    seen = msgspec.json.decode(data, type=Seen)
    assert not seen.error, seen.error
    return seen


def _watch(namespace: dict[str, Any], source: str, options: dict[str, Any]) -> Seen:
    namespace["__name__"] = "__main__"
    watch = Watch(namespace, sources=[source], **options)
    error = ""
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except OSError:
        pass  # what a sandbox refuses
    except Exception:
        error = traceback.format_exc()
    changes, effects = watch.finish()
    return Seen(changes, effects, error)
