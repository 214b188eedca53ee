"""The text of a flow to edit, and what can be done with it: examples, accepting, another text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.definition import RuleFinding, RuleKind, check_definition
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_jobs import ReasonNeeded
from voorbeelden.definition.flow_model import DefinitionRequest, Phase
from voorbeelden.intake import UnusableRequest
from voorbeelden.screen.alerts import say
from voorbeelden.screen.definition_findings import of_model
from voorbeelden.screen.definition_form import go_to
from voorbeelden.screen.definition_text import in_reading_order
from voorbeelden.screen.fields import beginning, field_key, keep, put, value_of
from voorbeelden.screen.shell import caught, editor, owner
from voorbeelden.tidy import tidy

EDITOR_HEIGHT: Final = 120  # pixels; four lines


def editor_name(flow_id: str) -> str:
    return f"tekst-{flow_id}"


def problem_key(flow_id: str) -> str:
    return f"probleem-{flow_id}"


def is_editable(snapshot: FlowSnapshot) -> bool:
    """Not before the toets is over: until then another text may take this one's place, and from
    then on none does."""
    return not snapshot.running or snapshot.state.ended(Phase.VALIDATION)


def current_text(snapshot: FlowSnapshot) -> str:
    """The text as it stands: the editor's, once there is one to edit; as tidy as it is kept, so
    that places in it and comparisons with kept texts are right."""
    if not is_editable(snapshot):
        return snapshot.text
    before = snapshot.text if snapshot.edited is None else snapshot.edited
    return tidy(value_of(editor_name(snapshot.flow_id), before) or "")


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
        if text != (snapshot.text if snapshot.edited is None else snapshot.edited):
            # A reload empties the session and finds the flow.
            road.flows.edit(flow_id, text)
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
        on_click=caught(go_on),
        args=(road, snapshot),
    )
    with second.popover("Stel vast", width="stretch", disabled=not can):
        accepting(road, snapshot, findings)
    with third:
        offer(road, snapshot, text)


def offer(road: Bridge, snapshot: FlowSnapshot, text: str) -> None:
    """One button: the model's proposal, or else the text that another one took the place of."""
    flow_id, editable = snapshot.flow_id, is_editable(snapshot)
    proposal = snapshot.state.judgements.improvement if snapshot.state.judgements else None
    aside = snapshot.set_aside
    if editable and aside is not None and aside != text and proposal in (None, text):
        st.button(
            "Zet vorige tekst terug",
            key=f"terug-{flow_id}",
            icon=":material/undo:",
            width="stretch",
            help="De tekst die hier stond voordat een andere ervoor in de plaats kwam.",
            on_click=caught(take_over),
            args=(road, snapshot, aside),
        )
        return
    st.button(
        "Neem voorstel over",
        key=f"voorstel-{flow_id}",
        icon=":material/edit_note:",
        width="stretch",
        disabled=not editable or proposal is None or proposal == text,
        help="Zet de verbetering die het taalmodel voorstelt in de plaats van de tekst. Daarna "
        "kunt u haar nog bewerken; wat er stond, blijft bij de versies staan.",
        on_click=caught(take_over),
        args=(road, snapshot, proposal),
    )


def take_over(road: Bridge, snapshot: FlowSnapshot, other: str) -> None:
    """Another text in the editor; what stood there can be put back."""
    road.flows.set_aside(snapshot.flow_id, current_text(snapshot), by=editor())
    put(editor_name(snapshot.flow_id), other)


def go_on(road: Bridge, snapshot: FlowSnapshot) -> None:
    """Examples of the text as it stands, in a flow that has nothing to draft."""
    asked = snapshot.subject
    request = DefinitionRequest(asked.begrip, asked.context, current_text(snapshot))
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
        st.html('<p class="vb-purpose">Er is geen punt dat niet in orde is.</p>')
    say(st.session_state.get(f"reden-probleem-{flow_id}"))
    st.button(
        "Vaststellen",
        key=f"vast-{flow_id}",
        type="primary",
        on_click=caught(accept),
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
    except KeyError:
        # The flow is forgotten: the page says so, and its form has the text.
        return
