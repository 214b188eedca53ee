"""The demo's Dutch texts: every JSON file keeps the rules, and templates carry any other term."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from importlib import resources
from itertools import combinations
from typing import Any, cast, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.demo.teksten import bekende_begrippen, voorbeelden_voor
from voorbeelden.demo.teksten.shapes import Bestand, Voorbeelden
from voorbeelden.model import CONTEXT_KEYS, ExampleType
from voorbeelden.screen.form import CONTEXT_PRESETS

FILES: dict[str, Bestand] = {
    entry.name.removesuffix(".json"): json.loads(entry.read_text(encoding="utf-8"))
    for entry in resources.files("voorbeelden.demo.teksten").iterdir()
    if entry.name.endswith(".json")
}
every_file = pytest.mark.parametrize(
    "bestand", [pytest.param(FILES[name], id=name) for name in sorted(FILES)]
)

IN_WORDS = {
    "OM": "Openbaar Ministerie",
    "KMar": "Koninklijke Marechaussee",
    "IND": "Immigratie- en Naturalisatiedienst",
    "DJI": "Dienst Justitiële Inrichtingen",
}
"""How the texts name an organisation that the form abbreviates."""

NO_PRESET = {
    # Where cases are heard, and by whom: within the ZM, which no situation would be set in.
    *("rechtbank", "kantonrechter", "bestuursrechter"),
    # Each matters to one begrip or two; whoever needs another one types it in the form.
    *("Dienst Uitvoering Onderwijs", "Huurcommissie", "Kadaster", "Kamer van Koophandel"),
    *("advocatenkantoor", "notariskantoor", "verzekeraar", "waterschap", "woningcorporatie"),
    *("ziekenhuis", "aansprakelijkheidsrecht", "rechtspersonenrecht", "sanctierecht"),
}
"""Contexts that the form does not offer, and that are no other spelling of one that it does."""

ALLOWED = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9 .,;:()?’–-]+")
STATUTE_REFERENCE = re.compile(r"\bartt?\.|\bartikel|\blid \d|\b[Ss]v\b|\b[Ss]r\b|\bAwb\b|\bBW\b")
PRONOUN = re.compile(
    r"(?:ik|jij|je|u|hij|zij|ze|wij|we|jullie|men|deze|dit|die|dat|wie|wat|er|iemand)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.?](?= [A-ZÀ-Ö]|$)")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def prose(texts: Voorbeelden) -> list[str]:
    """Every running text: what must read as sentences."""
    return [
        *texts["voorbeeldzinnen"],
        *texts["praktijkvoorbeelden"],
        *(
            part
            for item in texts["tegenvoorbeelden"]
            for part in (item["voorbeeld"], item["reden"])
        ),
        *texts["toelichting"],
    ]


def words(text: str) -> int:
    return len(text.split())


def sentences(text: str) -> int:
    return len(SENTENCE_END.findall(text))


def overlap(one: str, other: str) -> float:
    """Jaccard index of the longer words of two texts: 0 nothing in common, 1 the same words."""
    sets = [set(re.findall(r"\w{4,}", text.casefold())) for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def is_sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and text == " ".join(text.split())


class TestFiles:
    @every_file
    def test_a_file_holds_every_key_and_no_other(self, bestand: Bestand) -> None:
        """A key that is misspelt or missing in one file is found here, not in the demo."""
        assert set(bestand) == set(get_type_hints(Bestand))
        assert set(bestand["context"]) == set(CONTEXT_KEYS)
        assert all(bestand["context"].values())

    @every_file
    def test_a_context_is_spelled_as_the_form_offers_it(self, bestand: Bestand) -> None:
        """Otherwise an example and an editor's own begrip would stand in two contexts: OM and
        Openbaar Ministerie.
        """
        for key, values in bestand["context"].items():
            assert set(values) <= {*CONTEXT_PRESETS[key], *NO_PRESET}, key

    def test_what_is_no_preset_is_used(self) -> None:
        """A name that no text needs any more, or that became a preset, leaves the list."""
        contexts = [bestand["context"] for bestand in FILES.values()]
        used = {value for context in contexts for values in context.values() for value in values}
        offered = {name for names in CONTEXT_PRESETS.values() for name in names}
        assert used >= NO_PRESET
        assert not offered & NO_PRESET

    def test_the_best_known_example_has_something_of_every_type(self) -> None:
        """It is the one that the guide and its pictures show."""
        verdachte = cast(dict[str, Any], FILES["verdachte"])
        assert all(verdachte[kind.value] for kind in ExampleType)

    @every_file
    def test_counts(self, bestand: Bestand) -> None:
        """There are enough items for a second try, and no filler among the synonyms."""
        for kind in ("voorbeeldzinnen", "praktijkvoorbeelden", "tegenvoorbeelden"):
            assert 5 <= len(cast(dict[str, Any], bestand)[kind]) <= 6, kind
        assert len(bestand["synoniemen"]) <= 5
        assert len(bestand["antoniemen"]) <= 5
        assert 1 <= len(bestand["toelichting"]) <= 2

    @every_file
    def test_the_definition_is_one_sentence_and_not_circular(self, bestand: Bestand) -> None:
        """A definition that uses its own term defines nothing."""
        definitie = bestand["definitie"]
        assert is_sentence(definitie)
        assert sentences(definitie) == 1
        assert not re.search(rf"\b{bestand['begrip']}", definitie, re.IGNORECASE)

    @every_file
    def test_voorbeeldzinnen_use_the_begrip_in_one_self_contained_sentence(
        self, bestand: Bestand
    ) -> None:
        """Each is one sentence of 10 to 25 words around the begrip or an inflection of it."""
        names = [name.casefold() for name in (bestand["begrip"], *bestand["varianten"])]
        for zin in bestand["voorbeeldzinnen"]:
            assert is_sentence(zin), zin
            assert sentences(zin) == 1, zin
            assert 10 <= words(zin) <= 25, zin
            assert any(name in zin.casefold() for name in names), zin
            assert not PRONOUN.match(zin), zin

    @every_file
    def test_praktijkvoorbeelden_are_situations_in_the_given_context(
        self, bestand: Bestand
    ) -> None:
        """Each has 2 to 4 sentences, names the begrip, and an organisation of the context acts."""
        given = bestand["context"]["organisatorisch"]
        actors = [IN_WORDS.get(actor, actor).casefold() for actor in given]
        names = [name.casefold() for name in (bestand["begrip"], *bestand["varianten"])]
        for text in bestand["praktijkvoorbeelden"]:
            assert is_sentence(text), text
            assert 2 <= sentences(text) <= 4, text
            assert any(actor in text.casefold() for actor in actors), text
            assert any(name in text.casefold() for name in names), text

    @every_file
    def test_tegenvoorbeelden_have_a_case_and_a_reason(self, bestand: Bestand) -> None:
        """The case and the reason are sentences of their own."""
        for item in bestand["tegenvoorbeelden"]:
            assert set(item) == {"voorbeeld", "reden"}
            assert is_sentence(item["voorbeeld"]), item
            assert is_sentence(item["reden"]), item
            assert words(item["reden"]) >= 6, item

    @every_file
    def test_synonyms_and_antonyms_are_terms_and_not_the_begrip_itself(
        self, bestand: Bestand
    ) -> None:
        """A term has no capital or full stop, and stands in one of the two lists only."""
        terms = bestand["synoniemen"] + bestand["antoniemen"]
        assert len(set(terms)) == len(terms)
        assert not {bestand["begrip"], *bestand["varianten"]} & set(terms)
        for term in terms:
            assert term == term.casefold().strip(), term
            assert 1 <= words(term) <= 4, term
            assert not re.match(r"niet[- ]|geen ", term), "the prompt forbids a mere denial"
            assert not term.endswith("."), term

    @every_file
    def test_a_toelichting_is_one_paragraph_about_the_begrip(self, bestand: Bestand) -> None:
        """It has 60 to 120 words on one line and names the begrip."""
        for text in bestand["toelichting"]:
            assert is_sentence(text), text
            assert 60 <= words(text) <= 120, text
            assert bestand["begrip"] in text.casefold(), text

    @every_file
    def test_no_two_texts_are_nearly_the_same(self, bestand: Bestand) -> None:
        """No pair of texts, of one type or of two, shares a great part of its words."""
        for one, other in combinations(prose(bestand), 2):
            assert overlap(one, other) < 0.35, (one, other)

    @every_file
    def test_plain_characters_and_no_statute_references(self, bestand: Bestand) -> None:
        """No markup, straight quotes, links or line breaks; a statute is named in the context
        only, so no article number can be wrong.
        """
        for text in strings(bestand):
            assert ALLOWED.fullmatch(text), text
            assert unicodedata.is_normalized("NFC", text), text
            assert text == " ".join(text.split()), text
        for text in strings({**bestand, "context": {}}):
            assert not STATUTE_REFERENCE.search(text), text

    def test_a_file_is_named_after_its_begrip_and_names_are_unique(self) -> None:
        """One name finds one file."""
        assert all(name == bestand["begrip"].replace(" ", "_") for name, bestand in FILES.items())
        names = [name for file in FILES.values() for name in (file["begrip"], *file["varianten"])]
        assert len({name.casefold() for name in names}) == len(names)

    def test_no_text_stands_in_two_files(self) -> None:
        """A text copied to another begrip would show term A's example under term B."""
        texts = [text for bestand in FILES.values() for text in prose(bestand)]
        assert len(set(texts)) == len(texts)


