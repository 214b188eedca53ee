"""What the monitor page says: the last generations added up, and what is wrong now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from voorbeelden.ai.breaker import BreakerState
from voorbeelden.ai.road import RoadState
from voorbeelden.messages import FAILURE_NAMES
from voorbeelden.model import ExampleType, FailureKind, OutcomeState, Tokens
from voorbeelden.recent import (
    GenerationSummary,
    TypeSummary,
    percentile,
    speedup,
    success_rate,
)

NOW: Final = 15 * 60.0
"""Seconds that count as now: what went wrong before is in the table, not in the sentence."""

ENOUGH: Final = 12
"""Types that must have ended before a share of them means anything: two generations."""

_FOR_EVERYBODY: Final = frozenset(
    {
        FailureKind.AUTHENTICATION,
        FailureKind.MODEL_UNAVAILABLE,
        FailureKind.QUOTA,
        FailureKind.CERTIFICATE,
        FailureKind.WRONG_ADDRESS,
        FailureKind.CONNECTION,
    }
)

_SLOW: Final = 2.0
_COMPARABLE: Final = 10
_SMALL_BUDGET: Final = 100


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One Dutch sentence, and how bad it is."""

    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One type over the last generations; cancelled ones are left out. Times are seconds, not
    from the cache; ``None`` without any."""

    kind: ExampleType
    whole: int
    partial: int
    failed: int
    p50: float | None
    p95: float | None
    first_item: float | None
    attempts: int

    @property
    def asked(self) -> int:
        return self.whole + self.partial + self.failed


@dataclass(frozen=True, slots=True)
class Overview:
    """The last generations added up. Times are seconds and of timed generations only; ``spent``
    is what everything cost since the start, definitions too."""

    generations: int
    success: float | None
    p50: float | None
    p95: float | None
    speedup: float | None
    spent: Tokens
    cache_hits: int
    cache_lookups: int
    rows: tuple[TypeRow, ...]


def overview(last: Sequence[GenerationSummary], spent: Tokens) -> Overview:
    """``last`` added up, with a row for every type in reading order."""
    durations = [one.seconds for one in last if one.timed]
    return Overview(
        generations=len(last),
        success=success_rate(last),
        p50=percentile(durations, 0.5),
        p95=percentile(durations, 0.95),
        speedup=speedup(last),
        spent=spent,
        cache_hits=sum(one.cache_hits for one in last),
        cache_lookups=sum(one.cache_lookups for one in last),
        rows=tuple(
            _row(kind, [one for each in last for one in each.types if one.kind is kind])
            for kind in ExampleType
        ),
    )


def _row(kind: ExampleType, seen: Sequence[TypeSummary]) -> TypeRow:
    states = Counter(one.state for one in seen)
    asked = [one for one in seen if not one.cached and one.state is not OutcomeState.CANCELLED]
    seconds = [one.seconds for one in asked]
    first = [one.first_item_seconds for one in asked if one.first_item_seconds is not None]
    return TypeRow(
        kind=kind,
        whole=states[OutcomeState.DONE],
        partial=states[OutcomeState.PARTIAL],
        failed=states[OutcomeState.FAILED],
        p50=percentile(seconds, 0.5),
        p95=percentile(seconds, 0.95),
        first_item=percentile(first, 0.5),
        attempts=sum(one.attempts for one in asked),
    )


def what_is_wrong(
    last: Sequence[GenerationSummary],
    road: RoadState | None,
    now: float,
    *,
    unopened: bool = False,
    unkept: Sequence[float] = (),
) -> Verdict:
    """The worst that holds at ``now`` (seconds since the epoch), or that nothing is wrong.

    ``road`` is ``None`` until it is open; ``unopened`` says that trying so failed. ``unkept`` are
    the times at which something could not be kept.
    """
    if unopened:
        return Verdict(
            Level.BAD,
            "De verbinding met het taalmodel kon niet worden geopend; waarschuw de beheerder.",
        )
    if road is None:
        return Verdict(Level.WARNING, "De verbinding met het taalmodel wordt nog geopend.")
    fresh = [one for one in last if one.ended_at >= now - NOW]
    return (
        _breaker(road)
        or _unkept([one for one in unkept if one >= now - NOW])
        or _certain(fresh)
        or _failures(fresh, at_least=0.5)
        or _pause(road)
        or _failures(fresh, at_least=0.1)
        or _budget(road)
        or _slow(fresh, [one for one in last if one.ended_at < now - NOW])
        or _incomplete(fresh)
        or _queue(road)
        or _fine(last, fresh)
    )


def _breaker(road: RoadState) -> Verdict | None:
    if road.breaker is BreakerState.OPEN:
        return Verdict(
            Level.BAD,
            "Te veel aanvragen mislukten: er wordt nu niets verstuurd, over "
            f"{_count(road.breaker_opens_in, 'seconde', 'seconden')} volgt een nieuwe poging.",
        )
    if road.breaker is BreakerState.HALF_OPEN:
        return Verdict(
            Level.WARNING, "Na een storing gaat de eerstvolgende aanvraag als proef naar het model."
        )
    return None


def _unkept(fresh: Sequence[float]) -> Verdict | None:
    """Worse than what failed, which can be made again: said from the first time."""
    if not fresh:
        return None
    return Verdict(
        Level.BAD,
        f"In het laatste kwartier kon {_count(len(fresh), 'keer', 'keer')} iets niet worden "
        "bewaard; meestal is de database dan niet bereikbaar, bezet of vol. Waarschuw de "
        "beheerder, en kopieer wat u niet kwijt wilt.",
    )


def _pause(road: RoadState) -> Verdict | None:
    if road.gate.paused <= 0:
        return None
    wait = _count(road.gate.paused, "seconde", "seconden")
    return Verdict(Level.WARNING, f"De aanbieder vroeg om een pauze: alles wacht nog {wait}.")


def _ended(fresh: Sequence[GenerationSummary]) -> list[TypeSummary]:
    return [one for each in fresh for one in each.types if one.state is not OutcomeState.CANCELLED]


def _certain(fresh: Sequence[GenerationSummary]) -> Verdict | None:
    """What will happen to everybody until somebody does something: said from the first time."""
    ended = _ended(fresh[-1:])
    failures = [one.failure for one in ended if one.failure is not None]
    named = {FAILURE_NAMES[kind] for kind in failures if kind in _FOR_EVERYBODY}
    if not named:
        return None
    return Verdict(
        Level.BAD,
        f"In de laatste generatie kwamen {len(failures)} van {len(ended)} soorten niet compleet: "
        f"{' en '.join(sorted(named))}.",
    )


def _failures(fresh: Sequence[GenerationSummary], *, at_least: float) -> Verdict | None:
    ended = _ended(fresh)
    kinds = Counter(one.failure for one in ended if one.failure is not None)
    failed = sum(kinds.values())
    if len(ended) < ENOUGH or failed < at_least * len(ended):
        return None
    kind = kinds.most_common(1)[0][0]
    level = Level.BAD if at_least >= 0.5 else Level.WARNING
    return Verdict(
        level,
        f"Van de laatste {len(ended)} soorten kwamen er {failed} niet compleet; meestal: "
        f"{FAILURE_NAMES[kind]}.",
    )


def _budget(road: RoadState) -> Verdict | None:
    if road.quota_left >= _SMALL_BUDGET:
        return None
    return Verdict(
        Level.WARNING,
        "Er ging zo veel mis dat er bijna geen nieuwe pogingen meer worden gedaan.",
    )


def _slow(
    fresh: Sequence[GenerationSummary], before: Sequence[GenerationSummary]
) -> Verdict | None:
    lately = [one.seconds for one in fresh if one.timed]
    usually = [one.seconds for one in before if one.timed]
    if min(len(lately), len(usually)) < _COMPARABLE:
        return None
    now, usual = percentile(lately, 0.5) or 0.0, percentile(usually, 0.5) or 0.0
    if now < _SLOW * usual:
        return None
    return Verdict(
        Level.WARNING,
        f"Het gaat trager dan gewoonlijk: de helft duurt langer dan {_seconds(now)}, eerder was "
        f"dat {_seconds(usual)}.",
    )


def _incomplete(fresh: Sequence[GenerationSummary]) -> Verdict | None:
    """However few: something to look at, which no tick may stand before."""
    ended = _ended(fresh)
    if all(one.state is OutcomeState.DONE for one in ended):
        return None
    kinds = Counter(one.failure for one in ended if one.failure is not None)
    because = f"; meestal: {FAILURE_NAMES[kinds.most_common(1)[0][0]]}" if kinds else ""
    return Verdict(Level.WARNING, f"Niet alles lukte: {_came(ended)}{because}.")


def _queue(road: RoadState) -> Verdict | None:
    if not road.gate.waiting:
        return None
    waiting = _count(road.gate.waiting, "aanvraag wacht", "aanvragen wachten")
    return Verdict(Level.GOOD, f"Het is druk maar er is niets mis: {waiting} op een plaats.")


def _fine(last: Sequence[GenerationSummary], fresh: Sequence[GenerationSummary]) -> Verdict:
    if not last:
        return Verdict(Level.GOOD, "Er is niets mis; er is nog niets gegenereerd.")
    if not fresh:
        return Verdict(Level.GOOD, "Er is niets mis; in het laatste kwartier is niets gegenereerd.")
    return Verdict(Level.GOOD, f"Er is niets mis: {_came(_ended(fresh))}.")


def _came(ended: Sequence[TypeSummary]) -> str:
    whole = sum(one.state is OutcomeState.DONE for one in ended)
    return f"in het laatste kwartier kwamen {whole} van {len(ended)} soorten compleet"


def _count(value: float, one: str, many: str) -> str:
    whole = max(1, round(value))
    return f"{whole}\N{NO-BREAK SPACE}{one if whole == 1 else many}"


def _seconds(value: float) -> str:
    return f"{value:.1f}\N{NO-BREAK SPACE}s".replace(".", ",")
