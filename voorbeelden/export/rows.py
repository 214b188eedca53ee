"""Rows of a table to begrippen, with an error for every cell that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voorbeelden.export.cells import BEGRIP_COLUMNS, COLUMNS, ITEM_COLUMNS, split_entries, unguard
from voorbeelden.export.header import read_header
from voorbeelden.export.item_cells import BadCell, Problems, read_item, read_moment
from voorbeelden.export.model import ExportBegrip, ExportItem, ImportResult, RowError
from voorbeelden.model import CONTEXT_KEYS


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read; ``number`` is the spreadsheet's, blank rows count too."""

    number: int
    cells: Sequence[str | BadCell]

    @property
    def blank(self) -> bool:
        return all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


class Unreadable(Exception):
    """The file as a whole cannot be used; both texts are Dutch, as in ``RowError``."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem, advice)
        self.problem = problem
        self.advice = advice


@dataclass(slots=True)
class _Draft:
    """A begrip whose rows are still coming in."""

    row: int
    front: dict[str, str]
    items: list[ExportItem] = field(default_factory=list)
    whole: bool = True


def collect(rows: Iterable[Row], notes: Sequence[str] = ()) -> ImportResult:
    """The begrippen of a table whose first row that is not blank is the header.

    Rows belong to one begrip when they have the same begrip_id, or, without one, the same begrip
    columns. A blank begrip column in a later row of a begrip_id repeats the earlier value.

    Raises:
        Unreadable: as the iterator of ``rows`` does.
    """
    filled = (row for row in rows if not row.blank)
    header = next(filled, None)
    if header is None:
        error = RowError(None, None, "Het bestand is leeg.", "Zet in de eerste rij de kolomnamen.")
        return ImportResult((), (error,), tuple(notes))
    names = [cell if isinstance(cell, str) else "" for cell in header.cells]
    places, errors, header_notes = read_header(header.number, names)
    all_notes = (*notes, *header_notes)
    if errors:
        return ImportResult((), errors, all_notes)
    collector = _Collector(places, len(names))
    for row in filled:
        collector.add(row)
    return ImportResult(collector.begrippen(), tuple(collector.errors), all_notes)


class _Collector:
    def __init__(self, places: Mapping[str, int], width: int) -> None:
        self.errors: list[RowError] = []
        self._places = places
        self._width = width
        self._drafts: dict[tuple[str, ...], _Draft] = {}
        self._item_rows: dict[str, int] = {}

    def add(self, row: Row) -> None:
        problems = Problems(row.number)
        if any(isinstance(cell, BadCell) or cell.strip() for cell in row.cells[self._width :]):
            problems.add(
                None,
                "er staat tekst naast de laatste kolom.",
                "Zet een tekst met een scheidingsteken erin tussen aanhalingstekens, "
                "of geef de kolom een naam.",
            )
        values = self._values(row, problems)
        draft = self._draft(row.number, values, problems)
        if any(values[name].strip() for name in ITEM_COLUMNS):
            item = read_item(values, draft.items, problems)
            if item is not None:
                self._note_id(item.id, row.number, problems)
                draft.items.append(item)
        draft.whole = draft.whole and not problems.found
        self.errors += problems.found

    def begrippen(self) -> tuple[ExportBegrip, ...]:
        return tuple(_begrip(draft) for draft in self._drafts.values() if draft.whole)

    def _values(self, row: Row, problems: Problems) -> dict[str, str]:
        values = dict.fromkeys(COLUMNS, "")
        for name, place in self._places.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            if isinstance(cell, BadCell):
                problems.add(name, cell.problem, cell.advice)
            else:
                values[name] = unguard(cell)
        return values

    def _draft(self, row: int, values: Mapping[str, str], problems: Problems) -> _Draft:
        front = {name: values[name] for name in BEGRIP_COLUMNS}
        front["begrip_id"] = front["begrip_id"].strip()
        key = (front["begrip_id"],) if front["begrip_id"] else tuple(front.values())
        draft = self._drafts.get(key)
        if draft is None:
            self._check_new(front, problems)
            draft = self._drafts[key] = _Draft(row, front)
        else:
            _check_same(draft, front, problems)
        return draft

    def _check_new(self, front: Mapping[str, str], problems: Problems) -> None:
        for name in ("begrip", "definitie"):
            if not front[name].strip() and name not in problems.columns:
                problems.add(name, "deze cel is leeg.", f"Vul {_THE[name]} in.")
        read_moment(front["gewijzigd"], problems)

    def _note_id(self, identity: str, row: int, problems: Problems) -> None:
        if not identity:
            return
        earlier = self._item_rows.setdefault(identity, row)
        if earlier != row:
            problems.add(
                "voorbeeld_id",
                f"hetzelfde kenmerk staat ook in rij {earlier}.",
                "Maak de cel leeg om het voorbeeld als nieuw op te nemen.",
            )


_THE = {"begrip": "het begrip", "definitie": "de definitie"}


def _check_same(draft: _Draft, front: Mapping[str, str], problems: Problems) -> None:
    for name in BEGRIP_COLUMNS[1:]:
        if front[name].strip() and front[name] != draft.front[name]:
            problems.add(
                name,
                f"de waarde is een andere dan in rij {draft.row}, bij hetzelfde begrip_id.",
                "Maak ze gelijk, of maak begrip_id leeg om er een nieuw begrip van te maken.",
            )


def _begrip(draft: _Draft) -> ExportBegrip:
    front = draft.front
    return ExportBegrip(
        id=front["begrip_id"],
        begrip=front["begrip"],
        definitie=front["definitie"],
        context={key: split_entries(front[key]) for key in CONTEXT_KEYS},
        voorkeursterm=front["voorkeursterm"] or None,
        items=tuple(draft.items),
        changed_at=read_moment(front["gewijzigd"], Problems(draft.row)),
    )
