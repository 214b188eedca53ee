"""A strategy is a plan: every mode asks for exactly what was wanted, and nothing twice."""

from __future__ import annotations

import pytest

from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode
from voorbeelden.strategies import Call, Plan, make_plan

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
