"""The history: find a begrip, open it, look back at its versions and compare its generations."""

from __future__ import annotations

import streamlit as st

from voorbeelden.screen.alerts import alert
from voorbeelden.screen.definition_kept import KeptDefinition, came_about
from voorbeelden.screen.found import (
    compare_html,
    definition_html,
    found_html,
    generation_label,
    log_html,
    old_version_html,
)
from voorbeelden.screen.generating import BEGRIP
from voorbeelden.screen.review_actions import attempt
from voorbeelden.screen.review_bar import notices
from voorbeelden.screen.shell import caught, dress, editor, open_desk
from voorbeelden.screen.texts import amount
from voorbeelden.store.compare import compare
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import (
    BegripRecord,
    DefinitionRecord,
    ItemStatus,
    Order,
    Progress,
    Search,
)

PAGE = 20  # begrippen a page, and replaced texts
LOGGED = 100  # the latest actions in the log
PROGRESS = {
    Progress.OPEN: "nog te beoordelen",
    Progress.KLAAR: "helemaal beoordeeld",
    Progress.LEEG: "zonder voorbeelden",
}
STATUS = {
    ItemStatus.VOORSTEL: "met voorstellen",
    ItemStatus.GOEDGEKEURD: "met goedgekeurde",
    ItemStatus.AFGEWEZEN: "met afgewezen",
}
ORDER = {Order.RECENT: "laatst gewijzigd", Order.BEGRIP: "alfabetisch"}


def main() -> None:
    dress("Geschiedenis", "Alles wat bewaard is: zoeken, openen, terughalen en vergelijken.")
    try:
        desk = open_desk()
        if begrip_id := st.query_params.get(BEGRIP, ""):
            one(desk, desk.begrip(begrip_id))
        else:
            overview(desk)
    except StoreError as error:
        st.html(alert(str(error)))
        if st.query_params.get(BEGRIP):
            back_to_the_list()


