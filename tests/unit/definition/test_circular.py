"""Circularity: what is certain, what is asked, and what is neither."""

from __future__ import annotations

import pytest

from voorbeelden.definition.circular import leans_on_family, repeats_term, starts_with_term
from voorbeelden.definition.model import Test
from voorbeelden.definition.text import Definition

TEST = Test("cirkel")


def marked(check: object, begrip: str, text: str) -> list[str]:
    assert callable(check)
    hit = check(TEST, Definition(begrip, text))
    return [] if hit is None else [text[a:b] for a, b in hit.spans]


@pytest.mark.parametrize(
    ("begrip", "text", "certain", "asked"),
    [
        ("besluit", "Gevolg van besluiten of van alle besluiten", ["besluiten"], ["besluiten"]),
        ("gebruik", "Recht om een zaak te gebruiken", [], ["gebruiken"]),
        ("verdrag", "Last die niet is te verdragen", [], ["verdragen"]),
        ("recht", "Lijn die recht is, of rechte lijn", [], ["recht", "rechte"]),
        ("gegevens", "Feiten die zijn gegeven", [], ["gegeven"]),
        ("gegevens", "Stuk over de gegeven toestemming", [], ["gegeven"]),
        ("besluit", "Orgaan van personen die besluiten", [], ["besluiten"]),
        ("verzet", "Rechtsmiddel van een verzekerde", [], []),
        ("huurovereenkomst", "Overeenkomst over gebruik", [], []),
        ("overeenkomst", "Soort huurovereenkomst", [], ["huurovereenkomst"]),
        ("grond", "Stuk land op grond van een plan", [], []),
        ("de wet", "Regeling in een wet", ["wet"], []),
        ("OM", "Instantie om namens het OM te vervolgen", ["OM"], []),
        ("onrechtmatige daad", "Reeks onrechtmatige daden", ["onrechtmatige daden"], []),
        ("", "Geheel van regels", [], []),
    ],
)
def test_a_fact_only_when_it_cannot_be_another_word(
    begrip: str, text: str, certain: list[str], asked: list[str]
) -> None:
    """Plurals of a noun are facts; verbs, homographs and family are questions."""
    assert marked(repeats_term, begrip, text) == certain
    assert marked(leans_on_family, begrip, text) == asked


@pytest.mark.parametrize(
    ("begrip", "text", "opening"),
    [
        ("besluit", "Besluit van een orgaan", ["Besluit"]),
        ("besluit", "Een besluit van een orgaan", ["besluit"]),
        ("besluit", "Schriftelijk besluit van een orgaan", []),
        ("goed", "Goed is een zaak of vermogensrecht", ["Goed"]),
        ("goed", "Goed onderhouden zaak", []),
        ("staat", "Staat makende gemeenschap", []),
        ("besluit", "", []),
    ],
)
def test_the_term_at_the_start_is_a_rule_of_its_own(
    begrip: str, text: str, opening: list[str]
) -> None:
    """Said once: the first word is not reported as a circle as well."""
    assert marked(starts_with_term, begrip, text) == opening
    assert not set(marked(repeats_term, begrip, text)) & set(opening)
