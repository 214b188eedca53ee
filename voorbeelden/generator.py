"""Runs a plan: calls to the model in, one outcome a type out, events on the way.

This is the one engine-neutral coroutine that makes the examples of one begrip. It knows no
threads, no pages and no HTTP; it must run on the loop that its ``AIServiceV2`` was made on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from voorbeelden import prompts
from voorbeelden.ai.errors import AIError, Unreadable, Unusable
from voorbeelden.ai.items import ItemReader
from voorbeelden.ai.service import AIServiceV2, ChatCall
from voorbeelden.collector import TypeCollector
from voorbeelden.failures import failure_of, internal_failure
from voorbeelden.model import (
    CallRecord,
    Event,
    ExampleType,
    Failure,
    Item,
    ItemComplete,
    Outcome,
    Result,
    Subject,
    Tokens,
    TypeEnded,
    TypeStarted,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import Call, Plan

Emit = Callable[[Event], None]
"""Takes an event on the loop; must not block and must not raise."""


class Generation:
    """One run of one plan; ``run`` is called once."""

    def __init__(
        self, service: AIServiceV2, settings: Settings, subject: Subject, plan: Plan, emit: Emit
    ) -> None:
        self._service = service
        self._settings = settings
        self._subject = subject
        self._plan = plan
        self._emit = emit
        self._calls: list[CallRecord] = []
        self._outcomes: dict[ExampleType, Outcome] = {}
        self._types = {
            kind: TypeCollector(kind, wanted, calls=sum(kind in call.wanted for call in plan.calls))
            for kind, wanted in plan.wanted.items()
        }
        self._origin = 0.0

    async def run(self) -> Result:
        """Runs every call of the plan and returns an outcome for every type.

        Cancelling it ends every type as ``cancelled``, with the items that had arrived, emits
        those outcomes, and re-raises.
        """
        self._origin = time.perf_counter()
        slots = asyncio.Semaphore(self._plan.at_once or len(self._plan.calls))
        try:
            async with asyncio.TaskGroup() as group:
                for call in self._plan.calls:
                    group.create_task(self._run_call(call, slots), name=call.name)
        finally:
            for kind in self._types:
                if kind not in self._outcomes:
                    self._end_type(kind, cancelled=True)
        return self.result()

    def result(self) -> Result:
        """What there is now; whole once ``run`` has ended, also by cancellation."""
        return Result(
            subject=self._subject,
            mode=self._plan.mode,
            outcomes={kind: self._outcomes[kind] for kind in self._types},
            calls=tuple(sorted(self._calls, key=lambda record: record.start)),
            seconds=self._now(),
        )

    async def _run_call(self, call: Call, slots: asyncio.Semaphore) -> None:
        async with slots:
            run = _CallRun(self, call)
            try:
                await run.attempt()
            except AIError as error:
                run.end(failure_of(error))
            except Exception as error:  # noqa: BLE001  a bug in one type must not take the other five
                run.end(internal_failure(error, call=call.name))
            else:
                run.end(None)

    def _now(self) -> float:
        return time.perf_counter() - self._origin

    def _end_type(self, kind: ExampleType, *, cancelled: bool = False) -> None:
        at = self._now()
        outcome = self._types[kind].outcome(at, cancelled=cancelled)
        self._outcomes[kind] = outcome
        self._emit(TypeEnded(kind, outcome, at))


class _CallRun:
    """One call on its way: its clock, its attempts, its items."""

    def __init__(self, generation: Generation, call: Call) -> None:
        self._generation = generation
        self._call = call
        self._start = generation._now()
        self._first_item: float | None = None
        self._attempts = 0
        self._tokens: Tokens | None = None

    async def attempt(self) -> None:
        generation, call = self._generation, self._call
        reader = ItemReader(call.types)

        def on_text(text: str) -> None:
            for kind, item in reader.feed(text):
                self._take(kind, item)

        completion = await generation._service.complete(
            ChatCall(
                system=prompts.system_message(call.types),
                user=prompts.user_message(
                    generation._subject, call.wanted, angle=call.angle, present=call.present
                ),
                schema=prompts.schema(call.types),
                max_tokens=generation._settings.max_output_tokens,
                timeout=sum(map(generation._settings.timeout_for, call.types)),
            ),
            on_text,
            on_request=self._on_request,
        )
        self._tokens = completion.tokens
        for kind in call.types:
            generation._types[kind].note(completion.notes)
        answer = reader.complete()
        if answer is None:
            raise Unreadable(request_id=completion.request_id)
        if not all(isinstance(answer.get(kind.value), list) for kind in call.types):
            raise Unusable(request_id=completion.request_id)

    def _on_request(self) -> None:
        self._attempts += 1
        at = self._generation._now()
        for kind in self._call.types:
            if self._generation._types[kind].start(at):
                self._generation._emit(TypeStarted(kind, at))

    def _take(self, kind: ExampleType, item: Item) -> None:
        generation = self._generation
        at = generation._now()
        if self._first_item is None:
            self._first_item = at
        if (kept := generation._types[kind].take(item, at)) is not None:
            generation._emit(ItemComplete(kind, kept, at))

    def end(self, failure: Failure | None) -> None:
        generation, call = self._generation, self._call
        at = generation._now()
        generation._calls.append(
            CallRecord(
                name=call.name,
                types=call.types,
                start=self._start,
                end=at,
                first_item=self._first_item,
                attempts=self._attempts,
                tokens=self._tokens,
                failure=failure.kind if failure else None,
            )
        )
        share = _share(self._tokens, len(call.types))
        for kind in call.types:
            if generation._types[kind].call_ended(failure, self._attempts, share):
                generation._end_type(kind)


def _share(tokens: Tokens | None, parts: int) -> Tokens | None:
    """A call for several types costs each of them an equal part, rounded down."""
    if tokens is None or parts == 1:
        return tokens
    return Tokens(tokens.prompt // parts, tokens.completion // parts, tokens.cached // parts)
