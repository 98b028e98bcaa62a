"""A call with what its arguments may be."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from llm_notebook.policy.tables.methods import PATH_WORDS
from llm_notebook.policy.values import Value, texts


@dataclass(frozen=True, slots=True)
class Call:
    """A call, its positional arguments and its keywords; ``**more`` is the keyword ``""``."""

    node: ast.Call
    values: tuple[Value, ...]
    keywords: dict[str, Value]

    @classmethod
    def of(
        cls,
        node: ast.Call,
        value: Callable[[ast.expr], Value],
        dicts: Mapping[str, list[ast.Dict]],
    ) -> Call:
        """Read the arguments; a dict after ``**`` that is written out is as good as keywords."""
        if any(word.arg is None for word in node.keywords):
            node = _spread(node, dicts)
        return cls(
            node,
            tuple([value(argument) for argument in node.args]),
            {word.arg or "": value(word.value) for word in node.keywords},
        )

    @property
    def is_open_ended(self) -> bool:
        """Whether arguments come from a list or a dict, so that they are not all seen."""
        return "" in self.keywords or any(isinstance(a, ast.Starred) for a in self.node.args)

    def argument(self, place: int, *names: str) -> ast.expr | None:
        """The argument at a place, or given by one of these names."""
        if place < len(self.node.args):
            return self.node.args[place]
        for word in self.node.keywords:
            if word.arg in names:
                return word.value
        return None

    def value_of(self, node: ast.expr) -> Value | None:
        """What one of the arguments may be."""
        for argument, value in zip(self.node.args, self.values, strict=True):
            if argument is node:
                return value
        for word in self.node.keywords:
            if word.value is node:
                return self.keywords[word.arg or ""]
        return None

    def paths(self) -> Iterator[Value]:
        """What may say where it reads or writes."""
        yield from self.values
        for name, value in self.keywords.items():
            if name in PATH_WORDS:
                yield value

    def target(self) -> str:
        """The first text among what says where; empty where none is known."""
        for value in self.paths():
            found = texts(value)
            if found:
                return found[0][:200]
        return ""


def _spread(node: ast.Call, dicts: Mapping[str, list[ast.Dict]]) -> ast.Call:
    words: list[ast.keyword] = []
    for word in node.keywords:
        given: list[ast.Dict] = []
        if word.arg is None and isinstance(word.value, ast.Dict):
            given = [word.value]
        elif word.arg is None and isinstance(word.value, ast.Name):
            given = dicts.get(word.value.id, [])
        for one in given:
            for key, part in zip(one.keys, one.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    words.append(ast.copy_location(ast.keyword(key.value, part), part))
        if given[:1] != [word.value] or not all(isinstance(k, ast.Constant) for k in given[0].keys):
            words.append(word)
    return ast.copy_location(ast.Call(node.func, node.args, words), node)
