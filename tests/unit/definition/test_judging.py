"""A judgement: what the model is asked, how its answer is read, and when a text is replaced."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from voorbeelden.ai.errors import Unusable
from voorbeelden.definition import rules_for_model
from voorbeelden.definition.checks import check_definition
from voorbeelden.definition.flow_model import Judgement, Judgements
from voorbeelden.definition.judging import (
    as_findings,
    better_text,
    judging_question,
    judging_system,
    quoted_spans,
    read_judgements,
)
from voorbeelden.definition.model import RuleKind, Verdict
from voorbeelden.model import Subject
from voorbeelden.settings import Settings

IDS = ("reikwijdte", "toetsbaar")
GOOD = "Geldbedrag dat is verschuldigd zolang een opgelegde last niet wordt nagekomen"
BAD = "Een geldbedrag dat is verschuldigd zolang een opgelegde last niet wordt nagekomen"
"""Begins with an article: one fact."""


def row(rule: str, satisfied: object = True, reason: object = "Goed.") -> dict[str, object]:
    return {"regel": rule, "voldoet": satisfied, "reden": reason}


def read(*rows: object, improvement: object = "") -> Judgements:
    return read_judgements({"oordelen": list(rows), "verbetering": improvement}, GOOD, IDS)


def test_the_question_names_every_rule_once_and_tells_the_facts() -> None:
    """Rules stand in the instructions, which are the same for every definition; facts and text
    are data. A question of code's is the editor's, not the model's."""
    subject = Subject("dwangsom", f"{BAD} en kan worden geïnd")
    found = check_definition(subject.begrip, subject.definitie, {})
    assert {one.kind for one in found} == {RuleKind.D, RuleKind.H}
    question = judging_question(Settings(), subject, found)
    data = orjson.loads(question.user)
    assert data["regels"] == [rule.rule_id for rule in rules_for_model()]
    assert [one["regel"] for one in data["bevindingen"]] == ["begin-lidwoord"]
    assert data["definitie"] == subject.definitie
    assert question.system == judging_system()
    for rule in rules_for_model():
        assert question.system.count(f'- "{rule.rule_id}": {rule.asks}') == 1


def test_judgements_come_in_the_order_asked() -> None:
    """The first of each rule counts; a rule nobody asked about is passed over; one that is not
    answered is said to be."""
    found = read(row("toetsbaar"), row("verzonnen"), row("toetsbaar", satisfied=False))
    assert found.judged == (Judgement("toetsbaar", satisfied=True, reason="Goed."),)
    assert found.unjudged == ("reikwijdte",)
    assert found.text == GOOD


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"oordelen": "alles goed"},
        {"oordelen": []},
        {"oordelen": [row("verzonnen")]},
        {"oordelen": [row("toetsbaar", satisfied="ja")]},
        {"oordelen": [row("toetsbaar", reason=None)]},
        {"oordelen": ["toetsbaar"]},
    ],
)
def test_an_answer_without_one_judgement_is_unusable(answer: dict[str, Any]) -> None:
    with pytest.raises(Unusable):
        read_judgements(answer, GOOD, IDS)


@pytest.mark.parametrize("same", ["", " ", GOOD, f" {GOOD}\n", None, "x" * 4001])
def test_an_improvement_that_says_nothing_new_is_none(same: object) -> None:
    assert read(row("toetsbaar"), improvement=same).improvement is None


def test_a_failed_rule_is_a_judgement_with_the_quoted_words_marked() -> None:
    """The words are found where they stand, capitals aside, whole words only."""
    found = read(row("toetsbaar", satisfied=False, reason="Wat is “een Opgelegde last”?"))
    (finding,) = as_findings(found)
    assert (finding.verdict, finding.kind) == (Verdict.JUDGEMENT, RuleKind.A)
    assert finding.spans == ((38, 56),)
    assert GOOD[38:56] == "een opgelegde last"
    assert quoted_spans("Over “last” en “opgelegde last” en “las”.", GOOD) == ((42, 56),)
    assert quoted_spans("Over “verjaring”.", GOOD) == ()
    assert as_findings(read(row("toetsbaar"))) == ()


def judged(improvement: str | None, *, failed: bool) -> Judgements:
    one = Judgement("toetsbaar", satisfied=not failed, reason="Reden.")
    return Judgements(BAD, (one,), improvement=improvement)


def better(text: str, improvement: str | None, *, failed: bool) -> str | None:
    subject = Subject("dwangsom", text)
    found = check_definition("dwangsom", text, {})
    taken = better_text(subject, found, judged(improvement, failed=failed))
    if taken is None:
        return None
    new, found_in_it = taken
    assert found_in_it == check_definition("dwangsom", new, {})
    return new


def test_a_text_is_replaced_when_something_failed_and_the_new_one_is_no_worse() -> None:
    """A fact of code's is enough, and so is a judgement; with more facts against it, a proposal
    is not taken."""
    assert better(BAD, GOOD, failed=False) == GOOD
    assert better(GOOD, f"{GOOD}.", failed=True) == f"{GOOD}."
    assert better(BAD, f"{BAD}.", failed=True) == f"{BAD}.", "as many facts as before"
    assert better(GOOD, BAD, failed=True) is None
    assert better(BAD, None, failed=True) is None


def test_a_question_alone_never_replaces_a_text() -> None:
    asked = f"{GOOD} of kan worden nagekomen"
    assert {one.kind for one in check_definition("dwangsom", asked, {})} == {RuleKind.H}
    assert better(asked, GOOD, failed=False) is None
