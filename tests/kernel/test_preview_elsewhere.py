"""Previews under the cells of a notebook front end that is not ours: texts and pictures only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")

SOURCE = """from IPython.display import HTML, display
import matplotlib.pyplot as plt
display(HTML('<script>1</script>'))
plt.plot([1, 2])
x.append(2)
print('seen', x)
"""
REPLY = f"title: T\nwhy: w\n@@ insert after last code\n```python\n{SOURCE}```\n@@ end\n"


@pytest.fixture
def alone(kernel: FrontEnd) -> FrontEnd:
    kernel.run("%load_ext llm_notebook")
    said = text_of(kernel.run("%llm level"))
    if "no dry run" in said:
        pytest.skip(said)
    kernel.run("%matplotlib inline")
    kernel.run("x = [1]")
    return kernel


def text_of(messages: list[dict[str, Any]]) -> str:
    found = []
    for message in messages:
        content = message["content"]
        found.append(content.get("text", "") or content.get("data", {}).get("text/plain", ""))
    return "".join(found)


def bundles(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [m["content"]["data"] for m in messages if m["msg_type"].endswith("display_data")]


def test_a_proposal_is_followed_by_its_preview_and_the_kernel_is_as_it_was(
    alone: FrontEnd, scripted: Callable[..., str]
) -> None:
    request = alone.start(f"%%llm --model {scripted(REPLY)}\nplot it")

    def shown() -> bool:
        return any("image/png" in data for data in bundles(alone.of(request)))

    alone.wait(shown, "the picture under the cell that asked")
    found = alone.of(request)
    assert "Preview" in text_of(found)
    assert "seen [1, 2]" in text_of(found)
    previews = [data for data in bundles(found) if "Preview" in data.get("text/plain", "")]
    assert previews
    assert all(set(data) <= {"text/plain"} for data in previews)
    pictures = [data for data in bundles(found) if "image/png" in data]
    assert all(set(data) == {"text/plain", "image/png"} for data in pictures)
    assert not any("<script>" in str(data) for data in bundles(found)[1:] if data in previews)
    assert text_of(alone.run("print(x, 'plt' in globals())")) == "[1] False\n"


def test_on_request_in_a_cell_it_is_that_cells_output(
    alone: FrontEnd, scripted: Callable[..., str]
) -> None:
    alone.run("%llm level propose")
    request = alone.start(f"%%llm --model {scripted(REPLY)}\nplot it")
    alone.wait(lambda: "%llm accept" in text_of(alone.of(request)), "the proposal")
    assert "seen" not in text_of(alone.of(request)).replace("print('seen'", "")
    found = alone.run("%llm preview --budget 30")
    assert "seen [1, 2]" in text_of(found)
    assert any("image/png" in data for data in bundles(found))
    assert not any("text/html" in data for data in bundles(found))
    assert text_of(alone.run("print(x)")) == "[1]\n"


def test_an_interrupt_ends_the_run_and_keeps_what_there_was(
    alone: FrontEnd, scripted: Callable[..., str]
) -> None:
    alone.run("%llm level propose")
    loop = "title: T\n@@ insert after last code\n```python\n{}\n```\n@@ end\n".format(
        "from pathlib import Path\nprint('begun', flush=True)\nwhile True:\n    pass"
    )
    request = alone.start(f"%%llm --model {scripted(loop)}\nloop")
    alone.wait(lambda: "%llm accept" in text_of(alone.of(request)), "the proposal")
    running = alone.start("%llm preview --budget 300")
    alone.wait(lambda: any(m["msg_type"] == "execute_input" for m in alone.of(running)), "it")
    for _ in range(20):
        alone.manager.interrupt_kernel()
        try:
            alone.wait(lambda: alone._idle(running), "its end", timeout=3)
            break
        except AssertionError:
            continue
    assert "a part" in text_of(alone.of(running)) or "no dry run" in text_of(alone.of(running))
    assert text_of(alone.run("print(x)")) == "[1]\n"
