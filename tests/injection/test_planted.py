"""Each guard taken away once: the tests of this folder must see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_notebook.core.deceptive import Span
from llm_notebook.diffing import render
from llm_notebook.faces.cli import out
from llm_notebook.llm import enclosing, prompt
from tests.injection import test_channels, test_shown
from tests.injection.channels import comment, fake_end, markdown
from tests.injection.hostile import harm
from tests.injection.obedient import as_tags
from tests.injection.replies import REPLIES
from tests.injection.world import World


def test_a_key_that_can_be_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def known(self: enclosing.Enclosure, *texts: str) -> None:
        self._key = "0000"

    monkeypatch.setattr(enclosing.Enclosure, "__init__", known)
    with pytest.raises(AssertionError):
        test_channels.test_each_channel_carries_data_and_nothing_else(fake_end, tmp_path)


def test_data_that_is_not_enclosed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def loose(self: enclosing.Enclosure, kind: str, text: str) -> str:
        return f"<data-{self._key} {kind}>\n</data-{self._key}>\n{text}"

    monkeypatch.setattr(enclosing.Enclosure, "data", loose)
    with pytest.raises(AssertionError):
        test_channels.test_each_channel_carries_data_and_nothing_else(comment, tmp_path)
    with pytest.raises(AssertionError):
        test_channels.test_however_it_is_said(test_channels.SHOUTED["urgency"], tmp_path)


def test_tags_that_stay_unseen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hidden = as_tags("order")
    assert hidden not in _sent(hidden, tmp_path / "a")
    monkeypatch.setattr(enclosing, "unveiled", lambda text: text)
    assert hidden in _sent(hidden, tmp_path / "b")


def _sent(text: str, folder: Path) -> str:
    folder.mkdir()
    world = World(folder, markdown(text, folder), REPLIES["writes a file"])
    world.ask()
    return world.sent


def test_a_fault_that_goes_back_as_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(prompt.Enclosure, "data", lambda self, kind, text: text)
    with pytest.raises(AssertionError):
        test_channels.test_a_turned_models_fault_is_no_instruction(tmp_path)


def test_a_proposal_that_is_decided_by_itself(tmp_path: Path) -> None:
    world = World(tmp_path, markdown("x", tmp_path), "")
    proposal = world.ask()
    world.assert_contained()
    world.session.decide(proposal.id, "accepted", proposal.hash)
    with pytest.raises(AssertionError):
        world.assert_contained()


def test_a_diff_that_shows_text_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    none: list[Span] = []
    monkeypatch.setattr("llm_notebook.diffing.text.spans", lambda text, prose=False: none)
    assert harm(render(test_shown.proposal("pending"), test_shown.NB)) != []
    with pytest.raises(AssertionError):
        test_shown.test_a_diff_as_html()
    with pytest.raises(AssertionError):
        test_shown.test_a_preview()
    with pytest.raises(AssertionError):
        test_shown.test_the_log()


def test_json_with_what_nobody_sees(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("llm_notebook.core.deceptive.spans", lambda text, prose=False: [])
    assert out.as_json("\u202e") == '"\u202e"'
    with pytest.raises(AssertionError):
        test_shown.test_the_command_line(["--json"], tmp_path, capsys)
