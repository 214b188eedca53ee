"""The documented entry points: examples of six types for one begrip.

Thin over the rich result: everything here ends in the bridge's one loop, so it can be called
again and again, from any thread, inside or outside a running event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from functools import cache

from voorbeelden.bridge import get_bridge
from voorbeelden.loop_thread import LoopClosed
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ContextDict,
    Event,
    ExampleRequest,
    ExampleType,
    Failure,
    GenerationMode,
    OutcomeState,
    Result,
    Subject,
    project,
)
from voorbeelden.settings import SettingsError
from voorbeelden.strategies import make_plan

__all__ = [
    "DEFAULT_EXAMPLE_COUNTS",
    "ExampleRequest",
    "ExampleType",
    "GenerationFailed",
    "GenerationMode",
    "UnifiedExamplesGenerator",
    "genereer_alle_voorbeelden",
    "genereer_alle_voorbeelden_async",
    "genereer_voorbeelden_resultaat",
    "genereer_voorbeelden_stream",
    "get_examples_generator",
]

log = logging.getLogger(__name__)


class GenerationFailed(RuntimeError):
    """One type has no items. ``failure`` names why; its message is Dutch."""

    def __init__(self, example_type: ExampleType, failure: Failure | None) -> None:
        super().__init__(f"{example_type.value}: {failure.kind.value if failure else 'cancelled'}")
        self.example_type = example_type
        self.failure = failure


class UnifiedExamplesGenerator:
    """Makes one type of examples a request."""

    async def _generate_async(self, request: ExampleRequest) -> list[str]:
        """The items of ``request`` as text, at most ``request.count`` of them.

        May be awaited on any loop.

        Raises:
            GenerationFailed: the type failed or was cancelled without a usable item.
        """
        kind = request.example_type
        plan = make_plan(request.generation_mode, {kind: request.count})
        result = await get_bridge().generate(request.subject, plan)
        outcome = result.outcomes[kind]
        if outcome.state in (OutcomeState.FAILED, OutcomeState.CANCELLED):
            raise GenerationFailed(kind, outcome.failure)
        return [str(item) for item in outcome.items]


@cache
def get_examples_generator() -> UnifiedExamplesGenerator:
    """The generator of this process."""
    return UnifiedExamplesGenerator()


async def genereer_alle_voorbeelden_async(
    begrip: str, definitie: str, context_dict: ContextDict
) -> dict[str, list[str] | str]:
    """All six types at once, as the documented dict.

    Returns:
        Exactly six keys, in reading order: five lists of str, and ``toelichting`` a str. A type
        that failed is ``[]`` or ``""`` here; ``genereer_voorbeelden_resultaat`` names why.

    Raises:
        SettingsError: a setting cannot be used, so nothing was asked.
        LoopClosed: the bridge of this process was closed.
    """
    generator = get_examples_generator()

    async def one(kind: ExampleType) -> list[str]:
        request = ExampleRequest(
            begrip, definitie, context_dict, kind, max_examples=DEFAULT_EXAMPLE_COUNTS[kind]
        )
        try:
            return await generator._generate_async(request)
        except (SettingsError, LoopClosed):
            # Nothing was asked of anybody: six empty types would be a lie.
            raise
        except Exception as error:  # noqa: BLE001  one failed type leaves the other five whole
            log.warning("type failed type=%s error=%s", kind.value, type(error).__name__)
            return []

    try:
        async with asyncio.TaskGroup() as group:
            tasks = {kind: group.create_task(one(kind)) for kind in ExampleType}
    except ExceptionGroup as errors:
        # Each of the six met the same; which one is told makes no difference.
        raise errors.exceptions[0] from None
    return {kind.value: project(kind, task.result()) for kind, task in tasks.items()}


def genereer_alle_voorbeelden(
    begrip: str, definitie: str, context_dict: ContextDict
) -> dict[str, list[str] | str]:
    """The synchronous twin: waits, and returns the same dict.

    Inside a running loop (a notebook cell) that loop keeps turning while this waits; that is
    the one thing nest-asyncio is here for. It cannot patch uvloop: there the loop stands still
    until the examples are in.

    Raises:
        RuntimeError: called on the bridge's own thread, where waiting can never end.
    """
    bridge = get_bridge()
    if bridge.on_loop_thread:
        raise RuntimeError("await genereer_alle_voorbeelden_async on the bridge's own loop")
    coroutine = genereer_alle_voorbeelden_async(begrip, definitie, context_dict)
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        return bridge.submit(coroutine).result()
    if not isinstance(running, asyncio.BaseEventLoop):
        return bridge.submit(coroutine).result()
    import nest_asyncio

    nest_asyncio.apply(running)
    return running.run_until_complete(coroutine)


async def genereer_voorbeelden_resultaat(
    begrip: str,
    definitie: str,
    context_dict: ContextDict,
    *,
    mode: GenerationMode = GenerationMode.ASYNC,
) -> Result:
    """The rich result: an outcome a type, where a failure has a name and a Dutch message."""
    subject = Subject.from_dict(begrip, definitie, context_dict)
    return await get_bridge().generate(subject, make_plan(mode, DEFAULT_EXAMPLE_COUNTS))


async def genereer_voorbeelden_stream(
    begrip: str,
    definitie: str,
    context_dict: ContextDict,
    *,
    mode: GenerationMode = GenerationMode.ASYNC,
) -> AsyncGenerator[Event, None]:
    """Events as they happen: type started, item complete, type ended.

    Exactly one ``TypeEnded`` follows for every type. Leaving the iterator early cancels the rest.
    """
    subject = Subject.from_dict(begrip, definitie, context_dict)
    events = get_bridge().stream(subject, make_plan(mode, DEFAULT_EXAMPLE_COUNTS))
    try:
        async for event in events:
            yield event
    finally:
        await events.aclose()
