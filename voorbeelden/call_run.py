"""One call of a plan on its way: cache, attempts, repairs, and its part of every type's outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from voorbeelden import prompts
from voorbeelden.ai.errors import (
    AIError,
    Broken,
    CallTimeout,
    TooLong,
    Truncated,
    Unreadable,
    Unusable,
)
from voorbeelden.ai.items import ItemReader
from voorbeelden.ai.retry import MAX_ATTEMPTS, MAX_BROKEN
from voorbeelden.ai.road import Call as RoadCall
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import ChatCall
from voorbeelden.cachekey import cache_key
from voorbeelden.collector import TypeCollector
from voorbeelden.model import (
    CallRecord,
    Event,
    ExampleType,
    Failure,
    Item,
    ItemComplete,
    Subject,
    Tokens,
    TypeRetrying,
    TypeStarted,
    TypeWaiting,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import Call

_LARGER_CAP = 2
"""How many times as many tokens a call gets after its answer was cut off."""

_CHARACTERS_A_TOKEN = 3.5
"""Dutch prose on common tokenizers; an estimate, for the queue and the length check only."""


class ItemCache(Protocol):
    """Whole answers of single calls. A cache that is broken answers ``None``, never raises, and
    says so in ``trouble``, in Dutch."""

    trouble: str | None

    def flight(self, key: str) -> asyncio.Lock:
        """Held by the one call in this process that is making the answer of ``key``."""
        ...

    async def get(self, key: str) -> CachedAnswer | None: ...

    async def put(self, key: str, items: Mapping[ExampleType, tuple[Item, ...]]) -> None: ...


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """``made_at`` is in seconds since the epoch."""

    items: Mapping[ExampleType, tuple[Item, ...]]
    made_at: float


@dataclass(slots=True)
class RunContext:
    """What all calls of one generation share. ``origin`` is ``time.perf_counter`` at its start;
    ``deadline`` is in ``time.monotonic`` seconds."""

    road: Road
    settings: Settings
    subject: Subject
    emit: Callable[[Event], None]
    cache: ItemCache | None
    fresh: bool
    types: Mapping[ExampleType, TypeCollector]
    origin: float = field(default_factory=time.perf_counter)
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.settings.deadline

    def now(self) -> float:
        """Seconds since the generation's start."""
        return time.perf_counter() - self.origin


