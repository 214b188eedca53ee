"""Saving from the loop that generates: it never waits for the disk, and never forgets a type."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from blockbuster import BlockBuster
from sqlalchemy import Connection, event

from tests.integration.store.support import SUBJECT, SYNONIEMEN, TEGEN, outcome, shown
from tests.integration.support import wait_until
from voorbeelden.model import ExampleType, GenerationMode
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import NotFound
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import BegripRecord
from voorbeelden.store.writer import GenerationWriter
from voorbeelden.strategies import make_plan

pytestmark = pytest.mark.anyio

PLAN = make_plan(GenerationMode.ASYNC, {SYNONIEMEN: 3, TEGEN: 3})


@pytest.fixture
def begrip(desk: Desk) -> BegripRecord:
    return desk.take_in(SUBJECT, "anna")


async def start(
    desk: Desk, begrip: BegripRecord, generation_id: str | None = None
) -> GenerationWriter:
    return await GenerationWriter.start(
        desk,
        GenerationStart(
            begrip.id,
            PLAN,
            by="anna",
            model="m",
            prompt_version="p",
            generation_id=generation_id,
        ),
    )


@contextmanager
def slow_commits(desk: Desk) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Commits wait: the first event says that one is waiting, the second lets them go on."""
    waiting, go_on = threading.Event(), threading.Event()

    def wait(_: Connection) -> None:
        waiting.set()
        assert go_on.wait(10)

    event.listen(desk._engine, "commit", wait)
    try:
        yield waiting, go_on
    finally:
        go_on.set()
        event.remove(desk._engine, "commit", wait)


async def test_types_are_saved_as_they_end_without_blocking_the_loop(
    desk: Desk, begrip: BegripRecord, blockbuster: BlockBuster
) -> None:
    """A file or socket touched on the loop's own thread would raise here."""
    writer = await start(desk, begrip)
    assert await writer.type_ended(outcome("a"))
    assert not await writer.type_ended(outcome("a"))
    assert await writer.saved_types() == {SYNONIEMEN}
    saved = await asyncio.to_thread(shown, desk, begrip)
    assert saved == ["a"]
    await writer.type_ended(outcome("t", kind=TEGEN))
    await writer.ended()
    await writer.ended()
    generation = await asyncio.to_thread(desk.generation, writer.generation_id)
    assert generation.ended_at is not None
    assert len(generation.types) == 2


async def test_types_that_end_at_once_are_all_saved(desk: Desk, begrip: BegripRecord) -> None:
    writer = await start(desk, begrip)
    same = [writer.type_ended(outcome("a", "b")) for _ in range(4)]
    results = await asyncio.gather(*same, writer.type_ended(outcome("t", kind=TEGEN)))
    assert sorted(results) == [False, False, False, True, True]
    assert shown(desk, begrip) == ["a", "b"]
    assert shown(desk, begrip, TEGEN) == ["t"]


async def test_a_write_that_has_begun_outlives_its_cancelled_task(
    desk: Desk, begrip: BegripRecord
) -> None:
    """The editor saw the type complete before the job was stopped."""
    writer = await start(desk, begrip)
    with slow_commits(desk) as (waiting, go_on):
        task = asyncio.create_task(writer.type_ended(outcome("a")))
        await asyncio.to_thread(waiting.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        # Its thread goes on by itself; nobody waits for it any more.
        await asyncio.to_thread(wait_until, lambda: shown(desk, begrip) == ["a"])


async def test_work_that_starts_again_goes_on_where_it_was(
    desk: Desk, begrip: BegripRecord
) -> None:
    own = "d" * 32
    await (await start(desk, begrip, own)).type_ended(outcome("a"))
    again = await start(desk, begrip, own)
    assert again.generation_id == own
    assert await again.saved_types() == {SYNONIEMEN}
    assert await again.type_ended(outcome("t", kind=TEGEN))
    assert shown(desk, begrip) == ["a"]


async def test_a_begrip_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await GenerationWriter.start(
            desk, GenerationStart("0" * 32, PLAN, by="anna", model="m", prompt_version="p")
        )


async def test_types_that_end_while_one_is_saved_are_saved_together(
    desk: Desk, begrip: BegripRecord
) -> None:
    """Three types take two transactions, each tells its own result, and all are there."""
    writer = await start(desk, begrip)
    commits: list[Connection] = []

    def note(connection: Connection) -> None:
        commits.append(connection)

    kinds = (SYNONIEMEN, TEGEN, ExampleType.ANTONIEMEN)
    with slow_commits(desk) as (waiting, go_on):
        event.listen(desk._engine, "commit", note)
        first = asyncio.create_task(writer.type_ended(outcome("a", kind=kinds[0])))
        assert await asyncio.to_thread(waiting.wait, 10)
        others = [asyncio.create_task(writer.type_ended(outcome("b", kind=kind))) for kind in kinds]
        await asyncio.sleep(0)
        go_on.set()
        assert await first
        # The first type once more: it is there already, and says so.
        assert await asyncio.gather(*others) == [False, True, True]
        event.remove(desk._engine, "commit", note)
    assert len(commits) == 2
    assert await writer.saved_types() == set(kinds)
