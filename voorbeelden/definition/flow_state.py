"""The state of a flow, made of its events; for the result and for a page alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voorbeelden.definition.flow_model import (
    CallTiming,
    Cost,
    DefinitionKept,
    DraftEnded,
    DraftText,
    ExamplesEvent,
    ExamplesStarted,
    FindingsReady,
    FlowEnded,
    FlowEvent,
    FlowTimings,
    Judgements,
    Noted,
    Overtook,
    Phase,
    PhaseEnded,
    PhaseRetrying,
    PhaseStarted,
    PhaseTiming,
    TextReplaced,
)
from voorbeelden.definition.model import RuleFinding
from voorbeelden.model import Event, Failure, TypeEnded, TypeStarted


@dataclass(frozen=True, slots=True)
class FlowState:
    """What is known so far; immutable, so a page may read it while the flow goes on.

    Attributes:
        draft: the draft, whole or growing.
        text: the definition as it stands; ``None`` until there is one.
        findings: facts and questions about ``text``.
        retrying: the attempt that a phase is making, when it is not the first.
        overtaken: the last run of the examples that is about an earlier text; 0 if none is.
        discarded: the cost of runs of the examples that were overtaken.
        begrip_id: where ``text`` is kept in the store; empty when it is not.
    """

    draft: str = ""
    concept: str = ""
    text: str | None = None
    findings: tuple[RuleFinding, ...] | None = None
    judgements: Judgements | None = None
    replaced_at: float | None = None
    phases: Mapping[Phase, PhaseTiming] = field(default_factory=dict)
    calls: tuple[CallTiming, ...] = ()
    failures: Mapping[Phase, Failure] = field(default_factory=dict)
    retrying: Mapping[Phase, PhaseRetrying] = field(default_factory=dict)
    run: int = 0
    overtaken: int = 0
    run_cost: Cost = field(default_factory=Cost)
    discarded: Cost = field(default_factory=Cost)
    notes: tuple[str, ...] = ()
    begrip_id: str = ""

    def apply(self, event: FlowEvent) -> FlowState:
        """The state after ``event``."""
        match event:
            case PhaseStarted() | PhaseRetrying() | PhaseEnded():
                return self._phase(event)
            case ExamplesStarted(run=run):
                return replace(self, run=run, run_cost=Cost())
            case ExamplesEvent(run=run, event=inner, at=at):
                return self._example(run, inner, at)
            case DraftText(text=text):
                return replace(self, draft=text)
            case DraftEnded(text=text, concept=concept):
                return replace(self, draft=text or "", text=text, concept=concept)
            case FindingsReady(judgements=None):
                return replace(self, findings=event.findings)
            case FindingsReady(judgements=judgements):
                return replace(self, judgements=judgements)
            case TextReplaced() | Overtook():
                return self._discard(event)
            case DefinitionKept(begrip_id=begrip_id):
                # What could not be kept before is kept now: those were the notes.
                return replace(self, begrip_id=begrip_id, notes=() if begrip_id else self.notes)
            case Noted(note=note):
                return replace(self, notes=tuple(dict.fromkeys([*self.notes, note])))
            case FlowEnded():
                return self

    def ended(self, phase: Phase) -> bool:
        timing = self.phases.get(phase)
        return timing is not None and timing.end is not None

    def running(self, phase: Phase) -> bool:
        timing = self.phases.get(phase)
        return timing is not None and timing.end is None

    def timings(self, seconds: float) -> FlowTimings:
        """Everything until now, ``seconds`` after the start."""
        return FlowTimings(tuple(self.phases.values()), self.calls, seconds)

    def _phase(self, event: PhaseStarted | PhaseRetrying | PhaseEnded) -> FlowState:
        phase, at = event.phase, event.at
        match event:
            case PhaseStarted():
                # Sanitising makes no call, and that of the examples are counted one by one.
                own = phase in (Phase.DRAFT, Phase.VALIDATION)
                calls = (*self.calls, CallTiming(phase.value, phase, at)) if own else self.calls
                known = self.phases.get(phase, PhaseTiming(phase, at))
                phases = {**self.phases, phase: replace(known, end=None)}
                others = {key: one for key, one in self.failures.items() if key is not phase}
                return replace(self, phases=phases, calls=calls, failures=others)
            case PhaseRetrying():
                draft = "" if phase is Phase.DRAFT else self.draft
                return replace(self, draft=draft, retrying={**self.retrying, phase: event})
            case PhaseEnded(failure=failure):
                failures = {**self.failures, phase: failure} if failure else self.failures
                phases = {**self.phases, phase: replace(self.phases[phase], end=at)}
                calls = tuple(
                    replace(call, end=at) if call.name == phase.value else call
                    for call in self.calls
                )
                return replace(self, failures=failures, phases=phases, calls=calls)

    def _discard(self, event: TextReplaced | Overtook) -> FlowState:
        """Another text: what was made of the old one was for nothing, and is counted."""
        if isinstance(event, Overtook):
            return replace(self, discarded=self.discarded + event.cost)
        calls = tuple(
            replace(call, discarded=True) if call.phase is Phase.EXAMPLES else call
            for call in self.calls
        )
        return replace(
            self,
            text=event.new,
            replaced_at=event.at,
            calls=calls,
            overtaken=self.run,
            discarded=self.discarded + self.run_cost,
            run_cost=Cost(),
        )

    def _example(self, run: int, event: Event, at: float) -> FlowState:
        """A run that was overtaken still tells how its calls end, and what they cost."""
        name, lost = event.example_type.value, run <= self.overtaken
        match event:
            case TypeStarted():
                call = CallTiming(name, Phase.EXAMPLES, at, run=run, discarded=lost)
                return replace(self, calls=(*self.calls, call))
            case TypeEnded(outcome=outcome):
                calls = tuple(
                    replace(call, end=at) if call.run == run and call.name == name else call
                    for call in self.calls
                )
                cost = Cost(outcome.attempts, outcome.tokens)
                if lost:
                    return replace(self, calls=calls, discarded=self.discarded + cost)
                return replace(self, calls=calls, run_cost=self.run_cost + cost)
            case _:
                return self
