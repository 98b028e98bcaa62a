"""What a cell defines, touches and uses."""

from __future__ import annotations

import warnings

import pytest

from llm_notebook.context.source import NOTHING, is_prompt, read_source


@pytest.mark.parametrize(
    ("source", "defines", "touches", "uses"),
    [
        ("x = y + 1", "x", "", "y"),
        ("df = df.dropna()", "df", "", "df"),
        ("df['a'] = 1", "", "df", "df"),
        ("df.name = z", "", "df", "df z"),
        ("df.sort_values('a', inplace=True)", "", "df", "df"),
        ("df.head()", "", "", "df"),
        ("model.fit(X)", "", "model", "model X"),
        ("n += k", "", "n", "n k"),
        ("import numpy as np, os.path", "np os", "", ""),
        ("if c:\n    x = 1\nprint(x)", "", "x", "c x print"),
        ("for i in rows:\n    total = i", "i total", "", "rows"),
        ("[a for a in b if c]", "", "", "b c"),
        ("f = lambda p: p + q", "f", "", "q"),
        ("def f(a, b=d):\n    c = a\n    return c + g(b)", "f", "", "d g"),
        ("def f():\n    return h()\ndef h(): pass", "f h", "", ""),
        ("def f():\n    global n\n    n = 1", "f", "n", ""),
        ("class A(B):\n    x = y", "A", "", "B y"),
        ("try:\n    f()\nexcept E as e:\n    print(e)", "", "", "f E print"),
        ("with open(p) as f:\n    pass", "f", "", "open p"),
        ("(n := len(x))", "n", "", "len x"),
        ("match v:\n    case [a, *_]:\n        b = a", "a b", "", "v"),
        ("random.shuffle(x)", "", "x", "random x"),
        ("s = '''\n%not a magic\n'''\nt = s", "s t", "", ""),
    ],
)
def test_python(source: str, defines: str, touches: str, uses: str) -> None:
    facts = read_source(source)

    assert facts.defines == set(defines.split())
    assert facts.touches == set(touches.split())
    assert facts.uses == set(uses.split())


@pytest.mark.parametrize(
    ("source", "defines", "uses"),
    [
        ("%matplotlib inline\nx = 1", "x", ""),
        ("files = !ls {folder}\nfiles", "files", ""),
        ("!cat {path} $other\nx = 1", "x", "path other"),
        ("df?\nx = 1", "x", ""),
        ("?df.head\nx = 1", "x", ""),
        ("%time x = f(y)", "x", "f y"),
        ("%timeit -n 10 f(y)", "", "f y"),
        ("%%time\nx = y", "x", "y"),
        ("%%capture out\nx = y", "x out", "y"),
        ("if ok:\n    !pip install x\n    y = 1", "", "ok"),
        ("pip install pandas\nx = y", "x", "pip install pandas y"),
    ],
)
def test_ipython(source: str, defines: str, uses: str) -> None:
    facts = read_source(source)

    assert facts.defines == set(defines.split())
    assert facts.uses == set(uses.split())


@pytest.mark.parametrize("source", ["%%bash\nx=1\necho $y", "%%llm\nplot df", "%%html\n<b>", ""])
def test_other_languages_take_no_part(source: str) -> None:
    assert read_source(source) == NOTHING


@pytest.mark.parametrize(
    "source",
    ["x = (\n" * 300, "x =\0 1", "-" * 5000 + "1", "+".join(["a"] * 5000), "df = load((", "\ud800"],
)
def test_what_python_cannot_read_does_not_raise(source: str) -> None:
    read_source(source)


def test_a_broken_cell_still_takes_part() -> None:
    facts = read_source("df = load(path\nx = = 3 (")

    assert "path" in facts.uses
    assert "df" in facts.touches


def test_nothing_is_printed_in_the_persons_notebook() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        facts = read_source(r"""a = "\d \w \ " + f"\N{EM DASH}{b} \{c}" + rf"$\mu={d}$" + '\\' """)

    assert not [w for w in caught if issubclass(w.category, SyntaxWarning | DeprecationWarning)]
    assert {"b", "c", "d"} <= facts.uses
    assert facts.defines == {"a"}


def test_import_cells() -> None:
    assert read_source("%matplotlib inline\nimport a\nfrom b import c").only_imports
    assert not read_source("import a\na.run()").only_imports
    assert not read_source("!dot x").only_imports
    assert read_source("from a import *").star


def test_prompt_cells() -> None:
    assert is_prompt("%%llm\nplot")
    assert is_prompt("\n%%llm --model x\nplot")
    assert not is_prompt("%%llmx\n")
    assert not is_prompt("x = '%%llm'")
