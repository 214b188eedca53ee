"""TBX-Basic as lxml reads it and RELAX NG checks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from tests.unit.export.support import awkward_begrippen, begrip, item, known
from voorbeelden.export import ExportBegrip, ExportError, ItemStatus, Kader, write
from voorbeelden.export.texts import prose
from voorbeelden.model import ExampleType

RULES = etree.RelaxNG(etree.parse(Path(__file__).with_name("tbx_basic.rng")))
NS = {"t": "urn:iso:std:iso:30042:ed-2"}

RICH = begrip(
    item(ExampleType.VOORBEELDZINNEN, "De verdachte zweeg."),
    item(ExampleType.PRAKTIJKVOORBEELDEN, "Een man rent weg."),
    item(ExampleType.TEGENVOORBEELDEN, "Een getuige.", reden="Hij zag het alleen."),
    item(ExampleType.SYNONIEMEN, "beschuldigde"),
    item(ExampleType.SYNONIEMEN, "beklaagde"),
    item(ExampleType.ANTONIEMEN, "onschuldige"),
    item(ExampleType.TOELICHTING, "Vanaf het vermoeden."),
    item(ExampleType.SYNONIEMEN, "dader", status=ItemStatus.AFGEWEZEN),
    voorkeursterm="beschuldigde",
)


def read(data: bytes) -> Any:
    """The document, parsed and checked."""
    root = etree.fromstring(data)
    assert RULES.validate(root), RULES.error_log.last_error
    return root


def texts(root: Any, path: str) -> list[str]:
    return [found.text for found in root.iterfind(path, NS)]


def test_the_hand_written_begrippen_are_valid() -> None:
    """All of them in one file, approved items only or all; every id once."""
    begrippen = [known(place) for place in range(8)]
    for only_approved in (True, False):
        root = read(write("tbx", begrippen, only_approved))
        ids = [entry.get("id") for entry in root.iterfind(".//t:conceptEntry", NS)]
        assert ids == [f"c-begrip-{place}" for place in range(8)]


def test_each_kind_has_its_data_category() -> None:
    """definition with its sources, subjectField, context at the begrip's own term; notes."""
    root = read(write("tbx", [RICH], kader=Kader("Strafrecht")))
    assert texts(root, ".//t:title") == ["Strafrecht"]
    entry = root.find(".//t:conceptEntry", NS)
    assert texts(entry, "t:descrip[@type='subjectField']") == ["strafprocesrecht"]
    assert texts(entry, "t:note") == ["Organisatorisch: Openbaar Ministerie"]
    assert texts(entry, "t:transacGrp/t:date") == ["2026-11-24"]  # 00:30 in Amsterdam
    language = entry.find("t:langSec", NS)
    assert texts(language, "t:descripGrp/t:descrip[@type='definition']") == [RICH.definitie]
    assert texts(language, "t:descripGrp/t:admin[@type='source']") == ["Wetboek van Strafvordering"]
    assert texts(language, "t:note") == [
        "Toelichting: Vanaf het vermoeden.",
        "Praktijkvoorbeeld: Een man rent weg.",
        "Geen voorbeeld: Een getuige. Reden: Hij zag het alleen.",
        "Tegenhanger: onschuldige",
    ]
    assert [
        (
            part.findtext("t:term", namespaces=NS),
            part.findtext("t:termNote", namespaces=NS),
            texts(part, "t:descrip[@type='context']"),
        )
        for part in language.iterfind("t:termSec", NS)
    ] == [
        ("beschuldigde", "preferredTerm-admn-sts", []),
        ("verdachte", "admittedTerm-admn-sts", ["De verdachte zweeg."]),
        ("beklaagde", "admittedTerm-admn-sts", []),
    ]


def test_items_that_are_not_approved_are_remarks() -> None:
    """Let through, a rejected synonym is a note with its status, not a term."""
    root = read(write("tbx", [RICH], only_approved=False))
    assert "Afgewezen (synoniem): dader" in texts(root, ".//t:conceptEntry/t:note")
    assert "dader" not in texts(root, ".//t:term")


def test_sentences_stay_when_the_terms_are_one() -> None:
    """A preferred term that is the begrip in another Unicode form still carries its sentences."""
    given_begrip = begrip(
        item(ExampleType.VOORBEELDZINNEN, "De cliënt wacht."),
        begrip="clie\u0308nt",
        voorkeursterm="cli\u00ebnt",
    )
    root = read(write("tbx", [given_begrip]))
    assert texts(root, ".//t:term") == ["cli\u00ebnt"]
    assert texts(root, ".//t:descrip[@type='context']") == ["De cliënt wacht."]


def test_a_bare_begrip_is_valid() -> None:
    """No definition, no context, no date, no items."""
    root = read(write("tbx", [ExportBegrip("7", "eis", "")]))
    assert texts(root, ".//t:term") == ["eis"]
    root = read(write("tbx", [ExportBegrip("7", "eis", "", {"wettelijk": ("Awb",)})]))
    assert texts(root, ".//t:langSec/t:admin") == ["Awb"]


def test_ids_are_unique_and_valid_whatever_the_store_has() -> None:
    """Any id becomes an xs:ID, and different ids stay different."""
    ids = ["1", "a b", "a_b", "a_20_b", "ç", "a:b", "c-1", ""]
    root = read(write("tbx", [replace(RICH, id=identity) for identity in ids]))
    found = Counter(entry.get("id") for entry in root.iterfind(".//t:conceptEntry", NS))
    assert len(found) == len(ids)


def test_no_begrippen_is_refused() -> None:
    """A TBX body has at least one entry."""
    with pytest.raises(ExportError, match="minstens één begrip"):
        write("tbx", [])


@settings(max_examples=30, deadline=None)
@given(begrippen=awkward_begrippen().filter(bool))
def test_any_text_survives(begrippen: tuple[ExportBegrip, ...]) -> None:
    """Valid whatever the texts; definitions read back, apart from what XML cannot hold."""
    root = read(write("tbx", begrippen, only_approved=False))
    assert texts(root, ".//t:descrip[@type='definition']") == [
        prose(begrip.definitie) for begrip in begrippen
    ]


def retype(path: str, kind: str) -> Callable[[Any], object]:
    return lambda root: root.find(path, NS).set("type", kind)


def move(path: str, parent: str) -> Callable[[Any], object]:
    return lambda root: root.find(parent, NS).insert(1, root.find(path, NS))


BREAKS = {
    "a descrip type of another dialect": retype(".//t:termSec/t:descrip", "example"),
    "an antonym, which TBX-Basic lacks": retype(".//t:termSec/t:descrip", "antonymConcept"),
    "a subject field below the entry": move(".//t:descrip[@type='subjectField']", ".//t:langSec"),
    "a definition at the term": move(".//t:descripGrp", ".//t:termSec"),
    "a context above the term": move(".//t:descrip[@type='context']", ".//t:langSec"),
    "a status of one's own": lambda root: setattr(root.find(".//t:termNote", NS), "text", "goed"),
    "a date with a time": lambda root: setattr(root.find(".//t:date", NS), "text", "2026-11-23T1"),
    "an id that starts with a digit": lambda root: root.find(".//t:conceptEntry", NS).set(
        "id", "1"
    ),
    "another style": lambda root: root.set("style", "dct"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_rules_see_each_fault(name: str) -> None:
    """Every rule that the valid tests lean on rejects a document that breaks it."""
    root = read(write("tbx", [RICH]))
    BREAKS[name](root)
    assert not RULES.validate(root)
