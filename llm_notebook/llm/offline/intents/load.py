"""Load a table from a file."""

from __future__ import annotations

import keyword
import re

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.words import FILE_ENDINGS

_READERS = {
    "csv": "read_csv({})", "csv.gz": "read_csv({})", "tsv": 'read_csv({}, sep="\\t")',
    "parquet": "read_parquet({})", "json": "read_json({})", "jsonl": "read_json({}, lines=True)",
    "ndjson": "read_json({}, lines=True)", "xlsx": "read_excel({})", "xls": "read_excel({})",
    "feather": "read_feather({})",
}  # fmt: skip


def _load(ask: Ask) -> Plan | Refusal:
    path = ask.text("file")
    if ask.files and path not in ask.files:
        same = [name for name in ask.files if name.lower() == path.lower()]
        if not same and "/" not in path:
            tries = tuple(f"load {name}" for name in ask.files[:3])
            return Refusal(f"There is no file {path} beside the notebook.", tries)
        path = same[0] if same else path
    ending = next(ending for ending in FILE_ENDINGS if path.lower().endswith("." + ending))
    name = ask.text("name") if ask.has("name") else _variable(path, ending)
    if not name.isidentifier() or keyword.iskeyword(name):
        return Refusal(f"{name!r} cannot be the name of a variable.")
    read = _READERS[ending].format(quoted(path))
    return Plan(f"Load {path}", f"{name} = pd.{read}\n{name}.head()", uses=("pd",))


def _variable(path: str, ending: str) -> str:
    stem = path.rsplit("/", 1)[-1][: -len(ending) - 1]
    name = re.sub(r"\W+", "_", stem).strip("_").lower()
    return name if name.isidentifier() and not keyword.iskeyword(name) else "df"


_READ = "load|read|open|import"
_WHAT = "file|data|dataset|data_from|file_called|dataset_from|data_in|table|csv|csv_file"
_PANDAS = "with_pandas|in_pandas|using_pandas"

_RULES = (
    Rule(
        f"{_READ} {_WHAT}? <file@> file|data|dataset? {_PANDAS}? into|as|to <name=>",
        _load,
        conditions=False,
        needs_table=False,
    ),
    Rule(
        f"{_READ} {_WHAT}? <file@> file|data|dataset? {_PANDAS}?",
        _load,
        conditions=False,
        needs_table=False,
    ),
)

_EXAMPLES = (
    Example("load penguins.csv", "len(penguins) == 8 and len(_) == 5"),
    Example("Read the file penguins.csv into birds", "len(birds) == 8"),
    Example("please load the penguins data", "len(penguins) == 8"),
    Example("load flock.json", "len(flock) == 8"),
    Example("read nests.parquet as birds", "len(birds) == 8"),
    Example("load sheet.csv", "'no file sheet.csv' in declined", library="none"),
)

INTENT = Intent("reading a table from a file", _RULES, _EXAMPLES, rank=30)
