"""Runs made by hand, so that every expected figure can be read off the test."""

from __future__ import annotations

from collections.abc import Sequence

from voorbeelden.benchmark.model import (
    BenchmarkRequest,
    BenchmarkRun,
    Repetition,
    ScalePoint,
    Target,
    TypeFailure,
)
from voorbeelden.model import (
    CallRecord,
    ExampleType,
    FailureKind,
    GenerationMode,
    Subject,
    Tokens,
)

SIX = tuple(ExampleType)
SEQUENTIAL, ASYNC = GenerationMode.SEQUENTIAL, GenerationMode.ASYNC
SPLIT, COMBINED = GenerationMode.SPLIT, GenerationMode.COMBINED
UNEVEN = (3.0, 15.0, 9.0, 2.0, 2.0, 5.0)
"""Seconds of the six types as seen with a real provider: together 36, the longest 15."""

TOKENS = Target("tokens", "tokens, 0,5 s + 60 per seconde", "tokens,chunks=150")
FAILED = TypeFailure(ExampleType.SYNONIEMEN, FailureKind.SERVER)


def call(
    name: str,
    kind: ExampleType,
    start: float,
    seconds: float,
    *,
    tokens: Tokens | None = Tokens(100, 50),  # noqa: B008  immutable
    failure: FailureKind | None = None,
) -> CallRecord:
    first = start + seconds / 2
    return CallRecord(name, (kind,), start, start + seconds, first, 1, tokens, failure)


def repetition(
    mode: GenerationMode,
    number: int = 1,
    lengths: Sequence[float] = UNEVEN,
    *,
    failures: tuple[TypeFailure, ...] = (),
    estimated: bool = False,
) -> Repetition:
    """Six calls of ``lengths`` seconds: one after another for SEQUENTIAL, else all from 0."""
    calls = []
    clock = 0.0
    for kind, length in zip(SIX, lengths, strict=True):
        calls.append(call(kind.value, kind, clock if mode is SEQUENTIAL else 0.0, length))
        clock += length
    return Repetition(
        mode=mode,
        number=number,
        seconds=clock if mode is SEQUENTIAL else max(lengths),
        first_item=min(one.first_item or 0.0 for one in calls),
        calls=tuple(calls),
        failures=failures,
        tokens=Tokens(600, 300),
        tokens_estimated=estimated,
    )


def run(
    *repetitions: Repetition,
    target: Target = TOKENS,
    scaling: tuple[ScalePoint, ...] = (),
    stopped: bool = False,
    begrip: str = "verdachte",
) -> BenchmarkRun:
    modes = tuple(dict.fromkeys(one.mode for one in repetitions))
    most = max((one.number for one in repetitions), default=1)
    request = BenchmarkRequest(
        subject=Subject(begrip, "een omschrijving", {"juridisch": ("strafrecht",)}),
        target=target,
        modes=modes,
        repetitions=most,
        scales=tuple(point.generations for point in scaling),
    )
    return BenchmarkRun(
        "0" * 31 + "1", 1_790_000_000.0, request, repetitions, scaling, stopped, 12.5
    )


def point(generations: int, seconds: float, ideal: float = 2.0, failed: int = 0) -> ScalePoint:
    return ScalePoint(generations, seconds, ideal, False, failed, generations * 6)
