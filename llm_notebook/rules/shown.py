"""What a cell shows that would act in the page, or call out from it.

A dry run's output is cleaned before anybody sees it. The same output of a real
run is not: JupyterLab trusts what it has seen being run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from llm_notebook.core.preview import CellRun, Output
from llm_notebook.rules.charts import loads

_SCRIPTS = re.compile(r"javascript|ecmascript|vnd\.jupyter\.widget|bokehjs|holoviews")
_MARKUP = re.compile(r"html|svg|xml|markdown|latex")
_ACTS = re.compile(
    r"<\s*(script|iframe|object|embed|form|meta|base|link|frame|portal)\b"
    r"|[\s\"'/]on[a-z]+\s*=|(java|vb)script\s*:|<\s*(set|animate)\b",
    re.I,
)
_CALLS_OUT = re.compile(
    r"\b(src|srcset|href|action|poster|background|ping|data)\s*=\s*[\"']?\s*([a-z+.-]+:)?\\?/\\?/"
    r"|\b(url|image-set)\s*\(\s*[\"']?\s*([a-z+.-]+:)?//|@import"
    r"|!\[[^\]]*\]\(\s*<?([a-z+.-]+:)?//",
    re.I,
)


def acting(runs: Iterable[CellRun]) -> Iterator[str]:
    """What of the outputs acts or calls out, each in a few words."""
    for run in runs:
        for output in run.outputs:
            yield from _of_output(output)


def _of_output(output: Output) -> Iterator[str]:
    for kind, text in output.data.items():
        if _SCRIPTS.search(kind):
            yield f"script or a widget ({kind})"
        elif _MARKUP.search(kind):
            if _ACTS.search(text):
                yield f"script in its output ({kind})"
            if _CALLS_OUT.search(text):
                yield f"an output that loads from or leads to another machine ({kind})"
        elif kind.endswith("json"):
            found = loads(kind, text, output.metadata)
            if found:
                yield f"{found} ({kind})"
    if output.cut and output.data:
        yield "an output that was too long to be read whole"
