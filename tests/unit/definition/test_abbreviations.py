"""Abbreviations that nobody explains."""

from __future__ import annotations

import pytest

from voorbeelden.definition.abbreviations import unexplained
from voorbeelden.definition.model import Test
from voorbeelden.definition.text import Definition

TEST = Test("afkorting", words=("EU",), patterns=("Awb",))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Organisatie als het UWV", ["UWV"]),
        ("Orgaan als bedoeld in de Awb", ["Awb"]),
        ("Lidstaat van de EU", []),
        ("Deel XIV van boek II", []),
        ("Maat volgens NEN 2580 of ISO-9001", []),
        ("Algemene wet bestuursrecht (Awb)", []),
        ("Bureau (hierna: BKR) en BKR", []),
        ("GEMEENTE of college", []),
        ("Het UWV en nogmaals UWV", ["UWV", "UWV"]),
        ("N.V. of B.V.", []),
    ],
)
def test_only_what_stands_there_bare_is_reported(text: str, marked: list[str]) -> None:
    """Common, numbered, Roman, explained, or a word in capitals: silent."""
    hit = unexplained(TEST, Definition("x", text))
    assert ([] if hit is None else [text[a:b] for a, b in hit.spans]) == marked


def test_the_begrip_and_the_context_explain_an_abbreviation() -> None:
    """An editor who set UWV as the organisation knows what it is."""
    text = "Organisatie als het UWV"
    assert unexplained(TEST, Definition("UWV", text)) is None
    assert unexplained(TEST, Definition("x", text, ("UWV",))) is None