class TestLoader:
    def test_every_file_is_a_known_begrip_in_alphabetical_order(self) -> None:
        """The button of the form offers all of them, at least fourteen."""
        begrippen = [known.begrip for known in bekende_begrippen()]
        assert begrippen == sorted(bestand["begrip"] for bestand in FILES.values())
        assert len(begrippen) >= 14

    @every_file
    def test_a_known_begrip_gets_its_own_texts_whatever_definition_and_context(
        self, bestand: Bestand
    ) -> None:
        """The hand-written texts come back whole, in the order of the six types."""
        texts = voorbeelden_voor(bestand["begrip"], "Iets anders.", {"juridisch": ["visrecht"]})
        assert list(texts) == list(ExampleType)
        assert texts == {kind.value: cast(dict[str, Any], bestand)[kind] for kind in ExampleType}

    @pytest.mark.parametrize(
        ("typed", "begrip"),
        [
            ("VERDACHTE", "verdachte"),
            ("  verdachte\n", "verdachte"),
            ("Verdachten", "verdachte"),
            ("voorlopige \t hechtenis", "voorlopige hechtenis"),
            ("onrechtmatige daden", "onrechtmatige daad"),
        ],
    )
    def test_a_begrip_is_found_as_people_type_it(self, typed: str, begrip: str) -> None:
        """Case, whitespace and the variants of the file do not matter."""
        assert voorbeelden_voor(typed, "", {}) == voorbeelden_voor(begrip, "", {})

    def test_a_longer_term_is_not_taken_for_a_known_one(self) -> None:
        """Only the whole name matches: a compound has another meaning."""
        texts = voorbeelden_voor("medeverdachte", "", {})
        assert "medeverdachte" in str(texts["voorbeeldzinnen"][0])

    @pytest.mark.parametrize("begrip", ["verdachte", "wilsrecht"])
    def test_the_lists_belong_to_the_caller(self, begrip: str) -> None:
        """What a caller does to its answer does not reach the next caller."""
        first = voorbeelden_voor(begrip, "", {})
        untouched = json.dumps(first)
        for items in first.values():
            items.clear()
        second = voorbeelden_voor(begrip, "", {})
        cast(dict[str, str], second["tegenvoorbeelden"][0])["reden"] = "gewijzigd"
        assert json.dumps(voorbeelden_voor(begrip, "", {})) == untouched

    def test_the_context_of_a_known_begrip_belongs_to_the_caller(self) -> None:
        """A form that edits the context it was filled with does not change the next form."""
        bekende_begrippen()[0].context["juridisch"].append("visrecht")
        assert "visrecht" not in bekende_begrippen()[0].context["juridisch"]

    def test_files_are_read_at_the_first_call_and_once(self) -> None:
        """Importing reads no text; the second call reads nothing more."""
        script = """
import sys
opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
from voorbeelden.demo.teksten import bekende_begrippen, voorbeelden_voor
def read():
    return sum(path.endswith(".json") for path in opened)
at_import = read()
known = len(bekende_begrippen())
at_first_call = read()
voorbeelden_voor("besluit", "", {})
bekende_begrippen()
print(at_import, at_first_call == known, read() == known)
"""
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout.split() == ["0", "True", "True"]


