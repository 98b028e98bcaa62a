"""One line that says what a dry run changes, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.preview import FileEffect, Preview, VariableChange, VariableState
from llm_notebook.dryrun.observing.comparing import EQUAL, UNCERTAIN
from llm_notebook.dryrun.observing.watch import SAME_OBJECT

MAX_CHARACTERS = 120
_BETWEEN = " · "
_NAMES = 4


def summarize(preview: Preview) -> str:
    """What a preview changes in one line of about 120 characters.

    What deletes or leaves the machine comes first, then what changes, then what
    is new.

    Returns
    -------
    str
        Such as ``"df 1,000 → 812 rows · creates top · writes out.csv (12 kB)"``;
        empty where nothing changed.
    """
    parts = list(_parts(preview))
    shown: list[str] = []
    for i, part in enumerate(parts):
        rest = len(parts) - i - 1
        more = f"{_BETWEEN}and {rest} more" if rest else ""
        line = _BETWEEN.join([*shown, part])
        if shown and len(line) + len(more) > MAX_CHARACTERS:
            return f"{_BETWEEN.join(shown)}{_BETWEEN}and {len(parts) - i} more"
        shown.append(_cut(part, MAX_CHARACTERS - len(more)))
    return _BETWEEN.join(shown)


def _parts(preview: Preview) -> Iterator[str]:
    effects, changes = preview.effects, preview.changes
    yield from (_file(effect) for effect in effects.files if effect.kind == "deleted")
    hosts = _listed([host.address for host in effects.hosts])
    if hosts:
        is_denied = all(host.denied for host in effects.hosts)
        yield f"contacts {hosts}" + (" (denied)" if is_denied else "")
    processes = _listed([_cut(process.command, 40) for process in effects.processes])
    if processes:
        is_denied = all(process.denied for process in effects.processes)
        yield f"starts {processes}" + (" (denied)" if is_denied else "")
    deleted = _listed([change.name for change in changes if change.kind == "deleted"])
    if deleted:
        yield f"deletes {deleted}"
    yield from (_file(effect) for effect in effects.files if effect.kind == "changed")
    told = [c for c in changes if c.note != EQUAL and not c.note.startswith(SAME_OBJECT)]
    yield from (_change(c) for c in told if c.kind == "changed" and c.note != UNCERTAIN)
    created = [c for c in changes if c.kind == "created"]
    data = [c.name for c in created if not _is_code(c.after)]
    if data:
        yield f"creates {_listed(data)}"
    yield from (_file(effect) for effect in effects.files if effect.kind == "created")
    code = [c.name for c in created if _is_code(c.after)]
    if code:
        yield f"defines {_listed(code)}"
    if effects.environment:
        yield f"reads {_listed(list(effects.environment))} from the environment"
    yield from (f"{c.name} may change" for c in told if c.note == UNCERTAIN)


def _is_code(state: VariableState | None) -> bool:
    return state is not None and state.type in ("function", "class", "module")


def _change(change: VariableChange) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        return f"{change.name} changes"
    if before.type != after.type:
        return f"{change.name} {before.type} → {after.type}"
    parts = []
    if before.shape != after.shape and before.shape and after.shape:
        parts.append(_shapes(before, after))
    if before.columns != after.columns:
        parts += _columns(before, after)
    elif before.dtype != after.dtype:
        parts.append(f"{before.dtype} → {after.dtype}")
    elif before.nulls != after.nulls and None not in (before.nulls, after.nulls):
        parts.append(f"{before.nulls:,} → {after.nulls:,} nulls")
    if parts:
        return f"{change.name} {', '.join(parts)}"
    if before.text != after.text and before.text and after.text:
        return f"{change.name} {_cut(before.text, 30)} → {_cut(after.text, 30)}"
    return f"{change.name} changes in place" if change.in_place else f"{change.name} changes"


def _shapes(before: VariableState, after: VariableState) -> str:
    if len(before.shape) == len(after.shape) == 2:
        (rows, width), (rows_then, width_then) = after.shape, before.shape
        if rows != rows_then and (width == width_then or after.columns):
            return f"{rows_then:,} → {rows:,} rows"
        if after.columns:
            return f"{width_then:,} → {width:,} columns"
    one = "rows" if len(before.shape) == len(after.shape) == 1 and after.dtype else ""
    one = one or ("items" if len(before.shape) == len(after.shape) == 1 else "")
    old, new = (" × ".join(f"{size:,}" for size in s.shape) for s in (before, after))
    return f"{old} → {new} {one}".rstrip()


def _columns(before: VariableState, after: VariableState) -> list[str]:
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    parts = []
    if before.shape != after.shape or old.keys() != new.keys():
        added = [f"+{name}" for name in new if name not in old]
        gone = [f"-{name}" for name in old if name not in new]
        parts += [_listed([*added, *gone])] if added or gone else []
    both = [(old[name], new[name]) for name in new if name in old]
    retyped = [f"{b.name} {a.dtype} → {b.dtype}" for a, b in both if a.dtype != b.dtype]
    parts += retyped[:2]
    if not parts and before.shape == after.shape:
        parts += [
            f"{b.name} {a.nulls:,} → {b.nulls:,} nulls"
            for a, b in both
            if a.nulls != b.nulls and a.nulls is not None and b.nulls is not None
        ][:2]
    return parts


def _file(effect: FileEffect) -> str:
    verb = {"created": "writes", "changed": "changes", "deleted": "deletes"}[effect.kind]
    if effect.kind == "created" and effect.path.endswith("/"):
        verb = "makes"
    size = f" ({size_text(effect.size)})" if effect.size is not None else ""
    return f"{verb} {effect.path}" + (" (denied)" if effect.denied else size)


def size_text(size: int) -> str:
    """Bytes for a person: ``"12 kB"``."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{value:.2g} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return f"{value / 1000:.2g} TB"


def _listed(names: list[str]) -> str:
    if len(names) > _NAMES:
        return f"{', '.join(names[: _NAMES - 1])} and {len(names) - _NAMES + 1} more"
    return ", ".join(names)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: max(1, length - 1)]}…"
