"""The flow from begrip to definition to examples as something to measure: one run, one repetition.

The orders of ``FlowOrder`` stand beside the plans of the generator: the same engine interleaves
them, the same figures are made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voorbeelden.ai.road import Road
from voorbeelden.benchmark.ideal import CALL_NAMES
from voorbeelden.benchmark.model import CallsDone, Repetition, StepTell, TypeFailure
from voorbeelden.definition.flow_model import (
    CallTiming,
    Cost,
    DefinitionRequest,
    ExamplesEvent,
    FlowEvent,
    FlowOrder,
    FlowResult,
    Phase,
    TextReplaced,
)
from voorbeelden.definition.orchestrator import DefinitionOrchestratorV2
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    CallRecord,
    ExampleType,
    FailureKind,
    ItemComplete,
    OutcomeState,
    Subject,
    Tokens,
)
from voorbeelden.runtime import Runtime
from voorbeelden.settings import Settings


async def repeat_flow(
    settings: Settings,
    road: Road,
    subject: Subject,
    order: FlowOrder,
    number: int,
    tell: StepTell,
) -> Repetition:
    """One flow over ``road``, from begrip and context alone; nothing is kept, and nothing is
    answered from the cache."""
    watcher = _Watcher(tell)
    orchestrator = DefinitionOrchestratorV2(Runtime(settings, road, None, None))
    request = DefinitionRequest(subject.begrip, subject.context, order=order, fresh=True)
    result = await orchestrator.create_definition(request, watcher)
    return _repetition(order, number, result, watcher.first)


@dataclass(slots=True)
class _Watcher:
    """Counts the examples as they come in, and remembers the first one of each type."""

    tell: StepTell
    first: dict[str, float] = field(default_factory=dict)
    done: int = 0

    def __call__(self, event: FlowEvent) -> None:
        match event:
            case TextReplaced():
                self.first.clear()
                self.done = 0
            case ExamplesEvent(event=ItemComplete(example_type=kind), at=at):
                self.first.setdefault(kind.value, at)
                self.done += 1
                self.tell(CallsDone(self.done, sum(DEFAULT_EXAMPLE_COUNTS.values())))


def _repetition(
    order: FlowOrder, number: int, result: FlowResult, first: Mapping[str, float]
) -> Repetition:
    calls = tuple(_call(result, call, first) for call in result.timings.calls)
    return Repetition(
        mode=order,
        number=number,
        seconds=result.timings.seconds,
        first_item=min(first.values(), default=None),
        calls=calls,
        failures=_failures(result),
        tokens=result.cost.tokens or Tokens(),
        # A call that was made again is paid for twice, and reported once.
        tokens_estimated=any(call.tokens is None or call.attempts > 1 for call in calls),
    )


def _call(result: FlowResult, call: CallTiming, first: Mapping[str, float]) -> CallRecord:
    end = result.timings.seconds if call.end is None else call.end
    if call.phase is not Phase.EXAMPLES:
        cost = result.costs.get(call.phase, Cost())
        failure = result.failures.get(call.phase)
        kind = failure.kind if failure else None
        name = CALL_NAMES[call.phase]
        return CallRecord(name, (), call.start, end, None, cost.calls, cost.tokens, kind)
    example = ExampleType(call.name)
    outcome = None
    if not call.discarded and result.examples is not None:
        outcome = result.examples.outcomes.get(example)
    failure = outcome.failure if outcome else None
    return CallRecord(
        name=call.name,
        types=(example,),
        start=call.start,
        end=end,
        first_item=None if call.discarded else first.get(call.name),
        attempts=outcome.attempts if outcome else 1,
        tokens=outcome.tokens if outcome else None,
        failure=failure.kind if failure else None,
    )


def _failures(result: FlowResult) -> tuple[TypeFailure, ...]:
    """Phases and types that were not whole; of examples that failed together each type."""
    phases = [
        TypeFailure(phase, failure.kind)
        for phase, failure in result.failures.items()
        if phase is not Phase.EXAMPLES or result.examples is None
    ]
    outcomes = result.examples.outcomes if result.examples else {}
    types = [
        TypeFailure(kind, outcome.failure.kind if outcome.failure else FailureKind.INTERNAL)
        for kind, outcome in outcomes.items()
        if outcome.state is not OutcomeState.DONE
    ]
    return (*phases, *types)
