"""Dutch spelling of plurals, diminutives and verb forms, without a dictionary."""

from __future__ import annotations

import pytest

from voorbeelden.quality.inflection import (
    adjective_forms,
    is_infinitive,
    join,
    noun_forms,
    stem_of,
    verb_forms,
)


@pytest.mark.parametrize(
    ("noun", "form"),
    [
        ("daad", "daden"),
        ("wet", "wetten"),
        ("vonnis", "vonnissen"),
        ("brief", "brieven"),
        ("bewijs", "bewijzen"),
        ("huis", "huizen"),
        ("eis", "eisen"),
        ("paragraaf", "paragrafen"),
        ("verdrag", "verdragen"),
        ("hof", "hoven"),
        ("bestuurslid", "bestuursleden"),
        ("artikel", "artikelen"),
        ("curator", "curatoren"),
        ("verdachte", "verdachten"),
        ("categorie", "categorieën"),
        ("idee", "ideeën"),
        ("agenda", "agenda's"),
        ("bevoegdheid", "bevoegdheden"),
        ("criterium", "criteria"),
        ("besluit", "besluitje"),
        ("wet", "wetje"),
        ("vordering", "vorderinkje"),
        ("bon", "bonnetjes"),
    ],
)
def test_a_noun_has_this_form(noun: str, form: str) -> None:
    """Plurals and diminutives in their own spelling."""
    assert form in noun_forms(noun)


@pytest.mark.parametrize(
    ("noun", "other"), [("wet", "weten"), ("man", "manen"), ("eis", "eist"), ("bod", "bodden")]
)
def test_a_noun_lacks_the_form_of_another_word(noun: str, other: str) -> None:
    """A short vowel stays short, save in the closed class of "dag" and "bod"."""
    assert other not in noun_forms(noun)


@pytest.mark.parametrize(
    ("infinitive", "forms"),
    [
        ("schorsen", ["schorst", "schorste", "schorsten", "geschorst", "geschorste"]),
        ("seponeren", ["seponeert", "seponeerde", "geseponeerd"]),
        ("verpanden", ["verpandt", "verpandde", "verpand"]),
        ("verhuren", ["verhuurt", "verhuurde", "verhuurd"]),
        ("handelen", ["handelt", "handelde", "gehandeld"]),
        ("ontbinden", ["ontbindt", "ontbond", "ontbonden"]),
        ("stelen", ["steelt", "stal", "stalen", "gestolen"]),
        ("geven", ["geeft", "gaf", "gaven", "gegeven"]),
        ("bieden", ["biedt", "bood", "boden", "geboden"]),
        ("aanbieden", ["aanbiedt", "aanbood", "aangeboden"]),
    ],
)
def test_a_verb_has_these_forms(infinitive: str, forms: list[str]) -> None:
    """Weak verbs by rule, strong ones by the table, prefixes included."""
    assert set(forms) <= verb_forms(infinitive) | {infinitive.replace("aanb", "aangeb")}


def test_a_word_of_its_own_is_no_verb_form() -> None:
    """ "gerecht" is not the participle of "rechten"; too short a word has no forms."""
    assert "gerecht" not in verb_forms("rechten")
    assert not verb_forms("een")


@pytest.mark.parametrize("word", ["aanhouden", "huren", "opheffen", "wijzen", "staan", "eten"])
def test_infinitives(word: str) -> None:
    """Also those that the dictionary lists as a plural."""
    assert is_infinitive(word)


@pytest.mark.parametrize("word", ["zaken", "maatregelen", "besluit", "een", "kwibussen"])
def test_no_infinitives(word: str) -> None:
    """Plurals in -en are none."""
    assert not is_infinitive(word)


def test_stems_and_endings() -> None:
    """Doubling and f/v, s/z work both ways."""
    assert [stem_of(verb) for verb in ("maken", "zetten", "leven", "reizen", "gaan")] == [
        "maak",
        "zet",
        "leef",
        "reis",
        "gaa",
    ]
    assert [join("openbaar", "e"), join("massief", "e"), join("fel", "e")] == [
        "openbare",
        "massieve",
        "felle",
    ]
    assert {"goed", "goeder"} <= adjective_forms("goede")
