"""The editor's desk in a real browser: from generating to reviewing, finding back and exporting."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import RDF, SH, SKOS

from tests.browser.desk import button, choose, drawn, generate, go, kept, texts
from voorbeelden.export import FORMATS

RULES = Path(__file__).parents[1] / "unit" / "export"
"""The rules that the exports' own tests check against: SHACL shapes and a RELAX NG grammar."""

OWN = "De verdachte vroeg om een tolk voordat hij iets verklaarde."


# rdflib's own JSON-LD reader uses a class that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_review_outlives_a_new_generation_and_leaves_as_every_file(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    """Two approved and one edited item stand untouched after the type is made again and after a
    reload; the history finds the begrip and opens it; every export holds the two approved ones
    and not the one that is still to be judged, read back by a reader of somebody else's."""
    page.goto(app_url)
    generate(page)
    expect(page.get_by_text("Alle 6 soorten zijn klaar")).to_be_visible()
    drawn(page)
    expect(kept(page)).to_have_count(3)

    approved = page.locator('.vb-item[data-status="goedgekeurd"]')
    for number in (1, 2):
        button(page, "Goedkeuren")
        expect(approved).to_have_count(number)
    button(page, "Bewerken", 2)
    page.get_by_label("Tekst", exact=True).fill(OWN)
    button(page, "Bewaar")
    expect(kept(page).get_by_text(OWN)).to_be_visible()
    two = texts(page, "goedgekeurd")
    assert len(two) == 2

    button(page, "Opnieuw")
    expect(kept(page)).to_have_count(4)
    drawn(page)
    assert texts(page, "goedgekeurd") == two
    assert OWN in texts(page, "voorstel")

    page.reload()
    expect(kept(page)).to_have_count(4)
    assert texts(page, "goedgekeurd") == two
    assert OWN in texts(page, "voorstel")
    expect(page.get_by_label("Begrip", exact=True)).to_have_value("verdachte")

    go(page, "Geschiedenis")
    page.get_by_label("Zoeken", exact=True).fill("een tolk")
    page.get_by_label("Zoeken", exact=True).press("Enter")
    expect(page.get_by_text("1 begrip gevonden")).to_be_visible()
    button(page, "Terugkijken")
    expect(page.locator(".vb-compare .vb-only").first).to_be_visible()
    button(page, "Openen")
    expect(kept(page)).to_have_count(4)
    assert texts(page, "goedgekeurd") == two

    go(page, "Geschiedenis")
    button(page, "Terugkijken")
    button(page, "Uitvoeren")
    expect(page.get_by_role("button", name="Download", exact=True)).to_be_visible()
    files = {key: exported(page, key, tmp_path) for key in FORMATS}
    for key, data in files.items():
        read = READERS[key](data)
        assert all(text in read for text in two), key
        assert OWN not in read, key


def exported(page: Page, key: str, folder: Path) -> bytes:
    name = f"verdachte{FORMATS[key].extension}"
    choose(page, "Bestandsvorm", FORMATS[key].name)
    # Until this stands there the button gives the file of the format before.
    expect(page.get_by_text(f"{name} · ")).to_be_visible()
    with page.expect_download() as download:
        button(page, "Download")
    target = folder / key
    download.value.save_as(target)
    assert download.value.suggested_filename == name
    return target.read_bytes()


def _graph(data: bytes, form: str) -> str:
    graph = Graph().parse(data=data, format=form)
    [concept] = graph.subjects(RDF.type, SKOS.Concept)
    assert list(graph.objects(concept, SKOS.inScheme))
    assert [str(label) for label in graph.objects(concept, SKOS.prefLabel)] == ["verdachte"]
    shapes = Graph().parse(RULES / "nl_sbb_shapes.ttl")
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph)
    # Counted here: with a warning beside it, pySHACL calls a violation conforming.
    assert SH.Violation not in set(report.objects(None, SH.resultSeverity))
    return "\n".join(str(value) for value in graph.objects(None, SKOS.example))


def _termbase(data: bytes) -> str:
    root = etree.fromstring(data)
    rules = etree.RelaxNG(etree.parse(RULES / "tbx_basic.rng"))
    assert rules.validate(root), rules.error_log.last_error
    return "\n".join(root.itertext())


def _cells(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data), read_only=True)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def _paragraphs(data: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(data)).paragraphs)


def _csv(data: bytes) -> str:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    return "\n".join(cell for row in rows for cell in row)


READERS = {
    "word": _paragraphs,
    "excel": _cells,
    "csv": _csv,
    "turtle": lambda data: _graph(data, "turtle"),
    "jsonld": lambda data: _graph(data, "json-ld"),
    "tbx": _termbase,
    "json": lambda data: data.decode(),
}
