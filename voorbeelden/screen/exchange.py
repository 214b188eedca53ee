"""Between the store and the files: begrippen out of it to an export, and from a table into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voorbeelden.export import ExportBegrip, ExportItem
from voorbeelden.export import ItemStatus as FileStatus
from voorbeelden.model import Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import BegripRecord, ItemStatus, Search

_PAGE = 200


def everything(desk: Desk) -> Iterator[BegripRecord]:
    """Every begrip of the store, in alphabetical order."""
    offset = 0
    while True:
        found = desk.search(Search(offset=offset, limit=_PAGE))
        yield from found.begrippen
        offset += _PAGE
        if offset >= found.total:
            return


def to_export(desk: Desk, begrippen: Iterable[BegripRecord]) -> list[ExportBegrip]:
    """With every visible item; which of them go out is for the export to say."""
    return [_exported(begrip, desk) for begrip in begrippen]


def _exported(begrip: BegripRecord, desk: Desk) -> ExportBegrip:
    places: dict[str, int] = {}
    items = []
    for item in desk.items(begrip.id):
        place = places[item.type] = places.get(item.type, -1) + 1
        items.append(
            ExportItem(
                id=item.id,
                type=item.type,
                text=item.text,
                reden=item.reden,
                status=FileStatus(item.status.value),
                position=place,
                note=item.note or None,
            )
        )
    preferred = begrip.voorkeursterm if begrip.voorkeursterm != begrip.begrip else None
    return ExportBegrip(
        id=begrip.id,
        begrip=begrip.begrip,
        definitie=begrip.definitie,
        context=begrip.context,
        voorkeursterm=preferred,
        items=tuple(items),
        changed_at=begrip.updated_at,
    )


def take_in(desk: Desk, begrip: ExportBegrip, by: str) -> BegripRecord:
    """Brings one begrip of a table into the store, with the items that are not there yet.

    What is there stays as it is, so reading the same table twice is the same as once. Items that
    were superseded where they came from stay behind. Raises what ``Desk`` raises.
    """
    context = {key: list(those) for key, those in begrip.context.items()}
    record = desk.take_in(Subject.from_dict(begrip.begrip, begrip.definitie, context), by)
    present = {(item.type, item.text, item.reden) for item in desk.items(record.id)}
    for item in begrip.items:
        key = (item.type, item.text, item.reden)
        if item.status is FileStatus.VERVANGEN or key in present:
            continue
        status = ItemStatus(item.status.value)
        added = desk.add(record.id, item.type, item.text, by=by, reden=item.reden, status=status)
        if item.note:
            desk.note(added, item.note, by)
        present.add(key)
    record = desk.begrip(record.id)
    if begrip.voorkeursterm and begrip.voorkeursterm != record.voorkeursterm:
        record = desk.set_voorkeursterm(record, begrip.voorkeursterm, by)
    return record
