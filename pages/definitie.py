"""From begrip to definition to examples: draft, check, edit, accept, and go on without retyping."""

from __future__ import annotations

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_model import DefinitionRequest
from voorbeelden.hooks import Part, keeping_failed
from voorbeelden.jobs import JobSnapshot
from voorbeelden.keeping import Keep
from voorbeelden.model import ExampleType
from voorbeelden.screen import address, definition_page
from voorbeelden.screen.definition_editor import (
    current_text,
    edit,
    editor_name,
    look_at,
    problem_key,
)
from voorbeelden.screen.definition_findings import panel, versions
from voorbeelden.screen.definition_form import ask, current_flow, go_to, rescue, restore
from voorbeelden.screen.definition_kept import (
    KeptDefinition,
    forget_reading,
    kept_definition,
    kept_versions,
    left_of,
    reading_of,
    where_to_keep,
)
from voorbeelden.screen.definition_text import card
from voorbeelden.screen.definition_timeline import timeline_html
from voorbeelden.screen.generating import BEGRIP, JOB
from voorbeelden.screen.items import tab_html, tab_labels, tab_states
from voorbeelden.screen.shell import (
    bridge,
    caught,
    connection_strip,
    dress,
    editor,
    fragment,
    host,
    owner,
)
from voorbeelden.screen.texts import TITLES
from voorbeelden.store.errors import StoreError

REFRESH = 0.4  # seconds between two pictures of a running flow


def main() -> None:
    dress("Definitie", "Van begrip naar definitie naar voorbeelden.")
    st.html(definition_page.styles())
    st.html(definition_page.live_check(), unsafe_allow_javascript=True)
    road = bridge()
    connection_strip(road)
    if "d_warm" not in st.session_state:
        st.session_state.d_warm = True
        road.flows.warm_up()
        # The first flow must not wait for the tables to be made.
        host().desk.warm_up()
    forget_reading()
    flow_id = current_flow()
    snapshot = road.flows.snapshot(flow_id)
    kept = None if snapshot else kept_definition(st.query_params.get(BEGRIP, ""))
    if flow_id and snapshot is None:
        rescue(editor_name(flow_id))
    if snapshot is not None:
        restore(snapshot.subject, snapshot.request.definitie or "")
    elif kept is not None:
        restore(kept.begrip.subject, kept.begrip.definitie)
    left, right = st.columns([4, 10], gap="large")
    with left:
        ask(road)
    with right:
        present(road, flow_id, snapshot, kept)


def present(
    road: Bridge, flow_id: str, snapshot: FlowSnapshot | None, kept: KeptDefinition | None
) -> None:
    """The flow, or what there is of one that this process knows nothing of."""
    if snapshot is not None:
        if snapshot.state.begrip_id:
            # After a restart of the process this is what finds the definition again.
            st.query_params[BEGRIP] = snapshot.state.begrip_id
        live = is_live(snapshot)
        fragment(show, every=REFRESH if live else None)(road, flow_id, live)
    elif kept is not None:
        st.html(left_of(kept))
        if st.button("Open bij Voorbeelden", icon=":material/edit_note:"):
            st.switch_page("pages/voorbeelden.py", query_params={BEGRIP: kept.begrip.id})
    elif flow_id:
        st.html(definition_page.LOST)
    else:
        st.html(definition_page.WELCOME)


def is_live(snapshot: FlowSnapshot) -> bool:
    """Whether there is something to poll for: the flow, or a type that is made again."""
    return snapshot.running or (snapshot.examples is not None and snapshot.examples.running)


