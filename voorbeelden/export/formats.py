"""The formats that begrippen can be exported to, by their stable keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from voorbeelden.export.csv_file import write_csv
from voorbeelden.export.excel import write_excel
from voorbeelden.export.json_file import write_json
from voorbeelden.export.model import DEFAULT_KADER, ExportBegrip, ExportError, ItemStatus, Kader
from voorbeelden.export.skos import write_json_ld, write_turtle
from voorbeelden.export.tbx import write_tbx
from voorbeelden.export.texts import encodable, with_texts
from voorbeelden.export.word import write_word


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes:
        name: Dutch, for a list to choose from.
        extension: with its dot.
        mime: media type.
        write: begrippen, as they are to appear, to the content of the file; ``write`` of this
            module picks the items first.
    """

    name: str
    extension: str
    mime: str
    write: Callable[[Sequence[ExportBegrip], Kader], bytes]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "word": Format("Word", ".docx", f"{_OFFICE}.wordprocessingml.document", write_word),
        "excel": Format("Excel", ".xlsx", f"{_OFFICE}.spreadsheetml.sheet", write_excel),
        "csv": Format("CSV (tekst met puntkomma’s)", ".csv", "text/csv", write_csv),
        "turtle": Format("NL-SBB / SKOS (Turtle)", ".ttl", "text/turtle", write_turtle),
        "jsonld": Format(
            "NL-SBB / SKOS (JSON-LD)", ".jsonld", "application/ld+json", write_json_ld
        ),
        "tbx": Format("TBX-Basic (termenbank)", ".tbx", "application/xml", write_tbx),
        "json": Format("JSON", ".json", "application/json", write_json),
    }
)


def write(
    format: str,
    begrippen: Sequence[ExportBegrip],
    only_approved: bool = True,
    *,
    kader: Kader = DEFAULT_KADER,
) -> bytes:
    """The content of a file in ``FORMATS[format]``.

    ``only_approved`` leaves out every item that is not goedgekeurd. Without it all items go out:
    the tables, JSON and Word name the status of each; NL-SBB and TBX give those that are not
    approved as a remark, never as a synonym or an example.

    Raises:
        KeyError: there is no such format.
        ExportError: the data does not fit the format; the text is Dutch and for the editor.
        ValueError: two begrippen have the same id.
    """
    chosen = FORMATS[format]
    doubles = [key for key, count in Counter(b.id for b in begrippen if b.id).items() if count > 1]
    if doubles:
        raise ValueError(f"begrippen with the same id: {doubles[:3]}")
    if any(not begrip.begrip.strip() for begrip in begrippen):
        raise ExportError("Een van de begrippen heeft geen naam. Vul eerst het begrip in.")
    prepared = [with_texts(_chosen(begrip, only_approved), encodable) for begrip in begrippen]
    return chosen.write(prepared, replace(kader, naam=encodable(kader.naam)))


def _chosen(begrip: ExportBegrip, only_approved: bool) -> ExportBegrip:
    if not only_approved:
        return begrip
    kept = tuple(item for item in begrip.items if item.status == ItemStatus.GOEDGEKEURD)
    return replace(begrip, items=kept)
