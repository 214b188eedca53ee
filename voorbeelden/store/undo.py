"""Taking back the last action on a begrip, and making it again; as often as there are actions.

The last action is the one that was *begun* last: a generation stands where the editor asked for
it, so an approval given while its types were still coming in is taken back before it. A change
is only reversed while its field still has the value that the action gave it; and an item that
an editor has dealt with never goes or comes with a generation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, exists, select, update

from voorbeelden.store.action import Action, fields_of
from voorbeelden.store.errors import NotAllowed
from voorbeelden.store.records import ActionKind, ActionRecord, ChangeRecord, ItemStatus, Turn
from voorbeelden.store.rows import action_record, change_record, not_undone
from voorbeelden.store.schema import acties, wijzigingen

# Made once: another name for a table costs more than the question it is for.
_later = acties.alias()
_BEGUN_SINCE: Final = exists().where(
    _later.c.begrip_id == acties.c.begrip_id,
    _later.c.id > acties.c.id,
    _later.c.at >= acties.c.undone_at,
)


def next_undo(connection: Connection, begrip_id: str) -> ActionRecord | None:
    """What ``undo`` would take back."""
    query = (
        select(acties)
        .where(acties.c.begrip_id == begrip_id, not_undone())
        .order_by(acties.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return action_record(row) if row else None


def next_redo(connection: Connection, begrip_id: str) -> ActionRecord | None:
    """What ``redo`` would make again; an action begun after an undo ends the possibility for good,
    also when that action is taken back in its turn."""
    query = (
        select(acties)
        .where(acties.c.begrip_id == begrip_id, ~not_undone(), ~_BEGUN_SINCE)
        .order_by(acties.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return action_record(row) if row else None


def as_seen(found: ActionRecord | None, seen: int | None) -> ActionRecord | None:
    """``found``, which must be the action that an editor saw on the button.

    Raises:
        NotAllowed: it is another one, because somebody did something in between.
    """
    if seen is not None and (found is None or found.id != seen):
        raise NotAllowed(
            "Intussen is er aan dit begrip iets anders gedaan. Er is niets teruggezet; kijk wat er "
            "nu staat en kies daarna opnieuw."
        )
    return found


def undo(action: Action, last: ActionRecord) -> None:
    """Takes ``last`` back in ``action``, which was opened for the same begrip."""
    action.join(last.id)
    for change in reversed(changes_of(action.connection, last.id)):
        expected, wanted = change.new, change.old
        _turn(action, last, change, expected, wanted, Turn.ONGEDAAN)
    _mark(action, last, undone=True)


def redo(action: Action, undone: ActionRecord) -> None:
    """Makes ``undone`` again in ``action``, which was opened for the same begrip."""
    action.join(undone.id)
    for change in changes_of(action.connection, undone.id):
        _turn(action, undone, change, change.old, change.new, Turn.OPNIEUW)
    _mark(action, undone, undone=False)


def changes_of(connection: Connection, action_id: int) -> list[ChangeRecord]:
    """What the action changed, in that order; without what undo and redo did with it."""
    query = (
        select(wijzigingen)
        .where(wijzigingen.c.action_id == action_id, wijzigingen.c.turn == Turn.GEDAAN)
        .order_by(wijzigingen.c.id)
    )
    return [change_record(row) for row in connection.execute(query)]


def history(connection: Connection, begrip_id: str, *, limit: int) -> tuple[ActionRecord, ...]:
    """The latest actions with all their changes, undone ones too, newest first."""
    query = (
        select(acties)
        .where(acties.c.begrip_id == begrip_id)
        .order_by(acties.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    changes = _changes_by_action(connection, [row.id for row in rows])
    return tuple(action_record(row, tuple(changes.get(row.id, ()))) for row in rows)


def _changes_by_action(
    connection: Connection, action_ids: Iterable[int]
) -> dict[int, list[ChangeRecord]]:
    query = (
        select(wijzigingen)
        .where(wijzigingen.c.action_id.in_(list(action_ids)))
        .order_by(wijzigingen.c.id)
    )
    found: dict[int, list[ChangeRecord]] = {}
    for row in connection.execute(query):
        found.setdefault(row.action_id, []).append(change_record(row))
    return found


def _turn(
    action: Action,
    of: ActionRecord,
    change: ChangeRecord,
    expected: Any,
    wanted: Any,
    turn: Turn,
) -> None:
    if change.item_id is None:
        if fields_of(action.begrip)[change.field] == expected:
            action.write_begrip({change.field: wanted})
            action.log(None, change.field, expected, wanted, turn)
        return
    if change.field == "status":
        # A new item had no status before; taken back it is superseded, for nothing is deleted.
        expected = ItemStatus(expected or ItemStatus.VERVANGEN)
        wanted = ItemStatus(wanted or ItemStatus.VERVANGEN)
    item = action.item(change.item_id)
    if getattr(item, change.field) != expected:
        return
    if of.kind is ActionKind.GENERATIE and (
        item.touched
        or (of.generation_id != item.generation_id and _undone(action, item.generation_id))
    ):
        return
    action.write_item(item.id, {change.field: wanted})
    action.log(item.id, change.field, expected, wanted, turn)


def _undone(action: Action, generation_id: str | None) -> bool:
    """Whether an item's own generation has been taken back: another one's undo must not show it."""
    query = select(acties.c.id).where(
        acties.c.generation_id == generation_id, acties.c.undone_at.is_not(None)
    )
    return action.connection.execute(query).first() is not None


def _mark(action: Action, of: ActionRecord, *, undone: bool) -> None:
    action.connection.execute(
        update(acties).where(acties.c.id == of.id).values(undone_at=action.now if undone else None)
    )
