"""From begrip to definition to examples over HTTP: whatever fails, the rest is whole and named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, Provider, until
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.definition import RuleKind, check_definition, rules_for_model, warm_up
from voorbeelden.definition.flow_keeper import DefinitionVersion, MemoryKeeper, Origin
from voorbeelden.definition.flow_model import (
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
    Phase,
    PhaseEnded,
    PhaseRetrying,
    PhaseStarted,
    TextReplaced,
)
from voorbeelden.definition.orchestrator import DefinitionOrchestratorV2, UnusableRequest
from voorbeelden.demo.teksten import bekende_definitie
from voorbeelden.model import FailureKind, OutcomeState, TypeEnded
from voorbeelden.runtime import Runtime

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

pytestmark = pytest.mark.anyio

DEFINITIE = bekende_definitie("verdachte")
REQUEST = DefinitionRequest("verdachte", {"juridisch": ("strafprocesrecht",)})
FLOW = "flow,scale=0.05"
"""Draft 0.2 s, toets 0.15 s, every type 0.1 s."""


class Flow:
    """An orchestrator and the provider it leads to."""

    def __init__(self, provider: Provider, runtime: Runtime) -> None:
        self.provider = provider
        self.runtime = runtime
        self.keeper = MemoryKeeper()
        self.events: list[FlowEvent] = []
        self.orchestrator = DefinitionOrchestratorV2(runtime, self.keeper)

    async def run(self, request: DefinitionRequest = REQUEST) -> FlowResult:
        return await self.orchestrator.create_definition(request, self.events.append, flow_id="f")

    def of(self, kind: type[FlowEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def asked(self) -> Mapping[str, int]:
        """Calls a kind, as the server counted them."""
        counted: Mapping[str, int] = self.provider.stats()["by_type"]
        return counted


MakeFlow = Callable[..., Flow]


@pytest.fixture
async def make_flow(demo: DemoProcess) -> AsyncIterator[MakeFlow]:
    roads: list[Road] = []

    def make(spec: str, **changes: Any) -> Flow:
        provider = Provider.behaving(demo, spec)
        settings = provider.settings(**changes)
        roads.append(Road(AIServiceV2(settings), settings))
        return Flow(provider, Runtime(settings, roads[-1], None, None))

    warm_up()
    yield make
    for road in roads:
        await road.aclose()


def assert_examples_whole(result: FlowResult) -> None:
    assert result.examples is not None
    states = {kind: outcome.state for kind, outcome in result.examples.outcomes.items()}
    assert states == dict.fromkeys(SIX, OutcomeState.DONE)


# --- the flow itself ---


async def test_from_begrip_to_definition_to_examples(make_flow: MakeFlow) -> None:
    """Everything whole: eight calls, a definition, judgements of every rule, six types."""
    flow = make_flow("instant")
    result = await flow.run()
    assert result.definitie == result.draft == DEFINITIE
    assert result.subject.definitie == DEFINITIE
    assert not result.replaced
    assert result.failures == {}
    assert result.judgements is not None
    assert [one.rule_id for one in result.judgements.judged] == [
        rule.rule_id for rule in rules_for_model()
    ]
    assert result.judgements.failed == ()
    assert_examples_whole(result)
    assert result.examples is not None
    assert result.examples.subject == result.subject
    assert flow.asked == {"definitie": 1, "toets": 1, **dict.fromkeys(SIX, 1)}
    assert result.cost.calls == 8
    assert result.cost.tokens is not None
    assert result.discarded.calls == 0


async def test_the_examples_are_made_beside_the_validation(make_flow: MakeFlow) -> None:
    """Seven calls in flight at once: no call is answered before all are there. Only the draft
    goes before them, and it is let through by not waiting for others."""
    flow = make_flow("instant,barrier=7,barrier-timeout=5")
    own = DefinitionRequest("verdachte", definitie="Persoon tegen wie een verdenking bestaat.")
    result = await flow.run(own)
    assert result.failures == {}
    assert_examples_whole(result)
    assert flow.provider.stats()["max_in_flight"] == 7


@pytest.mark.parametrize("order", [FlowOrder.STAGED, FlowOrder.IN_A_ROW])
async def test_the_other_orders_wait(make_flow: MakeFlow, order: FlowOrder) -> None:
    """They exist to be measured: no example before the validation ended; in a row, one call at a
    time."""
    flow = make_flow(FLOW)
    result = await flow.run(DefinitionRequest("verdachte", order=order))
    assert result.failures == {}
    assert_examples_whole(result)
    validation, examples = (
        result.timings.phase(phase) for phase in (Phase.VALIDATION, Phase.EXAMPLES)
    )
    assert validation is not None
    assert examples is not None
    assert validation.end is not None
    assert examples.start >= validation.end
    most = 6 if order is FlowOrder.STAGED else 1
    assert flow.provider.stats()["max_in_flight"] == most


async def test_the_draft_is_seen_growing_and_kept_before_anything_follows(
    make_flow: MakeFlow,
) -> None:
    """Each text continues the one before; the keeper has the definition when the first example
    is asked."""
    flow = make_flow(FLOW)
    kept_at_start: list[int] = []

    def watch(event: FlowEvent) -> None:
        flow.events.append(event)
        if isinstance(event, ExamplesStarted):
            kept_at_start.append(len(flow.keeper.versions("f")))

    await flow.orchestrator.create_definition(REQUEST, watch, flow_id="f")
    texts = [event.text for event in flow.of(DraftText)]
    assert len(texts) > 3
    assert DEFINITIE is not None
    assert all(DEFINITIE.startswith(text.rstrip()) for text in texts)
    assert [len(text) for text in texts] == sorted(len(text) for text in texts)
    assert kept_at_start == [1]
    (version,) = flow.keeper.versions("f")
    assert (version.origin, version.subject.definitie) == (Origin.DRAFT, DEFINITIE)
    order = [type(event) for event in flow.events]
    assert order.index(DraftEnded) < order.index(ExamplesStarted)


async def test_every_phase_starts_and_ends_once_and_the_result_comes_last(
    make_flow: MakeFlow,
) -> None:
    """And times never run back."""
    flow = make_flow("instant")
    await flow.run()
    assert [event.phase for event in flow.of(PhaseStarted)] == list(Phase)
    assert sorted(event.phase for event in flow.of(PhaseEnded)) == sorted(Phase)
    assert isinstance(flow.events[-1], FlowEnded)
    times = [event.at for event in flow.events]
    assert times == sorted(times)
    assert len([e for e in flow.of(ExamplesEvent) if isinstance(e.event, TypeEnded)]) == 6


async def test_facts_and_questions_are_there_before_the_model_judged(make_flow: MakeFlow) -> None:
    """Code's findings do not wait for the call."""
    flow = make_flow("flow,scale=0.05;fault=latency@toets,seconds=0.3")
    text = "Een persoon die kan worden vervolgd"
    result = await flow.run(DefinitionRequest("verdachte", definitie=text))
    by_code, by_model = flow.of(FindingsReady)
    assert by_code.findings == check_definition("verdachte", text, {}) == result.findings
    assert {one.kind for one in by_code.findings} == {RuleKind.D, RuleKind.H}
    assert by_model.judgements == result.judgements
    assert by_model.at - by_code.at > 0.25


