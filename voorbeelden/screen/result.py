"""What stands beside the form: a begrip with its examples, coming in or kept."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from voorbeelden.bridge import Bridge
from voorbeelden.jobs import JobSnapshot
from voorbeelden.keeping import UNSAVED
from voorbeelden.messages import message_for
from voorbeelden.model import ExampleType, FailureKind, GenerationMode
from voorbeelden.screen import generating, live, review, review_bar
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.generating import remember_open
from voorbeelden.screen.items import idle_html, tab_html, tab_labels
from voorbeelden.screen.kept import Findings, findings_of, kept_heading_html, kept_states
from voorbeelden.screen.shell import caught, open_desk
from voorbeelden.screen.texts import PURPOSES, TITLES
from voorbeelden.screen.turns import turn
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripView


def show(road: Bridge) -> None:
    """What the page's address names: a begrip, and the job that works on it.

    The number of elements above the tabs never changes, so the tab that a reader opened stays
    open. What is coming in is drawn by a fragment of its own, ``live.watch``, which reruns by
    itself: it draws a dozen elements, this function many more. Buttons belong to the tab that is
    open only.
    """
    job_id, begrip_id = remember_open()
    snapshot, view = road.snapshot(job_id), kept(begrip_id)
    # Buttons of a type can come later than what others wait for; after the end nothing more comes.
    with turn(first=snapshot is None or not snapshot.running or not snapshot.finished):
        if snapshot is None and view is None:
            _nothing(job_id, begrip_id)
        else:
            _begrip(road, job_id, begrip_id, snapshot, view)


def _nothing(job_id: str, begrip_id: str) -> None:
    """Why there is nothing to show, and what to do."""
    if message := st.session_state.get(f"onleesbaar-{begrip_id}"):
        st.html(alert(message))
    elif job_id:
        _lost()
    else:
        _welcome()


def _begrip(
    road: Bridge,
    job_id: str,
    begrip_id: str,
    snapshot: JobSnapshot | None,
    view: BegripView | None,
) -> None:
    """Heading, timeline, notices, toolbar and the six tabs, in this order and always all."""
    key = f"tabs-{begrip_id or job_id}"
    heading, button = st.columns([4, 1], vertical_alignment="center")
    with button:
        _stop_or_again(road, snapshot, view)
    timeline = st.container()
    review_bar.notices(begrip_id, _interrupted(snapshot, view, job_id))
    findings: Findings = {}
    with st.container(key=f"vb-desk-{begrip_id or job_id}"):
        if view is not None:
            findings = findings_of(view)
            review_bar.bar(view, findings)
    coming: dict[ExampleType, DeltaGenerator] = {}
    opened = review.opened_tab(key)
    for kind, tab in zip(ExampleType, st.tabs(tab_labels(), key=key), strict=True):
        lane = snapshot.find(kind) if snapshot else None
        with tab:
            if lane is not None and lane.outcome is None:
                coming[kind] = st.container()
            else:
                _show_type(road, snapshot, view, kind, findings, opened=kind is opened)
            if kind is not opened:
                review.opener(key, kind)
    if snapshot is None:
        assert view is not None
        heading.html(kept_heading_html(view))
        timeline.html(kept_states(None, view, key))
        return
    place = live.Place(job_id, key, view, findings, heading, coming, opened)
    with timeline:
        live.keep_drawing(road, snapshot, place)


def _stop_or_again(road: Bridge, snapshot: JobSnapshot | None, view: BegripView | None) -> None:
    if snapshot is not None and snapshot.running:
        st.button(
            "Stop",
            key=f"stop-{snapshot.job_id}",
            icon=":material/stop:",
            width="stretch",
            help="Breekt af; wat binnen is, blijft staan.",
            on_click=caught(road.cancel),
            args=(snapshot.job_id,),
        )
        return
    subject = view.begrip.subject if view else snapshot.subject if snapshot else None
    if subject is None:
        return
    st.button(
        "Alles opnieuw",
        key=f"alles-{view.begrip.id if view else ''}",
        icon=":material/refresh:",
        width="stretch",
        help="Maakt alle zes soorten opnieuw, zonder bewaarde antwoorden te gebruiken. Wat u hebt "
        "goedgekeurd, bewerkt of toegevoegd blijft staan.",
        on_click=caught(generating.all_again),
        args=(road, subject, snapshot.mode if snapshot else GenerationMode.ASYNC),
    )


def _show_type(
    road: Bridge,
    snapshot: JobSnapshot | None,
    view: BegripView | None,
    kind: ExampleType,
    findings: Findings,
    *,
    opened: bool,
) -> None:
    lane = snapshot.find(kind) if snapshot else None
    if view is None:
        if snapshot is not None and lane is not None:
            st.html(tab_html(snapshot, kind))
            if opened and lane.outcome is not None:
                _unkept_again(road, snapshot, kind)
        return
    job_id = snapshot.job_id if snapshot else ""
    if snapshot is None or lane is None or lane.outcome is None:
        st.html(idle_html(kind))
    else:
        st.html(tab_html(snapshot, kind, listed=UNSAVED in lane.outcome.notes))
    review.items(road, job_id, view, kind, findings, opened=opened)


def _unkept_again(road: Bridge, snapshot: JobSnapshot, kind: ExampleType) -> None:
    st.button(
        "Opnieuw",
        key=f"opnieuw-{snapshot.job_id}-{kind.value}",
        icon=":material/refresh:",
        help=f"Maakt alleen {TITLES[kind].lower()} opnieuw; de rest blijft staan.",
        on_click=caught(generating.again),
        args=(road, snapshot.job_id, kind),
    )


def kept(begrip_id: str) -> BegripView | None:
    """What the store has of the begrip; ``None`` with a message when that cannot be said."""
    state, message = st.session_state, f"onleesbaar-{begrip_id}"
    state.pop(message, None)
    if not begrip_id:
        return None
    try:
        return open_desk().view(begrip_id)
    except StoreError as error:
        state[message] = str(error)
        return None


def _interrupted(snapshot: JobSnapshot | None, view: BegripView | None, job_id: str) -> str | None:
    """A generation that the process did not live to end; what was complete is there."""
    if snapshot is not None or view is None or not job_id or not view.generations:
        return None
    broken = view.generations[0].job_id == job_id and view.generations[0].ended_at is None
    if not broken:
        return None
    return (
        "Onderbroken: de toepassing is tijdens het genereren gestopt. Elke soort die klaar was, "
        "is bewaard."
    )


def _lost() -> None:
    message = message_for(FailureKind.PROCESS_RESTARTED)
    st.html(f'<section class="vb-welcome"><h2>Onderbroken</h2><p>{message}</p></section>')


def _welcome() -> None:
    cells = "".join(
        f"<div><dt>{TITLES[kind]}</dt><dd>{PURPOSES[kind]}</dd></div>" for kind in ExampleType
    )
    st.html(
        '<section class="vb-welcome"><h2>Nog geen voorbeelden</h2><p>Vul een begrip met zijn '
        "definitie in, of laat een voorbeeld invullen, en kies Genereer. De zes soorten komen "
        f"tegelijk binnen, elk in een eigen tabblad.</p><dl>{cells}</dl></section>"
    )
