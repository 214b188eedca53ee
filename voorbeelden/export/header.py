"""The header of an imported table: which column is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from voorbeelden.export.cells import COLUMNS, REQUIRED
from voorbeelden.export.model import RowError


def canonical(name: str) -> str:
    """A column's name as ``cells.COLUMNS`` spells it: "Begrip ID " is ``begrip_id``."""
    return "_".join(name.strip().strip("\ufeff").casefold().replace("-", " ").split())


def read_header(
    row: int, names: Sequence[str]
) -> tuple[dict[str, int], tuple[RowError, ...], tuple[str, ...]]:
    """Column name to place, what is wrong with the header, and remarks on columns not used.

    Columns may stand in any order; ``cells.REQUIRED`` have to be there.
    """
    found = [canonical(name) for name in names]
    places = {name: place for place, name in enumerate(found) if name in COLUMNS}
    unknown = [
        (name.strip(), plain)
        for name, plain in zip(names, found, strict=True)
        if plain and plain not in COLUMNS
    ]
    errors = [
        RowError(
            row,
            name,
            "deze kolom ontbreekt.",
            f"Zet ‘{name}’ in de kopregel boven de kolom{_suspects(name, unknown)}.",
        )
        for name in REQUIRED
        if name not in places
    ]
    errors += [
        RowError(row, name, "deze kolom staat er twee keer.", "Verwijder of hernoem er één.")
        for name, count in Counter(found).items()
        if name in COLUMNS and count > 1
    ]
    notes = tuple(f"De kolom ‘{name}’ is niet bekend en is overgeslagen." for name, _ in unknown)
    return places, tuple(errors), notes


def _suspects(name: str, unknown: Sequence[tuple[str, str]]) -> str:
    close = get_close_matches(name, [plain for _, plain in unknown], n=1)
    shown = next((written for written, plain in unknown if close and plain == close[0]), None)
    return f" (bedoelt u ‘{shown}’?)" if shown else ""