ODD_TERMS = [
    "wilsrecht",
    "recht van opstal",
    'zogenaamde "grijze" zone',
    "“geciteerd” begrip",
    "’s Rijks ontvanger",
    "coöperatieve vereniging",
    "e\u0301e\u0301n loket",
    "Wet",
    "حق الملكية",
    "זכות קניין",
    "所有権",
    "<b>vet</b>",
    "=1+1",
    "{begrip} en %s",
    "100%",
    "🙂",
]
CONTEXTS: list[dict[str, list[str]]] = [
    {},
    {"organisatorisch": [], "juridisch": [], "wettelijk": []},
    {"organisatorisch": ["OM"], "juridisch": ["strafrecht"], "wettelijk": ["Sv"]},
    {"organisatorisch": ["Raad voor de Rechtspraak"], "juridisch": ["Europees recht"]},
    {"organisatorisch": ["  ", "x" * 90, "een veel te lange omschrijving van een organisatie"]},
]


def check_templates(typed: str, term: str, context: dict[str, list[str]]) -> None:
    texts = cast(Voorbeelden, voorbeelden_voor(typed, "", context))
    for kind in ExampleType:
        wanted = 2 if kind is ExampleType.TOELICHTING else 5
        assert len(cast(dict[str, Any], texts)[kind]) == wanted
    everything = list(strings(texts))
    assert len(set(everything)) == len(everything)
    quoted = f"“{term}”"
    carriers = [text for text in everything if quoted in text]
    reasons = [item["reden"] for item in texts["tegenvoorbeelden"]]
    assert set(everything) - set(carriers) == set(reasons)
    for text in prose(texts):
        rest = text.replace(quoted, "X")
        assert is_sentence(rest), text
    for zin in texts["voorbeeldzinnen"]:
        assert not PRONOUN.match(zin), zin
        if words(term) <= 3:
            assert 10 <= words(zin) <= 25, zin
    for text in texts["praktijkvoorbeelden"]:
        assert sentences(text.replace(quoted, "X")) == 2, text
    for text in texts["toelichting"]:
        assert 60 <= words(text.replace(quoted, "X")) <= 120, text


