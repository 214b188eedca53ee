"""The cases of every coded rule, and the false alarms on correct definitions."""

from __future__ import annotations

import pytest

from voorbeelden.definition import RuleKind
from voorbeelden.definition.measure import (
    Case,
    cases_of,
    coded_rules,
    held_out,
    scores,
    statutory,
)
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
    """Correct definitions in statutory style, verbs among them: what a D rule says is untrue."""
    assert len(statutory()) == 66
    assert {
        score.rule.rule_id: score.alarms
        for score in scores()
        if score.rule.kind is RuleKind.D and score.alarms
    } == {}


def test_the_held_out_set_has_no_other_false_alarms_than_the_known_ones() -> None:
    """Definitions that the rules were not written with. The four that are left name themselves or
    begin with the article of an infinitive, as their statutes do; the docs name them."""
    assert len(held_out()) == 92
    assert not {one.begrip for one in held_out()} & {one.begrip for one in statutory()}
    assert {
        score.rule.rule_id: score.held_out
        for score in scores()
        if score.rule.kind is RuleKind.D and score.held_out
    } == {
        "begin-lidwoord": ("recidive", "bezit"),
        "begin-term": ("minister",),
        "cirkel-woord": ("inrichting",),
    }
    questions = [score for score in scores() if score.rule.kind is RuleKind.H]
    assert sum(len(score.held_out) for score in questions) <= 14


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
