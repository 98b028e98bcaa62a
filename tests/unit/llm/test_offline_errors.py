"""Errors that the rules mend or explain, and those that they leave alone."""

from __future__ import annotations

import inspect

import msgspec
import pandas as pd
import pytest

from llm_notebook.core.context import ContextCell, ErrorInfo
from llm_notebook.core.notebook import Cell
from llm_notebook.llm.offline.arguments import ARGUMENTS
from llm_notebook.llm.offline.assistant import answer
from llm_notebook.llm.offline.intent import Example
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.wire import About
from tests.offline import scene


def failing(source, type, message, line="", ask="fix this error", **more):
    asked = scene(Example(ask, "", source, ErrorInfo(type, message, line, cell="target"), **more))
    return answer(asked)


@pytest.mark.parametrize(
    ("source", "type", "message", "why"),
    [
        ("1 / 0", "ZeroDivisionError", "division by zero", "is not among what the rules can mend"),
        ("zzq", "NameError", "name 'zzq' is not defined", "none that is spelt nearly so"),
        ("load", "NameError", "name 'df' is not defined", "gets its value in c1"),
        ("dff = dff + 1", "NameError", "name 'dff' is not defined", "cannot change safely"),
        ("d = {}\nd['speces']", "KeyError", "'speces'", "none that is spelt nearly so"),
        ("x = df\nt('speces')", "KeyError", "'speces'", "cannot change safely"),
        ("df['x'][7]", "KeyError", "7", "is not among what the rules can mend"),
        ("df.haed(); df.haed()", "AttributeError",
         "'DataFrame' object has no attribute 'haed'", "cannot change safely"),
        ("f(x=1)", "TypeError", "f() got an unexpected keyword argument 'x'",
         "no other that the rules know of"),
        ("def f(size): pass\nf(x=1)", "TypeError", "f() got an unexpected keyword argument 'x'",
         "none that is spelt nearly so"),
        ("def f(size): pass\nf(size=1, siz=1)", "TypeError",
         "f() got an unexpected keyword argument 'siz'", "no other that the rules know of"),
        ("df.sort_values('a')", "TypeError",
         "DataFrame.drop() got an unexpected keyword argument 'axs'",
         "no other that the rules know of"),
        ("import x", "ImportError", "cannot import name 'y' from 'x' (x.py)",
         "no other that the rules know of"),
        ("f(", "SyntaxError", "'(' was never closed", "is not among what the rules can mend"),
    ],
)  # fmt: skip
def test_what_is_not_only_misspelt_is_not_mended(source, type, message, why):
    found = failing(source, type, message)
    assert isinstance(found, Refusal), found
    assert why in found.why


@pytest.mark.parametrize(
    ("define", "message", "call", "right"),
    [
        ("def f(size): pass", "f() got an unexpected keyword argument 'siez'", "f(siez=1)", "size"),
        ("class A:\n    def f(self, size): pass\n    def g(self, siege): pass",
         "A.f() got an unexpected keyword argument 'siez'", "a.f(siez=1)", "size"),
        ("class A:\n    def __init__(self, size): pass",
         "A.__init__() got an unexpected keyword argument 'siez'", "A(siez=1)", "size"),
        ("class A:\n    size: int",
         "A.__init__() got an unexpected keyword argument 'siez'", "A(siez=1)", "size"),
        ("def g():\n    def f(*, size): pass\n    return f",
         "g.<locals>.f() got an unexpected keyword argument 'siez'", "f(siez=1)", "size"),
    ],
)  # fmt: skip
def test_an_argument_of_a_function_of_another_cell_is_mended(define, message, call, right):
    error = ErrorInfo("TypeError", message, call, cell="target")
    asked = scene(Example("fix it", "", f"g(siez=2)\n{call}", error))
    cells = list(asked.context.cells)
    cells[0] = ContextCell("c1", Cell("load", "code", define))
    context = msgspec.structs.replace(asked.context, cells=tuple(cells))
    found = answer(msgspec.structs.replace(asked, context=context))
    assert found.code == f"g(siez=2)\n{call.replace('siez', right)}"


@pytest.mark.parametrize(
    ("source", "type", "message", "mended"),
    [
        ("strange(huh=1)", "TypeError",
         "strange() got an unexpected keyword argument 'huh'. Did you mean 'hue'?",
         "strange(hue=1)"),
        ("from scipy.stats import nrm", "ImportError",
         "cannot import name 'nrm' from 'scipy.stats' (x.py). Did you mean: 'norm'?",
         "from scipy.stats import norm"),
    ],
)  # fmt: skip
def test_what_python_says_was_meant_is_taken(source, type, message, mended):
    assert failing(source, type, message).code == mended


def test_what_functions_are_said_to_take_they_take():
    """Those of pandas that say so themselves; others pass on whatever they are given."""
    checked = 0
    for name, arguments in ARGUMENTS.items():
        places = [getattr(place, name, None) for place in (pd, pd.DataFrame, pd.Series)]
        functions = [function for function in places if inspect.isfunction(function)]
        known = [one for f in functions for one in inspect.signature(f).parameters.values()]
        if functions and not any(one.kind is one.VAR_KEYWORD for one in known):
            assert set(arguments) <= {one.name for one in known}, name
            checked += 1
    assert checked >= 30


def test_the_fix_is_in_the_cell_that_raised_it():
    """A function of another cell raised it; an ask in place may not change that cell."""
    asked = scene(Example("fix it", "", "f()"))
    cells = list(asked.context.cells)
    cells[0] = ContextCell("c1", Cell("load", "code", "def f():\n    return dff"))
    error = ErrorInfo("NameError", "name 'dff' is not defined", "return dff", "f, line 2", "target")
    context = msgspec.structs.replace(asked.context, cells=tuple(cells), error=error)
    found = answer(msgspec.structs.replace(asked, context=context))
    assert (found.cell, found.code) == ("c1", "def f():\n    return df")
    scoped = msgspec.structs.replace(asked, context=context, about=About(scope=("c2",)))
    assert "c1, which is not selected" in answer(scoped).why


def test_a_name_inside_a_text_is_changed_rightly_or_not_at_all():
    for source in ('f"ä{dff} {dff!r}"', 'f"""\nä\n  {dff}"""', "f'{len(dff):>{dff}}'"):
        found = failing(source, "NameError", "name 'dff' is not defined")
        if isinstance(found, Plan):
            assert found.code == source.replace("dff", "df")


def test_only_the_error_that_is_quoted_is_passed_over():
    quoted = "Fix this error: KeyError: 'speces'"
    assert isinstance(failing("df['speces']", "KeyError", "'speces'", ask=quoted), Plan)
    for ask in (quoted + " and drop Dream", "Fix this error: KeyError: 'x'", "Fix this TypeError"):
        assert isinstance(failing("df['speces']", "KeyError", "'speces'", ask=ask), Refusal)


def test_an_explanation_says_so_where_it_does_not_know():
    found = failing("x", "RuntimeError", "no", ask="explain this error", wants="text")
    assert "RuntimeError is not among" in found.why
    assert "No error is at hand" in answer(scene(Example("explain this error", ""))).why
    broken = answer(scene(Example("explain this cell", "", "f(", wants="text")))
    assert "cannot be read as Python" in broken.why
