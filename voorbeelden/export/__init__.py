"""Begrippen to files that others can read, and tables back to begrippen. Pure: bytes in and out."""

from __future__ import annotations

from voorbeelden.export.cells import COLUMNS
from voorbeelden.export.formats import FORMATS, Format, write
from voorbeelden.export.model import (
    DEFAULT_KADER,
    ExportBegrip,
    ExportError,
    ExportItem,
    ImportResult,
    ItemStatus,
    Kader,
    RowError,
)
from voorbeelden.export.reading import read_table

__all__ = [
    "COLUMNS",
    "DEFAULT_KADER",
    "FORMATS",
    "ExportBegrip",
    "ExportError",
    "ExportItem",
    "Format",
    "ImportResult",
    "ItemStatus",
    "Kader",
    "RowError",
    "read_table",
    "write",
]
