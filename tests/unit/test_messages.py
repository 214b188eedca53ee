"""What an editor reads of a failure: Dutch, for every kind, and it always says what to do next."""

from __future__ import annotations

import re

import pytest

from voorbeelden.messages import MESSAGES, message_for, whole_minute
from voorbeelden.model import FailureKind

NEXT_STEP = re.compile(
    r"\b(probeer|meld|controleer|kies|kort\b.*\bin|pas\b.*\baan|blijft het misgaan)", re.IGNORECASE
)
SENTENCE = re.compile(r"[A-ZÀ-Ý“].*[.”]", re.DOTALL)
ENGLISH = re.compile(r"\b(the|error|please|try again|failed|invalid|key|request|timeout)\b", re.I)


def test_every_kind_has_a_message_and_no_other_has() -> None:
    assert set(MESSAGES) == set(FailureKind)


def test_every_message_is_another_one() -> None:
    """Two kinds with one text could not be told apart on the screen."""
    assert len(set(MESSAGES.values())) == len(FailureKind)


@pytest.mark.parametrize("kind", FailureKind)
def test_a_message_is_dutch_sentences_that_say_what_to_do_next(kind: FailureKind) -> None:
    text = message_for(kind)
    assert SENTENCE.fullmatch(text), text
    assert NEXT_STEP.search(text), text
    assert not ENGLISH.search(text), text
    assert "  " not in text


@pytest.mark.parametrize("kind", FailureKind)
def test_a_message_has_no_gap_to_be_filled_with_a_secret(kind: FailureKind) -> None:
    """No placeholder stays open, and no text looks like a key."""
    text = message_for(kind, detail="reden", reference="req_1")
    assert not re.search(r"[{}%<>]|\bsk-|\bNone\b", text), text


@pytest.mark.parametrize("kind", FailureKind)
def test_a_message_reads_well_without_detail_and_reference(kind: FailureKind) -> None:
    assert message_for(kind, detail=None, reference=None) == MESSAGES[kind]
    assert message_for(kind, detail="", reference="", retry_at=None) == MESSAGES[kind]


def test_the_models_own_reason_is_quoted() -> None:
    text = message_for(FailureKind.REFUSED, detail=" Dat kan ik niet doen. ")
    assert text.startswith(MESSAGES[FailureKind.REFUSED])
    assert "“Dat kan ik niet doen.”" in text


def test_a_shortage_says_how_many_were_usable() -> None:
    assert "2 van 3" in message_for(FailureKind.UNUSABLE, detail="2 van 3")


@pytest.mark.parametrize(
    "kind", sorted(set(FailureKind) - {FailureKind.REFUSED, FailureKind.UNUSABLE})
)
def test_other_kinds_never_show_a_detail(kind: FailureKind) -> None:
    """A detail may come from a server: it is shown only where it is the model's own reason."""
    assert "intern-adres" not in message_for(kind, detail="intern-adres")


@pytest.mark.parametrize(
    "kind", [FailureKind.BAD_REQUEST, FailureKind.SERVER, FailureKind.INTERNAL]
)
def test_a_failure_to_report_shows_its_reference(kind: FailureKind) -> None:
    assert message_for(kind, reference="req_42").endswith(" Kenmerk: req_42.")


MOMENT = 1_700_000_000.0
"""14 November 2023, 23:13:20 in the Netherlands."""


@pytest.mark.parametrize("kind", [FailureKind.RATE_LIMITED, FailureKind.BREAKER_OPEN])
def test_a_wait_of_known_length_ends_at_a_time_of_day(kind: FailureKind) -> None:
    """Rounded up: who tries at that minute is not too early."""
    text = message_for(kind, retry_at=MOMENT)
    assert text.endswith(" Probeer het om 23:14 opnieuw.")
    assert "over een minuut" not in text


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "23:14"), (39.9, "23:14"), (40.0, "23:14"), (40.1, "23:15")]
)
def test_a_time_of_day_is_rounded_up_to_a_minute(seconds: float, shown: str) -> None:
    assert whole_minute(MOMENT + seconds) == shown


@pytest.mark.parametrize(
    "kind",
    sorted(
        set(FailureKind) - {FailureKind.RATE_LIMITED, FailureKind.BREAKER_OPEN, FailureKind.SERVER}
    ),
)
def test_other_messages_do_not_depend_on_a_time(kind: FailureKind) -> None:
    assert message_for(kind, retry_at=MOMENT) == MESSAGES[kind]
