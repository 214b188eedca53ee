"""What is wrong now, in one sentence: the worst that holds, and nothing on too little evidence."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from voorbeelden.ai.breaker import BreakerState
from voorbeelden.ai.limits import GateState
from voorbeelden.ai.road import RoadState
from voorbeelden.hooks import KeepingFailed, Part
from voorbeelden.messages import FAILURE_NAMES
from voorbeelden.model import ExampleType, FailureKind, GenerationMode, OutcomeState, Tokens
from voorbeelden.monitor import NOW, Level, overview, what_is_wrong
from voorbeelden.recent import (
    GenerationSummary,
    Recent,
    TypeSummary,
    percentile,
    speedup,
    success_rate,
)
from voorbeelden.screen.monitor_html import last_html, road_html, tiles_html, types_html

DONE, FAILED, CANCELLED = OutcomeState.DONE, OutcomeState.FAILED, OutcomeState.CANCELLED
CLOSED, OPEN, HALF_OPEN = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN
CLOCK = 1_000_000.0


def road(
    breaker: BreakerState = CLOSED, *, waiting: int = 0, paused: float = 0.0, budget: int = 500
) -> RoadState:
    return RoadState(GateState(0, waiting, paused, None, None), breaker, 12.0, budget)


def generation(
    failures: Sequence[FailureKind | None] = (None,) * 6,
    *,
    ago: float = 10.0,
    seconds: float = 3.0,
    state: OutcomeState | None = None,
) -> GenerationSummary:
    """One that ended ``ago`` seconds before ``CLOCK``; a type a failure, ``None`` for a whole."""
    types = tuple(
        TypeSummary(kind, state or (FAILED if failure else DONE), failure, 1.0, 0.5, 1, False)
        for kind, failure in zip(ExampleType, failures, strict=False)
    )
    mode = GenerationMode.ASYNC
    return GenerationSummary("ab", mode, CLOCK - ago, seconds, types, Tokens(10, 5), 1, 2)


WHOLE = generation()
REFUSED = FailureKind.REFUSED
ONE_REFUSED = generation((REFUSED, None, None, None, None, None))
ALL_SILENT = generation((FailureKind.NO_ANSWER,) * 6)


@pytest.mark.parametrize(
    ("last", "state", "level", "words"),
    [
        ([], road(), Level.GOOD, "nog niets gegenereerd"),
        ([generation(ago=NOW + 1)], road(), Level.GOOD, "laatste kwartier is niets"),
        ([WHOLE, WHOLE], road(), Level.GOOD, "12 van 12 soorten compleet"),
        ([], None, Level.WARNING, "wordt nog geopend"),
        ([WHOLE], road(OPEN), Level.BAD, "over 12\N{NO-BREAK SPACE}seconden"),
        ([WHOLE], road(HALF_OPEN), Level.WARNING, "als proef"),
        ([WHOLE], road(paused=0.4), Level.WARNING, "nog 1\N{NO-BREAK SPACE}seconde."),
        ([WHOLE], road(budget=99), Level.WARNING, "bijna geen nieuwe pogingen"),
        ([WHOLE], road(waiting=1), Level.GOOD, "1\N{NO-BREAK SPACE}aanvraag wacht"),
        ([WHOLE], road(waiting=3), Level.GOOD, "3\N{NO-BREAK SPACE}aanvragen wachten"),
        ([ALL_SILENT] * 2, road(), Level.BAD, "12 soorten kwamen er 12 niet compleet"),
        ([ALL_SILENT] * 2, road(), Level.BAD, "de aanbieder zwijgt"),
        ([ONE_REFUSED] * 2, road(), Level.WARNING, "het model weigert"),
    ],
)
def test_the_sentence(
    last: list[GenerationSummary], state: RoadState | None, level: Level, words: str
) -> None:
    verdict = what_is_wrong(last, state, CLOCK)
    assert verdict.level is level
    assert words in verdict.sentence


def test_a_connection_that_could_not_be_opened_is_not_still_opening() -> None:
    verdict = what_is_wrong([], None, CLOCK, unopened=True)
    assert verdict.level is Level.BAD
    assert "kon niet worden geopend" in verdict.sentence


def test_one_bad_generation_is_said_and_nothing_is_concluded_from_it() -> None:
    """Six failed types of one click are one event, not half of all traffic; but not "niets mis"."""
    verdict = what_is_wrong([ALL_SILENT], road(), CLOCK)
    assert verdict.level is Level.WARNING
    assert "0 van 6 soorten compleet; meestal: de aanbieder zwijgt" in verdict.sentence
    verdict = what_is_wrong([ONE_REFUSED], road(), CLOCK)
    assert verdict.level is Level.WARNING
    assert "Niet alles lukte: in het laatste kwartier kwamen 5 van 6" in verdict.sentence


@pytest.mark.parametrize("waiting", [0, 3])
@pytest.mark.parametrize("count", range(1, 7))
def test_nothing_is_wrong_only_when_nothing_failed(count: int, waiting: int) -> None:
    """The mark says the same as the words: one failed type takes the tick away, however busy."""
    failures = (REFUSED,) * count + (None,) * (6 - count)
    verdict = what_is_wrong([generation(failures)], road(waiting=waiting), CLOCK)
    assert "niets mis" not in verdict.sentence
    assert verdict.level is not Level.GOOD


@pytest.mark.parametrize(
    "kind", [FailureKind.AUTHENTICATION, FailureKind.QUOTA, FailureKind.CONNECTION]
)
def test_what_will_befall_everybody_is_said_from_the_first_time(kind: FailureKind) -> None:
    """And no longer once a generation after it went well."""
    failed = generation((kind,) * 6)
    verdict = what_is_wrong([WHOLE, failed], road(), CLOCK)
    assert verdict.level is Level.BAD
    assert FAILURE_NAMES[kind] in verdict.sentence
    assert "De laatste" not in what_is_wrong([failed, WHOLE], road(), CLOCK).sentence


def test_old_failures_are_not_wrong_now() -> None:
    old = [generation((FailureKind.NO_ANSWER,) * 6, ago=NOW + 1)] * 5
    assert what_is_wrong([*old, WHOLE], road(), CLOCK).level is Level.GOOD


def test_what_editors_stop_is_nothing_wrong() -> None:
    stopped = [generation(state=CANCELLED)] * 5
    assert what_is_wrong(stopped, road(), CLOCK).level is Level.GOOD


def test_the_worst_is_said_first() -> None:
    """An open breaker explains the failures; half of everything failing outranks a pause."""
    assert "niets verstuurd" in what_is_wrong([ALL_SILENT] * 2, road(OPEN), CLOCK).sentence
    paused = road(paused=9.0)
    assert "zwijgt" in what_is_wrong([ALL_SILENT] * 2, paused, CLOCK).sentence
    assert "pauze" in what_is_wrong([ONE_REFUSED] * 2, paused, CLOCK).sentence


def test_slower_than_usual_is_measured_against_itself() -> None:
    """Twice as slow as before is said; the same speed is not, and neither is a small sample."""
    before = [generation(ago=NOW + 60, seconds=3.0)] * 10
    slow = [generation(seconds=6.0)] * 10
    assert "trager dan gewoonlijk" in what_is_wrong([*before, *slow], road(), CLOCK).sentence
    same = [generation(seconds=3.1)] * 10
    assert what_is_wrong([*before, *same], road(), CLOCK).level is Level.GOOD
    assert what_is_wrong([*before, *slow[:9]], road(), CLOCK).level is Level.GOOD


def test_every_failure_has_a_name() -> None:
    assert set(FAILURE_NAMES) == set(FailureKind)


def test_the_last_generations_added_up() -> None:
    seen = overview([WHOLE, ONE_REFUSED, generation(state=CANCELLED)], Tokens(30, 15))
    assert seen.generations == 3
    assert seen.success == pytest.approx(11 / 12)
    assert (seen.p50, seen.p95) == (3.0, 3.0)
    assert seen.speedup == pytest.approx(2.0)
    assert seen.spent == Tokens(30, 15)
    assert (seen.cache_hits, seen.cache_lookups) == (3, 6)
    zinnen = seen.rows[0]
    assert (zinnen.asked, zinnen.whole, zinnen.failed, zinnen.attempts) == (2, 1, 1, 2)


def test_nothing_has_no_rates() -> None:
    seen = overview([], Tokens())
    assert (seen.success, seen.p50, seen.p95, seen.speedup) == (None, None, None, None)
    assert success_rate([]) is None
    assert speedup([]) is None


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([7.0], 0.95, 7.0), ([1, 2, 3, 4], 0.5, 2), (list(range(100)), 0.95, 94)],
)
def test_percentiles_are_values_that_were_seen(
    values: list[float], share: float, expected: float | None
) -> None:
    """Nearest rank: no number that no generation had."""
    assert percentile(values, share) == expected


def test_what_could_not_be_kept_is_said_from_the_first_time() -> None:
    """Before failures, which can be made again; not any more once a quarter of an hour passed."""
    verdict = what_is_wrong([ALL_SILENT] * 2, road(), CLOCK, unkept=[CLOCK - 5])
    assert verdict.level is Level.BAD
    assert "kon 1\N{NO-BREAK SPACE}keer iets niet worden bewaard" in verdict.sentence
    several = what_is_wrong([WHOLE], road(), CLOCK, unkept=[CLOCK] * 3)
    assert "3\N{NO-BREAK SPACE}keer" in several.sentence
    assert what_is_wrong([], road(), CLOCK, unkept=[CLOCK - NOW - 1]).level is Level.GOOD


def test_when_something_could_not_be_kept_is_remembered() -> None:
    """By its time alone, and of the last ones only."""
    recent = Recent(kept=3)
    before = time.time()
    for _ in range(5):
        recent.hook(KeepingFailed(Part.TYPE, "taak", "StoreUnavailable"))
    assert len(recent.unkept) == 3
    assert before <= recent.unkept[0] <= time.time()


def test_only_the_last_ones_are_kept() -> None:
    """Memory stays bounded however long the process lives."""
    from tests.unit.test_metrics import ended

    recent = Recent(kept=3)
    for _ in range(5):
        recent.hook(ended())
    assert len(recent.all()) == 3


def test_nothing_that_was_written_is_kept() -> None:
    """The summaries and the page made of them hold no begrip, definition, item or message."""
    from tests.unit.test_metrics import ended, only

    recent = Recent()
    recent.hook(ended(only(ExampleType.SYNONIEMEN, FAILED, REFUSED)))
    last = recent.all()
    seen = overview(last, recent.spent)
    page = tiles_html(seen) + types_html(seen) + last_html(last) + road_html(road())
    assert "geheim" not in repr(last) + page
    assert "83,3" in page
