"""A dry run leaves the live kernel as it was, and nothing of it reaches a front end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kernel.dry_runs import DryRunKernel
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")

SETUP = """
import logging, os, random, sys, threading, warnings
import numpy as np, pandas as pd
import matplotlib.pyplot as plt
%matplotlib inline
df = pd.DataFrame({"a": range(5)})
values = [1, 2, 3]
import matplotlib
%config InlineBackend.close_figures = False
figure = plt.figure()
random.seed(1); np.random.seed(1)
2 + 3
"""

# Each line changes something of a kernel that it runs in.
CHANGES = """
import decimal, colorsys, wave
df["b"] = 1; df.iloc[0, 0] = 99
values.append(4); new = 1; del figure
os.environ["CHANGED"] = "1"; sys.path.append("/changed"); sys.modules["changed"] = sys
os.chdir("/")
random.random(); np.random.rand(3)
logging.getLogger().setLevel(5); logging.getLogger("changed").addHandler(logging.NullHandler())
plt.figure(); plt.plot([1]); plt.close(1)
sys.setrecursionlimit(3333)
threading.Thread(target=lambda: __import__("time").sleep(30), daemon=True).start()
import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)
import atexit; atexit.register(print, "at exit")
get_ipython().events.register("pre_run_cell", lambda info: None)
sys.displayhook = print
get_ipython().execution_count = 77
__builtins__.print("printed"); print("on stderr", file=sys.stderr)
os.write(1, b"raw"); os.system("echo process")
from IPython.display import display, clear_output, HTML
display(HTML("<b>shown</b>")); clear_output()
get_ipython().kernel.session.send(get_ipython().kernel.iopub_socket, "stream",
                                  {"name": "stdout", "text": "by hand"})
sys.stdout.pub_thread.send_multipart([b"stream.stdout", b"by hand"])
from comm import create_comm; create_comm(target_name="nobody", data={"a": 1})
warnings.warn("warned")
%history
%cd /tmp
%alias changed echo
exit()
1 / 0
"""


def test_the_kernel_is_unchanged(kernel: FrontEnd, home: Path) -> None:
    dry = DryRunKernel(kernel, home)
    kernel.run(SETUP)
    dry.preview("pass")  # what is imported once is there from now on
    before = dry.state()
    told = len([m for m in kernel.messages if m["msg_type"] != "status"])
    database = (home / "ipython" / "profile_default" / "history.sqlite").read_bytes()
    for source in (CHANGES, "\n".join(CHANGES.splitlines()[:-3]), "plt.plot([1])\n%matplotlib agg"):
        shown = dry.preview(source)
        assert shown.status == "failed" if "1 / 0" in source else shown.status, shown
        assert shown.cells[0].status in ("ran", "failed")
        after = dry.state()
        for part in before:
            assert after[part] == before[part], part
    assert (home / "ipython" / "profile_default" / "history.sqlite").read_bytes() == database
    # It still answers, and what came of the dry runs is in no message.
    said = kernel.run("print('alive', values, df.shape, os.getcwd() == os.path.expanduser('~'))")
    texts = [m["content"]["text"] for m in said if m["msg_type"] == "stream"]
    assert texts == ["alive [1, 2, 3] (5, 1) True\n"]
    new = [m for m in kernel.messages if m["msg_type"] != "status"][told:]
    assert new == [m for m in said if m["msg_type"] != "status"]


def test_random_numbers_are_those_that_a_real_run_would_draw(kernel: FrontEnd, home: Path) -> None:
    dry = DryRunKernel(kernel, home)
    kernel.run("import random, numpy as np\nrandom.seed(3); np.random.seed(3)")
    source = "print(random.random(), np.random.rand())"
    (seen,) = dry.preview(source).cells[0].outputs
    (real,) = (m["content"]["text"] for m in kernel.run(source) if m["msg_type"] == "stream")
    assert seen.text == real
