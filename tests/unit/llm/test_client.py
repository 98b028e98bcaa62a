"""The worker process as the kernel sees it: a real process, driven by scripted models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, Error, WorkerEvent
from tests.llm_http.asking import Asking

ROOT = Path(__file__).parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and process groups")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One worker for all, since it starts anew after a test that ended it."""
    asking = Asking(LLM_NOTEBOOK_KEYS=str(tmp_path_factory.mktemp("keys") / "none.env"))
    yield asking
    asking.worker.close()


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: object) -> str:
        path = tmp_path / "script.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in lines))
        return f"scripted:{path}"

    return write


@pytest.fixture
def quick(script: Callable[..., str]) -> str:
    return script(
        {"match": "slow", "reply": "a" * 10_000, "chunk": 1, "delay": 0.02},
        {"reply": "title: x\n@@ end\n"},
    )


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that will come unless the code is wrong."""
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within a minute")


def test_a_reply_arrives_in_order_and_ends_once(ask: Asking, script: Callable[..., str]) -> None:
    text = "".join(f"line {number}\n" for number in range(500))
    got = ask("x", script({"reply": text, "chunk": 11}))
    assert got.text == text
    assert got.done.finish_reason == "stop"
    assert ask("x", script({"reply": "again", "finish": "length"})).done.finish_reason == "length"
    assert got.is_quiet()


@posix
def test_a_killed_worker_is_reported_once_and_replaced(ask: Asking, quick: str) -> None:
    receptions = [ask.begin("slow", quick) for _ in range(3)]
    for reception in receptions:
        assert isinstance(reception.next(), Chunk)
    pid = ask.worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    for reception in receptions:
        problem = reception.wait().problem
        assert problem.code == "worker-died"
        assert "signal 9" in problem.message
    assert ask("x", quick).text == "title: x\n@@ end\n"
    assert ask.worker.pid != pid
    assert all(reception.is_quiet() for reception in receptions)


@posix
def test_a_worker_that_died_idle_is_replaced(ask: Asking, quick: str) -> None:
    ask("x", quick)
    assert ask.worker.pid is not None
    os.kill(ask.worker.pid, signal.SIGKILL)
    wait_until(lambda: ask.worker.pid is None)
    assert ask("x", quick).done


def test_cancel_ends_only_the_one_request(ask: Asking, quick: str) -> None:
    first, second = ask.begin("slow", quick), ask.begin("slow", quick)
    assert isinstance(first.next(), Chunk)
    ask.worker.cancel(first.id)
    assert first.wait().done.finish_reason == "cancelled"
    ask.worker.cancel(first.id)
    assert isinstance(second.next(), Chunk)
    assert not any(isinstance(event, Done | Error) for event in second.events)
    ask.worker.cancel(second.id)
    assert second.wait().done.finish_reason == "cancelled"
    assert first.is_quiet()


def test_cancel_of_nothing_is_nothing(ask: Asking, quick: str) -> None:
    ask.worker.cancel("never")
    ask("x", quick)
    ask.worker.cancel("never")
    assert ask("x", quick).done


def test_the_deadline(ask: Asking, quick: str) -> None:
    ask("x", quick)
    assert ask("slow", quick, deadline=0.5).problem.code == "model-timeout"


def test_a_fault_of_the_model(ask: Asking, script: Callable[..., str]) -> None:
    problem = ask("x", script({"reply": "half", "fault": "the disk is full"})).problem
    assert problem.code == "model-failed"
    assert "the disk is full" in problem.message


def test_no_line_of_a_script_matches(ask: Asking, script: Callable[..., str]) -> None:
    problem = ask("y", script({"match": "x", "reply": "no"})).problem
    assert problem.code == "model-script"
    assert "matches this prompt" in problem.message


@pytest.mark.parametrize("line", ['{"reply": 3}', "{", '{"reply": "", "mtach": "x"}', "[]"])
def test_a_wrong_script_names_its_line(ask: Asking, tmp_path: Path, line: str) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"reply": "fine"}\n' + line)
    assert "Line 2" in ask("x", f"scripted:{path}").problem.message


@pytest.mark.parametrize("model", ["", "gpt", "nobody:model", "scripted:", "offline:other", ":"])
def test_an_unknown_model(ask: Asking, model: str) -> None:
    assert ask("x", model).problem.code == "model-unknown"


CHATTY = """
import os
from llm_notebook.llm.scripted import Line, Scripted
print("a stray print")
os.write(1, b"a stray write\\n")
os.system("echo a stray child")
def ChatOllama(model):
    print("another")
    return Scripted(lines=(Line("title: " + model),))
