"""The bridge between synchronous pages and the asynchronous road: the only place with a thread.

One background event loop lives as long as the process and owns the client, its connections and
every task. A loop a click was how an earlier system of this kind lost all its work: its limiter
was bound to the first click's loop, and from the second click on nothing was generated at all.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import importlib
import logging
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from voorbeelden import settings as settings_module
from voorbeelden.demo.profile import checked
from voorbeelden.failures import internal_failure
from voorbeelden.hooks import Hook, Record, log_record, tell
from voorbeelden.jobs import Job, JobSnapshot, job_key
from voorbeelden.loop_thread import LoopThread
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleType,
    Failure,
    GenerationMode,
    Outcome,
    OutcomeState,
    Result,
    Subject,
    TypeEnded,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import (
    NOTHING_PRESENT,
    TYPICAL_TOKENS,
    Plan,
    Present,
    TokensAnItem,
    Wanted,
    with_present,
)

if TYPE_CHECKING:
    from voorbeelden.ai.road import RoadState
    from voorbeelden.definition.flow_jobs import Flows
    from voorbeelden.definition.flow_keeper import DefinitionKeeper
    from voorbeelden.keeping import Keep
    from voorbeelden.runtime import Runtime

log = logging.getLogger(__name__)

T = TypeVar("T")

_KEPT_JOBS = 500
"""Finished jobs that stay readable; an older one is forgotten."""

_CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of a job asks for."""

    wanted: Wanted
    fresh: bool
    keep: Keep | None
    present: Present


