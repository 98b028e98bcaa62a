"""Where keys are looked for, where they go, and where they do not."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.llm_http import service as services
from tests.llm_http.asking import Asking
from tests.llm_http.service import Service


@pytest.fixture(autouse=True)
def _without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def keys_file(folder: Path, service: Service, key: str, mode: int = 0o600) -> Path:
    path = folder / "keys.env"
    path.write_text(f"# mine\nexport OPENAI_API_KEY='{key}'\nOPENAI_BASE_URL={service.url}\n")
    path.chmod(mode)
    return path


def test_the_file_gives_key_and_address(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    path = keys_file(tmp_path, service, "sk-from-the-file")
    got = asking_with(LLM_NOTEBOOK_KEYS=str(path))()
    assert got.text == services.REPLY
    assert got.notices == []
    assert service.requests[0][0]["authorization"] == "Bearer sk-from-the-file"


def test_a_file_that_others_can_read_is_named_once(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    ask = asking_with(
        LLM_NOTEBOOK_KEYS=str(keys_file(tmp_path, service, "sk-from-the-file", mode=0o644))
    )
    (notice,) = ask().notices
    assert "chmod 600" in notice
    assert ask().notices == []


def test_a_key_that_is_added_later_is_found(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    ask = asking_with(LLM_NOTEBOOK_KEYS=str(tmp_path / "keys.env"))
    problem = ask().problem
    assert problem.code == "model-missing-key"
    assert "OPENAI_API_KEY" in problem.next
    assert str(tmp_path / "keys.env") in problem.next
    keys_file(tmp_path, service, "sk-from-the-file")
    assert ask().text == services.REPLY


def test_an_unreadable_file(asking_with: Callable[..., Asking], tmp_path: Path) -> None:
    (tmp_path / "keys.env").write_bytes(b"\xff\xfe\x00")
    problem = asking_with(LLM_NOTEBOOK_KEYS=str(tmp_path / "keys.env"))().problem
    assert problem.code == "model-missing-key"
    assert "could not be read" in problem.message


def test_a_key_in_an_error_is_hidden(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    service.plays(services.echoes_key)
    path = keys_file(tmp_path, service, "sk-from-the-file")
    problem = asking_with(LLM_NOTEBOOK_KEYS=str(path))().problem
    assert "Bad request by [key hidden]." in problem.message
    assert "sk-from" not in problem.text()


def test_a_key_in_a_reply_is_hidden_though_it_is_cut_into_chunks(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    service.plays(services.answers("the key is sk-from-the-file, and sk- is how they begin: sk-f"))
    path = keys_file(tmp_path, service, "sk-from-the-file")
    got = asking_with(LLM_NOTEBOOK_KEYS=str(path))()
    assert got.text == "the key is [key hidden], and sk- is how they begin: sk-f"


SEARCH = r"""
import os, re
from tests.llm_http.asking import Asking

ask = Asking()
assert ask.begin().wait().text, "no reply"
assert ask.begin().wait().problem.code == "model-request"
pattern = re.compile(rb"sk-test-[0-9a-f]{32}")
assert not any("sk-test-" in value for value in os.environ.values())
assert not pattern.search(open("/proc/self/environ", "rb").read())
searched = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if "rw" not in rights or "[v" in line:
            continue
        start, end = (int(number, 16) for number in span.split("-"))
        memory.seek(start)
        try:
            data = memory.read(end - start)
        except OSError:
            continue
        searched += len(data)
        found = pattern.search(data)
        assert not found, "the key is in memory"
assert searched > 1_000_000
print("searched", searched)
"""


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_the_key_is_nowhere_in_the_process_that_asks(service: Service, tmp_path: Path) -> None:
    key = "sk-test-" + secrets.token_hex(16)
    service.plays(services.answers(), services.echoes_key)
    path = keys_file(tmp_path, service, key)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SEARCH],
        cwd=root,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PYTHONPATH": str(root),
            "LLM_NOTEBOOK_KEYS": str(path),
        },
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("searched")
    assert service.requests[0][0]["authorization"] == f"Bearer {key}"


def test_a_key_of_the_keyring(
    asking_with: Callable[..., Asking], service: Service, tmp_path: Path
) -> None:
    """Put there by keyring's own command, with a backend that keeps it in a file."""
    pytest.importorskip("keyrings.alt")
    environment = {
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    ask = asking_with(**environment, OPENAI_BASE_URL=service.url)
    named = f"openai:test-model@{service.url}"
    subprocess.run(
        [sys.executable, "-m", "keyring", "set", "llm_notebook", "OPENAI_API_KEY"],
        input="sk-of-the-keyring\n",
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    assert ask().text == services.REPLY
    assert ask(model=named).text == services.REPLY
    sent = {headers["authorization"] for headers, _ in service.requests}
    assert sent == {"Bearer sk-of-the-keyring"}
    service.plays(services.echoes_key)
    assert "sk-of" not in ask().problem.text(), "a key of the keyring is hidden like any other"


def test_a_missing_key_names_file_and_keyring(asking_with: Callable[..., Asking]) -> None:
    problem = asking_with()(model="anthropic:claude-sonnet-5-5").problem
    if problem.code == "model-missing-package":
        pytest.skip("without langchain-anthropic")
    assert problem.code == "model-missing-key"
    assert "ANTHROPIC_API_KEY=" in problem.next
    assert "keyring set llm_notebook ANTHROPIC_API_KEY" in problem.next
