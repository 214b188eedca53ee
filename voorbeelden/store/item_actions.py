"""What an editor can do with items. ``seen`` is always the record the editor had on the screen.

An item's text never changes: an edit adds a row that follows it in its chain of versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from voorbeelden.model import ExampleType
from voorbeelden.store.action import Action
from voorbeelden.store.begrip_actions import settle_voorkeursterm
from voorbeelden.store.errors import Conflict
from voorbeelden.store.records import ItemRecord, ItemStatus
from voorbeelden.store.rows import list_items
from voorbeelden.store.schema import items
from voorbeelden.store.text import readable, required, storable


def review(action: Action, seen: ItemRecord, status: ItemStatus) -> ItemRecord:
    """Gives an item ``status``. A proposal that a later generation replaced meanwhile comes back:
    the editor judged the text that was on the screen.

    Raises:
        Conflict: somebody else edited or judged it since ``seen``.
    """
    current = _unedited(action, seen, mine=seen.text)
    if current.status not in (seen.status, status, ItemStatus.VERVANGEN):
        author = action.last_author(current.id, "status")
        raise Conflict("de beoordeling", status, current.status, author=author, latest=current)
    action.change_item(current, status=status)
    settle_voorkeursterm(action)
    return action.item(current.id)


def approve_all(action: Action, seen: Iterable[ItemRecord]) -> int:
    """Approves the proposals among ``seen`` that nobody edited or judged since; says how many."""
    count = 0
    for one in seen:
        current = action.item(one.id)
        if current.status is ItemStatus.VOORSTEL:
            action.change_item(current, status=ItemStatus.GOEDGEKEURD)
            count += 1
    return count


def edit(
    action: Action,
    seen: ItemRecord,
    text: str,
    reden: str | None,
    *,
    approve: bool,
    keep_approval: bool,
) -> ItemRecord:
    """A new version takes the place of ``seen``, approved when that is asked, or when ``seen`` was,
    still is, and ``keep_approval`` says that this goes for the new text too.

    Raises:
        Conflict: somebody else edited or rejected it since ``seen``.
        NotAllowed: the text is empty.
    """
    text = required(text, "de tekst")
    reden = (storable(reden) or None) if reden else None
    mine = readable(text, reden)
    newest = newest_version(action, seen)
    if (newest.text, newest.reden) == (text, reden):
        # Also when two sessions made the same edit: there is nothing to choose between.
        if approve:
            _unrejected(action, seen, newest, mine=mine)
            action.change_item(newest, status=ItemStatus.GOEDGEKEURD)
        return action.item(newest.id)
    current = _unedited(action, seen, mine=mine)
    _unrejected(action, seen, current, mine=mine)
    kept = seen.status is current.status is ItemStatus.GOEDGEKEURD
    approved = approve or (keep_approval and kept)
    return _add_version(
        action,
        current,
        text,
        reden,
        ItemStatus.GOEDGEKEURD if approved else ItemStatus.VOORSTEL,
    )


def add(
    action: Action, kind: ExampleType, text: str, reden: str | None, status: ItemStatus
) -> ItemRecord:
    """An item of the editor's own, at the end. Raises NotAllowed when the text is empty."""
    return action.add_item(
        type=kind,
        text=required(text, "de tekst"),
        reden=(storable(reden) or None) if reden else None,
        position=end_position(action.visible_items(kind)),
        status=status,
        touched=True,
    )


def set_note(action: Action, seen: ItemRecord, note: str) -> ItemRecord:
    """A proposal that a later generation replaced meanwhile comes back with its note.

    Raises:
        Conflict: somebody else wrote another note since ``seen``.
    """
    note = storable(note)
    current = newest_version(action, seen)
    if note != seen.note and current.note not in (seen.note, note):
        author = action.last_author(current.id, "note")
        raise Conflict("de opmerking", note, current.note, author=author, latest=current)
    status = current.status if current.visible or not note else ItemStatus.VOORSTEL
    action.change_item(current, note=note, status=status)
    return action.item(current.id)


