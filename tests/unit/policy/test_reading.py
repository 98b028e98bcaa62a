"""Places, targets, live variables, sources of functions, and what cannot be read."""

from __future__ import annotations

import pytest

from llm_notebook.policy import assess, predict
from llm_notebook.policy.cells import split


def places(code: str) -> list[tuple[str, str, int | None, int | None]]:
    return [(e.kind, e.target, e.line, e.column) for e in predict(code)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('open("a.txt", "w")', ("writes", "a.txt", 1, 1)),
        ('x = (df\n   .dropna()\n   .to_csv("a.csv"))', ("writes", "a.csv", 3, 5)),
        ('é = "ü"; df.to_csv("a")', ("writes", "a", 1, 13)),
        ('if x:\n\tdf.to_csv("a")', ("writes", "a", 2, 5)),
        ("%matplotlib inline\n\nimport os\nos.remove('a')", ("deletes", "a", 4, 4)),
        ("%%time\nx = 1\nopen('a')", ("reads", "a", 3, 1)),
        ("\n\n%%time\nopen('a')", ("reads", "a", 4, 1)),
        ("%time df.to_csv('a')", ("writes", "a", 1, 10)),
        ("%timeit -n 2 df.to_csv('a')", ("writes", "a", 1, 17)),
        ("%time for i in x: df.to_csv('a')", ("writes", "a", 1, 22)),
        ("%%timeit -n 1 df.to_csv('a')\nx", ("writes", "a", 1, 18)),
        ("x = 1\r\ndf.to_csv('a')", ("writes", "a", 2, 4)),
        ("%%capture\n%%time\ndf.to_csv('a')", ("writes", "a", 3, 4)),
        ("d = '\\d'\nopen('a')", ("reads", "a", 2, 1)),
        ("pd.read_csv('https://h/a.csv')", ("contacts", "https://h/a.csv", 1, 4)),
        ("open('/root/.jupyter/x', 'a')", ("authority", "/root/.jupyter/x", 1, 1)),
        ("folder = 'out'\nopen(folder + '/a', 'w')", ("writes", "out/a", 2, 1)),
        ("%pip install -q a b", ("installs", "a b", 1, 1)),
        ("con.execute('SELECT 1 FROM t')", ("reads", "t", 1, 5)),
        ("con.execute('WITH x AS (DELETE FROM t RETURNING 1) SELECT 1')", ("deletes", "t", 1, 5)),
        ("con.execute(text)", ("writes", "", 1, 5)),
    ],
)
def test_where_it_is_and_where_it_goes(code: str, expected: tuple[str, str, int, int]) -> None:
    assert places(code) == [expected]


def test_reasons_come_gravest_first_with_their_places() -> None:
    found = assess("open('a')\nimport os\nos.remove('/b')")
    assert (found.decision, found.risk) == ("ASK", "high")
    assert [(r.text, r.line, r.column) for r in found.reasons] == [
        ("Deletes files or data: os.remove, /b.", 3, 4),
        ("Reads files or data: open, a.", 1, 1),
    ]
    assert [effect.kind for effect in found.effects] == ["reads", "deletes"]


@pytest.mark.parametrize(
    ("code", "risk"),
    [
        ("x = 1", "none"),
        ("open('data/a.csv')", "low"),
        ("df.to_csv('out/a.csv')", "low"),
        ("open('/etc/passwd')", "high"),
        ("open('../a')", "high"),
        ("open('.env')", "high"),
        ("open('~/a')", "high"),
        ("open('numpy.py', 'w')", "high"),
        ("open('numpy.py')", "low"),
        ("df.to_csv(name)", "high"),
        ("df.to_csv('/a')", "high"),
        ("!ls", "high"),
    ],
)
def test_risk(code: str, risk: str) -> None:
    assert assess(code).risk == risk


