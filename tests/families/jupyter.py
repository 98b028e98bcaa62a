"""What Jupyter and IPython add to Python."""

from tests.families.case import Case, gives_reason, raises, says, shows, texts

CASES = (
    Case(
        "tqdm",
        (
            "import sys\n"
            "for i in tqdm(range(3), file=sys.stdout, bar_format='{n_fmt}/{total_fmt}'):\n"
            "    pass"
        ),
        ("from tqdm import tqdm",),
        needs=("tqdm",),
        check=says("3/3"),
    ),
    Case(
        "ipywidgets",
        (
            "slider = widgets.IntSlider(value=3, description='n')\n"
            "display(slider)\n"
            "print(slider.value)"
        ),
        ("import ipywidgets as widgets",),
        needs=("ipywidgets",),
        check=says("3"),
        same=False,
    ),
    Case("await", "import asyncio\nawait asyncio.sleep(0.05)\nprint('slept')", check=says("slept")),
    Case(
        "async tasks",
        "print(await asyncio.gather(*(twice(n) for n in range(3))))",
        ("import asyncio\nasync def twice(n):\n    await asyncio.sleep(0.01)\n    return 2 * n",),
        check=says("[0, 2, 4]"),
    ),
    Case("%timeit", "%timeit -n 2 -r 2 sum(range(10))", check=says("loop"), same=False),
    Case("%%time", "%%time\nx = 1\nprint('x', x)", check=says("x 1", "Wall time")),
    Case("%who", "%who", ("alpha = 1",), check=says("alpha")),
    Case("%%capture", "%%capture out\nprint('hidden')", check=lambda p: "hidden" not in texts(p)),
    Case(
        "%cd",
        "%cd sub\nimport os\nprint(os.path.basename(os.getcwd()))",
        ("import os\nos.mkdir('sub')",),
        check=says("sub"),
        same=False,
    ),
    Case("%%bash", "%%bash\necho from bash; echo to stderr >&2", check=says("from bash")),
    Case("!cmd", "!echo from the shell", check=says("from the shell")),
    Case(
        "!cmd, its output kept",
        "lines = !echo one; echo two\nprint(lines)",
        check=says("['one', 'two']"),
    ),
    Case(
        "%pip",
        "%pip install requests",
        status=("refused", "failed"),
        check=lambda p: (
            gives_reason("pip")(p)
            or any("pip" in (c["error"] or {}).get("message", "") for c in p["cells"])
        ),
        same=False,
    ),
    Case(
        "input()",
        "name = input('who? ')",
        status=("failed",),
        check=lambda p: p["cells"][0]["error"],
        same=False,
    ),
    Case(
        "HTML and Markdown",
        "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>b</b>'))\nMarkdown('*m*')",
        check=lambda p: shows("text/html")(p) and shows("text/markdown")(p),
    ),
    Case(
        "a display that is updated",
        "h = display('first', display_id='one')\nh.update('second')",
        check=lambda p: says("second")(p) and "first" not in texts(p),
    ),
    Case(
        "clear_output",
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
        check=lambda p: says("stays")(p) and "gone" not in texts(p),
    ),
    Case(
        "an error, with its line",
        "a = 1\nb = 2\nraise KeyError('price')",
        status=("failed",),
        check=lambda p: raises("KeyError")(p) and p["cells"][0]["error"]["line"] == 3,
    ),
    Case(
        "an error in a function of another cell",
        "x = 5\nhalve(0)",
        ("def halve(n):\n    return 1 / n",),
        status=("failed",),
        check=lambda p: raises("ZeroDivisionError")(p) and p["cells"][0]["error"]["line"] == 2,
    ),
    Case(
        "a syntax error",
        "a = 1\nb = = 2",
        status=("failed",),
        check=lambda p: raises("SyntaxError")(p) and p["cells"][0]["error"]["line"] == 2,
    ),
    Case(
        "a warning",
        "import warnings\nwarnings.warn('mind the gap')",
        check=lambda p: "mind the gap" in texts(p),
        same=False,
    ),
    Case("logging", "import logging\nlogging.warning('logged')", check=says("logged"), same=True),
    # The test asks the kernel something in between, so `_` is another then.
    Case("the last value", "_ + 1", ("41",), check=says("42"), same=False),
    Case(
        "random numbers that go on",
        "random.random(), np.random.rand(2)",
        ("import random, numpy as np\nrandom.seed(3); np.random.seed(3)",),
    ),
)
