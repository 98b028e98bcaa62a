"""Rules by file and by entry point: they raise, and what cannot be read makes everything ASK."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from llm_notebook.core.decision import PredictedEffect, Reason
from llm_notebook.core.grants import Grant
from llm_notebook.core.preview import HostEffect, ObservedEffects
from llm_notebook.rules import Evidence, judge, plugins
from llm_notebook.rules.configuration import FILE, configured, read_configuration
from tests.unit.rules.making import evidence, seen

RULE = """
[[rules]]
effect = "contacts"
ruling = "DENY"
target = "*.example.org*"
text = "This hub reaches no one."

[[grants]]
effect = "writes"
under = "out"
"""


def folder_with(tmp_path: Path, text: str, name: str = "a") -> str:
    (tmp_path / name).mkdir()
    (tmp_path / name / FILE).write_text(text)
    return str(tmp_path / name)


def test_files_of_all_folders_count(tmp_path: Path) -> None:
    second = '[[rules]]\neffect = "any"\nruling = "ASK"\n'
    folders = [folder_with(tmp_path, RULE), folder_with(tmp_path, second, "b"), "/nowhere"]
    found = read_configuration(folders)
    assert [rule.ruling for rule in found.rules] == ["DENY", "ASK"]
    assert found.grants == (Grant("writes", "out"),)
    assert found.problems == ()


def test_a_rule_refuses_what_was_predicted_or_seen(tmp_path: Path) -> None:
    more = {"configured": configured(read_configuration([folder_with(tmp_path, RULE)]))}
    decision = judge(evidence(PredictedEffect("contacts", "a.example.org", line=2)), more)
    assert decision.ruling == "DENY"
    assert (decision.reasons[0].text, decision.reasons[0].line) == ("This hub reaches no one.", 2)
    # Whom it contacts is not known from the code: it may be that one.
    assert judge(evidence(PredictedEffect("contacts")), more).ruling == "DENY"
    assert judge(evidence(PredictedEffect("contacts", "b.net")), more).ruling == "ASK"
    hosts = ObservedEffects(hosts=(HostEffect("a.example.org:80"),), files_complete=True)
    assert judge(evidence(preview=seen(effects=hosts)), more).ruling == "DENY"
    assert judge(evidence(), more).ruling == "ALLOW"


@pytest.mark.parametrize(
    "text",
    [
        "rules = 1",
        "not toml",
        '[[rules]]\neffect = "contacts"\nruling = "ALLOW"',
        '[[rules]]\neffect = "contact"\nruling = "ASK"',
        '[[rules]]\neffect = "contacts"\nruling = "ASK"\nextra = 1',
        '[[grants]]\neffect = "writes"\nunder = "../x"',
        '[[grants]]\neffect = "starts"\nunder = "x"',
        "#" * 100_001,
        "\x00",
    ],
)
def test_a_file_that_cannot_be_read_makes_everything_ask(tmp_path: Path, text: str) -> None:
    found = read_configuration([folder_with(tmp_path, text)])
    assert len(found.problems) == 1
    decision = judge(evidence(), {"configured": configured(found)})
    assert decision.ruling == "ASK"
    assert FILE in decision.reasons[0].text


def test_a_file_that_is_a_folder_or_may_not_be_read_does_too(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert len(read_configuration([str(tmp_path)]).problems) == 1


def shy(_: Evidence) -> list[Reason]:
    return [Reason("ASK", "shy", "It is asked.")]


NOTHING = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [("shy", "It is asked."), ("absent", "AttributeError"), ("NOTHING", "nothing that can")],
)
def test_approvers_of_other_packages_raise_or_are_asked_about(
    monkeypatch: pytest.MonkeyPatch, value: str, text: str
) -> None:
    point = EntryPoint("mine", f"{__name__}:{value}", plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    decision = judge(evidence(), plugins.plugins())
    assert decision.ruling == "ASK"
    assert text in decision.reasons[0].text
