"""Taking in begrippen that come from elsewhere with their items: a table, or an earlier export."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from voorbeelden.model import ExampleType, Subject
from voorbeelden.store import begrip_actions
from voorbeelden.store.action import Action
from voorbeelden.store.errors import NotAllowed
from voorbeelden.store.item_actions import end_position
from voorbeelden.store.records import ActionKind, BegripRecord, ItemRecord, ItemStatus
from voorbeelden.store.rows import get_begrip, list_items
from voorbeelden.store.schema import items
from voorbeelden.store.text import required, storable, storable_context


@dataclass(frozen=True, slots=True)
class ImportItem:
    """One item to take in; ``status`` may not be ``VERVANGEN``. ``id`` is what an export of this
    store, or of another one, called it."""

    type: ExampleType
    text: str
    reden: str | None = None
    status: ItemStatus = ItemStatus.GOEDGEKEURD
    note: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ImportBegrip:
    """One begrip to take in, with its items in their order. ``voorkeursterm`` may be empty."""

    subject: Subject
    items: tuple[ImportItem, ...] = ()
    voorkeursterm: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one begrip.

    Attributes:
        made: whether it was not there yet.
        added: how many items came in.
        standing: how many were there already, just so.
        fields: of the begrip itself, what the table says otherwise than the store, in Dutch.
        items: the items that the table has otherwise than the store.
    """

    begrip: BegripRecord
    made: bool
    added: int
    standing: int
    fields: tuple[str, ...]
    items: tuple[ImportItem, ...]


def take_in(connection: Connection, given: ImportBegrip, author: str) -> Imported:
    """Finds or makes the begrip and adds the items that it does not have yet, as one action.

    Nothing that is there is changed: where the table differs, ``Imported`` says so. What comes in
    is an editor's, so no generation takes its place. Taking in the same twice is the same as once.

    Raises:
        NotAllowed: the begrip or a text is empty, or the voorkeursterm of a new begrip is no
            approved synonym; the message says of which begrip.
    """
    try:
        return _take_in(connection, given, author)
    except NotAllowed as error:
        raise NotAllowed(f"Begrip ‘{given.subject.begrip}’: {error}") from error


def _take_in(connection: Connection, given: ImportBegrip, author: str) -> Imported:
    begrip, made = begrip_actions.find_or_make(
        connection, given.subject, author, begrip_id=_identity(given.id)
    )
    action = Action(connection, begrip.id, ActionKind.TOEGEVOEGD, author)
    shelf = _Shelf(list_items(connection, items.c.begrip_id == begrip.id))
    taken = _taken(connection, given.items)
    standing = 0
    other: list[ImportItem] = []
    for one in given.items:
        identity = _identity(one.id)
        row = {
            "type": one.type,
            "text": required(one.text, "de tekst"),
            "reden": storable(one.reden or "") or None,
            "status": one.status,
            "note": storable(one.note),
        }
        known = shelf.by_id.get(identity)
        if known is None and not shelf.has_text(row):
            shelf.add(row if not identity or identity in taken else {**row, "id": identity})
        elif known is None or all(getattr(known, name) == row[name] for name in row):
            standing += 1
        else:
            other.append(one)
    # All of them in one statement: a table may bring thousands while others wait for their turn.
    action.add_items(shelf.new)
    fields = () if made else _differences(begrip, given)
    if made and given.voorkeursterm:
        begrip_actions.set_voorkeursterm(action, action.begrip, storable(given.voorkeursterm))
    action.finish()
    after = get_begrip(connection, begrip.id)
    return Imported(after, made, len(shelf.new), standing, fields, tuple(other))


class _Shelf:
    """The items of one begrip, those that were replaced too, and the rows that come beside them."""

    def __init__(self, there: Iterable[ItemRecord]) -> None:
        self.by_id = {item.id: item for item in there}
        self.new: list[dict[str, Any]] = []
        shown = [item for item in self.by_id.values() if item.visible]
        self._texts = {(item.type, item.text, item.reden) for item in shown}
        self._ends = {
            kind: end_position([item for item in shown if item.type is kind])
            for kind in ExampleType
        }

    def has_text(self, row: Mapping[str, Any]) -> bool:
        return (row["type"], row["text"], row["reden"]) in self._texts

    def add(self, row: Mapping[str, Any]) -> None:
        kind: ExampleType = row["type"]
        self.new.append({**row, "touched": True, "position": self._ends[kind]})
        self._ends[kind] += 1
        self._texts.add((kind, row["text"], row["reden"]))


def _differences(begrip: BegripRecord, given: ImportBegrip) -> tuple[str, ...]:
    subject = given.subject
    there = (begrip.begrip, begrip.definitie, storable_context(begrip.context))
    table = (
        storable(subject.begrip),
        storable(subject.definitie),
        storable_context(subject.context),
    )
    names = ("het begrip", "de definitie", "de context")
    found = [name for name, a, b in zip(names, there, table, strict=True) if a != b]
    preferred = storable(given.voorkeursterm) or begrip.begrip
    return (*found, *(["de voorkeursterm"] if preferred != begrip.voorkeursterm else []))


def _taken(connection: Connection, given: Iterable[ImportItem]) -> set[str]:
    """The ids that some item has already, of this begrip or of another."""
    wanted = [identity for one in given if (identity := _identity(one.id))]
    return {item.id for item in list_items(connection, items.c.id.in_(wanted))} if wanted else set()


def _identity(text: str) -> str:
    """An id as the store writes it; empty when the text is none."""
    try:
        return uuid.UUID(text).hex if text else ""
    except ValueError:
        return ""
