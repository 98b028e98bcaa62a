"""The first token of a reply: at a front end of a real kernel, and from LangChain alone.

A scripted HTTP endpoint waits 500 ms and then sends a token every 20 ms. One
side is a front end without a page, from its `ask` to the first `streamed`
message that the session in the kernel sends it; the other is the bare stream
of `langchain-openai`, to its first chunk that holds text. The two take turns;
medians are compared. Two more rows are the first ask of a fresh kernel, whose
worker process is not there yet: at once, and after a person has typed for some
seconds, in which the worker starts. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from llm_notebook.core.notebook import Cell, Snapshot  # noqa: E402
from llm_notebook.core.origin import Origin  # noqa: E402
from llm_notebook.core.protocol import Ask, Survey  # noqa: E402
from llm_notebook.llm.prompt import SYSTEM  # noqa: E402
from tests.kernel.front_end import FrontEnd  # noqa: E402
from tests.llm_http import service  # noqa: E402

BAR = 1.1
FIRST, EVERY = 0.5, 0.02
REPLY = """\
title: Mean price by city
why: One bar for each city, from the table prices.
@@ insert code
```python
prices.groupby("city")["price"].mean().plot.bar()
```
@@ end
"""
PROMPT = "plot the mean price by city"
ORIGIN = Origin(PROMPT, "openai:test-model", target="c")
TYPED = 5.0
CELLS = (
    Cell("a", "markdown", "# Prices"),
    Cell("b", "code", "import pandas as pd\nprices = pd.DataFrame({'city': [], 'price': []})"),
    Cell("c", "code", "prices.head()"),
)


def slow(handler: service.Handler) -> None:
    """The endpoint: a token is about four characters."""
    time.sleep(FIRST)
    handler.begin_stream()
    for start in range(0, len(REPLY), 4):
        handler.send_text(REPLY[start : start + 4])
        time.sleep(EVERY)
    handler.send_text("", "stop")
    handler.end_stream()


def main() -> int:
    """Measure and print; 1 where the bar is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=15, help="runs of each side (default 15)")
    parser.add_argument("--cold", type=int, default=5, help="fresh kernels (default 5)")
    options = parser.parse_args()
    with service.running() as endpoint, tempfile.TemporaryDirectory(prefix="first-token-") as home:
        endpoint.plays(slow)
        os.environ |= {"OPENAI_BASE_URL": endpoint.url, "OPENAI_API_KEY": "sk-of-the-benchmark"}
        bare = bare_stream()
        ours: list[float] = []
        peer: list[float] = []
        with kernel(Path(home)) as page:
            ask(page)  # starts the worker
            bare()
            for run in range(options.runs):
                say(f"run {run + 1} of {options.runs}")
                ours.append(ask(page))
                peer.append(bare())
        cold = []
        for run in range(options.cold):
            say(f"fresh kernel {run + 1} of {options.cold}")
            with kernel(Path(home)) as page:
                cold.append(ask(page))
        typed = []
        for run in range(options.cold):
            say(f"fresh kernel, words typed for {TYPED:g} s, {run + 1} of {options.cold}")
            with kernel(Path(home)) as page:
                page.send(Survey("typing", ORIGIN, Snapshot(CELLS)))
                time.sleep(TYPED)
                typed.append(ask(page))
    print(report(ours, peer, cold, typed))
    return statistics.median(ours) > BAR * statistics.median(peer)


def bare_stream() -> Any:
    """The peer: one model, made once, its connection kept open."""
    from langchain_core.messages import HumanMessage, SystemMessage
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="test-model", max_retries=0)

    def first() -> float:
        began = time.perf_counter()
        stream = model.stream([SystemMessage(SYSTEM), HumanMessage(PROMPT)])
        took = next(time.perf_counter() for chunk in stream if chunk.text) - began
        for _ in stream:
            pass
        return took

    return first


@contextmanager
def kernel(home: Path) -> Iterator[FrontEnd]:
    """A real kernel with a front end that has said hello."""
    from jupyter_client.manager import KernelManager

    with ExitStack() as ends:
        manager: Any = KernelManager(connection_file=str(home / f"{os.urandom(4).hex()}.json"))
        folders = {
            "HOME": home,
            "JUPYTER_DATA_DIR": home / "data",
            "JUPYTER_CONFIG_DIR": home / "config",
            "IPYTHONDIR": home / "ipython",
            "JPY_SESSION_NAME": home / "analysis.ipynb",
            "PYTHONPATH": ROOT,
        }
        environment = os.environ | {name: str(path) for name, path in folders.items()}
        manager.start_kernel(env=environment, cwd=str(home))
        ends.callback(manager.shutdown_kernel, now=True)
        client = manager.blocking_client()
        client.start_channels()
        ends.callback(client.stop_channels)
        client.wait_for_ready(timeout=60)
        page = FrontEnd(client)
        ends.callback(page.close)
        page.open()
        page.expect("welcome")
        yield page


def ask(page: FrontEnd) -> float:
    """Seconds from an ask to the first word of its reply; waits for the whole reply."""
    proposal_id = os.urandom(4).hex()
    message = Ask(proposal_id, ORIGIN, Snapshot(CELLS), 2)
    began = time.perf_counter()
    page.send(message)

    def arrived() -> bool:
        told = [m for m in page.told("streamed") if m["proposal_id"] == proposal_id]
        return bool(told) or any(
            m["proposal"]["id"] == proposal_id and m["proposal"]["problem"]
            for m in page.told("changed")
        )

    page.wait(arrived, "the first word")
    took = time.perf_counter() - began
    settled = page.settled(proposal_id)
    if settled["status"] != "pending":
        sys.exit(f"The ask failed: {settled['problem']}")
    return took


def report(ours: list[float], peer: list[float], cold: list[float], typed: list[float]) -> str:
    """The table and what it was measured with."""
    rows = {
        "`langchain-openai`, bare stream": peer,
        "`llm_notebook`, at the front end": ours,
        f"the same, first ask of a fresh kernel, {TYPED:g} s after the first word typed": typed,
        "the same, first ask of a fresh kernel, nothing typed": cold,
    }
    base = statistics.median(peer)
    lines = ["| first token from | median | slowest | ratio |", "| --- | ---: | ---: | ---: |"]
    for name, times in rows.items():
        if times:
            middle = statistics.median(times)
            lines.append(
                f"| {name} | {middle * 1e3:,.0f} ms | {max(times) * 1e3:,.0f} ms "
                f"| {middle / base:.2f} |"
            )
    names = ("langchain-openai", "langchain-core", "ipykernel", "msgspec")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return "\n".join(
        [
            *lines,
            "",
            f"Medians of {len(ours)} interleaved runs and of {len(cold)} fresh kernels.",
            f"{versions}; Python {platform.python_version()}; {machine}.",
        ]
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
