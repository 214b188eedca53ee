"""Saving a generation while it runs, from the loop that runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self, TypeVar

from voorbeelden.model import ExampleType, Outcome
from voorbeelden.store.desk import Desk
from voorbeelden.store.generations import GenerationStart

T = TypeVar("T")


class GenerationWriter:
    """Writes each type the moment it ends. The database's work is done in the desk's threads.

    A write that has begun is finished even when its task is cancelled: a type that the editor has
    seen complete must be there afterwards. Every method raises what ``Desk`` raises.
    """

    def __init__(self, desk: Desk, generation_id: str) -> None:
        """For a generation that was started already; else use ``start``."""
        self._desk = desk
        self.generation_id = generation_id
        self._ended: list[tuple[Outcome, asyncio.Future[bool]]] = []
        self._saving = asyncio.Lock()

    @classmethod
    async def start(cls, desk: Desk, given: GenerationStart) -> Self:
        """See ``Desk.start_generation``."""
        started = await _in_thread(desk, lambda: desk.start_generation(given))
        return cls(desk, started)

    async def type_ended(self, outcome: Outcome) -> bool:
        """Saves one type whole; false when it was there already. May be repeated.

        Types that end while another one is being saved are saved together: one transaction, one
        wait for the disk.
        """
        saved: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._ended.append((outcome, saved))
        # Shielded: a type that was handed in is saved, whoever stops waiting for it.
        await asyncio.shield(asyncio.ensure_future(self._save_ended()))
        return saved.result()

    async def _save_ended(self) -> None:
        async with self._saving:
            together, self._ended = self._ended, []
            if not together:
                return
            outcomes = [outcome for outcome, _ in together]
            try:
                results = await _in_thread(
                    self._desk, lambda: self._desk.save_types(self.generation_id, outcomes)
                )
            except Exception as error:  # noqa: BLE001  each of them is told
                for _, saved in together:
                    saved.set_exception(error)
                    saved.exception()  # heard, also where nobody waits for it any more
            else:
                for (_, saved), result in zip(together, results, strict=True):
                    saved.set_result(result)

    async def ended(self) -> None:
        """Notes that no type follows any more. May be repeated."""
        await _in_thread(self._desk, lambda: self._desk.end_generation(self.generation_id))

    async def saved_types(self) -> frozenset[ExampleType]:
        """The types that need not be made again when the work is resumed."""
        return await _in_thread(self._desk, lambda: self._desk.saved_types(self.generation_id))


async def _in_thread(desk: Desk, work: Callable[[], T]) -> T:
    loop = asyncio.get_running_loop()
    return await asyncio.shield(loop.run_in_executor(desk.threads, work))
