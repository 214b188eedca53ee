"""The editors' page: a begrip in, six tabs of examples out, live."""

from __future__ import annotations

import random
from collections.abc import Mapping
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from voorbeelden.bridge import Bridge
from voorbeelden.demo.teksten import bekende_begrippen
from voorbeelden.jobs import JobSnapshot
from voorbeelden.keeping import UNSAVED, Keep
from voorbeelden.messages import message_for
from voorbeelden.model import (
    CONTEXT_KEYS,
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    FailureKind,
    GenerationMode,
    Subject,
)
from voorbeelden.screen import form, live, review, review_actions, review_bar
from voorbeelden.screen.items import idle_html, tab_html, tab_labels
from voorbeelden.screen.kept import (
    Findings,
    findings_of,
    kept_heading_html,
    kept_states,
)
from voorbeelden.screen.review_actions import BEGRIP, JOB
from voorbeelden.screen.shell import (
    bridge,
    caught,
    connection_strip,
    dress,
    editor,
    fragment,
    open_desk,
    owner,
)
from voorbeelden.screen.texts import MODES, MODES_HELP, PURPOSES, TITLES
from voorbeelden.screen.turns import turn
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripRecord, BegripView
from voorbeelden.strategies import Present, Wanted


def main() -> None:
    dress("Voorbeelden", "Zes soorten voorbeelden bij één juridisch begrip, tegelijk gemaakt.")
    road = bridge()
    connection_strip(road)
    come_back()
    job_id, begrip_id = st.query_params.get(JOB, ""), st.query_params.get(BEGRIP, "")
    snapshot = road.snapshot(job_id)
    view: BegripView | None = None
    # What the form is about is read by ``show``; once is enough.
    if snapshot is None or st.session_state.get("shown") != (begrip_id or job_id):
        view = kept(begrip_id)
        restore(snapshot, view.begrip if view else None)
    # Somebody waits for a page with a form, or with a job that has just begun.
    with turn(first=view is None and (snapshot is None or snapshot.running)):
        left, right = st.columns([4, 10], gap="large")
        with left:
            ask(road)
        with right:
            if snapshot is not None or view is not None:
                fragment(show)(road, job_id, begrip_id)
            elif message := st.session_state.get(f"melding-{begrip_id}"):
                st.html(f'<p class="vb-alert" role="alert">{escape(message)}</p>')
            elif job_id:
                lost()
            else:
                welcome()


def come_back() -> None:
    """Coming from another page the address says nothing: go on with what this session had open."""
    parameters = st.query_params
    if JOB in parameters or BEGRIP in parameters:
        st.session_state.last_open = {
            key: parameters[key] for key in (JOB, BEGRIP) if key in parameters
        }
    elif last := st.session_state.get("last_open"):
        parameters.from_dict(last)


def ask(road: Bridge) -> None:
    """The form. Nothing is sent before it is right, and nothing typed is ever changed."""
    st.button("Vul een voorbeeld in", icon=":material/auto_fix_high:", on_click=caught(fill_in))
    problems: Mapping[str, str] = st.session_state.get("problems", {})
    with st.form("invoer", border=False):
        st.text_input(
            "Begrip",
            key="begrip",
            persist_state="session",
            placeholder="bijvoorbeeld: verdachte",
            help="De term, in het enkelvoud.",
        )
        say(problems.get("begrip"))
        st.text_area(
            "Definitie",
            key="definitie",
            persist_state="session",
            height=150,
            placeholder="Eén volzin die zegt wat het begrip is en waarin het zich onderscheidt.",
            help="De voorbeelden worden bij deze tekst gemaakt. Nog geen definitie? De pagina "
            "Definitie stelt er een op.",
        )
        say(problems.get("definitie"))
        for key in CONTEXT_KEYS:
            st.multiselect(
                form.CONTEXT_LABELS[key],
                form.CONTEXT_PRESETS[key],
                key=key,
                persist_state="session",
                accept_new_options=True,
                placeholder="Kies of typ zelf",
                help=form.CONTEXT_HELP[key],
            )
            say(problems.get(key))
        st.segmented_control(
            "Werkwijze",
            list(MODES),
            format_func=MODES.__getitem__,
            key="werkwijze",
            default=GenerationMode.ASYNC,
            required=True,
            persist_state="session",
            help=MODES_HELP,
        )
        st.form_submit_button(
            "Genereer",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            on_click=caught(generate),
            args=(road,),
        )


def say(problem: str | None) -> None:
    if problem:
        st.html(f'<p class="vb-problem" role="alert">{problem}</p>')


def fill_in() -> None:
    """Another well-known begrip than the one that stands there."""
    others = [one for one in bekende_begrippen() if one.begrip != st.session_state.get("begrip")]
    known = random.choice(others)
    st.session_state.begrip = known.begrip
    st.session_state.definitie = known.definitie
    for key in CONTEXT_KEYS:
        st.session_state[key] = list(known.context[key])
    st.session_state.problems = {}


def generate(road: Bridge) -> None:
    state = st.session_state
    context = {key: state.get(key, []) for key in CONTEXT_KEYS}
    subject, problems = form.read(state.get("begrip"), state.get("definitie"), context)
    state.problems = problems
    if not problems:
        run(road, subject, state.get("werkwijze") or GenerationMode.ASYNC, fresh=False)