class TestTemplates:
    @pytest.mark.parametrize("context", CONTEXTS, ids=["none", "empty", "short", "longer", "bad"])
    @pytest.mark.parametrize("term", ODD_TERMS)
    def test_any_term_gets_five_readable_items_a_type(
        self, term: str, context: dict[str, list[str]]
    ) -> None:
        """The term stands in every text exactly as typed, and the rules for sentences hold."""
        check_templates(term, term, context)

    @given(st.text())
    def test_no_term_breaks_a_template(self, typed: str) -> None:
        """Any text is taken: trimmed, whitespace collapsed, cut at 80 characters."""
        term = " ".join(typed.split())[:80].rstrip() or "begrip zonder naam"
        check_templates(typed, term, {"organisatorisch": ["OM"]})

    def test_a_long_term_is_cut_at_eighty_characters(self) -> None:
        """Neither a space is left at the cut nor a character added."""
        term = "aansprakelijkheid " * 20
        check_templates(term, term[:80].rstrip(), {})
        check_templates("ab " * 40, ("ab " * 40)[:80].rstrip(), {})

    def test_the_context_is_used_when_it_fits(self) -> None:
        """The first usable organisation and field of law stand in the sentences."""
        context = {"organisatorisch": ["", "  Raad  van State "], "juridisch": ["bestuursrecht"]}
        zinnen = " ".join(map(str, voorbeelden_voor("wilsrecht", "", context)["voorbeeldzinnen"]))
        assert "“Raad van State”" in zinnen
        assert "“bestuursrecht”" in zinnen
        assert "eigen organisatie" not in zinnen

    def test_a_context_that_is_too_long_for_a_sentence_is_left_out(self) -> None:
        """A sentence keeps its 25 words, whatever the editor filled in."""
        context = {"organisatorisch": ["afdeling bezwaar en beroep van de gemeente"]}
        texts = voorbeelden_voor("wilsrecht", "", context)
        assert texts == voorbeelden_voor("wilsrecht", "", {})

    def test_the_definition_is_never_read(self) -> None:
        """A definition cannot reach the texts, so it cannot be misquoted in them."""
        assert voorbeelden_voor("wilsrecht", "Recht om te willen.", {}) == voorbeelden_voor(
            "wilsrecht", "{}", {}
        )

    def test_placeholders_cannot_pass_for_real_terms(self) -> None:
        """Each synonym and antonym says that it is for demonstration, and so do the paragraphs."""
        texts = voorbeelden_voor("wilsrecht", "", {})
        for kind in ("synoniemen", "antoniemen", "toelichting"):
            assert all("demonstratie" in str(item) for item in texts[kind]), kind
