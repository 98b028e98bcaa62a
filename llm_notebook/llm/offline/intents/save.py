"""Write a table to a file."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal

_WRITERS = {
    ".csv": "to_csv({}, index=False)", ".tsv": 'to_csv({}, sep="\\t", index=False)',
    ".parquet": "to_parquet({})", ".jsonl": 'to_json({}, orient="records", lines=True)',
    ".json": 'to_json({}, orient="records")', ".xlsx": "to_excel({}, index=False)",
}  # fmt: skip


def _save(ask: Ask) -> Plan | Refusal:
    path = ask.text("file")
    if path in ask.files:
        return Refusal(f"There is a file {path} already, and the rules overwrite none.")
    ending = next((end for end in _WRITERS if path.lower().endswith(end)), "")
    if not ending:
        return Refusal(f"The rules can write {', '.join(_WRITERS)}.")
    return Plan(f"Save {path}", f"{ask.frame}.{_WRITERS[ending].format(quoted(path))}")


INTENT = Intent(
    "writing a table to a new file",
    (
        Rule("save|write|export|store {data} to|as|into|in <file@>", _save),
        Rule("save|write|export|store to|as <file@>", _save),
    ),
    (
        Example("save df to birds.csv", "len(pd.read_csv('birds.csv')) == 8"),
        Example("save df to penguins.csv", "'overwrite none' in declined"),
        Example("export the data as birds.json", "len(pd.read_json('birds.json')) == 8"),
    ),
)
