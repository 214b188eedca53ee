"""Between the store and the files: begrippen out of it to an export, and from a table into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voorbeelden.export import ExportBegrip, ExportItem
from voorbeelden.export import ItemStatus as FileStatus
from voorbeelden.model import Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.imports import ImportBegrip, ImportItem
from voorbeelden.store.records import FullBegrip, ItemStatus


def to_export(desk: Desk, begrip_ids: Sequence[str]) -> Iterator[ExportBegrip]:
    """With every visible item, in the order of the ids; which of them go out is for the export to
    say. Raises what ``Desk.full`` raises."""
    return (_exported(one) for one in desk.full(begrip_ids))


def _exported(full: FullBegrip) -> ExportBegrip:
    begrip = full.begrip
    places: dict[str, int] = {}
    items = []
    for item in full.items:
        # The store's positions only sort; a file numbers the items of each type 0, 1, 2, …
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


def to_import(begrip: ExportBegrip) -> ImportBegrip:
    """One begrip of a table as the store takes it in. Items that were superseded where they came
    from stay behind."""
    context = {key: list(those) for key, those in begrip.context.items()}
    items = tuple(
        ImportItem(one.type, one.text, one.reden, ItemStatus(one.status.value), note=one.note or "")
        for one in begrip.items
        if one.status is not FileStatus.VERVANGEN
    )
    subject = Subject.from_dict(begrip.begrip, begrip.definitie, context)
    return ImportBegrip(subject, items, begrip.voorkeursterm or "")
