"""The pacer: every byte, in order, at its time, on asyncio's loop and on uvloop's."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from voorbeelden.demo.pacer import Pacer

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine on the loop named; uvloop is optional, so its turn may be skipped."""
    name = request.param
    if name == "uvloop":
        pytest.importorskip("uvloop")
    runner: Run = importlib.import_module(name).run
    # A pacer that loses its timer would wait for ever.
    return lambda main: runner(asyncio.wait_for(main, 5))


class Recorder(asyncio.WriteTransport):
    """A transport that notes what was written and when."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[float, bytes]] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append((asyncio.get_running_loop().time(), bytes(data)))

    def is_closing(self) -> bool:
        return False

    @property
    def data(self) -> bytes:
        return b"".join(data for _, data in self.writes)


def test_many_streams_keep_their_order_and_their_times(run: Run) -> None:
    """Two hundred streams that start in one turn, at now and later: no byte early, none lost."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pacer, start = Pacer(loop), loop.time()
        transports = [Recorder() for _ in range(200)]
        pieces = [b"%d;" % index for index in range(5)]
        moments = [
            [start + number % 3 * 0.01 + step * 0.02 for step in range(5)] for number in range(200)
        ]
        await asyncio.gather(
            *(pacer.play(t, pieces, m) for t, m in zip(transports, moments, strict=True))
        )
        for transport, times in zip(transports, moments, strict=True):
            assert transport.data == b"0;1;2;3;4;"
            # A timer of uvloop counts whole milliseconds, so a write may be a rounding early.
            assert transport.writes[-1][0] >= times[-1] - 0.002

    run(main())


def test_a_stream_that_starts_while_another_is_due_now(run: Run) -> None:
    """A timer for this very moment has no ``when`` on uvloop; a second stream must not mind."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pacer, first, second = Pacer(loop), Recorder(), Recorder()
        await asyncio.gather(
            pacer.play(first, [b"a"], [loop.time()]),
            pacer.play(second, [b"b"], [loop.time() - 1]),
        )
        assert (first.data, second.data) == (b"a", b"b")

    run(main())


def test_an_earlier_stream_does_not_wait_for_a_later_one(run: Run) -> None:
    """The timer moves forward when a new stream is due first."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pacer, late, early = Pacer(loop), Recorder(), Recorder()
        start = loop.time()
        await asyncio.gather(
            pacer.play(late, [b"late"], [start + 0.2]),
            pacer.play(early, [b"early"], [start + 0.02]),
        )
        assert early.writes[0][0] < start + 0.15
        assert late.writes[0][0] >= start + 0.19

    run(main())


def test_what_is_overdue_leaves_in_one_write(run: Run) -> None:
    """A late loop catches up without a write a piece."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = Recorder()
        await Pacer(loop).play(transport, [b"a", b"b", b"c"], [loop.time() - 1] * 3)
        assert [data for _, data in transport.writes] == [b"abc"]

    run(main())


def test_a_cancelled_stream_stops_and_the_others_go_on(run: Run) -> None:
    """A client that left gets no more bytes; its neighbour gets all of its own, on time."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pacer, left, stays = Pacer(loop), Recorder(), Recorder()
        times = [loop.time() + step * 0.02 for step in range(6)]
        leaver = asyncio.create_task(pacer.play(left, [b"x"] * 6, times))
        stayer = asyncio.create_task(pacer.play(stays, [b"y"] * 6, times))
        await asyncio.sleep(0.05)
        leaver.cancel()
        await stayer
        assert leaver.cancelled()
        assert 0 < len(left.data) < 6
        assert stays.data == b"y" * 6
        written = [moment for moment, _ in stays.writes]
        assert all(earlier < later for earlier, later in pairwise(written))

    run(main())


class Broken(Recorder):
    """A transport whose connection is gone in a way that ``is_closing`` does not tell."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        raise RuntimeError("closed")


class Closing(Recorder):
    """A transport whose client has left."""

    def is_closing(self) -> bool:
        return True


def test_a_broken_connection_does_not_stop_the_others(run: Run) -> None:
    """Its own caller gets the error, a closing one ends without a write, the third gets all."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        pacer, sound, closing = Pacer(loop), Recorder(), Closing()
        times = [loop.time() + step * 0.01 for step in range(3)]
        outcomes = await asyncio.gather(
            *(pacer.play(t, [b"z"] * 3, times) for t in (Broken(), closing, sound)),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes] == [RuntimeError, type(None), type(None)]
        assert (closing.data, sound.data) == (b"", b"zzz")

    run(main())