class Bridge:
    """Jobs by id on one loop in one thread. Every method may be called from any thread."""

    def __init__(self, settings: Settings, *, cached: bool = False) -> None:
        """``cached`` keeps whole answers in the app's database and uses them again."""
        self.settings = settings
        self.hooks: list[Hook] = [log_record]
        """Told, on the loop, of every generation and request; whoever listens adds itself."""
        self._cached = cached
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks: dict[str, set[asyncio.Task[None]]] = {}
        self._lock = threading.Lock()
        self._runtime: asyncio.Future[Runtime] | None = None
        self.keeper: DefinitionKeeper | None = None
        """Keeps the definitions of the flows; to be set before the first flow."""
        self._flows: Flows | None = None
        self._loop = LoopThread("voorbeelden-loop")
        # The SDK takes about a second to import: begin before the first click needs it.
        self._warm = self.submit(self.runtime())

    # Jobs: what a page uses.

    def start(
        self,
        subject: Subject,
        mode: GenerationMode = GenerationMode.ASYNC,
        wanted: Wanted = DEFAULT_EXAMPLE_COUNTS,
        *,
        owner: str = "",
        fresh: bool = False,
        keep: Keep | None = None,
        present: Present = NOTHING_PRESENT,
    ) -> str:
        """Starts a generation and returns its job id.

        The same request joins the job that is running already: whoever asked for it where both
        are kept under the same begrip, and else that of the same ``owner``. ``fresh`` passes the
        cache by. ``keep`` says where each type is saved the moment it ends, and ``present`` which
        texts of a type exist already and must not come back.
        """
        begrip_id = keep.begrip_id if keep else ""
        key = job_key(begrip_id or owner, subject, mode, wanted)
        with self._lock:
            for job in self._jobs.values():
                if job.serves(key, fresh=fresh):
                    return job.job_id
            job = Job(
                uuid.uuid4().hex, key, subject, mode, wanted, begrip_id=begrip_id, fresh=fresh
            )
            self._jobs[job.job_id] = job
            self._forget_old()
        self._launch(job, job.first_run, _Run(wanted, fresh, keep, present))
        return job.job_id

    def retry(
        self,
        job_id: str,
        kind: ExampleType,
        count: int | None = None,
        *,
        keep: Keep | None = None,
        present: Present = NOTHING_PRESENT,
    ) -> None:
        """Runs one type of a job (again), past the cache; the others stay as they are. Nothing
        happens while that type runs.

        Args:
            job_id: of a job that ``start`` returned.
            kind: a type that the job did not have yet joins it; then ``count`` must be given.
            count: how many items; ``None`` is as many as the job asked for.
            keep: as for ``start``.
            present: as for ``start``.

        Raises:
            KeyError: the job is not known (any more).
        """
        with self._lock:
            job = self._jobs[job_id]
            if not job.ready(kind):
                return
            wanted = {kind: count or job.wanted[kind]}
            run = job.begin([kind], wanted)
        self._launch(job, run, _Run(wanted, True, keep, present))

    def snapshot(self, job_id: str) -> JobSnapshot | None:
        """The job as it is now, or ``None`` when it is not known (any more)."""
        job = self._jobs.get(job_id)
        return job.snapshot() if job else None

    def making(self, begrip_id: str, kind: ExampleType) -> str | None:
        """The job that is making ``kind`` for that begrip now, whoever asked for it."""
        with self._lock:
            for job in self._jobs.values():
                if job.begrip_id == begrip_id and job.runs and not job.ready(kind):
                    return job.job_id
        return None

    @property
    def running(self) -> int:
        """How many jobs run now."""
        return sum(job.runs > 0 for job in list(self._jobs.values()))

    def cancel(self, job_id: str) -> None:
        """Stops what is running of a job; what had arrived stays."""
        with self._lock:
            if (job := self._jobs.get(job_id)) is not None:
                job.joinable = False
        self._loop.call_soon(self._cancel, job_id)

    def _launch(self, job: Job, run: int, asked: _Run) -> None:
        self._loop.call_soon(self._create_task, job, run, asked)

    def _create_task(self, job: Job, run: int, asked: _Run) -> None:
        task = asyncio.create_task(self._run_job(job, asked), name=f"job-{job.job_id}")
        tasks = self._tasks.setdefault(job.job_id, set())
        tasks.add(task)
        task.add_done_callback(lambda done: self._task_done(job, run, done))

    def _task_done(self, job: Job, run: int, task: asyncio.Task[None]) -> None:
        tasks = self._tasks[job.job_id]
        tasks.discard(task)
        if not tasks:
            del self._tasks[job.job_id]
        failure = None
        if not task.cancelled() and (error := task.exception()) is not None:
            failure = internal_failure(error, job=job.job_id)
        self.end_run(job, run, failure)

    def end_run(self, job: Job, run: int, failure: Failure | None) -> None:
        """A run of ``job`` ended; a lane that it left open gets ``failure``, or ``cancelled``."""
        with self._lock:
            job.end_run(run, failure)

    @property
    def flows(self) -> Flows:
        """Flows from begrip to definition to examples; the rules are loaded by the first use."""
        with self._lock:
            if self._flows is None:
                from voorbeelden.definition.flow_jobs import Flows

                self._flows = Flows(self, self.keeper)
            return self._flows

    def adopt(self, job: Job) -> None:
        """Lists a job of which somebody else makes the first run, so that a page can see it and
        run a type of it again."""
        with self._lock:
            self._jobs[job.job_id] = job
            self._forget_old()

    def on_loop(self, function: Callable[..., object], *arguments: Any) -> None:
        """Calls ``function`` on the loop, soon."""
        self._loop.call_soon(function, *arguments)

    def tell(self, record: Record) -> None:
        """Hands ``record`` to every hook, on the loop and soon."""
        self.on_loop(tell, self.hooks, record)

    def _cancel(self, job_id: str) -> None:
        for task in self._tasks.get(job_id, ()):
            task.cancel()

    async def _run_job(self, job: Job, asked: _Run) -> None:
        runtime = await self.runtime()
        plan = with_present(runtime.plan(job.mode, asked.wanted), asked.present)
        subject, fresh, job_id = job.subject, asked.fresh, job.job_id
        if asked.keep is None:
            await runtime.generate(subject, plan, job.apply, fresh=fresh, job_id=job_id)
            return
        # Imported by whoever made ``keep`` already.
        from voorbeelden.keeping import keep_generation

        await keep_generation(
            runtime, subject, plan, job.apply, asked.keep, fresh=fresh, job_id=job_id
        )

    def _forget_old(self) -> None:
        finished = [job_id for job_id, job in self._jobs.items() if not job.runs]
        for job_id in finished[: max(0, len(self._jobs) - _KEPT_JOBS)]:
            del self._jobs[job_id]

    def clear_cache(self) -> bool:
        """Forgets every kept answer; false when the database did not let us."""
        return self.submit(self._clear_cache()).result(_CLOSE_SECONDS)

    async def _clear_cache(self) -> bool:
        runtime = await self.runtime()
        return runtime.cache is None or await runtime.cache.clear()

    # Coroutines: what the documented functions and the benchmark use.

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Runs a coroutine on the loop; cancelling the future cancels it.

        Raises:
            RuntimeError: the bridge was closed.
        """
        return self._loop.submit(coroutine)

    @property
    def on_loop_thread(self) -> bool:
        """Whether the caller runs on the bridge's own thread, where waiting would be a deadlock."""
        return self._loop.here

    async def generate(self, subject: Subject, plan: Plan) -> Result:
        """The rich result of one plan. May be awaited on any loop."""
        return await self._loop.hop(self._generate(subject, plan, _ignore))

    async def stream(self, subject: Subject, plan: Plan) -> AsyncGenerator[Event, None]:
        """The events of one plan as they come. May be iterated on any loop; leaving the iterator
        early cancels the generation."""
        here = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()

        def emit(event: Event | None) -> None:
            # The listener's loop may be gone; its generation is then cancelled anyway.
            with contextlib.suppress(RuntimeError):
                here.call_soon_threadsafe(events.put_nowait, event)

        future = self.submit(self._generate(subject, plan, emit))
        future.add_done_callback(lambda _: emit(None))
        try:
            while (event := await events.get()) is not None:
                yield event
        finally:
            future.cancel()
        if future.cancelled():
            raise RuntimeError("the bridge was closed before the generation ended")
        future.result()

    async def _generate(
        self, subject: Subject, plan: Plan, emit: Callable[[Event], None]
    ) -> Result:
        try:
            runtime = await self.runtime()
        except Exception as error:  # noqa: BLE001  no runtime is a failure of all types, with a name
            return _all_failed(subject, plan, internal_failure(error), emit)
        return await runtime.generate(subject, plan, emit, fresh=False)

    # The loop, what lives on it, and its end.

    async def runtime(self) -> Runtime:
        """What lives on the loop; await it there. A failed start is tried again the next time."""
        if self._runtime is None or _failed(self._runtime):
            self._runtime = asyncio.ensure_future(self._open_runtime())
        return await asyncio.shield(self._runtime)

    async def _open_runtime(self) -> Runtime:
        # In a thread of its own, so that the loop can answer while the SDK is being imported.
        await asyncio.to_thread(importlib.import_module, "voorbeelden.runtime")
        from voorbeelden.runtime import Runtime

        return await Runtime.open(self.settings, cached=self._cached, hooks=self.hooks)

    def warm(self) -> bool:
        """Whether generations can start at once; begins to open what they need when they cannot."""
        if self._opened() is not None:
            return True
        if not self._loop.closed and self._warm.done():
            self._warm = self.submit(self.runtime())
        return False

    @property
    def unopened(self) -> bool:
        """Whether the last try to open what generations need failed."""
        return self._runtime is not None and _failed(self._runtime)

    def expected_tokens(self) -> TokensAnItem:
        """What an item of each type costs, as far as the model in use has shown by now."""
        runtime = self._opened()
        return TYPICAL_TOKENS if runtime is None else dict(runtime.expectation.tokens)

    def road_state(self) -> RoadState | None:
        """What the road is doing now; ``None`` until it is open."""
        runtime = self._opened()
        return None if runtime is None else runtime.road.state()

    def close(self) -> None:
        """Cancels every job, closes every connection and ends the thread. Safe to call twice."""
        if self._loop.close(self._aclose, _CLOSE_SECONDS) and (runtime := self._opened()):
            runtime.close()

    async def _aclose(self) -> None:
        if (runtime := self._opened()) is not None:
            await runtime.aclose()

    def _opened(self) -> Runtime | None:
        future = self._runtime
        return None if future is None or not future.done() or _failed(future) else future.result()


