"""Items out of arriving JSON: the same ones wherever the text was cut, and only whole ones."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.ai.items import ItemReader, as_item
from voorbeelden.model import ExampleType, Item

ZINNEN = ExampleType.VOORBEELDZINNEN
TEGEN = ExampleType.TEGENVOORBEELDEN
Found = list[tuple[ExampleType, Item]]

hostile = st.sampled_from(
    [
        '"',
        "\\",
        '\\"',
        "{",
        "}",
        "]",
        "[",
        "```",
        "😀",
        "é",
        "\u2028",
        "\x00",
        "\n",
        "null",
        '{"a":',
    ]
)
texts = st.lists(st.text(max_size=6) | hostile, max_size=4).map("".join)
pairs = st.fixed_dictionaries({"voorbeeld": texts, "reden": texts}).flatmap(
    lambda pair: st.permutations(list(pair.items())).map(dict)
)
not_items = st.sampled_from(
    [None, True, 12, -1.5e3, [], ["x"], {}, {"voorbeeld": "zonder reden"}, {"reden": None}]
)
rows = st.lists(texts | pairs | not_items, max_size=5)
answers = st.dictionaries(st.sampled_from([kind.value for kind in ExampleType]), rows, max_size=3)
around = st.sampled_from(
    [
        ("", ""),
        ("```json\n", "\n```"),
        ("Hier zijn de voorbeelden:\n\n", ""),
        ("Voor {begrip} geldt: ", "\n\nSucces!"),
        ("\ufeff", "\n"),
    ]
)
writings = st.builds(
    lambda ascii_only, indent: {"ensure_ascii": ascii_only, "indent": indent},
    st.booleans(),
    st.sampled_from([None, 2]),
)


def expected(answer: dict[str, list[Any]]) -> Found:
    """What a reader of the whole JSON would keep, type by type."""
    return [
        (kind, item)
        for kind in ExampleType
        for row in answer.get(kind.value, [])
        if (item := as_item(row)) is not None
    ]


def cut(text: str, places: list[int]) -> list[str]:
    bounds = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


def read(pieces: list[str], types: tuple[ExampleType, ...] = tuple(ExampleType)) -> Found:
    reader = ItemReader(types)
    return [found for piece in pieces for found in reader.feed(piece)]


def by_type(found: Found) -> dict[ExampleType, list[Item]]:
    return {kind: [item for one, item in found if one is kind] for kind in ExampleType}


@given(
    answer=answers,
    wrapped=around,
    writing=writings,
    places=st.lists(st.integers(0, 10_000), max_size=12),
)
def test_any_cutting_gives_the_items_of_the_whole(
    answer: dict[str, list[Any]],
    wrapped: tuple[str, str],
    writing: dict[str, Any],
    places: list[int],
) -> None:
    """Escapes, surrogate pairs, braces in strings, objects, rows that are no items, fences and
    introductions: the items are those of ``json.loads``, each once and in order."""
    text = wrapped[0] + json.dumps(answer, **writing) + wrapped[1]
    assert by_type(read(cut(text, places))) == by_type(expected(answer))
    assert by_type(read(list(text))) == by_type(expected(answer))


@given(answer=answers, wrapped=around, writing=writings)
def test_the_whole_answer_is_there_at_the_end(
    answer: dict[str, list[Any]], wrapped: tuple[str, str], writing: dict[str, Any]
) -> None:
    reader = ItemReader(ExampleType)
    text = wrapped[0] + json.dumps(answer, **writing) + wrapped[1]
    for piece in cut(text, [len(text) // 2]):
        reader.feed(piece)
    assert reader.complete() == answer
    assert reader.text == text


@given(answer=answers, writing=writings, length=st.integers(0, 10_000))
def test_a_broken_off_answer_gives_whole_items_only(
    answer: dict[str, list[Any]], writing: dict[str, Any], length: int
) -> None:
    """Whatever had arrived: per type the first items of the answer, never a half or another one."""
    text = json.dumps(answer, **writing)
    part = text[: length % len(text)]
    reader = ItemReader(ExampleType)
    found = by_type([one for piece in cut(part, [len(part) // 3]) for one in reader.feed(piece)])
    whole = by_type(expected(answer))
    for kind in ExampleType:
        assert found[kind] == whole[kind][: len(found[kind])]
    assert reader.complete() is None


@given(text=texts, places=st.lists(st.integers(0, 10_000), max_size=5))
def test_text_that_is_no_answer_gives_nothing_and_raises_nothing(
    text: str, places: list[int]
) -> None:
    """Prose, braces, fences and control characters: no exception, no item."""
    reader = ItemReader(ExampleType)
    for piece in cut(text, places):
        assert reader.feed(piece) == []
    assert not reader.complete()
    assert reader.text == text


def test_an_item_is_given_as_soon_as_its_string_closes() -> None:
    """The screen fills while the rest of the answer is still on its way."""
    reader = ItemReader([ZINNEN])
    assert reader.feed('{"voorbeeldzinnen": ["Een') == []
    assert reader.feed(' zin."') == [(ZINNEN, Item("Een zin."))]
    assert reader.feed(', "Nog') == []
    assert reader.complete() is None
    assert reader.feed(' een."]}') == [(ZINNEN, Item("Nog een."))]
    assert reader.complete() == {"voorbeeldzinnen": ["Een zin.", "Nog een."]}


def test_a_tegenvoorbeeld_is_complete_with_its_reason() -> None:
    reader = ItemReader([TEGEN])
    assert reader.feed('{"tegenvoorbeelden": [{"voorbeeld": "Een getuige."') == []
    assert reader.feed(', "reden": "Geen verdenking."') == [
        (TEGEN, Item("Een getuige.", "Geen verdenking."))
    ]
    assert reader.feed("}]}") == []


def test_a_row_that_is_no_item_does_not_hide_those_after_it() -> None:
    """A server without a strict schema may put a null or a half object in the list."""
    text = '{"voorbeeldzinnen": ["een", null, {"reden": "x"}, "twee", 3]}'
    assert read(list(text)) == read([text]) == [(ZINNEN, Item("een")), (ZINNEN, Item("twee"))]


def test_types_that_were_not_asked_are_passed_over() -> None:
    text = '{"synoniemen": ["x"], "voorbeeldzinnen": ["een"]}'
    assert read([text], (ZINNEN,)) == [(ZINNEN, Item("een"))]


@pytest.mark.parametrize(
    "text",
    [
        '["een"]',
        '{"voorbeeldzinnen": "een"}',
        '{"voorbeeldzinnen": {"0": "een"}}',
        '{"resultaten": ["een"]}',
        '{"voorbeeldzinnen": [["een"]]}',
    ],
)
def test_an_answer_of_another_shape_has_no_items(text: str) -> None:
    assert read(list(text)) == read([text]) == []


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00"])
def test_half_a_surrogate_pair_is_no_text(half: str) -> None:
    """What is no Unicode text cannot be shown or stored: the answer counts as unreadable."""
    reader = ItemReader([ZINNEN])
    reader.feed('{"voorbeeldzinnen": ["een ' + half + '"]}')
    assert reader.complete() is None


def test_a_lone_surrogate_in_the_text_itself_does_not_raise() -> None:
    """It cannot come in over UTF-8, but a decoder above could hand it on."""
    reader = ItemReader([ZINNEN])
    assert reader.feed('{"voorbeeldzinnen": ["een \ud83d"]}') == []
    assert reader.complete() is None
    assert "een" in reader.text


@pytest.mark.parametrize(
    ("row", "item"),
    [
        ("een", Item("een")),
        ({"voorbeeld": "een", "reden": "twee"}, Item("een", "twee")),
        ({"voorbeeld": "een", "reden": "twee", "extra": 1}, Item("een", "twee")),
        ({"voorbeeld": "een"}, None),
        ({"voorbeeld": 1, "reden": "twee"}, None),
        ({}, None),
        (None, None),
        (1, None),
        (["een"], None),
    ],
)
def test_what_is_an_item(row: object, item: Item | None) -> None:
    assert as_item(row) == item


@pytest.mark.parametrize(
    "text",
    [
        '{"voorbeeldzinnen": ["een", "twee"]}\nLet op: {dit} is klaar.',
        '{"voorbeeldzinnen": ["een", "twee"]}\nToelichting: {"aantal": 2}',
        '<think>Ik maak {"plan": "twee zinnen"} eerst.</think>{"voorbeeldzinnen": ["een", "twee"]}',
        'Met {"dit" erbij: {"voorbeeldzinnen": ["een", "twee"]} }',
    ],
)
def test_what_stands_around_the_answer_is_passed_over(text: str) -> None:
    """Also braces and other objects, in any chunking: servers without json_schema write them."""
    for size in (1, 3, 7, len(text)):
        reader = ItemReader([ZINNEN])
        chunks = [text[start : start + size] for start in range(0, len(text), size)]
        found = [item.text for chunk in chunks for _, item in reader.feed(chunk)]
        assert found == ["een", "twee"]
        assert reader.complete() == {"voorbeeldzinnen": ["een", "twee"]}


def test_a_part_of_a_broken_answer_is_no_answer() -> None:
    reader = ItemReader([TEGEN])
    reader.feed('{"tegenvoorbeelden": [{"voorbeeld": "a", "reden": "b"}, {"voorb')
    assert reader.complete() is None
