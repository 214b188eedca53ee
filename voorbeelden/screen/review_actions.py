"""What the review's buttons do: one action on the store, and what the editor hears of it.

Every function here is a callback: it runs before the page is drawn again. A conflict is kept in
the session with what is needed to carry the refused action out all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.keeping import Keep
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode
from voorbeelden.screen.shell import editor, open_desk, owner
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict, StoreError
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus

JOB: Final = "taak"
"""The URL parameter that names the job, so that a reload shows it again."""

BEGRIP: Final = "begrip_id"
"""The URL parameter that names the begrip in the store."""

EDIT, NOTE, VERSIONS = "bewerken", "opmerking", "versies"
"""What can be opened under an item."""

Work = Callable[[Desk, Any], object]
"""An action on the record as it was seen."""


@dataclass(frozen=True, slots=True)
class Clash:
    """An action that was refused because somebody else came first."""

    conflict: Conflict
    work: Work
    seen: object


def attempt(begrip_id: str, work: Work, seen: object = None) -> bool:
    """Does ``work``; whether it was done. What went wrong stands above the tabs afterwards."""
    state = st.session_state
    state.pop(f"botsing-{begrip_id}", None)
    state.pop(f"melding-{begrip_id}", None)
    try:
        work(open_desk(), seen)
    except Conflict as conflict:
        state[f"botsing-{begrip_id}"] = Clash(conflict, work, seen)
    except StoreError as error:
        state[f"melding-{begrip_id}"] = str(error)
    else:
        return True
    return False


def insist(begrip_id: str, clash: Clash) -> None:
    """Carries out what was refused, now that both texts have been seen."""
    if attempt(begrip_id, clash.work, clash.conflict.latest):
        _close_of(clash)


def give_way(begrip_id: str, clash: Clash) -> None:
    st.session_state.pop(f"botsing-{begrip_id}", None)
    _close_of(clash)


def _close_of(clash: Clash) -> None:
    if isinstance(clash.seen, ItemRecord):
        close(clash.seen.id)


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
    """What this session has open under an item, and the item as it was then."""

    item: ItemRecord
    part: str


def opened() -> dict[str, Opened]:
    """By the id of the item."""
    found: dict[str, Opened] = st.session_state.setdefault("geopend", {})
    return found


def left_open(view: BegripView, kind: ExampleType) -> list[ItemRecord]:
    """Items of which this session is writing the text or the note, and that another editor or a
    generation replaced meanwhile: what was typed must stay until it is kept or dropped."""
    shown = {item.id for item in view.items}
    return [
        one.item
        for one in opened().values()
        if one.part != VERSIONS
        and (one.item.begrip_id, one.item.type) == (view.begrip.id, kind)
        and one.item.id not in shown
    ]


def open_part(item: ItemRecord, part: str) -> None:
    """Opens ``EDIT``, ``NOTE`` or ``VERSIONS`` under the item, in the place of another of them."""
    state = st.session_state
    opened()[item.id] = Opened(item, part)
    state[f"tekst-{item.id}"] = item.text
    state[f"reden-{item.id}"] = item.reden or ""
    state[f"opmerking-{item.id}"] = item.note


def close(item_id: str) -> None:
    opened().pop(item_id, None)


def save_edit(seen: ItemRecord, *, approve: bool) -> None:
    state, by = st.session_state, editor()
    text = str(state.get(f"tekst-{seen.id}", ""))
    reden = str(state.get(f"reden-{seen.id}", seen.reden or ""))
    if (text.strip(), reden.strip()) == (seen.text, seen.reden or ""):
        close(seen.id)
        if approve:
            review(seen, ItemStatus.GOEDGEKEURD)
        return

    # Where another version has to make way, what its editor thought of that text does not count.
    approved = approve or seen.status is ItemStatus.GOEDGEKEURD

    def work(desk: Desk, item: ItemRecord) -> None:
        desk.edit(item, text, by=by, reden=reden or None, approve=approved, keep_approval=False)

    if attempt(seen.begrip_id, work, seen):
        close(seen.id)


def save_note(seen: ItemRecord) -> None:
    note, by = str(st.session_state.get(f"opmerking-{seen.id}", "")), editor()
    if attempt(seen.begrip_id, lambda desk, item: desk.note(item, note, by), seen):
        close(seen.id)


def restore(begrip_id: str, item_id: str, shown_id: str) -> None:
    by = editor()
    if attempt(begrip_id, lambda desk, _: desk.restore(item_id, by)):
        close(shown_id)


def move(begrip_id: str, kind: ExampleType, order: tuple[str, ...], item_id: str, by: int) -> None:
    """Moves an item ``by`` places in ``order``, what was on the screen."""
    place = order.index(item_id)
    wanted = [one for one in order if one != item_id]
    wanted.insert(max(0, place + by), item_id)
    name = editor()
    attempt(begrip_id, lambda desk, _: desk.reorder(begrip_id, kind, wanted, name))


def add_own(begrip_id: str, kind: ExampleType) -> None:
    state, by = st.session_state, editor()
    text = str(state.get(f"eigen-{begrip_id}-{kind.value}", ""))
    reden = str(state.get(f"eigen-reden-{begrip_id}-{kind.value}", "")) or None
    if attempt(begrip_id, lambda desk, _: desk.add(begrip_id, kind, text, by=by, reden=reden)):
        state[f"eigen-{begrip_id}-{kind.value}"] = ""
        state[f"eigen-reden-{begrip_id}-{kind.value}"] = ""


def prefer(view: BegripView) -> None:
    term, by = str(st.session_state[f"voorkeur-{view.begrip.id}"]), editor()
    attempt(view.begrip.id, lambda desk, seen: desk.set_voorkeursterm(seen, term, by), view.begrip)


def undo(begrip_id: str, seen: int) -> None:
    by = editor()
    attempt(begrip_id, lambda desk, _: desk.undo(begrip_id, by, seen=seen))


def redo(begrip_id: str, seen: int) -> None:
    by = editor()
    attempt(begrip_id, lambda desk, _: desk.redo(begrip_id, by, seen=seen))


# Generating, with what is kept already.


def standing(view: BegripView) -> dict[ExampleType, tuple[str, ...]]:
    """The texts that stay whatever comes: the model is told that they are there already."""
    return {
        kind: tuple(item.text for item in view.of_type(kind) if item.protected)
        for kind in ExampleType
    }


def still_wanted(view: BegripView) -> Mapping[ExampleType, int]:
    """As many as are missing beside the ones that stay and were not rejected; one at least."""
    return {
        kind: max(1, count - sum(_fills(item) for item in view.of_type(kind)))
        for kind, count in DEFAULT_EXAMPLE_COUNTS.items()
    }


def _fills(item: ItemRecord) -> bool:
    return item.protected and item.status is not ItemStatus.AFGEWEZEN


def type_again(road: Bridge, job_id: str, view: BegripView, kind: ExampleType) -> None:
    """Makes the untouched items of one type again; the others stay."""
    present = {kind: standing(view)[kind]}
    _run(road, job_id, view, kind, still_wanted(view)[kind], present, None)


def item_again(road: Bridge, job_id: str, view: BegripView, item: ItemRecord) -> None:
    """Another text in the place of one item; a reviewed item stays, with the other beside it."""
    present = {item.type: tuple(one.text for one in view.of_type(item.type))}
    _run(road, job_id, view, item.type, 1, present, item.id)


def _run(
    road: Bridge,
    job_id: str,
    view: BegripView,
    kind: ExampleType,
    count: int,
    present: Mapping[ExampleType, tuple[str, ...]],
    replaces: str | None,
) -> None:
    begrip = view.begrip

    def work(desk: Desk, _: object) -> None:
        keep = Keep(desk, begrip.id, editor(), replaces=replaces)
        snapshot = road.snapshot(job_id)
        if snapshot is not None and snapshot.begrip_id == begrip.id:
            road.retry(job_id, kind, count, keep=keep, present=present)
        else:
            st.query_params[JOB] = road.start(
                begrip.subject,
                GenerationMode.ASYNC,
                {kind: count},
                owner=owner(),
                fresh=True,
                keep=keep,
                present=present,
            )

    attempt(begrip.id, work)
