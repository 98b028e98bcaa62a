"""The generated front-end files follow the Python records."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.notebook import cell_hash

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def schema() -> ModuleType:
    spec = importlib.util.spec_from_file_location("schema", ROOT / "tools" / "schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_written_files_are_current(schema: ModuleType) -> None:
    for path, text in schema.outputs().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run tools/schema.py"


def test_check_fails_on_drift(
    schema: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drifted = tmp_path / "protocol.gen.ts"
    drifted.write_text(schema.types() + "export type Level = 5;\n", encoding="utf-8")
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    monkeypatch.setattr(schema, "TYPES", drifted)
    assert schema.main(["--check"]) == 1


def test_an_unknown_type_is_refused(schema: ModuleType) -> None:
    with pytest.raises(ValueError, match="no TypeScript type"):
        schema.type_of({"type": "object", "additionalProperties": True})


def test_vectors_hold_in_python(schema: ModuleType) -> None:
    """Read back from the file, as the front end's test does."""
    data = json.loads(schema.VECTORS.read_text(encoding="utf-8"))
    for row in data["cells"]:
        assert cell_hash(row["type"], row["source"]) == row["hash"]
    for row in data["proposals"]:
        assert edits_hash(msgspec.convert(row["edits"], tuple[Edit, ...])) == row["hash"]
