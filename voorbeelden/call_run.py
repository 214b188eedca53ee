"""One call of a plan on its way: cache, attempts, repairs, and its part of every type's outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

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
from voorbeelden.ai.estimate import tokens_of
from voorbeelden.ai.hedge import race
from voorbeelden.ai.items import ItemReader, as_item
from voorbeelden.ai.retry import LARGER_CAP, MAX_ATTEMPTS, MAX_BROKEN
from voorbeelden.ai.road import Call as RoadCall
from voorbeelden.ai.service import ChatCall
from voorbeelden.cachekey import cache_key
from voorbeelden.hooks import DeadlinePassed
from voorbeelden.model import (
    CallRecord,
    ExampleType,
    Failure,
    Item,
    ItemComplete,
    ItemsReplaced,
    Tokens,
    TypeRetrying,
    TypeStarted,
    TypeWaiting,
)
from voorbeelden.run_context import CachedAnswer, ItemCache, RunContext
from voorbeelden.strategies import Call, Wanted

Take = Callable[[ExampleType, Item], None]


class CallRun:
    """Runs one call; ``run`` is awaited once, then ``end`` is called once."""

    def __init__(self, context: RunContext, call: Call) -> None:
        self._context = context
        self._call = call
        self._hedged = False
        self._cached: bool | None = None
        self._start = context.now()
        self._first_item: float | None = None
        self._attempts = 0
        self._tokens: Tokens | None = None
        self._room = 1
        """How many times the usual tokens an answer may have."""
        self._good: dict[ExampleType, int] | None = None
        """How many items an answer brought that was whole and of no use otherwise."""

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
            context.road.tell(DeadlinePassed())
            raise CallTimeout from None
        keeping = None
        try:
            keeping = await self._find_or_ask(context.cache, key)
        finally:
            # Who asks the same must find what is on its way into the cache.
            if keeping is None:
                flight.release()
            else:
                keeping.add_done_callback(lambda _: flight.release())

    async def _find_or_ask(self, cache: ItemCache, key: str) -> asyncio.Future[None] | None:
        """What is being kept now, if the answer is new and whole."""
        fresh = self._context.fresh
        answer = None if fresh else await cache.get(key)
        if cache.trouble:
            for kind in self._call.types:
                self._context.types[kind].note([cache.trouble])
        self._cached = None if fresh else answer is not None
        if answer is not None:
            self._take_cached(answer)
            return None
        await self._ask()
        items = self._standing()
        return cache.put(key, items) if all(items.values()) else None

    def _take_cached(self, answer: CachedAnswer) -> None:
        self._started()
        for kind, items in answer.items.items():
            self._context.types[kind].from_cache(answer.made_at)
            for item in items:
                self._take(kind, item)

    def _standing(self) -> dict[ExampleType, tuple[Item, ...]]:
        """The items that this call has brought."""
        return {kind: self._context.types[kind].of(self._call.name) for kind in self._call.types}

    async def _ask(self) -> None:
        system = prompts.system_message(self._call.types)
        prompt = tokens_of(system + self._user(self._call.wanted, self._call.present))
        if prompt > self._context.settings.context_tokens:
            raise TooLong
        await self._context.road.run(self._road_call(), self._attempt)

    def _road_call(self) -> RoadCall:
        system = prompts.system_message(self._call.types)
        expected = self._context.expectation.tokens
        answer = sum(expected[kind] * count for kind, count in self._call.wanted.items())
        return RoadCall(
            rank=self._call.rank,
            tokens=tokens_of(system, self._user(self._call.wanted, self._call.present))
            + round(answer),
            deadline=self._context.deadline,
            on_retry=self._on_retry,
            on_wait=self._on_wait,
            made=lambda: self._attempts,
            spare=self._context.spare_retry,
        )

    async def _attempt(self, _: AIError | None) -> None:
        """One attempt, and a second copy of it beside it when it is slow and that is allowed."""
        context = self._context
        started = time.perf_counter()
        wanted, present = self._question()
        after = context.hedge_after(wanted)
        if after is None:
            answer = await self._answer(wanted, present, self._take)
        else:
            # Both copies ask the same, and the winner's items come beside what stands now.
            standing = {kind: len(items) for kind, items in self._standing().items()}
            held: list[tuple[ExampleType, Item]] = []
            answer, copied = await race(
                lambda: self._answer(wanted, present, self._take),
                lambda: self._copy(wanted, present, held),
                after=after,
                budget=context.hedges,
            )
            if copied:
                self._replace(held, standing)
        context.expectation.took(wanted, time.perf_counter() - started)
        self._check(answer)

    def _question(self) -> tuple[Wanted, tuple[str, ...]]:
        """What to ask for. After items that were too few or double: for the rest only."""
        wanted, present = self._call.wanted, self._call.present
        if self._good is not None:
            wanted = self._missing() or wanted
            types = self._context.types
            present += tuple(item.text for kind in wanted for item in types[kind].items)
        return wanted, present

    async def _copy(
        self, wanted: Wanted, present: tuple[str, ...], held: list[tuple[ExampleType, Item]]
    ) -> Mapping[str, object] | None:
        """The same call once more, past the same gate; its items wait until it has won."""
        self._hedged = True

        async def answer(_: AIError | None) -> Mapping[str, object] | None:
            hold = lambda kind, item: held.append((kind, item))  # noqa: E731  one line is enough
            return await self._answer(wanted, present, hold)

        return await self._context.road.once(self._road_call(), answer, None)

    def _replace(
        self, held: list[tuple[ExampleType, Item]], standing: Mapping[ExampleType, int]
    ) -> None:
        for kind in self._call.types:
            collector = self._context.types[kind]
            collector.withdraw(self._call.name, after=standing[kind])
            event = ItemsReplaced(kind, collector.items, self._context.now())
            self._context.emit(event)
        for kind, item in held:
            self._take(kind, item)

    async def _answer(
        self, wanted: Wanted, present: tuple[str, ...], take: Take
    ) -> Mapping[str, object] | None:
        """Asks once."""
        context, call = self._context, self._call
        types = tuple(wanted)
        reader = ItemReader(types)
        user = self._user(wanted, present)
        system = prompts.system_message(types)

        def on_text(text: str) -> None:
            for kind, item in reader.feed(text):
                take(kind, item)

        completion = await context.road.service.complete(
            ChatCall(
                system=system,
                user=user,
                schema=prompts.schema(types),
                max_tokens=context.settings.max_output_tokens * self._room,
                timeout=sum(map(context.settings.timeout_for, types)),
            ),
            on_text,
            on_request=self._on_request,
            on_cost=self._on_cost,
        )
        for kind in call.types:
            context.types[kind].note(completion.notes)
        return reader.complete()

    def _check(self, answer: Mapping[str, object] | None) -> None:
        if answer is None:
            raise Unreadable
        if missing := self._missing():
            raise Unusable(detail=self._context.types[next(iter(missing))].shortage())
        if any(_no_items(answer.get(kind.value)) for kind in self._call.types):
            # An empty list may be the honest answer; a list of something else is none.
            raise Unusable
        asked = [kind for kind in self._call.types if kind.value in answer]
        if not asked or not all(isinstance(answer[kind.value], list) for kind in asked):
            raise Unusable

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

    def _on_cost(self, tokens: Tokens) -> None:
        self._tokens = tokens if self._tokens is None else self._tokens + tokens

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
        if isinstance(error, Truncated):
            self._room = LARGER_CAP
        if isinstance(error, Unusable):
            # Good items stay when the answer was merely short of some, whatever comes after it.
            self._good = {kind: len(items) for kind, items in self._standing().items()}
        for kind in self._call.types:
            collector = self._context.types[kind]
            collector.withdraw(self._call.name, after=self._good[kind] if self._good else 0)
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
        if failure is not None:
            for kind in self._call.types:
                self._context.types[kind].bring_back(self._call.name)
        record = CallRecord(
            name=self._call.name,
            types=self._call.types,
            start=self._start,
            end=self._context.now(),
            first_item=self._first_item,
            attempts=self._attempts,
            tokens=self._tokens,
            failure=failure.kind if failure else None,
            hedged=self._hedged,
            cached=self._cached,
        )
        share = _share(self._tokens, len(self._call.types))
        ended = [
            kind
            for kind in self._call.types
            if self._context.types[kind].call_ended(failure, self._attempts, share)
        ]
        return record, ended


def _no_items(rows: object) -> bool:
    """Whether there is something in this list, and none of it is an item."""
    return isinstance(rows, list) and bool(rows) and not any(map(as_item, rows))


def _share(tokens: Tokens | None, parts: int) -> Tokens | None:
    """A call for several types costs each of them an equal part, rounded down."""
    if tokens is None or parts == 1:
        return tokens
    return Tokens(tokens.prompt // parts, tokens.completion // parts, tokens.cached // parts)
