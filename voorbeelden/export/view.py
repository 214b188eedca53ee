"""How a begrip reads outside the app: terms, sources, notes. Shared by every publishing format.

Only items that are goedgekeurd are ever asserted as what they are. When the others are let
through, the formats that cannot mark them show them as a remark (``remarks``), so that nobody's
draft becomes a published synonym.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from voorbeelden.export.model import ExportBegrip, ExportItem, ItemStatus
from voorbeelden.export.texts import one_line
from voorbeelden.model import ExampleType

HEADINGS: Final[Mapping[ExampleType, str]] = MappingProxyType(
    {
        ExampleType.VOORBEELDZINNEN: "Voorbeeldzinnen",
        ExampleType.PRAKTIJKVOORBEELDEN: "Praktijkvoorbeelden",
        ExampleType.TEGENVOORBEELDEN: "Tegenvoorbeelden",
        ExampleType.SYNONIEMEN: "Synoniemen",
        ExampleType.ANTONIEMEN: "Antoniemen",
        ExampleType.TOELICHTING: "Toelichting",
    }
)

_SINGULAR: Final[Mapping[ExampleType, str]] = MappingProxyType(
    {
        ExampleType.VOORBEELDZINNEN: "voorbeeldzin",
        ExampleType.PRAKTIJKVOORBEELDEN: "praktijkvoorbeeld",
        ExampleType.TEGENVOORBEELDEN: "tegenvoorbeeld",
        ExampleType.SYNONIEMEN: "synoniem",
        ExampleType.ANTONIEMEN: "antoniem",
        ExampleType.TOELICHTING: "toelichting",
    }
)

_NAMES: Final = uuid.UUID("5f0c7c58-6a1b-5d0e-9a53-6b0f5d1f4f0a")


def term(begrip: ExportBegrip) -> str:
    """The preferred term: the voorkeursterm, or else the begrip."""
    return one_line(begrip.voorkeursterm or "") or one_line(begrip.begrip)


def other_terms(begrip: ExportBegrip) -> tuple[str, ...]:
    """The begrip, when it is not the preferred term, and the approved synonyms; each once.

    SKOS S13 wants preferred and alternative labels disjoint, so the preferred term is not in it.
    """
    seen = {_same(term(begrip))}
    found = []
    for text in (begrip.begrip, *texts(begrip, ExampleType.SYNONIEMEN)):
        candidate = one_line(text)
        if candidate and _same(candidate) not in seen:
            seen.add(_same(candidate))
            found.append(candidate)
    return tuple(found)


def items_of(begrip: ExportBegrip, kind: ExampleType) -> tuple[ExportItem, ...]:
    """All items of one type, by position."""
    return tuple(
        sorted((item for item in begrip.items if item.type is kind), key=lambda item: item.position)
    )


def approved(begrip: ExportBegrip, kind: ExampleType) -> tuple[ExportItem, ...]:
    return tuple(item for item in items_of(begrip, kind) if item.status == ItemStatus.GOEDGEKEURD)


def texts(begrip: ExportBegrip, kind: ExampleType) -> tuple[str, ...]:
    """The approved texts of one type, by position."""
    return tuple(item.text for item in approved(begrip, kind))


def counter_examples(begrip: ExportBegrip) -> tuple[str, ...]:
    """ "Geen voorbeeld: …", with the reason when there is one: a note, never an example."""
    return tuple(
        f"Geen voorbeeld: {_with_reason(item)}"
        for item in approved(begrip, ExampleType.TEGENVOORBEELDEN)
    )


def opposites(begrip: ExportBegrip) -> tuple[str, ...]:
    """ "Tegenhanger: …": SKOS and TBX-Basic have no antonyms."""
    return tuple(f"Tegenhanger: {text}" for text in texts(begrip, ExampleType.ANTONIEMEN))


def remarks(begrip: ExportBegrip) -> tuple[str, ...]:
    """The items that are not approved, each named with its status: "Voorstel (synoniem): …"."""
    return tuple(
        f"{item.status.capitalize()} ({_SINGULAR[kind]}): {_with_reason(item)}"
        for kind in ExampleType
        for item in items_of(begrip, kind)
        if item.status != ItemStatus.GOEDGEKEURD
    )


def contexts(begrip: ExportBegrip, key: str) -> tuple[str, ...]:
    return tuple(entry for entry in begrip.context.get(key, ()) if entry.strip())


def identity(begrip: ExportBegrip) -> str:
    """The id, or for a new begrip one that follows from its term and definition."""
    return begrip.id or str(stable_uuid("begrip", begrip.begrip, begrip.definitie))


def stable_uuid(*parts: str) -> uuid.UUID:
    """The same parts give the same UUID (version 5, RFC 9562), on every machine."""
    return uuid.uuid5(_NAMES, "\x1f".join(parts))


def _with_reason(item: ExportItem) -> str:
    return f"{item.text} Reden: {item.reden}" if item.reden else item.text


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text)
