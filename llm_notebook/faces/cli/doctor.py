"""``llm-notebook doctor``: what works here, what does not, and the remedy."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator

import msgspec

from llm_notebook import __version__
from llm_notebook.faces.cli import checkups
from llm_notebook.faces.cli.check import Check
from llm_notebook.faces.cli.out import Exit, Out

_SIGNS = {"works": ("ok", "32"), "missing": ("--", "33"), "broken": ("!!", "1;31")}


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Try what can be tried without a model over the network, and say what came of it."""
    found = []
    if not out.as_json:
        out.say(
            f"llm_notebook {__version__}, Python {platform.python_version()} ({sys.executable})"
        )
    for check in _all():
        found.append(check)
        if not out.as_json:
            sign, color = _SIGNS[check.state]
            out.say(f"{out.paint(sign, color)}  {check.name}: {check.says}")
            if check.remedy and check.state != "works":
                out.say(f"      → {check.remedy}")
    broken = [check for check in found if check.state == "broken"]
    missing = [check for check in found if check.state == "missing"]
    if out.as_json:
        out.result(
            {
                "version": __version__,
                "python": platform.python_version(),
                "executable": sys.executable,
                "platform": platform.platform(),
                "checks": [msgspec.to_builtins(check) for check in found],
            }
        )
    elif broken:
        out.say(f"\n{len(broken)} of {len(found)} checks failed.")
    else:
        rest = f" What has -- ({len(missing)}) one can do without." if missing else ""
        out.say(f"\nWhat is needed works.{rest}")
    return Exit.NO if broken else Exit.DONE


def _all() -> Iterator[Check]:
    for check in checkups.ALL:
        try:
            yield from check()
        except Exception as error:  # a check that fails is a finding, too
            name = check.__name__.replace("_", " ")
            yield Check(name, "broken", f"could not be checked ({type(error).__name__}: {error})")
