"""A strategy is a plan: every mode asks for exactly what was wanted, and nothing twice."""

from __future__ import annotations

import pytest

from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode
from voorbeelden.strategies import SPLITTABLE, TYPICAL_TOKENS, Call, Plan, make_plan

TWO = {ExampleType.TOELICHTING: 1, ExampleType.SYNONIEMEN: 4}


@pytest.mark.parametrize("wanted", [DEFAULT_EXAMPLE_COUNTS, TWO], ids=["six", "two"])
@pytest.mark.parametrize("mode", GenerationMode)
def test_a_plan_asks_for_exactly_what_is_wanted(
    mode: GenerationMode, wanted: dict[ExampleType, int]
) -> None:
    """However the calls are cut, together they ask for each type's count, in the given order."""
    plan = make_plan(mode, wanted)
    assert plan.mode is mode
    assert plan.wanted == dict(wanted)
    assert list(plan.wanted) == list(wanted)


@pytest.mark.parametrize("mode", GenerationMode)
def test_call_names_are_unique(mode: GenerationMode) -> None:
    """A name is a lane of the timeline."""
    names = [call.name for call in make_plan(mode, DEFAULT_EXAMPLE_COUNTS).calls]
    assert len(names) == len(set(names))


def test_the_default_is_one_call_a_type_all_at_once() -> None:
    plan = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)
    assert [call.types for call in plan.calls] == [(kind,) for kind in ExampleType]
    assert plan.at_once is None


def test_sequential_is_the_same_calls_one_at_a_time() -> None:
    """What the speed-up is measured against differs in nothing but the number at once."""
    plan = make_plan(GenerationMode.SEQUENTIAL, DEFAULT_EXAMPLE_COUNTS)
    assert plan.calls == make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS).calls
    assert plan.at_once == 1


def test_combined_is_one_call_for_everything() -> None:
    [call] = make_plan(GenerationMode.COMBINED, DEFAULT_EXAMPLE_COUNTS).calls
    assert dict(call.wanted) == dict(DEFAULT_EXAMPLE_COUNTS)


def test_split_cuts_what_would_be_waited_for_and_nothing_else() -> None:
    """The toelichting (200 tokens) cannot be cut: praktijkvoorbeelden (501) and tegenvoorbeelden
    (300) take longer and are cut, voorbeeldzinnen (90) gain nothing by it."""
    plan = make_plan(GenerationMode.SPLIT, DEFAULT_EXAMPLE_COUNTS)
    cut = [call.types[0] for call in plan.calls if call.angle is not None]
    assert cut == [ExampleType.PRAKTIJKVOORBEELDEN] * 3 + [ExampleType.TEGENVOORBEELDEN] * 3
    for call in plan.calls:
        assert len(call.types) == 1
        wanted = call.wanted[call.types[0]]
        assert wanted == (1 if call.angle else DEFAULT_EXAMPLE_COUNTS[call.types[0]])
    assert plan.at_once is None


def test_split_calls_of_a_type_have_an_angle_each() -> None:
    """Without it three calls for one example would bring the same one three times."""
    angles = [call.angle for call in make_plan(GenerationMode.SPLIT).calls if call.angle]
    assert len(set(angles)) == len(angles) == 6


def test_split_follows_what_the_model_really_makes() -> None:
    """With long sentences it is those that are cut; with a type alone it is that type."""
    long_sentences = {**TYPICAL_TOKENS, ExampleType.VOORBEELDZINNEN: 150.0}
    cut = {
        call.types[0]
        for call in make_plan(GenerationMode.SPLIT, tokens=long_sentences).calls
        if call.angle
    }
    assert cut == SPLITTABLE
    alone = make_plan(GenerationMode.SPLIT, {ExampleType.VOORBEELDZINNEN: 2})
    assert [call.wanted for call in alone.calls] == [{ExampleType.VOORBEELDZINNEN: 1}] * 2


@pytest.mark.parametrize("mode", GenerationMode)
def test_calls_stand_in_reading_order(mode: GenerationMode) -> None:
    """Who goes first when there is a queue: what an editor reads first."""
    ranks = [call.rank for call in make_plan(mode).calls]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


def test_wanted_sums_calls_that_share_a_type() -> None:
    """Three calls for one example each, and one call for two types."""
    kind = ExampleType.PRAKTIJKVOORBEELDEN
    calls = (
        *(Call(f"{kind.value} {n}/3", {kind: 1}, angle=f"{n}/3") for n in (1, 2, 3)),
        Call("kort", {ExampleType.SYNONIEMEN: 5, ExampleType.ANTONIEMEN: 5}),
    )
    assert Plan(GenerationMode.ASYNC, calls).wanted == {
        kind: 3,
        ExampleType.SYNONIEMEN: 5,
        ExampleType.ANTONIEMEN: 5,
    }
    assert calls[-1].types == (ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN)
