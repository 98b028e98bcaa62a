"""A file replaced whole or not at all, and only as it was when it was read.

The new content is written beside the file, brought to the disk and put in the file's
place in one step. Whoever reads the file meanwhile sees the old content or the new one.
A link is followed, so that it stays a link, and the file's mode is kept.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from llm_notebook.core.errors import FileError, StaleError


def save(path: str | os.PathLike[str], data: bytes, *, expects: bytes | None = None) -> None:
    """Put `data` in the place of the file at `path`.

    Parameters
    ----------
    expects : bytes, optional
        What the file must still hold. Two of us that write at once are told apart.

    Raises
    ------
    StaleError
        The file holds something else by now.
    FileError
        It cannot be written.
    """
    name = os.fspath(path)
    with _errors(name):
        target = Path(os.path.realpath(name))
        if target.exists() and not target.is_file():
            raise _refused(name, "it is not a file")
        with _held(target):
            _as_expected(name, target, expects)
            _replace(target, data, lambda: _as_expected(name, target, expects))


def is_one_file(path: str | os.PathLike[str], other: str) -> bool:
    """Whether two paths lead to the same place.

    Raises
    ------
    FileError
        `path` is none that the system can have.
    """
    with _errors(os.fspath(path)):
        return os.path.realpath(path) == os.path.realpath(other)


def _replace(target: Path, data: bytes, check: Callable[[], None]) -> None:
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}")
    try:
        was: os.stat_result | None = os.stat(target)
    except FileNotFoundError:
        was = None
    # Never wider than the old file, not even for a moment; a new one as the user's mask has it.
    mode = 0o666 if was is None else 0o600
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if was is not None:
                _like(was, file.fileno())
            os.fsync(file.fileno())
        check()
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(target.parent)


def _like(was: os.stat_result, descriptor: int) -> None:
    """Give the new file the old one's owner, where that is allowed, and its mode."""
    if hasattr(os, "fchown"):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, was.st_uid, was.st_gid)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(was.st_mode))


def _as_expected(name: str, target: Path, expects: bytes | None) -> None:
    if expects is None:
        return
    try:
        found: bytes | None = target.read_bytes()
    except FileNotFoundError:
        found = None
    if found != expects:
        raise StaleError(
            f"{name} has changed on the disk since it was read.",
            kept="It was left as it is; nothing was written.",
            next="Try again with what it holds now.",
        )


@contextlib.contextmanager
def _held(target: Path) -> Iterator[None]:
    """Let no other process of ours replace the file meanwhile, where the system can say so."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        # Not every network mount has locks.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk as well; not every system lets a folder be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _errors(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise _refused(name, "its folder does not exist") from None
    except PermissionError:
        raise _refused(name, "its folder may not be written by this user") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(name, reason[:1].lower() + reason[1:]) from None


def _refused(name: str, why: str) -> FileError:
    return FileError(
        f"{name} could not be written: {why}.",
        kept="What was there is unchanged.",
        next="Name another place.",
    )
