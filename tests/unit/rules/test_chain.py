"""The chain: the strictest word holds, failing is ASK, and what is not known is never ALLOW."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.decision import PredictedEffect, Reason, strictest
from llm_notebook.core.preview import (
    CellRun,
    FileEffect,
    HostEffect,
    Isolation,
    ObservedEffects,
    Preview,
    ProcessEffect,
    RunError,
)
from llm_notebook.rules import Evidence, ProposedCell, judge
from llm_notebook.rules.approvers import BUILT_IN
from tests.unit.rules.making import PROPOSAL, evidence, observed, seen


def rules(found: Evidence) -> set[str]:
    return {reason.rule for reason in judge(found).reasons if reason.ruling != "ALLOW"}


def test_what_does_nothing_outside_and_was_seen_to_is_allowed_and_says_why() -> None:
    decision = judge(evidence())
    assert decision.ruling == "ALLOW"
    assert decision.is_final
    assert (decision.proposal_id, decision.edits_hash) == ("p", PROPOSAL.hash)
    assert [reason.ruling for reason in decision.reasons] == ["ALLOW"]


@pytest.mark.parametrize(
    ("preview", "rule"),
    [
        (None, "dry-run"),
        *((seen(status=status), "dry-run") for status in (
            "waiting", "running", "failed", "budget", "stopped", "expensive", "refused"
        )),
        (seen(sampled="1,000 rows"), "dry-run"),
        (seen(cells=()), "dry-run"),
        (seen(cells=(CellRun("c", "partial"),)), "dry-run"),
        (seen(cells=(CellRun("c", "ran", error=RunError("E", "m")),)), "dry-run"),
        (seen(cells=(CellRun("c", "ran"), CellRun("d", "failed", downstream=True))), "dry-run"),
        (seen(edits_hash="another"), "same"),
        (seen(proposal_id="another"), "same"),
        (seen(isolation=None), "isolated"),
        (seen(isolation=Isolation("none", "none")), "isolated"),
        (seen(isolation=Isolation("namespaces", "n", way="fresh")), "isolated"),
        (observed(files=(FileEffect("created", "a"),)), "otherwise"),
        (observed(files=(FileEffect("deleted", "a", denied=True),)), "observed"),
        (observed(processes=(ProcessEffect("ls"),)), "observed"),
        (observed(hosts=(HostEffect("example.org:80"),)), "observed"),
        (observed(environment=("TOKEN",)), "observed"),
    ],
)  # fmt: skip
def test_what_was_not_seen_whole_or_did_something_is_asked(
    preview: Preview | None, rule: str
) -> None:
    found = evidence(preview=preview)
    assert judge(found).ruling == "ASK"
    assert rule in rules(found)


@pytest.mark.parametrize("status", ["accepted", "rejected", "queued", "drafting"])
def test_what_does_not_wait_is_asked(status: Any) -> None:
    assert rules(evidence(proposal=msgspec.structs.replace(PROPOSAL, status=status))) >= {"same"}


@pytest.mark.parametrize(
    ("kind", "ruling", "rule"),
    [
        ("reads", "ASK", "predicted"),
        ("writes", "ASK", "predicted"),
        ("deletes", "ASK", "predicted"),
        ("starts", "ASK", "predicted"),
        ("contacts", "ASK", "predicted"),
        ("environment", "ASK", "predicted"),
        ("installs", "ASK", "predicted"),
        ("unknown", "ASK", "predicted"),
        ("displays", "ASK", "guarded"),
        ("authority", "DENY", "guarded"),
    ],
)
def test_every_kind_of_effect_is_held_with_its_place(kind: Any, ruling: str, rule: str) -> None:
    decision = judge(evidence(PredictedEffect(kind, "x", "y", 3, 5)))
    assert decision.ruling == ruling
    first = decision.reasons[0]
    assert (first.rule, first.cell, first.line, first.column) == (rule, "c", 3, 5)


def test_reasons_stand_gravest_first() -> None:
    effects = (PredictedEffect("unknown"), PredictedEffect("authority", "%llm"))
    rulings = [reason.ruling for reason in judge(evidence(*effects, preview=None)).reasons]
    assert rulings == sorted(rulings, key=["DENY", "ASK", "ALLOW"].index)
    assert rulings[0] == "DENY"


def test_an_approver_that_fails_or_says_nonsense_counts_as_ask() -> None:
    def fails(_: Evidence) -> Any:
        raise RuntimeError("broken")

    def nonsense(_: Evidence) -> Any:
        return ["ALLOW"]

    for approver in (fails, nonsense, lambda _: None, lambda _: [Reason("YES", "r", "t")]):  # type: ignore[arg-type]
        decision = judge(evidence(), {"mine": approver})  # type: ignore[dict-item]
        assert decision.ruling == "ASK"
        assert decision.reasons[0].rule == "mine"


def test_an_approver_that_says_allow_lowers_nothing() -> None:
    yes = {"yes": lambda _: [Reason("ALLOW", "yes", "It is fine.")]}
    assert judge(evidence(PredictedEffect("unknown")), yes).ruling == "ASK"
    assert judge(evidence(preview=None), yes).ruling == "ASK"


RULINGS = st.sampled_from(["ALLOW", "ASK", "DENY"])


@given(st.lists(RULINGS), st.sampled_from(["", "unknown", "authority"]))
def test_law_more_approvers_never_lower(more: list[Any], kind: Any) -> None:
    found = evidence(*([PredictedEffect(kind)] if kind else []))
    before = judge(found).ruling
    chain = {f"r{n}": lambda _, r=r: [Reason(r, "r", "t")] for n, r in enumerate(more)}
    after = judge(found, chain).ruling
    assert after == strictest([before, *more])


@given(st.sets(st.sampled_from(sorted(BUILT_IN))))
def test_law_each_approver_may_only_raise(left_out: set[str]) -> None:
    """Taking approvers out never makes a decision stricter."""
    found = evidence(PredictedEffect("writes", "a"), preview=seen(status="failed"))
    fewer = {name: rule for name, rule in BUILT_IN.items() if name not in left_out}
    rulings = [judge(found, None, fewer).ruling, judge(found).ruling]
    assert strictest(rulings) == rulings[1]


def test_text_alone_needs_no_dry_run() -> None:
    words = (ProposedCell("c", "markdown", "# Title\n\nSome *words*, and $x^2$."),)
    decision = judge(Evidence(PROPOSAL, words))
    assert (decision.ruling, decision.is_final) == ("ALLOW", True)


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        "![picture](https://example.org/a.png)",
        "![picture](//example.org/a.png)",
        "[x]: //example.org",
        "[link](javascript:alert(1))",
        "see www.example.org",
        "&lt;script&gt;",
        "$\\href{a}{b}$",
        "<!-- comment -->",
        "![x](data:image/svg+xml;base64,AA)",
    ],
)
def test_text_that_acts_or_leads_away_is_asked(text: str) -> None:
    for kind in ("markdown", "raw"):
        decision = judge(Evidence(PROPOSAL, (ProposedCell("c", kind, f"one\n{text}"),)))
        assert decision.ruling == "ASK"
        assert (decision.reasons[0].rule, decision.reasons[0].line) == ("texts", 2)


def test_a_cell_of_an_unknown_type_is_not_taken_for_text() -> None:
    assert judge(Evidence(PROPOSAL, (ProposedCell("c", "widget", "x"),))).ruling == "ASK"


@pytest.mark.parametrize(
    "source",
    ["x = 1 # \u202e", "a\u200b = 1", "\ufeffx = 1", "ｅval('1')", "s\u0441an = 1", "x\x0c = 1"],
)
def test_characters_that_deceive_are_asked(source: str) -> None:
    found = evidence(cells=(ProposedCell("c", "code", source),))
    assert rules(found) == {"characters"}


@pytest.mark.parametrize(
    "source", ["Δt = 1", "naïve = 'café'", "# 数据 и данные", "label = 'µm · °C'", "s = '👩‍🔬'"]
)
def test_letters_of_other_languages_are_not(source: str) -> None:
    assert judge(evidence(cells=(ProposedCell("c", "code", source),))).ruling == "ALLOW"


@pytest.mark.parametrize("untrusted", [("notes.md",), None])
def test_from_untrusted_text_nothing_outside_is_touched_unasked(
    untrusted: tuple[str, ...] | None,
) -> None:
    proposal = msgspec.structs.replace(PROPOSAL, untrusted=untrusted)
    assert judge(evidence(proposal=proposal)).ruling == "ALLOW"
    found = evidence(PredictedEffect("reads", "a.csv"), proposal=proposal)
    assert "origin" in rules(found)
    found = evidence(proposal=proposal, preview=observed(environment=("X",)))
    assert "origin" in rules(found)


def test_a_finding_of_the_live_kernel_is_asked() -> None:
    assert rules(evidence(findings=(Reason("ASK", "live", "len was replaced."),))) == {"live"}


def test_weak_isolation_is_not_enough_where_files_are_written() -> None:
    weak = seen(isolation=Isolation("landlock", "Landlock"), effects=ObservedEffects())
    assert judge(evidence(preview=weak)).ruling == "ALLOW"
    assert "isolated" in rules(evidence(PredictedEffect("writes", "a"), preview=weak))


def test_it_is_final_only_when_no_dry_run_is_to_come() -> None:
    assert not judge(evidence(preview=None)).is_final
    assert not judge(evidence(preview=seen(status="running"))).is_final
    assert not judge(evidence(preview=seen(edits_hash="old"))).is_final
    assert judge(evidence(preview=seen(status="failed"))).is_final
    assert judge(evidence(preview=None, isolation=Isolation("none", "none"))).is_final
