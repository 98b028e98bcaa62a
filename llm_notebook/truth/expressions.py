"""What an expression may share with a name, and what a call may change, by their syntax."""

from __future__ import annotations

import ast

from llm_notebook.context.names import MUTATORS, root_name

CHANGE_RECEIVER = MUTATORS | frozenset(
    "fill resize itemset setflags byteswap appendleft extendleft popleft rotate subtract "  # noqa: SIM905
    "intersection_update difference_update symmetric_difference_update move_to_end write seek "
    "read readline readlines send close backward step zero_grad train eval fit_transform "
    "fit_predict fit_resample __setitem__ __delitem__ __iadd__ bit_generator".split()
)
"""Methods that change the object they are called on."""

_CHANGE_FIRST = frozenset(
    "shuffle heappush heappop heapify heappushpop heapreplace insort insort_left insort_right put "  # noqa: SIM905
    "place putmask copyto fill_diagonal put_along_axis setattr delattr setitem delitem next reload "
    "anext".split()
)
"""Functions that change their first argument."""

_DYNAMIC = frozenset(
    "exec eval globals locals vars compile __import__ get_ipython run_cell run_line_magic "  # noqa: SIM905
    "run_cell_magic execfile breakpoint".split()
)
"""Calls that may read or bind any name."""

_CHANCE = frozenset(
    "rand randn random randint random_sample ranf randrange uniform gauss normal normalvariate "  # noqa: SIM905
    "standard_normal choice choices permutation integers getrandbits poisson binomial exponential "
    "multivariate_normal beta gamma".split()
)
_MOMENT = frozenset(
    "now today utcnow perf_counter monotonic process_time time_ns uuid1 uuid4 urandom token_hex "  # noqa: SIM905
    "token_bytes input getpass".split()
)
_SEED_WORDS = frozenset({"random_state", "seed", "rng", "generator"})

_SHARES = frozenset(
    "view reshape ravel transpose squeeze swapaxes get setdefault items values keys iter reversed "  # noqa: SIM905
    "zip enumerate map filter iterrows itertuples to_numpy asarray asanyarray list dict tuple set "
    "frozenset sorted copy memoryview frombuffer from_numpy numpy detach chain partial cast "
    "groupby next pop popitem popleft getattr vars deque defaultdict Counter namedtuple "
    "array_split split min max".split()
)
"""Calls whose result may hold, or be a view of, what they were called on or given."""

_FIXED = frozenset(
    {"shape", "size", "ndim", "dtype", "dtypes", "columns", "index", "name", "names", "empty"}
)
"""Attributes whose value nothing changes in place."""

_ONCE = frozenset({"iter", "zip", "map", "filter", "enumerate", "reversed", "open", "chain"})
_PLAIN_CALLS = frozenset(
    {"len", "int", "float", "str", "bool", "repr", "ord", "chr", "hash", "format", "round", "id"}
)


def shared(value: ast.expr, *, parts: bool = True) -> set[str]:
    """Names of which the value may be, hold or view the object.

    Parameters
    ----------
    parts : bool
        Count a part of an object as the object.
    """
    if isinstance(value, ast.Name):
        return {value.id}
    if isinstance(value, ast.Attribute):
        return shared(value.value) if parts and value.attr not in _FIXED else set()
    if isinstance(value, ast.Subscript):
        return shared(value.value) if parts and not _selects(value.slice) else set()
    if isinstance(value, ast.Starred | ast.Await | ast.NamedExpr):
        return shared(value.value, parts=parts)
    inside: list[ast.expr] = []
    if isinstance(value, ast.IfExp):
        inside = [value.body, value.orelse]
    elif isinstance(value, ast.BoolOp):
        inside = value.values
    elif isinstance(value, ast.Tuple | ast.List | ast.Set):
        inside = value.elts
    elif isinstance(value, ast.Dict):
        inside = [*value.values, *(key for key in value.keys if key)]
    elif isinstance(value, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        made = value.value if isinstance(value, ast.DictComp) else value.elt
        inside = [made, *(part.iter for part in value.generators)]
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        # A list of lists that is added to another holds the same inner lists.
        inside = [part for part in (value.left, value.right) if isinstance(part, _LISTS)]
    elif isinstance(value, ast.Call) and called(value) in _SHARES:
        given = set().union(*(shared(part, parts=parts) for part in _given(value)))
        return given | (receiver(value) if parts else set())
    return set().union(*(shared(part, parts=parts) for part in inside))


_LISTS = ast.Name | ast.List | ast.Tuple | ast.BinOp


def _selects(index: ast.expr) -> bool:
    """Whether an index is a list or a condition, which makes a copy of what it selects."""
    if isinstance(index, ast.List | ast.Compare):
        return True
    if isinstance(index, ast.BinOp):
        return isinstance(index.op, ast.BitAnd | ast.BitOr | ast.BitXor)
    return isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.Invert)


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


