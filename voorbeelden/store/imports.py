"""Taking in begrippen that come from elsewhere with their items: a table, or an earlier export."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from voorbeelden.model import ExampleType, Subject
from voorbeelden.store import begrip_actions, item_actions
from voorbeelden.store.action import Action
from voorbeelden.store.records import ActionKind, BegripRecord, ItemStatus
from voorbeelden.store.rows import get_begrip
from voorbeelden.store.text import storable


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
        NotAllowed: the begrip or a text is empty, or the voorkeursterm is no approved synonym.
    """
    begrip = begrip_actions.take_in(connection, given.subject, author)
    action = Action(connection, begrip.id, ActionKind.TOEGEVOEGD, author)
    present = {
        (item.type, item.text, item.reden)
        for kind in ExampleType
        for item in action.visible_items(kind)
    }
    for one in given.items:
        reden = storable(one.reden or "") or None
        if (one.type, storable(one.text), reden) not in present:
            item = item_actions.add(action, one.type, one.text, one.reden, one.status)
            item_actions.set_note(action, item, one.note)
            present.add((item.type, item.text, item.reden))
    if given.voorkeursterm:
        begrip_actions.set_voorkeursterm(action, action.begrip, storable(given.voorkeursterm))
    action.finish()
    return get_begrip(connection, begrip.id)
