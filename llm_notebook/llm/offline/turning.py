"""Bars that lie instead of standing, and the other way: what belonged to x belongs to y then.

Of pandas and matplotlib. A call on the axes that is not known here may speak of
one of them in its own way, so it leaves the cell as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.sourcecode import SourceCode, root, texts

_PAIRS = (
    "xlabel ylabel", "xlim ylim", "xticks yticks", "xscale yscale", "xticklabels yticklabels",
    "xbound ybound", "xmargin ymargin", "invert_xaxis invert_yaxis", "axhline axvline",
    "axhspan axvspan", "hlines vlines", "xaxis yaxis", "xerr yerr", "bottom left", "logx logy",
    "sharex sharey", "x y", "xmin ymin", "xmax ymax", "height width",
)  # fmt: skip
_PARTNER = {
    name: other for pair in _PAIRS for a, b in [pair.split()] for name, other in ((a, b), (b, a))
}
_METHODS = (
    "xlabel xlim xticks xscale xticklabels xbound xmargin invert_xaxis axhline axhspan hlines "
    "get_xaxis"
)
_SWAPPED = {
    name
    for first in _METHODS.split()
    for bare in (first, _PARTNER.get(first, first.replace("xaxis", "yaxis")))
    for name in (bare, f"set_{bare}", f"get_{bare}")
}
_NEUTRAL = (
    "set_title title suptitle legend figure subplots subplot show savefig tight_layout bar_label "
    "close get_figure gcf gca clf set_facecolor set_axisbelow get_legend subplots_adjust"
)
# Methods that name the axis in an argument, with the other arguments that are the same for both.
_BY_AXIS = {
    "tick_params": "axis rotation labelrotation labelsize size length width color colors which",
    "grid": "axis visible which color linestyle linewidth alpha ls lw zorder",
    "ticklabel_format": "axis style scilimits useOffset",
    "margins": "x y",
}
_SET = (
    "title facecolor axisbelow xlabel xlim xticks xscale xticklabels xbound xmargin "
    "ylabel ylim yticks yscale yticklabels ybound ymargin"
)
_LOOKS = (
    "color edgecolor linewidth label align alpha log ecolor capsize error_kw hatch zorder lw ec fc "
    "facecolor"
)
_OF_MATPLOTLIB = f"{_LOOKS} tick_label data x height width bottom left xerr yerr y"
_OF_PANDAS = (
    f"{_LOOKS} kind ax figsize title legend colormap cmap stacked grid fontsize position "
    "use_index rot xlabel ylabel xlim ylim xticks yticks xerr yerr bottom left logx logy "
    "sharex sharey x y width"
)
# Which columns are drawn, and how thick the bars are, pandas calls the same for both.
_STAYS = ("x", "y", "width")
_OF_LINES = "color linestyle linewidth ls lw c alpha label zorder xmin xmax ymin ymax x y"
_OF_TICKERS = "set_major_formatter set_major_locator set_minor_locator set_visible grid"
_OF_RESULTS = "remove savefig tight_layout set_title set_visible"


def turned(code: SourceCode, *, horizontal: bool) -> bool:
    """Make the bars of a cell lie or stand; False where there are none, or something is unclear."""
    return _Turn(code, "bar" if horizontal else "barh").made()


class _Turn:
    def __init__(self, code: SourceCode, old: str) -> None:
        self._code, self._old = code, old
        self._new = "barh" if old == "bar" else "bar"
        self._above = {
            id(child): node for node in code.nodes() for child in ast.iter_child_nodes(node)
        }
        self._calls = [
            node
            for node in code.nodes()
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        self._axes = set(self._named_axes())
        self._bars = [call for call in self._calls if self._is_bars(call)]

    def made(self) -> bool:
        names = [node for node in self._code.nodes() if isinstance(node, ast.Name)]
        return (
            bool(self._bars)
            and all(self._turn(call) for call in self._bars)
            and all(self._follow(call) for call in self._calls if call not in self._bars)
            and all(self._is_known(name) for name in names)
        )

    def _named_axes(self) -> Iterator[str]:
        yield "plt"
        for node in self._code.nodes():
            match node:
                case ast.Assign(
                    targets=[target], value=ast.Call(func=ast.Attribute(attr=attr)) as call
                ):
                    match attr, target:
                        case "subplots", ast.Tuple(elts=[_, ast.Name(id=name)]):
                            yield name
                        case (("gca" | "add_subplot" | "axes" | "subplot"), ast.Name(id=name)):
                            yield name
                        case _, ast.Name(id=name) if _is_pandas(call):
                            yield name

    def _is_bars(self, call: ast.Call) -> bool:
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr == self._old:
            return _is_pandas(call) or self._is_axes(call.func.value)
        return call.func.attr == "plot" and _kind(call) == self._old

    def _is_axes(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and (node.id in self._axes or node.id == "ax")

    def _turn(self, call: ast.Call) -> bool:
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr == self._old:
            self._code.put_attribute(call.func, self._new)
        pandas = _is_pandas(call)
        known = (_OF_PANDAS if pandas else _OF_MATPLOTLIB).split()
        for number, keyword in enumerate(call.keywords):
            if keyword.arg not in known:
                return False
            if keyword.arg == "kind":
                self._code.put(keyword.value, quoted(self._new))
            elif keyword.arg == "rot":
                self._leave_out(call, number)
            elif not (pandas and keyword.arg in _STAYS):
                self._swap_argument(keyword)
        return True

    def _leave_out(self, call: ast.Call, number: int) -> None:
        """The labels of lying bars need no turn."""
        code, keyword = self._code, call.keywords[number]
        before = [*call.args, *(k.value for k in call.keywords[:number])]
        start, end = code.start(keyword), code.end(keyword.value)
        if before:
            start = code.end(before[-1])
        elif len(call.keywords) > 1:
            end = code.start(call.keywords[number + 1])
        code.changes.append((start, end, ""))

    def _swap_argument(self, keyword: ast.keyword) -> None:
        if keyword.arg in _PARTNER:
            start = self._code.start(keyword)
            end = start + len(keyword.arg)
            self._code.changes.append((start, end, _PARTNER[keyword.arg]))

    def _follow(self, call: ast.Call) -> bool:
        """Change another call with the bars; False where it is not clear what it does to them."""
        func = call.func
        assert isinstance(func, ast.Attribute)
        if _is_pandas(call) or func.attr in ("autofmt_xdate", "hist", "boxplot", "barplot"):
            return False
        if func.value in self._bars:
            return self._follow_method(call, func)
        if root(func) not in self._axes and root(func) != "ax":
            return not any(self._is_axes(k.value) for k in call.keywords)
        match func.value:
            case ast.Name():
                return self._follow_method(call, func)
            case ast.Attribute(attr="xaxis" | "yaxis", value=of) if self._is_axes(of):
                return func.attr in _OF_TICKERS.split()
            case ast.Attribute(attr="style" | "rcParams" | "figure"):
                return True
            case ast.Subscript(value=ast.Attribute(attr="spines"), slice=which):
                return {str(t.value) for t in texts(which)} == {"top", "right"}
            case ast.Call():
                return func.attr in _OF_RESULTS.split()
        return False

    def _follow_method(self, call: ast.Call, func: ast.Attribute) -> bool:
        name, given = func.attr, [keyword.arg or "" for keyword in call.keywords]
        if name in _NEUTRAL.split():
            return True
        if name in _BY_AXIS:
            return set(given) <= set(_BY_AXIS[name].split()) and self._swap_axis(call)
        if name == "set":
            if not set(given) <= set(_SET.split()) or call.args:
                return False
        elif name in _SWAPPED:
            if "loc" in given or "" in given:
                return False
            bare = name.removeprefix("set_").removeprefix("get_")
            if bare[:2] in ("ax", "hl", "vl") and not set(given) <= set(_OF_LINES.split()):
                return False
            self._code.put_attribute(func, name.removesuffix(bare) + _PARTNER[bare])
        else:
            return False
        for keyword in call.keywords:
            self._swap_argument(keyword)
        return True

    def _swap_axis(self, call: ast.Call) -> bool:
        """``axis="x"``, or the margins ``x=0.1``."""
        places = [keyword.value for keyword in call.keywords if keyword.arg == "axis"]
        if call.args and not (
            isinstance(call.args[0], ast.Constant) and call.args[0].value is True
        ):
            places += call.args
        for place in places:
            value = place.value if isinstance(place, ast.Constant) else None
            if value not in ("x", "y", "both"):
                return False
            self._code.put(place, quoted(_PARTNER.get(str(value), str(value))))
        for keyword in call.keywords:
            if keyword.arg in ("x", "y"):
                self._swap_argument(keyword)
        return True

    def _is_known(self, name: ast.Name) -> bool:
        """Whether axes stand where what is done to them is seen; ``ax.xaxis`` is changed."""
        if not self._is_axes(name) or isinstance(name.ctx, ast.Store):
            return True
        above = self._above[id(name)]
        match above:
            case ast.Attribute(attr="xaxis" | "yaxis" as attr):
                self._code.put_attribute(above, _PARTNER[attr])
                return True
            case ast.Attribute(attr=attr):
                is_called = isinstance(self._above[id(above)], ast.Call)
                return is_called or attr in ("containers", "figure", "style", "rcParams", "spines")
            case ast.keyword(arg="ax"):
                return self._above[id(above)] in self._bars
        return isinstance(above, ast.Expr)


def _is_pandas(call: ast.Call) -> bool:
    """Whether a call is ``x.plot.kind(...)`` or ``x.plot(kind=...)`` of a table or a column."""
    func = call.func
    if not isinstance(func, ast.Attribute):
        return False
    if isinstance(func.value, ast.Attribute) and func.value.attr == "plot":
        return True
    is_named = isinstance(func.value, ast.Name) and func.value.id in ("plt", "ax")
    return func.attr == "plot" and not is_named


def _kind(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return ""
