"""From begrip to definition to examples: draft, check, edit, accept, and go on without retyping."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.definition import RuleFinding, RuleKind, check_definition
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_jobs import ReasonNeeded
from voorbeelden.definition.flow_model import DefinitionRequest, Phase
from voorbeelden.intake import UnusableRequest
from voorbeelden.jobs import JobSnapshot
from voorbeelden.keeping import Keep
from voorbeelden.model import ExampleType
from voorbeelden.screen import definition_page
from voorbeelden.screen.definition_findings import of_model, panel, versions
from voorbeelden.screen.definition_form import ask, current_flow, go_to, restore, say
from voorbeelden.screen.definition_kept import (
    kept_definition,
    kept_versions,
    left_of,
    where_to_keep,
)
from voorbeelden.screen.definition_text import card, in_reading_order
from voorbeelden.screen.definition_timeline import timeline_html
from voorbeelden.screen.fields import beginning, field_key, keep, put, value_of
from voorbeelden.screen.items import tab_html, tab_labels, tab_states
from voorbeelden.screen.review_actions import BEGRIP, JOB
from voorbeelden.screen.shell import bridge, connection_strip, dress, editor, fragment, host, owner
from voorbeelden.screen.texts import TITLES
from voorbeelden.store.errors import StoreError

REFRESH = 0.4  # seconds between two pictures of a running flow
EDITOR_HEIGHT = 120  # pixels; four lines


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
    flow_id = current_flow()
    restore(road.flows.snapshot(flow_id))
    left, right = st.columns([4, 10], gap="large")
    with left:
        ask(road)
    with right:
        snapshot = road.flows.snapshot(flow_id)
        if snapshot is not None:
            if snapshot.state.begrip_id:
                # After a restart of the process this is what finds the definition again.
                st.query_params[BEGRIP] = snapshot.state.begrip_id
            live = is_live(snapshot)
            fragment(show, every=REFRESH if live else None)(road, flow_id, live)
        elif kept := kept_definition(st.query_params.get(BEGRIP, "")):
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
        st.rerun()
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
    kept = kept_definition(snapshot.state.begrip_id)
    st.html(
        (kept_versions(kept) if kept else versions(snapshot.versions))
        + timeline_html(snapshot, refresh=REFRESH)
    )
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
            on_click=road.flows.cancel,
            args=(flow_id,),
        )
    else:
        st.button(
            "Alles opnieuw",
            key=f"alles-{flow_id}",
            icon=":material/refresh:",
            width="stretch",
            help="Dezelfde vraag nog eens, zonder bewaarde antwoorden te gebruiken.",
            on_click=all_again,
            args=(road, snapshot),
        )


def all_again(road: Bridge, snapshot: FlowSnapshot) -> None:
    asked = snapshot.request
    request = DefinitionRequest(asked.begrip, asked.context, asked.definitie, fresh=True)
    go_to(road.flows.start(request, owner=owner(), follows=snapshot.flow_id, by=editor()))


def editor_name(flow_id: str) -> str:
    return f"tekst-{flow_id}"


def problem_key(flow_id: str) -> str:
    return f"probleem-{flow_id}"


def is_editable(snapshot: FlowSnapshot) -> bool:
    """Not before the toets is over: until then another text may take this one's place."""
    return not snapshot.running or snapshot.state.ended(Phase.VALIDATION)


def current_text(snapshot: FlowSnapshot) -> str:
    """The text as it stands: the editor's, once there is one to edit."""
    if not is_editable(snapshot):
        return snapshot.text
    return value_of(editor_name(snapshot.flow_id), snapshot.text) or ""


def look_at(snapshot: FlowSnapshot, text: str) -> list[RuleFinding] | None:
    """What is found in ``text``, in reading order; ``None`` while there is nothing to look at."""
    if is_editable(snapshot):
        subject = snapshot.subject
        by_code = check_definition(subject.begrip, text, subject.context) if text.strip() else ()
    elif snapshot.state.findings is not None:
        by_code = snapshot.state.findings
    else:
        return None
    return in_reading_order([*by_code, *of_model(snapshot, text)])


