"""TBX-Basic, version 3 (ISO 30042:2019), in the style DCA: data category as attribute.

TBX-Basic allows three ``descrip`` types, each at its own level: subjectField (conceptEntry),
definition (langSec here) and context (termSec). It has no example, explanation or antonym, so
those are ``note`` elements with a Dutch label. The dialect is published by LTAC Global and
TerminOrgs (https://www.tbxinfo.net/); part of speech is unknown here and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from voorbeelden.clock import local
from voorbeelden.export import view
from voorbeelden.export.model import ExportBegrip, ExportError, Kader
from voorbeelden.export.texts import one_line, prose, with_texts
from voorbeelden.model import ExampleType

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "urn:iso:std:iso:30042:ed-2"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9.-]")


def write_tbx(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """One XML document, UTF-8.

    Raises:
        ExportError: there are no begrippen; a TBX body has at least one.
    """
    from lxml import etree

    if not begrippen:
        raise ExportError(
            "Een TBX-bestand bevat minstens één begrip. Kies eerst een of meer begrippen."
        )
    root = etree.Element(f"{{{NAMESPACE}}}tbx", nsmap={None: NAMESPACE})
    root.set("type", "TBX-Basic")
    root.set("style", "dca")
    root.set(_XML_LANG, "nl")
    description = _sub(_sub(root, "tbxHeader"), "fileDesc")
    _sub(_sub(description, "titleStmt"), "title", prose(kader.naam))
    _sub(_sub(description, "sourceDesc"), "p", "Uitvoer van begrippen met beoordeelde voorbeelden.")
    body = _sub(_sub(root, "text"), "body")
    for begrip in begrippen:
        _entry(body, with_texts(begrip, prose))
    etree.indent(root, space="  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _entry(body: _Element, begrip: ExportBegrip) -> None:
    entry = _sub(body, "conceptEntry", id=_xml_id(view.identity(begrip)))
    for field in view.contexts(begrip, "juridisch"):
        _sub(entry, "descrip", field, type="subjectField")
    if begrip.changed_at is not None:
        transaction = _sub(entry, "transacGrp")
        _sub(transaction, "transac", "modification", type="transactionType")
        _sub(transaction, "date", local(begrip.changed_at).date().isoformat())
    _notes(entry, (f"Organisatorisch: {text}" for text in view.contexts(begrip, "organisatorisch")))
    _notes(entry, view.remarks(begrip))
    _language(_sub(entry, "langSec", **{_XML_LANG: "nl"}), begrip)


def _language(section: _Element, begrip: ExportBegrip) -> None:
    sources = view.contexts(begrip, "wettelijk")
    if begrip.definitie.strip():
        group = _sub(section, "descripGrp")
        _sub(group, "descrip", begrip.definitie, type="definition")
    else:
        group = section
    for source in sources:
        _sub(group, "admin", source, type="source")
    _notes(
        section, (f"Toelichting: {text}" for text in view.texts(begrip, ExampleType.TOELICHTING))
    )
    _notes(
        section,
        (
            f"Praktijkvoorbeeld: {text}"
            for text in view.texts(begrip, ExampleType.PRAKTIJKVOORBEELDEN)
        ),
    )
    _notes(section, view.counter_examples(begrip))
    _notes(section, view.opposites(begrip))
    preferred, others = view.term(begrip), view.other_terms(begrip)
    # The sentences use the begrip, which need not be the preferred term.
    own = one_line(begrip.begrip)
    home = own if own in others else preferred
    sentences = view.texts(begrip, ExampleType.VOORBEELDZINNEN)
    for term in (preferred, *others):
        status = "preferredTerm-admn-sts" if term == preferred else "admittedTerm-admn-sts"
        _term(section, term, status, sentences if term == home else ())


def _term(section: _Element, term: str, status: str, sentences: Iterable[str]) -> None:
    part = _sub(section, "termSec")
    _sub(part, "term", term)
    _sub(part, "termNote", status, type="administrativeStatus")
    for sentence in sentences:
        _sub(part, "descrip", sentence, type="context")


def _notes(parent: _Element, texts: Iterable[str]) -> None:
    for text in texts:
        _sub(parent, "note", text)


def _sub(parent: _Element, tag: str, text: str | None = None, **attributes: str) -> _Element:
    from lxml import etree

    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    child.text = text
    return child


def _xml_id(identity: str) -> str:
    """An xs:ID: no leading digit, and no two identities give the same."""
    return "c-" + _NOT_IN_ID.sub(lambda found: f"_{ord(found.group()):x}_", identity)
