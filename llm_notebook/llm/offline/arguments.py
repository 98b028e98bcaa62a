"""The arguments by name that functions take: those of the notebook, and often used ones.

A list for the same reason as in `members`: the assistant imports no library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from llm_notebook.llm.offline.sourcecode import SourceCode, parsed

_DRAWN = (
    "color alpha label linewidth linestyle marker markersize edgecolor facecolor hatch zorder "
    "visible clip_on"
)
_TEXT = (
    "fontsize fontweight fontstyle fontfamily color rotation alpha horizontalalignment "
    "verticalalignment ha va loc pad labelpad fontdict zorder"
)
_AXES = (
    "title xlabel ylabel xlim ylim xticks yticks xticklabels yticklabels xscale yscale aspect "
    "facecolor axisbelow"
)
_PANDAS_PLOT = (
    f"{_DRAWN} kind x y ax subplots sharex sharey layout figsize use_index title grid legend style "
    "logx logy loglog xticks yticks xlim ylim xlabel ylabel rot fontsize colormap colorbar yerr "
    "xerr stacked secondary_y position width bins bottom autopct startangle"
)
_READ = (
    "sep delimiter header names index_col usecols dtype engine converters skiprows skipfooter "
    "nrows na_values keep_default_na parse_dates date_format dayfirst thousands decimal comment "
    "encoding quotechar compression chunksize low_memory on_bad_lines"
)
_SEABORN = "data x y hue palette hue_order color legend ax"
_FIGURE = "figsize dpi facecolor edgecolor layout num"

_FUNCTIONS = {
    # pandas
    "sort_values": "by axis ascending inplace kind na_position ignore_index key",
    "sort_index": "axis level ascending inplace kind na_position ignore_index key",
    "groupby": "by level as_index sort group_keys observed dropna",
    "drop": "labels axis index columns level inplace errors",
    "drop_duplicates": "subset keep inplace ignore_index",
    "duplicated": "subset keep",
    "dropna": "axis how thresh subset inplace ignore_index",
    "fillna": "value axis inplace limit",
    "rename": "index columns axis inplace level errors",
    "reset_index": "level drop inplace names",
    "set_index": "keys drop append inplace verify_integrity",
    "merge": "left right how on left_on right_on left_index right_index sort suffixes indicator "
    "validate",
    "join": "other on how lsuffix rsuffix sort validate",
    "concat": "objs axis join ignore_index keys names verify_integrity sort",
    "sample": "n frac replace weights random_state axis ignore_index",
    "describe": "percentiles include exclude",
    "value_counts": "subset normalize sort ascending bins dropna",
    "nlargest": "n columns keep",
    "nsmallest": "n columns keep",
    "rolling": "window min_periods center win_type on closed step",
    "resample": "rule closed label convention on level origin offset",
    "pivot": "columns index values",
    "pivot_table": "values index columns aggfunc fill_value margins dropna margins_name observed "
    "sort",
    "melt": "id_vars value_vars var_name value_name ignore_index",
    "astype": "dtype copy errors",
    "replace": "to_replace value inplace regex",
    "quantile": "q axis numeric_only interpolation method",
    "corr": "method min_periods numeric_only",
    "apply": "func axis raw result_type args",
    "shift": "periods freq axis fill_value",
    "interpolate": "method axis limit inplace limit_direction",
    "to_datetime": "arg errors dayfirst yearfirst utc format exact unit origin",
    "to_numeric": "arg errors downcast",
    "date_range": "start end periods freq tz normalize name inclusive",
    "cut": "x bins right labels retbins precision include_lowest duplicates ordered",
    "qcut": "x q labels retbins precision duplicates",
    "get_dummies": "data prefix prefix_sep dummy_na columns drop_first dtype",
    "crosstab": "index columns values rownames colnames aggfunc margins margins_name normalize",
    "read_csv": f"filepath_or_buffer {_READ}",
    "read_table": f"filepath_or_buffer {_READ}",
    "read_excel": "io sheet_name header names index_col usecols dtype engine skiprows nrows "
    "na_values parse_dates date_format thousands decimal comment skipfooter",
    "read_json": "orient typ dtype convert_dates encoding lines compression nrows",
    "to_csv": "sep na_rep float_format columns header index index_label mode encoding compression "
    "quoting quotechar date_format decimal",
    "to_excel": "sheet_name na_rep float_format columns header index index_label startrow startcol "
    "engine freeze_panes",
    "to_json": "orient date_format date_unit lines compression index indent mode",
    # matplotlib, and pandas' plots
    "plot": _PANDAS_PLOT,
    "line": _PANDAS_PLOT,
    "area": _PANDAS_PLOT,
    "bar": f"{_PANDAS_PLOT} height align tick_label capsize",
    "barh": f"{_PANDAS_PLOT} height left align tick_label capsize",
    "hist": f"{_PANDAS_PLOT} range density weights cumulative histtype align orientation rwidth "
    "log column by",
    "box": f"{_PANDAS_PLOT} vert",
    "scatter": f"{_PANDAS_PLOT} s c cmap norm vmin vmax linewidths edgecolors",
    "pie": f"{_PANDAS_PLOT} explode labels colors pctdistance shadow labeldistance radius "
    "counterclock wedgeprops textprops",
    "boxplot": f"{_SEABORN} column by notch vert positions widths patch_artist showmeans "
    "showfliers tick_labels order orient saturation width whis fliersize linewidth grid figsize",
    "figure": _FIGURE,
    "subplots": f"nrows ncols sharex sharey squeeze width_ratios height_ratios {_FIGURE}",
    "set": _AXES,
    "title": f"label {_TEXT}",
    "set_title": f"label {_TEXT}",
    "suptitle": _TEXT,
    "xlabel": _TEXT,
    "ylabel": _TEXT,
    "set_xlabel": _TEXT,
    "set_ylabel": _TEXT,
    "xticks": f"ticks labels minor {_TEXT}",
    "yticks": f"ticks labels minor {_TEXT}",
    "text": f"x y s {_TEXT}",
    "annotate": f"text xy xytext xycoords textcoords arrowprops {_TEXT}",
    "legend": "handles labels loc bbox_to_anchor ncols fontsize title frameon",
    "savefig": "fname dpi format bbox_inches pad_inches facecolor transparent",
    "axhline": f"y xmin xmax {_DRAWN}",
    "axvline": f"x ymin ymax {_DRAWN}",
    "fill_between": f"x y1 y2 where interpolate step {_DRAWN}",
    "grid": f"visible which axis {_DRAWN}",
    "imshow": "cmap norm aspect interpolation alpha vmin vmax origin extent",
    # seaborn
    "barplot": f"{_SEABORN} order estimator errorbar orient saturation width dodge capsize",
    "countplot": f"{_SEABORN} order orient saturation stat width dodge",
    "violinplot": f"{_SEABORN} order orient saturation inner split width dodge linewidth cut",
    "lineplot": f"{_SEABORN} size style estimator errorbar markers dashes sort marker linewidth",
    "scatterplot": f"{_SEABORN} size style sizes markers alpha s",
    "histplot": f"{_SEABORN} weights stat bins binwidth binrange discrete cumulative multiple "
    "element fill kde",
    "kdeplot": f"{_SEABORN} weights fill multiple cumulative bw_method bw_adjust levels cut",
    "heatmap": "data vmin vmax cmap center robust annot fmt annot_kws linewidths linecolor cbar "
    "cbar_kws square xticklabels yticklabels mask ax",
    "pairplot": "data hue hue_order palette vars x_vars y_vars kind diag_kind markers height "
    "aspect corner dropna plot_kws diag_kws",
    "regplot": "data x y ci scatter fit_reg order logistic lowess robust label color marker "
    "scatter_kws line_kws ax",
    "relplot": f"{_SEABORN} size style row col col_wrap kind height aspect",
    "catplot": f"{_SEABORN} row col kind order col_wrap height aspect orient estimator",
    "lmplot": "data x y hue col row palette col_wrap height aspect markers ci order scatter_kws "
    "line_kws",
    # Python
    "sorted": "key reverse",
    "sort": "key reverse",
    "max": "key default",
    "min": "key default",
    "print": "sep end file flush",
    "open": "mode buffering encoding errors newline",
    "enumerate": "start",
    "sum": "start",
    "int": "base",
    "round": "ndigits",
    "zip": "strict",
}  # fmt: skip
ARGUMENTS = {name: tuple(names.split()) for name, names in _FUNCTIONS.items()}


def given(code: SourceCode, wrong: str, function: str) -> list[tuple[ast.Call, ast.keyword]]:
    """Where a cell gives an argument of this name: to `function`, or else to whichever."""
    places = [
        (node, keyword)
        for node in code.nodes()
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == wrong
    ]
    name = function.removesuffix(".__init__").rpartition(".")[2]
    return [place for place in places if _called(place[0]) == name] or places


def taken(
    places: Iterable[tuple[ast.Call, ast.keyword]], function: str, sources: Iterable[str]
) -> list[str]:
    """The arguments that the called functions take, without those that each call has already."""
    names = _defined(function.rpartition("<locals>.")[2], sources)
    if not names:
        called = [_called(call) for call, _ in places]
        names = [arg for name in (*called, function) for arg in ARGUMENTS.get(name, ())]
    has = {keyword.arg for call, _ in places for keyword in call.keywords}
    return [name for name in dict.fromkeys(names) if name not in has]


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _defined(function: str, sources: Iterable[str]) -> list[str]:
    """The arguments by name of a function or class that one of the cells defines."""
    of, _, name = function.rpartition(".")
    found: list[str] = []
    for source in sources:
        try:
            tree = parsed(source)
        except SyntaxError:
            continue
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        methods = [part for node in classes for part in node.body]
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and node.name == name
                and not of
                and node not in methods
            ):
                found += _arguments(node)
        for node in classes:
            if node.name == (of.rpartition(".")[2] or name):
                found += _of_class(node, name if of else "__init__")
    return found


def _of_class(node: ast.ClassDef, method: str) -> list[str]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == method:
            return _arguments(part)[1:]
    if method != "__init__":
        return []
    # A dataclass takes its fields.
    fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return [field.id for field in fields if isinstance(field, ast.Name)]


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
