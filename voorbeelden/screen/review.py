"""The review of one begrip in its tabs: the widgets of each kept item, and of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.clock import moment
from voorbeelden.model import ExampleType
from voorbeelden.quality import Finding, Level
from voorbeelden.screen import generating
from voorbeelden.screen import review_actions as do
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.kept import STATUS_WORDS, Findings, cards_html, kept_html, remarks
from voorbeelden.screen.review_bar import ALL, ALL_CHECKS, HARD, HINTS, OPEN, check_name
from voorbeelden.screen.shell import caught, open_desk
from voorbeelden.screen.texts import TITLES
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus

AGAIN, UP, DOWN, NOTE, VERSIONS = (
    "Opnieuw maken",
    "Omhoog",
    "Omlaag",
    "Opmerking",
    "Eerdere versies",
)


KEYS: Final = (
    '<p class="vb-keys">Toetsen bij een voorbeeld: <kbd>J</kbd> volgende, <kbd>K</kbd> vorige, '
    "<kbd>G</kbd> goedkeuren, <kbd>A</kbd> afwijzen, <kbd>B</kbd> bewerken, <kbd>Z</kbd> ongedaan "
    "maken. Bij het bewerken: <kbd>Ctrl</kbd>+<kbd>Enter</kbd> bewaart, <kbd>Esc</kbd> annuleert."
    "</p>"
)
"""What screen/page.js listens to."""


def opened_tab(key: str) -> ExampleType:
    """The type that has its buttons, of the tabs with ``key``. Which tab is open only the browser
    knows: tabs whose state Streamlit keeps jump back when somebody goes through them quickly."""
    kind: ExampleType = st.session_state.get(f"tab-{key}", ExampleType.VOORBEELDZINNEN)
    return kind


def opener(key: str, kind: ExampleType) -> None:
    """Stands where the buttons of a tab will come; screen/page.js presses it for who opens the
    tab."""
    st.button(
        "Toon de knoppen",
        key=f"vb-opener-{key}-{kind.value}",
        type="tertiary",
        on_click=caught(do.open_tab),
        args=(key, kind),
    )


def items(
    road: Bridge,
    job_id: str,
    view: BegripView,
    kind: ExampleType,
    findings: Findings,
    *,
    opened: bool,
) -> None:
    """The kept items of one type. In the opened tab with their buttons and what can be done with
    the type; in the others as one element, until their ``opener`` is pressed."""
    kept = view.of_type(kind)
    wanted = st.session_state.get(f"filter-{view.begrip.id}") or ALL
    check = st.session_state.get(f"controle-{view.begrip.id}") or ALL_CHECKS
    shown = {
        number: item
        for number, item in enumerate(kept, start=1)
        # A text that is being written stays in sight, whatever others do with its item.
        if item.id in do.opened() or _fits(item, wanted, check, findings.get(item.id, ()))
    }
    if opened:
        _cards(road, job_id, view, kind, shown, findings)
    elif shown:
        st.html(cards_html(shown, findings))
    if hidden := len(kept) - len(shown):
        chosen = " en ".join(f"‘{one}’" for one in (wanted, check_name(check)) if one != ALL)
        st.html(
            f'<p class="vb-note">{hidden} niet getoond, want hierboven is {chosen} gekozen.</p>'
        )
    if not opened:
        return
    _foot(road, job_id, view, kind)
    if kept:
        st.html(KEYS)


def _cards(
    road: Bridge,
    job_id: str,
    view: BegripView,
    kind: ExampleType,
    shown: Mapping[int, ItemRecord],
    findings: Findings,
) -> None:
    left = do.left_open(view, kind)
    for number, item in shown.items():
        # Where it stood, so that whoever presses Bewaar just now presses Bewaar.
        for gone in [one for one in left if one.position <= item.position]:
            left.remove(gone)
            _gone(gone, number)
        _item(road, job_id, view, item, number, findings.get(item.id, ()))
    for gone in left:
        _gone(gone, len(shown) + 1)


def _fits(item: ItemRecord, wanted: str, check: str, findings: tuple[Finding, ...]) -> bool:
    if check != ALL_CHECKS and check not in {one.check for one in findings}:
        return False
    levels = {one.level for one in remarks(findings)}
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
                on_click=caught(do.open_part),
                args=(item, do.EDIT),
            )
            st.menu_button(
                "Meer",
                [AGAIN, UP, DOWN, NOTE, *([VERSIONS] if item.previous_id else [])],
                key=f"meer-{item.id}",
                type="tertiary",
                on_click=caught(partial(_chosen, road, job_id, view, item)),
            )
        _part(item)


def _gone(item: ItemRecord, number: int) -> None:
    """An item that others replaced while its text or note is being written here."""
    with st.container(key=f"vb-kept-{item.id}", gap=None):
        st.html(kept_html(replace(item, status=ItemStatus.VERVANGEN), number, ()))
        st.html(
            '<p class="vb-note" role="status">Deze tekst is intussen vervangen. Wat u typte staat '
            "er nog: bewaar het, of annuleer.</p>"
        )
        _part(item)


def _part(item: ItemRecord) -> None:
    if stack := do.opened().get(item.id):
        with st.container(key=f"vb-part-{item.id}", gap="small"):
            PARTS[stack[-1].part](stack[-1].item)


def _judge(item: ItemRecord, status: ItemStatus, label: str, icon: str) -> None:
    """Pressed again it takes the judgement back."""
    given = item.status is status
    st.button(
        STATUS_WORDS[status].capitalize() if given else label,
        key=f"{status.value}-{item.id}",
        icon=icon,
        type="secondary" if given else "tertiary",
        help="Kies nog eens om dit terug te nemen." if given else None,
        on_click=caught(do.review),
        args=(item, ItemStatus.VOORSTEL if given else status),
    )


def _chosen(road: Bridge, job_id: str, view: BegripView, item: ItemRecord) -> None:
    chosen = st.session_state.get(f"meer-{item.id}")
    if chosen == AGAIN:
        generating.item_again(road, job_id, view, item)
    elif chosen in (UP, DOWN):
        do.move(item, -1 if chosen == UP else 1)
    elif chosen == NOTE:
        do.open_part(item, do.NOTE)
    elif chosen == VERSIONS:
        do.open_part(item, do.VERSIONS)


def _edit(item: ItemRecord) -> None:
    # Kept by the session: while its type is being made again the field is not drawn.
    field = partial(st.text_area, height="content", persist_state="session")
    field("Tekst", key=f"tekst-{item.id}")
    if item.type is ExampleType.TEGENVOORBEELDEN:
        field("Waarom niet", key=f"reden-{item.id}")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Bewaar",
            key=f"bewaar-{item.id}",
            type="primary",
            on_click=caught(partial(do.save_edit, item, approve=False)),
        )
        st.button(
            "Bewaar en keur goed",
            key=f"bewaar-goed-{item.id}",
            on_click=caught(partial(do.save_edit, item, approve=True)),
        )
        _closer("Annuleer", item, do.EDIT)


def _note(item: ItemRecord) -> None:
    st.text_input("Opmerking", key=f"opmerking-{item.id}", persist_state="session")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Bewaar opmerking",
            key=f"bewaar-opmerking-{item.id}",
            type="primary",
            on_click=caught(do.save_note),
            args=(item,),
        )
        _closer("Annuleer", item, do.NOTE)


def _versions(item: ItemRecord) -> None:
    try:
        versions = open_desk().versions(item.id)
    except StoreError as error:
        st.html(alert(str(error)))
        return
    for number, one in enumerate(versions, start=1):
        if one.id == item.id:
            continue
        made = moment(one.created_at)
        st.html(
            f'<p class="vb-version"><b>Versie {number}</b> · {escape(one.author)} · {made}<br>'
            f"{escape(one.text)}</p>"
        )
        st.button(
            f"Zet versie {number} terug",
            key=f"herstel-{one.id}",
            on_click=caught(do.restore),
            args=(item.begrip_id, one.id, item.id),
        )
    _closer("Sluit", item, do.VERSIONS)


def _closer(label: str, item: ItemRecord, part: str) -> None:
    st.button(label, key=f"annuleer-{item.id}", on_click=caught(do.close), args=(item.id, part))


PARTS: Final = {do.EDIT: _edit, do.NOTE: _note, do.VERSIONS: _versions}


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
            on_click=caught(generating.type_again),
            args=(road, job_id, view, kind),
        )
        st.button(
            "Alles goedkeuren",
            key=f"alles-goed-{begrip_id}-{kind.value}",
            icon=":material/done_all:",
            disabled=not proposals,
            on_click=caught(do.approve_all),
            args=(proposals,),
        )
        with st.popover("Zelf toevoegen", icon=":material/add:"):
            field = partial(st.text_area, persist_state="session")
            field("Uw tekst", key=f"eigen-{begrip_id}-{kind.value}")
            if kind is ExampleType.TEGENVOORBEELDEN:
                field("Waarom niet", key=f"eigen-reden-{begrip_id}-{kind.value}")
            st.button(
                "Voeg toe",
                key=f"voeg-toe-{begrip_id}-{kind.value}",
                type="primary",
                on_click=caught(do.add_own),
                args=(begrip_id, kind),
            )
