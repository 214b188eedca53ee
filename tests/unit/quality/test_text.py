"""Words and sentences of Dutch text, with their places."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.quality.text import fold, key, plain, quote, sentences, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("De rechter zweeg. De zaal ook.", 2),
        ("Volgens art. 27 Sv is hij verdachte.", 1),
        ("Mr. J. de Vries pleit namens Jansen B.V. tegen de gemeente.", 1),
        ("Zij dagvaardde Jansen B.V. De zitting is op 3 mei.", 2),
        ("De kosten zijn leges, porti enz. De rest is gratis.", 2),
        ("De kosten zijn leges, porti enz. en reiskosten.", 1),
        ("Het ging m.b.t. Utrecht anders.", 1),
        ("‘Mag ik weg?’ vroeg de getuige.", 1),
        ("Hij zweeg… Toen sprak hij!", 2),
        ("Hij zweeg. ’s Avonds sprak hij.", 2),
        ("Dat was in 2020. De rest volgde.", 2),
        ("Eén regel\nen nog een", 2),
        ("De boete is € 1.250.", 1),
        ("", 0),
        (" \n ", 0),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    """Abbreviations, initials, amounts and quotations do not end a sentence; newlines do."""
    assert len(sentences(text)) == count


def test_words_keep_their_places() -> None:
    """Hyphens, apostrophes and dots belong to a word; its place is that in the text as given."""
    text = "De ex-partner’s B.V. coöpereert (niet)."
    assert [word.text for word in words(text)] == [
        "De",
        "ex-partner’s",
        "B.V.",
        "coöpereert",
        "niet",
    ]
    assert all(text[word.start : word.end] == word.text for word in words(text))
    assert [word.key for word in words(text)][1:3] == ["ex-partner's", "bv"]


def test_composed_and_decomposed_letters_are_one() -> None:
    """A word typed with combining accents or a soft hyphen has the key of the plain one."""
    decomposed = unicodedata.normalize("NFD", "geëist")
    assert [word.key for word in words(f"is {decomposed} en aan\u00adhouden")] == [
        "is",
        "geëist",
        "en",
        "aanhouden",
    ]
    assert fold(key("COÖPERATIE")) == "cooperatie"


def test_plain_forgets_dress() -> None:
    """Capitals, accents and punctuation make no difference; words and their order do."""
    assert plain("‘De Eén!’") == plain("de een")
    assert plain("een twee") != plain("twee een")


def test_quote_cuts_at_a_word() -> None:
    """A reason stays one line, however long the text it quotes."""
    assert quote("kort") == "‘kort’"
    assert quote("een lange\nzin over bezwaar", 12) == "‘een lange …’"


@given(st.text())
def test_spans_lie_in_the_text(text: str) -> None:
    """For any text: words and sentences are in order, apart and without space at their ends."""
    for spans in ([word.span for word in words(text)], sentences(text)):
        ends = [0, *(place for span in spans for place in span), len(text)]
        assert ends == sorted(ends)
    for start, end in sentences(text):
        assert text[start:end].strip() == text[start:end] != ""