def edit(road: Bridge, snapshot: FlowSnapshot, text: str, findings: Sequence[RuleFinding]) -> None:
    """The text to edit, and what can be done with it."""
    flow_id, editable = snapshot.flow_id, is_editable(snapshot)
    if editable:
        name = editor_name(flow_id)
        keep(name, text)
        st.text_area(
            "Definitie bewerken",
            value=beginning(name, text),
            key=field_key(name),
            height=EDITOR_HEIGHT,
            help="De bevindingen van de toepassing veranderen mee terwijl u typt.",
        )
    else:
        st.text_area(
            "Definitie bewerken",
            key=f"wacht-{flow_id}",
            height=EDITOR_HEIGHT,
            disabled=True,
            placeholder="Bewerken kan zodra de toets klaar is.",
        )
    can = editable and bool(text.strip())
    first, second, third = st.columns([2, 1, 2])
    first.button(
        "Genereer voorbeelden",
        key=f"voorbeelden-{flow_id}",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not can,
        help="Maakt de zes soorten bij deze tekst en laat het taalmodel haar beoordelen.",
        on_click=go_on,
        args=(road, snapshot),
    )
    with second.popover("Stel vast", width="stretch", disabled=not can):
        accepting(road, snapshot, findings)
    proposal = snapshot.state.judgements.improvement if snapshot.state.judgements else None
    third.button(
        "Neem voorstel over",
        key=f"voorstel-{flow_id}",
        icon=":material/edit_note:",
        width="stretch",
        disabled=not editable or proposal is None or proposal == text.strip(),
        help="Zet de verbetering die het taalmodel voorstelt in de plaats van de tekst. Daarna "
        "kunt u haar nog bewerken.",
        on_click=take_over,
        args=(flow_id, proposal),
    )


def take_over(flow_id: str, proposal: str) -> None:
    put(editor_name(flow_id), proposal)


def go_on(road: Bridge, snapshot: FlowSnapshot) -> None:
    """Examples of the text as it stands, in a flow that has nothing to draft."""
    text = value_of(editor_name(snapshot.flow_id), "")
    request = DefinitionRequest(snapshot.subject.begrip, snapshot.subject.context, text)
    try:
        go_to(road.flows.start(request, owner=owner(), follows=snapshot.flow_id, by=editor()))
    except UnusableRequest as error:
        st.session_state[problem_key(snapshot.flow_id)] = " ".join(error.problems.values())


def accepting(road: Bridge, snapshot: FlowSnapshot, findings: Sequence[RuleFinding]) -> None:
    flow_id = snapshot.flow_id
    facts = sum(one.kind is RuleKind.D for one in findings)
    if facts:
        noun = "één punt" if facts == 1 else f"{facts} punten"
        st.html(
            f'<p class="vb-purpose">Er is nog {noun} niet in orde. Vaststellen kan, met een reden '
            "die bij de definitie bewaard blijft.</p>"
        )
        st.text_input("Reden", key=f"reden-{flow_id}")
    else:
        st.html('<p class="vb-purpose">Er staat geen feit tegen deze tekst open.</p>')
    say(st.session_state.get(f"reden-probleem-{flow_id}"))
    st.button(
        "Vaststellen",
        key=f"vast-{flow_id}",
        type="primary",
        on_click=accept,
        args=(road, flow_id),
    )


def accept(road: Bridge, flow_id: str) -> None:
    state = st.session_state
    text, reason = value_of(editor_name(flow_id), ""), str(state.get(f"reden-{flow_id}", ""))
    problem = f"reden-probleem-{flow_id}"
    try:
        road.flows.accept(flow_id, text, reason, by=editor())
        state[problem] = None
    except ReasonNeeded:
        state[problem] = "Vul een reden in."
    except UnusableRequest as error:
        state[problem] = " ".join(error.problems.values())


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
            on_click=again,
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
            message = f"{error} Wat u nu opnieuw maakt, wordt niet bewaard."
            st.session_state[problem_key(flow_id)] = message
    road.retry(examples.job_id, kind, keep=keep, present={kind: present})


main()
