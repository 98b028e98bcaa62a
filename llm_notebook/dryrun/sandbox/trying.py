"""Try each tier for real; run by `probing` in a Python of its own."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from llm_notebook.core.preview import Tier
from llm_notebook.dryrun.sandbox import landlock, tiers
from llm_notebook.dryrun.sandbox.entering import enter_tier
from llm_notebook.dryrun.sandbox.policy import Policy


def main() -> None:
    """Print as one line of JSON which tiers hold, and what went wrong with the others."""
    holds, wrong = [], {}
    place = tempfile.mkdtemp(prefix="llm-notebook-try-")
    try:
        os.makedirs(f"{place}/inside")
        for name in ("secret", "inside/data"):
            with open(f"{place}/{name}", "w") as file:
                file.write("there")
        for tier in tiers.ORDER[:-1]:
            error = _forked(tier, place)
            if error:
                wrong[tier] = error
            else:
                holds.append(tier)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    reason = "" if holds else f"the kernel refuses every way ({'; '.join(wrong.values())})."
    print(json.dumps({"holds": holds, "wrong": wrong, "reason": reason}))


def _forked(tier: Tier, place: str) -> str:
    """Try one tier in a fork; what went wrong, or an empty text."""
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            told = _try(tier, Path(place), forth)
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{tier}: {type(error).__name__}: {error} ({where.name})"
        with suppress(OSError):
            os.write(forth, told.encode() or b"\0")
        os._exit(0)
    os.close(forth)
    said = b""
    while part := os.read(back, 65536):
        said += part
    os.close(back)
    os.waitpid(pid, 0)
    return said.decode(errors="replace").strip("\0") if said else f"{tier}: it died"


def _try(tier: Tier, place: Path, keep: int) -> str:
    if tier != "read-only" and not landlock.version():
        return f"{tier}: no Landlock"
    inside = place / "inside"
    scratch = inside if tier == "landlock" else None
    os.chdir(inside)
    hidden = (str(place / "secret"),)
    kept = frozenset({keep})
    enter_tier(Policy(folder=inside, scratch=scratch, hidden=hidden, keep_fds=kept), tier)
    if (inside / "data").read_text() != "there":
        return f"{tier}: the folder cannot be read"
    if tier != "read-only":
        (inside / "made").write_text("made")
        if (inside / "made").read_text() != "made":
            return f"{tier}: what is written cannot be read"
        if _can(lambda: (place / "secret").read_text()):
            return f"{tier}: what is outside can be read"
    if tier != "namespaces" and _can(lambda: (place / "secret").write_text("x")):
        return f"{tier}: what is outside can be written"
    return ""


def _can(act: object) -> bool:
    try:
        act()  # type: ignore[operator]
    except OSError:
        return False
    return True