async def test_the_measured_order_of_things(make_flow: MakeFlow) -> None:
    """Examples run beside the validation; the timings also say what the same calls would have
    taken one after the other, and phase after phase."""
    flow = make_flow(FLOW)
    result = await flow.run()
    timings = result.timings
    validation, examples = timings.phase(Phase.VALIDATION), timings.phase(Phase.EXAMPLES)
    assert validation is not None
    assert validation.end is not None
    assert examples is not None
    assert examples.start < validation.end, "beside each other"
    assert timings.in_a_row >= 0.2 + 0.15 + 6 * 0.1
    assert timings.in_a_row > timings.staged >= 0.2 + 0.15 + 0.1
    assert [call.name for call in timings.calls[:2]] == ["draft", "validation"]
    assert {call.name for call in timings.calls[2:]} == set(SIX)
    assert all(call.end is not None and call.end >= call.start for call in timings.calls)


# --- another text ---


async def test_a_rejected_draft_is_replaced_and_the_examples_start_again(
    make_flow: MakeFlow,
) -> None:
    """The running examples are cancelled; what they had cost is in the result; the new ones are
    about the new text, and both texts are kept."""
    flow = make_flow("flow,scale=0.05;fault=afgekeurd@toets;fault=latency@praktijkvoorbeelden.1")
    result = await flow.run()
    assert result.replaced
    assert result.draft == DEFINITIE
    assert result.definitie == result.judgements.improvement  # type: ignore[union-attr]
    assert result.judgements is not None
    assert result.judgements.text == DEFINITIE
    assert len(result.judgements.failed) == 1
    assert_examples_whole(result)
    assert result.examples is not None
    assert result.examples.subject.definitie == result.definitie
    assert [event.run for event in flow.of(ExamplesStarted)] == [1, 2]
    (replaced,) = flow.of(TextReplaced)
    assert (replaced.old, replaced.new) == (DEFINITIE, result.definitie)
    assert [one.origin for one in flow.keeper.versions("f")] == [Origin.DRAFT, Origin.IMPROVED]

    assert flow.asked == {"definitie": 1, "toets": 1, **dict.fromkeys(SIX, 2)}
    assert result.discarded.calls == 6
    assert result.discarded.tokens is not None
    assert result.discarded.tokens.prompt > 0
    assert result.cost.calls == 14
    await until(lambda: flow.provider.stats()["cancelled"] >= 1)
    bars = [call for call in result.timings.calls if call.phase is Phase.EXAMPLES]
    assert [call.discarded for call in bars].count(True) == 6
    assert {call.run for call in bars if call.discarded} == {1}
    assert {call.run for call in bars if not call.discarded} == {2}


