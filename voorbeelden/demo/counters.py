"""What a server remembers: counters of the whole server and of each spec text.

Lives on the server's loop only, so nothing here locks.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from voorbeelden.demo.limits import Window

_MAX_SPECS: Final = 4096
_MAX_PROMPTS: Final = 1024
_CACHE_MINIMUM: Final = 1024
_CACHE_STEP: Final = 128


@dataclass(slots=True)
class Counters:
    """Calls as they were counted; a call is cancelled when its client left before the end."""

    requests: int = 0
    by_type: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    max_in_flight: int = 0
    cancelled: int = 0

    def started(self, kinds: Iterable[str]) -> None:
        self.requests += 1
        # One by one: given a mapping, Counter would add its values instead of counting its keys.
        self.by_type.update(iter(kinds))
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)

    def as_dict(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "by_type": dict(self.by_type),
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "cancelled": self.cancelled,
        }


@dataclass(slots=True)
class SpecState:
    """The memory of one spec text: its counters, its barrier, the prompts it has seen, the window
    of each ``limit`` fault and the first ``max_tokens`` that each ``length`` fault met."""

    counters: Counters = field(default_factory=Counters)
    windows: dict[int, Window] = field(default_factory=dict)
    first_limits: dict[tuple[int, str], int | None] = field(default_factory=dict)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)
    _prompts: set[int] = field(default_factory=set)

    async def barrier(self, size: int, seconds: float) -> bool:
        """Waits until ``size`` calls are in flight; False when that takes ``seconds``."""
        if self.counters.in_flight >= size:
            for waiter in self._waiting:
                if not waiter.done():
                    waiter.set_result(None)
            self._waiting.clear()
            return True
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
        return True

    def cached_tokens(self, prompt: str, tokens: int) -> int:
        """Tokens a provider's prompt cache would give for this shared prompt: none the first time,
        and then whole steps of 128 from 1024 up, as OpenAI documents it."""
        key = hash(prompt)
        if key in self._prompts:
            return tokens // _CACHE_STEP * _CACHE_STEP if tokens >= _CACHE_MINIMUM else 0
        if len(self._prompts) < _MAX_PROMPTS:
            self._prompts.add(key)
        return 0


class Memory:
    """The whole server's counters, and the state of each spec text used lately."""

    def __init__(self) -> None:
        self.total = Counters()
        self._states: OrderedDict[str, SpecState] = OrderedDict()

    def state(self, text: str) -> SpecState:
        state = self._states.get(text)
        if state is None:
            state = self._states[text] = SpecState()
            self._forget_idle()
        else:
            self._states.move_to_end(text)
        return state

    def _forget_idle(self) -> None:
        if len(self._states) <= _MAX_SPECS:
            return
        oldest = next(
            (text for text, state in self._states.items() if not state.counters.in_flight), None
        )
        if oldest is not None:
            del self._states[oldest]