def called(call: ast.Call) -> str:
    """The last name of what is called: ``shuffle`` of ``np.random.shuffle``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def arguments(call: ast.Call) -> set[str]:
    """Names that a call hands over."""
    return set().union(*map(shared, _given(call)))


def receiver(call: ast.Call) -> set[str]:
    """The name on whose value a method is called."""
    if isinstance(call.func, ast.Attribute):
        name = root_name(call.func)
        return {name} if name else set()
    return set()


def changed_by(call: ast.Call) -> set[str]:
    """Names whose value a call of a library's function or method changes in place."""
    name = called(call)
    found: set[str] = set()
    in_place = any(
        word.arg == "inplace"
        and not (isinstance(word.value, ast.Constant) and word.value.value is False)
        for word in call.keywords
    )
    if isinstance(call.func, ast.Attribute):
        is_torch = name.endswith("_") and not name.startswith("_")
        if in_place or name in CHANGE_RECEIVER or name.startswith("set_") or is_torch:
            found |= receiver(call)
    if name in _CHANGE_FIRST and call.args:
        found |= shared(call.args[0])
    for word in call.keywords:
        if word.arg == "out":
            found |= shared(word.value)
    return found - {""}


def is_dynamic(call: ast.Call) -> bool:
    """Whether what it runs cannot be read from here."""
    if isinstance(call.func, ast.Name):
        return call.func.id in _DYNAMIC and not (call.func.id == "vars" and call.args)
    return called(call).startswith("run_") and called(call) in _DYNAMIC


def varies(call: ast.Call) -> str | None:
    """The name that a draw by chance goes through, empty where it is none; None: no draw."""
    name = called(call)
    if any(word.arg in _SEED_WORDS for word in call.keywords):
        return None
    if name in _MOMENT or (name == "time" and root_name(call.func) == "time"):
        return ""
    if name == "sample":
        return ""
    if name in _CHANCE:
        return root_name(call.func) if isinstance(call.func, ast.Attribute) else ""
    return None


def is_once(value: ast.expr) -> bool:
    """Whether reading the value uses it up: an iterator, a file."""
    if isinstance(value, ast.GeneratorExp):
        return True
    return isinstance(value, ast.Call) and called(value) in _ONCE


def plain(value: ast.expr) -> frozenset[str] | None:
    """Names that must be plain for the value to be: a number, a text. None: it may be anything."""
    if isinstance(value, ast.Constant | ast.JoinedStr):
        return frozenset()
    if isinstance(value, ast.Name):
        return frozenset({value.id})
    parts: list[ast.expr] = []
    if isinstance(value, ast.BinOp):
        parts = [value.left, value.right]
    elif isinstance(value, ast.UnaryOp):
        parts = [value.operand]
    elif isinstance(value, ast.Compare):
        parts = [value.left, *value.comparators]
    elif isinstance(value, ast.BoolOp):
        parts = value.values
    elif isinstance(value, ast.IfExp):
        parts = [value.body, value.orelse]
    elif isinstance(value, ast.Tuple):
        parts = value.elts
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return frozenset({value.func.id}) if value.func.id in _PLAIN_CALLS else None
    else:
        return None
    found = [plain(part) for part in parts]
    known = [names for names in found if names is not None]
    return frozenset().union(*known) if len(known) == len(found) else None
