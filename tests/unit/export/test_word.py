"""The Word document as python-docx reads it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import given, settings

from tests.unit.export.support import CHANGED, awkward_begrippen, begrip, item, known
from voorbeelden.export import ExportBegrip, ItemStatus, Kader, write
from voorbeelden.export.texts import prose
from voorbeelden.model import ExampleType


def read(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def lines(document: Any) -> list[tuple[str, str]]:
    """Style and text of every paragraph."""
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


RICH = begrip(
    item(ExampleType.TOELICHTING, "Vanaf het vermoeden."),
    item(ExampleType.TEGENVOORBEELDEN, "Een getuige.", reden="Hij zag het alleen."),
    item(ExampleType.VOORBEELDZINNEN, "Tweede zin.", position=2),
    item(ExampleType.VOORBEELDZINNEN, "Eerste zin.", position=1),
    item(ExampleType.SYNONIEMEN, "beschuldigde"),
    item(ExampleType.SYNONIEMEN, "dader", status=ItemStatus.VOORSTEL, position=9),
    voorkeursterm="beschuldigde",
)


def test_one_begrip_reads_from_title_to_toelichting() -> None:
    """The whole text in order: types in reading order, items by position."""
    document = read(write("word", [RICH], kader=Kader("Strafrecht")))
    assert lines(document) == [
        ("Title", "Strafrecht"),
        ("Subtitle", "1 begrip, bijgewerkt tot 24 november 2026"),
        ("Heading 1", "beschuldigde"),
        ("Normal", "Vastgelegd als: verdachte"),
        ("Heading 2", "Definitie"),
        ("Normal", RICH.definitie),
        ("Heading 2", "Context"),
        ("Normal", "Organisatorisch: Openbaar Ministerie"),
        ("Normal", "Juridisch: strafprocesrecht"),
        ("Normal", "Wettelijk: Wetboek van Strafvordering"),
        ("Heading 2", "Voorbeeldzinnen"),
        ("List Number", "Eerste zin."),
        ("List Number", "Tweede zin."),
        ("Heading 2", "Tegenvoorbeelden"),
        ("List Number", "Een getuige.\nReden: Hij zag het alleen."),
        ("Heading 2", "Synoniemen"),
        ("List Number", "beschuldigde"),
        ("Heading 2", "Toelichting"),
        ("Normal", "Vanaf het vermoeden."),
    ]


def test_a_status_is_named_when_all_items_go_out() -> None:
    """What is not approved says so; the rest is as before."""
    document = read(write("word", [RICH], only_approved=False))
    assert ("List Number", "dader (voorstel)") in lines(document)
    assert ("List Number", "beschuldigde") in lines(document)


def test_a_begrip_without_examples_says_so() -> None:
    """An empty chapter is no mistake of the printer."""
    assert lines(read(write("word", [begrip()])))[-1] == (
        "Normal",
        "Bij dit begrip zijn geen voorbeelden opgenomen.",
    )


def test_several_begrippen_have_a_list_that_links_to_each() -> None:
    """Every entry of the list points to a bookmark that is there, in the right chapter."""
    begrippen = [known(place) for place in range(3)]
    document = read(write("word", begrippen))
    body = document.element.body
    links = {
        link.get(qn("w:anchor")): "".join(text.text for text in link.iter(qn("w:t")))
        for link in body.iter(qn("w:hyperlink"))
    }
    marks = {
        mark.get(qn("w:name")): "".join(text.text for text in mark.getparent().iter(qn("w:t")))
        for mark in body.iter(qn("w:bookmarkStart"))
    }
    assert list(links.values()) == [b.begrip for b in begrippen]
    assert links == marks
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == len(ids)


def test_every_list_counts_from_one() -> None:
    """A list of its own for each type of each begrip, restarted at 1."""
    document = read(write("word", [known(0), known(1)]))
    numbering = document.part.numbering_part.element
    restarted = {
        num.numId
        for num in numbering.num_lst
        if num.find(f".//{qn('w:startOverride')}") is not None
    }
    lists: list[int] = []
    heading = False
    for paragraph in document.paragraphs:
        if paragraph.style.name == "List Number":
            number = paragraph._p.pPr.numPr.numId.val
            assert (not lists or lists[-1] != number) == heading
            if heading:
                assert number not in lists
                lists.append(number)
        heading = paragraph.style.name == "Heading 2"
    assert len(lists) >= 8
    assert set(lists) <= restarted


def test_pages_are_a4_in_dutch_with_running_titles() -> None:
    """Paper, language, title above and "Pagina x van y" below every page."""
    document = read(write("word", [known(0)], kader=Kader("Strafrecht")))
    (section,) = document.sections
    # Word counts in twentieths of a point (635 of python-docx' units).
    assert section.page_width == pytest.approx(Cm(21.0), abs=635)
    assert section.page_height == pytest.approx(Cm(29.7), abs=635)
    assert section.header.paragraphs[0].text == "Strafrecht"
    footer = section.footer.paragraphs[0]
    assert footer.text == "Pagina 1 van 1"
    codes = [code.text.strip() for code in footer._p.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    languages = {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"nl-NL"}
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Number"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Calibri"
        assert fonts.get(qn("w:asciiTheme")) is None


def test_properties_are_ours() -> None:
    """Title, language and moment; nothing of the template's own author or picture."""
    data = write("word", [known(0)])
    properties = read(data).core_properties
    assert (properties.title, properties.language) == ("Begrippen met voorbeelden", "nl-NL")
    assert properties.modified == CHANGED.replace(microsecond=0)
    assert (properties.author, properties.comments) == ("", "")
    assert not [name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "thumb" in name]


@pytest.mark.parametrize("count", [0, 1])
def test_a_document_without_dates_is_made_too(count: int) -> None:
    """No begrippen, or none that was ever changed."""
    document = read(write("word", [replace(known(0), changed_at=None)] * count))
    assert lines(document)[1] == ("Subtitle", "1 begrip" if count else "0 begrippen")


@settings(max_examples=8, deadline=None)
@given(begrippen=awkward_begrippen())
def test_any_text_survives(begrippen: tuple[ExportBegrip, ...]) -> None:
    """Definitions read back as written, apart from what XML cannot hold."""
    found = [text for _, text in lines(read(write("word", begrippen, only_approved=False)))]
    for begrip_ in begrippen:
        assert prose(begrip_.definitie) in found
