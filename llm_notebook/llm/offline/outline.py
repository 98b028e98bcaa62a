"""What a piece of code does, as far as its syntax says."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from llm_notebook.llm.offline.code import spoken_type, ticked
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.sourcecode import parsed
from llm_notebook.llm.offline.words import FILE_ENDINGS

_MOST = 12
DOES = {
    "agg": "takes several aggregates", "apply": "calls a function on each part",
    "astype": "changes the type", "bar": "draws bars", "barh": "draws lying bars",
    "boxplot": "draws box plots", "concat": "puts tables together", "corr": "correlates",
    "count": "counts what is not missing", "describe": "sums up", "drop": "leaves out",
    "dropna": "leaves out what is missing", "fillna": "fills in what is missing",
    "groupby": "puts the rows into groups", "head": "takes the first rows",
    "hist": "draws a histogram", "isna": "marks what is missing", "line": "draws a line",
    "max": "takes the greatest", "mean": "takes the mean", "median": "takes the median",
    "merge": "joins two tables by their keys", "min": "takes the least",
    "nlargest": "takes the greatest few", "nsmallest": "takes the least few",
    "pivot_table": "makes a table of aggregates", "plot": "draws", "read_csv": "reads a CSV file",
    "read_excel": "reads a sheet", "read_json": "reads JSON", "read_parquet": "reads Parquet",
    "rename": "gives other names", "reset_index": "makes the index a column",
    "savefig": "writes a picture file", "scatter": "draws points", "set": "sets title and labels",
    "sort_values": "sorts by value", "sum": "adds up", "tail": "takes the last rows",
    "to_csv": "writes a CSV file", "unstack": "turns rows into columns",
    "value_counts": "counts each value",
}  # fmt: skip


def outline(scene: Scene, source: str, first: int | None, last: int | None) -> str:
    """What the code, or its lines `first` to `last`, reads, calls and defines.

    Raises
    ------
    SyntaxError
        Where it is not Python.
    """
    tree = parsed(source)
    nodes = [
        node
        for node in ast.walk(tree)
        if first is None or last is None or first <= getattr(node, "lineno", 0) <= last
    ]
    lines = [
        ("Imports", _imports(nodes)),
        ("Reads", _reads(scene, nodes)),
        ("Names columns", _columns(scene, nodes)),
        ("Names files", _files(nodes)),
        ("Calls", _calls(nodes)),
        ("Defines", _defines(nodes)),
        ("Control", _control(nodes)),
        ("Shows", _shows(tree, source, first, last)),
    ]
    return "\n".join(f"- {what}: {', '.join(of[:_MOST])}" for what, of in lines if of)


def _imports(nodes: list[ast.AST]) -> list[str]:
    return [
        ticked(ast.unparse(node)) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _reads(scene: Scene, nodes: list[ast.AST]) -> list[str]:
    found = []
    given = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    given |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    for name in dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name)):
        variable = scene.variable(name)
        if name in given or (variable is None and hasattr(builtins, name)):
            continue
        kind = spoken_type(variable) if variable is not None else "not a live variable"
        found.append(f"`{name}` ({kind})")
    return found


def _columns(scene: Scene, nodes: list[ast.AST]) -> list[str]:
    known = {column.name for variable in scene.context.variables for column in variable.columns}
    return [ticked(text) for text in _constants(nodes) if text in known]


def _files(nodes: list[ast.AST]) -> list[str]:
    return [ticked(t) for t in _constants(nodes) if t.lower().endswith(tuple(FILE_ENDINGS))]


def _constants(nodes: list[ast.AST]) -> list[str]:
    return list(
        dict.fromkeys(
            n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)
        )
    )


def _calls(nodes: list[ast.AST]) -> list[str]:
    calls = sorted(
        (n for n in nodes if isinstance(n, ast.Call)),
        key=lambda n: (n.end_lineno or 0, n.end_col_offset or 0),
    )
    found = []
    for call in calls:
        func = call.func
        if not isinstance(func, ast.Attribute | ast.Name):
            continue
        name = func.attr if isinstance(func, ast.Attribute) else func.id
        does = DOES.get(name) if isinstance(func, ast.Attribute) else None
        found.append(f"`{name}`{f' ({does})' if does else ''}")
    return list(dict.fromkeys(found))


def _defines(nodes: list[ast.AST]) -> list[str]:
    found = []
    for node in nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.append(f"function {ticked(f'{node.name}({ast.unparse(node.args)})')}")
            case ast.ClassDef():
                found.append(f"class `{node.name}`")
            case ast.Name(id=name, ctx=ast.Store()):
                found.append(f"`{name}`")
    return list(dict.fromkeys(found))


def _control(nodes: list[ast.AST]) -> list[str]:
    kinds = {
        "a loop": ast.For | ast.While | ast.AsyncFor,
        "a condition": ast.If | ast.IfExp,
        "`try`": ast.Try,
        "`with`": ast.With | ast.AsyncWith,
        "a comprehension": ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp,
    }
    return list(_of_kinds(nodes, kinds))


def _of_kinds(nodes: list[ast.AST], kinds: dict[str, object]) -> Iterator[str]:
    for name, kind in kinds.items():
        count = sum(isinstance(node, kind) for node in nodes)  # type: ignore[arg-type]
        if count:
            yield name if count == 1 else f"{name} ({count} times)"


def _shows(tree: ast.Module, source: str, first: int | None, last: int | None) -> list[str]:
    if not tree.body or not isinstance(tree.body[-1], ast.Expr) or source.rstrip().endswith(";"):
        return []
    match tree.body[-1].value:
        case ast.Call(func=ast.Name(id="print")):
            return []
    line = tree.body[-1].lineno
    if first is not None and last is not None and not first <= line <= last:
        return []
    return ["the value of its last line"]
