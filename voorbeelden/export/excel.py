"""The table as an Excel workbook, and back.

Rows are streamed: 19,499 of them took 12 MB of memory on top of the data, where pandas'
``to_excel`` took 96 MB (docs/export.md, "Cost"). Strings stay strings: no guarded text starts with
"=" or is the name of an error value, so openpyxl types none as a formula or an error.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from voorbeelden.export.cells import COLUMNS, Value, table_rows, unguard
from voorbeelden.export.item_cells import BadCell
from voorbeelden.export.model import ExportBegrip, ExportError, ItemStatus, Kader
from voorbeelden.export.ooxml_text import escape, unescape
from voorbeelden.export.rows import Row, Unreadable
from voorbeelden.model import ExampleType

SHEET: Final = "Begrippen"
_LONGEST_CELL: Final = 32_767
_MOST_ROWS: Final = 1_048_576
_MOST_UNPACKED: Final = 500_000_000
"""Bytes. 19,499 rows of ordinary texts unpacked to 26 MB."""
_WIDTHS: Final = {
    "definitie": 50.0,
    "tekst": 70.0,
    "reden": 40.0,
    "notitie": 30.0,
    "volgorde": 10.0,
}
_OTHER_WIDTH: Final = 20.0
_CHOICES: Final = {"soort": tuple(ExampleType), "status": tuple(ItemStatus)}
_BEGRIP: Final = COLUMNS.index("begrip")
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
# What zipfile, the XML parser and openpyxl raise for a file that is no workbook or a broken one.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)


def write_excel(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """A workbook with one sheet, ``SHEET``: a header and one row an item (``cells.COLUMNS``).

    Raises:
        ExportError: a text is longer than a cell can be (Excel would cut it off), or there are
            more rows than a sheet can have.
    """
    from openpyxl import Workbook

    rows = [[_stored(value, row) for value in row] for row in table_rows(begrippen)]
    if len(rows) >= _MOST_ROWS:
        raise ExportError(
            "Dit zijn meer rijen dan een Excel-blad kan hebben (1.048.576). "
            "Kies minder begrippen, of kies CSV of JSON."
        )
    workbook = Workbook(write_only=True)
    workbook.properties.title = escape(kader.naam)
    workbook.properties.creator = ""
    workbook.properties.language = "nl-NL"
    sheet = workbook.create_sheet(SHEET)
    _dress(sheet, len(rows) + 1)
    _append(sheet, rows)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def read_excel(data: bytes) -> Iterator[Row]:
    """The rows of the sheet ``SHEET``, or of the first sheet, the header included.

    Numbers and dates become text; a formula or an error value is a ``BadCell``.

    Raises:
        Unreadable: here or while iterating, when this is no workbook.
    """
    if data.startswith(_OLE_MAGIC):
        raise Unreadable(
            "Dit is een oud Excel-bestand (.xls) of het is met een wachtwoord beveiligd.",
            "Sla het zonder wachtwoord op als .xlsx.",
        )
    try:
        yield from _rows(data)
    except _BROKEN as error:
        raise Unreadable(
            "Dit is geen leesbaar Excel-bestand.",
            "Open het in Excel en sla het opnieuw op als .xlsx of als CSV.",
        ) from error


def _rows(data: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
            raise Unreadable(
                "Dit Excel-bestand is te groot om te lezen.",
                "Verdeel de rijen over meer bestanden.",
            )
    workbook = load_workbook(io.BytesIO(data), read_only=True)
    try:
        sheets = workbook.worksheets
        sheet = next((sheet for sheet in sheets if sheet.title == SHEET), sheets[0])
        # Some programs write a wrong size, and rows beyond it would silently be skipped.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield Row(number, [_read(cell.value, cell.data_type) for cell in cells])
    finally:
        workbook.close()


def _read(value: Any, kind: str) -> str | BadCell:
    if kind == "f":
        return BadCell(
            "hier staat een formule.",
            "Vervang hem door zijn uitkomst (kopiëren en plakken als waarde).",
        )
    if kind == "e":
        return BadCell(f"hier staat de Excel-fout {value}.", "Verbeter de cel of maak hem leeg.")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unescape(str(value))


def _stored(value: Value, row: tuple[Value, ...]) -> Value | None:
    if isinstance(value, int):
        return value
    if not value:
        return None
    stored = escape(value)
    if len(stored.encode("utf-16-le")) // 2 > _LONGEST_CELL:
        raise ExportError(
            f"Een tekst bij het begrip ‘{unguard(str(row[_BEGRIP]))[:60]}’ is te lang voor Excel "
            "(meer dan 32.767 tekens). Kies CSV of JSON."
        )
    return stored


def _dress(sheet: Any, rows: int) -> None:
    """Widths, a header that stays in sight, filters and lists of choices."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = get_column_letter(len(COLUMNS))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}{rows}"
    for place, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _WIDTHS.get(name, _OTHER_WIDTH)
        if name != "volgorde":
            # Text format: what an editor types in a new row stays what was typed.
            dimension.number_format = "@"
        if name in _CHOICES:
            listed = ",".join(_CHOICES[name])
            choices = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            choices.add(f"{letter}2:{letter}{_MOST_ROWS}")
            sheet.data_validations.append(choices)


def _append(sheet: Any, rows: Iterable[Sequence[Value | None]]) -> None:
    """The header in bold and the rows wrapped, at the top of their cells."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    header = [WriteOnlyCell(sheet, name) for name in COLUMNS]
    # A row is on disk when append returns, so one styled cell a column serves all rows.
    line = [WriteOnlyCell(sheet) for _ in COLUMNS]
    for title, cell in zip(header, line, strict=True):
        title.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.append(header)
    for row in rows:
        for cell, value in zip(line, row, strict=True):
            cell.value = value
        sheet.append(line)
