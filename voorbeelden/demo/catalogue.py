"""Pure data of the demo server: which profiles and faults exist, with their options and defaults.

An option whose default is ``None`` is off until it is given. Times are seconds, ``after`` is the
share (0 to 1) of the stream that is sent before the fault strikes.

Profiles, the time of one type (a call for several types takes the sum):

- ``instant``: none. ``fixed``: ``seconds``. ``measured``: latencies seen with a real provider,
  times ``scale``. ``tail``: lognormal with median ``seconds`` and ``sigma``, drawn per call.
- ``flow``: the latencies of the flow from begrip to examples, as it was first designed: definitie
  4 s, toets 3 s, every type 2 s, times ``scale``.
- ``tokens``: ``ttft`` to the first token, then ``rate`` tokens a second; the type's name sets the
  tokens of its default number of items. ``demo``: the same, at a pleasant pace.
- All: ``chunks`` is the exact number of content chunks; ``barrier=N`` makes calls wait until N are
  in flight, and answer 500 when that takes longer than ``barrier-timeout``.

Faults that answer an error: ``400`` ``401`` ``403`` ``404`` ``429`` ``500`` ``502`` ``503``;
``quota``, ``context``; ``noschema`` and ``nousage`` for a request that uses json_schema or
stream_options; ``limit``, after so many ``requests`` or ``tokens`` in ``per`` seconds.

Faults of the content: ``length`` (cut off; whole when max_tokens is larger than the first time),
``refusal``, ``filter``, ``wrongschema``, ``wrongrows``, ``fewer`` (one item less), ``dupes``,
``markup``, ``image``;
``afgekeurd``, for a toets: one rule is not met, and an improvement comes with it.

Faults of the wire: ``html`` (200 with a web page), ``silent`` (never a byte), ``stall`` (nothing
after ``items`` items), ``drip`` (a comment ``every`` so often, for ever), ``reset`` (TCP RST),
``close`` (the body ends early), ``errorevent`` and ``garbage`` (between the chunks), ``latency``
(more ``seconds`` to the first byte), ``bandwidth`` (``rate`` bytes a second), ``slice`` (cut
through lines and characters, every ``size`` bytes on average, ``gap`` seconds apart).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from voorbeelden.model import ExampleType

Value = bool | int | float | str


class ValueKind(Enum):
    SECONDS = "a number of seconds from 0 to 86400"
    POSITIVE = "a number above 0"
    FRACTION = "a number from 0 to 1"
    COUNT = "a whole number of 1 or more"
    WHOLE = "a whole number of 0 or more"
    FLAG = "true or false"
    WORD = "1 to 64 letters, digits, '_', '-' or '.'"


@dataclass(frozen=True, slots=True)
class Option:
    kind: ValueKind
    default: Value | None = None


OptionTable = Mapping[str, Option]

DEFINITION: Final = "definitie"
JUDGING: Final = "toets"
OTHER: Final = "overig"
"""The kind of a call that is no known task."""

KINDS: Final = (*(kind.value for kind in ExampleType), DEFINITION, JUDGING, OTHER)
"""What ``@kind`` may name; a new task's kinds are added here."""

MEASURED_SECONDS: Final[Mapping[str, float]] = {
    "antoniemen": 2.0,
    "synoniemen": 2.0,
    "voorbeeldzinnen": 3.0,
    "toelichting": 5.0,
    "tegenvoorbeelden": 9.0,
    "praktijkvoorbeelden": 15.0,
}
"""Latencies seen with a real provider, whole call."""

FLOW_SECONDS: Final[Mapping[str, float]] = {DEFINITION: 4.0, JUDGING: 3.0}
"""Latencies for which the flow was first designed; every type of examples took 2 s."""

OUTPUT_TOKENS: Final[Mapping[str, int]] = {
    "voorbeeldzinnen": 90,
    "praktijkvoorbeelden": 500,
    "tegenvoorbeelden": 300,
    "synoniemen": 30,
    "antoniemen": 30,
    "toelichting": 200,
}
"""Output tokens of a type's default number of items."""

_COMMON: Final[OptionTable] = {
    "seed": Option(ValueKind.WHOLE, 0),
    "chunks": Option(ValueKind.COUNT),
    "barrier": Option(ValueKind.COUNT),
    "barrier-timeout": Option(ValueKind.SECONDS, 10.0),
}


def _tokens(ttft: float, rate: float) -> OptionTable:
    sizes = {kind: Option(ValueKind.WHOLE, size) for kind, size in OUTPUT_TOKENS.items()}
    own = {"ttft": Option(ValueKind.SECONDS, ttft), "rate": Option(ValueKind.POSITIVE, rate)}
    return {**own, **sizes, **_COMMON}


PROFILES: Final[Mapping[str, OptionTable]] = {
    "demo": _tokens(ttft=0.6, rate=95.0),
    "instant": _COMMON,
    "fixed": {
        "seconds": Option(ValueKind.SECONDS, 1.0),
        "ttft": Option(ValueKind.SECONDS, 0.0),
        **_COMMON,
    },
    "measured": {
        "scale": Option(ValueKind.POSITIVE, 1.0),
        "ttft": Option(ValueKind.SECONDS, 0.5),
        **_COMMON,
    },
    "flow": {
        "scale": Option(ValueKind.POSITIVE, 1.0),
        "ttft": Option(ValueKind.SECONDS, 0.5),
        **_COMMON,
    },
    "tokens": _tokens(ttft=0.5, rate=60.0),
    "tail": {
        "seconds": Option(ValueKind.SECONDS, 3.0),
        "sigma": Option(ValueKind.POSITIVE, 0.8),
        "ttft": Option(ValueKind.SECONDS, 0.0),
        **_COMMON,
    },
}

_RETRY: Final[OptionTable] = {
    "retry-after": Option(ValueKind.SECONDS),
    "retry-after-date": Option(ValueKind.SECONDS),
    "should-retry": Option(ValueKind.FLAG),
}
_AFTER: Final[OptionTable] = {"after": Option(ValueKind.FRACTION, 0.5)}

FAULTS: Final[Mapping[str, OptionTable]] = {
    "400": {},
    "401": {},
    "403": {},
    "404": {},
    "429": _RETRY,
    "500": _RETRY,
    "502": _RETRY,
    "503": _RETRY,
    "quota": {},
    "context": {},
    "noschema": {},
    "nousage": {},
    "limit": {
        "requests": Option(ValueKind.COUNT, 60),
        "tokens": Option(ValueKind.COUNT),
        "per": Option(ValueKind.POSITIVE, 60.0),
    },
    "html": {},
    "silent": {},
    "stall": {"items": Option(ValueKind.WHOLE, 1)},
    "drip": {"every": Option(ValueKind.POSITIVE, 0.2), **_AFTER},
    "reset": _AFTER,
    "close": _AFTER,
    "errorevent": {"code": Option(ValueKind.WORD, "server_error"), **_AFTER},
    "garbage": _AFTER,
    "length": _AFTER,
    "refusal": {},
    "filter": _AFTER,
    "wrongschema": {},
    "wrongrows": {},
    "fewer": {},
    "dupes": {},
    "markup": {},
    "image": {},
    "afgekeurd": {},
    "latency": {"seconds": Option(ValueKind.SECONDS, 1.0)},
    "bandwidth": {"rate": Option(ValueKind.POSITIVE, 2000.0)},
    "slice": {
        "size": Option(ValueKind.COUNT, 64),
        "gap": Option(ValueKind.SECONDS, 0.001),
    },
}
