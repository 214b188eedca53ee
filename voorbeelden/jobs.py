"""The state of one generation as a page sees it: lanes that fill while events come in.

Events change a ``Job`` on the loop thread; its runs begin and end under the lock of whoever lists
it (``bridge.py``), and only a lane that has ended is begun again. ``snapshot`` may be called from
any thread, because a lane is immutable and replaced whole. Times are ``time.perf_counter`` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from voorbeelden.model import (
    Event,
    ExampleType,
    Failure,
    GenerationMode,
    Item,
    ItemComplete,
    ItemsReplaced,
    Outcome,
    OutcomeState,
    Subject,
    TypeEnded,
    TypeRetrying,
    TypeStarted,
    TypeWaiting,
)
from voorbeelden.strategies import Wanted


@dataclass(frozen=True, slots=True)
class Lane:
    """One type on its way.

    ``started`` and ``ended`` count from the start of the run that this lane belongs to: the
    job's own, or that of its latest "Opnieuw" (``rerun``).
    """

    kind: ExampleType
    wanted: int
    origin: float
    rerun: bool = False
    started: float | None = None
    ended: float | None = None
    items: tuple[Item, ...] = ()
    retrying: TypeRetrying | None = None
    waiting: TypeWaiting | None = None
    outcome: Outcome | None = None

    def wait_left(self, now: float) -> float:
        """Seconds that this lane still waits before its next attempt or its turn; else 0."""
        pauses = (pause for pause in (self.retrying, self.waiting) if pause is not None)
        ends = [self.origin + pause.at + pause.wait for pause in pauses]
        return 0.0 if self.outcome else max(0.0, max(ends, default=now) - now)

    def seconds(self, now: float) -> float:
        """How long this lane has taken up to ``now`` (or its end); 0 while it waits."""
        if self.started is None:
            return 0.0
        return (now - self.origin if self.ended is None else self.ended) - self.started

    def since_end(self, now: float) -> float:
        """How long ago this lane ended; 0 while it has not."""
        return 0.0 if self.ended is None else now - self.origin - self.ended


@dataclass(frozen=True, slots=True)
class JobSnapshot:
    """A job at one moment. ``elapsed`` is the time of the longest run, in seconds."""

    job_id: str
    subject: Subject
    mode: GenerationMode
    lanes: tuple[Lane, ...]
    running: bool
    elapsed: float
    taken_at: float
    begrip_id: str = ""
    """The begrip in the store that the job is kept under; empty when it is not kept."""

    def lane(self, kind: ExampleType) -> Lane:
        return next(lane for lane in self.lanes if lane.kind is kind)

    def find(self, kind: ExampleType) -> Lane | None:
        """The lane of a type that the job may not have."""
        return next((lane for lane in self.lanes if lane.kind is kind), None)

    @property
    def in_a_row(self) -> float:
        """The sum of the lanes: what one call after the other would have taken."""
        return sum(lane.seconds(self.taken_at) for lane in self.lanes)

    @property
    def finished(self) -> int:
        """How many types are whole."""
        return sum(_state(lane) is OutcomeState.DONE for lane in self.lanes)


def _state(lane: Lane) -> OutcomeState | None:
    return lane.outcome.state if lane.outcome else None


class Job:
    """A generation and the reruns of single types that followed it."""

    def __init__(
        self,
        job_id: str,
        key: str,
        subject: Subject,
        mode: GenerationMode,
        wanted: Wanted,
        *,
        begrip_id: str = "",
        fresh: bool = False,
    ) -> None:
        self.job_id = job_id
        self.begrip_id = begrip_id
        self.key = key
        self.fresh = fresh
        self.subject = subject
        self.mode = mode
        self.wanted = dict(wanted)
        self.runs = 0
        """How many runs are in progress."""
        self.joinable = True
        """Whether a request may share this job: not once stopped, or its first run over."""
        self._began = 0
        self._lanes: dict[ExampleType, Lane] = {}
        self._run_of: dict[ExampleType, int] = {}
        self.first_run = self.begin(self.wanted)

    def begin(self, kinds: Iterable[ExampleType], counts: Wanted | None = None) -> int:
        """A run of ``kinds`` starts: their lanes are its own, and empty. Returns its number.

        ``counts`` says how many items this run asks for where that differs from the job's own,
        and names the types that the job did not have yet.
        """
        self._began += 1
        self.runs += 1
        origin = time.perf_counter()
        for kind in kinds:
            again = kind in self._lanes
            count = (counts or {}).get(kind) or self.wanted[kind]
            self._lanes[kind] = Lane(kind, count, origin, rerun=again)
            self._run_of[kind] = self._began
        return self._began

    def ready(self, kind: ExampleType) -> bool:
        """Whether ``kind`` may run (again): nothing of it runs now."""
        lane = self._lanes.get(kind)
        return lane is None or lane.ended is not None

    def serves(self, key: str, *, fresh: bool) -> bool:
        """Whether a request gets what it asks for from this job, so that none begins beside it.
        New answers are good for whoever would take kept ones too, not the other way round."""
        return self.joinable and self.key == key and (self.fresh or not fresh)

    def apply(self, event: Event) -> None:
        lane = self._lanes[event.example_type]
        match event:
            case TypeStarted(at=at):
                lane = replace(lane, started=at)
            case ItemComplete(item=item):
                lane = replace(lane, items=(*lane.items, item))
            case ItemsReplaced(items=items):
                lane = replace(lane, items=items)
            case TypeRetrying(items=items):
                lane = replace(lane, items=items, retrying=event)
            case TypeWaiting():
                lane = replace(lane, waiting=event)
            case TypeEnded(outcome=outcome, at=at):
                started = at if lane.started is None else lane.started
                lane = replace(
                    lane, started=started, ended=at, items=outcome.items, outcome=outcome
                )
        self._lanes[event.example_type] = lane

    def end_run(self, run: int, failure: Failure | None) -> None:
        """A run ended; a lane of its own that it left open gets ``failure``, or ``cancelled``."""
        self.runs -= 1
        if run == self.first_run:
            self.joinable = False
        for kind, lane in list(self._lanes.items()):
            if lane.outcome is not None or self._run_of[kind] != run:
                continue
            at = time.perf_counter() - lane.origin
            state = OutcomeState.FAILED if failure else OutcomeState.CANCELLED
            outcome = Outcome(kind, state, items=lane.items, failure=failure)
            self.apply(TypeEnded(kind, outcome, at))

    def snapshot(self) -> JobSnapshot:
        now = time.perf_counter()
        # A copy first: another thread may be adding a lane.
        lanes = tuple(dict(self._lanes).values())
        ends = [now - lane.origin if lane.ended is None else lane.ended for lane in lanes]
        return JobSnapshot(
            job_id=self.job_id,
            subject=self.subject,
            mode=self.mode,
            lanes=lanes,
            running=self.runs > 0,
            elapsed=max(ends, default=0.0),
            taken_at=now,
            begrip_id=self.begrip_id,
        )


def job_key(belongs_to: str, subject: Subject, mode: GenerationMode, wanted: Wanted) -> str:
    """The same text for the same request for the same begrip, or of the same session."""
    parts = [
        belongs_to,
        subject.begrip,
        subject.definitie,
        {key: list(values) for key, values in subject.context.items()},
        mode.value,
        {kind.value: count for kind, count in wanted.items()},
    ]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()
