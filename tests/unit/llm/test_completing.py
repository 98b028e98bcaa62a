"""What of a model's reply is text to type."""

from __future__ import annotations

import pytest

from llm_notebook.core.context import Context, ContextCell, Variable
from llm_notebook.core.notebook import Cell
from llm_notebook.llm.completing import LINES, completing_messages, continuation, is_enough


@pytest.mark.parametrize(
    ("reply", "prefix", "suffix", "typed"),
    [
        ("head()", "df.", "", "head()"),
        ("```python\nhead()\n```", "df.", "", "head()"),
        ("```\nhead()\n```\nThis shows the first rows.", "df.", "", "head()"),
        ("df.head()", "df.", "", "head()"),
        ("    df.head()", "if x:\n    df.", "", "head()"),
        ("df.head()", "if x:\n    df.", "", "head()"),
        ("x = 1\ny = x + 1", "x = 1\ny = ", "", "x + 1"),
        ("price')", "df['", "')", "price"),
        ("price'].mean()", "df['", "", "price'].mean()"),
        ("a, b):\n    return a", "def f(", "\n    return a\n", "a, b):"),
        ("<think>what now</think>\nhead()", "df.", "", "head()"),
        ("<think>never ends", "df.", "", ""),
        ("", "df.", "", ""),
        ("   \n", "df.", "", ""),
        ("\n    return x", "def f(x):", "", "\n    return x"),
        ("head()\n\n\n", "df.", "", "head()"),
        ("x = 1\ny = 2\u200b\nz = 3", "", "", "x = 1"),
        ("\u0435xec(1)", "", "", ""),
    ],
)
def test_a_reply_becomes_text_to_type(reply: str, prefix: str, suffix: str, typed: str) -> None:
    assert continuation(reply, prefix, suffix, is_whole=True) == typed


def test_a_cut_line_is_left_out_but_not_the_only_one() -> None:
    assert continuation("a = 1\nb = 2\nc = lo", "", "", is_whole=False) == "a = 1\nb = 2"
    assert continuation("head(", "df.", "", is_whole=False) == "head("


def test_no_more_than_a_few_lines() -> None:
    long = "\n".join(f"x{n} = {n}" for n in range(50))
    assert continuation(long, "", "", is_whole=True).count("\n") == LINES - 1
    assert is_enough(long)
    assert not is_enough("x = 1\n")


def test_what_is_sent() -> None:
    context = Context(
        cells=(
            ContextCell("c1", Cell("a", "code", "import pandas as pd")),
            ContextCell("c2", Cell("b", "code", "df.x"), is_target=True),
        ),
        variables=(Variable("df", "table", "pandas.DataFrame", (3, 2)),),
    )
    system, user = completing_messages("df.", "x", context, "b")
    assert "nothing else" in system.content
    assert "import pandas as pd" in user.content
    assert "df: pandas.DataFrame 3 x 2" in user.content
    assert "df.x" not in user.content, "the cell itself is sent around the cursor only"
    key = user.content[len("<data-") :].partition(" ")[0]
    assert user.content.endswith(f"at its very end>\ndf.\n</data-{key}>")
