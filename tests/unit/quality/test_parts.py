"""Compounds, separable verbs and word families on their own."""

from __future__ import annotations

import pytest

from voorbeelden.quality import compounds, separable
from voorbeelden.quality.related import is_related
from voorbeelden.quality.term import variants
from voorbeelden.quality.wordlists import strong_verbs, word_list


@pytest.mark.parametrize(
    ("begrip", "word", "held"),
    [
        ("verdachte", "medeverdachten", True),
        ("verdachte", "verdachtenverhoor", True),
        ("verdachte", "niet-verdachte", True),
        ("kind", "kinderalimentatiebedrag", True),
        ("kort geding", "kortgedingrechter", True),
        ("recht", "eigendomsrecht", True),
        ("recht", "rechter", False),
        ("recht", "terecht", False),
        ("zaak", "oorzaak", False),
        ("straf", "strafbaar", False),
        ("eis", "eiseres", False),
        ("wet", "wetenschap", False),
        ("getuige", "getuigenis", False),
        ("koop", "verkoop", False),
    ],
)
def test_compounds(begrip: str, word: str, held: bool) -> None:
    """The rest of a compound is a word; the rest of a derivation is an affix."""
    assert compounds.holds(word, variants(begrip)[0].joined) is held


@pytest.mark.parametrize(
    ("verb", "parts"),
    [
        ("aanhouden", (("aan",), "houden")),
        ("tenlasteleggen", (("ten", "laste"), "leggen")),
        ("terechtstaan", (("terecht",), "staan")),
        ("overtreden", None),
        ("aanvaarden", None),
        ("houden", None),
        ("besluit", None),
    ],
)
def test_separable_verbs(verb: str, parts: tuple[tuple[str, ...], str] | None) -> None:
    """A particle and a verb that is known; a closed list says which verbs never come apart."""
    assert separable.split(verb) == parts


@pytest.mark.parametrize(
    ("term", "word", "related"),
    [
        ("aanhouding", "aangehouden", True),
        ("verdachte", "verdenking", True),
        ("huur", "verhuurder", True),
        ("feit", "feitelijke", True),
        ("overdragen", "overdracht", True),
        ("bestuurslid", "bestuursrecht", False),
        ("wet", "weten", False),
        ("eis", "reis", False),
    ],
)
def test_families(term: str, word: str, related: bool) -> None:
    """Derivations of one stem belong together; a shared first part or rhyme is not enough."""
    assert is_related(term, word) is related


def test_the_word_lists_are_clean() -> None:
    """Lower case, and every strong verb has a past and a participle."""
    for name in ("affixes", "particles", "inseparable", "small_words", "proper_words"):
        assert word_list(name)
        assert all(word == word.lower() for word in word_list(name))
    assert strong_verbs()["geven"] == ("gaf", "gegeven")
    with pytest.raises(KeyError):
        word_list("bestaat_niet")
