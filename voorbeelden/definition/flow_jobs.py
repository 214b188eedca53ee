"""Flows by id, for pages: start, look, stop, accept. What runs, runs on the host's loop.

A ``FlowJob`` changes on the loop thread only; ``snapshot`` may be called from any thread, because
everything in it is immutable. Its examples are an ordinary job, which the host shows and reruns by
type as it does any other.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson

from voorbeelden.definition.checks import check_definition, warm_up
from voorbeelden.definition.flow_keeper import (
    DefinitionKeeper,
    DefinitionVersion,
    MemoryKeeper,
    Origin,
)
from voorbeelden.definition.flow_model import (
    DefinitionRequest,
    ExamplesEvent,
    ExamplesStarted,
    FlowEvent,
    Phase,
    PhaseEnded,
)
from voorbeelden.definition.flow_state import FlowState
from voorbeelden.definition.model import RuleKind
from voorbeelden.failures import internal_failure
from voorbeelden.intake import UnusableRequest, read
from voorbeelden.jobs import Job, JobSnapshot
from voorbeelden.model import Failure, GenerationMode, Subject

if TYPE_CHECKING:
    from voorbeelden.definition.flow_call import FlowRuntime

_KEPT_FLOWS: Final = 500
"""Finished flows that stay readable; an older one is forgotten."""


class FlowHost(Protocol):
    """What the flows need of whoever owns the loop; ``voorbeelden.bridge.Bridge`` has it."""

    def on_loop(self, function: Callable[..., object], *arguments: Any) -> None:
        """Calls ``function`` on the loop, soon."""
        ...

    async def runtime(self) -> FlowRuntime: ...

    def adopt(self, job: Job) -> None: ...

    def end_run(self, job: Job, run: int, failure: Failure | None) -> None: ...


class ReasonNeeded(ValueError):
    """A fact stands against the text, so accepting it takes a reason."""


@dataclass(frozen=True, slots=True)
class FlowSnapshot:
    """A flow at one moment.

    Attributes:
        subject: begrip and context as they were asked, with the editor's own text if there was
            one.
        examples: the job of the examples, about ``examples.subject.definitie``.
        versions: of the definition, oldest first; those of the flows it follows included.
        running: whether the flow itself runs; reruns of single types are the examples' own.
        stopped: whether it was stopped before its end.
        failure: of the flow as a whole: a bug of ours.
        elapsed: seconds since the start, until the end.
    """

    flow_id: str
    request: DefinitionRequest
    subject: Subject
    state: FlowState
    examples: JobSnapshot | None
    versions: tuple[DefinitionVersion, ...]
    running: bool
    stopped: bool
    failure: Failure | None
    elapsed: float

    @property
    def text(self) -> str:
        """The definition to go on with: the final one, or what there is of it."""
        return self.state.text or self.state.concept or self.state.draft

    @property
    def accepted(self) -> DefinitionVersion | None:
        """The version that an editor accepted last."""
        accepted = [one for one in self.versions if one.origin is Origin.ACCEPTED]
        return accepted[-1] if accepted else None


class FlowJob:
    """One flow on its way."""

    def __init__(
        self,
        flow_id: str,
        key: str,
        request: DefinitionRequest,
        subject: Subject,
        host: FlowHost,
        *,
        by: str,
    ) -> None:
        self.flow_id = flow_id
        self.by = by
        self.key = key
        self.request = request
        self.subject = subject
        self.running = True
        self._host = host
        self._origin = time.perf_counter()
        self._ended: float | None = None
        self._stopped = False
        self._failure: Failure | None = None
        self._state = FlowState()
        self._examples: Job | None = None

    def apply(self, event: FlowEvent) -> None:
        self._state = self._state.apply(event)
        match event:
            case ExamplesStarted(subject=subject):
                wanted = self.request.wanted
                job = Job(uuid.uuid4().hex, "", subject, GenerationMode.ASYNC, wanted)
                job.joinable = False
                self._examples = job
                self._host.adopt(job)
            case ExamplesEvent(event=inner) if self._examples is not None:
                self._examples.apply(inner)
            case PhaseEnded(phase=Phase.EXAMPLES, failure=failure) if self._examples is not None:
                self._host.end_run(self._examples, self._examples.first_run, failure)

    def end(self, failure: Failure | None, *, stopped: bool) -> None:
        self._failure = failure
        self._stopped = stopped
        self._ended = time.perf_counter()
        self.running = False

    def snapshot(self, versions: tuple[DefinitionVersion, ...]) -> FlowSnapshot:
        examples, ended = self._examples, self._ended
        return FlowSnapshot(
            flow_id=self.flow_id,
            request=self.request,
            subject=self.subject,
            state=self._state,
            examples=None if examples is None else examples.snapshot(),
            versions=versions,
            running=self.running,
            stopped=self._stopped,
            failure=self._failure,
            elapsed=(time.perf_counter() if ended is None else ended) - self._origin,
        )


class Flows:
    """Every flow of this process. Every method may be called from any thread."""

    def __init__(self, host: FlowHost, keeper: DefinitionKeeper | None = None) -> None:
        """``keeper`` keeps the definitions for longer than this process lives."""
        self._host = host
        self._kept = MemoryKeeper(keeper)
        self._flows: OrderedDict[str, FlowJob] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()

    def start(
        self,
        request: DefinitionRequest,
        *,
        owner: str = "",
        follows: str = "",
        by: str = "",
    ) -> str:
        """Starts a flow and returns its id.

        The same request of the same owner joins the flow that is running already. ``follows`` is
        the flow of which this one continues the versions; ``by`` is the editor's name.

        Raises:
            UnusableRequest: the input is empty or too long.
        """
        subject, problems = read(
            request.begrip, request.definitie, request.context, definitie_needed=False
        )
        if problems:
            raise UnusableRequest(problems)
        key = _key(owner, request, subject)
        with self._lock:
            for known in self._flows.values():
                if known.running and known.key == key:
                    return known.flow_id
            flow = FlowJob(uuid.uuid4().hex, key, request, subject, self._host, by=by)
            self._flows[flow.flow_id] = flow
            self._kept.begin_with(flow.flow_id, self._kept.versions(follows))
            self._forget_old()
        self._host.on_loop(self._create_task, flow)
        return flow.flow_id

    def snapshot(self, flow_id: str) -> FlowSnapshot | None:
        """The flow as it is now, or ``None`` when it is not known (any more)."""
        flow = self._flows.get(flow_id)
        return None if flow is None else flow.snapshot(self._kept.versions(flow_id))

    def cancel(self, flow_id: str) -> None:
        """Stops what is running of a flow; what had arrived stays."""
        self._host.on_loop(self._cancel, flow_id)

    def accept(
        self, flow_id: str, text: str, reason: str = "", *, by: str = ""
    ) -> DefinitionVersion:
        """Keeps ``text`` as the definition that an editor accepts; ``by`` is the editor's name.

        Raises:
            KeyError: the flow is not known (any more).
            ReasonNeeded: a fact stands against the text and ``reason`` is empty.
            UnusableRequest: the text is empty or too long.
        """
        flow = self._flows[flow_id]
        context = {key: list(values) for key, values in flow.subject.context.items()}
        subject, problems = read(flow.subject.begrip, text, context)
        if problems:
            raise UnusableRequest(problems)
        found = check_definition(subject.begrip, subject.definitie, subject.context)
        against = tuple(one.rule_id for one in found if one.kind is RuleKind.D)
        if against and not reason.strip():
            raise ReasonNeeded(", ".join(against))
        kept = reason.strip() if against else ""
        version = DefinitionVersion(flow_id, subject, Origin.ACCEPTED, kept, against, by)
        self._kept.add(version)
        self._host.on_loop(self._hand_on, version)
        return version

    def keep_in(self, keeper: DefinitionKeeper | None) -> None:
        """From now on ``keeper`` gets every version as well: a database, opened after us."""
        self._kept.then = keeper

    def warm_up(self) -> None:
        """Loads the rules and the dictionary in the background, before a page needs them."""
        self._host.on_loop(self._spawn, lambda: asyncio.to_thread(warm_up))

    # On the loop.

    def _create_task(self, flow: FlowJob) -> None:
        task = asyncio.get_running_loop().create_task(self._run(flow), name=f"flow-{flow.flow_id}")
        self._tasks[flow.flow_id] = task
        task.add_done_callback(lambda done: self._task_done(flow, done))

    async def _run(self, flow: FlowJob) -> None:
        # Imported late: it brings the SDK, which the bridge imports in the background.
        runtime = await self._host.runtime()
        from voorbeelden.definition.orchestrator import DefinitionOrchestratorV2

        orchestrator = DefinitionOrchestratorV2(runtime, self._kept)
        await orchestrator.create_definition(
            flow.request, flow.apply, flow_id=flow.flow_id, by=flow.by
        )

    def _task_done(self, flow: FlowJob, task: asyncio.Task[None]) -> None:
        del self._tasks[flow.flow_id]
        failure = None
        if not task.cancelled() and (error := task.exception()) is not None:
            failure = internal_failure(error, flow=flow.flow_id)
        flow.end(failure, stopped=task.cancelled())

    def _cancel(self, flow_id: str) -> None:
        if (task := self._tasks.get(flow_id)) is not None:
            task.cancel()

    def _hand_on(self, version: DefinitionVersion) -> None:
        self._spawn(lambda: self._kept.hand_on(version))

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(_logged(work()))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def _forget_old(self) -> None:
        finished = [flow_id for flow_id, flow in self._flows.items() if not flow.running]
        for flow_id in finished[: max(0, len(self._flows) - _KEPT_FLOWS)]:
            del self._flows[flow_id]
            self._kept.forget(flow_id)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001  nobody awaits it: the log is who hears of it
        internal_failure(error)


def _key(owner: str, request: DefinitionRequest, subject: Subject) -> str:
    """The same text for the same request of the same owner."""
    parts = [
        owner,
        subject.begrip,
        subject.definitie,
        {key: list(values) for key, values in subject.context.items()},
        {kind.value: count for kind, count in request.wanted.items()},
        request.order.value,
        request.fresh,
    ]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()
