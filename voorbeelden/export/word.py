"""A Word document that one would send: the begrippen with their context and examples."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from voorbeelden.export import view
from voorbeelden.export.model import ExportBegrip, ExportItem, ItemStatus, Kader
from voorbeelden.export.texts import dutch_date, one_line, prose, with_texts
from voorbeelden.export.word_parts import (
    Body,
    add_bookmark,
    add_link,
    add_page_numbers,
    drop_thumbnail,
    set_language,
)
from voorbeelden.export.word_style import set_page, set_styles
from voorbeelden.model import CONTEXT_KEYS, ExampleType

if TYPE_CHECKING:
    from docx.document import Document

_LANGUAGE: Final = "nl-NL"


def write_word(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """Office Open XML: a title, the list of begrippen when there are several, a chapter each."""
    import docx

    document = docx.Document()
    title = one_line(prose(kader.naam))
    moments = [begrip.changed_at for begrip in begrippen if begrip.changed_at is not None]
    set_styles(document)
    set_page(document)
    set_language(document, _LANGUAGE)
    drop_thumbnail(document)
    _properties(document, title, max(moments, default=None))
    _running_titles(document, title)
    body = Body(document)
    body.paragraph(title, "Title")
    body.paragraph(_subtitle(len(begrippen), moments), "Subtitle")
    ready = [with_texts(begrip, prose) for begrip in begrippen]
    if len(ready) > 1:
        for place, begrip in enumerate(ready, start=1):
            add_link(body.paragraph("", "Inhoud"), view.term(begrip), _anchor(place))
    for place, begrip in enumerate(ready, start=1):
        add_bookmark(body.paragraph(view.term(begrip), "Heading 1"), _anchor(place), place)
        _chapter(body, begrip)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _chapter(body: Body, begrip: ExportBegrip) -> None:
    own = one_line(begrip.begrip)
    if own != view.term(begrip):
        _labelled(body, "Vastgelegd als", own)
    if begrip.definitie.strip():
        body.paragraph("Definitie", "Heading 2")
        body.paragraph(begrip.definitie)
    if any(view.contexts(begrip, key) for key in CONTEXT_KEYS):
        body.paragraph("Context", "Heading 2")
        for key in CONTEXT_KEYS:
            if entries := view.contexts(begrip, key):
                _labelled(body, key.capitalize(), "; ".join(entries))
    for kind in ExampleType:
        if items := view.items_of(begrip, kind):
            body.paragraph(view.HEADINGS[kind], "Heading 2")
            _items(body, items, numbered=kind is not ExampleType.TOELICHTING)
    if not begrip.items:
        body.paragraph("Bij dit begrip zijn geen voorbeelden opgenomen.")


def _items(body: Body, items: Sequence[ExportItem], *, numbered: bool) -> None:
    list_id = body.new_list() if numbered else 0
    for item in items:
        paragraph = body.list_item(item.text, list_id) if numbered else body.paragraph(item.text)
        if item.status != ItemStatus.GOEDGEKEURD:
            paragraph.add_run(f" ({item.status})").italic = True
        if item.reden:
            paragraph.add_run().add_break()
            paragraph.add_run("Reden: ").italic = True
            paragraph.add_run(item.reden)


def _labelled(body: Body, label: str, text: str) -> None:
    paragraph = body.paragraph("")
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(text)


def _subtitle(count: int, moments: Sequence[datetime]) -> str:
    amount = "1 begrip" if count == 1 else f"{count} begrippen"
    return f"{amount}, bijgewerkt tot {dutch_date(max(moments))}" if moments else amount


def _properties(document: Document, title: str, changed: datetime | None) -> None:
    properties = document.core_properties
    properties.title = title[:255]
    properties.language = _LANGUAGE
    properties.author = ""
    properties.comments = ""
    # python-docx writes UTC and takes the moment without a zone.
    moment = (changed or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    properties.created = moment
    properties.modified = moment


def _running_titles(document: Document, title: str) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = title
    add_page_numbers(section.footer.paragraphs[0])


def _anchor(place: int) -> str:
    return f"begrip_{place}"
