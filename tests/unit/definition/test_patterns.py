"""The checks that are wholly data."""

from __future__ import annotations

from voorbeelden.definition.model import Test
from voorbeelden.definition.patterns import (
    anywhere,
    at_start,
    merged,
    nothing_there,
    term_at_start,
)
from voorbeelden.definition.text import Definition


def spans(test: Test, text: str) -> list[str] | None:
    definition = Definition("de wet", text)
    hit = anywhere(test, definition)
    return None if hit is None else [text[a:b] for a, b in hit.spans]


def test_words_count_whole_and_in_any_case() -> None:
    """Not inside a longer word, not as a part of a word with hyphens; phrases over line ends."""
    test = Test("patroon", words=("kan", "in principe"))
    assert spans(test, "Kan hij, kan-bepaling, kanton, in\n principe") == ["Kan", "in\n principe"]
    assert spans(test, "kanon en kan-bepaling") is None


def test_a_hit_in_an_exception_does_not_count() -> None:
    """The same word elsewhere still does."""
    test = Test("patroon", words=("redelijk",), exceptions=(r"redelijk\s+vermoeden",))
    assert spans(test, "een redelijk vermoeden") is None
    assert spans(test, "een redelijk vermoeden, een redelijk loon") == ["redelijk"]


def test_patterns_that_find_the_same_words_mark_them_once() -> None:
    """Spans never overlap."""
    test = Test("patroon", patterns=("niet meer", "meer dan"))
    assert spans(test, "niet meer dan") == ["niet meer dan"]
    assert merged([(4, 6), (0, 2), (1, 3)]) == ((0, 3), (4, 6))


def test_the_start_is_the_first_letter() -> None:
    """White space and an opening bracket or quotation mark stand before the start."""
    test = Test("begin", patterns=(r"de(?=\s)",), exceptions=(r"de\s+facto",))
    hit = at_start(test, Definition("x", "  (De regel"))
    assert hit is not None
    assert hit.spans == ((3, 5),)
    assert at_start(test, Definition("x", "Regel van de wet")) is None
    assert at_start(test, Definition("x", "de facto bestuur")) is None


def test_a_finding_about_the_term_has_no_place() -> None:
    """The begrip is not a part of the definition."""
    hit = term_at_start(Test("begrip-begin", patterns=(r"de\s",)), Definition("de wet", "Regels"))
    assert hit is not None
    assert hit.spans == ()


def test_a_stopgap_is_nothing() -> None:
    """The whole text must be the stopgap."""
    test = Test("leeg", patterns=("volgt(?: nog)?",))
    assert nothing_there(test, Definition("x", " … ")) is not None
    assert nothing_there(test, Definition("x", "Volgt nog")) is not None
    assert nothing_there(test, Definition("x", "Volgt nog uit de wet")) is None