"""


def test_stray_prints_do_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "langchain_ollama.py").write_text(CHATTY)
    ask = Asking(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert ask("x", "ollama:llama").text == "title: llama"
    ask.worker.close()


@pytest.mark.parametrize("model", ["offline:rules", "scripted"])
def test_the_built_in_models_need_no_library(tmp_path: Path, quick: str, model: str) -> None:
    (tmp_path / "langchain_core.py").write_text("raise ImportError('imported')")
    ask = Asking(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert ask("x", quick if model == "scripted" else model).done
    assert "imported" in ask("x", "openai:m").problem.message
    ask.worker.close()


def test_modules_of_the_working_folder_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Asking, quick: str
) -> None:
    ask.worker.close()
    for name in ("msgspec", "asyncio", "langchain_core"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    assert ask("x", quick).done


def test_a_listener_that_raises_does_not_end_the_others(
    ask: Asking, quick: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = ask.begin("slow", quick)
    seen: list[WorkerEvent] = []

    def take(event: WorkerEvent) -> None:
        seen.append(event)
        raise ValueError("a listener's own fault")

    ask.worker.complete(CompletionRequest("bad", quick, (), "x"), take)
    wait_until(lambda: any(isinstance(event, Done) for event in seen))
    assert isinstance(good.next(), Chunk)
    ask.worker.cancel(good.id)
    assert good.wait().done
    assert "a listener's own fault" in capsys.readouterr().err


def test_close_ends_what_is_open_and_a_later_request_starts_anew(ask: Asking, quick: str) -> None:
    reception = ask.begin("slow", quick)
    reception.next()
    pid = ask.worker.pid
    ask.worker.close()
    assert reception.wait().done.finish_reason == "cancelled"
    assert ask.worker.pid is None
    assert ask("x", quick).done
    assert ask.worker.pid != pid


@posix
def test_a_model_is_made_before_it_is_asked(ask: Asking, quick: str, tmp_path: Path) -> None:
    """The script is a pipe, which can be written to once the worker reads it."""
    os.mkfifo(tmp_path / "pipe")
    ask.worker.close()
    ask.worker.prepare("nobody:knows")
    ask.worker.prepare(f"scripted:{tmp_path / 'pipe'}")

    def is_read() -> bool:
        try:
            os.close(os.open(tmp_path / "pipe", os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    wait_until(is_read)
    assert ask("x", quick).done
    assert ask("x", "nobody:knows").problem.code == "model-unknown"


@posix
def test_an_interrupt_of_the_kernel_does_not_reach_the_worker(ask: Asking, quick: str) -> None:
    ask("x", quick)
    assert ask.worker.pid is not None
    assert os.getpgid(ask.worker.pid) != os.getpgid(0)


PARENT = """
import os, sys, time
from tests.llm_http.asking import Asking
ask = Asking()
ask.begin("slow", sys.argv[1]).next()
child = os.fork() if sys.argv[2] == "fork" else 0
if sys.argv[2] == "fork" and child == 0:
    time.sleep(600)  # holds the pipes of its parent open
print(ask.worker.pid, child, flush=True)
time.sleep(600)
"""


@posix
@pytest.mark.parametrize("how", ["alone", "fork"])
def test_the_worker_ends_with_the_kernel(quick: str, how: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, quick, how], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    worker, child = map(int, parent.stdout.readline().split())
    assert not gone(worker)
    parent.kill()
    parent.wait()
    try:
        wait_until(lambda: gone(worker))
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
        parent.stdout.close()


LIGHT = """
import sys
from llm_notebook.llm.client import ModelWorker
import llm_notebook.llm.prompt, llm_notebook.llm.reply
choices = ModelWorker().models()
assert choices[0].id == "offline:rules" and choices[0].ready
assert choices[0].label == "Built-in rules (not a language model)"
heavy = {"langchain_core", "langchain_openai", "openai", "pandas", "asyncio", "httpx", "pydantic"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_kernel_imports_no_model_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
