"""Export of begrippen in every format, and import of begrippen from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from voorbeelden.export import (
    COLUMNS,
    FORMATS,
    ExportBegrip,
    ExportError,
    Kader,
    read_table,
    write,
)
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.exchange import bare, columns_html, imported_html, to_export, to_import
from voorbeelden.screen.generating import BEGRIP
from voorbeelden.screen.shell import caught, dress, editor, host, open_desk
from voorbeelden.screen.texts import amount, size
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import NotAllowed, StoreError
from voorbeelden.store.records import BegripRecord, ItemStatus, Search

ONE_OR_MORE, ALL = "Gekozen begrippen", "Alle begrippen"
CHOICES = 200  # begrippen that a list to choose from offers at once
MOST_CHOSEN = 500  # begrippen to choose by one press: each stands in the field by its name
AT_ONCE = 20  # begrippen of which the file is made without asking: well under a second
MOST = 1000  # begrippen read in at once: all or none, while every other editor's work waits
CHOSEN, READY, ROUND, TAKEN_IN = (
    "uitvoer-begrippen",
    "uitvoer-bestand",
    "inlezen-ronde",
    "inlezen-klaar",
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was made: what it was made of, and its content or why there is none."""

    made_of: tuple[object, ...]
    data: bytes = b""
    problem: str = ""


def main() -> None:
    dress("Uitvoer", "Beoordeelde voorbeelden meenemen, en begrippen uit een tabel inlezen.")
    try:
        desk = open_desk()
        left, right = st.columns(2, gap="large")
        with left:
            export(desk)
        with right:
            take_in(desk)
    except StoreError as error:
        st.html(alert(str(error)))


def export(desk: Desk) -> None:
    st.html('<h2 class="vb-section">Uitvoeren</h2>')
    scope = st.segmented_control(
        "Wat", (ONE_OR_MORE, ALL), default=ONE_OR_MORE, required=True, key="uitvoer-wat"
    )
    chosen = choose(desk) if scope == ONE_OR_MORE else None
    form = st.selectbox(
        "Bestandsvorm",
        list(FORMATS),
        format_func=lambda key: FORMATS[key].name,
        key="uitvoer-vorm",
        help="Word of Excel om te lezen en te delen; de andere vormen zijn voor systemen die "
        "begrippen uitwisselen.",
    )
    everything_too = st.toggle(
        "Ook wat niet is goedgekeurd",
        key="uitvoer-alles",
        help="Anders gaan alleen goedgekeurde voorbeelden mee.",
    )
    if chosen == []:
        st.html('<p class="vb-note">Kies eerst een of meer begrippen.</p>')
        return
    name = file_name(chosen, FORMATS[form].extension)
    if chosen is None:
        ids: Sequence[str] = desk.ids(Search())
        approved = desk.search(Search(status=ItemStatus.GOEDGEKEURD, limit=1)).total
        made_of: tuple[object, ...] = (form, everything_too, desk.last_change())
    else:
        ids = [begrip.id for begrip in chosen]
        approved = sum(begrip.counts.goedgekeurd > 0 for begrip in chosen)
        changed = tuple((begrip.id, begrip.updated_at) for begrip in chosen)
        made_of = (form, everything_too, changed)
    if not everything_too and (warning := bare(len(ids) - approved, len(ids))):
        st.html(f'<p class="vb-note vb-warned" role="status">{warning}</p>')
    file: File | None = st.session_state.get(READY)
    if file is None or file.made_of != made_of:
        file = None
        # A click on a button whose file is still to be made cannot say what went wrong, so the
        # file is there before the button is.
        if len(ids) <= AT_ONCE or st.button(
            f"Maak bestand van {amount(len(ids), 'begrip', 'begrippen')}",
            icon=":material/draft:",
            type="primary",
        ):
            with st.spinner("Het bestand wordt gemaakt …"):
                file = make(desk, ids, form, made_of, only_approved=not everything_too)
            st.session_state[READY] = file
    offer(file, name, form)


def make(
    desk: Desk, ids: Sequence[str], form: str, made_of: tuple[object, ...], *, only_approved: bool
) -> File:
    settings = host().bridge.settings
    kader = Kader(settings.kader_naam, settings.kader_basis)
    try:
        begrippen = list(to_export(desk, ids))
        return File(made_of, write(form, begrippen, only_approved, kader=kader))
    except ExportError as error:
        return File(made_of, problem=str(error))


