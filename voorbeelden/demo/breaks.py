"""Faults of the wire: streams that stop, lie, drip, crawl or come in splinters. Pure."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

import orjson

from voorbeelden.demo.profiles import Timing, offsets
from voorbeelden.demo.reply import EVENT_STREAM, Ending, Reply
from voorbeelden.demo.spec import FaultSpec

GARBAGE: Final = b"data: {oeps, dit is geen JSON\n\n"
COMMENT: Final = b": ping\n\n"
HTML: Final = (
    b"<!DOCTYPE html><html><head><title>Aanmelden</title></head>"
    b"<body><h1>Netwerkpoort</h1><p>Meld u aan om verder te gaan.</p></body></html>"
)
_MIDWAY: Final = frozenset({"stall", "drip", "reset", "close", "errorevent", "garbage"})
_BANDWIDTH_STEPS: Final = 20
"""Writes a second when the bandwidth is limited."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A reply in the making: the pieces of its content, and the tail that closes it.

    ``item_marks[n]`` is how many pieces hold the first n items; without items a stall is half-way.
    """

    pieces: Sequence[bytes]
    tail: bytes
    content_type: str
    item_marks: Sequence[int] = ()


def broken(fault: FaultSpec, parts: Parts, timing: Timing) -> Reply | None:
    """The reply that ``fault`` makes of ``parts``; ``None`` when it is no fault of this sort."""
    if fault.name == "silent":
        return Reply((), (), ending=Ending.HANG)
    if fault.name == "html":
        return Reply([HTML], [timing.ttft], content_type="text/html; charset=utf-8")
    if fault.name not in _MIDWAY:
        return None
    times = offsets(timing, len(parts.pieces))
    pieces = [*parts.pieces, parts.tail] if parts.tail else [*parts.pieces]
    times += times[-1:] * (len(pieces) - len(times))
    sent = _sent(fault, parts)
    start = Reply(pieces[:sent], times[:sent], content_type=parts.content_type)
    match fault.name:
        case "stall":
            return replace(start, ending=Ending.HANG)
        case "drip":
            comment = COMMENT if parts.content_type == EVENT_STREAM else b" "
            return replace(start, ending=Ending.HANG, drip=(fault.number("every"), comment))
        case "reset":
            return replace(start, ending=Ending.RESET)
        case "close":
            return start
        case "errorevent":
            return _spliced(start, _error_event(str(fault.value("code"))), [], times[sent:])
        case _:
            return _spliced(start, GARBAGE, pieces[sent:], times[sent:])


def _spliced(start: Reply, event: bytes, rest: list[bytes], times: list[float]) -> Reply:
    """``start``, the event at the time of the piece that it comes before, and the rest."""
    moment = times[0] if times else start.times[-1]
    return replace(
        start,
        pieces=[*start.pieces, event, *rest],
        times=[*start.times, moment, *times[: len(rest)]],
    )


def _sent(fault: FaultSpec, parts: Parts) -> int:
    """How many pieces leave before the fault: at least one, never all of several."""
    count = len(parts.pieces)
    if fault.name == "stall" and len(parts.item_marks) > 1:
        items = min(int(fault.number("items")), len(parts.item_marks) - 1)
        sent = parts.item_marks[items]
    else:
        sent = int(count * (0.5 if fault.name == "stall" else fault.number("after")))
    return max(1, min(sent, count - 1))


def _error_event(code: str) -> bytes:
    message = "The server had an error while processing your request."
    error = {"message": message, "type": "server_error", "param": None, "code": code}
    return b"data: " + orjson.dumps({"error": error}) + b"\n\n"


def delayed(reply: Reply, seconds: float) -> Reply:
    return replace(reply, times=[time + seconds for time in reply.times])


def throttled(reply: Reply, rate: float) -> Reply:
    """The reply at ``rate`` bytes a second, the body only, in 20 steps a second."""
    step = max(1, int(rate / _BANDWIDTH_STEPS))
    pieces: list[bytes] = []
    times: list[float] = []
    clock = 0.0
    for piece, time in zip(reply.pieces, reply.times, strict=True):
        clock = max(clock, time)
        for start in range(0, len(piece), step):
            part = piece[start : start + step]
            clock += len(part) / rate
            pieces.append(part)
            times.append(clock)
    return replace(reply, pieces=pieces, times=times, framed=None)


def sliced(reply: Reply, size: int, gap: float, seed: str) -> Reply:
    """The same bytes in slices of ``size`` bytes on average, ``gap`` seconds apart or more, so that
    they are read apart too. Every character of several bytes is cut through, and one blank line."""
    if not reply.pieces:
        return reply
    data = b"".join(reply.pieces)
    ends = list(accumulate(map(len, reply.pieces)))
    cuts = {index for index, byte in enumerate(data) if byte & 0xC0 == 0x80}
    cuts.add(data.find(b"\n\n") + 1)
    draw, position = random.Random(seed), 0
    while position < len(data):
        cuts.add(position)
        position += draw.randint(1, 2 * size - 1)
    pieces: list[bytes] = []
    times: list[float] = []
    clock = 0.0
    for start, end in pairwise([*sorted(cuts), len(data)]):
        clock = max(clock + gap, reply.times[bisect_left(ends, end)])
        pieces.append(data[start:end])
        times.append(clock)
    return replace(reply, pieces=pieces, times=times, framed=None)