def overview(desk: Desk) -> None:
    text = st.text_input(
        "Zoeken",
        key="zoek",
        placeholder="in begrip, definitie en voorbeelden",
        persist_state="session",
        help="Woorden mogen in elke volgorde staan; hoofdletters tellen niet.",
        on_change=caught(first_page),
    )
    status, progress, context, order = st.columns(4)
    chosen = status.selectbox(
        "Status",
        list(STATUS),
        index=None,
        format_func=STATUS.__getitem__,
        placeholder="alle",
        key="zoek-status",
        persist_state="session",
        on_change=caught(first_page),
    )
    how_far = progress.selectbox(
        "Beoordeling",
        list(PROGRESS),
        index=None,
        format_func=PROGRESS.__getitem__,
        placeholder="alle",
        key="zoek-voortgang",
        persist_state="session",
        on_change=caught(first_page),
    )
    known = desk.contexts()
    pairs = context.multiselect(
        "Context",
        [(value.kind, value.value) for value in known],
        format_func=lambda pair: f"{pair[1]} ({pair[0]})",
        placeholder="alle",
        key="zoek-context",
        persist_state="session",
        select_all=False,  # Enter would take it, and few begrippen have all that was found
        on_change=caught(first_page),
    )
    sort = order.selectbox(
        "Volgorde",
        list(ORDER),
        format_func=ORDER.__getitem__,
        key="zoek-volgorde",
        persist_state="session",
    )
    number = st.session_state.get("zoek-pagina") or 1
    wanted = Search(
        text=text,
        status=chosen,
        progress=how_far,
        context=tuple(pairs),
        order=sort,
        offset=(number - 1) * PAGE,
        limit=PAGE,
    )
    found = desk.search(wanted)
    if not found.total:
        nothing(searched=bool(text or chosen or how_far or pairs))
        return
    count = amount(found.total, "begrip", "begrippen", "gevonden.")
    st.html(f'<p class="vb-purpose" role="status">{count}</p>')
    for begrip in found.begrippen:
        row(begrip)
    pages = -(-found.total // PAGE)
    if pages > 1:
        st.pagination(pages, key="zoek-pagina")


def nothing(*, searched: bool) -> None:
    """What stands where begrippen would; with a way on."""
    if searched:
        st.html(
            '<section class="vb-welcome vb-small" role="status"><h2>Niets gevonden</h2><p>Zoek op '
            "een deel van het woord, of haal een keuze hierboven weg.</p></section>"
        )
        st.button("Zoek opnieuw", icon=":material/restart_alt:", on_click=caught(search_anew))
        return
    st.html(
        '<section class="vb-welcome vb-small"><h2>Nog niets bewaard</h2><p>Alles wat u maakt, komt '
        "hier vanzelf te staan: elk begrip met zijn voorbeelden, zijn beoordeling en zijn eerdere "
        "teksten.</p></section>"
    )
    if st.button("Maak de eerste voorbeelden", icon=":material/edit_note:", type="primary"):
        st.switch_page("pages/voorbeelden.py")


def search_anew() -> None:
    state = st.session_state
    state["zoek"], state["zoek-context"] = "", []
    state["zoek-status"] = state["zoek-voortgang"] = None
    first_page()


def first_page() -> None:
    st.session_state.pop("zoek-pagina", None)


def row(begrip: BegripRecord) -> None:
    with st.container(border=True, key=f"gevonden-{begrip.id}"):
        text, buttons = st.columns([5, 2], vertical_alignment="center")
        text.html(found_html(begrip))
        with buttons.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Openen", key=f"open-begrip-{begrip.id}", icon=":material/edit_note:"):
                st.switch_page("pages/voorbeelden.py", query_params={BEGRIP: begrip.id})
            st.button(
                "Terugkijken",
                key=f"terug-{begrip.id}",
                icon=":material/history:",
                on_click=caught(look_back),
                args=(begrip.id,),
            )


def look_back(begrip_id: str) -> None:
    st.query_params[BEGRIP] = begrip_id


def back_to_the_list() -> None:
    st.button("Terug naar de lijst", icon=":material/arrow_back:", on_click=caught(leave))


def leave() -> None:
    st.query_params.clear()


def one(desk: Desk, begrip: BegripRecord) -> None:
    """One begrip: two of its generations side by side, and every text that is no longer shown."""
    with st.container(horizontal=True):
        back_to_the_list()
        if st.button("Openen", icon=":material/edit_note:", key="open-dit"):
            st.switch_page("pages/voorbeelden.py", query_params={BEGRIP: begrip.id})
        if st.button("Openen bij Definitie", icon=":material/rule:", key="open-definitie"):
            st.switch_page("pages/definitie.py", query_params={BEGRIP: begrip.id})
        if st.button("Uitvoeren", icon=":material/ios_share:", key="voer-uit"):
            st.switch_page("pages/uitvoer.py", query_params={BEGRIP: begrip.id})
    st.html(found_html(begrip))
    notices(begrip.id, None)
    parts = (
        ("Generaties vergelijken", lambda: side_by_side(desk, begrip.id)),
        ("Vervangen teksten", lambda: versions(desk, begrip.id)),
        ("Definities", lambda: definitions(desk, begrip)),
        ("Logboek", lambda: logbook(desk, begrip.id)),
    )
    tabs = st.tabs([title for title, _ in parts], key=f"terugblik-{begrip.id}")
    for tab, (_, fill) in zip(tabs, parts, strict=True):
        with tab:
            fill()


def side_by_side(desk: Desk, begrip_id: str) -> None:
    generations = {one.id: one for one in desk.view(begrip_id).generations}
    labels = {
        one.id: generation_label(one, len(generations) - place)
        for place, one in enumerate(generations.values())
    }
    if len(generations) < 2:
        st.html('<p class="vb-empty">Er zijn nog geen twee generaties om te vergelijken.</p>')
        return
    newest, before, *_ = generations
    sides = st.columns(2)
    picked = [
        side.selectbox(
            label,
            list(generations),
            index=list(generations).index(default),
            format_func=labels.__getitem__,
            key=f"vergelijk-{label}-{begrip_id}",
        )
        for side, label, default in zip(sides, ("Links", "Rechts"), (before, newest), strict=True)
    ]
    only = st.toggle("Alleen verschillen", key=f"verschillen-{begrip_id}")
    left, right = (desk.generation(one) for one in picked)
    named = [labels[one] for one in picked]
    st.html(compare_html(compare(left, right), *named, only_changed=only))


def versions(desk: Desk, begrip_id: str) -> None:
    old = [item for item in desk.items(begrip_id, superseded=True) if not item.visible]
    if not old:
        st.html('<p class="vb-empty">Er is nog niets vervangen.</p>')
    number = st.session_state.get(f"vervangen-{begrip_id}") or 1
    # The latest first: those are the ones that somebody wants back.
    old.sort(key=lambda item: item.changed_at, reverse=True)
    for item in old[(number - 1) * PAGE : number * PAGE]:
        text, button = st.columns([6, 1], vertical_alignment="center")
        text.html(old_version_html(item))
        button.button(
            "Zet terug",
            key=f"zet-terug-{item.id}",
            help="Komt als voorstel terug in het tabblad.",
            on_click=caught(restore),
            args=(begrip_id, item.id),
        )
    if len(old) > PAGE:
        st.pagination(-(-len(old) // PAGE), key=f"vervangen-{begrip_id}")


def restore(begrip_id: str, item_id: str) -> None:
    by = editor()
    attempt(begrip_id, lambda desk, _: desk.restore(item_id, by))


def definitions(desk: Desk, begrip: BegripRecord) -> None:
    kept = KeptDefinition(desk.view(begrip.id), desk.definitions(begrip.id))
    for version in reversed(kept.versions):
        text, button = st.columns([6, 1], vertical_alignment="center")
        text.html(definition_html(version) + came_about(kept, version))
        current = version.number == begrip.definition_number
        button.button(
            "Geldt nu" if current else "Zet terug",
            key=f"definitie-{begrip.id}-{version.number}",
            disabled=current,
            help="Wordt de nieuwste versie; de voorbeelden blijven staan.",
            on_click=caught(restore_definition),
            args=(begrip, version),
        )


def restore_definition(begrip: BegripRecord, version: DefinitionRecord) -> None:
    by, subject = editor(), version.subject

    def work(desk: Desk, seen: BegripRecord) -> None:
        desk.save_begrip(
            seen,
            by=by,
            begrip=subject.begrip,
            definitie=subject.definitie,
            context={key: tuple(values) for key, values in subject.context.items()},
        )

    attempt(begrip.id, work, begrip)


def logbook(desk: Desk, begrip_id: str) -> None:
    st.html(log_html(desk.history(begrip_id, limit=LOGGED)))


main()
