"""One flow on its way, and how it looks at one moment.

A ``FlowJob`` changes on the loop thread only; ``snapshot`` may be called from any thread, because
everything in it is immutable. Its examples are an ordinary job, which the host shows and reruns by
type as it does any other.
"""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.definition.flow_model import (
    DefinitionKept,
    DefinitionRequest,
    ExamplesEvent,
    ExamplesStarted,
    FlowEvent,
    Noted,
    Overtook,
    Phase,
    PhaseEnded,
)
from voorbeelden.definition.flow_state import FlowState
from voorbeelden.hooks import Record
from voorbeelden.jobs import Job, JobSnapshot
from voorbeelden.model import Failure, GenerationMode, Subject

if TYPE_CHECKING:
    from voorbeelden.definition.flow_call import FlowRuntime
    from voorbeelden.keeping import Keep

T = TypeVar("T")


class FlowHost(Protocol):
    """What the flows need of whoever owns the loop; ``voorbeelden.bridge.Bridge`` has it."""

    def on_loop(self, function: Callable[..., object], *arguments: Any) -> None:
        """Calls ``function`` on the loop, soon."""
        ...

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Runs a coroutine on the loop."""
        ...

    async def runtime(self) -> FlowRuntime: ...

    def tell(self, record: Record) -> None:
        """Hands ``record`` to whoever looks on."""
        ...

    def adopt(self, job: Job) -> None: ...

    def end_run(self, job: Job, run: int, failure: Failure | None) -> None: ...


@dataclass(frozen=True, slots=True)
class FlowSnapshot:
    """A flow at one moment.

    Attributes:
        subject: begrip and context as they were asked, with the editor's own text if there was
            one.
        examples: the job of the examples, about ``examples.subject.definitie``.
        versions: of the definition, oldest first; those of the flows it follows included.
        edited: what an editor made of the text since; ``None``: nothing.
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
    edited: str | None
    running: bool
    stopped: bool
    failure: Failure | None
    elapsed: float

    @property
    def text(self) -> str:
        """The definition to go on with: the final one, or what there is of it."""
        return self.state.text or self.state.concept or self.state.draft

    @property
    def set_aside(self) -> str | None:
        """The unaccepted text that another one took the place of last."""
        aside = [one.subject.definitie for one in self.versions if one.origin is Origin.SET_ASIDE]
        return aside[-1] if aside else None

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
        owner: str,
        by: str,
    ) -> None:
        self.flow_id = flow_id
        self.owner = owner
        self.by = by
        self.edited: str | None = None
        """What an editor made of the text, so that a reload of the page finds it."""
        self.overtaken_by: FlowJob | None = None
        """The flow that this one was stopped for."""
        self.key = key
        self.request = request
        self.subject = subject
        self.running = True
        self._host = host
        self.started = time.perf_counter()
        self._ended: float | None = None
        self._stopped = False
        self._failure: Failure | None = None
        self._state = FlowState()
        self._examples: Job | None = None

    def apply(self, event: FlowEvent) -> None:
        self._state = self._state.apply(event)
        match event:
            case ExamplesStarted(subject=subject, job_id=job_id, begrip_id=begrip_id):
                wanted, mode = self.request.wanted, GenerationMode.ASYNC
                job = Job(job_id, "", subject, mode, wanted, begrip_id=begrip_id)
                job.joinable = False
                self._examples = job
                self._host.adopt(job)
            case ExamplesEvent(event=inner) if self._examples is not None:
                self._examples.apply(inner)
            case PhaseEnded(phase=Phase.EXAMPLES, failure=failure) if self._examples is not None:
                self._host.end_run(self._examples, self._examples.first_run, failure)

    def kept(self, keep: Keep | None) -> None:
        """The text that an editor accepted is kept, or (``None``) it could not be."""
        at = time.perf_counter() - self.started
        self.apply(DefinitionKept("" if keep is None else keep.begrip_id, at))

    def noted(self, note: str) -> None:
        self.apply(Noted(note, time.perf_counter() - self.started))

    def is_about(self, subject: Subject) -> bool:
        """Whether ``subject`` is that of this flow, its text included."""
        return replace(self.subject, definitie=self._state.text or "") == subject

    def pass_on_cost(self) -> None:
        """What the examples of a stopped flow cost is counted by the flow it was stopped for."""
        other, cost = self.overtaken_by, self._state.run_cost + self._state.discarded
        if other is not None and cost.calls:
            other.apply(Overtook(cost, time.perf_counter() - other.started))

    def unkept_examples(self, text: str) -> Job | None:
        """The examples made from ``text``, when they are in no store."""
        job = self._examples
        return None if job is None or job.begrip_id or job.subject.definitie != text else job

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
            edited=self.edited,
            running=self.running,
            stopped=self._stopped,
            failure=self._failure,
            elapsed=(time.perf_counter() if ended is None else ended) - self.started,
        )