def run(road: Bridge, subject: Subject, mode: GenerationMode, *, fresh: bool) -> None:
    """Starts a generation that is kept; when the database is away, one that is not."""
    keep: Keep | None = None
    present: Present = {}
    wanted: Wanted = DEFAULT_EXAMPLE_COUNTS
    st.session_state.pop("melding-", None)
    try:
        desk = open_desk()
        begrip_id = desk.take_in(subject, editor()).id
        view = desk.view(begrip_id)
        keep = Keep(desk, begrip_id, editor())
        present, wanted = review_actions.standing(view), review_actions.still_wanted(view)
    except StoreError as error:
        begrip_id = ""
        st.session_state["melding-"] = f"{error} Wat u nu genereert, wordt niet bewaard."
    job_id = road.start(
        subject, mode, wanted, owner=owner(), fresh=fresh, keep=keep, present=present
    )
    st.session_state.shown = begrip_id or job_id
    st.query_params.from_dict({JOB: job_id, **({BEGRIP: begrip_id} if begrip_id else {})})


def restore(snapshot: JobSnapshot | None, begrip: BegripRecord | None) -> None:
    """After a reload, or coming from another page, the form is empty or about another begrip:
    show what was asked."""
    subject = begrip.subject if begrip else snapshot.subject if snapshot else None
    about = begrip.id if begrip else snapshot.job_id if snapshot else None
    state = st.session_state
    if subject is None or about is None or state.get("shown") == about:
        return
    state.shown = about
    state.begrip = subject.begrip
    state.definitie = subject.definitie
    for key in CONTEXT_KEYS:
        state[key] = list(subject.context.get(key, ()))


def kept(begrip_id: str) -> BegripView | None:
    """What the store has of the begrip; ``None`` with a message when that cannot be said."""
    if not begrip_id:
        return None
    try:
        return open_desk().view(begrip_id)
    except StoreError as error:
        st.session_state[f"melding-{begrip_id}"] = str(error)
        return None


def lost() -> None:
    message = message_for(FailureKind.PROCESS_RESTARTED)
    st.html(f'<section class="vb-welcome"><h2>Onderbroken</h2><p>{message}</p></section>')


def interrupted(snapshot: JobSnapshot | None, view: BegripView | None, job_id: str) -> str | None:
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


def welcome() -> None:
    cells = "".join(
        f"<div><dt>{TITLES[kind]}</dt><dd>{PURPOSES[kind]}</dd></div>" for kind in ExampleType
    )
    st.html(
        '<section class="vb-welcome"><h2>Nog geen voorbeelden</h2><p>Vul een begrip met zijn '
        "definitie in, of laat een voorbeeld invullen, en kies Genereer. De zes soorten komen "
        f"tegelijk binnen, elk in een eigen tabblad.</p><dl>{cells}</dl></section>"
    )


def show(road: Bridge, job_id: str, begrip_id: str) -> None:
    """A begrip and the job that works on it. The number of elements above the tabs never changes,
    so the tab that a reader opened stays open.

    What is coming in is drawn by a fragment of its own, ``live.watch``, which reruns by itself: it
    draws a dozen elements, this function many more. Buttons belong to the tab that is open only.
    """
    snapshot, view = road.snapshot(job_id), kept(begrip_id)
    moved = st.query_params.get(JOB, "") != job_id
    if moved or (snapshot is None and view is None):
        st.rerun()
    with turn():
        key = f"tabs-{begrip_id or job_id}"
        heading, button = st.columns([4, 1], vertical_alignment="center")
        with button:
            stop_or_again(road, snapshot, view)
        timeline = st.container()
        review_bar.notices(begrip_id, interrupted(snapshot, view, job_id))
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
                    show_type(road, snapshot, view, kind, findings, opened=kind is opened)
                if kind is not opened:
                    review.opener(key, kind)
        place = live.Place(job_id, key, view, heading, coming, opened)
        if snapshot is None:
            assert view is not None
            heading.html(kept_heading_html(view))
            timeline.html(kept_states(None, view, key))
        else:
            every = live.interval(road.running)
            with timeline:
                if snapshot.running:
                    fragment(live.watch, every=every)(road, place, every)
                else:
                    live.draw(snapshot, place, every)


def stop_or_again(road: Bridge, snapshot: JobSnapshot | None, view: BegripView | None) -> None:
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
        on_click=caught(all_again),
        args=(road, subject, snapshot.mode if snapshot else GenerationMode.ASYNC),
    )


def all_again(road: Bridge, subject: Subject, mode: GenerationMode) -> None:
    run(road, subject, mode, fresh=True)


def show_type(
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
                unkept_again(road, snapshot, kind)
        return
    job_id = snapshot.job_id if snapshot else ""
    if snapshot is None or lane is None or lane.outcome is None:
        st.html(idle_html(kind))
    else:
        st.html(tab_html(snapshot, kind, listed=UNSAVED in lane.outcome.notes))
    review.items(road, job_id, view, kind, findings, opened=opened)


def unkept_again(road: Bridge, snapshot: JobSnapshot, kind: ExampleType) -> None:
    st.button(
        "Opnieuw",
        key=f"opnieuw-{snapshot.job_id}-{kind.value}",
        icon=":material/refresh:",
        help=f"Maakt alleen {TITLES[kind].lower()} opnieuw; de rest blijft staan.",
        on_click=caught(again),
        args=(road, snapshot.job_id, kind),
    )


def again(road: Bridge, job_id: str, kind: ExampleType) -> None:
    road.retry(job_id, kind)


main()
