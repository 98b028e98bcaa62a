"""What live names stand for: followed to libraries or to source, or found out."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from llm_notebook.policy import predict
from llm_notebook.rules.carrying import Carried
from llm_notebook.rules.live import Looked, look
from llm_notebook.rules.live.syntax import syntax_of

Cell = Callable[[str], None]


@pytest.fixture
def namespace(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The variables of a notebook: those of `__main__`."""
    main = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    return main.__dict__


@pytest.fixture
def cell(namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Cell:
    """Runs a cell as IPython does: statement by statement, its text kept in `linecache`."""
    monkeypatch.setattr(linecache, "cache", dict(linecache.cache))

    def run(source: str) -> None:
        name = f"<ipython-input-{len(linecache.cache)}>"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        for node in ast.parse(source).body:
            exec(compile(ast.Module([node], []), name, "exec"), namespace)

    return run


def looked(namespace: dict[str, Any], *cells: str) -> Looked:
    return look([(f"c{n}", source) for n, source in enumerate(cells)], namespace)


def texts(found: Looked) -> str:
    return " ".join(reason.text for reason in found.findings)


def test_modules_functions_and_types_of_libraries_are_known(
    namespace: dict[str, Any], cell: Cell
) -> None:
    cell(
        "import os\nimport pandas as pd\nfrom os import remove as gone\n"
        "df = pd.DataFrame({'a': [1]})"
    )
    cell("save = df.to_csv\nf = open\nitems = [1]\nread = pd.read_csv")
    found = looked(namespace, "os, pd, gone, df, save, f, items, read")
    assert found.known == {
        "os": "module:os",
        "pd": "module:pandas",
        "gone": "function:os.remove",
        "df": "pandas.DataFrame",
        "save": "function:pandas.DataFrame.to_csv",
        "f": "function:io.open",
        "items": "builtins.list",
        "read": "function:pandas.read_csv",
    }
    assert found.findings == []


def test_functions_and_classes_of_the_notebook_are_read_and_those_that_they_call(
    namespace: dict[str, Any], cell: Cell
) -> None:
    cell(
        "import os\ndef clean(x):\n    os.remove('a')\n    return x\n"
        "def outer(x):\n    return clean(x)"
    )
    cell(
        "class A:\n    def go(self):\n        return outer(1)\n\n"
        "a = A()\nw = lambda x: outer(x)\nitems = [a]"
    )
    cell("from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\nd = D()")
    for source in ("outer(1)", "a.go()", "w(1)", "for x in items:\n    x.go()", "A().go()"):
        found = looked(namespace, source)
        assert found.findings == [], source
        assert "clean" in found.sources
        effects = predict(source, found.known, found.sources)
        assert [effect.kind for effect in effects] == ["deletes"], source
    found = looked(namespace, "print(d.x)")
    assert (found.findings, predict("print(d.x)", found.known, found.sources)) == ([], ())


@pytest.mark.parametrize(
    ("setup", "source", "text"),
    [
        ("def len(x): return 1", "len([])", "a len of its own"),
        ("import os as open", "open('a')", "a open of its own"),
        ("exec('def f(): return 1')", "f()", "code cannot be found"),
        ("import os\ndef f(g=os.remove): return g\n", "f()", "handed earlier"),
        ("def made():\n    import os\n    g = os.remove\n    def f(): return g\n    return f\n"
         "f = made()", "f()", "handed earlier"),
        ("import os\nclass A:\n    def s(self): pass\na = A()\na.go = os.remove",
         "a.go()", "handed"),
        ("import os\nclass A:\n    def s(self): pass\nA.go = os.remove\na = A()",
         "a.go()", "handed"),
        ("class A:\n    def s(self): pass\nexec('def g(self): pass')\nA.s = g\na = A()", "a.s()",
         "code cannot be found"),
        ("import types\nm = types.ModuleType('m')", "m.go()", "not a module of an installed"),
        ("import sys, types\nm = sys.modules['fake_one'] = types.ModuleType('fake_one')",
         "import fake_one", "no installed package"),
        ("def f(x): return x\nf.__code__ = (lambda x: 1).__code__", "f(1)", ""),
        ("C = type('C', (), {'__module__': 'nowhere'})\nc = C()", "c.go()", "no installed package"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_found(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str, text: str
) -> None:
    cell(setup)
    try:
        found = looked(namespace, source)
    finally:
        sys.modules.pop("fake_one", None)
    assert text in texts(found)
    assert found.findings or found.sources


def test_what_an_earlier_cell_put_into_a_library_is_found(
    namespace: dict[str, Any], cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    cell("import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndef mine(*a): return 1")
    assert looked(namespace, "pd.isna(1)", "df.head()").findings == []
    monkeypatch.setattr(pd, "isna", namespace["mine"])
    assert "pd.isna was replaced" in texts(looked(namespace, "pd.isna(1)"))
    assert "p.isna was replaced" in texts(looked(namespace, "import pandas as p\np.isna(1)"))
    monkeypatch.setattr(pd.DataFrame, "head", namespace["mine"])
    assert "df.head was replaced" in texts(looked(namespace, "df.head()"))
    with monkeypatch.context() as patched:
        size = len
        patched.setattr("builtins.len", lambda found: size(found))
        assert "builtin len" in texts(looked(namespace, "len(df)"))
    with monkeypatch.context() as patched:
        real = __import__
        patched.setattr("builtins.__import__", lambda *a, **k: real(*a, **k))
        assert "builtin __import__" in texts(looked(namespace, "1 + 1"))


def test_a_source_that_was_written_over_does_not_count(
    namespace: dict[str, Any], cell: Cell
) -> None:
    cell("def f(x):\n    return __import__('os').remove(x)")
    name = namespace["f"].__code__.co_filename
    linecache.cache[name] = (9, None, ["def f(x):\n", "    return x\n"], name)
    assert "code cannot be found" in texts(looked(namespace, "f(1)"))
    linecache.cache[name] = (lambda: "def f(x): return x",)  # type: ignore[assignment]
    assert "code cannot be found" in texts(looked(namespace, "f(1)"))


def test_nothing_of_the_person_s_is_called(namespace: dict[str, Any], cell: Cell) -> None:
    cell(
        "calls = []\n"
        "def told(name): calls.append(name)\n"
        "class Meta(type):\n"
        "    def __getattribute__(cls, name): told(name); return type.__getattribute__(cls, name)\n"
        "    def __eq__(cls, other): told('eq'); return True\n"
        "    def __hash__(cls): told('hash'); return 1\n"
        "class A(metaclass=Meta):\n"
        "    def __getattribute__(self, name): told(name)\n"
        "    def __getattr__(self, name): told(name)\n"
        "    def __len__(self): told('len'); return 0\n"
        "    def __eq__(self, other): told('eq'); return True\n"
        "    __hash__ = None\n"
        "    @property\n"
        "    def p(self): told('p')\n"
        "a = A()\nitems = [a, {'x': a}]\ncalls.clear()"
    )
    looked(namespace, "a.p.q\nlen(a)\nA.p\nitems[0].p")
    assert namespace["calls"] == []


def test_a_file_beside_the_notebook_is_no_library(
    namespace: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "colorsys.py").write_text("")
    (tmp_path / "aifc_like_name.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert "colorsys is no installed package" in texts(looked(namespace, "import colorsys"))
    assert "aifc_like_name" in texts(looked(namespace, "def f():\n    import aifc_like_name"))
    assert "relative" in texts(looked(namespace, "from . import x"))
    assert looked(namespace, "import json, numpy.linalg, not_there_at_all").findings == []


def test_a_finder_of_the_notebook_s_is_found(
    namespace: dict[str, Any], cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell("class F:\n    def find_spec(self, name, path=None, target=None): return None")
    monkeypatch.setattr(sys, "meta_path", [namespace["F"](), *sys.meta_path])
    assert "how modules are found" in texts(looked(namespace, "1 + 1"))


@pytest.mark.parametrize(
    "first",
    [
        "import os as pd",
        "import pandas as pd\nif 1:\n    import os as pd",
        "import pandas as pd\npd = __import__('os')",
        "import pandas as pd\nfor pd in [__import__('os')]: pass",
        "import pandas as pd\nmatch __import__('os'):\n    case pd: pass",
        "import pandas as pd\nfrom os import path as pd",
    ],
)
def test_a_name_that_the_cell_before_binds_anew_is_no_longer_what_it_was(first: str) -> None:
    carried = Carried({"pd": "module:pandas"}, {})
    carried.predict(first)
    assert carried._known.get("pd") in (None, "module:os")


def test_what_the_cell_before_imports_and_defines_is_known() -> None:
    carried = Carried({}, {})
    carried.predict("import os\nfrom os import remove\ndef clean(x):\n    remove(x)")
    assert [e.kind for e in carried.predict("clean('a')")] == ["deletes"]
    assert [e.kind for e in carried.predict("os.remove('a')")] == ["deletes"]


def test_the_walk_finds_what_is_nested() -> None:
    syntax = syntax_of(
        "with a.b as c:\n    try:\n        x = [d.e for d in f.g(h.i)]\n"
        "    except j.k as l:\n        m: n.o = lambda p=q.r: s.t[u.v]\n"
    )
    names = {name for name, _, _ in syntax.chains}
    assert names == {"a", "d", "f", "h", "j", "n", "q", "s", "u"}
    assert syntax.assigned >= {"c", "x", "d", "l", "m"}
