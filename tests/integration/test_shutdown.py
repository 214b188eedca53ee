"""Closing the loop ends every task, and nothing that had arrived is lost on the way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.integration.support import SIX, SUBJECT, Provider, wait_until
from voorbeelden.bridge import Bridge
from voorbeelden.demo.process import DemoProcess
from voorbeelden.hooks import GenerationEnded, Record
from voorbeelden.keeping import Keep
from voorbeelden.loop_thread import LoopClosed, LoopThread
from voorbeelden.model import Outcome
from voorbeelden.store.desk import Desk


async def nothing() -> None:
    """Nothing is left to be done on the loop."""


def test_what_begins_while_others_are_cancelled_is_finished_too() -> None:
    """Cancelled, a task hands in a save and does not wait for it; that save begins another one."""
    loop = LoopThread("shutdown")
    running, saved = threading.Event(), []

    async def save(number: int) -> None:
        if number < 3:
            kept.append(asyncio.ensure_future(save(number + 1)))
        await asyncio.sleep(0.01)
        saved.append(number)

    async def work() -> None:
        running.set()
        try:
            await asyncio.sleep(60)
        finally:
            kept.append(asyncio.ensure_future(save(1)))

    kept: list[asyncio.Task[None]] = []
    loop.submit(work())
    assert running.wait(5)
    assert loop.close(nothing, 5.0)
    assert sorted(saved) == [1, 2, 3]
    assert all(task.done() for task in kept)


def test_a_task_that_does_not_end_by_itself_is_cancelled_in_the_end() -> None:
    """Nobody waits for it: its owner left it behind."""
    loop = LoopThread("shutdown")
    ended = threading.Event()
    left: list[asyncio.Task[None]] = []

    async def forever() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async def leave() -> None:
        left.append(asyncio.ensure_future(forever()))
        await asyncio.sleep(0)

    loop.submit(leave()).result(5)
    assert loop.close(nothing, 0.2)
    assert ended.is_set()
    assert left[0].cancelled()


def test_every_type_that_had_ended_is_saved_although_the_app_closes(
    demo: DemoProcess, tmp_path: Path
) -> None:
    """The database is slow: one type is being saved and five stand behind it as the app is told
    to stop. All six are there afterwards."""
    saving, go_on, generated = threading.Event(), threading.Event(), threading.Event()

    class SlowDesk(Desk):
        def save_types(self, generation_id: str, outcomes: Sequence[Outcome]) -> list[bool]:
            saving.set()
            assert go_on.wait(10)
            return super().save_types(generation_id, outcomes)

    def hear(record: Record) -> None:
        if isinstance(record, GenerationEnded):
            generated.set()

    bridge = Bridge(Provider.behaving(demo, "instant").settings())
    bridge.hooks.append(hear)
    with SlowDesk(f"sqlite:///{tmp_path / 'desk.sqlite3'}") as desk, ThreadPoolExecutor(1) as other:
        begrip = desk.take_in(SUBJECT, "anna")
        try:
            bridge.start(SUBJECT, keep=Keep(desk, begrip.id, "anna"))
            assert saving.wait(10)
            assert generated.wait(10)
            closing = other.submit(bridge.close)
            # What stands behind the save is told to stop before that save is done.
            wait_until(lambda: told_to_stop(bridge))
            go_on.set()
            closing.result(10)
        finally:
            go_on.set()
            bridge.close()
        assert {item.type for item in desk.items(begrip.id)} == set(SIX)


def told_to_stop(bridge: Bridge) -> bool:
    try:
        bridge.submit(nothing())
    except LoopClosed:
        return True
    return False
