"""However a dry run ends, it ends in time, in a sentence, and the kernel answers afterwards."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

from llm_notebook.core.plan import Plan, PlannedCell
from tests.kernel.dry_runs import DryRunKernel, stderr, stdout
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")


@pytest.fixture
def dry(kernel: FrontEnd, home: Path) -> DryRunKernel:
    return DryRunKernel(kernel, home)


def alive(dry: DryRunKernel) -> None:
    assert dry.value("6 * 7") == 42
    end = time.monotonic() + 60
    while dry.state()["children"] and time.monotonic() < end:
        time.sleep(0.1)  # a machine that is out of breath takes its time
    assert dry.state()["children"] == []


def test_at_its_budget_the_line_and_the_outputs_so_far_are_kept(dry: DryRunKernel) -> None:
    shown = dry.preview("\nprint('so far')\nmade = 1\nimport time\ntime.sleep(60)", budget=1.0)
    cell = shown.cells[0]
    assert (shown.status, cell.status, cell.line) == ("budget", "partial", 5)
    assert stdout(shown) == "so far\n"
    assert "made" in [change.name for change in shown.changes]
    assert "1 s" in shown.reason
    endless = dry.preview("n = 0\nwhile True:\n    n += 1", budget=0.5)
    assert endless.status == "budget"
    assert endless.cells[0].line in (2, 3)
    # Deaf: inside a library's code, and with the signals held.
    deaf = (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))\n"
        "while True:\n    pass"
    )
    shown = dry.preview(deaf, budget=0.5)
    assert shown.status == "budget"
    library = "print('in')\n\nsum(range(10**13))"
    shown = dry.preview(library, budget=0.5)
    assert (shown.status, shown.cells[0].line) == ("budget", 3)
    assert stdout(shown) == "in\n"
    alive(dry)


def test_sleeping_is_not_being_stuck_and_a_deadlock_is(dry: DryRunKernel) -> None:
    sleeps = dry.preview(
        "import time, subprocess, threading\ntime.sleep(2.6)\n"
        "subprocess.run(['sleep', '2.6'])\nthreading.Event().wait(2.6)"
    )
    assert sleeps.status == "previewed", sleeps
    stuck = dry.preview(
        "import threading\nprint('before')\nlock = threading.Lock()\n"
        "lock.acquire()\nlock.acquire()",
        budget=40.0,
    )
    assert stuck.status == "refused", stuck
    assert "lock" in stuck.reason
    assert (stuck.cells[0].status, stuck.cells[0].line) == ("partial", 5)
    assert stdout(stuck) == "before\n"
    assert stuck.seconds < 20
    alive(dry)


def test_cancel(dry: DryRunKernel) -> None:
    dry.start("import subprocess\nprint('on')\nsubprocess.run(['sleep', '987'])")
    dry.until(lambda p: p.cells[0].outputs, "its first word")
    dry.silently("__import__('tests.kernel.dry_runs_inside', fromlist=['x']).cancel()")
    shown = dry.over()
    assert (shown.status, shown.cells[0].status) == ("stopped", "partial")
    assert stdout(shown) == "on\n"
    alive(dry)


def test_it_waits_behind_a_busy_cell_and_one_that_awaits(dry: DryRunKernel) -> None:
    for source in ("import time; time.sleep(1.5)", "import asyncio; await asyncio.sleep(1.5)"):
        request = dry.front_end.start(source + "\nfinished = True", cell_id="busy-one")
        dry.front_end.wait(
            lambda request=request: any(
                m["msg_type"] == "execute_input" for m in dry.front_end.of(request)
            ),
            "the cell to begin",
        )
        # From another thread, as the panel's messages arrive on a subshell.
        dry.start_from_outside("print(finished)")
        waiting = dry.until(lambda p: p.waits_for, "what it waits for")
        assert (waiting.status, waiting.waits_for) == ("waiting", "busy-one")
        shown = dry.over()
        assert (shown.status, stdout(shown)) == ("previewed", "True\n")
        dry.front_end.run("del finished")


def test_what_ends_a_process(dry: DryRunKernel) -> None:
    ends = {
        "import os\nprint('a', flush=True)\nos._exit(3)": ("failed", "os._exit(3)"),
        "import ctypes\nprint('a')\nctypes.string_at(0)": ("failed", "SIGSEGV"),
        "import os\nprint('a')\nos.abort()": ("failed", "SIGABRT"),
        "import os, signal\nprint('a')\nos.kill(os.getpid(), signal.SIGKILL)": ("budget", "killed"),
    }
    for source, (status, word) in ends.items():
        shown = dry.preview(source)
        assert shown.status == status, shown
        assert word in shown.reason
        assert (shown.cells[0].status, stdout(shown)) == ("partial", "a\n")
    left = dry.preview("import sys\nprint('a')\nsys.exit(2)")
    assert (left.status, left.cells[0].status) == ("failed", "failed")
    assert left.cells[0].error is not None
    assert left.cells[0].error.name == "SystemExit"
    asked = dry.preview("exit()", "print('never')")
    assert asked.status == "failed"
    assert "end the kernel" in asked.reason
    assert asked.cells[1].status == "waiting"
    alive(dry)


def test_more_output_than_is_kept(dry: DryRunKernel) -> None:
    before = dry.value("int(open('/proc/self/statm').read().split()[1]) * 4096")
    shown = dry.preview(
        "for _ in range(50):\n    print('x' * 1_000_000)\nprint('end')", output=100_000
    )
    (output,) = shown.cells[0].outputs
    assert shown.status == "previewed"
    assert len(output.text) == 100_000
    assert output.cut == 50 * 1_000_001 + 4 - 100_000
    raw = dry.preview("import os\nos.system('head -c 50000000 /dev/zero')", output=100_000)
    assert len(stdout(raw)) == 100_000
    assert raw.cells[0].outputs[0].cut == 49_900_000
    plots = dry.preview("from IPython.display import HTML\nHTML('y' * 300_000)", output=100_000)
    (output,) = plots.cells[0].outputs
    assert "text/html" not in output.data
    assert output.cut == 300_000
    assert dry.value("int(open('/proc/self/statm').read().split()[1]) * 4096") - before < 60e6
    alive(dry)


def test_memory_and_processes(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "kept = []\nwhile True:\n    kept.append(bytearray(1 << 22))", memory=200 << 20
    )
    assert shown.status == "budget", shown
    assert "memory" in shown.reason
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    shown = dry.preview(bomb, budget=2.0)
    assert shown.status == "budget", shown
    alive(dry)


def test_what_runs_in_the_background_ends_with_it(dry: DryRunKernel) -> None:
    number = 1_000_000 + os.getpid()
    shown = dry.preview(
        f"import subprocess, threading, time\nprocess = subprocess.Popen(['sleep', '{number}5'])\n"
        f"escaped = subprocess.Popen(['sleep', '{number}6'], start_new_session=True)\n"
        "slowly = lambda: [time.sleep(0.01) or print(i) for i in range(3)]\n"
        "threading.Thread(target=slowly).start()\n"
        "time.sleep(0.3)\nprint('end')"
    )
    assert (shown.status, stdout(shown)) == ("previewed", "0\n1\n2\nend\n")
    end = time.monotonic() + 30
    while left := commands(f"sleep\0{number}"):  # it is told before it is cleared away
        assert time.monotonic() < end, left
        time.sleep(0.1)
    alive(dry)


def commands(part: str) -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                line = Path(f"/proc/{name}/cmdline").read_text()
            except OSError:
                continue
            found += [line] if part in line else []
    return found


def test_nothing_outlives_a_killed_kernel(dry: DryRunKernel, home: Path) -> None:
    number = 2_000_000 + os.getpid()
    dry.start(f"import subprocess\nprint('on')\nsubprocess.run(['sleep', '{number}'])")
    dry.until(lambda p: p.cells[0].outputs, "its first word")
    assert commands(f"sleep\0{number}")
    pid = dry.front_end.manager.provisioner.pid
    scratch = Path(tempfile.gettempdir()) / f"llm-notebook-{os.getuid()}"
    assert list(scratch.glob(f"dry-{pid}-*"))
    dry.front_end.manager.signal_kernel(signal.SIGKILL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        left = commands(f"sleep\0{number}"), list(scratch.glob(f"dry-{pid}-*"))
        if left == ([], []):
            return
        time.sleep(0.05)
    raise AssertionError(left)


def test_progress_and_streams(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "import sys\nfor i in range(5):\n    print(f'\\rstep {i}', end='')\nprint()\n"
        "print('warned', file=sys.stderr)\nprint('ab\\bc')"
    )
    assert (stdout(shown), stderr(shown)) == ("step 4\nac\n", "warned\n")


def test_several_one_after_the_other(dry: DryRunKernel) -> None:
    cells = (
        PlannedCell("one", "x = 1\nprint(x)"),
        PlannedCell("two", "print(y)", downstream=True),
        PlannedCell("three", "print(x + 1)", downstream=True),
    )
    assert Plan("p", "h", cells).cells == cells
    shown = dry.preview(cells=cells)
    # A later cell that breaks does not hide what the others would show.
    assert [cell.status for cell in shown.cells] == ["ran", "failed", "ran"]
    assert [change.name for change in shown.changes] == ["x"]
    assert stdout(shown, 2) == "2\n"
    after = dry.preview("print(x)", setup=("x = 10\nprint('silent')", "x += 1"))
    assert (after.status, stdout(after)) == ("previewed", "11\n")
    broken = dry.preview("print(x)", setup=("1 / 0",))
    assert broken.status == "refused"
    assert "ZeroDivisionError" in broken.reason


def test_words_that_are_none_end_it(dry: DryRunKernel) -> None:
    shown = dry.preview(
        "import os\nprint('on')\nfor fd in range(3, 500):\n    try:\n"
        '        os.write(fd, b\'{"t": "over", "x": 1}\\n\')\n    except OSError:\n        pass\n'
        "while True:\n    pass"
    )
    assert shown.status == "refused"
    assert "not valid" in shown.reason
    assert stdout(shown) == "on\n"
    alive(dry)


def test_it_starts_between_the_cells_that_wait(dry: DryRunKernel) -> None:
    queued = [
        dry.front_end.start(f"import time; time.sleep(0.5)\nn = {number}", cell_id=f"c{number}")
        for number in range(6)
    ]
    dry.front_end.wait(
        lambda: any(m["msg_type"] == "execute_input" for m in dry.front_end.of(queued[0])),
        "the first cell",
    )
    dry.start_from_outside("print(n)")
    shown = dry.over()
    assert shown.status == "previewed", shown
    assert int(stdout(shown)) < 5
    dry.front_end.run("pass")


def test_from_a_cell_that_runs(dry: DryRunKernel) -> None:
    # As `%llm preview` does in a notebook: the cell may wait for it.
    shown = dry.preview("import asyncio\nawait asyncio.sleep(0)\nprint('here')", here=True)
    assert (shown.status, stdout(shown)) == ("previewed", "here\n")
