"""The state of a flow is made of its events alone."""

from __future__ import annotations

from dataclasses import replace

from voorbeelden.definition.flow_model import (
    CallTiming,
    Cost,
    DraftEnded,
    DraftText,
    ExamplesEvent,
    ExamplesStarted,
    FindingsReady,
    FlowEvent,
    FlowTimings,
    Noted,
    Overtook,
    Phase,
    PhaseEnded,
    PhaseRetrying,
    PhaseStarted,
    PhaseTiming,
    TextReplaced,
)
from voorbeelden.definition.flow_state import FlowState
from voorbeelden.model import (
    ExampleType,
    Failure,
    FailureKind,
    Outcome,
    OutcomeState,
    Subject,
    Tokens,
    TypeEnded,
    TypeStarted,
)

ZINNEN = ExampleType.VOORBEELDZINNEN
FAILURE = Failure(FailureKind.SERVER, "Storing.")
SUBJECT = Subject("begrip", "definitie")


def after(*events: FlowEvent) -> FlowState:
    state = FlowState()
    for event in events:
        state = state.apply(event)
    return state


def started(run: int, at: float) -> ExamplesEvent:
    return ExamplesEvent(run, TypeStarted(ZINNEN, 0.0), at)


def ended(run: int, at: float, calls: int = 1) -> ExamplesEvent:
    outcome = Outcome(ZINNEN, OutcomeState.DONE, attempts=calls, tokens=Tokens(10, 5))
    return ExamplesEvent(run, TypeEnded(ZINNEN, outcome, 0.0), at)


def test_a_draft_grows_and_becomes_the_definition() -> None:
    """A second attempt begins anew; only a whole draft is the text."""
    state = after(PhaseStarted(Phase.DRAFT, 0.1), DraftText("Bes", 1.0))
    assert (state.draft, state.text) == ("Bes", None)
    assert state.running(Phase.DRAFT)
    state = state.apply(PhaseRetrying(Phase.DRAFT, FailureKind.SERVER, 2, 3, 0.5, 1.5))
    assert state.draft == ""
    assert state.retrying[Phase.DRAFT].attempt == 2
    state = state.apply(DraftEnded("Besluit", "", 2.0)).apply(PhaseEnded(Phase.DRAFT, None, 2.0))
    assert (state.draft, state.text) == ("Besluit", "Besluit")
    assert state.ended(Phase.DRAFT)
    assert state.timings(3.0).calls == (CallTiming("draft", Phase.DRAFT, 0.1, 2.0),)


def test_a_broken_draft_leaves_a_concept_and_no_text() -> None:
    state = after(DraftText("Bes", 1.0), DraftEnded(None, "Bes", 2.0))
    assert (state.draft, state.text, state.concept) == ("", None, "Bes")


def test_a_failure_belongs_to_its_phase_until_that_begins_again() -> None:
    state = after(PhaseStarted(Phase.EXAMPLES, 1.0), PhaseEnded(Phase.EXAMPLES, FAILURE, 2.0))
    assert state.failures == {Phase.EXAMPLES: FAILURE}
    again = state.apply(PhaseStarted(Phase.EXAMPLES, 3.0))
    assert again.failures == {}
    assert again.phases[Phase.EXAMPLES] == PhaseTiming(Phase.EXAMPLES, 1.0, None)
    assert state.ended(Phase.EXAMPLES), "an earlier state never changes"


def test_a_new_text_discards_the_examples_of_the_old_one_and_counts_them() -> None:
    """Whether they had ended or not; the next run begins at nothing."""
    state = after(
        ExamplesStarted(1, SUBJECT, 1.0),
        started(1, 1.0),
        ended(1, 2.0, calls=2),
        TextReplaced("oud", "nieuw", 3.0),
    )
    assert state.discarded == Cost(2, Tokens(10, 5))
    assert state.run_cost == Cost()
    assert (state.text, state.replaced_at) == ("nieuw", 3.0)
    state = after(
        *(ExamplesStarted(1, SUBJECT, 1.0), started(1, 1.0), ended(1, 2.0)),
        TextReplaced("oud", "nieuw", 3.0),
        *(ExamplesStarted(2, SUBJECT, 3.0), started(2, 3.0), ended(2, 4.5)),
    )
    bars = [(call.run, call.discarded, call.end) for call in state.timings(5.0).calls]
    assert bars == [(1, True, 2.0), (2, False, 4.5)]
    assert (state.discarded.calls, state.run_cost.calls) == (1, 1)


def test_findings_of_code_and_judgements_of_the_model_are_kept_apart() -> None:
    state = after(FindingsReady("tekst", (), None, 1.0), Noted("Let op.", 1.5))
    assert (state.findings, state.judgements) == ((), None)
    assert state.notes == ("Let op.",)
    assert FlowState().findings is None, "not looked yet is not the same as nothing found"


def test_sums_of_what_the_same_calls_would_take_otherwise() -> None:
    """The example of the design: 4, 3 and six times 2 seconds; a running call counts until now,
    a discarded one not at all."""
    examples = tuple(
        CallTiming(kind.value, Phase.EXAMPLES, 4.0, None if kind is ZINNEN else 6.0)
        for kind in ExampleType
    )
    calls = (
        CallTiming("draft", Phase.DRAFT, 0.0, 4.0),
        CallTiming("validation", Phase.VALIDATION, 4.0, 7.0),
        *examples,
    )
    timings = FlowTimings((), calls, 6.0)
    assert timings.in_a_row == 4 + 3 + 6 * 2
    assert timings.staged == 4 + 3 + 2
    lost = tuple(replace(call, discarded=True) for call in examples)
    assert FlowTimings((), calls[:2] + lost, 7.0).in_a_row == 7.0
    assert timings.phase(Phase.DRAFT) is None


def test_costs_add_up() -> None:
    """Unknown tokens stay unknown, and do not hide known ones."""
    assert Cost(1) + Cost(2) == Cost(3)
    assert Cost(1, Tokens(1, 2)) + Cost(2) == Cost(3, Tokens(1, 2))
    assert Cost(1, Tokens(1, 2)) + Cost(1, Tokens(3, 4)) == Cost(2, Tokens(4, 6))


def test_a_run_that_was_overtaken_still_tells_what_it_cost() -> None:
    """Its calls end after the text was replaced: none of that is of the run that counts."""
    state = after(
        ExamplesStarted(1, SUBJECT, 1.0),
        started(1, 1.0),
        TextReplaced("oud", "nieuw", 2.0),
        ended(1, 2.5, calls=2),
        ExamplesStarted(2, SUBJECT, 3.0),
        started(2, 3.0),
        ended(2, 4.0),
    )
    assert state.discarded == Cost(2, Tokens(10, 5))
    assert state.run_cost == Cost(1, Tokens(10, 5))
    bars = [(call.run, call.discarded, call.end) for call in state.timings(5.0).calls]
    assert bars == [(1, True, 2.5), (2, False, 4.0)]


def test_what_a_stopped_flow_cost_is_counted_by_the_one_it_was_stopped_for() -> None:
    state = after(ExamplesStarted(1, SUBJECT, 1.0), started(1, 1.0), ended(1, 2.0))
    state = state.apply(Overtook(Cost(6, Tokens(60, 30)), 2.5))
    assert (state.discarded, state.run_cost.calls) == (Cost(6, Tokens(60, 30)), 1)
