"""The begrip itself: plurals and conjugated verbs, by dictionary and spelling."""

from __future__ import annotations

import pytest

from voorbeelden.definition import check_definition
from voorbeelden.definition.term import is_verb


def words(text: str) -> list[str]:
    return text.split()


NOUNS = words("""
besluit recht verdachte aangeklaagde belanghebbende betrokkene gegeven vermogen wapen teken leven
belang gezag gedrag gebod verbod verzoek verzet verstek verhaal verhoor vonnis proces huis bewijs
eis prijs kans dans polis thesis basis crisis les kind lid stad weg bevel bestand bestek geding
geschil geschrift gebrek gebruik gebouw gebied gemeente gemeenschap gemachtigde gedaagde gevangene
gedetineerde verzekerde beklaagde gevolmachtigde overledene vermiste benadeelde eigendom bedrog
bedrijf beding beklag bericht beroep beslag bestuur bewind bezit bezwaar boedel boete borg cassatie
cautie dwang dwangbevel eed erfdienstbaarheid faillissement griffie grief hinder hof interest
kosten inkomen inkomsten last leerplichtige mededeling moord onderhoud ontslag onvermogen opzet
overlijden overheid pand parket poging raad raadsheer reden regres rekening requisitoir sepot
slachtoffer statuten toezicht uitgave verdrag vereniging verkeer vermoeden verordening verzuim
volmacht voogd voorarrest voordeel voornemen vreemdeling waarborg wetboek wethouder wraking zaak
onderzoek orgaan proces-verbaal
""")
VERBS = words("bouwen verwerken aanhouden dagvaarden dwingen gaan slaan ondergaan beslissen")


def said(begrip: str, rule_id: str) -> list[str]:
    findings = check_definition(begrip, "Geheel van regels dat onder mensen geldt", {})
    return [finding.reason for finding in findings if finding.rule_id == rule_id]


@pytest.mark.parametrize("rule_id", ["term-enkelvoud", "term-infinitief"])
def test_singular_nouns_raise_no_question(rule_id: str) -> None:
    """Also those in -en, -s, -de and -t, and those that look like a participle."""
    wrong = [noun for noun in NOUNS if said(noun, rule_id)]
    assert wrong == []


@pytest.mark.parametrize("rule_id", ["term-enkelvoud", "term-infinitief"])
def test_infinitives_raise_no_question(rule_id: str) -> None:
    """A verb as term is right in its infinitive, and no plural."""
    assert [verb for verb in VERBS if said(verb, rule_id)] == []


@pytest.mark.parametrize(
    ("plural", "single"),
    [
        ("voertuigen", "voertuig"),
        ("zaken", "zaak"),
        ("verdachten", "verdachte"),
        ("strafbare feiten", "feit"),
        ("bevoegdheden", "bevoegdheid"),
        ("foto's", "foto"),
        ("besluiten van de raad", "besluit"),
    ],
)
def test_a_plural_is_asked_about_with_its_singular(plural: str, single: str) -> None:
    """The head of several words counts; the singular is offered."""
    assert f"“{single}”" in said(plural, "term-enkelvoud")[0]


@pytest.mark.parametrize(
    ("form", "infinitive"),
    [("aangehouden", "aanhouden"), ("verwerkt", "verwerken"), ("aanhoudt", "aanhouden")],
)
def test_a_conjugated_verb_is_asked_about_with_its_infinitive(form: str, infinitive: str) -> None:
    """Forms that can be nothing else."""
    assert f"“{infinitive}”" in said(form, "term-infinitief")[0]


def test_an_unknown_word_raises_no_question() -> None:
    """Not sure: nothing said."""
    assert said("zwabberpokken", "term-enkelvoud") == []
    assert said("gezwabberpokt", "term-infinitief") == []


@pytest.mark.parametrize(
    ("begrip", "verb"),
    [
        ("aanhouden", True),
        ("beslag leggen", True),
        ("vernietigen", True),
        ("vermogen", False),
        ("leven", False),
        ("besluit", False),
        ("goederen", False),
        ("", False),
    ],
)
def test_a_verb_is_told_from_a_noun_that_looks_like_one(begrip: str, verb: bool) -> None:
    """An infinitive of which the dictionary has no plural."""
    assert is_verb(begrip) is verb
