"""What the review's buttons do: one action on the store, and what the editor hears of it.

Every function here is a callback: it runs before the page is drawn again. A conflict is kept in
the session with what is needed to carry the refused action out all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from voorbeelden.model import ExampleType
from voorbeelden.screen.shell import editor, open_desk
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict, NotAllowed, StoreError
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus

T = TypeVar("T")

EDIT, NOTE, VERSIONS = "bewerken", "opmerking", "versies"
"""What can be opened under an item."""

Work = Callable[[Desk, Any], object]
"""An action on the record as it was seen."""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Clash:
    """An action that was refused because somebody else came first."""

    conflict: Conflict
    work: Work
    settled: Callable[[], None]


def attempt(
    begrip_id: str, work: Work, seen: object = None, settled: Callable[[], None] = _nothing
) -> None:
    """Does ``work`` and then ``settled``, which also follows when a refusal is given way to. What
    went wrong stands above the tabs afterwards."""
    state = st.session_state
    state.pop(f"botsing-{begrip_id}", None)
    state.pop(f"melding-{begrip_id}", None)
    try:
        work(open_desk(), seen)
    except Conflict as conflict:
        state[f"botsing-{begrip_id}"] = Clash(conflict, work, settled)
    except StoreError as error:
        state[f"melding-{begrip_id}"] = str(error)
    else:
        settled()


def insist(begrip_id: str, clash: Clash) -> None:
    """Carries out what was refused, now that both texts have been seen."""
    attempt(begrip_id, clash.work, clash.conflict.latest, clash.settled)


def give_way(begrip_id: str, clash: Clash) -> None:
    st.session_state.pop(f"botsing-{begrip_id}", None)
    clash.settled()


def review(seen: ItemRecord, status: ItemStatus) -> None:
    by = editor()
    attempt(seen.begrip_id, lambda desk, item: desk.review(item, status, by), seen)


def approve_all(seen: tuple[ItemRecord, ...]) -> None:
    by = editor()
    if seen:
        attempt(seen[0].begrip_id, lambda desk, _: desk.approve_all(seen, by))


def open_tab(key: str, kind: ExampleType) -> None:
    """The tabs with ``key`` have the buttons of ``kind`` from now on."""
    st.session_state[f"tab-{key}"] = kind


@dataclass(frozen=True, slots=True)
class Opened:
    """A part that this session has open under an item, and the item as it was then."""

    item: ItemRecord
    part: str


def opened() -> dict[str, tuple[Opened, ...]]:
    """By the id of the item; in sight is the last, the others wait until it is closed."""
    found: dict[str, tuple[Opened, ...]] = st.session_state.setdefault("geopend", {})
    return found


def left_open(view: BegripView, kind: ExampleType) -> list[ItemRecord]:
    """Items of which this session is writing the text or the note, and that another editor or a
    generation replaced meanwhile: what was typed must stay until it is kept or dropped."""
    shown = {item.id for item in view.items}
    written = (stack[-1].item for stack in opened().values() if {EDIT, NOTE} & _parts(stack))
    return [
        item
        for item in written
        if (item.begrip_id, item.type) == (view.begrip.id, kind) and item.id not in shown
    ]


def _parts(stack: tuple[Opened, ...]) -> set[str]:
    return {one.part for one in stack}


def open_part(item: ItemRecord, part: str) -> None:
    """Opens ``EDIT``, ``NOTE`` or ``VERSIONS`` under the item. What was typed there already, or in
    another part that is open, stays."""
    state, stack = st.session_state, opened().get(item.id, ())
    found = next((one for one in stack if one.part == part), None)
    if found is None:
        found = Opened(item, part)
        if part == EDIT:
            state[f"tekst-{item.id}"] = item.text
            state[f"reden-{item.id}"] = item.reden or ""
        elif part == NOTE:
            state[f"opmerking-{item.id}"] = item.note
    opened()[item.id] = (*(one for one in stack if one is not found), found)


def close(item_id: str, part: str) -> None:
    left = tuple(one for one in opened().pop(item_id, ()) if one.part != part)
    if left:
        opened()[item_id] = left


def save_edit(seen: ItemRecord, *, approve: bool) -> None:
    by, close_it, before = editor(), partial(close, seen.id, EDIT), (seen.text, seen.reden or "")

    def typed() -> tuple[str, str]:
        state = st.session_state
        text, reden = state.get(f"tekst-{seen.id}"), state.get(f"reden-{seen.id}", seen.reden)
        return str(text or "").strip(), str(reden or "").strip()

    if typed() == before:
        close_it()
        if approve:
            review(seen, ItemStatus.GOEDGEKEURD)
        return
    wanted = _at_last(typed, before)

    def work(desk: Desk, item: ItemRecord) -> None:
        text, reden = wanted()
        # Where another version has to make way, what its editor thought of that text is no matter.
        kept = item is seen
        desk.edit(item, text, by=by, reden=reden or None, approve=approve, keep_approval=kept)

    attempt(seen.begrip_id, work, seen, close_it)


def save_note(seen: ItemRecord) -> None:
    by, close_it = editor(), partial(close, seen.id, NOTE)
    wanted = _at_last(lambda: str(st.session_state.get(f"opmerking-{seen.id}", "")), seen.note)
    attempt(seen.begrip_id, lambda desk, item: desk.note(item, wanted(), by), seen, close_it)


def _at_last(typed: Callable[[], T], before: T) -> Callable[[], T]:
    """What is typed when it is kept at last: whoever sees two texts may make one of them in the
    field, and insist on that. Where the field holds ``before`` again, what was typed at first."""
    first = typed()
    return lambda: first if typed() == before else typed()


def restore(begrip_id: str, item_id: str, shown_id: str) -> None:
    by = editor()
    close_it = partial(close, shown_id, VERSIONS)
    attempt(begrip_id, lambda desk, _: desk.restore(item_id, by), settled=close_it)


def move(seen: ItemRecord, places: int) -> None:
    """Moves an item from where it stands now: what others moved meanwhile stays moved."""
    by = editor()

    def work(desk: Desk, _: object) -> None:
        order = [one.id for one in desk.view(seen.begrip_id).of_type(seen.type)]
        if seen.id not in order:
            raise NotAllowed("Deze tekst is intussen vervangen. Er is niets verplaatst.")
        place = order.index(seen.id)
        order.insert(max(0, place + places), order.pop(place))
        desk.reorder(seen.begrip_id, seen.type, order, by)

    attempt(seen.begrip_id, work)


def add_own(begrip_id: str, kind: ExampleType) -> None:
    state, by = st.session_state, editor()
    text = str(state.get(f"eigen-{begrip_id}-{kind.value}", ""))
    reden = str(state.get(f"eigen-reden-{begrip_id}-{kind.value}", "")) or None

    def empty() -> None:
        state[f"eigen-{begrip_id}-{kind.value}"] = ""
        state[f"eigen-reden-{begrip_id}-{kind.value}"] = ""

    attempt(
        begrip_id, lambda desk, _: desk.add(begrip_id, kind, text, by=by, reden=reden), None, empty
    )


def prefer(view: BegripView) -> None:
    term, by = str(st.session_state[f"voorkeur-{view.begrip.id}"]), editor()
    attempt(view.begrip.id, lambda desk, seen: desk.set_voorkeursterm(seen, term, by), view.begrip)


def undo(begrip_id: str, seen: int) -> None:
    by = editor()
    attempt(begrip_id, lambda desk, _: desk.undo(begrip_id, by, seen=seen))


def redo(begrip_id: str, seen: int) -> None:
    by = editor()
    attempt(begrip_id, lambda desk, _: desk.redo(begrip_id, by, seen=seen))
