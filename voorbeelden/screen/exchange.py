"""Between the store and the files: begrippen out of it to an export, and from a table into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from voorbeelden.export import ExportBegrip, ExportItem
from voorbeelden.export import ItemStatus as FileStatus
from voorbeelden.model import Subject
from voorbeelden.screen.texts import amount
from voorbeelden.store.desk import Desk
from voorbeelden.store.imports import ImportBegrip, Imported, ImportItem
from voorbeelden.store.records import FullBegrip, ItemStatus

_SHOWN: Final = 20
"""Differences between a table and the store that are named one by one."""


_NEEDED: Final = ("begrip", "definitie")


def bare(count: int, total: int) -> str:
    """What to know before a download of approved items: of ``count`` of the ``total`` begrippen
    none is approved. Empty when each has one."""
    if not count:
        return ""
    if total == 1:
        return "Van dit begrip is nog geen voorbeeld goedgekeurd: alleen het begrip zelf gaat mee."
    if count == total:
        return "Er is nog geen voorbeeld goedgekeurd: alleen de begrippen zelf gaan mee."
    return (
        f"Van {amount(count, '', '')} van de {amount(total, 'begrip', 'begrippen')} is nog "
        "geen voorbeeld goedgekeurd; daarvan gaan geen voorbeelden mee."
    )


def columns_html(columns: Sequence[str]) -> str:
    """The columns that a table needs, and those that it may have."""
    needed = " en ".join(f"<code>{one}</code>" for one in _NEEDED)
    others = ", ".join(f"<code>{escape(one)}</code>" for one in columns if one not in _NEEDED)
    return (
        f'<p class="vb-purpose">Nodig zijn alleen {needed}.</p>'
        f'<p class="vb-purpose">Het mag ook: {others}.</p>'
    )


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
        ImportItem(
            type=one.type,
            text=one.text,
            reden=one.reden,
            status=ItemStatus(one.status.value),
            note=one.note or "",
            id=one.id,
        )
        for one in sorted(begrip.items, key=lambda item: item.position)
        if one.status is not FileStatus.VERVANGEN
    )
    subject = Subject.from_dict(begrip.begrip, begrip.definitie, context)
    return ImportBegrip(subject, items, begrip.voorkeursterm or "", begrip.id)


def imported_html(done: Sequence[Imported]) -> str:
    """What came in, what was there, and what the table says otherwise; nothing is kept silent."""
    new = sum(one.made for one in done)
    added, standing = sum(one.added for one in done), sum(one.standing for one in done)
    facts = [
        f"{amount(len(done), 'begrip', 'begrippen')} ingelezen, waarvan {new} nieuw.",
        f"{amount(added, 'voorbeeld', 'voorbeelden', 'toegevoegd')}, {standing} stonden er al.",
    ]
    other = [line for one in done for line in _otherwise(one)]
    shown = "".join(f"<li>{escape(line)}</li>" for line in other[:_SHOWN])
    if len(other) > _SHOWN:
        shown += f"<li>en nog {len(other) - _SHOWN} andere</li>"
    kept = (
        f"<p>Anders in de tabel dan hier, en hier niet veranderd:</p><ul>{shown}</ul>"
        if other
        else ""
    )
    return f'<div class="vb-alert vb-stopped" role="status">{" ".join(facts)}{kept}</div>'


def _otherwise(one: Imported) -> list[str]:
    term = one.begrip.begrip
    fields = [f"{term}: {' en '.join(one.fields)}"] if one.fields else []
    return fields + [f"{term}, {item.type.value}: {item.text}" for item in one.items]
