"""Two generations side by side: who belongs to whom, and which words differ."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.model import ExampleType
from voorbeelden.store.compare import Pair, Part, compare
from voorbeelden.store.records import GenerationRecord, ItemRecord, ItemStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN


def made(*texts: str, kind: ExampleType = ZINNEN, reden: str | None = None) -> GenerationRecord:
    items = tuple(
        ItemRecord(
            id=f"{number}",
            begrip_id="b",
            generation_id="g",
            type=kind,
            position=float(number),
            text=text,
            reden=reden,
            status=ItemStatus.VOORSTEL,
            touched=False,
            previous_id=None,
            note="",
            author="m",
            created_at=NOW,
            changed_at=NOW,
        )
        for number, text in enumerate(texts)
    )
    return GenerationRecord(
        "g", "b", 1, "async", {}, "m", "p", None, None, "anna", NOW, NOW, False, (), items
    )


def texts(pairs: tuple[Pair, ...]) -> list[tuple[str | None, str | None]]:
    return [(pair.left and pair.left.text, pair.right and pair.right.text) for pair in pairs]


def test_the_words_that_differ_are_marked() -> None:
    left, right = "De verdachte werd gisteren aangehouden.", "De verdachte werd aangehouden."
    [pair] = compare(made(left), made(right))[ZINNEN]
    assert pair.left_parts == (
        Part("De verdachte werd ", False),
        Part("gisteren ", True),
        Part("aangehouden.", False),
    )
    assert not any(part.changed for part in pair.right_parts)
    assert not pair.same
    [other_way] = compare(made(right), made(left))[ZINNEN]
    assert not other_way.same


def test_equal_texts_belong_together_wherever_they_stand() -> None:
    """Before any that are merely alike; what has no counterpart stands alone, the right's last."""
    left = made("de hond blaft luid", "de kat slaapt", "een heel ander verhaal")
    right = made("de kat slaapt niet", "de kat slaapt", "de hond blaft", "iets nieuws")
    assert texts(compare(left, right)[ZINNEN]) == [
        ("de hond blaft luid", "de hond blaft"),
        ("de kat slaapt", "de kat slaapt"),
        ("een heel ander verhaal", None),
        (None, "de kat slaapt niet"),
        (None, "iets nieuws"),
    ]
    assert [pair.same for pair in compare(left, right)[ZINNEN]] == [False, True, *[False] * 3]


def test_types_stay_apart_and_missing_ones_are_left_out() -> None:
    found = compare(made("a"), made("a", kind=SYNONIEMEN))
    assert {kind: texts(pairs) for kind, pairs in found.items()} == {
        ZINNEN: [("a", None)],
        SYNONIEMEN: [(None, "a")],
    }


def test_another_reason_is_a_difference() -> None:
    left = made("getuige", reden="geen verdenking")
    [pair] = compare(left, made("getuige", reden="niet verdacht"))[ZINNEN]
    assert not pair.same
    assert Part("getuige\nGeen voorbeeld: ", False) in pair.left_parts


words = st.text(alphabet="ab é,.\n", max_size=12)
sides = st.lists(words, max_size=4)


@given(sides, sides)
def test_nothing_is_left_out_and_nothing_is_made_up(left: list[str], right: list[str]) -> None:
    """Every item once; the parts put together are its text; unchanged parts are on both sides."""
    pairs = compare(made(*left), made(*right)).get(ZINNEN, ())
    assert [pair.left.text for pair in pairs if pair.left] == left
    assert sorted(pair.right.text for pair in pairs if pair.right) == sorted(right)
    for pair in pairs:
        for record, parts in ((pair.left, pair.left_parts), (pair.right, pair.right_parts)):
            assert "".join(part.text for part in parts) == (record.text if record else "")
        if pair.left and pair.right:
            kept = ["".join(p.text for p in one if not p.changed) for one in pair_parts(pair)]
            assert kept[0] == kept[1]
            assert pair.same == (pair.left.text == pair.right.text)


def pair_parts(pair: Pair) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    return pair.left_parts, pair.right_parts
