"""The review of one begrip: what stands above the tabs, and the widgets of each kept item."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.model import ExampleType
from voorbeelden.quality import Finding, Level
from voorbeelden.screen import review_actions as do
from voorbeelden.screen.kept import STATUS_WORDS, Findings, kept_html, progress_html
from voorbeelden.screen.shell import open_desk
from voorbeelden.screen.texts import ACTION_WORDS, TITLES
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import ActionRecord, BegripView, ItemRecord, ItemStatus

ALL, OPEN, HINTS, HARD = "Alles", "Te beoordelen", "Let op", "Fout"
FILTERS: Final = (ALL, OPEN, HINTS, HARD)

AGAIN, UP, DOWN, NOTE, VERSIONS = (
    "Opnieuw maken",
    "Omhoog",
    "Omlaag",
    "Opmerking",
    "Eerdere versies",
)


def bar(view: BegripView, findings: Findings) -> None:
    """Progress, filter, undo and what belongs to the begrip; always the same elements."""
    begrip = view.begrip
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key=f"vb-bar-{begrip.id}"
    ):
        st.html(progress_html(view), width=190)
        hard = sum(any(one.level is Level.HARD for one in those) for those in findings.values())
        st.segmented_control(
            "Toon",
            FILTERS,
            default=ALL,
            required=True,
            key=f"filter-{begrip.id}",
            help=f"Automatische controle: {len(findings)} met een opmerking, waarvan {hard} fout.",
        )
        _turn(view.undo, "Ongedaan maken", ":material/undo:", do.undo, begrip.id)
        _turn(view.redo, "Herhaal", ":material/redo:", do.redo, begrip.id)
        with st.popover("Begrip", icon=":material/tune:"):
            _begrip(view)


def _turn(action: ActionRecord | None, label: str, icon: str, work: object, begrip_id: str) -> None:
    what = f"{label}: {ACTION_WORDS[action.kind]} door {action.author}" if action else None
    st.button(
        label,
        key=f"{label}-{begrip_id}",
        icon=icon,
        disabled=action is None,
        help=what and _plain(what),
        on_click=work,  # type: ignore[arg-type]
        args=(begrip_id,),
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
        on_change=do.prefer,
        args=(view,),
    )
    st.text_input(
        "Uw naam",
        key="redacteur",
        persist_state="session",
        placeholder="redacteur",
        help="Komt te staan bij wat u beoordeelt, bewerkt en toevoegt.",
    )


def notices(begrip_id: str, interrupted: str | None) -> None:
    """What went wrong, in one container that is always there: the tabs below stay open."""
    with st.container(key=f"vb-notices-{begrip_id or 'geen'}"):
        if interrupted:
            st.html(f'<p class="vb-alert vb-stopped" role="status">{escape(interrupted)}</p>')
        message = st.session_state.get(f"melding-{begrip_id}")
        if message:
            st.html(f'<p class="vb-alert" role="alert">{escape(message)}</p>')
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
            on_click=do.insist,
            args=(begrip_id, clash),
        )
        st.button(
            "Die van de ander houden",
            key=f"ander-{begrip_id}",
            on_click=do.give_way,
            args=(begrip_id,),
        )


def items(
    road: Bridge, job_id: str, view: BegripView, kind: ExampleType, findings: Findings
) -> None:
    """The kept items of one type with their buttons, and what can be done with the type."""
    kept = view.of_type(kind)
    wanted = st.session_state.get(f"filter-{view.begrip.id}") or ALL
    shown = [item for item in kept if _fits(item, wanted, findings.get(item.id, ()))]
    for number, item in enumerate(kept, start=1):
        if item in shown:
            _item(road, job_id, view, item, number, findings.get(item.id, ()))
    if hidden := len(kept) - len(shown):
        st.html(
            f'<p class="vb-note">{hidden} niet getoond, want hierboven is ‘{wanted}’ gekozen.</p>'
        )
    _foot(road, job_id, view, kind)


def _fits(item: ItemRecord, wanted: str, findings: tuple[Finding, ...]) -> bool:
    levels = {one.level for one in findings}
    return {
        OPEN: item.status is ItemStatus.VOORSTEL,
        HINTS: bool(levels),
        HARD: Level.HARD in levels,
    }.get(wanted, True)


def _item(
    road: Bridge,
    job_id: str,
    view: BegripView,
    item: ItemRecord,
    number: int,
    findings: tuple[Finding, ...],
) -> None:
    part = st.session_state.get(f"open-{item.id}")
    with st.container(key=f"vb-kept-{item.id}", gap=None):
        st.html(kept_html(item, number, findings))
        with st.container(horizontal=True, gap="xsmall", key=f"vb-acts-{item.id}"):
            _judge(item, ItemStatus.GOEDGEKEURD, "Goedkeuren", ":material/check:")
            _judge(item, ItemStatus.AFGEWEZEN, "Afwijzen", ":material/close:")
            st.button(
                "Bewerken",
                key=f"bewerk-{item.id}",
                icon=":material/edit:",
                type="tertiary",
                on_click=do.open_part,
                args=(item, "bewerken"),
            )
            st.menu_button(
                "Meer",
                [AGAIN, UP, DOWN, NOTE, *([VERSIONS] if item.previous_id else [])],
                key=f"meer-{item.id}",
                type="tertiary",
                on_click=partial(_chosen, road, job_id, view, item),
            )
        if part == "bewerken":
            _edit(item)
        elif part == "opmerking":
            _note(item)
        elif part == "versies":
            _versions(item)


def _judge(item: ItemRecord, status: ItemStatus, label: str, icon: str) -> None:
    """Pressed again it takes the judgement back."""
    given = item.status is status
    st.button(
        STATUS_WORDS[status].capitalize() if given else label,
        key=f"{status.value}-{item.id}",
        icon=icon,
        type="secondary" if given else "tertiary",
        help="Kies nog eens om dit terug te nemen." if given else None,
        on_click=do.review,
        args=(item, ItemStatus.VOORSTEL if given else status),
    )


def _chosen(road: Bridge, job_id: str, view: BegripView, item: ItemRecord) -> None:
    order = tuple(one.id for one in view.of_type(item.type))
    match st.session_state.get(f"meer-{item.id}"):
        case "Opnieuw maken":
            do.item_again(road, job_id, view, item)
        case "Omhoog":
            do.move(item.begrip_id, item.type, order, item.id, -1)
        case "Omlaag":
            do.move(item.begrip_id, item.type, order, item.id, 1)
        case "Opmerking":
            do.open_part(item, "opmerking")
        case "Eerdere versies":
            do.open_part(item, "versies")


def _edit(item: ItemRecord) -> None:
    st.text_area("Tekst", key=f"tekst-{item.id}", height="content")
    if item.type is ExampleType.TEGENVOORBEELDEN:
        st.text_area("Waarom niet", key=f"reden-{item.id}", height="content")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Bewaar",
            key=f"bewaar-{item.id}",
            type="primary",
            on_click=partial(do.save_edit, item, approve=False),
        )
        st.button(
            "Bewaar en keur goed",
            key=f"bewaar-goed-{item.id}",
            on_click=partial(do.save_edit, item, approve=True),
        )
        st.button("Annuleer", key=f"annuleer-{item.id}", on_click=do.close, args=(item.id,))


def _note(item: ItemRecord) -> None:
    st.text_input("Opmerking", key=f"opmerking-{item.id}")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Bewaar opmerking",
            key=f"bewaar-opmerking-{item.id}",
            type="primary",
            on_click=do.save_note,
            args=(item,),
        )
        st.button("Annuleer", key=f"annuleer-{item.id}", on_click=do.close, args=(item.id,))


def _versions(item: ItemRecord) -> None:
    try:
        versions = open_desk().versions(item.id)
    except StoreError as error:
        st.html(f'<p class="vb-alert" role="alert">{escape(str(error))}</p>')
        return
    for number, one in enumerate(versions, start=1):
        if one.id == item.id:
            continue
        moment = one.created_at.astimezone().strftime("%d-%m-%Y %H:%M")
        st.html(
            f'<p class="vb-version"><b>Versie {number}</b> · {escape(one.author)} · {moment}<br>'
            f"{escape(one.text)}</p>"
        )
        st.button(
            f"Zet versie {number} terug",
            key=f"herstel-{one.id}",
            on_click=do.restore,
            args=(item.begrip_id, one.id, item.id),
        )
    st.button("Sluit", key=f"annuleer-{item.id}", on_click=do.close, args=(item.id,))


def _foot(road: Bridge, job_id: str, view: BegripView, kind: ExampleType) -> None:
    begrip_id, kept = view.begrip.id, view.of_type(kind)
    proposals = tuple(item for item in kept if item.status is ItemStatus.VOORSTEL)
    with st.container(horizontal=True, key=f"vb-foot-{begrip_id}-{kind.value}"):
        st.button(
            "Opnieuw",
            key=f"opnieuw-{begrip_id}-{kind.value}",
            icon=":material/refresh:",
            help=f"Maakt alleen {TITLES[kind].lower()} opnieuw; wat u hebt goedgekeurd, bewerkt "
            "of toegevoegd blijft staan.",
            on_click=do.type_again,
            args=(road, job_id, view, kind),
        )
        st.button(
            "Alles goedkeuren",
            key=f"alles-goed-{begrip_id}-{kind.value}",
            icon=":material/done_all:",
            disabled=not proposals,
            on_click=do.approve_all,
            args=(proposals,),
        )
        with st.popover("Zelf toevoegen", icon=":material/add:"):
            st.text_area("Uw tekst", key=f"eigen-{begrip_id}-{kind.value}")
            if kind is ExampleType.TEGENVOORBEELDEN:
                st.text_area("Waarom niet", key=f"eigen-reden-{begrip_id}-{kind.value}")
            st.button(
                "Voeg toe",
                key=f"voeg-toe-{begrip_id}-{kind.value}",
                type="primary",
                on_click=do.add_own,
                args=(begrip_id, kind),
            )
