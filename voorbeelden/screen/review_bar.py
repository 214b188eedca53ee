"""What stands above the tabs of a begrip: progress, filter, undo, its own settings, and notices."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from voorbeelden.model import ExampleType
from voorbeelden.quality import CHECKS, Level
from voorbeelden.screen import review_actions as do
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.generating import BEGRIP
from voorbeelden.screen.kept import Findings, progress_html, remarks
from voorbeelden.screen.shell import caught, logged_in_as, name_before
from voorbeelden.screen.texts import ACTION_WORDS
from voorbeelden.store.records import ActionRecord, BegripView, ItemStatus

ALL, OPEN, HINTS, HARD = "Alles", "Te beoordelen", "Let op", "Fout"
FILTERS: Final = (ALL, OPEN, HINTS, HARD)

PLACES: Final = (
    ("Versies en vergelijken", ":material/history:", "geschiedenis"),
    ("Uitvoeren", ":material/ios_share:", "uitvoer"),
)
"""Where the begrip can be seen otherwise."""

ALL_CHECKS: Final = ""


def bar(view: BegripView, findings: Findings) -> None:
    """Progress, filter, undo and what belongs to the begrip; always the same elements."""
    begrip = view.begrip
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"vb-bar-{begrip.id}"
    ):
        st.html(progress_html(view), width=156)
        marked = [those for one in findings.values() if (those := remarks(one))]
        hard = sum(any(one.level is Level.HARD for one in those) for those in marked)
        st.segmented_control(
            "Toon",
            FILTERS,
            default=ALL,
            required=True,
            key=f"filter-{begrip.id}",
            help=f"Automatische controle: {len(marked)} met een opmerking, waarvan {hard} fout.",
        )
        _turn(view.undo, "Ongedaan maken", ":material/undo:", do.undo, begrip.id)
        _turn(view.redo, "Herhaal", ":material/redo:", do.redo, begrip.id)
        with st.popover("Begrip", icon=":material/tune:"):
            _check(begrip.id, findings)
            _begrip(view)


def _check(begrip_id: str, findings: Findings) -> None:
    """A filter on the checks that said something of this begrip, in the order of ``CHECKS``."""
    key = f"controle-{begrip_id}"
    spoke = {one.check for those in findings.values() for one in those}
    # What was chosen stays to choose from, also when the last of its marks is gone.
    offered = [name for name in CHECKS if name in spoke or name == st.session_state.get(key)]
    st.selectbox(
        "Toon van de controle",
        [ALL_CHECKS, *offered],
        format_func=check_name,
        key=key,
        help="\n".join(f"- **{CHECKS[one].name}**: {CHECKS[one].explanation}" for one in offered)
        or "De controle heeft bij dit begrip niets te melden.",
    )


def check_name(check: str) -> str:
    return CHECKS[check].name if check in CHECKS else ALL


def _turn(action: ActionRecord | None, label: str, icon: str, work: object, begrip_id: str) -> None:
    what = f"{label}: {ACTION_WORDS[action.kind]} door {action.author}" if action else None
    st.button(
        label,
        key=f"{label}-{begrip_id}",
        icon=icon,
        type="tertiary",
        disabled=action is None,
        help=what and _plain(what),
        on_click=caught(work),  # type: ignore[arg-type]
        args=(begrip_id, action.id if action else 0),
    )


def _plain(text: str) -> str:
    """A tooltip is markdown: only letters, digits and simple marks go into it."""
    return "".join(char for char in text if char.isalnum() or char in " .,:-’'")


def _begrip(view: BegripView) -> None:
    begrip = view.begrip
    synonyms = [
        item.text
        for item in view.of_type(ExampleType.SYNONIEMEN)
        if item.status is ItemStatus.GOEDGEKEURD
    ]
    options = list(dict.fromkeys([begrip.begrip, begrip.voorkeursterm, *synonyms]))
    key = f"voorkeur-{begrip.id}"
    # The store has the last word: an undo or another session may have changed it.
    st.session_state[key] = begrip.voorkeursterm
    st.selectbox(
        "Voorkeursterm",
        options,
        key=key,
        help="Het begrip zelf of een goedgekeurd synoniem.",
        on_change=caught(do.prefer),
        args=(view,),
    )
    if name := logged_in_as():
        st.text_input("Uw naam", name, disabled=True, help="Zoals u bent ingelogd.")
    else:
        st.text_input(
            "Uw naam",
            name_before(),
            key="redacteur",
            persist_state="session",
            placeholder="redacteur",
            help="Komt te staan bij wat u beoordeelt, bewerkt en toevoegt.",
        )
    open_items = tuple(item for item in view.items if item.status is ItemStatus.VOORSTEL)
    st.button(
        "Alle voorstellen goedkeuren",
        key=f"alles-goed-{begrip.id}",
        icon=":material/done_all:",
        width="stretch",
        disabled=not open_items,
        help="In alle zes tabbladen.",
        on_click=caught(do.approve_all),
        args=(open_items,),
    )
    for name, icon, page in PLACES:
        if st.button(name, key=f"naar-{page}-{begrip.id}", icon=icon, width="stretch"):
            st.switch_page(f"pages/{page}.py", query_params={BEGRIP: begrip.id})


def notices(begrip_id: str, interrupted: str | None) -> None:
    """What went wrong, in one container that is always there: the tabs below stay open."""
    with st.container(key=f"vb-notices-{begrip_id or 'geen'}"):
        if interrupted:
            st.html(f'<p class="vb-alert vb-stopped" role="status">{escape(interrupted)}</p>')
        # What an action met, and that the store cannot be read now.
        for name in (f"melding-{begrip_id}", f"onleesbaar-{begrip_id}"):
            if message := st.session_state.get(name):
                st.html(alert(message))
        clash = st.session_state.get(f"botsing-{begrip_id}")
        if clash is not None:
            _clash(begrip_id, clash)


def _clash(begrip_id: str, clash: do.Clash) -> None:
    conflict = clash.conflict
    author = conflict.author or "de ander"
    st.html(
        f'<div class="vb-alert vb-clash" role="alert"><p>{escape(str(conflict))}</p><dl>'
        f"<div><dt>Uw keuze</dt><dd>{escape(conflict.mine)}</dd></div>"
        f"<div><dt>Van {escape(author)}</dt><dd>{escape(conflict.theirs)}</dd></div></dl></div>"
    )
    with st.container(horizontal=True):
        st.button(
            "Mijn keuze bewaren",
            key=f"mijn-{begrip_id}",
            on_click=caught(do.insist),
            args=(begrip_id, clash),
        )
        st.button(
            "Die van de ander houden",
            key=f"ander-{begrip_id}",
            on_click=caught(do.give_way),
            args=(begrip_id, clash),
        )