@pytest.mark.parametrize(
    "code",
    [
        "def f(:",
        "x = 1\x00",
        "\ud800 = 1",
        "(" * 5000 + ")" * 5000,
        "x" + "+x" * 50_000,
        "x = 1\n" * 100_000,
        ">>> x = 1",
        "[ins] In [1]: x",
        "# x\u2028!ls",
        "x\x0c",
        "x = 1\n   ...: y = 2",
        "In [1]: import os",
        "%time\n" * 100 + "def",
        "f(" + "lambda: " * 500 + "1)",
    ],
)
def test_what_cannot_be_read_is_asked(code: str) -> None:
    found = assess(code)
    assert found.decision == "ASK"
    assert found.reasons


def test_a_fault_of_the_gate_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm_notebook.policy.knowledge.of_path", lambda _: 1 / 0)
    found = assess("import numpy as np\nnp.array(1)")
    assert found.decision == "ASK"
    assert "ZeroDivisionError" in found.reasons[0].text


def test_nothing_at_all_is_let_through() -> None:
    assert assess("").decision == "ALLOW"
    assert assess("# words").decision == "ALLOW"


def test_an_unknown_escape_makes_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert predict("x = '\\d\\w'; y = f'\\s{x}'; z = b'\\q'") == ()
    assert not recwarn.list


def test_escapes_that_are_real_are_read() -> None:
    assert predict('import os\ngetattr(os, "\\x73ystem")("ls")')[0].kind == "starts"


def test_a_magic_in_a_text_stays_text() -> None:
    parts = split("%matplotlib inline\nx = '''\n%run a.py\n!rm b\n'''")
    assert [command.name for command in parts.commands] == ["matplotlib"]


@pytest.mark.parametrize(
    ("known", "code", "kinds"),
    [
        ({"o": "module:os"}, "o.remove('a')", ["deletes"]),
        ({"m": "module:math"}, "m.sqrt(2)", []),
        ({"rm": "function:os.remove"}, "rm('a')", ["deletes"]),
        ({"p": "pathlib.PosixPath"}, "p.rename('b')", ["writes"]),
        ({"p": "pathlib.PosixPath"}, "(p.parent / 'b').unlink()", ["deletes"]),
        ({"df": "pandas.core.frame.DataFrame"}, "df.to_csv('a')", ["writes"]),
        ({"df": "pandas.core.frame.DataFrame"}, "df.rename(columns=str)", []),
        ({"x": "list"}, "x.send", []),
        ({"s": "requests.sessions.Session"}, "s.get('http://h')", ["contacts"]),
        ({"r": "requests.models.Response"}, "r.json()", []),
        ({"helper": "function:__main__.helper", "x": "__main__.Thing"}, "helper(x.size)", []),
        ({"helper": "module:helper"}, "helper.run()", ["unknown", "unknown"]),
        ({"q": "str"}, "df.agg(q)", ["unknown"]),
        ({"m": "sklearn.linear_model._base.LinearRegression"}, "m.fit(X, y).coef_", []),
        ({"b": "_io.BytesIO"}, "df.to_csv(b)", []),
    ],
)
def test_live_variables(known: dict[str, str], code: str, kinds: list[str]) -> None:
    assert [effect.kind for effect in predict(code, known)] == kinds


def test_sources_of_functions_count_where_they_are_used() -> None:
    sources = {
        "save_fig": "def save_fig(name):\n    plt.savefig(name)",
        "twice": "def twice(name):\n    save_fig(name)",
        "pure": "def pure(x):\n    return pure(x - 1)",
    }
    (found,) = predict("x = 1\ntwice('a')", sources=sources)
    assert (found.kind, found.line, found.column) == ("writes", 2, 1)
    assert found.why == "twice, by save_fig, by matplotlib.pyplot.savefig"
    assert predict("pure(3)", sources=sources) == ()
    assert predict("twice = len\ntwice('a')", sources=sources) == ()
    assert predict("save_fig('a')") == ()


def test_sources_that_call_in_circles_end() -> None:
    sources = {f"f{n}": f"def f{n}(): f{n + 1}()" for n in range(9)}
    (found,) = predict("f0()", sources=sources)
    assert found.kind == "unknown"
