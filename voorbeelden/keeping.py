"""One generation of one begrip, kept while it runs: each type is in the store before it is told.

``keep_generation`` is engine-neutral: it needs a runtime, a desk and the id of a begrip, and knows
no page, no job and no bridge. It must run on the loop that the runtime was opened on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from voorbeelden import prompts
from voorbeelden.hooks import Part, Tell, keeping_failed
from voorbeelden.model import Event, Outcome, Result, Subject, TypeEnded
from voorbeelden.settings import Settings
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreError
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.writer import GenerationWriter
from voorbeelden.strategies import Plan

UNSAVED: Final = (
    "Deze voorbeelden zijn niet bewaard: de database was niet bereikbaar. Kopieer wat u nodig "
    "hebt of maak ze opnieuw."
)
"""The note of a type that came in and could not be kept."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Where a generation is kept, and for whom.

    Attributes:
        replaces: the id of the one item that another text is made for.
        generation_id: one's own id, so that work which starts again goes on where it was.
        definition_number: the version of the definition it is made from; ``None``: the present.
    """

    desk: Desk
    begrip_id: str
    by: str
    replaces: str | None = None
    generation_id: str | None = None
    definition_number: int | None = None


class Generates(Protocol):
    """What is needed of the loop's runtime; ``voorbeelden.runtime.Runtime`` has it."""

    settings: Settings

    @property
    def tell(self) -> Tell: ...

    async def generate(
        self,
        subject: Subject,
        plan: Plan,
        emit: Callable[[Event], None],
        *,
        fresh: bool,
        job_id: str = "",
    ) -> Result: ...


async def keep_generation(
    runtime: Generates,
    subject: Subject,
    plan: Plan,
    emit: Callable[[Event], None],
    keep: Keep,
    *,
    fresh: bool,
    job_id: str = "",
) -> Result:
    """Runs ``plan`` and saves each type the moment it ends.

    ``TypeEnded`` is passed on once its type is on the disk, so whoever hears it can read it there.
    A type that cannot be saved is passed on all the same, with ``UNSAVED`` among its notes. When
    cancelled it saves what had arrived, and re-raises.
    """
    keeper = _Keeper(runtime, plan, emit, keep, job_id)
    try:
        return await runtime.generate(subject, plan, keeper.take, fresh=fresh, job_id=job_id)
    finally:
        await keeper.finish()


async def keep_outcomes(
    settings: Settings, plan: Plan, outcomes: Iterable[Outcome], keep: Keep, *, job_id: str
) -> None:
    """Saves a generation that has ended already: nobody knew where to keep it while it ran.

    Raises:
        StoreError: it is not kept, or not whole.
    """
    writer = await _writer(settings, plan, keep, job_id)
    for outcome in outcomes:
        await writer.type_ended(outcome)
    await writer.ended()


async def _writer(settings: Settings, plan: Plan, keep: Keep, job_id: str) -> GenerationWriter:
    version = await asyncio.to_thread(prompts.version)
    return await GenerationWriter.start(
        keep.desk,
        GenerationStart(
            keep.begrip_id,
            plan,
            by=keep.by,
            model="demonstratie" if settings.demonstration else settings.model,
            prompt_version=version,
            job_id=job_id or None,
            replaces=keep.replaces,
            generation_id=keep.generation_id,
            definition_number=keep.definition_number,
        ),
    )


async def withdraw(keep: Keep, tell: Tell) -> None:
    """Takes the generation of ``keep`` back, if it got as far as being kept: the text that it was
    made from was replaced. Its items stay to be found, and are not shown."""
    loop = asyncio.get_running_loop()
    generation_id = keep.generation_id or ""
    try:
        await asyncio.shield(
            loop.run_in_executor(
                keep.desk.threads, keep.desk.withdraw_generation, generation_id, keep.by
            )
        )
    except StoreError as error:
        tell(keeping_failed(Part.WITHDRAWAL, generation_id, error))


class _Keeper:
    """Holds back the end of a type until it is saved; everything else passes at once."""

    def __init__(
        self,
        runtime: Generates,
        plan: Plan,
        emit: Callable[[Event], None],
        keep: Keep,
        job_id: str,
    ) -> None:
        self._emit = emit
        self._tell = runtime.tell
        self._job_id = job_id
        self._saving: list[asyncio.Task[None]] = []
        # Beside the calls: the model is not asked later because the disk is slow.
        self._started = asyncio.create_task(self._start(runtime.settings, plan, keep))

    async def _start(self, settings: Settings, plan: Plan, keep: Keep) -> GenerationWriter | None:
        try:
            return await _writer(settings, plan, keep, self._job_id)
        except StoreError as error:
            self._failed(Part.GENERATION, error)
            return None

    def _failed(self, part: Part, error: StoreError) -> None:
        self._tell(keeping_failed(part, self._job_id, error))

    def take(self, event: Event) -> None:
        if isinstance(event, TypeEnded):
            self._saving.append(asyncio.create_task(self._save(event)))
        else:
            self._emit(event)

    async def _save(self, event: TypeEnded) -> None:
        outcome = event.outcome
        if not await self._saved(outcome) and outcome.items:
            outcome = replace(outcome, notes=(*outcome.notes, UNSAVED))
        self._emit(replace(event, outcome=outcome))

    async def _saved(self, outcome: Outcome) -> bool:
        writer = await self._started
        if writer is None:
            return False
        try:
            await writer.type_ended(outcome)
        except StoreError as error:
            self._failed(Part.TYPE, error)
            return False
        return True

    async def finish(self) -> None:
        """Waits until every type that ended is saved and told, also under cancellation."""
        finishing = asyncio.ensure_future(self._finish())
        try:
            await asyncio.shield(finishing)
        except asyncio.CancelledError:
            # Whoever cancels may count on it that nothing is told any more after the end.
            await asyncio.wait([finishing])
            raise

    async def _finish(self) -> None:
        await asyncio.gather(*self._saving)
        writer = await self._started
        if writer is not None:
            try:
                await writer.ended()
            except StoreError as error:
                self._failed(Part.END, error)
