"""Which cell of one notebook is which of another.

By id where both have real ones, then by content, then by likeness. Whatever
the input, the work is bounded: contents are compared through dictionaries and
one table of bits, and likeness looks at a few candidates of each cell and at
a part of each text that shrinks as cells grow many.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.diffing.sequences import common_pairs

# How alike two cells must be, from 0 to 1, to be one cell that was edited.
# Measured on real edits whose ids survived: cells of one notebook that are not
# the same score below 0.36 in 8 of 10 cases, edited ones above 0.57 in 98 of 100.
# Where the neighbours say the same, less likeness is enough.
_ALIKE_IN_PLACE = 0.4
_ALIKE_ELSEWHERE = 0.55
_OTHER_TYPE = 0.8  # likeness counts for less where the type differs
_IN_PLACE_BONUS = 0.2

_ALL_PAIRS = 400  # up to here every pair is a candidate
_NEAR = 3  # beyond, in one gap: those about as far down
_RARE_WORDS = 8  # and those that share a rare word
_COMMON_WORD = 30  # a word in more cells than this says little
_PER_CELL = 5
_WORDS_IN_ALL = 400_000
_WORDS_OF_ONE = 4_000

_WORD = re.compile(r"\w+")


def match(before: Snapshot, after: Snapshot) -> Sequence[int | None]:
    """Pair the cells of two snapshots.

    Returns
    -------
    sequence of int or None
        For each cell of `after` the index of its counterpart in `before`,
        which no other one has; None where it is new.
    """
    pairs: dict[int, int] = {}
    old, new = before.cells, after.cells
    if before.has_ids and after.has_ids:
        ids = [cell.id for cell in old]
        if ids == [cell.id for cell in new]:
            return range(len(ids))
        at = dict(zip(ids, range(len(ids)), strict=True))
        pairs = {j: at[cell.id] for j, cell in enumerate(new) if cell.id in at}
    if not pairs:
        pairs = _ends(old, new)
    left, right = _unpaired(old, new, pairs)
    if left and right:
        pairs.update(_same(left, right, old, new))
        left, right = _unpaired(old, new, pairs)
    if left and right:
        pairs.update(_alike(left, right, old, new, pairs))
    return [pairs.get(j) for j in range(len(new))]


def _ends(old: tuple[Cell, ...], new: tuple[Cell, ...]) -> dict[int, int]:
    """Pair cells of equal content from the first on, and from the last on: most are, mostly."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and _is_same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < shorter - head and _is_same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    shift = len(old) - len(new)
    pairs = {j: j for j in range(head)}
    pairs.update((j, j + shift) for j in range(len(new) - tail, len(new)))
    return pairs


def _is_same(one: Cell, two: Cell) -> bool:
    return one.source == two.source and one.type == two.type


def _unpaired(
    old: tuple[Cell, ...], new: tuple[Cell, ...], pairs: dict[int, int]
) -> tuple[list[int], list[int]]:
    used = set(pairs.values())
    return (
        [i for i in range(len(old)) if i not in used],
        [j for j in range(len(new)) if j not in pairs],
    )


def _same(
    left: list[int], right: list[int], old: tuple[Cell, ...], new: tuple[Cell, ...]
) -> dict[int, int]:
    """Pair cells of equal content: first those in order, then those that moved."""
    xs: list[Hashable] = [(old[i].type, old[i].source) for i in left]
    ys: list[Hashable] = [(new[j].type, new[j].source) for j in right]
    found: dict[int, int] = {}
    # Without repeats the dictionary below finds every pair, in order or not,
    # save blank cells: those have nothing to be known by once out of order.
    blank = any(not old[i].source.strip() for i in left)
    if blank or len(set(xs)) < len(xs) or len(set(ys)) < len(ys):
        found = {right[y]: left[x] for x, y in common_pairs(xs, ys)}
    used = set(found.values())
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for i, x in zip(reversed(left), reversed(xs), strict=True):
        if i not in used and old[i].source.strip():
            waiting[x].append(i)
    for j, y in zip(right, ys, strict=True):
        if j not in found and (stack := waiting.get(y)):
            found[j] = stack.pop()
    return found


