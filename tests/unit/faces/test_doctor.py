"""What ``llm-notebook doctor`` calls good it has looked at, or says that it has not."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_notebook.faces.cli import checkup_models, checkups
from llm_notebook.faces.cli.check import Check


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_NOTEBOOK_KEYS", str(tmp_path / "keys.env"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)


def model(provider: str) -> Check:
    (found,) = (c for c in checkup_models.models() if c.name.startswith(f"model {provider}:"))
    return found


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "http://127.0.0.1:{}", "localhost:{}/", ":{}"])
def test_a_server_on_this_machine_is_tried(
    monkeypatch: pytest.MonkeyPatch, listening: int, nobody: int, form: str
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", form.format(listening))
    found = model("ollama")
    assert (found.state, f":{listening}" in found.says) == ("works", True)
    monkeypatch.setenv("OLLAMA_HOST", form.format(nobody))
    found = model("ollama")
    assert found.state == "missing"
    assert f"nothing listens at {'localhost' if 'local' in form else '127.0.0.1'}" in found.says
    assert "ollama serve" in found.remedy


def test_a_server_that_the_file_with_the_keys_names(tmp_path: Path, nobody: int) -> None:
    (tmp_path / "keys.env").write_text(f"OPENAI_BASE_URL=http://user:secret@127.0.0.1:{nobody}/v1")
    found = model("openai")
    assert found.state == "missing"
    assert "OPENAI_BASE_URL" in found.remedy
    assert "secret" not in str(found)


def test_ollama_is_looked_for_where_it_listens_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse(address: tuple[str, int], **_: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", refuse)
    assert model("ollama").state == "missing"
    assert tried == [("127.0.0.1", 11434)]


@pytest.mark.parametrize(
    ("variable", "address", "provider"),
    [
        ("OLLAMA_HOST", "http://192.0.2.1:9", "ollama"),
        ("OLLAMA_HOST", "models.example", "ollama"),
        ("OPENAI_BASE_URL", "https://127.0.0.1.example/v1", "openai"),
        ("OPENAI_API_KEY", "sk-0123456789", "openai"),
    ],
)
def test_no_other_machine_is_contacted(
    monkeypatch: pytest.MonkeyPatch, variable: str, address: str, provider: str
) -> None:
    def contact(address: tuple[str, int], **_: object) -> None:
        assert address == ("127.0.0.1", 11434)
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", contact)
    monkeypatch.setenv(variable, address)
    found = model(provider)
    assert found.state == "works"
    assert "not tried" in found.says


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "localhost:port")
    assert (model("ollama").state, "is no address" in model("ollama").says) == ("missing", True)


@pytest.mark.parametrize(
    ("code", "state", "says"),
    [
        ("print('hello')\ndef make(name): ...", "works", "it was not asked"),
        ("import not_there", "broken", "ModuleNotFoundError"),
        ("raise SystemExit('no')", "broken", "SystemExit"),
        ("make = 3", "broken", "cannot be called"),
        (None, "broken", "ModuleNotFoundError"),
    ],
)
def test_a_model_that_a_package_brings_is_imported(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    code: str | None,
    state: str,
    says: str,
) -> None:
    if code is not None:
        (tmp_path / "brought.py").write_text(code)
    info = tmp_path / "brought-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[llm_notebook.models]\nbrought = brought:make\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "brought", raising=False)
    found = model("brought")
    assert found.state == state
    assert says in found.says
    assert "brought:make" in found.says
    assert bool(found.remedy) == (state == "broken")
    assert capsys.readouterr().out == ""
    sys.modules.pop("brought", None)


@pytest.mark.parametrize(
    ("backend", "state", "says"),
    [
        ("keyring.backends.fail.Keyring", "missing", "no keyring behind it"),
        ("keyring.backends.null.Keyring", "missing", "no keyring behind it"),
        ("keyrings.alt.file.PlaintextKeyring", "works", "keys can come from keyrings.alt"),
    ],
)
def test_a_keyring_with_nothing_behind_it(
    monkeypatch: pytest.MonkeyPatch, backend: str, state: str, says: str
) -> None:
    keyring = pytest.importorskip("keyring")
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(keyring.core.load_keyring(backend))
        (found,) = checkup_models.keyring()
    finally:
        keyring.set_keyring(before)
    assert (found.state, bool(found.remedy)) == (state, state == "missing")
    assert says in found.says


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (f"'{sys.executable}' --wait", "works"),
        ("/no/such/editor", "missing"),
        ("no-such-editor -w", "missing"),
        ("'open", "missing"),
    ],
)
def test_the_editor_is_there(monkeypatch: pytest.MonkeyPatch, command: str, state: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    (found,) = checkups.editor()
    assert (found.state, "EDITOR=nano" in found.remedy) == (state, state == "missing")
