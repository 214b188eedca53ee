"""This package as a contender."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from scripts.peers.model import MODEL, TIMEOUT, Answer, Begrip, Generate

_POLL: Final = 0.05
"""Seconds between two looks at a job; the page takes 0.4, which would blur the measurement."""


def _settings(base_url: str) -> Any:
    from voorbeelden.settings import Settings

    return Settings(base_url=base_url, model=MODEL, call_timeout=TIMEOUT, deadline=TIMEOUT)


def _answers(outcomes: Mapping[Any, Any]) -> Sequence[Answer]:
    """A type that is not whole gives no rows, which the worker's check does not let pass."""
    answers = []
    for kind, outcome in outcomes.items():
        items = outcome.items if outcome.state.value == "done" else ()
        rows = [
            item.text if item.reden is None else {"voorbeeld": item.text, "reden": item.reden}
            for item in items
        ]
        answers.append({kind.value: rows})
    return answers


@asynccontextmanager
async def voorbeelden_bridge(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """As the app does it: jobs on the bridge's loop thread, looked at from another loop."""
    from voorbeelden.bridge import Bridge
    from voorbeelden.model import GenerationMode, Subject
    from voorbeelden.strategies import make_plan

    bridge = Bridge(_settings(base_url))
    await asyncio.wrap_future(bridge.submit(bridge.runtime()))

    async def whole(begrip: Begrip) -> Sequence[Answer]:
        subject = Subject(begrip.begrip, begrip.definitie)
        result = await bridge.generate(subject, make_plan(GenerationMode.ASYNC))
        return _answers(result.outcomes)

    async def job(begrip: Begrip) -> Sequence[Answer]:
        job_id = bridge.start(Subject(begrip.begrip, begrip.definitie))
        while True:
            await asyncio.sleep(_POLL)
            snapshot = bridge.snapshot(job_id)
            if snapshot is None:
                raise RuntimeError("the bridge lost a job")
            if not snapshot.running:
                return _answers({lane.kind: lane.outcome for lane in snapshot.lanes})

    try:
        yield job if streamed else whole
    finally:
        await asyncio.to_thread(bridge.close)


@asynccontextmanager
async def voorbeelden_asyncio(base_url: str, streamed: bool) -> AsyncIterator[Generate]:
    """Without bridge and uvloop: what the road itself costs on the loop the peers run on."""
    from voorbeelden.ai.road import Road
    from voorbeelden.ai.service import AIServiceV2
    from voorbeelden.generator import Generation
    from voorbeelden.model import Event, GenerationMode, Subject
    from voorbeelden.strategies import make_plan

    settings = _settings(base_url)
    road = Road(AIServiceV2(settings), settings)
    plan = make_plan(GenerationMode.ASYNC)

    async def generate(begrip: Begrip) -> Sequence[Answer]:
        events: list[Event] = []
        emit = events.append if streamed else _ignore
        subject = Subject(begrip.begrip, begrip.definitie)
        result = await Generation(road, settings, subject, plan, emit).run()
        return _answers(result.outcomes)

    try:
        yield generate
    finally:
        await road.aclose()


def _ignore(_: object) -> None:
    """Nobody listens: the result is enough."""
