"""The registry and the two questions: one item, a whole set."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voorbeelden.demo.teksten import bekende_begrippen, voorbeelden_voor
from voorbeelden.model import ExampleType, Item, Subject
from voorbeelden.quality import (
    CHECKS,
    Finding,
    ItemRef,
    Level,
    Part,
    check_item,
    check_set,
    warm_up,
)
from voorbeelden.quality.look import MOST_CHARACTERS

SUBJECT = Subject(
    "verdachte",
    "Persoon tegen wie een redelijk vermoeden van schuld aan een strafbaar feit bestaat.",
    {"wettelijk": ("artikel 27 Wetboek van Strafvordering",)},
)
GOOD = Item("De verdachte beriep zich tijdens het hele verhoor op zijn zwijgrecht.")


def _of_demo() -> list[tuple[Subject, dict[ExampleType, list[Item]]]]:
    sets = []
    for known in bekende_begrippen():
        texts = voorbeelden_voor(known.begrip, known.definitie, known.context)
        items = {
            kind: [
                Item(text["voorbeeld"], text["reden"]) if isinstance(text, dict) else Item(text)
                for text in texts[kind.value]
            ]
            for kind in ExampleType
        }
        sets.append((Subject.from_dict(known.begrip, known.definitie, known.context), items))
    return sets


def test_the_registry_is_complete() -> None:
    """Ids are stable words, names and explanations are there, and every type has checks."""
    for id_, check in CHECKS.items():
        assert check.id == id_
        assert id_.isidentifier()
        assert check.name
        assert check.explanation.endswith(".")
        assert check.types
    assert {kind for check in CHECKS.values() for kind in check.types} == set(ExampleType)


def test_a_good_item_gets_no_mark() -> None:
    """Nothing is said of a text as it should be."""
    assert check_item(GOOD, ExampleType.VOORBEELDZINNEN, SUBJECT) == ()


def test_findings_name_item_level_and_place() -> None:
    """The gravest comes first; index, span and part lead to the words meant."""
    item = Item("Een getuige **zwijgt**", "Zie artikel 29 Sv.")
    found = check_item(item, ExampleType.TEGENVOORBEELDEN, SUBJECT, index=2)
    assert {one.ref for one in found} == {ItemRef(ExampleType.TEGENVOORBEELDEN, 2)}
    assert [(one.check, one.level) for one in found] == [
        ("artikel_niet_gegeven", Level.HARD),
        ("opmaak", Level.HARD),
        ("eindteken", Level.HINT),
    ]
    article, markup, _ = found
    assert article.part is Part.REDEN
    assert [item.reden[start:end] for start, end in article.spans] == ["29"]  # type: ignore[index]
    assert [item.text[start:end] for start, end in markup.spans] == ["**zwijgt**"]


def test_a_set_is_ordered_and_compares_items() -> None:
    """Findings follow the reading order of types; a repeated text points at its first place."""
    found = check_set(
        SUBJECT,
        {
            ExampleType.SYNONIEMEN: [Item("beklaagde"), Item("verdachten")],
            ExampleType.VOORBEELDZINNEN: [GOOD, GOOD],
            ExampleType.ANTONIEMEN: [Item("beklaagden")],
        },
    )
    assert [(one.ref.example_type.value, one.ref.index, one.check) for one in found] == [
        ("voorbeeldzinnen", 1, "dubbel"),
        ("synoniemen", 0, "synoniem_en_antoniem"),
        ("synoniemen", 1, "term_is_begrip"),
        ("antoniemen", 0, "synoniem_en_antoniem"),
    ]
    assert found[0].other == ItemRef(ExampleType.VOORBEELDZINNEN, 0)


def test_an_item_alone_and_in_its_set_get_the_same_marks() -> None:
    """``check_set`` adds comparisons and changes nothing else."""
    for subject, items in _of_demo()[:3]:
        alone = [
            one
            for kind in ExampleType
            for index, item in enumerate(items[kind])
            for one in check_item(item, kind, subject, index)
        ]
        assert alone == [one for one in check_set(subject, items) if one.other is None]


def test_the_texts_of_the_demo_have_no_hard_finding() -> None:
    """Some three hundred texts written by hand by somebody else raise no hard alarm."""
    found = [
        (subject.begrip, one)
        for subject, items in _of_demo()
        for one in check_set(subject, items)
        if one.level is Level.HARD
    ]
    assert found == []


def test_an_empty_subject_is_no_hindrance() -> None:
    """Without begrip, definition and context the checks of form still speak."""
    found = check_item(Item("kort"), ExampleType.VOORBEELDZINNEN, Subject("", ""))
    assert [one.check for one in found] == ["hoofdletter", "eindteken", "lengte"]
    assert check_set(Subject("", ""), {}) == ()


def test_a_huge_text_is_looked_at_in_part() -> None:
    """Work is bounded: the beginning is judged and the editor is told."""
    item = Item("De verdachte zweeg. " * 5000 + "**")
    started = time.process_time()
    found = check_item(item, ExampleType.PRAKTIJKVOORBEELDEN, SUBJECT)
    assert time.process_time() - started < 2
    assert f"{MOST_CHARACTERS} tekens" in next(one.reason for one in found if one.check == "lengte")
    assert all(end <= MOST_CHARACTERS for one in found for _, end in one.spans)


def test_twenty_items_take_less_than_fifty_milliseconds() -> None:
    """After warming up, on texts not seen before; CPU time, so a busy machine does not count."""
    warm_up()
    seconds = []
    for subject, items in _of_demo():
        fresh = {
            kind: [Item(item.text + " Slot.", item.reden) for item in items[kind]] for kind in items
        }
        count = sum(map(len, fresh.values()))
        started = time.process_time()
        check_set(subject, fresh)
        seconds.append((time.process_time() - started) * 20 / count)
    assert sorted(seconds)[len(seconds) // 2] < 0.050


_ITEMS = st.lists(
    st.builds(Item, st.text(max_size=60), st.none() | st.text(max_size=30)), max_size=2
)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(Subject, st.text(max_size=20), st.text(max_size=60)),
    st.dictionaries(st.sampled_from(ExampleType), _ITEMS),
)
def test_any_set_is_answered(subject: Subject, items: dict[ExampleType, list[Item]]) -> None:
    """Whatever a model sends: no error, known checks, spans within the text they speak of."""
    for one in check_set(subject, items):
        assert_sound(one, items)


@pytest.mark.parametrize("text", ["\ud800 los", "a\u0301" * 50, "[" * 3000, "artikel 1, " * 300])
def test_odd_text_is_answered(text: str) -> None:
    """Lone surrogates, piles of accents and brackets, endless lists."""
    items = {kind: [Item(text, text)] for kind in ExampleType}
    for one in check_set(SUBJECT, items):
        assert_sound(one, items)


def assert_sound(one: Finding, items: dict[ExampleType, list[Item]]) -> None:
    item = items[one.ref.example_type][one.ref.index]
    text = item.text if one.part is Part.TEXT else item.reden or ""
    assert one.ref.example_type in CHECKS[one.check].types
    assert one.reason
    assert all(0 <= start < end <= len(text) for start, end in one.spans)
