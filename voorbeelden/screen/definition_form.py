"""The form of the definition page: begrip, context and perhaps a text; and what it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_model import DefinitionRequest
from voorbeelden.intake import UnusableRequest, read
from voorbeelden.model import CONTEXT_KEYS, Subject
from voorbeelden.screen import form
from voorbeelden.screen.alerts import say
from voorbeelden.screen.fields import beginning, field_key, keep, put, value_of
from voorbeelden.screen.generating import BEGRIP as BEGRIP_ID
from voorbeelden.screen.shell import caught, editor, owner
from voorbeelden.tidy import tidy

FLOW = "stroom"  # the URL parameter that names the flow, so that a reload shows it again
BEGRIP, OWN = "d_begrip", "d_eigen"  # fields; those of the context are d_ and their key


def current_flow() -> str:
    """Of the URL, or of this session: a visit to another page takes the parameter away. A begrip
    in the URL without a flow was opened from the history, and is what the page shows then."""
    flow_id = st.query_params.get(FLOW, "")
    if not flow_id and BEGRIP_ID not in st.query_params:
        flow_id = str(st.session_state.get("d_flow", ""))
    if flow_id:
        go_to(flow_id)
    return flow_id


def go_to(flow_id: str) -> None:
    """Makes this the flow that the page shows."""
    if flow_id != st.query_params.get(FLOW):
        st.query_params.pop(BEGRIP_ID, None)
    st.session_state.d_flow = flow_id
    st.query_params[FLOW] = flow_id


def ask(road: Bridge) -> None:
    """Nothing is sent before it is right, and nothing typed is ever changed."""
    st.button("Vul een voorbeeld in", icon=":material/auto_fix_high:", on_click=caught(_fill_in))
    problems: Mapping[str, str] = st.session_state.get("d_problems", {})
    with st.form("definitieverzoek", border=False):
        st.text_input(
            "Begrip",
            value=beginning(BEGRIP, ""),
            key=field_key(BEGRIP),
            placeholder="bijvoorbeeld: verdachte",
            help="De term, in het enkelvoud.",
        )
        say(problems.get("begrip"))
        for key in CONTEXT_KEYS:
            chosen = beginning(f"d_{key}", list[str]())
            form.context_field(key, field_key(f"d_{key}"), chosen)
            say(problems.get(key))
        st.text_area(
            "Eigen tekst (mag leeg blijven)",
            value=beginning(OWN, ""),
            key=field_key(OWN),
            height=100,
            placeholder="Leeg: het taalmodel stelt een definitie op.",
            help="Met een eigen tekst wordt er niets opgesteld. Uw tekst wordt getoetst en "
            "verandert niet; een verbetering is alleen een voorstel.",
        )
        say(problems.get("definitie"))
        st.form_submit_button(
            "Stel een definitie op",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            on_click=caught(_begin),
            args=(road,),
        )


def _fill_in() -> None:
    """Another well-known begrip than the one that stands there, without its definition."""
    known = form.another_known(value_of(BEGRIP, ""))
    put(BEGRIP, known.begrip)
    put(OWN, "")
    for key in CONTEXT_KEYS:
        put(f"d_{key}", list(known.context[key]))
    st.session_state.d_problems = {}


def _begin(road: Bridge) -> None:
    begrip, own = value_of(BEGRIP, ""), value_of(OWN, "")
    context = {key: value_of(f"d_{key}", list[str]()) for key in CONTEXT_KEYS}
    keep(BEGRIP, begrip)
    keep(OWN, own)
    for key, values in context.items():
        keep(f"d_{key}", values)
    lists = {key: tuple(values) for key, values in context.items()}
    try:
        request = DefinitionRequest(begrip, lists, own or None)
        before = _same_begrip(road, request)
        if before and before.edited not in (None, own):
            road.flows.set_aside(before.flow_id, before.edited or "", by=editor())
        follows = before.flow_id if before else ""
        go_to(road.flows.start(request, owner=owner(), follows=follows, by=editor()))
        st.session_state.d_problems = {}
    except UnusableRequest as error:
        st.session_state.d_problems = error.problems


def _same_begrip(road: Bridge, request: DefinitionRequest) -> FlowSnapshot | None:
    """The flow on the page, when ``request`` goes on with its begrip; one about another begrip
    stays what it is, and is kept to be found in the history."""
    before = road.flows.snapshot(str(st.session_state.get("d_flow", "")))
    asked, _ = read(request.begrip, "", request.context, definitie_needed=False)
    same = before is not None and asked == replace(before.subject, definitie="")
    return before if same else None


def restore(subject: Subject | None, own: str) -> None:
    """What the page is about, in a form that is empty: after a reload, or opened from elsewhere."""
    if subject is None or field_key(BEGRIP) in st.session_state or value_of(BEGRIP, ""):
        return
    keep(BEGRIP, subject.begrip)
    keep(OWN, own)
    for key in CONTEXT_KEYS:
        keep(f"d_{key}", list(subject.context.get(key, ())))


def rescue(name: str) -> None:
    """What stood in editor ``name`` goes to the form, beside what stands there: its flow is known
    no more, and so is nowhere to show it."""
    if typed := tidy(value_of(name, "")):
        own = value_of(OWN, "").strip()
        put(OWN, f"{own}\n\n{typed}" if own and own != typed else typed)
        put(name, "")
