"""Length, sentences and brackets."""

from __future__ import annotations

import pytest

from voorbeelden.definition.model import Test
from voorbeelden.definition.shape import brackets, length, sentences
from voorbeelden.definition.text import Definition


@pytest.mark.parametrize(
    ("words", "minimum", "maximum", "hit"),
    [(3, 2, 3, True), (1, 2, 3, False), (4, 2, 3, False), (9, 4, None, True), (0, 1, 1, False)],
)
def test_length_counts_words_between_two_bounds(
    words: int, minimum: int, maximum: int | None, hit: bool
) -> None:
    """Both bounds included; no upper bound means none."""
    test = Test("lengte", minimum=minimum, maximum=maximum)
    assert (length(test, Definition("x", "woord " * words)) is not None) is hit


def test_length_tells_the_number_and_the_limit() -> None:
    """For the reason; a single word is marked."""
    hit = length(Test("lengte", minimum=4), Definition("x", "een twee drie vier vijf"))
    assert hit is not None
    assert dict(hit.values) == {"aantal": "5", "grens": "3"}
    single = length(Test("lengte", minimum=1, maximum=1), Definition("x", "Uitspraak."))
    assert single is not None
    assert single.spans == ((0, 9),)


def test_a_second_sentence_is_marked_to_the_end() -> None:
    """From its first word to the last character that is not white space."""
    text = "Persoon die iets doet. Hij doet het vaak. "
    hit = sentences(Test("zinnen"), Definition("x", text))
    assert hit is not None
    assert [text[a:b] for a, b in hit.spans] == ["Hij doet het vaak."]
    assert hit.values["woorden"] == "“Hij”"


@pytest.mark.parametrize(
    "text", ["Zie art. De wet", "Zie A. Jansen", "Deel 2. Slot", "N.V. De Bank"]
)
def test_a_full_stop_that_may_be_no_end_is_left_alone(text: str) -> None:
    """An abbreviation of the list, an initial, a number, a word with stops."""
    assert sentences(Test("zinnen", words=("art",)), Definition("x", text)) is None


def test_brackets_that_cross_are_lost() -> None:
    """A square bracket does not close a round one."""
    hit = brackets(Test("haakjes"), Definition("x", "(a]"))
    assert hit is not None
    assert hit.spans == ((0, 1), (2, 3))
