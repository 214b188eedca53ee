"""One run of the flow: the phases, what each waits for, and the one result they end in."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from voorbeelden import prompts
from voorbeelden.ai.errors import AIError
from voorbeelden.definition.checks import check_definition, warm_up
from voorbeelden.definition.drafting import draft_question, growing
from voorbeelden.definition.flow_call import FlowRuntime, Question, StructuredCall
from voorbeelden.definition.flow_failures import in_phase
from voorbeelden.definition.flow_keeper import (
    NOT_KEPT,
    DefinitionKeeper,
    DefinitionVersion,
    NotKept,
    Origin,
)
from voorbeelden.definition.flow_model import (
    Cost,
    DefinitionKept,
    DefinitionRequest,
    DraftEnded,
    DraftText,
    ExamplesEvent,
    ExamplesStarted,
    FindingsReady,
    FlowEnded,
    FlowEvent,
    FlowOrder,
    FlowResult,
    Noted,
    Phase,
    PhaseEnded,
    PhaseRetrying,
    PhaseStarted,
    TextReplaced,
)
from voorbeelden.definition.flow_state import FlowState
from voorbeelden.definition.judging import better_text, judging_question, judging_system
from voorbeelden.failures import internal_failure
from voorbeelden.hooks import Part, keeping_failed
from voorbeelden.intake import UnusableRequest, read
from voorbeelden.keeping import Keep, keep_generation, withdraw
from voorbeelden.model import Event, Failure, GenerationMode, Result, Subject

T = TypeVar("T")

_KEEP_SECONDS = 3.0
"""How long the flow waits for whoever keeps the definition."""


@dataclass(slots=True)
class _Ending:
    """How a phase ends, when no exception says so."""

    failure: Failure | None = None


class FlowRun:
    """Runs one request; ``run`` is awaited once."""

    def __init__(
        self,
        runtime: FlowRuntime,
        keeper: DefinitionKeeper | None,
        request: DefinitionRequest,
        emit: Callable[[FlowEvent], None],
        *,
        flow_id: str,
        by: str,
    ) -> None:
        self._runtime = runtime
        self._keeper = keeper
        self._request = request
        self._listener = emit
        self._flow_id = flow_id
        self._by = by
        self._origin = time.perf_counter()
        self._state = FlowState()
        self._subject = Subject(request.begrip, "")
        self._draft: str | None = None
        self._examples: Result | None = None
        self._place: Keep | None = None
        self._costs: dict[Phase, Cost] = {}

    async def run(self) -> FlowResult:
        """The result of every phase.

        Raises:
            UnusableRequest: the input cannot be used.
        """
        self._sanitise()
        # The dictionary takes a second to load: while the model writes, and not after.
        prepared = asyncio.ensure_future(asyncio.to_thread(_prepare))
        prepared.add_done_callback(_seen)
        if self._draft is None:
            await self._write()
        if self._draft is not None:
            await self._keep(self._draft, Origin.OWN if self._request.definitie else Origin.DRAFT)
            await self._go_on(self._with(self._draft), prepared)
        result = self._result()
        self._emit(FlowEnded(result, self._now()))
        return result

    def in_short(self) -> str:
        """Kinds and durations for the log; never a begrip or a text."""
        failed = {phase.value: one.kind.value for phase, one in self._state.failures.items()}
        return f"seconds={self._now():.3f} runs={self._state.run} failed={failed or 'nothing'}"

    # The phases.

    def _sanitise(self) -> None:
        """Makes the input clean; an editor's own text is the draft."""
        request = self._request
        self._emit(PhaseStarted(Phase.SANITISE, self._now()))
        subject, problems = read(
            request.begrip, request.definitie, request.context, definitie_needed=False
        )
        if problems:
            raise UnusableRequest(problems)
        self._subject = subject
        self._emit(PhaseEnded(Phase.SANITISE, None, self._now()))
        if subject.definitie:
            self._draft = subject.definitie
            self._emit(DraftEnded(subject.definitie, "", self._now()))

    async def _write(self) -> None:
        def on_text(arrived: str) -> None:
            if draft := growing(arrived):
                self._emit(DraftText(draft, self._now()))

        question = draft_question(self._runtime.settings, self._subject)
        call = self._call(Phase.DRAFT, question, on_text)
        with self._phase(Phase.DRAFT):
            self._draft = await self._answer(Phase.DRAFT, call)
        concept = "" if self._draft else growing(call.text)
        self._emit(DraftEnded(self._draft, concept, self._now()))

    async def _go_on(self, subject: Subject, prepared: asyncio.Future[None]) -> None:
        """Validation and examples, beside each other or in the order that was asked."""
        if self._request.order is not FlowOrder.BESIDE:
            better = await self._validate(subject, prepared)
            if better is not None:
                await self._keep_better(better)
            await self._exemplify(subject if better is None else better)
            return
        async with asyncio.TaskGroup() as group:
            examples = group.create_task(self._exemplify(subject))
            better = await self._validate(subject, prepared)
            if better is not None:
                examples.cancel()
                await asyncio.wait([examples])
                await self._keep_better(better)
                group.create_task(self._exemplify(better))

    async def _validate(self, subject: Subject, prepared: asyncio.Future[None]) -> Subject | None:
        """Facts and questions at once, then the model's judgement. Gives the subject with another
        text when one follows from them."""
        better = None
        with self._phase(Phase.VALIDATION):
            await asyncio.shield(prepared)
            found = await asyncio.to_thread(
                check_definition, subject.begrip, subject.definitie, subject.context
            )
            self._emit(FindingsReady(subject.definitie, found, None, self._now()))
            question = judging_question(self._runtime.settings, subject, found)
            call = self._call(Phase.VALIDATION, question, _ignore)
            judgements = await self._answer(Phase.VALIDATION, call)
            self._emit(FindingsReady(subject.definitie, (), judgements, self._now()))
            if not self._request.definitie:
                better = await asyncio.to_thread(better_text, subject, found, judgements)
            if better is not None:
                # Before the phase ends: from then on the text is the editor's.
                text, of_text = better
                self._emit(TextReplaced(subject.definitie, text, self._now()))
                self._emit(FindingsReady(text, of_text, None, self._now()))
        return None if better is None else replace(subject, definitie=better[0])

    async def _keep_better(self, subject: Subject) -> None:
        """What was made of the old text is withdrawn; the new text is kept."""
        if self._place is not None and self._state.run:
            await withdraw(self._place, self._runtime.tell)
        await self._keep(subject.definitie, Origin.IMPROVED)

    async def _exemplify(self, subject: Subject) -> None:
        if not self._request.wanted:
            return
        self._examples = None
        run = self._state.run + 1
        row = self._request.order is FlowOrder.IN_A_ROW
        mode = GenerationMode.SEQUENTIAL if row else GenerationMode.ASYNC

        def tell(event: Event) -> None:
            self._emit(ExamplesEvent(run, event, self._now()))

        job_id, place = uuid.uuid4().hex, self._place
        begrip_id = "" if place is None else place.begrip_id
        with self._phase(Phase.EXAMPLES) as ending:
            self._emit(ExamplesStarted(run, subject, self._now(), job_id, begrip_id))
            plan, fresh = self._runtime.plan(mode, self._request.wanted), self._request.fresh
            if place is None:
                self._examples = await self._runtime.generate(
                    subject, plan, tell, fresh=fresh, job_id=job_id
                )
            else:
                self._examples = await keep_generation(
                    self._runtime, subject, plan, tell, place, fresh=fresh, job_id=job_id
                )
            ending.failure = _of_everything(self._examples)

    # What they share.

    @contextlib.contextmanager
    def _phase(self, phase: Phase) -> Iterator[_Ending]:
        """A phase from start to end. What goes wrong in it is a named failure of it alone."""
        ending = _Ending()
        self._emit(PhaseStarted(phase, self._now()))
        try:
            yield ending
        except AIError as error:
            ending.failure = in_phase(phase, error)
        except Exception as error:  # noqa: BLE001  a bug in one phase must not take the others
            ending.failure = internal_failure(error, flow=self._flow_id, phase=phase.value)
        finally:
            self._emit(PhaseEnded(phase, ending.failure, self._now()))

    def _call(
        self, phase: Phase, question: Question[T], on_text: Callable[[str], None]
    ) -> StructuredCall[T]:
        def on_retry(error: AIError, attempt: int, most: int, wait: float) -> None:
            self._emit(PhaseRetrying(phase, error.kind, attempt, most, wait, self._now()))

        return StructuredCall(self._runtime, question, on_text=on_text, on_retry=on_retry)

    async def _answer(self, phase: Phase, call: StructuredCall[T]) -> T:
        try:
            return await call.run()
        finally:
            self._costs[phase] = call.cost

    async def _keep(self, text: str, origin: Origin) -> None:
        """Before anything else is done with the text. Trouble with keeping it costs no result."""
        if self._keeper is None:
            return
        version = DefinitionVersion(self._flow_id, self._with(text), origin, by=self._by)
        self._place = None
        try:
            async with asyncio.timeout(_KEEP_SECONDS):
                self._place = await self._keeper.definition_ready(version)
        except NotKept as reason:
            self._emit(Noted(str(reason), self._now()))
        except Exception as error:  # noqa: BLE001  whatever a store raises, the text is there
            self._runtime.tell(keeping_failed(Part.DEFINITION, self._flow_id, error))
            self._emit(Noted(NOT_KEPT, self._now()))
        begrip_id = "" if self._place is None else self._place.begrip_id
        self._emit(DefinitionKept(begrip_id, self._now()))

    def _with(self, text: str) -> Subject:
        return replace(self._subject, definitie=text)

    def _emit(self, event: FlowEvent) -> None:
        self._state = self._state.apply(event)
        self._listener(event)

    def _now(self) -> float:
        return time.perf_counter() - self._origin

    def _result(self) -> FlowResult:
        state = self._state
        return FlowResult(
            request=self._request,
            subject=self._with(state.text or ""),
            draft=self._draft,
            concept=state.concept,
            definitie=state.text,
            findings=state.findings or (),
            judgements=state.judgements,
            examples=self._examples,
            failures=dict(state.failures),
            timings=state.timings(self._now()),
            costs={**self._costs, Phase.EXAMPLES: state.run_cost},
            discarded=state.discarded,
            notes=state.notes,
        )


def _prepare() -> None:
    """Loads rules, dictionary and prompts, for whoever must not wait for a disk."""
    warm_up()
    prompts.draft_system()
    judging_system()


def _seen(prepared: asyncio.Future[None]) -> None:
    """Trouble is that of the validation, which awaits the same future; nobody else hears of it."""
    if not prepared.cancelled():
        prepared.exception()


def _ignore(_: str) -> None:
    """A judgement is of use only when it is whole."""


def _of_everything(result: Result) -> Failure | None:
    """Why there is not one item, when nothing but failures came of it."""
    outcomes = result.outcomes.values()
    if any(outcome.items or outcome.failure is None for outcome in outcomes):
        return None
    return next((outcome.failure for outcome in outcomes), None)
