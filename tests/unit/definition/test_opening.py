"""A definition that begins with a verb."""

from __future__ import annotations

import pytest

from voorbeelden.definition.model import Test
from voorbeelden.definition.opening import starts_with_verb
from voorbeelden.definition.text import Definition

TEST = Test("begin-werkwoord", patterns=(r"is(?![\w-])",))


@pytest.mark.parametrize(
    "verb", ["Is", "Verleent", "Verzorgt", "Beheert", "Bemiddelt", "Verbiedt", "Spreekt"]
)
def test_a_finite_verb_is_found(verb: str) -> None:
    """A form of the rule, or one that differs from its participle by its last letter."""
    hit = starts_with_verb(TEST, Definition("x", f"{verb} wat een ander nodig heeft"))
    assert hit is not None
    assert hit.spans == ((0, len(verb)),)


@pytest.mark.parametrize(
    "word",
    [
        "Recht",
        "Besluit",
        "Kaart",
        "Regent",
        "Biljart",
        "Zweet",
        "Kruit",
        "Markt",
        "Feit",
        "Dienst",
        "Opdracht",
        "Verwerkt",
        "Gemaakt",
        "Verkocht",
        "Verleend",
        "Bericht",
        "Verdrag",
        "Doen",
        "Bezit",
        "Vaart",
        "Verwijt",
        "Uitstoot",
        "Verdacht",
    ],
)
def test_a_noun_or_a_participle_is_left_alone(word: str) -> None:
    """Nothing is said of what may begin a noun phrase."""
    assert starts_with_verb(TEST, Definition("x", f"{word} of iets anders")) is None


def test_a_text_without_words_has_no_verb() -> None:
    """Punctuation only."""
    assert starts_with_verb(TEST, Definition("x", " – ")) is None
