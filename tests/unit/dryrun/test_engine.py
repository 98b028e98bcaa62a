"""What comes of a child's words, without a process."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import Isolation
from llm_notebook.dryrun import wire
from llm_notebook.dryrun.assembling import Assembly
from llm_notebook.dryrun.cutting import cell_installs, installs, without_installs
from llm_notebook.dryrun.folding import StreamText


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["a\rb"], "b"),
        (["long\rx"], "xong"),
        (["10%", "\r20%", "\r100%\n", "done\n"], "100%\ndone\n"),
        (["one\r\ntwo\r\n"], "one\ntwo\n"),
        (["ab\bc"], "ac"),
        (["\b\bx"], "x"),
        (["a\n\rb\n"], "a\nb\n"),
        (["abc\r", "x\n"], "xbc\n"),
    ],
)
def test_streams_fold_as_in_a_notebook(pieces: list[str], shown: str) -> None:
    text = StreamText(1000)
    for piece in pieces:
        text.write(piece)
    assert text.text() == shown


@given(st.text("ab\r\b\n"), st.data())
def test_how_a_stream_arrives_does_not_matter(text: str, data: st.DataObject) -> None:
    whole, parts = StreamText(1000), StreamText(1000)
    whole.write(text)
    while text:
        size = data.draw(st.integers(1, len(text)))
        parts.write(text[:size])
        text = text[size:]
    assert whole.text() == parts.text()


@given(st.lists(st.text("ab\n", max_size=20)), st.integers(0, 30))
def test_what_is_cut_is_counted(pieces: list[str], limit: int) -> None:
    text = StreamText(limit)
    for piece in pieces:
        text.write(piece)
    everything = "".join(pieces)
    assert text.text() == everything[:limit]
    assert text.cut == len(everything) - len(text.text())


def made(*events: wire.AnyEvent, output: int = 1000) -> Assembly:
    cells = (PlannedCell("c0", ""), PlannedCell("c1", ""))
    assembly = Assembly(Plan("p", "h", cells, output=output), clock=lambda: 0.0)
    for event in (wire.Entered(Isolation("landlock", "x")), *events):
        assembly.hear(event)
    return assembly


def test_an_output_without_room_says_how_much_was_cut() -> None:
    shown = wire.Shown("display", {"text/plain": "plot", "image/png": "x" * 500})
    assembly = made(wire.Began(0), shown, shown, wire.Finished(0, True), output=600)
    first, second = assembly.preview().cells[0].outputs
    assert (len(first.data["image/png"]), first.cut) == (500, 0)
    assert (second.data, second.cut) == ({"text/plain": "plot"}, 500)


def test_room_comes_back_when_outputs_are_cleared() -> None:
    frames = [wire.Cleared(True), wire.Shown("display", {"image/png": "x" * 500})] * 20
    assembly = made(wire.Began(0), *frames, output=600)
    (frame,) = assembly.preview().cells[0].outputs
    assert (len(frame.data["image/png"]), frame.cut) == (500, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"not json",
        b'{"t": "began"}',
        b'{"t": "began", "index": "0"}',
        b'{"t": "stream", "name": "stdout", "text": 1}',
        b'{"t": "stream", "name": "stdout", "text": "x", "more": 1}',
        b'{"t": "nothing"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        list(wire.Lines(1_000_000).feed(line + b"\n"))


def test_limits_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LINE_LIMIT", 100)
    with pytest.raises(msgspec.DecodeError, match="too long"):
        list(wire.Lines(1_000_000).feed(b"x" * 200))
    with pytest.raises(msgspec.DecodeError, match="more than"):
        list(wire.Lines(150).feed(b"x" * 200))


@pytest.mark.parametrize("event", [wire.Began(2), wire.Began(-2)])
def test_events_that_make_no_sense(event: wire.AnyEvent) -> None:
    with pytest.raises(msgspec.ValidationError):
        made(event)
    with pytest.raises(msgspec.ValidationError):
        Assembly(Plan("p", "h", (PlannedCell("c", ""),))).hear(wire.Began(0))
    with pytest.raises(msgspec.ValidationError):
        made(wire.Began(0), wire.Stream("stdlog", "x"))


def test_text_that_is_no_text_still_arrives() -> None:
    line = wire.encode(wire.Stream("stdout", "a\ud800b"))
    (event,) = wire.Lines(1000).feed(line)
    assert event == wire.Stream("stdout", "a\\ud800b")


@pytest.mark.parametrize(
    "source",
    [
        "%pip install x",
        "!pip3 install x",
        "x = 1\n  !python3.12 -m pip install -q x",
        "%conda install -y x",
        "found = !pip install x",
        "%%bash\nset -e\necho a && sudo pip install x",
        "!uv pip install x",
        "!env A=1 pip install x",
    ],
)
def test_cells_that_install(source: str) -> None:
    assert cell_installs(source)


@pytest.mark.parametrize(
    "source", ["%pip list", "!pip --version", "print('!pip install')", "# !pip install x", "!ls"]
)
def test_cells_that_do_not_install(source: str) -> None:
    assert not cell_installs(source)


def test_earlier_cells_run_without_what_they_install() -> None:
    assert without_installs("x = 1\nif x:\n    !pip install y\n") == "x = 1\nif x:\n    pass\n"
    assert without_installs("%%bash\npip install y") == ""
    assert without_installs("!pip list") == "!pip list"


def test_a_command_that_cannot_be_split() -> None:
    assert installs("echo 'open; pip install x")
