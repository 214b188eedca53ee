"""Taking in begrippen that come from elsewhere with their items: a table, or an earlier export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from voorbeelden.model import ExampleType, Subject
from voorbeelden.store import begrip_actions
from voorbeelden.store.action import Action
from voorbeelden.store.errors import NotAllowed
from voorbeelden.store.item_actions import end_position
from voorbeelden.store.records import ActionKind, BegripRecord, ItemStatus
from voorbeelden.store.rows import get_begrip, list_items, visible
from voorbeelden.store.schema import items
from voorbeelden.store.text import required, storable


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One item to take in; ``status`` may not be ``VERVANGEN``."""

    type: ExampleType
    text: str
    reden: str | None = None
    status: ItemStatus = ItemStatus.GOEDGEKEURD
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImportBegrip:
    """One begrip to take in. An empty ``voorkeursterm`` leaves it as it is."""

    subject: Subject
    items: tuple[ImportItem, ...] = ()
    voorkeursterm: str = ""


def take_in(connection: Connection, given: ImportBegrip, author: str) -> BegripRecord:
    """Finds or makes the begrip and adds the items that it does not have yet, as one action.

    Nothing that is there is changed but the definitie, of which the given one becomes the newest
    version, and the voorkeursterm. Taking in the same twice is the same as once.

    Raises:
        NotAllowed: the begrip or a text is empty, or the voorkeursterm is no approved synonym; the
            message says of which begrip.
    """
    try:
        return _take_in(connection, given, author)
    except NotAllowed as error:
        raise NotAllowed(f"Begrip ‘{given.subject.begrip}’: {error}") from error


def _take_in(connection: Connection, given: ImportBegrip, author: str) -> BegripRecord:
    begrip = begrip_actions.take_in(connection, given.subject, author)
    action = Action(connection, begrip.id, ActionKind.TOEGEVOEGD, author)
    standing = list_items(connection, items.c.begrip_id == begrip.id, visible())
    present = {(item.type, item.text, item.reden) for item in standing}
    ends = {
        kind: end_position([item for item in standing if item.type is kind]) for kind in ExampleType
    }
    rows: list[dict[str, Any]] = []
    for one in given.items:
        text, reden = required(one.text, "de tekst"), storable(one.reden or "") or None
        if (one.type, text, reden) in present:
            continue
        present.add((one.type, text, reden))
        rows.append(
            {
                "type": one.type,
                "text": text,
                "reden": reden,
                "position": ends[one.type],
                "status": one.status,
                "touched": True,
                "note": storable(one.note),
            }
        )
        ends[one.type] += 1
    # All of them in one statement: a table may bring thousands while others wait for their turn.
    action.add_items(rows)
    if given.voorkeursterm:
        begrip_actions.set_voorkeursterm(action, action.begrip, storable(given.voorkeursterm))
    action.finish()
    return get_begrip(connection, begrip.id)
