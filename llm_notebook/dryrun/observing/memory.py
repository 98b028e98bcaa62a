"""Whether memory holds what it held before the run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import chain

from llm_notebook.dryrun.observing.pages import ABSENT, PAGE, WRITTEN, Run, digest
from llm_notebook.dryrun.observing.past import NO_DIGEST, Past
from llm_notebook.dryrun.observing.prints import Region

_PIECE = 1 << 20
_FIRST_ROUND = 1 << 18
_MOST = 1 << 25
_SAMPLES = 8
# What nobody touched is not read, so more of it is asked for at a time.
_PIECE_ABSENT = 1 << 26


class Memory:
    """Compares regions of this process with what they were."""

    def __init__(self, past: Past) -> None:
        self._past = past

    def changed(self, regions: Iterable[Region], until: float) -> dict[Region, bool | None]:
        """For each region whether it changed; None where that could not be found out in time.

        Parameters
        ----------
        regions : iterable of (int, int)
            Address and bytes; there in both processes.
        until : float
            Of `time.monotonic`.
        """
        wanted = list(dict.fromkeys(regions))
        if self._past.is_remembered:
            return {region: self._differs(region) for region in wanted}
        found: dict[Region, bool | None] = {}
        is_exact = self._past.pages.is_readable and self._past.pages.is_exact()
        left = {region: self._pieces(region, is_exact=is_exact) for region in wanted}
        quota = _FIRST_ROUND
        while left:
            asked: list[tuple[Region, Run]] = []
            for region, pieces in list(left.items()):
                some = _some(pieces, quota)
                asked += [(region, run) for run in some]
                if not some:
                    found[region] = False
                    del left[region]
            if not asked:
                break
            seconds = until - time.monotonic()
            then = self._past.memory((run for _, run in asked), seconds) if seconds > 0 else None
            if then is None:
                break
            for (region, run), before in zip(asked, then, strict=False):
                if region in left and before != NO_DIGEST and digest(run[1], run[2]) != before:
                    found[region] = True
                    del left[region]
            if len(then) < len(asked):
                break
            quota = min(2 * quota, _MOST)
        return {region: found.get(region) for region in wanted}

    def _differs(self, region: Region) -> bool | None:
        before = self._past.remembered(region)
        return None if before is None else digest(*region) != before

    def _pieces(self, region: Region, *, is_exact: bool) -> Iterator[Run]:
        """What has to be compared, the likely first, in pieces of at most a megabyte."""
        if is_exact:
            # Memory that was given back and mapped anew may look untouched: a few pages
            # are always compared.
            try:
                yield from _cut(chain(_samples(region), self._past.pages.runs(*region)))
                return
            except OSError:
                pass
        yield from _cut([(WRITTEN, *region)])


def _samples(region: Region) -> Iterator[Run]:
    address, size = region
    step = max(PAGE, size // _SAMPLES)
    for place in range(0, size, step):
        yield WRITTEN, address + place, min(256, size - place)


def _cut(runs: Iterable[Run]) -> Iterator[Run]:
    for kind, address, size in runs:
        step = _PIECE_ABSENT if kind == ABSENT else _PIECE
        for place in range(0, size, step):
            yield kind, address + place, min(step, size - place)


def _some(pieces: Iterator[Run], quota: int) -> list[Run]:
    """Pieces of so many bytes together; untouched memory weighs little."""
    some = []
    for piece in pieces:
        some.append(piece)
        quota -= 1 + (piece[2] >> 8) if piece[0] == ABSENT else piece[2]
        if quota <= 0:
            break
    return some
