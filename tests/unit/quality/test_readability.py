"""Syllables by ear and the formula by hand."""

from __future__ import annotations

import pytest

from voorbeelden.model import ExampleType, Item, Subject
from voorbeelden.quality import Level, check_item, readability
from voorbeelden.quality.readability import syllables

BY_EAR = {
    1: "recht ij nieuw leeuw sneeuw mooi groei vrij eis reis geld",
    2: "rechter besluit geïnd zaaien bureau cadeau eiser yoghurt systeem jury akte",
    3: "verdachte eigenaar officier museum theater ideeën ruimtelijk partijen UWV patiënt",
    4: "procedure overeenkomst bestuursorgaan financieel beëindigen tweeëntwintig",
    5: "koopovereenkomst aansprakelijkheid huurovereenkomst coöperatie",
    6: "ondertoezichtstelling voorzieningenrechter",
}


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, row in BY_EAR.items() for word in row.split()]
)
def test_syllables(word: str, count: int) -> None:
    """As a Dutch speaker counts them."""
    assert syllables(word) == count


def test_the_formula() -> None:
    """206.84 − 0.93 × 4 − 77 × 11/8: eight words, two sentences, eleven syllables."""
    measured = readability("De rechter sprak recht. De eiser kreeg gelijk.")
    assert measured is not None
    assert (measured.words, measured.sentences, measured.syllables) == (8, 2, 11)
    assert measured.score == pytest.approx(206.84 - 0.93 * 4 - 77 * 11 / 8)
    assert measured.label == "zeer gemakkelijk"


def test_hard_text_scores_low() -> None:
    """Long words in one long sentence are very hard reading; no words, no score."""
    text = "Aansprakelijkheidsverzekeringsmaatschappijen beargumenteren bestuursrechtelijke vragen."
    measured = readability(text)
    assert measured is not None
    assert measured.label == "zeer moeilijk"
    assert readability("12, 13 …") is None


def test_only_texts_of_some_length_get_a_score() -> None:
    """Under thirty words the formula says nothing; above, one item of information."""
    short, long = Item("De rechter sprak recht."), Item("De rechter sprak die dag recht. " * 6)
    kind, subject = ExampleType.PRAKTIJKVOORBEELDEN, Subject("", "")

    def told(item: Item) -> list[str]:
        return [one.reason for one in check_item(item, kind, subject) if one.level is Level.INFO]

    assert told(short) == []
    assert len(told(long)) == 1
    assert told(long)[0].startswith("Leesbaarheid ")
    assert "6 woorden per zin en 1,2 lettergrepen" in told(long)[0]
