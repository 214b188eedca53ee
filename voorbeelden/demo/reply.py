"""From a request to a reply that only has to be played: pure, all bytes and times up front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from voorbeelden.demo import sse
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.profiles import Timing, offsets

EVENT_STREAM = "text/event-stream; charset=utf-8"
JSON = "application/json"


class Ending(Enum):
    """What happens to the connection after the last piece."""

    END = "the body ends"
    HANG = "nothing more, ever"
    RESET = "the connection is reset"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as a schedule.

    Attributes:
        pieces: the body in order; each piece leaves at its time.
        times: seconds from the start of the call, ascending, one a piece.
        framed: ``pieces`` in HTTP chunked framing, when that exists already.
        drip: seconds, and the bytes sent after the last piece each time they pass, for ever.
    """

    pieces: Sequence[bytes]
    times: Sequence[float]
    framed: Sequence[bytes] | None = None
    status: int = 200
    content_type: str = EVENT_STREAM
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.END
    drip: tuple[float, bytes] | None = None


def streamed(encoded: sse.Encoded, timing: Timing, tail: bytes) -> Reply:
    """The content events spread over the time, the tail together with the last one."""
    times = offsets(timing, len(encoded.events))
    pieces, framed = list(encoded.events), list(encoded.framed)
    pieces[-1] += tail
    framed[-1] += sse.frame(tail)
    return Reply(pieces, times, framed)


def at_once(body: bytes, timing: Timing) -> Reply:
    """A JSON body at the end of the call's time."""
    return Reply([body], [timing.end], content_type=JSON)


def refused(error: ApiError) -> Reply:
    """An error answers at once, whatever the profile."""
    return Reply([error.body], [0.0], status=error.status, content_type=JSON, headers=error.headers)
