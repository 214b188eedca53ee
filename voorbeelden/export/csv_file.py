"""The table as CSV: UTF-8 with a byte order mark and semicolons, which a Dutch Excel opens.

Reading also takes commas and tabs, UTF-16 (Excel's "Unicode-tekst") and Windows-1252 (Excel's
plain CSV).
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from voorbeelden.export.cells import COLUMNS, table_rows
from voorbeelden.export.header import canonical
from voorbeelden.export.model import ExportBegrip, Kader
from voorbeelden.export.rows import Row, Unreadable

_SEPARATORS: Final = ";,\t"


def write_csv(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """A header and one row an item (see ``cells.COLUMNS``); every cell is quoted."""
    import pandas as pd

    frame = pd.DataFrame(table_rows(begrippen), columns=list(COLUMNS), dtype=object)
    buffer = io.BytesIO()
    frame.to_csv(
        buffer,
        index=False,
        sep=";",
        quoting=csv.QUOTE_ALL,
        lineterminator="\r\n",
        encoding="utf-8-sig",
    )
    return buffer.getvalue()


def read_csv(data: bytes) -> tuple[Iterator[Row], tuple[str, ...]]:
    """The rows of a CSV file, the header included, and Dutch remarks about how it was read.

    Raises:
        Unreadable: here or while iterating, when this is no text or a quote is never closed.
    """
    text, notes = _decoded(data)
    return _rows(text, _separator(text)), notes


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), ()
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(
            "Dit is geen leesbaar tekstbestand.",
            "Sla het in Excel op als ‘CSV UTF-8’ of als .xlsx.",
        ) from error
    note = (
        "Het bestand is geen UTF-8 en is gelezen als Windows-1252. "
        "Controleer de letters met accenten."
    )
    return text, (note,)


def _separator(text: str) -> str:
    """The separator under which the first row names most of the columns."""

    def known(separator: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            names = next((row for row in reader if any(row)), [])
        except csv.Error:
            return 0
        return sum(canonical(name) in COLUMNS for name in names)

    return max(_SEPARATORS, key=known)


def _rows(text: str, separator: str) -> Iterator[Row]:
    # strict: a quote that is never closed would otherwise swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, tuple(cells))
    except csv.Error as error:
        raise Unreadable(
            f"De tekst na rij {number} is niet te lezen.",
            'Meestal staat er een aanhalingsteken (") te veel of te weinig, '
            "of is een cel langer dan 131.072 tekens.",
        ) from error