def offer(file: File | None, name: str, form: str) -> None:
    if file is None:
        return
    if file.problem:
        st.html(alert(file.problem))
        return
    st.download_button(
        "Download",
        file.data,
        file_name=name,
        mime=FORMATS[form].mime,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
    st.html(f'<p class="vb-note" role="status">{escape(name)} · {size(len(file.data))}</p>')


def choose(desk: Desk) -> list[BegripRecord]:
    """The begrippen that a list offers: those that fit what was typed, and those chosen."""
    text = st.text_input(
        "Zoeken", key="uitvoer-zoek", placeholder="in begrip, definitie en voorbeelden"
    )
    found = desk.search(Search(text=text, limit=CHOICES))
    known = {begrip.id: begrip for begrip in found.begrippen}
    state = st.session_state
    current = st.query_params.get(BEGRIP, "")
    if CHOSEN not in state or current != state.get("uitvoer-voor", ""):
        state["uitvoer-voor"] = current
        state[CHOSEN] = [current] if current else []
    missing = [one for one in state[CHOSEN] if one not in known]
    known |= {full.begrip.id: full.begrip for full in desk.full(missing)}
    state[CHOSEN] = [one for one in state[CHOSEN] if one in known]
    ids = st.multiselect(
        "Begrippen",
        list(known),
        format_func=lambda one: label(known[one]),
        key=CHOSEN,
        placeholder="Kies een of meer begrippen",
    )
    if text and 0 < found.total <= MOST_CHOSEN:
        st.button(
            f"Kies alle {found.total} gevonden" if found.total > 1 else "Kies 1 gevonden",
            icon=":material/playlist_add_check:",
            on_click=caught(add),
            args=(desk, text),
        )
    if not found.total:
        first = "Er is nog niets bewaard. Maak eerst voorbeelden, of lees een tabel in."
        st.html(f'<p class="vb-empty">{"Niets gevonden voor deze woorden." if text else first}</p>')
    if found.total > CHOICES:
        st.html(
            f'<p class="vb-note">De lijst toont de eerste {CHOICES} van {found.total}; zoek om '
            "andere te zien.</p>"
        )
    return [known[one] for one in ids]


def add(desk: Desk, text: str) -> None:
    """Everything that was found, also what the list does not show."""
    try:
        ids = desk.ids(Search(text=text))
    except StoreError:
        return  # the page says so by itself: it reads the same database
    st.session_state[CHOSEN] = list(dict.fromkeys([*st.session_state[CHOSEN], *ids]))


def label(begrip: BegripRecord) -> str:
    context = ", ".join(value for values in begrip.context.values() for value in values)
    approved = f"{begrip.counts.goedgekeurd} goedgekeurd"
    return f"{begrip.begrip} ({f'{context}; ' if context else ''}{approved})"


def file_name(chosen: list[BegripRecord] | None, extension: str) -> str:
    name = "begrippen"
    if chosen is not None and len(chosen) == 1:
        kept = "".join(char if char.isalnum() else "-" for char in chosen[0].begrip).strip("-")
        name = kept[:60] or name
    return name + extension


def take_in(desk: Desk) -> None:
    st.html('<h2 class="vb-section">Inlezen</h2>')
    st.html(
        '<p class="vb-purpose">Een tabel met een rij per voorbeeld. Een uitgevoerde tabel kan zo '
        "weer worden ingelezen. Wat er al is, blijft zoals het is; wat de tabel anders zegt, staat "
        "daarna in een lijst.</p>"
    )
    with st.expander("Welke kolommen de tabel mag hebben"):
        st.html(columns_html(COLUMNS))
    file = st.file_uploader(
        "CSV of Excel, hoogstens 10 MB",
        type=["csv", "txt", "tsv", "xlsx", "xlsm"],
        key=f"inlezen-{st.session_state.get(ROUND, 0)}",
    )
    if file is None:
        if done := st.session_state.get(TAKEN_IN):
            st.html(done)
        return
    st.session_state.pop(TAKEN_IN, None)
    result = read_table(file.getvalue(), file.name)
    rows = "".join(f"<li>{escape(str(error))}</li>" for error in result.errors)
    if rows:
        problems = amount(
            len(result.errors), "rij of cel kan", "rijen of cellen kunnen", "niet worden gebruikt."
        )
        st.html(f'<div class="vb-alert" role="alert"><b>{problems}</b><ul>{rows}</ul></div>')
    for note in result.notes:
        st.html(f'<p class="vb-note">{escape(note)}</p>')
    begrippen = result.begrippen
    st.html(f'<p class="vb-purpose">{escape(usable(begrippen))}</p>')
    if len(begrippen) > MOST:
        most = amount(MOST, "begrip", "begrippen")
        st.html(alert(f"Er kunnen {most} tegelijk worden ingelezen. Verdeel de tabel."))
    elif begrippen:
        st.button(
            f"Lees {amount(len(begrippen), 'begrip', 'begrippen')} in",
            type="primary",
            icon=":material/upload:",
            on_click=caught(bring_in),
            args=(desk, begrippen),
        )
    if message := st.session_state.pop("inlezen-melding", None):
        st.html(alert(message))


def usable(begrippen: Sequence[ExportBegrip]) -> str:
    if not begrippen:
        return "Er is geen begrip dat kan worden ingelezen."
    names = ", ".join(begrip.begrip for begrip in begrippen[:20])
    more = f" en {len(begrippen) - 20} andere" if len(begrippen) > 20 else ""
    items = sum(len(begrip.items) for begrip in begrippen)
    return (
        f"Bruikbaar: {amount(len(begrippen), 'begrip', 'begrippen')} met "
        f"{amount(items, 'voorbeeld', 'voorbeelden')}: {names}{more}."
    )


def bring_in(desk: Desk, begrippen: Sequence[ExportBegrip]) -> None:
    """All of them or none; afterwards the field is empty, ready for the next file."""
    state = st.session_state
    try:
        done = desk.import_begrippen([to_import(one) for one in begrippen], editor())
    except NotAllowed as error:
        state["inlezen-melding"] = f"Er is niets ingelezen. {error}"
    except StoreError as error:
        state["inlezen-melding"] = str(error)
    else:
        state[TAKEN_IN] = imported_html(done)
        state[ROUND] = state.get(ROUND, 0) + 1


main()
