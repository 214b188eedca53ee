"""The pure data: documented names, counts and order, and the thin projection of the rich result."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from pathlib import Path

import pytest

from voorbeelden import model
from voorbeelden.model import (
    CONTEXT_KEYS,
    DEFAULT_EXAMPLE_COUNTS,
    ExampleRequest,
    ExampleType,
    Failure,
    FailureKind,
    GenerationMode,
    Item,
    Outcome,
    OutcomeState,
    Result,
    Subject,
    Tokens,
    project,
)

SUBJECT = Subject("verdachte", "wie verdacht wordt")


def result_of(*outcomes: Outcome) -> Result:
    return Result(
        SUBJECT,
        GenerationMode.ASYNC,
        {outcome.example_type: outcome for outcome in outcomes},
        calls=(),
        seconds=1.0,
    )


def test_the_six_types_and_their_documented_counts() -> None:
    """Six types in reading order: 3, 3, 3, 5, 5 and 1 items."""
    assert [(kind.value, DEFAULT_EXAMPLE_COUNTS[kind]) for kind in ExampleType] == [
        ("voorbeeldzinnen", 3),
        ("praktijkvoorbeelden", 3),
        ("tegenvoorbeelden", 3),
        ("synoniemen", 5),
        ("antoniemen", 5),
        ("toelichting", 1),
    ]
    assert list(DEFAULT_EXAMPLE_COUNTS) == list(ExampleType)


def test_default_counts_cannot_be_changed_by_a_caller() -> None:
    """One page that wants two sentences must not change what the next page asks for."""
    with pytest.raises(TypeError):
        DEFAULT_EXAMPLE_COUNTS[ExampleType.SYNONIEMEN] = 1  # type: ignore[index]


def test_every_record_is_immutable() -> None:
    """Snapshots cross threads without a lock: each dataclass of the module is frozen."""
    records = [
        value
        for value in vars(model).values()
        if inspect.isclass(value) and dataclasses.is_dataclass(value)
    ]
    assert len(records) >= 10
    for record in records:
        assert record.__dataclass_params__.frozen, record.__name__  # type: ignore[attr-defined]


def test_the_model_imports_nothing_of_ours() -> None:
    """Pure data stands at the bottom: every import is the standard library's."""
    tree = ast.parse(Path(model.__file__).read_text("utf-8"))
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))
    ]
    assert imported
    assert not [name for name in imported if name is None or name.startswith("voorbeelden")]


def _names(node: ast.Import) -> list[str | None]:
    return [alias.name for alias in node.names]


@pytest.mark.parametrize("kind", ExampleType)
def test_a_request_without_max_examples_asks_for_the_default(kind: ExampleType) -> None:
    request = ExampleRequest("begrip", "definitie", {}, kind)
    assert request.generation_mode is GenerationMode.ASYNC
    assert request.max_examples is None
    assert request.count == DEFAULT_EXAMPLE_COUNTS[kind]


def test_a_request_takes_its_six_fields_by_position() -> None:
    """The documented order of fields is part of the interface."""
    context = {"juridisch": ["strafrecht"]}
    request = ExampleRequest(
        "begrip", "definitie", context, ExampleType.SYNONIEMEN, GenerationMode.SEQUENTIAL, 2
    )
    assert (request.begrip, request.definitie, request.context_dict) == (
        "begrip",
        "definitie",
        context,
    )
    assert request.example_type is ExampleType.SYNONIEMEN
    assert request.generation_mode is GenerationMode.SEQUENTIAL
    assert request.count == request.max_examples == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, {}),
        ({}, {}),
        ({"juridisch": ["strafrecht", "Sv"]}, {"juridisch": ("strafrecht", "Sv")}),
        ({"juridisch": None}, {}),
        ({"onbekend": ["x"]}, {}),
    ],
)
def test_a_context_always_has_its_three_keys(
    given: dict[str, list[str]] | None, expected: dict[str, tuple[str, ...]]
) -> None:
    """Missing, empty and unknown keys: the model always gets the same three lists."""
    subject = Subject.from_dict("begrip", "definitie", given)
    assert subject.context == {**dict.fromkeys(CONTEXT_KEYS, ()), **expected}


def test_a_later_change_of_the_callers_dict_does_not_reach_the_subject() -> None:
    """A subject is a copy: a page may go on editing its own lists while a job runs."""
    context = {"juridisch": ["strafrecht"]}
    subject = ExampleRequest("b", "d", context, ExampleType.SYNONIEMEN).subject
    context["juridisch"].append("bestuursrecht")
    assert subject.context["juridisch"] == ("strafrecht",)


def test_the_text_of_an_item_holds_its_reason() -> None:
    assert str(Item("Een getuige.")) == "Een getuige."
    assert str(Item("Een getuige.", "")) == "Een getuige."
    assert str(Item("Een getuige.", "Geen verdenking.")) == (
        "Een getuige. (Geen voorbeeld: Geen verdenking.)"
    )


def test_tokens_add_up_field_by_field() -> None:
    assert Tokens(1, 2, 3) + Tokens(10, 20, 30) == Tokens(11, 22, 33)


def test_the_projection_has_lists_and_one_text() -> None:
    """Five lists of str; toelichting is a str."""
    for kind in ExampleType:
        expected = "een" if kind is ExampleType.TOELICHTING else ["een", "twee"]
        assert project(kind, ["een", "twee"]) == expected


def test_a_failed_type_is_empty_in_the_projection_and_named_in_the_result() -> None:
    failure = Failure(FailureKind.SERVER, "Storing.")
    result = result_of(
        Outcome(ExampleType.SYNONIEMEN, OutcomeState.FAILED, failure=failure),
        Outcome(ExampleType.TOELICHTING, OutcomeState.FAILED, failure=failure),
    )
    assert result.as_dict() == {"synoniemen": [], "toelichting": ""}
    assert {outcome.failure for outcome in result.outcomes.values()} == {failure}


def test_the_projection_keeps_partial_items_and_reasons() -> None:
    result = result_of(
        Outcome(
            ExampleType.TEGENVOORBEELDEN,
            OutcomeState.PARTIAL,
            items=(Item("Een getuige.", "Geen verdenking."), Item("Een raadsman.")),
        ),
        Outcome(ExampleType.TOELICHTING, OutcomeState.DONE, items=(Item("Uitleg."),)),
    )
    assert result.as_dict() == {
        "tegenvoorbeelden": ["Een getuige. (Geen voorbeeld: Geen verdenking.)", "Een raadsman."],
        "toelichting": "Uitleg.",
    }
