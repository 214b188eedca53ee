"""Export of begrippen in every format, and import of begrippen from a table."""

from __future__ import annotations

from html import escape

import streamlit as st

from voorbeelden.export import COLUMNS, FORMATS, ExportError, Format, read_table, write
from voorbeelden.screen.exchange import everything, to_export
from voorbeelden.screen.exchange import take_in as bring_in
from voorbeelden.screen.review_actions import BEGRIP
from voorbeelden.screen.shell import dress, editor, open_desk
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import NotAllowed, StoreError
from voorbeelden.store.records import BegripRecord, Search

ONE_OR_MORE, ALL = "Gekozen begrippen", "Alle begrippen"
CHOICES = 200  # begrippen that a list to choose from offers at once


def main() -> None:
    dress("Uitvoer", "Beoordeelde voorbeelden meenemen, en begrippen uit een tabel inlezen.")
    left, right = st.columns(2, gap="large")
    try:
        desk = open_desk()
        with left:
            export(desk)
        with right:
            take_in(desk)
    except StoreError as error:
        st.html(f'<p class="vb-alert" role="alert">{escape(str(error))}</p>')


def export(desk: Desk) -> None:
    st.html('<div class="vb-heading"><h2>Uitvoeren</h2></div>')
    scope = st.segmented_control(
        "Wat", (ONE_OR_MORE, ALL), default=ONE_OR_MORE, required=True, key="uitvoer-wat"
    )
    chosen: list[BegripRecord] | None = choose(desk) if scope == ONE_OR_MORE else None
    form = st.selectbox(
        "Bestandsvorm",
        list(FORMATS),
        format_func=lambda key: FORMATS[key].name,
        key="uitvoer-vorm",
    )
    everything_too = st.toggle(
        "Ook wat niet is goedgekeurd",
        key="uitvoer-alles",
        help="Anders gaan alleen goedgekeurde voorbeelden mee.",
    )
    if chosen == []:
        st.html('<p class="vb-note">Kies eerst een of meer begrippen.</p>')
        return
    st.download_button(
        "Download",
        lambda: content(desk, chosen, form, only_approved=not everything_too),
        file_name=file_name(chosen, FORMATS[form]),
        mime=FORMATS[form].mime,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def choose(desk: Desk) -> list[BegripRecord]:
    """The begrippen that a list offers: those that fit what was typed, and those chosen."""
    text = st.text_input("Zoeken", key="uitvoer-zoek", placeholder="in begrip en voorbeelden")
    found = desk.search(Search(text=text, limit=CHOICES))
    known = {begrip.id: begrip for begrip in found.begrippen}
    key = "uitvoer-begrippen"
    state = st.session_state
    current = st.query_params.get(BEGRIP, "")
    if key not in state or current != state.get("uitvoer-voor", ""):
        state["uitvoer-voor"] = current
        state[key] = [current] if current else []
    for begrip_id in state[key]:
        if begrip_id not in known:
            known[begrip_id] = desk.begrip(begrip_id)
    ids = st.multiselect(
        "Begrippen",
        list(known),
        format_func=lambda one: label(known[one]),
        key=key,
        placeholder="Kies een of meer begrippen",
    )
    if found.total > CHOICES:
        st.html(
            f'<p class="vb-note">De lijst toont de eerste {CHOICES} van {found.total}; zoek om '
            "andere te zien.</p>"
        )
    return [known[one] for one in ids]


def label(begrip: BegripRecord) -> str:
    context = ", ".join(value for values in begrip.context.values() for value in values)
    approved = f"{begrip.counts.goedgekeurd} goedgekeurd"
    return f"{begrip.begrip} ({f'{context}; ' if context else ''}{approved})"


def content(
    desk: Desk, chosen: list[BegripRecord] | None, form: str, *, only_approved: bool
) -> bytes:
    begrippen = everything(desk) if chosen is None else chosen
    return write(form, to_export(desk, begrippen), only_approved)


def file_name(chosen: list[BegripRecord] | None, form: Format) -> str:
    name = "begrippen"
    if chosen is not None and len(chosen) == 1:
        kept = "".join(char if char.isalnum() else "-" for char in chosen[0].begrip).strip("-")
        name = kept[:60] or name
    return name + form.extension


def take_in(desk: Desk) -> None:
    st.html('<div class="vb-heading"><h2>Inlezen</h2></div>')
    file = st.file_uploader(
        "CSV of Excel",
        type=["csv", "txt", "tsv", "xlsx", "xlsm"],
        key="inlezen",
        help=f"Kolommen: {', '.join(COLUMNS)}. Alleen begrip en definitie zijn nodig.",
    )
    if file is None:
        return
    result = read_table(file.getvalue(), file.name)
    rows = "".join(f"<li>{escape(str(error))}</li>" for error in result.errors)
    if rows:
        st.html(
            f'<div class="vb-alert" role="alert"><b>{len(result.errors)} rijen of cellen kunnen '
            f"niet worden gebruikt.</b><ul>{rows}</ul></div>"
        )
    for note in result.notes:
        st.html(f'<p class="vb-note">{escape(note)}</p>')
    names = ", ".join(begrip.begrip for begrip in result.begrippen[:20])
    more = f" en {len(result.begrippen) - 20} andere" if len(result.begrippen) > 20 else ""
    count = len(result.begrippen)
    st.html(f'<p class="vb-purpose">{count} bruikbaar: {escape(names)}{more}</p>')
    if count and st.button("Inlezen", type="primary", icon=":material/upload:"):
        done = 0
        for begrip in result.begrippen:
            try:
                bring_in(desk, begrip, editor())
            except NotAllowed as error:
                refused = f"{begrip.begrip}: {error}"
                st.html(f'<p class="vb-alert" role="alert">{escape(refused)}</p>')
            else:
                done += 1
        word = "begrip" if done == 1 else "begrippen"
        st.html(f'<p class="vb-alert vb-stopped" role="status">{done} {word} ingelezen.</p>')


# What goes wrong while a file is made is shown where the button stands.
try:
    main()
except ExportError as error:
    st.html(f'<p class="vb-alert" role="alert">{escape(str(error))}</p>')