def _all_failed(
    subject: Subject, plan: Plan, failure: Failure, emit: Callable[[Event], None]
) -> Result:
    outcomes = {kind: Outcome(kind, OutcomeState.FAILED, failure=failure) for kind in plan.wanted}
    for kind, outcome in outcomes.items():
        emit(TypeEnded(kind, outcome, 0.0))
    return Result(subject, plan.mode, outcomes, (), 0.0)


def _failed(future: asyncio.Future[Any]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _ignore(_: Event) -> None:
    """Nobody listens: the result is enough."""


_bridge: Bridge | None = None
_bridge_lock = threading.Lock()


def get_bridge(settings: Settings | None = None, *, cached: bool = False) -> Bridge:
    """The bridge of this process, made at the first call; the arguments count only then.

    Without ``settings`` they are read from the environment.

    Raises:
        SettingsError: one of those cannot be used.
    """
    global _bridge
    with _bridge_lock:
        if _bridge is None:
            if settings is None:
                settings = checked(settings_module.load(os.environ))
            _bridge = Bridge(settings, cached=cached)
            atexit.register(_bridge.close)
        return _bridge


def close_bridge() -> None:
    """Ends the bridge of this process; the next ``get_bridge`` makes a new one."""
    global _bridge
    with _bridge_lock:
        bridge, _bridge = _bridge, None
    if bridge is not None:
        atexit.unregister(bridge.close)
        bridge.close()