def reorder(action: Action, kind: ExampleType, order: Sequence[str]) -> None:
    """Puts the visible items of ``kind`` in the order of their ids; those not named go last, as
    they were. Ids that are not visible any more are passed over."""
    rank = {item_id: number for number, item_id in enumerate(order)}
    ordered = sorted(action.visible_items(kind), key=lambda item: rank.get(item.id, len(rank)))
    for number, item in enumerate(ordered):
        action.change_item(item, touch=False, position=float(number))


def restore(action: Action, item_id: str) -> ItemRecord:
    """Shows a superseded text again: as a new version where its chain goes on, else as itself.

    It is a voorstel then, whatever it was before, and no generation replaces it.
    """
    item = action.item(item_id)
    if item.visible:
        return item
    shown = next((one for one in _edits(action.connection, item) if one.visible), None)
    if shown is not None:
        return _add_version(action, shown, item.text, item.reden, ItemStatus.VOORSTEL)
    action.change_item(item, status=ItemStatus.VOORSTEL)
    return action.item(item.id)


def newest_version(action: Action, seen: ItemRecord) -> ItemRecord:
    """``seen`` as it is now, or the visible version that edits made of it."""
    current = action.item(seen.id)
    if current.visible:
        return current
    return next((one for one in _edits(action.connection, current) if one.visible), current)


def end_position(visible: Sequence[ItemRecord]) -> float:
    return max((item.position for item in visible), default=-1.0) + 1.0


def _unedited(action: Action, seen: ItemRecord, *, mine: str) -> ItemRecord:
    current = newest_version(action, seen)
    if current.id != seen.id:
        theirs = readable(current.text, current.reden)
        raise Conflict("de tekst", mine, theirs, author=current.author, latest=current)
    return current


def _unrejected(action: Action, seen: ItemRecord, current: ItemRecord, *, mine: str) -> None:
    """Whoever approves or edits a text must know that somebody rejected it."""
    if current.status is ItemStatus.AFGEWEZEN and seen.status is not ItemStatus.AFGEWEZEN:
        author = action.last_author(current.id, "status")
        raise Conflict("de beoordeling", mine, current.status, author=author, latest=current)


def _add_version(
    action: Action, old: ItemRecord, text: str, reden: str | None, status: ItemStatus
) -> ItemRecord:
    action.change_item(old, status=ItemStatus.VERVANGEN)
    new = action.add_item(
        type=old.type,
        text=text,
        reden=reden,
        position=old.position,
        status=status,
        touched=True,
        previous_id=old.id,
        note=old.note,
    )
    settle_voorkeursterm(action, became=text)
    return new


def versions(connection: Connection, item: ItemRecord) -> tuple[ItemRecord, ...]:
    """The whole chain that ``item`` is in, oldest first; also what generations put in its place."""
    everything = _by_id(connection, item)
    root = item
    while root.previous_id is not None:
        root = everything[root.previous_id]
    return _family(everything, root, lambda one: True)


def _edits(connection: Connection, item: ItemRecord) -> list[ItemRecord]:
    """The other versions of ``item`` that editors made, before and after it, newest first."""
    everything = _by_id(connection, item)
    root = item
    # A generated item with a predecessor took its place; it is no version of the same text.
    while root.previous_id is not None and root.generation_id is None:
        root = everything[root.previous_id]
    family = _family(everything, root, lambda one: one.generation_id is None)
    return [one for one in reversed(family) if one.id != item.id]


def _by_id(connection: Connection, item: ItemRecord) -> dict[str, ItemRecord]:
    found = list_items(
        connection, items.c.begrip_id == item.begrip_id, items.c.type == item.type.value
    )
    return {one.id: one for one in found}


def _family(
    everything: Mapping[str, ItemRecord],
    root: ItemRecord,
    belongs: Callable[[ItemRecord], bool],
) -> tuple[ItemRecord, ...]:
    """``root`` and those of its descendants that are linked by what ``belongs``, oldest first."""
    children: dict[str, list[ItemRecord]] = {}
    for one in everything.values():
        if one.previous_id is not None and belongs(one):
            children.setdefault(one.previous_id, []).append(one)
    family = [root]
    for one in family:
        family.extend(children.get(one.id, ()))
    return tuple(sorted(family, key=lambda one: (one.created_at, one.position, one.id)))
