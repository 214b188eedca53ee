"""One generation over HTTP: an outcome for every type, and nothing lost in silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.integration.support import SIX, SUBJECT, Provider, until
from voorbeelden import prompts
from voorbeelden.ai.road import Road
from voorbeelden.ai.service import AIServiceV2
from voorbeelden.collector import MAY_BE_FEWER
from voorbeelden.generator import Generation
from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    Event,
    ExampleType,
    FailureKind,
    GenerationMode,
    ItemComplete,
    Outcome,
    OutcomeState,
    Result,
    TypeEnded,
    TypeStarted,
)
from voorbeelden.settings import Settings
from voorbeelden.strategies import make_plan

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

pytestmark = pytest.mark.anyio

ASYNC, SEQUENTIAL = GenerationMode.ASYNC, GenerationMode.SEQUENTIAL
SYNONIEMEN, ZINNEN = ExampleType.SYNONIEMEN, ExampleType.VOORBEELDZINNEN


class Run:
    """A generation against a provider; ``events`` fill while it runs."""

    def __init__(
        self, road: Road, settings: Settings, provider: Provider, mode: GenerationMode
    ) -> None:
        self.provider = provider
        self.events: list[Event] = []
        plan = make_plan(mode, DEFAULT_EXAMPLE_COUNTS)
        self.generation = Generation(road, settings, SUBJECT, plan, self.events.append)

    async def result(self) -> Result:
        return await self.generation.run()

    def of(self, kind: ExampleType) -> list[Event]:
        return [event for event in self.events if event.example_type is kind]


MakeRun = Callable[..., Run]


@pytest.fixture
async def make_run(demo: DemoProcess) -> AsyncIterator[MakeRun]:
    roads: list[Road] = []

    def make(spec: str, mode: GenerationMode = ASYNC, **changes: float) -> Run:
        provider = Provider.behaving(demo, spec)
        settings = provider.settings(**changes)
        roads.append(Road(AIServiceV2(settings), settings))
        return Run(roads[-1], settings, provider, mode)

    yield make
    for road in roads:
        await road.aclose()


def states(result: Result) -> dict[ExampleType, OutcomeState]:
    return {kind: outcome.state for kind, outcome in result.outcomes.items()}


def assert_whole(outcome: Outcome) -> None:
    kind = outcome.example_type
    wanted = DEFAULT_EXAMPLE_COUNTS[kind]
    assert outcome.state is OutcomeState.DONE, outcome
    assert outcome.failure is None
    assert 0 < len(outcome.items) <= wanted
    assert len(outcome.items) == wanted or kind in MAY_BE_FEWER
    assert all(item.text for item in outcome.items)
    assert all(
        (item.reden is not None) is (kind is ExampleType.TEGENVOORBEELDEN) for item in outcome.items
    )
    assert outcome.tokens is not None


# --- six whole types ---


@pytest.mark.parametrize("mode", GenerationMode)
async def test_six_whole_outcomes_in_reading_order(make_run: MakeRun, mode: GenerationMode) -> None:
    """Whatever the plan: items and tokens of every type, a record of every call, six keys in the
    thin dict, and as many requests as there are calls."""
    run = make_run("instant", mode)
    result = await run.result()
    assert list(result.outcomes) == list(SIX)
    calls = make_plan(mode, DEFAULT_EXAMPLE_COUNTS).calls
    for kind, outcome in result.outcomes.items():
        assert_whole(outcome)
        assert outcome.attempts == sum(kind in call.types for call in calls)
    assert (result.subject, result.mode) == (SUBJECT, mode)
    assert sorted(call.name for call in result.calls) == sorted(call.name for call in calls)
    assert all(0 <= call.start <= call.end <= result.seconds for call in result.calls)
    assert list(result.as_dict()) == [kind.value for kind in SIX]
    stats = run.provider.stats()
    assert stats["requests"] == len(calls)
    assert stats["by_type"] == {
        kind.value: sum(kind in call.types for call in calls) for kind in SIX
    }


async def test_all_six_are_in_flight_at_once(make_run: MakeRun) -> None:
    """The server answers no call before six have come together: only parallel calls end."""
    run = make_run("instant,barrier=6,barrier-timeout=5")
    result = await run.result()
    assert set(states(result).values()) == {OutcomeState.DONE}
    assert run.provider.stats()["max_in_flight"] == 6


async def test_sequential_never_has_two_in_flight(make_run: MakeRun) -> None:
    run = make_run("fixed,seconds=0.03", SEQUENTIAL)
    result = await run.result()
    assert set(states(result).values()) == {OutcomeState.DONE}
    stats = run.provider.stats()
    assert (stats["requests"], stats["max_in_flight"]) == (6, 1)
    assert [call.types for call in result.calls] == [(kind,) for kind in SIX]
    for earlier, later in pairwise(result.calls):
        assert earlier.end <= later.start


@pytest.mark.parametrize("mode", [ASYNC, SEQUENTIAL])
async def test_events_tell_the_whole_story_in_order(
    make_run: MakeRun, mode: GenerationMode
) -> None:
    """Of every type: started, its items one by one, ended; times never run back; and what was
    told on the way is what the outcome holds."""
    run = make_run("fixed,seconds=0.05", mode)
    result = await run.result()
    moments = [event.at for event in run.events]
    assert moments == sorted(moments)
    for kind in SIX:
        first, *items, last = run.of(kind)
        assert isinstance(first, TypeStarted)
        assert isinstance(last, TypeEnded)
        assert last.outcome == result.outcomes[kind]
        told = [event.item for event in items if isinstance(event, ItemComplete)]
        assert len(told) == len(items)
        assert tuple(told) == last.outcome.items


async def test_items_come_before_their_type_has_ended(make_run: MakeRun) -> None:
    """The first sentence is readable while the third is still being written."""
    run = make_run("fixed,seconds=0.4,chunks=40")
    outcome = (await run.result()).outcomes[ZINNEN]
    assert outcome.first_item_seconds is not None
    assert 0 < outcome.first_item_seconds < outcome.seconds
    moments = [event.at for event in run.of(ZINNEN)]
    assert len(set(moments)) == len(moments) == 5


# --- one type fails ---


@pytest.mark.parametrize("mode", [ASYNC, SEQUENTIAL])
@pytest.mark.parametrize("broken", SIX)
async def test_one_failing_type_is_named_and_leaves_five_whole(
    make_run: MakeRun, broken: ExampleType, mode: GenerationMode
) -> None:
    """Whichever it is: a named failure with a Dutch message; empty in the thin dict only."""
    run = make_run(f"instant;fault=quota@{broken.value}", mode)
    result = await run.result()
    failed = result.outcomes[broken]
    assert failed.state is OutcomeState.FAILED
    assert failed.failure is not None
    assert failed.failure.kind is FailureKind.QUOTA
    assert "tegoed" in failed.failure.message
    assert failed.items == ()
    for kind in set(SIX) - {broken}:
        assert_whole(result.outcomes[kind])
    thin = result.as_dict()
    assert thin[broken.value] == ("" if broken is ExampleType.TOELICHTING else [])
    assert all(thin[kind.value] for kind in set(SIX) - {broken})
    assert [call.failure for call in result.calls if call.types == (broken,)] == [FailureKind.QUOTA]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("400", FailureKind.BAD_REQUEST),
        ("401", FailureKind.AUTHENTICATION),
        ("404", FailureKind.MODEL_UNAVAILABLE),
        ("context", FailureKind.TOO_LONG),
        ("refusal", FailureKind.REFUSED),
        ("filter", FailureKind.CONTENT_FILTER),
        ("html", FailureKind.WRONG_ADDRESS),
        ("wrongschema", FailureKind.UNUSABLE),
    ],
)
async def test_a_failure_keeps_its_name_up_to_the_outcome(
    make_run: MakeRun, fault: str, kind: FailureKind
) -> None:
    run = make_run(f"instant;fault={fault}@voorbeeldzinnen")
    outcome = (await run.result()).outcomes[ZINNEN]
    assert outcome.failure is not None
    assert outcome.failure.kind is kind
    assert outcome.state in (OutcomeState.FAILED, OutcomeState.PARTIAL)
    assert (outcome.state is OutcomeState.PARTIAL) is bool(outcome.items)


async def test_a_type_with_too_few_items_is_partial(make_run: MakeRun) -> None:
    """Two of three, however often it is asked: they stay, and the shortage is named."""
    run = make_run("instant;fault=fewer@voorbeeldzinnen")
    outcome = (await run.result()).outcomes[ZINNEN]
    assert outcome.state is OutcomeState.PARTIAL
    assert len(outcome.items) == 2
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.UNUSABLE
    assert "2 van 3" in outcome.failure.message


@pytest.mark.parametrize(
    ("faults", "kept", "kind", "attempts"),
    [
        ("fewer{}.1;fault=503{}.2,retry-after=0.05", 3, None, 3),
        ("fewer{}.1;fault=refusal{}.2", 2, FailureKind.REFUSED, 2),
        (
            "fewer{}.1;fault=503{}.2,retry-after=0.05;fault=503{}.3",
            2,
            FailureKind.SERVER,
            3,
        ),
        ("close{}.1,after=0.7;fault=close{}.2,after=0.05", 1, FailureKind.INCOMPLETE, 2),
        ("close{}.1,after=0.7;fault=400{}.2", 1, FailureKind.BAD_REQUEST, 2),
    ],
)
async def test_a_worse_attempt_takes_nothing_away(
    make_run: MakeRun, faults: str, kept: int, kind: FailureKind | None, attempts: int
) -> None:
    """What the best attempt brought stays, with the last one's failure; after an answer that was
    short, whatever comes in between, only the rest is asked."""
    run = make_run(f"instant;fault={faults.replace('{}', '@voorbeeldzinnen')}")
    outcome = (await run.result()).outcomes[ZINNEN]
    assert (outcome.failure.kind if outcome.failure else None) is kind
    assert outcome.state is (OutcomeState.PARTIAL if kind else OutcomeState.DONE)
    assert len({item.text for item in outcome.items}) == len(outcome.items) >= kept
    assert outcome.attempts == attempts
    assert outcome.draft == ()


async def test_an_answer_that_was_cut_off_keeps_its_larger_limit(make_run: MakeRun) -> None:
    """The second attempt met a server in trouble; the third may still be as long as that one."""
    fault = "length@voorbeeldzinnen;fault=503@voorbeeldzinnen.2,retry-after=0.05"
    outcome = (await make_run(f"instant;fault={fault}").result()).outcomes[ZINNEN]
    assert (outcome.state, outcome.attempts) == (OutcomeState.DONE, 3)


async def test_a_double_is_not_counted_and_the_rest_is_asked(make_run: MakeRun) -> None:
    """Of three sentences one was there twice: the third is another one in the end."""
    run = make_run("instant;fault=dupes@voorbeeldzinnen")
    outcome = (await run.result()).outcomes[ZINNEN]
    assert (outcome.state, outcome.failure) == (OutcomeState.DONE, None)
    assert len({item.text for item in outcome.items}) == len(outcome.items) == 3


async def test_rows_that_are_no_items_are_not_an_honest_none(make_run: MakeRun) -> None:
    """Synonyms may be none; rows of another shape are an answer that cannot be used, and the
    editor reads that instead of "Geen synoniemen"."""
    run = make_run("instant;fault=wrongrows@synoniemen")
    outcome = (await run.result()).outcomes[ExampleType.SYNONIEMEN]
    assert (outcome.state, outcome.attempts) == (OutcomeState.FAILED, 2)
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.UNUSABLE


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("stall@voorbeeldzinnen,items=1", "als concept bewaard: 1 van 3 staat hieronder."),
        ("stall@voorbeeldzinnen,items=2", "als concept bewaard: 2 van 3 staan hieronder."),
        ("stall@voorbeeldzinnen,items=0", ""),
        ("silent@voorbeeldzinnen", ""),
    ],
)
async def test_a_message_names_what_stands_below_it_and_nothing_else(
    make_run: MakeRun, fault: str, told: str
) -> None:
    """Items, when they stand there; nothing at all when nothing does."""
    run = make_run(f"instant;fault={fault}", stall_timeout=0.3, call_timeout=1.0)
    outcome = (await run.result()).outcomes[ZINNEN]
    assert outcome.failure is not None
    assert told in outcome.failure.message
    assert ("hieronder" in outcome.failure.message) is bool(outcome.items)


@pytest.mark.parametrize("fault", ["fewer", "dupes"])
async def test_fewer_synonyms_are_a_whole_answer(make_run: MakeRun, fault: str) -> None:
    run = make_run(f"instant;fault={fault}@synoniemen")
    outcome = (await run.result()).outcomes[SYNONIEMEN]
    assert (outcome.state, outcome.failure) == (OutcomeState.DONE, None)


async def test_items_that_arrived_before_a_time_out_stay(make_run: MakeRun) -> None:
    """A stalled type is partial with its name; the other five do not wait for it."""
    run = make_run("instant;fault=stall@voorbeeldzinnen,items=2", call_timeout=0.5)
    result = await run.result()
    outcome = result.outcomes[ZINNEN]
    assert outcome.state is OutcomeState.PARTIAL
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.TIMEOUT
    assert len(outcome.items) == 2
    for kind in set(SIX) - {ZINNEN}:
        assert_whole(result.outcomes[kind])


async def test_a_note_of_the_road_reaches_the_outcome(make_run: MakeRun) -> None:
    """Not a failure: the answer is there, and the editor reads how it was asked."""
    result = await make_run("instant;fault=noschema").result()
    assert set(states(result).values()) == {OutcomeState.DONE}
    for outcome in result.outcomes.values():
        assert len(outcome.notes) == 1


async def test_a_bug_of_ours_in_one_type_leaves_five_whole(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even what we did not foresee takes one type only, and has a reference to report."""
    real = prompts.user_message

    def broken(subject: object, wanted: dict[ExampleType, int], **options: object) -> str:
        if SYNONIEMEN in wanted:
            raise ZeroDivisionError
        return real(subject, wanted, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(prompts, "user_message", broken)
    result = await make_run("instant").result()
    failure = result.outcomes[SYNONIEMEN].failure
    assert failure is not None
    assert failure.kind is FailureKind.INTERNAL
    assert failure.reference
    for kind in set(SIX) - {SYNONIEMEN}:
        assert_whole(result.outcomes[kind])


async def test_hostile_text_stays_text(make_run: MakeRun) -> None:
    """Markup and images of a model come through as characters, and are counted as items."""
    for fault in ("markup", "image"):
        result = await make_run(f"instant;fault={fault}").result()
        items = result.outcomes[ZINNEN].items
        assert len(items) == 3
        assert ("**" if fault == "markup" else "<img") in items[0].text
        assert all("\n" not in item.text for item in items)


# --- cancelling ---


async def cancelled(run: Run, ready: Callable[[], bool]) -> None:
    task = asyncio.create_task(run.result())
    await until(ready)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


LONG = {ZINNEN, ExampleType.PRAKTIJKVOORBEELDEN, ExampleType.TEGENVOORBEELDEN}
"""The types of which the demo's answer holds more than one item, so that a first one comes out
before the stream stalls."""


def with_an_item(run: Run) -> set[ExampleType]:
    return {event.example_type for event in run.events if isinstance(event, ItemComplete)}


def ended(run: Run) -> dict[ExampleType, Outcome]:
    return {
        event.example_type: event.outcome for event in run.events if isinstance(event, TypeEnded)
    }


async def test_cancelling_keeps_the_items_that_arrived(make_run: MakeRun) -> None:
    """Every type gets its outcome, cancelled and not failed; the call re-raises; the server is
    left at once."""
    run = make_run("instant;fault=stall,items=1")
    # Who is stopped before it was connected is not met by the server.
    met = lambda: run.provider.stats()["requests"] == 6  # noqa: E731  one line is enough
    await cancelled(run, lambda: with_an_item(run) == LONG and met())
    outcomes = ended(run)
    assert set(outcomes) == set(SIX)
    for kind, outcome in outcomes.items():
        assert (outcome.state, outcome.failure) == (OutcomeState.CANCELLED, None)
        assert len(outcome.items) == (1 if kind in LONG else 0)
    assert dict(run.generation.result().outcomes) == outcomes
    await until(lambda: run.provider.stats()["cancelled"] == 6)


async def test_a_cancelled_type_names_the_requests_it_made(make_run: MakeRun) -> None:
    """``attempts`` is HTTP requests made: a stopped call was made, and perhaps paid for."""
    run = make_run("instant;fault=stall,items=1")
    await cancelled(run, lambda: with_an_item(run) == LONG)
    assert {outcome.attempts for outcome in ended(run).values()} == {1}


async def test_types_that_were_done_stay_done(make_run: MakeRun) -> None:
    run = make_run("instant;fault=stall@praktijkvoorbeelden")
    await cancelled(run, lambda: len(ended(run)) == 5 and len(run.of(SIX[1])) > 0)
    outcomes = ended(run)
    assert outcomes[ExampleType.PRAKTIJKVOORBEELDEN].state is OutcomeState.CANCELLED
    for kind in set(SIX) - {ExampleType.PRAKTIJKVOORBEELDEN}:
        assert_whole(outcomes[kind])


async def test_types_that_wait_for_their_turn_are_never_asked(make_run: MakeRun) -> None:
    """Cancelled in the first of six calls: one request was made, six outcomes follow."""
    run = make_run("instant;fault=stall,items=1", SEQUENTIAL)
    await cancelled(run, lambda: any(isinstance(event, ItemComplete) for event in run.events))
    assert {kind: outcome.state for kind, outcome in ended(run).items()} == dict.fromkeys(
        SIX, OutcomeState.CANCELLED
    )
    assert run.provider.stats()["requests"] == 1


async def test_two_generations_do_not_mix(make_run: MakeRun) -> None:
    """Two at once on two services; and each again: every outcome is of its own provider."""
    one, other = make_run("fixed,seconds=0.1"), make_run("instant;fault=quota")
    first, second = await asyncio.gather(one.result(), other.result())
    assert set(states(first).values()) == {OutcomeState.DONE}
    assert set(states(second).values()) == {OutcomeState.FAILED}