async def test_an_improvement_with_more_facts_against_it_is_not_taken(
    make_flow: MakeFlow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft stays, and so do the running examples; the proposal can still be read."""
    worse = "Een verdachte is een verdachte. En nog een zin"
    monkeypatch.setattr("voorbeelden.definition.judging._improvement", lambda given, text: worse)
    flow = make_flow("instant;fault=afgekeurd@toets")
    result = await flow.run()
    assert not result.replaced
    assert result.judgements is not None
    assert result.judgements.improvement == worse
    assert flow.asked == {"definitie": 1, "toets": 1, **dict.fromkeys(SIX, 1)}


async def test_an_editors_own_text_is_never_replaced(make_flow: MakeFlow) -> None:
    """Nothing is drafted; an improvement is a proposal."""
    flow = make_flow("instant;fault=afgekeurd@toets")
    own = DefinitionRequest("verdachte", definitie=" Persoon tegen wie een verdenking bestaat. ")
    result = await flow.run(own)
    assert result.definitie == result.draft == "Persoon tegen wie een verdenking bestaat."
    assert result.judgements is not None
    assert result.judgements.improvement is not None
    assert flow.asked == {"toets": 1, **dict.fromkeys(SIX, 1)}
    assert flow.keeper.versions("f")[0].origin is Origin.OWN


async def test_without_examples_only_the_definition_is_made(make_flow: MakeFlow) -> None:
    flow = make_flow("instant")
    result = await flow.run(DefinitionRequest("verdachte", wanted={}))
    assert result.definitie == DEFINITIE
    assert result.examples is None
    assert flow.asked == {"definitie": 1, "toets": 1}


# --- faults, a phase at a time ---

DRAFT_FAULTS = [
    ("401", FailureKind.AUTHENTICATION, "sleutel", 1),
    ("400", FailureKind.BAD_REQUEST, "geweigerd", 1),
    ("503", FailureKind.SERVER, "storing", 3),
    ("quota", FailureKind.QUOTA, "tegoed", 1),
    ("refusal", FailureKind.REFUSED, "Schrijf de definitie zelf", 1),
    ("filter", FailureKind.CONTENT_FILTER, "Schrijf de definitie zelf", 1),
    ("wrongschema", FailureKind.UNUSABLE, "schrijf de definitie zelf", 2),
    ("fewer", FailureKind.UNUSABLE, "schrijf de definitie zelf", 2),
    ("close", FailureKind.INCOMPLETE, "schrijf de definitie zelf", 2),
    ("html", FailureKind.WRONG_ADDRESS, "beheerder", 1),
]


@pytest.mark.parametrize(("fault", "kind", "gist", "requests"), DRAFT_FAULTS)
async def test_a_failing_draft_is_named_and_nothing_follows(
    make_flow: MakeFlow, fault: str, kind: FailureKind, gist: str, requests: int
) -> None:
    """The failure says what to do; no other call is paid for; what was asked is in the result."""
    flow = make_flow(f"instant;fault={fault}@definitie")
    result = await flow.run()
    assert set(result.failures) == {Phase.DRAFT}
    assert result.failures[Phase.DRAFT].kind is kind
    assert gist in result.failures[Phase.DRAFT].message
    assert "voorbeelden" not in result.failures[Phase.DRAFT].message
    assert result.definitie is None
    assert (result.judgements, result.examples) == (None, None)
    assert result.request == REQUEST
    assert result.subject.begrip == "verdachte"
    assert flow.asked == {"definitie": requests}
    assert result.cost.calls == requests
    assert flow.keeper.versions("f") == ()


async def test_what_had_arrived_of_a_broken_draft_is_a_concept(make_flow: MakeFlow) -> None:
    """Not a definition: nothing is judged, but an editor can go on with it."""
    flow = make_flow("fixed,seconds=0.1;fault=close@definitie,after=0.7")
    result = await flow.run()
    assert result.definitie is None
    assert DEFINITIE is not None
    assert len(result.concept) > 20
    assert DEFINITIE.startswith(result.concept)


async def test_a_draft_is_tried_again(make_flow: MakeFlow) -> None:
    """One retry owner: the road. The flow tells which attempt comes."""
    flow = make_flow("instant;fault=503@definitie.1,retry-after=0.05")
    result = await flow.run()
    assert result.definitie == DEFINITIE
    (retry,) = flow.of(PhaseRetrying)
    assert (retry.phase, retry.kind, retry.attempt) == (Phase.DRAFT, FailureKind.SERVER, 2)
    assert result.costs[Phase.DRAFT].calls == 2


async def test_a_draft_that_was_cut_off_keeps_its_larger_limit(make_flow: MakeFlow) -> None:
    """Whatever comes between the answer that was too long and the one that may be."""
    flow = make_flow("instant;fault=length@definitie;fault=503@definitie.2,retry-after=0.05")
    result = await flow.run()
    assert result.definitie == DEFINITIE
    assert result.costs[Phase.DRAFT].calls == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("400", FailureKind.BAD_REQUEST),
        ("401", FailureKind.AUTHENTICATION),
        ("refusal", FailureKind.REFUSED),
        ("wrongschema", FailureKind.UNUSABLE),
        ("reset", FailureKind.INTERRUPTED),
        ("garbage", FailureKind.UNREADABLE),
    ],
)
async def test_a_failing_validation_leaves_draft_and_examples_whole(
    make_flow: MakeFlow, fault: str, kind: FailureKind
) -> None:
    """Both are said: the failure by name, and what is there; code's findings stay."""
    flow = make_flow(f"fixed,seconds=0.05;fault={fault}@toets")
    result = await flow.run()
    assert set(result.failures) == {Phase.VALIDATION}
    assert result.failures[Phase.VALIDATION].kind is kind
    assert result.definitie == DEFINITIE
    assert result.judgements is None
    assert result.findings == check_definition("verdachte", str(DEFINITIE), REQUEST.context)
    assert_examples_whole(result)


async def test_a_validation_that_never_answers_ends_in_time(make_flow: MakeFlow) -> None:
    """The deadline bounds it; the examples were ready long before."""
    flow = make_flow("instant;fault=silent@toets", deadline=0.4)
    started = time.monotonic()
    result = await flow.run()
    assert time.monotonic() - started < 3
    assert result.failures[Phase.VALIDATION].kind is FailureKind.TIMEOUT
    assert "heel gebleven" in result.failures[Phase.VALIDATION].message
    assert_examples_whole(result)


async def test_one_failing_type_is_that_types_own_failure(make_flow: MakeFlow) -> None:
    flow = make_flow("instant;fault=400@synoniemen")
    result = await flow.run()
    assert result.failures == {}
    assert result.examples is not None
    states = [outcome.state for outcome in result.examples.outcomes.values()]
    assert states.count(OutcomeState.DONE) == 5
    assert states.count(OutcomeState.FAILED) == 1


async def test_examples_of_which_nothing_came_leave_the_definition_whole(
    make_flow: MakeFlow,
) -> None:
    """Every type fails: named for each, and for the phase."""
    faults = "".join(f";fault=400@{kind.value}" for kind in SIX)
    result = await make_flow(f"instant{faults}").run()
    assert set(result.failures) == {Phase.EXAMPLES}
    assert result.failures[Phase.EXAMPLES].kind is FailureKind.BAD_REQUEST
    assert result.definitie == DEFINITIE
    assert result.judgements is not None


async def test_a_catastrophe_in_the_examples_leaves_the_definition_whole(
    make_flow: MakeFlow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours, not of the provider: named, with a reference, and the definition is there."""
    flow = make_flow("instant")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Runtime, "generate", broken)
    result = await flow.run()
    assert result.failures[Phase.EXAMPLES].kind is FailureKind.INTERNAL
    assert result.failures[Phase.EXAMPLES].reference is not None
    assert result.definitie == DEFINITIE
    assert result.judgements is not None


async def test_a_bug_in_the_rules_leaves_draft_and_examples_whole(
    make_flow: MakeFlow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("voorbeelden.definition.flow_run.check_definition", broken)
    result = await make_flow("instant").run()
    assert set(result.failures) == {Phase.VALIDATION}
    assert result.failures[Phase.VALIDATION].kind is FailureKind.INTERNAL
    assert result.definitie == DEFINITIE
    assert_examples_whole(result)


class _NoRoom:
    async def definition_ready(self, version: DefinitionVersion) -> None:
        raise OSError("disk full")


async def test_a_definition_that_cannot_be_kept_is_still_there(make_flow: MakeFlow) -> None:
    """The flow goes on, and the editor reads that nothing was kept."""
    flow = make_flow("instant")
    orchestrator = DefinitionOrchestratorV2(flow.runtime, _NoRoom())
    result = await orchestrator.create_definition(REQUEST)
    assert result.definitie == DEFINITIE
    assert_examples_whole(result)
    assert len(result.notes) == 1
    assert "niet worden bewaard" in result.notes[0]


# --- input, events, cancelling ---


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (DefinitionRequest(" \x00\n "), {"begrip"}),
        (DefinitionRequest("x" * 121), {"begrip"}),
        (DefinitionRequest("x", definitie="y" * 4001), {"definitie"}),
        (DefinitionRequest("x", {"juridisch": ("z" * 201,)}), {"juridisch"}),
    ],
)
async def test_input_that_cannot_be_used_costs_nothing(
    make_flow: MakeFlow, request_: DefinitionRequest, fields: set[str]
) -> None:
    """The error says in Dutch what is wrong with which field; nothing was asked."""
    flow = make_flow("instant")
    with pytest.raises(UnusableRequest) as raised:
        await flow.run(request_)
    assert set(raised.value.problems) == fields
    assert flow.provider.stats()["requests"] == 0


async def test_input_is_sanitised(make_flow: MakeFlow) -> None:
    """NFC, no control characters; a definition of blanks is none."""
    flow = make_flow("instant")
    request = DefinitionRequest("cafe\u0301\x07-houder", {"juridisch": (" recht\x00 ",)}, " \n")
    result = await flow.run(request)
    assert result.subject.begrip == "caf\u00e9-houder"
    assert result.subject.context["juridisch"] == ("recht",)
    assert result.definitie is not None
    assert flow.asked["definitie"] == 1


async def test_a_hostile_draft_is_one_line_of_plain_text(make_flow: MakeFlow) -> None:
    """Markup stays text: nothing is interpreted, and nothing is lost."""
    result = await make_flow("instant;fault=image@definitie").run()
    assert result.definitie is not None
    assert "<img" in result.definitie
    assert "\n" not in result.definitie


async def test_the_stream_ends_with_the_result(make_flow: MakeFlow) -> None:
    flow = make_flow("instant")
    events = [event async for event in flow.orchestrator.stream(REQUEST)]
    assert isinstance(events[-1], FlowEnded)
    assert events[-1].result.definitie == DEFINITIE
    assert_examples_whole(events[-1].result)


async def test_a_stream_of_unusable_input_raises(make_flow: MakeFlow) -> None:
    flow = make_flow("instant")
    with pytest.raises(UnusableRequest):
        async for _ in flow.orchestrator.stream(DefinitionRequest(" ")):
            pass


async def test_leaving_the_stream_early_cancels_the_flow(make_flow: MakeFlow) -> None:
    flow = make_flow("fixed,seconds=20")
    stream = flow.orchestrator.stream(REQUEST)
    async for event in stream:
        if isinstance(event, PhaseStarted) and event.phase is Phase.DRAFT:
            await until(lambda: flow.provider.stats()["in_flight"] == 1)
            break
    await stream.aclose()
    await until(lambda: flow.provider.stats()["in_flight"] == 0)
    assert flow.provider.stats()["cancelled"] == 1


async def test_cancelling_ends_every_call_and_is_raised(make_flow: MakeFlow) -> None:
    """Validation and examples in flight: all seven end, each phase says it ended, and nothing
    goes on afterwards."""
    flow = make_flow("fixed,seconds=20;fault=latency@toets")
    request = DefinitionRequest("verdachte", definitie="Persoon tegen wie een verdenking bestaat.")
    task = asyncio.create_task(flow.run(request))
    await until(lambda: flow.provider.stats()["in_flight"] == 7)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: flow.provider.stats()["in_flight"] == 0)
    assert flow.provider.stats()["cancelled"] == 7
    ended = {event.phase for event in flow.of(PhaseEnded)}
    assert ended == {Phase.SANITISE, Phase.VALIDATION, Phase.EXAMPLES}
    assert flow.of(FlowEnded) == []
    outcomes = [e.event.outcome for e in flow.of(ExamplesEvent) if isinstance(e.event, TypeEnded)]
    assert [one.state for one in outcomes] == [OutcomeState.CANCELLED] * 6


async def test_a_better_text_is_there_before_the_validation_ends(make_flow: MakeFlow) -> None:
    """Once the phase has ended the text is the editor's: no other one comes after that, however
    long it takes to withdraw the examples of the old one. What code finds in it comes along."""
    flow = make_flow("instant;fault=afgekeurd@toets")
    result = await flow.run()
    (end,) = [
        place
        for place, event in enumerate(flow.events)
        if isinstance(event, PhaseEnded) and event.phase is Phase.VALIDATION
    ]
    (replaced,) = [
        place for place, event in enumerate(flow.events) if isinstance(event, TextReplaced)
    ]
    assert replaced < end
    about_it = flow.events[replaced + 1]
    assert isinstance(about_it, FindingsReady)
    assert about_it.text == result.definitie
    assert about_it.findings == result.findings


async def test_a_validation_that_failed_says_nothing_of_other_phases(make_flow: MakeFlow) -> None:
    """The examples failed too. What the message says is left, is; the button that it names is the
    page's; and the model's own reason is in it."""
    faults = "".join(f";fault=400@{kind.value}" for kind in SIX)
    result = await make_flow(f"instant;fault=refusal@toets{faults}").run()
    assert set(result.failures) == {Phase.VALIDATION, Phase.EXAMPLES}
    message = result.failures[Phase.VALIDATION].message
    assert "De definitie en de bevindingen van de toepassing zelf zijn heel gebleven." in message
    assert "Kies Genereer voorbeelden om de tekst opnieuw te laten beoordelen." in message
    assert "en de voorbeelden" not in message
    assert "Reden van het model: “" in message