def _alike(
    left: list[int],
    right: list[int],
    old: tuple[Cell, ...],
    new: tuple[Cell, ...],
    pairs: dict[int, int],
) -> dict[int, int]:
    """Pair cells that are one cell before and after an edit, the likest first."""
    from rapidfuzz.distance import Indel

    words = Words(max(len(left), len(right)))
    one = {i: words.of(old[i].source) for i in left}
    two = {j: words.of(new[j].source) for j in right}
    gaps = _gaps(left, right, len(old), len(new), pairs)
    in_place = {pair for gap in gaps for pair in _near(*gap)}
    if len(left) * len(right) <= _ALL_PAIRS:
        candidates: Iterable[tuple[int, int]] = ((i, j) for i in left for j in right)
    else:
        candidates = in_place | set(_sharing_rare_words(one, two))
    scored = []
    for i, j in candidates:
        here = (i, j) in in_place
        if not (here or one[i]):
            continue
        weight = 1.0 if old[i].type == new[j].type else _OTHER_TYPE
        need = _ALIKE_IN_PLACE if here else _ALIKE_ELSEWHERE
        score = weight * Indel.normalized_similarity(one[i], two[j])
        if score >= need:
            scored.append((-score - _IN_PLACE_BONUS * here, abs(i - j), i, j))
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, _, i, j in sorted(scored):
        if i not in used and j not in found:
            used.add(i)
            found[j] = i
    return found


class Words:
    """Texts as strings of one character a word, to be compared quickly.

    Letters of unrelated texts agree by chance far more often than words do.
    """

    def __init__(self, texts: int) -> None:
        self._most = max(50, min(_WORDS_OF_ONE, _WORDS_IN_ALL // texts))
        self._codes: dict[str, str] = {}

    def of(self, source: str) -> str:
        """The text's words, each as the same character wherever it stands."""
        # Head and tail of what is too long: about eight characters make a word.
        half = self._most * 4
        if len(source) > 2 * half:
            source = f"{source[:half]} {source[-half:]}"
        found = _WORD.findall(source) or source.split()
        codes = self._codes
        return "".join([codes.setdefault(w, chr(len(codes))) for w in found[: self._most]])


def _gaps(
    left: list[int], right: list[int], old: int, new: int, pairs: dict[int, int]
) -> list[tuple[list[int], list[int]]]:
    """Unpaired cells behind the same paired one, or before the same one."""
    back = {i: j for j, i in pairs.items()}
    gaps = []
    for step in (1, -1):
        by_neighbour: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i, neighbour in _neighbours(left, old, back, step):
            by_neighbour[neighbour][0].append(i)
        for j, neighbour in _neighbours(right, new, pairs, step):
            by_neighbour[pairs.get(neighbour, -1)][1].append(j)
        gaps += [(x, y) for x, y in by_neighbour.values() if x and y]
    return gaps


def _neighbours(
    cells: list[int], count: int, pairs: dict[int, int], step: int
) -> Iterator[tuple[int, int]]:
    """Each of the cells with the nearest paired one before it (after it: step -1), or -1."""
    wanted = set(cells)
    last = -1
    for at in range(count) if step == 1 else range(count - 1, -1, -1):
        if at in pairs:
            last = at
        elif at in wanted:
            yield at, last


def _near(xs: list[int], ys: list[int]) -> Iterator[tuple[int, int]]:
    if len(xs) * len(ys) <= _ALL_PAIRS:
        yield from ((i, j) for i in xs for j in ys)
        return
    for position, j in enumerate(ys):
        middle = position * len(xs) // len(ys)
        for i in xs[max(0, middle - _NEAR) : middle + _NEAR + 1]:
            yield i, j


def _sharing_rare_words(one: dict[int, str], two: dict[int, str]) -> Iterator[tuple[int, int]]:
    cells_with: dict[str, list[int]] = defaultdict(list)
    for i, text in one.items():
        for word in set(text):
            cells_with[word].append(i)
    for j, text in two.items():
        rare = sorted(
            (len(cells_with[word]), word)
            for word in set(text)
            if word in cells_with and len(cells_with[word]) <= _COMMON_WORD
        )
        shared = Counter(i for _, word in rare[:_RARE_WORDS] for i in cells_with[word])
        for i, _ in shared.most_common(_PER_CELL):
            yield i, j
