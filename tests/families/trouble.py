"""Code that does not end, takes too much, or ends the process."""

from tests.families.case import Case, raises, says, texts

CASES = (
    Case(
        "an endless loop",
        "print('begun')\nn = 0\nwhile True:\n    n += 1",
        status=("budget",),
        check=lambda p: says("begun")(p) and p["cells"][0]["line"] in (3, 4),
        same=False,
        budget=2,
    ),
    Case(
        "a long sleep",
        "import time\nprint('begun')\ntime.sleep(600)",
        status=("budget",),
        check=lambda p: says("begun")(p) and p["cells"][0]["line"] == 3,
        same=False,
        budget=3.5,
    ),
    Case("a short sleep", "import time\ntime.sleep(2.6)\nprint('over')", check=says("over")),
    Case(
        "a deadlock",
        "lock.acquire()\nlock.acquire()",
        ("import threading\nlock = threading.Lock()",),
        status=("refused", "stopped", "failed", "budget"),
        check=lambda p: p["seconds"] < 15 and p["reason"],
        same=False,
        budget=30,
    ),
    Case(
        "a lock that a thread of the kernel holds",
        "with lock:\n    print('in')",
        (
            (
                "import threading, time\n"
                "lock = threading.Lock()\n"
                "def hold():\n"
                "    with lock:\n"
                "        time.sleep(60)\n"
                "threading.Thread(target=hold, daemon=True).start()\n"
                "time.sleep(0.2)"
            ),
        ),
        status=("refused", "previewed"),
        check=lambda p: p["seconds"] < 15 and (p["reason"] or p["isolation"]["way"] == "fresh"),
        same=False,
        budget=30,
    ),
    Case(
        "a fork bomb",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        status=("budget", "failed", "stopped", "refused"),
        same=False,
        budget=3,
    ),
    Case(
        "50 MB of print",
        "for i in range(500):\n    print('x' * 100_000)\nprint('end')",
        status=("previewed", "budget"),
        check=lambda p: (
            len(texts(p)) < 8_000_000
            and sum(o["cut"] for c in p["cells"] for o in c["outputs"]) > 0
        ),
        same=False,
    ),
    Case(
        "memory without end",
        "blocks = []\nwhile True:\n    blocks.append(bytearray(50_000_000))",
        status=("failed", "budget"),
        check=lambda p: raises("MemoryError")(p) or "memory" in p["reason"].lower(),
        same=False,
        budget=25,
        memory=600_000_000,
    ),
    Case(
        "sys.exit",
        "import sys\nprint('before')\nsys.exit(3)",
        status=("failed",),
        check=says("before"),
        same=False,
    ),
    Case(
        "os._exit",
        "import os\nprint('before', flush=True)\nos._exit(3)",
        status=("failed",),
        check=lambda p: says("before")(p) and p["reason"],
        same=False,
    ),
    Case(
        "a segfault",
        "import ctypes\nprint('before', flush=True)\nctypes.string_at(0)",
        status=("failed",),
        check=lambda p: p["reason"],
        same=False,
    ),
    Case(
        "endless recursion",
        "def f():\n    return f()\nf()",
        status=("failed",),
        check=raises("RecursionError"),
    ),
    Case(
        "a thread in the background",
        (
            "import threading, time\n"
            "done = []\n"
            "t = threading.Thread(target=lambda: done.append(1)); t.start(); t.join()\n"
            "print(done)"
        ),
        check=says("[1]"),
    ),
    Case(
        "a thread that does not end",
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
            "print('left')"
        ),
        check=says("left"),
        same=False,
    ),
    Case(
        "a thread of the kernel that goes on",
        "print('ok', seen[-1] >= 0)",
        (
            (
                "import threading, time\n"
                "seen = [0]\n"
                "def count():\n"
                "    while True:\n"
                "        seen[-1] += 1\n"
                "        time.sleep(0.01)\n"
                "threading.Thread(target=count, daemon=True).start()"
            ),
        ),
        check=says("ok True"),
        same=False,
        moving=("seen", "count"),
    ),
    Case(
        "a process in the background",
        "import subprocess\np = subprocess.Popen(['sleep', '600'])\nprint('started', p.pid > 0)",
        status=("previewed", "failed"),
        same=False,
    ),
    Case(
        "multiprocessing",
        (
            "import multiprocessing as mp\n"
            "with mp.get_context('fork').Pool(2) as pool:\n"
            "    print(pool.map(abs, [-1, -2]))"
        ),
        status=("previewed", "failed"),
        check=lambda p: p["status"] == "failed" or says("[1, 2]")(p),
        same=False,
    ),
    Case(
        "concurrent.futures with threads",
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(4) as pool:\n"
            "    print(list(pool.map(abs, [-1, -2])))"
        ),
        check=says("[1, 2]"),
    ),
)
