"""Runs a plan: calls to the model in, one outcome a type out, events on the way.

This is the one engine-neutral coroutine that makes the examples of one begrip. It knows no
threads, no pages and no HTTP; it must run on the loop that its ``Road`` was made on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from voorbeelden.ai.errors import AIError, AuthenticationFailed
from voorbeelden.ai.hedge import HedgeBudget
from voorbeelden.ai.road import Road
from voorbeelden.call_run import CallRun
from voorbeelden.collector import TypeCollector
from voorbeelden.expectation import Expectation
from voorbeelden.failures import failure_of, internal_failure
from voorbeelden.model import (
    CallRecord,
    Event,
    ExampleType,
    Failure,
    Outcome,
    Result,
    Subject,
    TypeEnded,
)
from voorbeelden.run_context import ItemCache, RunContext
from voorbeelden.settings import Settings
from voorbeelden.strategies import Call, Plan

Emit = Callable[[Event], None]
"""Takes an event on the loop; must not block and must not raise."""

MOST_REQUESTS: Final = 18
"""Of one generation, whatever its plan: three for each of six types. The breaker counts on it."""


class Generation:
    """One run of one plan; ``run`` is called once."""

    def __init__(
        self,
        road: Road,
        settings: Settings,
        subject: Subject,
        plan: Plan,
        emit: Emit,
        *,
        cache: ItemCache | None = None,
        fresh: bool = False,
        expectation: Expectation | None = None,
        hedges: HedgeBudget | None = None,
    ) -> None:
        """``fresh`` passes the cache by on the way out; what comes back is still kept in it.

        ``expectation`` and ``hedges`` are shared by the generations of a process.
        """
        self._plan = plan
        self._calls: list[CallRecord] = []
        self._outcomes: dict[ExampleType, Outcome] = {}
        self._refused: Failure | None = None
        self._tasks: list[asyncio.Task[None]] = []
        types = {
            kind: TypeCollector(
                kind,
                wanted,
                calls=sum(kind in call.wanted for call in plan.calls),
                present=[
                    text for call in plan.calls if kind in call.wanted for text in call.present
                ],
            )
            for kind, wanted in plan.wanted.items()
        }
        self._expectation = expectation or Expectation()
        self._context = RunContext(
            road=road,
            settings=settings,
            subject=subject,
            emit=emit,
            cache=cache,
            fresh=fresh,
            types=types,
            expectation=self._expectation,
            hedges=hedges or HedgeBudget(),
            retries=max(0, MOST_REQUESTS - len(plan.calls)),
        )

    async def run(self) -> Result:
        """Runs every call of the plan and returns an outcome for every type.

        Cancelling it ends every type as ``cancelled``, with the items that had arrived, emits
        those outcomes, and re-raises.
        """
        slots = asyncio.Semaphore(self._plan.at_once or len(self._plan.calls))
        try:
            async with asyncio.TaskGroup() as group:
                self._tasks = [
                    group.create_task(self._run_call(call, slots), name=call.name)
                    for call in self._plan.calls
                ]
        finally:
            for kind in self._context.types:
                if kind not in self._outcomes:
                    self._end_type(kind, cancelled=self._refused is None)
        result = self.result()
        self._expectation.learn(result)
        return result

    def result(self) -> Result:
        """What there is now; whole once ``run`` has ended, also by cancellation."""
        return Result(
            subject=self._context.subject,
            mode=self._plan.mode,
            outcomes={kind: self._outcomes[kind] for kind in self._context.types},
            calls=tuple(sorted(self._calls, key=lambda record: record.start)),
            seconds=self._context.now(),
        )

    async def _run_call(self, call: Call, slots: asyncio.Semaphore) -> None:
        async with slots:
            run = CallRun(self._context, call)
            failure: Failure | None = None
            try:
                await run.run()
            except AuthenticationFailed as error:
                failure = failure_of(error)
                self._refuse_all(failure)
            except AIError as error:
                failure = failure_of(error)
            except asyncio.CancelledError:
                if self._refused is None:
                    # Its requests were made and perhaps paid for, although it has no outcome.
                    self._calls.append(run.end(None)[0])
                    raise
                failure = self._refused
            except Exception as error:  # noqa: BLE001  a bug in one type must not take the others
                failure = internal_failure(error, call=call.name)
            record, ended = run.end(failure)
            self._calls.append(record)
            for kind in ended:
                self._end_type(kind)

    def _refuse_all(self, failure: Failure) -> None:
        """The key is wrong for every call: the siblings stop instead of asking once more each."""
        if self._refused is None:
            self._refused = failure
            for task in self._tasks:
                if task is not asyncio.current_task():
                    task.cancel()

    def _end_type(self, kind: ExampleType, *, cancelled: bool = False) -> None:
        at = self._context.now()
        collector = self._context.types[kind]
        if self._refused is not None:
            collector.fail(self._refused)
        outcome = collector.outcome(at, cancelled=cancelled)
        self._outcomes[kind] = outcome
        self._context.emit(TypeEnded(kind, outcome, at))
