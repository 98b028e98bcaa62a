"""What two sequences have in common, in bounded time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

# Cells of the LCS table, one bit each: 12.5 MB and some milliseconds.
_MAX_TABLE = 100_000_000

Pairs = list[tuple[int, int]]


def common_pairs(xs: Sequence[Hashable], ys: Sequence[Hashable]) -> Pairs:
    """Index pairs of a common subsequence, increasing on both sides.

    The longest one where the tables stay small; else what stands between
    items that occur once on each side.
    """
    return _within(xs, ys, 0, len(xs), 0, len(ys), anchored=False)


def _within(
    xs: Sequence[Hashable],
    ys: Sequence[Hashable],
    x0: int,
    x1: int,
    y0: int,
    y1: int,
    *,
    anchored: bool,
) -> Pairs:
    head: Pairs = []
    while x0 < x1 and y0 < y1 and xs[x0] == ys[y0]:
        head.append((x0, y0))
        x0 += 1
        y0 += 1
    tail: Pairs = []
    while x0 < x1 and y0 < y1 and xs[x1 - 1] == ys[y1 - 1]:
        x1 -= 1
        y1 -= 1
        tail.append((x1, y1))
    tail.reverse()
    return head + _middle(xs, ys, x0, x1, y0, y1, anchored=anchored) + tail


def _middle(
    xs: Sequence[Hashable],
    ys: Sequence[Hashable],
    x0: int,
    x1: int,
    y0: int,
    y1: int,
    *,
    anchored: bool,
) -> Pairs:
    if x0 == x1 or y0 == y1:
        return []
    # What occurs on one side only cannot be common.
    shared = set(xs[x0:x1]) & set(ys[y0:y1])
    left = [i for i in range(x0, x1) if xs[i] in shared]
    right = [j for j in range(y0, y1) if ys[j] in shared]
    if not left:
        return []
    if len(left) * len(right) <= _MAX_TABLE:
        return _lcs(xs, ys, left, right)
    if anchored:
        return []
    return _between_anchors(xs, ys, x0, x1, y0, y1)


def _lcs(
    xs: Sequence[Hashable], ys: Sequence[Hashable], left: list[int], right: list[int]
) -> Pairs:
    from rapidfuzz.distance import LCSseq

    codes: dict[Hashable, str] = {}
    one = "".join([codes.setdefault(xs[i], chr(len(codes))) for i in left])
    two = "".join([codes[ys[j]] for j in right])
    return [
        (left[block.a + k], right[block.b + k])
        for block in LCSseq.opcodes(one, two).as_matching_blocks()
        for k in range(block.size)
    ]


def _between_anchors(
    xs: Sequence[Hashable], ys: Sequence[Hashable], x0: int, x1: int, y0: int, y1: int
) -> Pairs:
    """Anchor on items that occur once on each side, and look again between them."""
    x_count, y_count = Counter(xs[x0:x1]), Counter(ys[y0:y1])
    y_at = {ys[j]: j for j in range(y0, y1) if y_count[ys[j]] == 1}
    unique = [(i, y_at[xs[i]]) for i in range(x0, x1) if x_count[xs[i]] == 1 and xs[i] in y_at]
    keep = increasing([j for _, j in unique])
    pairs: Pairs = []
    for position, (i, j) in enumerate(unique):
        if position in keep:
            pairs += _within(xs, ys, x0, i, y0, j, anchored=True)
            pairs.append((i, j))
            x0, y0 = i + 1, j + 1
    return pairs + _within(xs, ys, x0, x1, y0, y1, anchored=True)


def increasing(values: Sequence[int]) -> set[int]:
    """Positions of a longest strictly increasing subsequence."""
    ends: list[int] = []  # the smallest last value of an increasing run of each length
    at: list[int] = []  # and its position
    before: list[int] = []  # position of what stands before each in its run, or -1
    for position, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            at.append(position)
        else:
            ends[length] = value
            at[length] = position
    keep = set()
    position = at[-1] if at else -1
    while position >= 0:
        keep.add(position)
        position = before[position]
    return keep
