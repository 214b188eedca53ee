"""A table that an editor brings along: CSV or Excel to begrippen."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from voorbeelden.export.csv_file import read_csv
from voorbeelden.export.excel import read_excel
from voorbeelden.export.model import ImportResult, RowError
from voorbeelden.export.rows import Unreadable, collect

_CSV: Final = (".csv", ".txt", ".tsv")
_EXCEL: Final = (".xlsx", ".xlsm")
_ZIP_MAGIC: Final = b"PK\x03\x04"
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"


def read_table(data: bytes, filename: str) -> ImportResult:
    """The begrippen in a table with the columns of ``cells.COLUMNS``.

    ``begrip`` and ``definitie`` have to be there, the others may; the order is free. What the file
    is follows from its content, and from the name when that says nothing. Raises nothing for any
    content: what cannot be used is in ``errors``.
    """
    suffix = PurePath(filename).suffix.casefold()
    try:
        if data.startswith((_ZIP_MAGIC, _OLE_MAGIC)) or suffix in _EXCEL:
            return collect(read_excel(data))
        if suffix in _CSV:
            rows, notes = read_csv(data)
            return collect(rows, notes)
    except Unreadable as unreadable:
        return _failed(unreadable.problem, unreadable.advice)
    return _failed(
        f"Bestanden van het type ‘{suffix or 'onbekend'}’ kunnen niet worden gelezen.",
        "Kies een bestand dat op .xlsx of .csv eindigt.",
    )


def _failed(problem: str, advice: str) -> ImportResult:
    return ImportResult((), (RowError(None, None, problem, advice),))
