"""A request starts complete and loses only what a server says that it does not know."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.ai.dialect import Dialect

SCHEMA = {"type": "object", "properties": {}}


def body(dialect: Dialect, temperature: float | None = 0.3) -> dict[str, Any]:
    return dialect.parameters(
        system="instructies", user="{}", schema=SCHEMA, max_tokens=100, temperature=temperature
    )


def after(*refusals: str) -> Dialect:
    dialect = Dialect()
    for refusal in refusals:
        simpler = dialect.without(refusal)
        assert simpler is not None, refusal
        dialect = simpler
    return dialect


def test_a_request_starts_complete() -> None:
    """Exactly what the provider contract asks for, apart from ``model`` and ``stream``."""
    assert body(Dialect()) == {
        "messages": [
            {"role": "system", "content": "instructies"},
            {"role": "user", "content": "{}"},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "voorbeelden", "strict": True, "schema": SCHEMA},
        },
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 100,
        "temperature": 0.3,
    }


@pytest.mark.parametrize("temperature", [None, 0.0, 1.0])
def test_a_temperature_travels_only_when_it_is_set(temperature: float | None) -> None:
    """0 is a temperature; none is none."""
    sent = body(Dialect(), temperature)
    assert sent.get("temperature") == temperature
    assert ("temperature" in sent) is (temperature is not None)


SCHEMA_REFUSALS = [
    "response_format Invalid parameter: 'response_format' of type 'json_schema' is not supported.",
    "None unknown field: Response_Format",
    "None json_schema is not supported by this model",
]


@pytest.mark.parametrize("refusal", SCHEMA_REFUSALS)
def test_without_a_schema_the_instructions_hold_it(refusal: str) -> None:
    """The model still learns the shape, at the very end: the shared prefix stays the same."""
    sent = body(after(refusal))
    assert sent["response_format"] == {"type": "json_object"}
    system = sent["messages"][0]["content"]
    assert system.startswith("instructies\n\n")
    assert system.endswith(orjson.dumps(SCHEMA).decode())
    assert sent["messages"][1] == {"role": "user", "content": "{}"}


def test_without_json_object_the_request_asks_for_no_format() -> None:
    sent = body(after("response_format unknown", "response_format unknown"))
    assert "response_format" not in sent
    assert orjson.dumps(SCHEMA).decode() in sent["messages"][0]["content"]


@pytest.mark.parametrize(
    ("refusal", "lost"),
    [
        ("stream_options Unknown parameter: 'stream_options'.", "stream_options"),
        ("None extra field include_usage", "stream_options"),
        (
            "temperature Unsupported value: 'temperature' does not support 0.3 with this model.",
            "temperature",
        ),
    ],
)
def test_a_parameter_named_in_a_refusal_is_left_out(refusal: str, lost: str) -> None:
    """That one, and no other."""
    expected = body(Dialect())
    del expected[lost]
    assert body(after(refusal)) == expected


def test_the_limit_of_tokens_has_an_older_spelling() -> None:
    """First the old name, then no limit."""
    newer = "Unrecognized request argument supplied: max_completion_tokens"
    older = "Unrecognized request argument supplied: max_tokens"
    assert body(after(newer))["max_tokens"] == 100
    assert "max_completion_tokens" not in body(after(newer))
    neither = body(after(newer, older))
    assert not {"max_tokens", "max_completion_tokens"} & set(neither)


@pytest.mark.parametrize(
    "refusal", ["", "None Invalid value for 'messages'.", "model The model is overloaded."]
)
def test_a_refusal_that_names_no_parameter_changes_nothing(refusal: str) -> None:
    """Such a 400 is a failure of the call, not something to be learned."""
    assert Dialect().without(refusal) is None


NAMES = ["response_format", "json_schema", "stream_options", "max_completion_tokens"]
NAMES += ["max_tokens", "temperature", "messages"]


@given(refusals=st.lists(st.lists(st.sampled_from(NAMES), max_size=4).map(" ".join), max_size=20))
def test_learning_comes_to_an_end(refusals: list[str]) -> None:
    """Each lesson takes something away, so however a server answers there are at most six."""
    dialect, lessons = Dialect(), 0
    for refusal in refusals:
        simpler = dialect.without(refusal)
        if simpler is None:
            continue
        assert simpler != dialect
        dialect, lessons = simpler, lessons + 1
    assert lessons <= 6


def test_the_editor_reads_of_a_missing_schema_only() -> None:
    """Without it the answer is checked less strictly; the other losses change no answer."""
    [note] = after("json_schema").notes()
    assert "json_schema" in note
    assert Dialect().notes() == ()
    assert after("stream_options", "max_completion_tokens", "temperature").notes() == ()
