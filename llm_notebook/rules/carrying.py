"""Predict one cell after the other, each with what the ones before it bind."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache

from llm_notebook.context.source import read_source
from llm_notebook.core.decision import PredictedEffect
from llm_notebook.policy import predict
from llm_notebook.rules.live.syntax import syntax_of

Items = tuple[tuple[str, str], ...]


@lru_cache(maxsize=128)
def _predicted(source: str, known: Items, sources: Items) -> tuple[PredictedEffect, ...]:
    """As `predict`, remembered: a proposal is judged before its dry run and after it."""
    return predict(source, dict(known), dict(sources))


def _frozen(names: Mapping[str, str]) -> Items:
    return tuple(sorted(names.items()))


class Carried:
    """What names stand for as the cells of a proposal run in order.

    Parameters
    ----------
    known, sources : mapping of str to str
        At the start, as `llm_notebook.policy.predict` takes them.
    """

    def __init__(self, known: Mapping[str, str], sources: Mapping[str, str]) -> None:
        self._known = dict(known)
        self._sources = dict(sources)

    def predict(self, source: str, *, is_last: bool = False) -> tuple[PredictedEffect, ...]:
        """The effects of the next cell, and of the notebook's functions that it uses."""
        try:
            effects = _predicted(source, _frozen(self._known), _frozen(self._sources))
            if not is_last:
                self._bind(source)
        except Exception as error:  # what cannot be read is not known
            why = f"reading it failed with {type(error).__name__}"
            return (PredictedEffect("unknown", why=why),)
        return effects

    def _bind(self, source: str) -> None:
        """Names that the cell binds are no longer what they were."""
        facts = read_source(source)
        for name in facts.defines | (facts.touches - facts.assigns):
            self._known.pop(name, None)
            self._sources.pop(name, None)
        syntax = syntax_of(source)
        told: dict[str, tuple[str, str]] = {}
        # What is bound in several ways may be any of them.
        often = set(syntax.assigned)
        for node in syntax.tree.body if syntax.tree else ():
            for name, known, text in _taken(node, source):
                if told.setdefault(name, (known, text)) != (known, text):
                    often.add(name)
        for name, (known, text) in told.items():
            if name in often:
                continue
            if known:
                self._known[name] = known
            else:
                self._sources[name] = text


def _taken(node: ast.stmt, source: str) -> Iterator[tuple[str, str, str]]:
    """Names that a statement binds for certain: what they are, or their source."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, f"module:{alias.name if alias.asname else top}", ""
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            yield alias.asname or alias.name, f"function:{node.module}.{alias.name}", ""
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found = ast.get_source_segment(source, node)
        if found is not None:
            yield node.name, "", found
