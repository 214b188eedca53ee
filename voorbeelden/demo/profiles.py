"""How long a call takes, and when each of its pieces leaves: pure, repeatable by seed."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voorbeelden.demo.catalogue import FLOW_SECONDS, MEASURED_SECONDS, OUTPUT_TOKENS
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType

_OTHER_SECONDS: Final = 2.0
"""What a call takes of which the measured and the flow profile say nothing."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the start of the call to the first byte (``ttft``) and to the end (``end``).

    ``tokens`` is the number of output tokens where the profile sets it.
    """

    ttft: float
    end: float
    tokens: int | None = None


def estimate_tokens(text: str) -> int:
    """About four characters a token, as English and Dutch text averages; at least 1."""
    return max(1, math.ceil(len(text) / 4))


def call_timing(spec: DemoSpec, number: int, counts: Mapping[str, int], text: str) -> Timing:
    """The timing of call ``number`` (from 1) that asks for ``counts`` items of each kind.

    A call for several kinds takes the sum of their times; ``ttft`` passes once.
    """
    match spec.name:
        case "instant":
            return Timing(0.0, 0.0)
        case "fixed":
            return _within(spec.number("ttft"), spec.number("seconds") * len(counts))
        case "measured" | "flow":
            scale = spec.number("scale")
            seconds = MEASURED_SECONDS if spec.name == "measured" else FLOW_SECONDS
            total = sum(seconds.get(kind, _OTHER_SECONDS) for kind in counts)
            return _within(spec.number("ttft") * scale, total * scale)
        case "tail":
            draw = random.Random(f"{spec.count('seed')}:{number}")
            sigma = spec.number("sigma")
            total = sum(draw.lognormvariate(0.0, sigma) for _ in counts)
            return _within(spec.number("ttft"), spec.number("seconds") * total)
        case _:
            tokens = math.ceil(sum(_tokens(spec, kind, n, text) for kind, n in counts.items()))
            ttft = spec.number("ttft")
            return Timing(ttft, ttft + tokens / spec.number("rate"), tokens)


def offsets(timing: Timing, pieces: int) -> list[float]:
    """When each piece leaves: the first at ``ttft``, the last at the end, evenly between."""
    if pieces == 1:
        return [timing.end]
    step = (timing.end - timing.ttft) / (pieces - 1)
    return [timing.ttft + step * index for index in range(pieces)]


def _within(ttft: float, end: float) -> Timing:
    return Timing(min(ttft, end), end)


def _tokens(spec: DemoSpec, kind: str, count: int, text: str) -> float:
    if kind not in OUTPUT_TOKENS:
        return estimate_tokens(text)
    share = count / DEFAULT_EXAMPLE_COUNTS[ExampleType(kind)]
    return spec.number(kind) * share
