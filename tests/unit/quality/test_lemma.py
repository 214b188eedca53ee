"""Where and how a text holds a begrip. The labelled set has the breadth; here are the edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.quality.lemma import Match, best, find, is_form_of


@pytest.mark.parametrize(
    ("begrip", "text", "kind", "marked"),
    [
        ("aanhouden", "Zij hield de man aan.", Match.SEPARATED, ["hield", "aan"]),
        ("aanhouden", "Zij wil hem aan laten houden.", Match.SEPARATED, ["aan", "houden"]),
        ("toezicht houden", "Zij houdt er toezicht.", Match.SEPARATED, ["houdt", "toezicht"]),
        (
            "hoger beroep instellen",
            "Zij stelde hoger beroep in.",
            Match.SEPARATED,
            ["stelde", "hoger beroep", "in"],
        ),
        (
            "onrechtmatige daad",
            "Twee onrechtmatige daden.",
            Match.INFLECTED,
            ["onrechtmatige daden"],
        ),
        ("verdachte", "De Verdachte’s jas.", Match.INFLECTED, ["Verdachte’s"]),
        ("recht", "Het erfrecht.", Match.COMPOUND, ["erfrecht"]),
        ("besluit", "Zij besloot dat.", Match.RELATED, ["besloot"]),
        ("HR (Hoge Raad)", "De Hoge Raad.", Match.EXACT, ["Hoge Raad"]),
        (
            "getuige-deskundige",
            "De getuigen-deskundigen verklaarden.",
            Match.INFLECTED,
            ["getuigen-deskundigen"],
        ),
        ("e-mail", "Twee e-mails.", Match.INFLECTED, ["e-mails"]),
        ("MOORD", "De moorden.", Match.INFLECTED, ["moorden"]),
    ],
)
def test_the_marked_words(begrip: str, text: str, kind: Match, marked: list[str]) -> None:
    """The spans cover the words that were recognised, particle and verb each on their own."""
    first = find(begrip, text)[0]
    assert first.kind is kind
    assert [text[start:end] for start, end in first.spans] == marked


@pytest.mark.parametrize(
    ("begrip", "text"),
    [
        ("aanhouden", "Hij houdt zich aan de regels."),
        ("aanhouden", "Daar houdt hij zich aan."),
        ("aanhouden", "Hij keek hem aan. Zij hield stand."),
        ("onrechtmatige daad", "Dat was onrechtmatige. Daad nummer twee."),
        ("OM", "Het gaat om geld."),
        ("eis", "Een lange reis."),
        ("getuige-deskundige", "De partij-deskundigen verklaarden."),
        ("getuige-deskundige", "De getuigen-verklaringen."),
        ("...", "Een lange reis."),
        ("eis", ""),
    ],
)
def test_nothing_is_found(begrip: str, text: str) -> None:
    """Prepositions are no particles, sentences are not read across, letters are no words."""
    strong = [one for one in find(begrip, text) if one.kind > Match.RELATED]
    assert strong == []


def test_strongest_first_and_each_word_once() -> None:
    """Several occurrences come strongest first; a word is counted as the strongest it is."""
    text = "Verdacht was de hoofdverdachte, niet de verdachten."
    assert [(one.kind, text[slice(*one.spans[0])]) for one in find("verdachte", text)] == [
        (Match.INFLECTED, "verdachten"),
        (Match.COMPOUND, "hoofdverdachte"),
        (Match.RELATED, "Verdacht"),
    ]
    assert best("verdachte", text) is Match.INFLECTED
    assert best("verdachte", "Niets.") is None


@pytest.mark.parametrize(
    ("begrip", "text", "same"),
    [
        ("verdachte", "de verdachten", True),
        ("koper/verkoper", "verkopers", True),
        ("verdachte", "hoofdverdachte", False),
        ("onrechtmatige daad", "daad", False),
        ("werknemer", "werkneemster", False),
        ("verdachte", "", False),
    ],
)
def test_the_same_term_again(begrip: str, text: str, same: bool) -> None:
    """Forms are the same term; compounds, parts and female nouns are others."""
    assert is_form_of(begrip, text) is same


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_text_is_answered(begrip: str, text: str) -> None:
    """Whatever is typed: no error, and every span lies in the text."""
    for one in find(begrip, text):
        assert all(0 <= start < end <= len(text) for start, end in one.spans)
