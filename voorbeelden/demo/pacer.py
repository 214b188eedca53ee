"""Writes prepared bytes to many transports at prepared times, from one timer.

A stream costs its writes and nothing else: no task wakes up for a chunk. When the loop is late,
everything that is due for a transport leaves in one write.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from typing import Final

_TICK: Final = 0.001
"""Shortest time between two rounds, in seconds: chunks leave at most this much late."""


class _Stream:
    __slots__ = ("done", "index", "pieces", "times", "transport")

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        pieces: Sequence[bytes],
        times: Sequence[float],
        done: asyncio.Future[None],
    ) -> None:
        self.transport = transport
        self.pieces = pieces
        self.times = times
        self.done = done
        self.index = 0


class Pacer:
    """One a loop. ``times`` are ``loop.time()`` seconds, ascending."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._heap: list[tuple[float, int, _Stream]] = []
        self._serial = 0
        self._timer: asyncio.Handle | None = None
        self._due = 0.0

    async def play(
        self,
        transport: asyncio.WriteTransport,
        pieces: Sequence[bytes],
        times: Sequence[float],
    ) -> None:
        """Returns when the last piece is written, or early when the transport is closing; a
        cancelled caller's stream stops at once. Raises what the transport's write raises."""
        if not pieces:
            return
        stream = _Stream(transport, pieces, times, self._loop.create_future())
        self._serial += 1
        heapq.heappush(self._heap, (times[0], self._serial, stream))
        self._arm(self._loop.time())
        await stream.done

    def _arm(self, earliest: float) -> None:
        """Sets the timer for the first stream, unless an earlier one is set."""
        when = max(self._heap[0][0], earliest)
        if self._timer is not None:
            # Kept here: for a time that has passed, uvloop gives a handle that does not know it.
            if self._due <= when:
                return
            self._timer.cancel()
        self._due = when
        self._timer = self._loop.call_at(when, self._round)

    def _round(self) -> None:
        self._timer = None
        now = self._loop.time()
        heap = self._heap
        while heap and heap[0][0] <= now:
            _, serial, stream = heap[0]
            if stream.transport.is_closing() and not stream.done.done():
                stream.done.set_result(None)
            if stream.done.done():
                heapq.heappop(heap)
                continue
            start, end, times = stream.index, stream.index + 1, stream.times
            last = len(times)
            while end < last and times[end] <= now:
                end += 1
            pieces = stream.pieces
            try:
                stream.transport.write(
                    pieces[start] if end == start + 1 else b"".join(pieces[start:end])
                )
            except (OSError, RuntimeError) as error:
                # One broken connection must not stop the clock of all the others.
                heapq.heappop(heap)
                stream.done.set_exception(error)
                continue
            if end == last:
                heapq.heappop(heap)
                stream.done.set_result(None)
            else:
                stream.index = end
                heapq.heapreplace(heap, (times[end], serial, stream))
        if heap:
            self._arm(now + _TICK)
