"""What ``scripts/load_editors.py`` says of what it measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

GOAL_SESSIONS: Final = 50
GOAL_RATIO: Final = 1.5


@dataclass(frozen=True, slots=True)
class Load:
    """One number of sessions: seconds, and means a session; ``ratio`` is to the first one's p95,
    and ``least`` and ``most`` are p95 by round."""

    sessions: int
    spread: float
    rounds: int
    samples: int
    median: float
    p95: float
    least: float
    most: float
    longest: float
    ratio: float
    first_item_median: float
    app_cpu: float
    demo_cpu: float
    editors_cpu: float
    wall: float
    messages: float
    kilobytes: float
    polls: float


@dataclass(frozen=True, slots=True)
class Round:
    """What N sessions did at once."""

    filled: list[float]
    first_item: list[float]
    app_cpu: float
    demo_cpu: float
    editors_cpu: float
    wall: float
    messages: float
    kilobytes: float
    polls: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def summed(number: int, spread: float, rounds: Sequence[Round], single: float | None) -> Load:
    filled = [value for one in rounds for value in one.filled]
    p95 = percentile(filled, 0.95)
    by_round = [percentile(one.filled, 0.95) for one in rounds]
    means = {
        name: sum(getattr(one, name) for one in rounds) / len(rounds)
        for name in ("app_cpu", "demo_cpu", "editors_cpu", "wall", "messages", "kilobytes", "polls")
    }
    return Load(
        sessions=number,
        spread=spread,
        rounds=len(rounds),
        samples=len(filled),
        median=median(filled),
        p95=p95,
        least=min(by_round),
        most=max(by_round),
        longest=max(filled),
        ratio=p95 / (single or p95),
        first_item_median=median(value for one in rounds for value in one.first_item),
        **means,
    )


HEAD: Final = (
    "sessions  within s  samples  median     p95  (by round)       p95/p95(1)  first item | "
    " CPU s a session: app   demo  editors | a session: messages     kB  polls"
)


def line(load: Load) -> str:
    return (
        f"{load.sessions:8}  {load.spread:8g}  {load.samples:7}  {load.median:6.2f}  "
        f"{load.p95:6.2f}  ({load.least:5.2f} - {load.most:5.2f})  {load.ratio:10.2f}  "
        f"{load.first_item_median:10.2f} |  {load.app_cpu:20.3f}  {load.demo_cpu:5.3f}  "
        f"{load.editors_cpu:7.3f} | {load.messages:19.0f}  {load.kilobytes:5.0f}  {load.polls:5.1f}"
    )


def doubling(loads: Sequence[Load]) -> str:
    for before, after in pairwise(loads):
        if after.ratio >= 2:
            return f"p95 doubles between {before.sessions} and {after.sessions} sessions"
    return f"p95 does not double up to {loads[-1].sessions} sessions"


def missed(loads: Sequence[Load]) -> bool:
    """Whether p95 at the goal's number of sessions is too long; not when that was not measured."""
    return any(load.sessions == GOAL_SESSIONS and load.ratio > GOAL_RATIO for load in loads)
