"""The account says what was measured, and does not claim what was not."""

from __future__ import annotations

from tests.unit.benchmark.support import (
    ASYNC,
    COMBINED,
    FAILED,
    SEQUENTIAL,
    SPLIT,
    point,
    repetition,
    run,
)
from voorbeelden.benchmark.model import Target
from voorbeelden.screen.bench_sentence import account

PLAIN = "\N{NO-BREAK SPACE}"


def said(*args: object, **kwargs: object) -> str:
    return account(run(*args, **kwargs)).replace(PLAIN, " ")  # type: ignore[arg-type]


def test_uneven_latencies_are_told_as_they_are() -> None:
    """2.4 times, with its reason; nothing in it says six times."""
    text = said(repetition(SEQUENTIAL), repetition(ASYNC), repetition(SPLIT, 1, (4.0,) * 6))
    assert "na elkaar 36,0 s, tegelijk 15,0 s en opgedeeld 4,0 s" in text
    assert "tegelijk 2,4× zo snel en opgedeeld 9,0× zo snel" in text
    assert "Meer dan 2,4× kon tegelijk hier niet winnen" in text
    assert "6×" not in text
    assert "6,0×" not in text


def test_equal_latencies_may_say_six() -> None:
    """Where six were measured, six is said."""
    equal = (2.0,) * 6
    text = said(repetition(SEQUENTIAL, 1, equal), repetition(ASYNC, 1, equal))
    assert "tegelijk 6,0× zo snel" in text


def test_without_a_row_no_speed_up_is_claimed() -> None:
    """The sum of the calls is called an estimate; other plans get no factor at all."""
    text = said(repetition(ASYNC), repetition(SPLIT, 1, (4.0,) * 6))
    assert "Na elkaar is niet gemeten" in text
    assert "geschat" in text
    assert "zo snel" not in text
    alone = said(repetition(COMBINED))
    assert "Een versnelling is niet gemeten" in alone
    assert "×" not in alone


def test_one_repetition_says_nothing_of_spread() -> None:
    """And several say how many."""
    assert "over spreiding is niets te zeggen" in said(repetition(ASYNC))
    two = said(repetition(ASYNC, 1), repetition(ASYNC, 2))
    assert "Mediaan van 2 herhalingen" in two


def test_failures_are_counted_and_named() -> None:
    """One of three failed: it does not count and it is told which type was missing."""
    text = said(
        repetition(ASYNC, 1), repetition(ASYNC, 2), repetition(ASYNC, 3, failures=(FAILED,))
    )
    assert "Van 3 herhalingen mislukte er 1; die telt niet mee" in text
    assert "synoniemen 1×" in text
    assert "Mediaan van 2 herhalingen" in text
    none = said(repetition(ASYNC, 1, failures=(FAILED,)))
    assert "geen geslaagde herhaling" in none


def test_slower_and_equal_have_their_own_words() -> None:
    """A factor under one is slower; one of 1,0 is no gain."""
    equal = (2.0,) * 6
    text = said(
        repetition(SEQUENTIAL, 1, equal),
        repetition(SPLIT, 1, (15.0,) * 6),
        repetition(COMBINED, 1, (12.1,) * 6),
    )
    assert "opgedeeld trager (0,8× zo snel)" in text
    assert "gebundeld even snel" in text


def test_scale_is_told_against_its_ideal() -> None:
    """And says where the ideal comes from."""
    text = said(scaling=(point(1, 2.0), point(83, 2.6)))
    assert (
        "83 generaties tegelijk (498 aanroepen) duurden 2,6 s: 1,30 keer de traagste aanroep "
        "(2,0 s, volgens het profiel)" in text
    )


def test_where_it_ran_is_part_of_it() -> None:
    """The demo server's times are imitations, and a provider's belong to a moment."""
    assert "de snelheid van een taalmodel is hier niet gemeten" in said(repetition(ASYNC))
    target = Target("aangesloten", "het aangesloten taalmodel groot", None, "groot")
    live = said(repetition(ASYNC), target=target)
    assert "met het aangesloten taalmodel groot" in live
    assert "demonstratie" not in live
    assert "voortijdig gestopt" in said(repetition(ASYNC), stopped=True)
