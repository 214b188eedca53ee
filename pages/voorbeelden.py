"""The editors' page: a begrip in, six tabs of examples out, live."""

from __future__ import annotations

import random
from collections.abc import Mapping

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.demo.teksten import bekende_begrippen
from voorbeelden.jobs import JobSnapshot
from voorbeelden.messages import message_for
from voorbeelden.model import CONTEXT_KEYS, ExampleType, FailureKind, GenerationMode
from voorbeelden.screen import form
from voorbeelden.screen.items import tab_html, tab_labels, tab_states
from voorbeelden.screen.shell import bridge, connection_strip, dress, owner
from voorbeelden.screen.texts import MODES, MODES_HELP, PURPOSES, TITLES
from voorbeelden.screen.timeline import heading_html, timeline_html

REFRESH = 0.4  # seconds between two pictures of a running generation
JOB = "taak"  # the URL parameter that names the job, so that a reload shows it again


def main() -> None:
    dress("Voorbeelden", "Zes soorten voorbeelden bij één juridisch begrip, tegelijk gemaakt.")
    road = bridge()
    connection_strip(road)
    restore(road)
    left, right = st.columns([4, 10], gap="large")
    with left:
        ask(road)
    with right:
        job_id = st.query_params.get(JOB, "")
        snapshot = road.snapshot(job_id)
        if snapshot is not None:
            every = REFRESH if snapshot.running else None
            st.fragment(show, run_every=every)(road, job_id, snapshot.running)
        elif job_id:
            lost()
        else:
            welcome()


def ask(road: Bridge) -> None:
    """The form. Nothing is sent before it is right, and nothing typed is ever changed."""
    st.button("Vul een voorbeeld in", icon=":material/auto_fix_high:", on_click=fill_in)
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
            on_click=generate,
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
        mode = state.get("werkwijze") or GenerationMode.ASYNC
        st.query_params[JOB] = road.start(subject, mode, owner=owner())


def restore(road: Bridge) -> None:
    """After a reload the form is empty but the job is still in the URL: show what was asked."""
    snapshot = road.snapshot(st.query_params.get(JOB, ""))
    if snapshot is None or "begrip" in st.session_state:
        return
    st.session_state.begrip = snapshot.subject.begrip
    st.session_state.definitie = snapshot.subject.definitie
    for key in CONTEXT_KEYS:
        st.session_state[key] = list(snapshot.subject.context.get(key, ()))


def lost() -> None:
    message = message_for(FailureKind.PROCESS_RESTARTED)
    st.html(f'<section class="vb-welcome"><h2>Onderbroken</h2><p>{message}</p></section>')


def welcome() -> None:
    cells = "".join(
        f"<div><dt>{TITLES[kind]}</dt><dd>{PURPOSES[kind]}</dd></div>" for kind in ExampleType
    )
    st.html(
        '<section class="vb-welcome"><h2>Nog geen voorbeelden</h2><p>Vul links een begrip met zijn '
        "definitie in, of laat een voorbeeld invullen, en kies Genereer. De zes soorten komen "
        f"tegelijk binnen, elk in een eigen tabblad.</p><dl>{cells}</dl></section>"
    )


def show(road: Bridge, job_id: str, polls: bool) -> None:
    """One picture of a job. The number of elements above the tabs never changes, so the tab
    that a reader opened stays open.

    A job that ended, or that a button in here runs again, takes the whole page: whether this
    fragment reruns by itself (``polls``) is decided there.
    """
    snapshot = road.snapshot(job_id)
    if snapshot is None or snapshot.running != polls:
        st.rerun()
    heading, button = st.columns([4, 1], vertical_alignment="center")
    heading.html(heading_html(snapshot))
    with button:
        stop_or_again(road, snapshot)
    key = f"tabs-{job_id}"
    st.html(timeline_html(snapshot, refresh=REFRESH) + tab_states(snapshot, key))
    for lane, tab in zip(snapshot.lanes, st.tabs(tab_labels(), key=key), strict=True):
        with tab:
            show_type(road, snapshot, lane.kind)


def stop_or_again(road: Bridge, snapshot: JobSnapshot) -> None:
    if snapshot.running:
        st.button(
            "Stop",
            key=f"stop-{snapshot.job_id}",
            icon=":material/stop:",
            width="stretch",
            help="Breekt af; wat binnen is, blijft staan.",
            on_click=road.cancel,
            args=(snapshot.job_id,),
        )
    else:
        st.button(
            "Alles opnieuw",
            key=f"alles-{snapshot.job_id}",
            icon=":material/refresh:",
            width="stretch",
            help="Maakt alle zes soorten opnieuw, zonder bewaarde antwoorden te gebruiken.",
            on_click=all_again,
            args=(road, snapshot),
        )


def all_again(road: Bridge, snapshot: JobSnapshot) -> None:
    st.query_params[JOB] = road.start(snapshot.subject, snapshot.mode, owner=owner(), fresh=True)


def show_type(road: Bridge, snapshot: JobSnapshot, kind: ExampleType) -> None:
    st.html(tab_html(snapshot, kind))
    if snapshot.lane(kind).outcome is not None:
        st.button(
            "Opnieuw",
            key=f"opnieuw-{snapshot.job_id}-{kind.value}",
            icon=":material/refresh:",
            help=f"Maakt alleen {TITLES[kind].lower()} opnieuw; de rest blijft staan.",
            on_click=again,
            args=(road, snapshot.job_id, kind),
        )


def again(road: Bridge, job_id: str, kind: ExampleType) -> None:
    road.retry(job_id, kind)


main()
