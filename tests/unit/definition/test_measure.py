"""The cases of every coded rule, and the false alarms on sixty correct definitions."""

from __future__ import annotations

import statistics
import time

import pytest

from voorbeelden.definition import RuleKind, check_definition, warm_up
from voorbeelden.definition.measure import Case, cases_of, coded_rules, scores, statutory
from voorbeelden.definition.model import Example

CODED = [rule.rule_id for rule in coded_rules()]
DECIDED = [rule.rule_id for rule in coded_rules() if rule.kind is RuleKind.D]


@pytest.mark.parametrize("rule_id", CODED)
def test_every_case_of_a_rule_is_right(rule_id: str) -> None:
    """Reported where it must be, with the words marked; silent where it must be."""
    assert [wrong for case in cases_of(rule_id) if (wrong := case.failure())] == []


@pytest.mark.parametrize("rule_id", DECIDED)
def test_a_decided_rule_has_cases_on_both_sides(rule_id: str) -> None:
    """At least eight a D rule, with several that pass and several that fail."""
    cases = cases_of(rule_id)
    assert len(cases) >= 8
    assert sum(case.reported for case in cases) >= 4
    assert sum(not case.reported for case in cases) >= 4


@pytest.mark.parametrize("rule_id", sorted(set(CODED) - set(DECIDED)))
def test_a_question_has_cases_too(rule_id: str) -> None:
    """At least eight, although a question decides nothing."""
    assert len(cases_of(rule_id)) >= 8


def test_no_decided_rule_raises_a_false_alarm() -> None:
    """Sixty correct definitions in statutory style: what a D rule says about them is untrue."""
    assert len(statutory()) == 60
    assert {
        score.rule.rule_id: score.alarms
        for score in scores()
        if score.rule.kind is RuleKind.D and score.alarms
    } == {}


def test_questions_about_correct_definitions_stay_few() -> None:
    """Questions may be asked for nothing, but not so many that an editor stops reading them."""
    questions = [score for score in scores() if score.rule.kind is RuleKind.H]
    assert sum(len(score.alarms) for score in questions) <= 9
    assert all(len(score.alarms) <= 3 for score in questions)


def test_a_wrong_case_says_what_is_wrong() -> None:
    """The measure itself can fail: on silence, on an alarm, and on other words marked."""
    text = "De regel die geldt voor iedereen"
    example = Example("wet", text)
    assert Case("begin-lidwoord", example, True, ("De",)).failure() is None
    assert "marked" in str(Case("begin-lidwoord", example, True, ("regel",)).failure())
    assert str(Case("begin-lidwoord", example, False).failure()).startswith("reported")
    assert str(Case("en-of", example, True).failure()).startswith("not reported")


def test_a_check_is_fast_enough_for_every_keystroke() -> None:
    """Under 5 ms once warm, in the middle of the sixty, each text seen for the first time."""
    warm_up()
    seconds = []
    for example in statutory():
        text = f"{example.definitie} hier"
        check_definition(example.begrip, text, {})
        start = time.perf_counter()
        check_definition(example.begrip, f"{text} nu", {})
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.005
