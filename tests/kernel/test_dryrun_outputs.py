"""What a dry run shows is what the cell would show; a real ipykernel."""

from __future__ import annotations

import sys
from base64 import b64decode
from pathlib import Path

import pytest

from tests.kernel.dry_runs import DryRunKernel, stderr, stdout
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")


@pytest.fixture
def dry(kernel: FrontEnd, home: Path) -> DryRunKernel:
    return DryRunKernel(kernel, home)


def test_text_value_and_plot(dry: DryRunKernel) -> None:
    dry.front_end.run("x = 3\n%matplotlib inline\nimport matplotlib.pyplot as plt")
    shown = dry.preview("print('hi', x)\nx + 1", "plt.plot([1, 2]);\nprint('plotted')")
    assert shown.status == "previewed"
    assert [cell.status for cell in shown.cells] == ["ran", "ran"]
    assert stdout(shown) == "hi 3\n"
    assert shown.cells[0].outputs[-1].kind == "result"
    assert shown.cells[0].outputs[-1].data == {"text/plain": "4"}
    (plot,) = [o for o in shown.cells[1].outputs if o.kind == "display"]
    assert b64decode(plot.data["image/png"]).startswith(b"\x89PNG")
    assert shown.isolation is not None


def test_commands_and_processes(dry: DryRunKernel) -> None:
    dry.front_end.run("%%bash\ntrue")  # its helper thread stays behind in the kernel
    shown = dry.preview(
        "import os, subprocess\nprint('first')\nos.system('echo sys')\n!echo from a shell\n"
        "found = !echo kept\nprint(found, _exit_code)",
        "%%bash\necho a\necho b >&2",
    )
    assert shown.status == "previewed", shown
    assert stdout(shown) == "first\nsys\nfrom a shell\n['kept'] 0\n"
    assert (stdout(shown, 1), stderr(shown, 1)) == ("a\n", "b\n")
    assert shown.isolation is not None
    assert shown.isolation.way == "fork"  # not a second try after it was stuck


def test_an_error_with_its_line_and_what_was_shown_before(dry: DryRunKernel) -> None:
    shown = dry.preview("\n\nprint('before')\ndef f():\n    return 1 / 0\nf()", "print('never')")
    assert shown.status == "failed"
    assert [cell.status for cell in shown.cells] == ["failed", "waiting"]
    error = shown.cells[0].error
    assert error is not None
    assert (error.name, error.message, error.line) == ("ZeroDivisionError", "division by zero", 6)
    assert "Cell" in error.traceback
    assert stdout(shown) == "before\n"
    syntax = dry.preview("x = 1\ny = = 2").cells[0].error
    assert syntax is not None
    assert (syntax.name, syntax.line) == ("SyntaxError", 2)


def test_nobody_is_asked_and_nothing_is_installed(dry: DryRunKernel) -> None:
    error = dry.preview("name = input('who? ')").cells[0].error
    assert error is not None
    assert "nobody is there to answer" in error.message
    for source in ("%pip install nothing", "x = 1\n!pip install nothing", "%%bash\npip install no"):
        shown = dry.preview(source)
        assert (shown.status, shown.cells[0].status) == ("refused", "waiting")
        assert "installs packages" in shown.reason
    warned = dry.preview("import warnings\nwarnings.warn('careful')")
    real = dry.front_end.run("import warnings\nwarnings.warn('careful')")
    assert [stderr(warned)] == [m["content"]["text"] for m in real if m["msg_type"] == "stream"]
    error = dry.preview("import subprocess\nsubprocess.run(['pip', 'install', 'x'])").cells[0].error
    assert error is not None
    assert "installs no packages" in error.message


def test_await_in_a_loop_of_its_own(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')",
        "task = asyncio.create_task(asyncio.sleep(0, 'done'))",
        "await task",
        "asyncio.run(asyncio.sleep(0))",
    )
    assert stdout(shown) == "awaited\n"
    assert shown.cells[2].outputs[0].data == {"text/plain": "'done'"}
    error = shown.cells[3].error
    assert error is not None
    assert "cannot be called from a running event loop" in error.message


def test_displays_that_are_updated_cleared_and_rich(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "from IPython.display import HTML, clear_output, display\n"
        "handle = display('first', display_id=True)\nhandle.update('second')",
        "print('gone'); clear_output(wait=True); print('kept')\ndisplay(HTML('<b>bold</b>'))",
        "handle.update('third')",
        "class Many:\n    def _repr_mimebundle_(self, include, exclude):\n"
        "        return {'text/plain': 'm', 'application/json': {'a': [1]}}, {'meta': 1}\nMany()",
    )
    assert shown.status == "previewed", shown
    assert [o.data for o in shown.cells[0].outputs] == [{"text/plain": "'third'"}]
    assert stdout(shown, 1) == "kept\n"
    assert shown.cells[1].outputs[1].data["text/html"] == "<b>bold</b>"
    (many,) = shown.cells[3].outputs
    assert many.data == {"text/plain": "m", "application/json": '{"a": [1]}'}
    assert many.metadata == '{"meta": 1}'


def test_libraries_that_talk_to_the_page(dry: DryRunKernel) -> None:
    told = len(dry.front_end.messages)
    shown = dry.preview(
        "from tqdm import tqdm\nfor i in tqdm(range(3)): pass",
        "import ipywidgets\nslider = ipywidgets.IntSlider(3); slider.value = 5\nslider",
        "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    )
    assert shown.status == "previewed", shown
    bar = stderr(shown)
    assert bar.startswith("100%|")
    assert bar.count("\n") == 1
    assert shown.cells[1].outputs[0].data["text/plain"] == "IntSlider(value=5)"
    assert "<table" in shown.cells[2].outputs[0].data["text/html"]
    new = dry.front_end.messages[told:]
    assert [m["msg_type"] for m in new if m["msg_type"] not in ("status", "execute_input")] == []


def test_figures_left_open_where_nobody_shows_them(dry: DryRunKernel) -> None:
    dry.front_end.run("import matplotlib; matplotlib.use('agg')\nimport matplotlib.pyplot as plt")
    shown = dry.preview("plt.plot([1, 2]);", "x = 1", "plt.title('more');")
    pictures = [[o for o in cell.outputs if "image/png" in o.data] for cell in shown.cells]
    assert [len(found) for found in pictures] == [1, 0, 1]
    assert "left open" in pictures[0][0].metadata


def test_timed_cells_and_functions_of_other_cells(dry: DryRunKernel) -> None:
    dry.front_end.run("def fails():\n    x = 1\n    raise KeyError('k')")
    for source, line in (("%%time\nx = 1\n1 / 0", 3), ("x = 1\n\nfails()", 3)):
        error = dry.preview(source).cells[0].error
        assert error is not None
        assert error.line == line


def test_on_a_sample(dry: DryRunKernel) -> None:
    dry.front_end.run("import numpy as np, pandas as pd\ndf = pd.DataFrame({'a': range(5000)})")
    dry.front_end.run("values, small, same = np.arange(5000), [1] * 5000, df")
    shown = dry.preview("print(len(df), len(values), len(small), same is df)", sample=100)
    assert stdout(shown) == "100 100 5000 True\n"
    assert shown.sampled == "df (5,000 rows), values (5,000 rows) to 100 rows"
    assert shown.changes == ()
    assert dry.value("len(df)") == 5000


def test_what_processes_print_comes_in_its_place(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "import os, sys\nfor i in range(200):\n    print('p', i)\n    os.write(1, b'w %d\\n' % i)"
    )
    expected = "".join(f"p {i}\nw {i}\n" for i in range(200))
    assert stdout(shown) == expected
