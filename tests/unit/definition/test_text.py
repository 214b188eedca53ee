"""A definition made ready: composed text, and the way back to the text as given."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.definition.text import Definition, quoted


def test_composed_text_keeps_its_places() -> None:
    """Nothing moves in a text that is composed already."""
    assert Definition("x", "één zaak").original((4, 8)) == (4, 8)


@given(st.text(alphabet="aeé ë\u0301\u0308ü.x", max_size=20))
def test_every_place_leads_back_to_the_same_letters(given_text: str) -> None:
    """The characters at the place found, composed, are those of the composed text."""
    text = unicodedata.normalize("NFD", given_text)
    definition = Definition("x", text)
    for place in range(len(definition.text)):
        start, end = definition.original((place, place + 1))
        assert unicodedata.normalize("NFC", text[start:end]) == definition.text[place]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kan"], "“kan”"),
        (["kan", "mag"], "“kan” en “mag”"),
        (["kan", "mag", "moet"], "“kan”, “mag” en “moet”"),
        (["Kan", "kan"], "“Kan”"),
        (["onder\n meer"], "“onder meer”"),
        (["“zaak”"], "“zaak”"),
        (["”"], "“””"),
    ],
)
def test_words_are_quoted_as_dutch_does(words: list[str], said: str) -> None:
    """Each word once, white space plain, no quotation marks within quotation marks."""
    assert quoted(words) == said
