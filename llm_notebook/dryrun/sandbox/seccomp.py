"""Seccomp: which system calls are refused, checked by the kernel before each of them.

A filter is a program for the kernel's classic BPF machine (``Documentation/
userspace-api/seccomp_filter.rst``). Here it is a table: each call is refused
always, or where one of its arguments has certain values. A filter can look at
numbers only, never at what a pointer points to; so paths are Landlock's part.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable
from typing import NamedTuple

from llm_notebook.dryrun.sandbox.numbers import ARCHITECTURE, FIRST_UNKNOWN, NUMBERS
from llm_notebook.dryrun.sandbox.system import call

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_LOAD, _AND = 0x20, 0x54
_EQUAL, _GREATER_EQUAL, _RETURN = 0x15, 0x35, 0x06
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16


class Test(NamedTuple):
    """Refuse where an argument, cut to 32 bits and masked, has or lacks certain values.

    Attributes
    ----------
    argument : int
        Its position, from 0.
    values : tuple of int
    among : bool
        Refuse where it is one of `values`; otherwise where it is none of them.
    mask : int
    error : int
        What the caller is told; 0 pretends that the call was made.
    high : bool
        Look at the upper half of the argument instead.
    """

    argument: int
    values: tuple[int, ...]
    among: bool = True
    mask: int = 0xFFFFFFFF
    error: int = errno.EPERM
    high: bool = False


def unless(argument: int, *values: int, mask: int = 0xFFFFFFFF) -> Test:
    """Refuse unless the argument is one of these."""
    return Test(argument, values, among=False, mask=mask)


def where(argument: int, *values: int, mask: int = 0xFFFFFFFF, error: int = errno.EPERM) -> Test:
    """Refuse where the argument is one of these."""
    return Test(argument, values, mask=mask, error=error)


def any_of(argument: int, bits: int) -> Test:
    """Refuse where the argument has any of these bits."""
    return Test(argument, (0,), among=False, mask=bits)


def non_zero(argument: int) -> tuple[Test, Test]:
    """Refuse where the argument, 64 bits wide, is not 0."""
    low = Test(argument, (0,), among=False)
    return low, low._replace(high=True)


_INSTRUCTION = struct.Struct("=HBBI")  # code, jump if true, jump if false, value


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("first", ctypes.c_char_p)]


_Code = list[tuple[int, int, int, int]]


def _refuse(error: int) -> tuple[int, int, int, int]:
    return (_RETURN, 0, 0, _ERRNO | error)


def _one(test: Test) -> _Code:
    offset = _FIRST_ARGUMENT + 8 * test.argument + (4 if test.high else 0)
    code: _Code = [(_LOAD, 0, 0, offset)]
    if test.mask != 0xFFFFFFFF:
        code.append((_AND, 0, 0, test.mask))
    if test.among:
        for value in test.values:
            code += [(_EQUAL, 0, 1, value), _refuse(test.error)]
        return code
    for place, value in enumerate(test.values):
        code.append((_EQUAL, len(test.values) - place, 0, value))  # over the refusal
    code.append(_refuse(test.error))
    return code


class Filter:
    """The refusals in the making; what is not named is allowed."""

    def __init__(self) -> None:
        self._always: dict[int, int] = {}
        self._tests: dict[int, list[Test]] = {}

    def refuse(self, names: str | Iterable[str], error: int = errno.EPERM) -> None:
        """Refuse these calls always; names that this machine does not have are passed over."""
        for name in names.split() if isinstance(names, str) else names:
            if name in NUMBERS:
                self._always[NUMBERS[name]] = error

    def refuse_number(self, number: int, error: int = errno.EPERM) -> None:
        """Refuse the call with this number."""
        self._always[number] = error

    def test(self, names: str, *tests: Test) -> None:
        """Refuse these calls where one of the tests says so."""
        for name in names.split():
            if name in NUMBERS:
                self._tests.setdefault(NUMBERS[name], []).extend(tests)

    def program(self) -> _Code:
        """The filter's instructions: code, jump if true, jump if false, value."""
        code: _Code = [
            (_LOAD, 0, 0, _ARCH),
            (_EQUAL, 1, 0, ARCHITECTURE),
            _refuse(errno.ENOSYS),
            (_LOAD, 0, 0, _NUMBER),
            # The calls of x32 have high numbers, so they are refused here too.
            (_GREATER_EQUAL, 0, 1, FIRST_UNKNOWN),
            _refuse(errno.ENOSYS),
        ]
        for number, error in sorted(self._always.items()):
            code += [(_EQUAL, 0, 1, number), _refuse(error)]
        for number, tests in sorted(self._tests.items()):
            if number in self._always:
                continue
            body = [step for test in tests for step in _one(test)]
            body.append((_RETURN, 0, 0, _ALLOW))
            code += [(_EQUAL, 0, len(body), number), *body]
        code.append((_RETURN, 0, 0, _ALLOW))
        return code

    def enforce(self) -> None:
        """Install the filter in this process and all that it starts, for good."""
        code = self.program()
        packed = b"".join(_INSTRUCTION.pack(*step) for step in code)
        program = _Program(len(code), packed)
        call("seccomp", 1, 0, ctypes.byref(program))


def available() -> bool:
    """Whether this kernel and this machine have filters that can refuse a call."""
    if not ARCHITECTURE:
        return False
    action = ctypes.c_uint32(_ERRNO)
    try:
        return call("seccomp", 2, 0, ctypes.byref(action)) == 0
    except OSError:
        return False
