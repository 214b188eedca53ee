"""One action on one begrip: every change it makes is logged with it, so that it can be undone.

The row of the begrip is locked first, so actions on one begrip come one after the other, also
when two processes share the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, update

from voorbeelden.model import ExampleType
from voorbeelden.store import search_index
from voorbeelden.store.records import ActionKind, BegripRecord, ItemRecord, ItemStatus, Turn
from voorbeelden.store.rows import get_begrip, get_item, list_items, visible
from voorbeelden.store.schema import acties, begrippen, definities, items, wijzigingen
from voorbeelden.store.text import folded, subject_key


class Action:
    """Reads and writes of one action, inside one transaction of ``connection``."""

    def __init__(
        self, connection: Connection, begrip_id: str, kind: ActionKind, author: str
    ) -> None:
        """Raises NotFound when there is no such begrip."""
        self.connection = connection
        self.begrip = get_begrip(connection, begrip_id, lock=True)
        self.kind = kind
        self.author = author
        self.now = datetime.now(UTC)
        self.origin = ""
        """Of the definition that this action writes; see ``DefinitionRecord``."""
        self._id: int | None = None
        self._changed = False

    @property
    def id(self) -> int:
        """The action's row is made at its first change: an action that changes nothing is none."""
        if self._id is None:
            row = {
                "begrip_id": self.begrip.id,
                "kind": self.kind,
                "author": self.author,
                "at": self.now,
            }
            self._id = self.connection.execute(
                insert(acties).returning(acties.c.id), row
            ).scalar_one()
        return self._id

    def join(self, action_id: int) -> None:
        """What follows is logged with an action that is there already."""
        self._id = action_id

    def item(self, item_id: str) -> ItemRecord:
        return get_item(self.connection, item_id)

    def visible_items(self, kind: ExampleType) -> tuple[ItemRecord, ...]:
        return list_items(
            self.connection,
            items.c.begrip_id == self.begrip.id,
            items.c.type == kind.value,
            visible(),
        )

    def add_item(self, *, meant: ItemStatus | None = None, **values: Any) -> ItemRecord:
        """A new row, logged as a status that was not there before; ``meant`` is the status to
        log when the action is undone already and the item comes in superseded."""
        [item_id] = self.add_items([values], meant=meant)
        return self.item(item_id)

    def add_items(
        self, given: Sequence[Mapping[str, Any]], *, meant: ItemStatus | None = None
    ) -> list[str]:
        """As ``add_item``, many at once; returns their ids."""
        rows: list[dict[str, Any]] = [
            {
                "id": uuid.uuid4().hex,
                "begrip_id": self.begrip.id,
                "generation_id": None,
                "reden": None,
                "status": ItemStatus.VOORSTEL,
                "touched": False,
                "previous_id": None,
                "note": "",
                "author": self.author,
                "created_at": self.now,
                "changed_at": self.now,
                **values,
            }
            for values in given
        ]
        if rows:
            self._changed = True
            self.connection.execute(insert(items), rows)
            changes = [
                self._change(row["id"], "status", None, meant or row["status"]) for row in rows
            ]
            self.connection.execute(insert(wijzigingen), changes)
        return [row["id"] for row in rows]

    def change_item(self, item: ItemRecord, *, touch: bool = True, **values: Any) -> None:
        """Sets fields of ``item`` (never its text) and logs those that differ."""
        if touch:
            values["touched"] = True
        changed = {name: new for name, new in values.items() if getattr(item, name) != new}
        for name, new in changed.items():
            self.log(item.id, name, getattr(item, name), new)
        if changed:
            self.write_item(item.id, changed)

    def write_item(self, item_id: str, values: dict[str, Any]) -> None:
        """Writes without logging: for undo, which has the log already."""
        self._changed = True
        self.connection.execute(
            update(items).where(items.c.id == item_id).values(**values, changed_at=self.now)
        )

    def change_begrip(self, **values: Any) -> None:
        """Sets fields of the begrip itself and logs those that differ."""
        before = fields_of(self.begrip)
        changed = {name: new for name, new in values.items() if before[name] != new}
        for name, new in changed.items():
            self.log(None, name, before[name], new)
        if changed:
            self.write_begrip(changed)

    def write_begrip(self, values: dict[str, Any]) -> None:
        """Writes without logging; what the begrip is about gets a new definition version."""
        after = {**fields_of(self.begrip), **values}
        number = self.begrip.definition_number
        if values.keys() & {"begrip", "definitie", "context"}:
            number = next_definition(self.connection, self.begrip.id)
            add_definition(
                self.connection, self.begrip.id, number, after, self.author, self.now, self.origin
            )
        self._changed = True
        self.connection.execute(
            update(begrippen)
            .where(begrippen.c.id == self.begrip.id)
            .values(
                **values,
                definition_number=number,
                version=self.begrip.version + 1,
                key=subject_key(after["begrip"], after["context"]),
                sort_key=folded(after["begrip"]),
            )
        )
        self.begrip = get_begrip(self.connection, self.begrip.id)

    def log(
        self, item_id: str | None, field: str, old: Any, new: Any, turn: Turn = Turn.GEDAAN
    ) -> None:
        """An item's ``old`` of ``None`` means: the item is new."""
        self.connection.execute(insert(wijzigingen), self._change(item_id, field, old, new, turn))

    def _change(
        self, item_id: str | None, field: str, old: Any, new: Any, turn: Turn = Turn.GEDAAN
    ) -> dict[str, Any]:
        is_new = item_id is not None and old is None
        return {
            "action_id": self.id,
            "item_id": item_id,
            "field": field,
            "old": None if is_new else orjson.dumps(old).decode(),
            "new": orjson.dumps(new).decode(),
            "turn": turn,
            "author": self.author,
            "at": self.now,
        }

    def last_author(self, item_id: str | None, field: str) -> str:
        """Who changed a field last; empty when nobody did."""
        query = (
            select(wijzigingen.c.author)
            .join(acties)
            .where(
                acties.c.begrip_id == self.begrip.id,
                wijzigingen.c.item_id == item_id,
                wijzigingen.c.field == field,
            )
            .order_by(wijzigingen.c.id.desc())
            .limit(1)
        )
        return self.connection.execute(query).scalar() or ""

    def finish(self) -> None:
        """Brings what is derived from the items up to date."""
        if not self._changed:
            return
        counts = dict.fromkeys(ItemStatus, 0)
        query = (
            select(items.c.status, func.count())
            .where(items.c.begrip_id == self.begrip.id)
            .group_by(items.c.status)
        )
        for status, count in self.connection.execute(query):
            counts[ItemStatus(status)] = count
        self.connection.execute(
            update(begrippen)
            .where(begrippen.c.id == self.begrip.id)
            .values(
                count_voorstel=counts[ItemStatus.VOORSTEL],
                count_goedgekeurd=counts[ItemStatus.GOEDGEKEURD],
                count_afgewezen=counts[ItemStatus.AFGEWEZEN],
                updated_at=self.now,
            )
        )
        search_index.refresh(self.connection, self.begrip)


def fields_of(begrip: BegripRecord) -> dict[str, Any]:
    """The fields an editor can change, as the database holds them."""
    term = begrip.voorkeursterm
    return {
        "begrip": begrip.begrip,
        "definitie": begrip.definitie,
        "context": {key: list(texts) for key, texts in begrip.context.items()},
        "voorkeursterm": None if term == begrip.begrip else term,
    }


def next_definition(connection: Connection, begrip_id: str) -> int:
    query = select(func.max(definities.c.number)).where(definities.c.begrip_id == begrip_id)
    return int(connection.execute(query).scalar() or 0) + 1


def add_definition(
    connection: Connection,
    begrip_id: str,
    number: int,
    fields: dict[str, Any],
    author: str,
    now: datetime,
    origin: str,
) -> None:
    row = {
        "begrip_id": begrip_id,
        "number": number,
        "begrip": fields["begrip"],
        "definitie": fields["definitie"],
        "context": fields["context"],
        "author": author,
        "created_at": now,
        "origin": origin,
    }
    connection.execute(insert(definities), row)
