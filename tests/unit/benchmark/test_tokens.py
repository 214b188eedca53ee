"""Tokens: what a provider reports is taken, the rest is estimated and said to be."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.benchmark.support import SIX, call
from voorbeelden.benchmark.tokens import tokens_of
from voorbeelden.model import (
    CallRecord,
    FailureKind,
    GenerationMode,
    Item,
    Outcome,
    OutcomeState,
    Result,
    Subject,
    Tokens,
)


def result(*calls: CallRecord) -> Result:
    outcomes = {
        kind: Outcome(kind, OutcomeState.DONE, (Item("een tekst van vijfendertig tekens lang"),))
        for kind in SIX
    }
    subject = Subject("verdachte", "een omschrijving")
    return Result(subject, GenerationMode.ASYNC, outcomes, calls, 1.0)


ONE = call("synoniemen", SIX[3], 0.0, 1.0)


def test_reported_tokens_are_added_up() -> None:
    """Two whole calls: their sum, and no estimate in it."""
    assert tokens_of(result(ONE, ONE)) == (Tokens(200, 100), False)


def test_a_silent_provider_is_estimated_from_the_texts() -> None:
    """Nothing reported: the prompt's and the items' lengths count, and it is an estimate."""
    tokens, estimated = tokens_of(result(replace(ONE, tokens=None)))
    assert estimated
    assert tokens.prompt > 100
    assert 5 < tokens.completion < 20


def test_a_broken_a_repeated_and_a_copied_call_are_estimates() -> None:
    """They were paid for, but only whole answers report what they cost."""
    for odd in (
        replace(ONE, failure=FailureKind.SERVER),
        replace(ONE, attempts=2),
        replace(ONE, hedged=True),
    ):
        tokens, estimated = tokens_of(result(ONE, odd))
        assert estimated
        assert tokens == Tokens(200, 100)
