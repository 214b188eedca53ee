"""Hedging: a second copy of a call that takes longer than its kind nearly always does.

The first answer wins and the other copy is cancelled, but it has been paid for: so it is off
unless asked for, and copies are at most a tenth of all calls (Dean and Barroso, "The Tail at
Scale", CACM 56(2), 2013).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")

PERCENTILE: Final = 0.9
SHARE: Final = 0.1


class HedgeBudget:
    """How many copies may be made: at most ``SHARE`` of the calls seen."""

    def __init__(self) -> None:
        self.calls = 0
        self.copies = 0

    def take(self) -> bool:
        """Whether one more copy is within the budget; counts it when it is."""
        if self.copies + 1 > SHARE * self.calls:
            return False
        self.copies += 1
        return True


async def race(
    first: Callable[[], Awaitable[T]],
    second: Callable[[], Awaitable[T]],
    *,
    after: float,
    budget: HedgeBudget,
) -> tuple[T, bool]:
    """The result of whichever succeeds first, and whether that was ``second``.

    ``second`` starts when ``first`` has taken ``after`` seconds and the budget allows it. When
    one fails the other is awaited; when both fail, the error of ``first`` is raised. The loser
    is cancelled and has ended when this returns.
    """
    budget.calls += 1
    original = asyncio.ensure_future(first())
    tasks = {original}
    try:
        await asyncio.wait(tasks, timeout=after)
        if not original.done() and budget.take():
            tasks.add(asyncio.ensure_future(second()))
        waiting = set(tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda task: task is not original):
                if task.exception() is None:
                    return task.result(), task is not original
        return original.result(), False
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