def show(road: Bridge, flow_id: str, polls: bool) -> None:
    """One picture of a flow. The number of elements above the tabs never changes, so the tab
    that a reader opened stays open.

    A button in here reruns this fragment alone; another flow, or an end or a beginning of
    polling (``polls``: whether this fragment reruns by itself), takes the whole page.
    """
    snapshot = road.flows.snapshot(flow_id)
    if snapshot is None or current_flow() != flow_id or is_live(snapshot) != polls:
        address.redraw()
    heading, button = st.columns([4, 1], vertical_alignment="center")
    heading.html(definition_page.heading_html(snapshot))
    with button:
        stop_or_again(road, snapshot)
    text = current_text(snapshot)
    findings = look_at(snapshot, text)
    left, right = st.columns([3, 2], gap="small")
    left.html(card(snapshot, text, findings or ()))
    demonstration = road.settings.demonstration
    right.html(panel(snapshot, text, findings, demonstration=demonstration))
    edit(road, snapshot, text, findings or ())
    about, button = st.columns([4, 1], vertical_alignment="center")
    problem = st.session_state.get(problem_key(flow_id))
    about.html(definition_page.about_html(snapshot, text, problem))
    with button:
        open_for_review(snapshot)
    # Apart from what is redrawn all the time, or the versions would close while one reads them.
    kept = reading_of(snapshot)
    st.html(kept_versions(kept, snapshot.versions) if kept else versions(snapshot.versions))
    st.html(timeline_html(snapshot, refresh=REFRESH))
    if snapshot.examples is None:
        st.html(definition_page.waiting_html(snapshot))
    else:
        show_examples(road, snapshot.examples, flow_id)


def open_for_review(snapshot: FlowSnapshot) -> None:
    """To the page where the kept examples are approved, from where they are exported."""
    examples = snapshot.examples
    begrip_id = "" if examples is None else examples.begrip_id
    if st.button(
        "Beoordeel",
        key=f"beoordeel-{snapshot.flow_id}",
        icon=":material/edit_note:",
        width="stretch",
        disabled=not begrip_id,
        help="Opent dit begrip bij Voorbeelden: daar keurt u de voorbeelden goed, bewerkt u ze en "
        "voert u ze uit.",
    ):
        job_id = "" if examples is None else examples.job_id
        st.switch_page("pages/voorbeelden.py", query_params={BEGRIP: begrip_id, JOB: job_id})


def stop_or_again(road: Bridge, snapshot: FlowSnapshot) -> None:
    flow_id = snapshot.flow_id
    if snapshot.running:
        st.button(
            "Stop",
            key=f"stop-{flow_id}",
            icon=":material/stop:",
            width="stretch",
            help="Breekt af; wat binnen is, blijft staan.",
            on_click=caught(road.flows.cancel),
            args=(flow_id,),
        )
    else:
        st.button(
            "Alles opnieuw",
            key=f"alles-{flow_id}",
            icon=":material/refresh:",
            width="stretch",
            help="Dezelfde vraag nog eens, zonder bewaarde antwoorden te gebruiken.",
            on_click=caught(all_again),
            args=(road, snapshot),
        )


def all_again(road: Bridge, snapshot: FlowSnapshot) -> None:
    asked = snapshot.request
    request = DefinitionRequest(asked.begrip, asked.context, asked.definitie, fresh=True)
    road.flows.set_aside(snapshot.flow_id, current_text(snapshot), by=editor())
    go_to(road.flows.start(request, owner=owner(), follows=snapshot.flow_id, by=editor()))


# The examples.


def show_examples(road: Bridge, examples: JobSnapshot, flow_id: str) -> None:
    key = f"tabs-{flow_id}"
    st.html(tab_states(examples, key))
    for lane, tab in zip(examples.lanes, st.tabs(tab_labels(), key=key), strict=True):
        with tab:
            show_type(road, examples, lane.kind, flow_id)


def show_type(road: Bridge, examples: JobSnapshot, kind: ExampleType, flow_id: str) -> None:
    st.html(tab_html(examples, kind))
    if examples.lane(kind).outcome is not None:
        st.button(
            "Opnieuw",
            key=f"opnieuw-{examples.job_id}-{kind.value}",
            icon=":material/refresh:",
            help=f"Maakt alleen {TITLES[kind].lower()} opnieuw; de rest blijft staan.",
            on_click=caught(again),
            args=(road, examples, kind, flow_id),
        )


def again(road: Bridge, examples: JobSnapshot, kind: ExampleType, flow_id: str) -> None:
    """Kept where the others are; when the database is away the page shows it all the same."""
    keep: Keep | None = None
    present: tuple[str, ...] = ()
    st.session_state.pop(problem_key(flow_id), None)
    if examples.begrip_id:
        try:
            text = examples.subject.definitie
            keep, present = where_to_keep(examples.begrip_id, text, kind)
        except StoreError as error:
            road.tell(keeping_failed(Part.GENERATION, examples.job_id, error))
            message = f"{error} Wat u nu opnieuw maakt, wordt niet bewaard."
            st.session_state[problem_key(flow_id)] = message
    road.retry(examples.job_id, kind, keep=keep, present={kind: present})


main()
