"""The editor's desk: every read and write of the store, synchronous, one transaction a call.

``seen`` is the record as the editor had it on the screen; where somebody else has changed the
same thing since, the call raises ``Conflict`` with both texts and writes nothing. ``by`` is the
name of the editor. Every method raises ``StoreUnavailable`` when the database does not answer,
and ``NotFound`` for an id that is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from voorbeelden.model import ExampleType, Outcome, Subject
from voorbeelden.store import (
    begrip_actions,
    definitions,
    generations,
    imports,
    item_actions,
    search,
    undo,
)
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.imports import ImportBegrip, Imported
from voorbeelden.store.records import (
    ActionKind,
    ActionRecord,
    BegripRecord,
    BegripView,
    ContextValue,
    DefinitionRecord,
    Found,
    FullBegrip,
    GenerationRecord,
    ItemRecord,
    ItemStatus,
    Search,
)
from voorbeelden.store.rows import get_begrip, get_item, list_items, visible
from voorbeelden.store.schema import items
from voorbeelden.store.transactions import Database

_REVIEWS = {
    ItemStatus.GOEDGEKEURD: ActionKind.GOEDGEKEURD,
    ItemStatus.AFGEWEZEN: ActionKind.AFGEWEZEN,
    ItemStatus.VOORSTEL: ActionKind.TERUGGEZET,
}

_BATCH = 200
"""Begrippen read at once for an export: their items fit in memory many times over."""


class Desk(Database):
    """See the module."""

    # Begrippen.

    def take_in(self, subject: Subject, by: str, *, origin: str = "") -> BegripRecord:
        """The begrip with this term and context, made when it is not there; a definition that
        differs becomes its newest version. Raises NotAllowed when the term is empty."""
        with self._write() as connection:
            return begrip_actions.take_in(connection, subject, by, origin)

    def offer_definition(
        self, subject: Subject, by: str, *, origin: str, over: Collection[str]
    ) -> BegripRecord | None:
        """As ``take_in``, for a text that nobody chose yet: it takes the place of an unaccepted
        definition whose origin is in ``over``, and of no other; ``None`` when it may not."""
        with self._write() as connection:
            return definitions.offer(connection, subject, by, origin, over)

    def accept_definition(
        self,
        subject: Subject,
        by: str,
        *,
        origin: str = "",
        reason: str = "",
        against: Collection[str] = (),
    ) -> BegripRecord:
        """Makes the text the newest version and notes who accepted it, why, and against which
        rules. Raises NotAllowed when the term is empty."""
        with self._write() as connection:
            return definitions.accept(connection, subject, by, origin, reason, against)

    def import_begrippen(self, given: Iterable[ImportBegrip], by: str) -> list[Imported]:
        """Takes in begrippen with their items: all of them or, when it raises, none. What is there
        already is left as it is. Raises NotAllowed."""
        with self._write() as connection:
            return [imports.take_in(connection, one, by) for one in given]

    def find(self, subject: Subject) -> BegripRecord | None:
        """The begrip with the same term and context, whatever its definition."""
        with self._read() as connection:
            return begrip_actions.find(connection, subject)

    def begrip(self, begrip_id: str) -> BegripRecord:
        with self._read() as connection:
            return get_begrip(connection, begrip_id)

    def view(self, begrip_id: str) -> BegripView:
        """Everything a page shows of one begrip, at one moment."""
        with self._read() as connection:
            return BegripView(
                begrip=get_begrip(connection, begrip_id),
                items=list_items(connection, items.c.begrip_id == begrip_id, visible()),
                generations=generations.list_generations(connection, begrip_id),
                undo=undo.next_undo(connection, begrip_id),
                redo=undo.next_redo(connection, begrip_id),
            )

    def save_begrip(
        self,
        seen: BegripRecord,
        *,
        by: str,
        begrip: str | None = None,
        definitie: str | None = None,
        context: Mapping[str, tuple[str, ...]] | None = None,
    ) -> BegripRecord:
        """Sets what is given. What others changed meanwhile stays, unless it is the same field:
        that raises Conflict. Raises NotAllowed when the term is empty."""
        given: dict[str, Any] = {"begrip": begrip, "definitie": definitie, "context": context}
        wanted = {name: value for name, value in given.items() if value is not None}
        with self._action(seen.id, ActionKind.BEGRIP, by) as action:
            begrip_actions.save_begrip(action, seen, wanted)
        return self.begrip(seen.id)

    def set_voorkeursterm(self, seen: BegripRecord, term: str, by: str) -> BegripRecord:
        """``term`` is the begrip or the text of an approved synonym; anything else raises
        NotAllowed. Raises Conflict."""
        with self._action(seen.id, ActionKind.VOORKEURSTERM, by) as action:
            begrip_actions.set_voorkeursterm(action, seen, term)
        return self.begrip(seen.id)

    def definitions(self, begrip_id: str) -> tuple[DefinitionRecord, ...]:
        """Every version of what the begrip is about, oldest first."""
        with self._read() as connection:
            return definitions.versions(connection, begrip_id)

    # The history.

    def search(self, wanted: Search) -> Found:
        """One page of the begrippen that fit, the better match first."""
        with self._read() as connection:
            return search.find(connection, wanted)

    def ids(self, wanted: Search) -> tuple[str, ...]:
        """The ids of everything that fits, whatever ``offset`` and ``limit``: for an export."""
        with self._read() as connection:
            return search.ids(connection, wanted)

    def last_change(self) -> tuple[int, datetime | None]:
        """How many begrippen there are, and when one of them or of its items last changed: while
        both stay the same, so does an export of everything."""
        with self._read() as connection:
            return search.last_change(connection)

    def full(self, begrip_ids: Sequence[str]) -> Iterator[FullBegrip]:
        """Begrippen with their visible items, in the order of the ids, a batch at a time; an id
        that is not there is passed over. Each batch is read at a moment of its own."""
        for first in range(0, len(begrip_ids), _BATCH):
            with self._read() as connection:
                found = search.full(connection, begrip_ids[first : first + _BATCH])
            yield from found

    def contexts(self) -> tuple[ContextValue, ...]:
        """Every context in use, by kind and then by value: what a filter can offer."""
        with self._read() as connection:
            return search.contexts(connection)

    # Items.

    def item(self, item_id: str) -> ItemRecord:
        with self._read() as connection:
            return get_item(connection, item_id)

    def items(self, begrip_id: str, *, superseded: bool = False) -> tuple[ItemRecord, ...]:
        """In reading order; with ``superseded`` also what is not shown any more."""
        conditions = [items.c.begrip_id == begrip_id]
        if not superseded:
            conditions.append(visible())
        with self._read() as connection:
            return list_items(connection, *conditions)

    def versions(self, item_id: str) -> tuple[ItemRecord, ...]:
        """The item and everything that it came from or that came of it, oldest first."""
        with self._read() as connection:
            return item_actions.versions(connection, get_item(connection, item_id))

    def review(self, seen: ItemRecord, status: ItemStatus, by: str) -> ItemRecord:
        """Approves, rejects, or makes it a voorstel again. Raises Conflict when somebody else
        edited or judged it. ``status`` may not be ``VERVANGEN`` (KeyError)."""
        with self._action(seen.begrip_id, _REVIEWS[status], by) as action:
            return item_actions.review(action, seen, status)

    def approve(self, seen: ItemRecord, by: str) -> ItemRecord:
        return self.review(seen, ItemStatus.GOEDGEKEURD, by)

    def reject(self, seen: ItemRecord, by: str) -> ItemRecord:
        return self.review(seen, ItemStatus.AFGEWEZEN, by)

    def approve_all(self, seen: Iterable[ItemRecord], by: str) -> int:
        """Approves, as one action, the proposals of one begrip that are still as they were seen;
        returns how many. Raises nothing for the others: they stay proposals."""
        shown = list(seen)
        if not shown:
            return 0
        with self._action(shown[0].begrip_id, ActionKind.GOEDGEKEURD, by) as action:
            return item_actions.approve_all(action, shown)

    def edit(
        self,
        seen: ItemRecord,
        text: str,
        *,
        by: str,
        reden: str | None = None,
        approve: bool = False,
        keep_approval: bool = True,
    ) -> ItemRecord:
        """A new version of the item; an approved one stays approved, unless the approval was of a
        text that its giver never saw (``keep_approval``). Raises Conflict when somebody else edited
        or rejected it, NotAllowed when the text is empty."""
        with self._action(seen.begrip_id, ActionKind.BEWERKT, by) as action:
            return item_actions.edit(
                action, seen, text, reden, approve=approve, keep_approval=keep_approval
            )

    def add(
        self,
        begrip_id: str,
        kind: ExampleType,
        text: str,
        *,
        by: str,
        reden: str | None = None,
        status: ItemStatus = ItemStatus.GOEDGEKEURD,
    ) -> ItemRecord:
        """An item of the editor's own, at the end. Raises NotAllowed when the text is empty."""
        with self._action(begrip_id, ActionKind.TOEGEVOEGD, by) as action:
            return item_actions.add(action, kind, text, reden, status)

    def note(self, seen: ItemRecord, note: str, by: str) -> ItemRecord:
        """Sets or clears the note. Raises Conflict when somebody else changed it."""
        with self._action(seen.begrip_id, ActionKind.OPGEMERKT, by) as action:
            return item_actions.set_note(action, seen, note)

    def reorder(self, begrip_id: str, kind: ExampleType, order: Sequence[str], by: str) -> None:
        """Puts the visible items of one type in the order of these ids; others go last."""
        with self._action(begrip_id, ActionKind.VERPLAATST, by) as action:
            item_actions.reorder(action, kind, order)

    def restore(self, item_id: str, by: str) -> ItemRecord:
        """Shows a superseded text again, as a voorstel that no generation replaces."""
        begrip_id = self.item(item_id).begrip_id
        with self._action(begrip_id, ActionKind.HERSTELD, by) as action:
            return item_actions.restore(action, item_id)

    # What was done.

    def undo(self, begrip_id: str, by: str, *, seen: int | None = None) -> ActionRecord | None:
        """Takes back the last action on the begrip; returns it, or ``None`` if there is none.

        Raises NotAllowed when it is another one than ``seen``, what the editor meant to take back.
        """
        with self._action(begrip_id, ActionKind.TERUGGEZET, by) as action:
            last = undo.as_seen(undo.next_undo(action.connection, begrip_id), seen)
            if last is not None:
                undo.undo(action, last)
            return last

    def redo(self, begrip_id: str, by: str, *, seen: int | None = None) -> ActionRecord | None:
        """Makes the action again that was taken back last; ``None`` if there is none, or if
        something else was done since. Raises NotAllowed as ``undo`` does."""
        with self._action(begrip_id, ActionKind.TERUGGEZET, by) as action:
            undone = undo.as_seen(undo.next_redo(action.connection, begrip_id), seen)
            if undone is not None:
                undo.redo(action, undone)
            return undone

    def history(self, begrip_id: str, *, limit: int = 200) -> tuple[ActionRecord, ...]:
        """The latest actions with every change: who, when, from, to; newest first."""
        with self._read() as connection:
            return undo.history(connection, begrip_id, limit=limit)

    # Generations.

    def start_generation(self, given: GenerationStart) -> str:
        """Notes that a generation begins and returns its id (32 hexadecimal digits)."""
        with self._write() as connection:
            return generations.start(connection, given)

    def save_type(self, generation_id: str, outcome: Outcome) -> bool:
        """Saves one type whole. Safe to repeat: false when its items were there already.

        Untouched proposals of the type are superseded by a whole answer (by a ``replaces``
        generation: only that one item); nothing an editor has dealt with is ever changed.
        """
        return self.save_types(generation_id, [outcome])[0]

    def save_types(self, generation_id: str, outcomes: Sequence[Outcome]) -> list[bool]:
        """As ``save_type``, of several types at once: all of them or, when it raises, none."""
        with self._write() as connection:
            return generations.save_types(connection, generation_id, outcomes)

    def end_generation(self, generation_id: str) -> None:
        with self._write() as connection:
            generations.end(connection, generation_id)

    def withdraw_generation(self, generation_id: str, by: str) -> None:
        """Takes a generation back whatever was done since, as ``undo`` would take back the last:
        what an editor has dealt with stays. Safe to repeat."""
        with self._write() as connection:
            generations.withdraw(connection, generation_id, by)

    def generation(self, generation_id: str) -> GenerationRecord:
        """With the items as it made them, superseded or not."""
        with self._read() as connection:
            return generations.get_generation(connection, generation_id)

    def saved_types(self, generation_id: str) -> frozenset[ExampleType]:
        """The types that a generation which starts again need not make again."""
        with self._read() as connection:
            return generations.saved_types(connection, generation_id)

    def present(self, begrip_id: str, kind: ExampleType) -> tuple[str, ...]:
        """The visible texts of one type, rejected ones too: what a new generation of it is told
        that is there already."""
        return tuple(item.text for item in self.items(begrip_id) if item.type is kind)
