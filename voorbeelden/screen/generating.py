"""What starts a generation from a page: of a whole begrip, of one type or in the place of one item.

Every function that does so is a callback: it runs before the page is drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.hooks import Part, keeping_failed
from voorbeelden.keeping import Keep
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType, GenerationMode, Subject
from voorbeelden.screen.review_actions import attempt
from voorbeelden.screen.shell import editor, open_desk, owner
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus
from voorbeelden.strategies import Present, Wanted

JOB: Final = "taak"
"""The URL parameter that names the job, so that a reload shows it again."""

BEGRIP: Final = "begrip_id"
"""The URL parameter that names the begrip in the store."""


def open_now() -> tuple[str, str]:
    """The job and the begrip that the page's address names; each may be empty."""
    return st.query_params.get(JOB, ""), st.query_params.get(BEGRIP, "")


def remember_open() -> tuple[str, str]:
    """As ``open_now``, for whoever comes back from another page."""
    job_id, begrip_id = open_now()
    if job_id or begrip_id:
        st.session_state.last_open = st.query_params.to_dict()
    return job_id, begrip_id


def come_back() -> None:
    """Coming from another page the address says nothing: go on with what this session had open."""
    last = st.session_state.get("last_open")
    if last and not any(open_now()):
        st.query_params.from_dict(last)


def run(road: Bridge, subject: Subject, mode: GenerationMode, *, fresh: bool) -> None:
    """Starts a generation that is kept; when the database is away, one that is not. The same that
    runs for this begrip already, in another tab, is seen here too, and not paid for twice."""
    keep: Keep | None = None
    present: Present = {}
    wanted: Wanted = DEFAULT_EXAMPLE_COUNTS
    st.session_state.pop("melding-", None)
    try:
        desk = open_desk()
        begrip_id = desk.take_in(subject, editor()).id
        view = desk.view(begrip_id)
        keep = Keep(desk, begrip_id, editor())
        present, wanted = standing(view), still_wanted(view)
    except StoreError as error:
        begrip_id = ""
        road.tell(keeping_failed(Part.BEGRIP, "", error))
        st.session_state["melding-"] = f"{error} Wat u nu genereert, wordt niet bewaard."
    job_id = road.start(
        subject, mode, wanted, owner=owner(), fresh=fresh, keep=keep, present=present
    )
    st.session_state.shown = begrip_id or job_id
    st.query_params.from_dict({JOB: job_id, **({BEGRIP: begrip_id} if begrip_id else {})})


def all_again(road: Bridge, subject: Subject, mode: GenerationMode) -> None:
    """Makes every type again, without kept answers."""
    run(road, subject, mode, fresh=True)


def again(road: Bridge, job_id: str, kind: ExampleType) -> None:
    """Makes one type of a job again that is not kept."""
    road.retry(job_id, kind)


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
    """Makes the untouched items of one type again; the others stay. Where that is being done for
    this begrip already, in another tab, it is seen here too, and not paid for twice."""
    if (running := road.making(view.begrip.id, kind)) is not None:
        st.query_params[JOB] = running
        return
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
