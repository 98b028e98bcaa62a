"""What is let through is read as IPython will run it: cells mutated at random, compared."""

from __future__ import annotations

import ast
import random
import re
import warnings

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from llm_notebook.policy import cells, predict
from tests.unit.policy.snippets import families

# Statements behind `%time` and odd escapes stand in our tree in another form.
BASES = [
    code
    for snippets in families("harmless").values()
    for code in snippets
    if "%time" not in code.replace("%%time", "") and "\\" not in code
]
PIECES = [
    "\n%matplotlib inline\n",
    "%matplotlib inline\n",
    "\n%who\n",
    "\n    %who\n",
    "\n!ls\n",
    "\nx = !ls\n",
    "\nx = %who\n",
    "%%time\n",
    "%%capture\n",
    "\nf?\n",
    "?",
    "'''",
    '"""',
    "\\\n",
    ">>> ",
    "... ",
    "In [1]: ",
    "   ...: ",
    "\n    ",
    "\n",
    "  ",
    "%",
    "!",
    "(",
    ")",
    "#",
    ";",
    ",",
    "/",
    "\u2028",
    "\x0c",
    "\r",
]
ROUNDS = 3000


class Magics(ast.NodeTransformer):
    """Each magic that IPython wrote as a call becomes ``pass`` or None, as we mask it."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if _is_magic(node.value) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Constant(None) if _is_magic(node) else self.generic_visit(node)


def _is_magic(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node).startswith("get_ipython().run_line")


def mutated(chance: random.Random) -> str:
    code = chance.choice(BASES)[:400]
    for _ in range(chance.randint(1, 4)):
        at = chance.choice([0, chance.randrange(len(code) + 1)])
        code = code[:at] + chance.choice(PIECES) + code[at:]
    return code


def differs(code: str) -> bool:
    """Whether a cell that is let through means something else to IPython."""
    if predict(code):
        return False
    parts = cells.split(code)
    if parts.tree is None:  # a cell magic: its body is read as a cell of its own
        return any(differs(one.body) for one in parts.commands if one.body)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            real = ast.parse(TransformerManager().transform_cell(code))
        except SyntaxError:
            return False  # it does not run
    return ast.dump(Magics().visit(real)) != ast.dump(Magics().visit(parts.tree))


def test_what_is_let_through_means_the_same_to_ipython() -> None:
    chance = random.Random(20261130)
    found = [code for code in (mutated(chance) for _ in range(ROUNDS)) if differs(code)]
    assert found == []


def test_the_comparison_notices_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_PROMPTS", re.compile("never"))
    chance = random.Random(20261130)
    assert any(differs(mutated(chance)) for _ in range(ROUNDS))
