"""A fingerprint of a value, made alike in two forks, without code of the person's.

Both forks have the same objects at the same addresses. So what is plain goes
into the fingerprint by value, what is opaque by its address, and what is large
(the buffers of arrays, the pointers of a long list) only by where it lies:
whether *that* memory changed is left to the page map.

The walk is bounded by a count of values, never by time, since it has to end at
the same place in both forks.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from hashlib import blake2b
from itertools import islice
from types import NoneType
from typing import Any

from llm_notebook.dryrun.observing import buffers, builtin_memory
from llm_notebook.dryrun.observing.kinds import Kind, kind_of
from llm_notebook.dryrun.observing.pages import digest

INLINE = 1 << 14
"""Bytes below which a buffer's content is part of the fingerprint."""

_MOST = 20_000
_WHOLE = 2_000
_SAMPLE = 200
_DEEPEST = 8
_LONG_TEXT = 200

_BELOW = ("below",)

Region = tuple[int, int]
"""Address and bytes."""


class Print:
    """The fingerprint of one value.

    Attributes
    ----------
    digest : bytes
    regions : list of (int, int)
        Address and bytes of what has to be compared as memory.
    is_whole : bool
        False where a part was left out that may change in place.
    is_plain : bool
        An immutable value or a definition: the same whatever its address.
    """

    def __init__(self, value: object) -> None:
        self.regions: list[Region] = []
        self.is_whole = True
        way = kind_of(type(value)).way
        self.is_plain = way not in ("compound", "address")
        self._parts: list[Any] = []
        self._left = _MOST
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []
        self._stack: list[tuple[object, int]] = [(value, 0)]
        while self._stack:
            item, depth = self._stack.pop()
            self._take(item, depth)
        data = marshal.dumps((self._parts, self.regions), 2)
        self.digest = blake2b(data, digest_size=16).digest()

    def _take(self, value: Any, depth: int) -> None:
        kind = kind_of(type(value))
        way = kind.way
        if way == "number":
            self._plain(value)
        elif way == "text":
            self._text(value)
        elif way == "as text":
            self._parts.append(str(value)[:_LONG_TEXT])
        elif way == "function":
            # What it does, not where it lies: to define it again alike changes nothing.
            code = value.__code__
            self._parts += [code.co_code, repr(code.co_names)]
            self._push((code.co_consts, value.__defaults__, value.__kwdefaults__), depth)
        elif way == "address":
            self._parts.append(id(value))
        else:
            self._compound(value, kind, depth)

    def _plain(self, value: Any) -> None:
        if type(value) is int and value.bit_length() > 4096:
            value = (value.bit_length(), value & 0xFFFFFFFF)
        self._parts.append(value)

    def _text(self, value: str | bytes) -> None:
        # Immutable: of a long one its address, its ends and its length will do.
        if len(value) > _LONG_TEXT:
            self._parts += [id(value), len(value), value[:50], value[-50:]]
        else:
            self._parts.append(value)

    def _compound(self, value: Any, kind: Kind, depth: int) -> None:
        place = self._seen.setdefault(id(value), len(self._seen))
        if place < len(self._seen) - 1:
            self._parts.append(("again", place))
            return
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            self.is_whole = False
            self._parts.append(("beyond", id(value)))
            return
        # Views that are made on the way must not give their address to the next.
        self._kept.append(value)
        self._parts.append(id(kind.cls))
        if kind.base is not None:
            self._container(value, kind.base, depth)
        found = kind.read(value) if kind.read else None
        if found is not None:
            self._buffers(found, depth)
            return
        held = kind.held(value) if kind.cls is not kind.base else {}
        if held:
            self._push([part for pair in held.items() for part in pair], depth)
        elif kind.base is None:
            self._parts.append(id(value))

    def _buffers(self, found: buffers.Held, depth: int) -> None:
        self._parts.append(found.shape)
        for address, size in found.regions:
            self._region(address, size)
        self._push(found.objects, depth)
        self.is_whole = self.is_whole and found.is_whole

    def _region(self, address: int, size: int) -> None:
        if size >= INLINE:
            self.regions.append((address, size))
        elif size > 0:
            self._parts.append(digest(address, size))

    def _container(self, value: Any, base: Any, depth: int) -> None:
        length = base.__len__(value)
        self._parts.append(length)
        if length <= min(_WHOLE, self._left):
            items = list(base.items(value) if base is dict else base.__iter__(value))
            if base is dict:
                items = [part for pair in items for part in pair]
            self._items(items, depth)
            return
        memory = builtin_memory.of(value, base)
        if memory:
            self._region(*memory)
        if base is list or base is tuple:
            step = length // _SAMPLE
            items = [base.__getitem__(value, i) for i in range(0, length, step)]
        elif base is dict:
            items = [part for pair in islice(dict.items(value), _SAMPLE) for part in pair]
        else:
            items = list(islice(base.__iter__(value), _SAMPLE))
        self._items(items, depth)
        # Where the pointers are compared as memory, only what can change in place is unseen.
        if base is tuple or memory:
            self.is_whole = self.is_whole and all(map(_is_immutable, items))
        else:
            self.is_whole = False

    def _items(self, items: list[Any], depth: int) -> None:
        numbers = self._push(items, depth)
        self._left -= len(items) // (20 if numbers == len(items) else 2)

    def _push(self, items: Iterable[Any], depth: int) -> int:
        """Take plain values at once, which most are, and note where the others will belong.

        Compared by identity alone: a metaclass may have an equality of its own, and `id`
        raises an audit event. Returns how many are numbers.
        """
        parts = self._parts
        below: list[tuple[object, int]] = []
        numbers = 0
        for item in items:
            cls: Any = type(item)
            if cls is str or cls is bytes:
                if len(item) > _LONG_TEXT:
                    self._text(item)
                else:
                    parts.append(item)
            elif cls is float or cls is int or cls is bool or cls is NoneType or cls is complex:
                numbers += 1
                self._plain(item)
            else:
                parts.append(_BELOW)
                below.append((item, depth + 1))
        self._stack.extend(reversed(below))
        return numbers


def _is_immutable(value: object) -> bool:
    return kind_of(type(value)).is_fixed
