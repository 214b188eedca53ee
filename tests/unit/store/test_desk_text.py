"""Text on its way into the database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.store.errors import NotAllowed
from voorbeelden.store.text import folded, required, storable, storable_context, subject_key

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
def test_whatever_comes_in_can_be_encoded_and_has_no_nul(text: str) -> None:
    """Doing it twice changes nothing, and a text without either stays as it is, trimmed."""
    kept = storable(text)
    assert b"\0" not in kept.encode()
    assert storable(kept) == kept
    if "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text):
        assert kept == text.strip()


@given(ANY)
def test_folding_is_stable(text: str) -> None:
    """What was folded is found by folding it again: an index and a query agree."""
    once = folded(storable(text))
    assert folded(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crèche", "creche"),
        ("ĲSBEREN en ijs", "ijsberen en ijs"),
        ("  Voorlopige\n hechtenis ", "voorlopige hechtenis"),
        ("’s-Gravenhage", "'s-gravenhage"),
        ("„Straße“", '"strasse"'),
        ("ﬁnanciële", "financiele"),
        ("\U0001d4d0kte", "akte"),
    ],
)
def test_folding_takes_away_case_diacritics_and_fancy_signs(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_nothing_but_spaces_is_refused() -> None:
    with pytest.raises(NotAllowed, match="Vul de tekst in"):
        required(" \0 ", "de tekst")


def test_a_context_keeps_the_known_keys_and_the_texts_that_are_not_empty() -> None:
    given_context = {"juridisch": (" strafrecht ", ""), "iets anders": ("x",)}
    assert storable_context(given_context) == {
        "organisatorisch": [],
        "juridisch": ["strafrecht"],
        "wettelijk": [],
    }


def test_a_key_keeps_kinds_of_context_apart() -> None:
    """The same text as a law or as a field of law is another context; case and order are not."""
    key = subject_key("begrip", {"juridisch": ["a", "B"]})
    assert key == subject_key("Begrip ", {"juridisch": ["b", "A"], "wettelijk": []})
    assert key != subject_key("begrip", {"wettelijk": ["a", "B"]})
    assert key != subject_key("begrip", {"juridisch": ["a"], "wettelijk": ["B"]})
