"""The editors' page: a begrip in, six tabs of examples out, live."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.model import CONTEXT_KEYS, GenerationMode
from voorbeelden.screen import form, generating, live
from voorbeelden.screen.alerts import say
from voorbeelden.screen.result import kept, show
from voorbeelden.screen.shell import bridge, caught, connection_strip, dress, fragment
from voorbeelden.screen.texts import MODES, MODES_HELP
from voorbeelden.screen.turns import turn


def main() -> None:
    dress("Voorbeelden", "Zes soorten voorbeelden bij één juridisch begrip, tegelijk gemaakt.")
    road = bridge()
    connection_strip(road)
    generating.come_back()
    fill_form(road)
    # Somebody waits for a form.
    with turn(first=True):
        left, right = st.columns([4, 10], gap="large")
        with left:
            ask(road)
    with right:
        fragment(show, key=live.RESULT)(road)


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
            form.context_field(key, key, persist="session")
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


def fill_in() -> None:
    """Another well-known begrip than the one that stands there."""
    known = form.another_known(st.session_state.get("begrip"))
    st.session_state.begrip = known.begrip
    st.session_state.definitie = known.definitie
    for key in CONTEXT_KEYS:
        st.session_state[key] = list(known.context[key])
    st.session_state.problems = {}


def generate(road: Bridge) -> None:
    state = st.session_state
    context = {key: state.get(key, []) for key in CONTEXT_KEYS}
    before = state.get("problems")
    subject, problems = form.read(state.get("begrip"), state.get("definitie"), context)
    state.problems = problems
    if problems:
        return
    mode = state.get("werkwijze") or GenerationMode.ASYNC
    generating.run(road, subject, mode, fresh=False)
    if not before:
        # The form stays as it is.
        live.draw_result()


def fill_form(road: Bridge) -> None:
    """After a reload, or coming from another page, the form is empty or about another begrip:
    show what was asked."""
    job_id, begrip_id = generating.open_now()
    state = st.session_state
    if state.get("shown") == (begrip_id or job_id):
        return
    snapshot, view = road.snapshot(job_id), kept(begrip_id)
    subject = view.begrip.subject if view else snapshot.subject if snapshot else None
    if subject is None:
        return
    state.shown = begrip_id or job_id
    state.begrip = subject.begrip
    state.definitie = subject.definitie
    for key in CONTEXT_KEYS:
        state[key] = list(subject.context.get(key, ()))


main()