class CallRun:
    """Runs one call; ``run`` is awaited once, then ``end`` is called once."""

    def __init__(self, context: RunContext, call: Call, rank: int) -> None:
        self._context = context
        self._call = call
        self._rank = rank
        self._start = context.now()
        self._first_item: float | None = None
        self._attempts = 0
        self._tokens: Tokens | None = None

    async def run(self) -> None:
        """Fills the collectors of the call's types.

        Raises:
            AIError: there is no whole answer.
        """
        context = self._context
        if context.cache is None:
            await self._ask()
            return
        key = cache_key(context.settings, context.subject, self._call)
        flight = context.cache.flight(key)
        try:
            async with asyncio.timeout(max(0.0, context.deadline - time.monotonic())):
                # Somebody else may be making the same answer: then wait for it and share it.
                await flight.acquire()
        except TimeoutError:
            raise CallTimeout from None
        try:
            answer = None if context.fresh else await context.cache.get(key)
            if answer is not None:
                self._take_cached(answer)
                return
            await self._ask()
            if all(items := self._items()):
                await context.cache.put(key, dict(zip(self._call.types, items, strict=True)))
            if context.cache.trouble:
                for kind in self._call.types:
                    context.types[kind].note([context.cache.trouble])
        finally:
            flight.release()

    def _take_cached(self, answer: CachedAnswer) -> None:
        self._started()
        for kind, items in answer.items.items():
            self._context.types[kind].from_cache(answer.made_at)
            for item in items:
                self._take(kind, item)

    def _items(self) -> list[tuple[Item, ...]]:
        return [self._context.types[kind].of(self._call.name) for kind in self._call.types]

    async def _ask(self) -> None:
        system = prompts.system_message(self._call.types)
        tokens = (len(system) + len(self._user({}, ()))) / _CHARACTERS_A_TOKEN
        if tokens > self._context.settings.context_tokens:
            raise TooLong
        road_call = RoadCall(
            rank=self._rank,
            tokens=round(tokens),
            deadline=self._context.deadline,
            on_retry=self._on_retry,
            on_wait=self._on_wait,
        )
        await self._context.road.run(road_call, self._attempt)

    async def _attempt(self, previous: AIError | None) -> None:
        """One attempt. After items that were too few or double, it asks for the rest only."""
        context, call = self._context, self._call
        wanted, present = call.wanted, call.present
        if isinstance(previous, Unusable):
            wanted = self._missing() or wanted
            present += tuple(i.text for kind in wanted for i in context.types[kind].items)
        types = tuple(wanted)
        reader = ItemReader(types)

        def on_text(text: str) -> None:
            for kind, item in reader.feed(text):
                self._take(kind, item)

        larger = _LARGER_CAP if isinstance(previous, Truncated) else 1
        completion = await context.road.service.complete(
            ChatCall(
                system=prompts.system_message(types),
                user=self._user(wanted, present),
                schema=prompts.schema(types),
                max_tokens=context.settings.max_output_tokens * larger,
                timeout=sum(map(context.settings.timeout_for, types)),
            ),
            on_text,
            on_request=self._on_request,
        )
        if completion.tokens is not None:
            spent = self._tokens
            self._tokens = completion.tokens if spent is None else spent + completion.tokens
        for kind in call.types:
            context.types[kind].note(completion.notes)
        answer = reader.complete()
        if answer is None:
            raise Unreadable(request_id=completion.request_id)
        if missing := self._missing():
            short = context.types[next(iter(missing))].shortage()
            raise Unusable(request_id=completion.request_id, detail=short)
        if not all(isinstance(answer.get(kind.value), list) for kind in types):
            raise Unusable(request_id=completion.request_id)

    def _missing(self) -> dict[ExampleType, int]:
        owed = {
            kind: self._context.types[kind].missing(self._call.name, count)
            for kind, count in self._call.wanted.items()
        }
        return {kind: count for kind, count in owed.items() if count}

    def _user(self, wanted: Mapping[ExampleType, int], present: tuple[str, ...]) -> str:
        return prompts.user_message(
            self._context.subject, wanted, angle=self._call.angle, present=present
        )

    def _on_request(self) -> None:
        self._attempts += 1
        self._started()

    def _started(self) -> None:
        at = self._context.now()
        for kind in self._call.types:
            if self._context.types[kind].start(at):
                self._context.emit(TypeStarted(kind, at))

    def _on_retry(self, error: AIError, attempt: int, wait: float) -> None:
        at = self._context.now()
        most = MAX_BROKEN if isinstance(error, Broken) else MAX_ATTEMPTS
        for kind in self._call.types:
            collector = self._context.types[kind]
            # Good items stay when the answer was merely short of some.
            if not isinstance(error, Unusable):
                collector.withdraw(self._call.name)
            items, draft = collector.items, collector.draft
            event = TypeRetrying(kind, error.kind, attempt, most, wait, items, draft, at)
            self._context.emit(event)

    def _on_wait(self, seconds: float) -> None:
        for kind in self._call.types:
            self._context.emit(TypeWaiting(kind, seconds, self._context.now()))

    def _take(self, kind: ExampleType, item: Item) -> None:
        at = self._context.now()
        kept = self._context.types[kind].take(self._call.name, item, at)
        if kept is None:
            return
        if self._first_item is None:
            self._first_item = at
        self._context.emit(ItemComplete(kind, kept, at))

    def end(self, failure: Failure | None) -> tuple[CallRecord, list[ExampleType]]:
        """The call's record, and the types for which it was the last one."""
        record = CallRecord(
            name=self._call.name,
            types=self._call.types,
            start=self._start,
            end=self._context.now(),
            first_item=self._first_item,
            attempts=self._attempts,
            tokens=self._tokens,
            failure=failure.kind if failure else None,
        )
        share = _share(self._tokens, len(self._call.types))
        ended = [
            kind
            for kind in self._call.types
            if self._context.types[kind].call_ended(failure, self._attempts, share)
        ]
        return record, ended


def _share(tokens: Tokens | None, parts: int) -> Tokens | None:
    """A call for several types costs each of them an equal part, rounded down."""
    if tokens is None or parts == 1:
        return tokens
    return Tokens(tokens.prompt // parts, tokens.completion // parts, tokens.cached // parts)
