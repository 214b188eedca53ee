"""A benchmark as a page sees it: start it, look at it, stop it, by id and from any thread.

The job's id is the run's: what the history keeps is found under the same name.

One at a time in a process: a second one would be measuring the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from voorbeelden.benchmark.model import (
    BenchmarkRequest,
    BenchmarkRun,
    CallsDone,
    Step,
    StepStarted,
)
from voorbeelden.bridge import Bridge
from voorbeelden.failures import internal_failure
from voorbeelden.model import Failure
from voorbeelden.strategies import TYPICAL_TOKENS, TokensAnItem

if TYPE_CHECKING:
    from voorbeelden.benchmark.engine import Benchmark

log = logging.getLogger(__name__)

_KEPT_JOBS: Final = 20
"""Ended jobs that stay readable in memory; all of them are in the history as well."""

Keep = Callable[[BenchmarkRun], None]
"""Stores a run. Called in a thread; what it raises is logged and told, and loses nothing."""


class BenchmarkBusy(RuntimeError):
    """Another benchmark runs in this process; ``job_id`` names it."""

    def __init__(self, job_id: str) -> None:
        super().__init__("a benchmark is running already")
        self.job_id = job_id


@dataclass(frozen=True, slots=True)
class BenchmarkSnapshot:
    """A benchmark at one moment.

    Attributes:
        run: what is complete so far.
        step: what is going on now; ``None`` before the first step and after the last.
        step_seconds: how long that has been going on.
        done, wanted: examples of the present step that have arrived, and how many there will be.
        failure: why it could not go on, if it could not.
        kept: whether the run is in the history; ``None`` while that is not known.
    """

    job_id: str
    run: BenchmarkRun
    running: bool
    step: StepStarted | None
    step_seconds: float
    done: int
    wanted: int
    failure: Failure | None
    kept: bool | None

    @property
    def complete(self) -> int:
        """Steps that are complete, of ``run.request.steps``."""
        return len(self.run.repetitions) + len(self.run.scaling)


class BenchmarkJob:
    """Changes on the loop thread only; every attribute is replaced whole."""

    def __init__(self, request: BenchmarkRequest, keep: Keep | None, tokens: TokensAnItem) -> None:
        self.job_id = uuid.uuid4().hex
        self.running = True
        self._request = request
        self._keep = keep
        self._tokens = tokens
        self._benchmark: Benchmark | None = None
        self._run = BenchmarkRun(self.job_id, time.time(), request)
        self._began = False
        self._ended = False
        self._step: StepStarted | None = None
        self._step_at = 0.0
        self._items = CallsDone(0, 0)
        self._failure: Failure | None = None
        self._kept: bool | None = None

    async def run(self, bridge: Bridge) -> None:
        """Measures, on the bridge's loop. Cancelling it ends it with what is complete."""
        self._began = True
        try:
            await self._measure_and_keep(bridge)
        finally:
            self.running = False

    async def _measure_and_keep(self, bridge: Bridge) -> None:
        stopped = False
        try:
            await self._measure(bridge)
        except asyncio.CancelledError:
            stopped = True
        except Exception as error:  # noqa: BLE001  whatever it is, the page must say so
            self._failure = internal_failure(error, job=self.job_id)
            stopped = True
        if self._benchmark is None:
            self._stopped_early()
        else:
            self._run = self._benchmark.result(stopped=stopped)
        self._ended = True
        self._step = None
        if self._keep is not None and (self._run.repetitions or self._run.scaling):
            keeping = asyncio.create_task(asyncio.to_thread(self._store, self._keep))
            # Stop comes too late here: the measuring is over.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.shield(keeping)
            self._kept = await keeping

    async def _measure(self, bridge: Bridge) -> None:
        runtime = await bridge.runtime()
        # These import the SDK, which the bridge has done by now, off the page's thread.
        from voorbeelden.benchmark.engine import Benchmark
        from voorbeelden.benchmark.ground import open_ground

        async with open_ground(
            self._request.target,
            runtime.settings,
            demo=runtime.demo,
            tokens=self._tokens,
        ) as ground:
            self._benchmark = Benchmark(self._request, ground, self._tell, run_id=self.job_id)
            await self._benchmark.run()

    def over(self, _: Future[None]) -> None:
        """Its future has an end. Cancelled before its first step, ``run`` cannot say so itself."""
        if not self._began:
            self._stopped_early()
            self.running = False

    def _stopped_early(self) -> None:
        """It had not come to measuring."""
        self._run = replace(self._run, stopped=True)

    def _store(self, keep: Keep) -> bool:
        try:
            keep(self._run)
        except Exception as error:  # noqa: BLE001  a broken store must not lose a measurement
            log.warning("benchmark not kept type=%s", type(error).__name__)
            return False
        return True

    def _tell(self, step: Step) -> None:
        match step:
            case StepStarted():
                self._step_at = time.perf_counter()
                self._items = CallsDone(0, 0)
                self._step = step
            case CallsDone():
                self._items = step

    def snapshot(self) -> BenchmarkSnapshot:
        benchmark, step, items = self._benchmark, self._step, self._items
        run = self._run if self._ended or benchmark is None else benchmark.result()
        return BenchmarkSnapshot(
            job_id=self.job_id,
            run=run,
            running=self.running,
            step=step,
            step_seconds=time.perf_counter() - self._step_at if step else 0.0,
            done=items.done,
            wanted=items.wanted,
            failure=self._failure,
            kept=self._kept,
        )


class Benchmarks:
    """The benchmarks of a process. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, tuple[BenchmarkJob, Future[None]]] = OrderedDict()
        self._lock = threading.Lock()

    def start(
        self,
        bridge: Bridge,
        request: BenchmarkRequest,
        keep: Keep | None = None,
        *,
        tokens: TokensAnItem = TYPICAL_TOKENS,
    ) -> str:
        """Starts a benchmark on the bridge's loop and returns its job id.

        ``tokens`` is what an item costs, by which SPLIT cuts at the provider: those by which the
        price was told, so that the calls that are made are the calls that were agreed to.

        Raises:
            BenchmarkBusy: one is running.
            RuntimeError: the bridge is closed.
        """
        with self._lock:
            if (running := self.running) is not None:
                raise BenchmarkBusy(running)
            job = BenchmarkJob(request, keep, tokens)
            future = bridge.submit(job.run(bridge))
            future.add_done_callback(job.over)
            self._jobs[job.job_id] = (job, future)
            while len(self._jobs) > _KEPT_JOBS:
                self._jobs.popitem(last=False)
        return job.job_id

    @property
    def running(self) -> str | None:
        """The id of the benchmark that runs, if one does."""
        return next((job_id for job_id, (job, _) in self._jobs.items() if job.running), None)

    def snapshot(self, job_id: str) -> BenchmarkSnapshot | None:
        """The benchmark as it is now, or ``None`` when it is not known (any more)."""
        known = self._jobs.get(job_id)
        return known[0].snapshot() if known else None

    def cancel(self, job_id: str) -> None:
        """Ends a benchmark; what is complete by then stays."""
        known = self._jobs.get(job_id)
        if known is not None:
            known[1].cancel()


@cache
def get_benchmarks() -> Benchmarks:
    """Those of this process: a page's script is run anew at every click, this is not."""
    return Benchmarks()
