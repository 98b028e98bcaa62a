from __future__ import annotations

import pytest

from llm_notebook.dryrun.sandbox.environment import keeps


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANG", "de_DE.UTF-8"),
        ("LC_ALL", "C"),
        ("SEABORN_DATA", "/usr"),  # a path that exists tells no secret
        ("USE_TORCH", "1"),
        ("SOME_SWITCH", "True"),
    ],
)
def test_what_cannot_be_a_secret_stays(name: str, value: str) -> None:
    assert keeps(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "sk-1"),
        ("AWS_SECRET_ACCESS_KEY_FILE", "/usr"),
        ("DATABASE_URL", "postgres://me:pw@host/db"),
        ("PIN", "123456"),
        ("MY_THING", "/no/such/path-7f3a"),
        ("MY_THING", "canary"),
        ("PYTHON_TOKEN", "1"),
    ],
)
def test_everything_else_goes(name: str, value: str) -> None:
    assert not keeps(name, value)
    assert keeps(name, value, frozenset({name}))
