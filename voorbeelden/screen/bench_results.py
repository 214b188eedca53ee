"""Everything that a run has to say: sentence, charts, tables, comparison, downloads."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from voorbeelden.benchmark.history import History, Kept
from voorbeelden.benchmark.model import BenchmarkRun
from voorbeelden.benchmark.record import to_csv, to_json
from voorbeelden.clock import moment
from voorbeelden.screen.bench_bars import cost_bars, first_bars, time_bars
from voorbeelden.screen.bench_charts import (
    scaling_chart,
    scaling_legend,
    speed_up_chart,
    speed_up_legend,
)
from voorbeelden.screen.bench_gantt import gantt_html
from voorbeelden.screen.bench_picture import to_png
from voorbeelden.screen.bench_sentence import account
from voorbeelden.screen.bench_tables import (
    comparison_html,
    conditions_html,
    limits_html,
    scaling_html,
)
from voorbeelden.screen.bench_texts import PLAN_TITLES, tag

DAMAGED: Final = (SQLAlchemyError, OSError)
"""What a database that cannot be used raises; a page goes on without earlier runs then."""


def show(run: BenchmarkRun, history: History) -> None:
    """The whole run, top to bottom."""
    st.html(conditions_html(run))
    st.html(
        '<section class="vb-b-account"><h3>Wat is gemeten</h3>'
        f"<p>{escape(account(run))}</p></section>"
    )
    theme = "dark" if st.context.theme.type == "dark" else "light"
    draw(time_bars(run), gantt_html(run))
    if run.request.flow:
        # Its limits stand in the account: the chart is about six calls that need not wait.
        draw(cost_bars(run))
    elif run.repetitions:
        _speed_ups(run, theme)
        left, right = st.columns(2)
        with left:
            draw(first_bars(run))
        with right:
            draw(cost_bars(run))
    _scaling(run, theme)
    if run.repetitions:
        _compare(run, history)
    _downloads(run)


def draw(*parts: str) -> None:
    """HTML parts below each other; an empty one is left out (``st.html`` refuses it)."""
    for part in filter(None, parts):
        st.html(part)


def _speed_ups(run: BenchmarkRun, theme: str) -> None:
    chart = speed_up_chart(run, theme)
    if chart is None:
        return
    with st.container(key="vb-b-keer"):
        st.html(
            f'<div class="vb-b-title"><h3>Versnelling per herhaling {tag(measured=True)}</h3>'
            '<p class="vb-b-explains">Elke stip is één herhaling tegenover ‘na elkaar’ uit '
            "dezelfde ronde. De twee strepen zijn grenzen voor zes aanroepen tegelijk: als ze even "
            "lang zouden duren, en zoals ze hier duurden.</p>"
            f"{speed_up_legend(run)}</div>"
        )
        st.altair_chart(
            chart, width="stretch", key="b-keer", alt="Versnelling per herhaling, zie de tabel"
        )
        st.html(limits_html(run))


def _scaling(run: BenchmarkRun, theme: str) -> None:
    chart = scaling_chart(run, theme)
    if chart is None:
        return
    plan = PLAN_TITLES[run.request.scale_mode].lower()
    with st.container(key="vb-b-schaal"):
        st.html(
            f'<div class="vb-b-title"><h3>Veel generaties tegelijk {tag(measured=True)}</h3>'
            f'<p class="vb-b-explains">Plan: {plan}. Ideaal is de traagste aanroep: eerder kan '
            "het niet klaar zijn.</p>"
            f"{scaling_legend(run)}</div>"
        )
        st.altair_chart(chart, width="stretch", key="b-schaalgrafiek", alt="Zie de tabel")
        st.html(scaling_html(run))


def _compare(run: BenchmarkRun, history: History) -> None:
    others = {one.run_id: one for one in listed(history) if one.run_id != run.run_id}
    with st.container(key="vb-b-vergelijk"):
        st.html('<div class="vb-b-title"><h3>Vergelijk met een eerdere meting</h3></div>')
        if not others:
            st.html('<p class="vb-b-explains">Er is nog geen andere meting bewaard.</p>')
            return
        chosen = st.selectbox(
            "Eerdere meting",
            list(others),
            index=None,
            placeholder="Kies een meting",
            format_func=lambda run_id: describe(others[run_id]) if run_id in others else run_id,
            key=f"b-met-{run.run_id}",
            label_visibility="collapsed",
        )
        other = load(history, chosen) if chosen else None
        if other is not None:
            st.html(comparison_html(run, other))
        elif chosen:
            st.html('<p class="vb-b-explains">Deze meting is niet meer te lezen.</p>')


def _downloads(run: BenchmarkRun) -> None:
    name = f"benchmark-{run.run_id[:8]}"
    csv, json, png = st.columns(3)
    for column, label, make, suffix, mime in (
        (csv, "CSV", to_csv, "csv", "text/csv"),
        (json, "JSON", to_json, "json", "application/json"),
        (png, "PNG", to_png, "png", "image/png"),
    ):
        column.download_button(
            f"Download {label}",
            partial(make, run),
            file_name=f"{name}.{suffix}",
            mime=mime,
            icon=":material/download:",
            width="stretch",
            on_click="ignore",
            key=f"b-{suffix}-{run.run_id}",
        )


def describe(one: Kept) -> str:
    """A line in a list of runs."""
    parts = [moment(one.made_at), one.target]
    if one.repetitions:
        parts.append(f"{one.repetitions}×")
    if one.scaling:
        parts.append("schaal")
    return " · ".join(parts)


def listed(history: History) -> list[Kept]:
    """Earlier runs, newest first; none when the database cannot be used."""
    try:
        return history.list()
    except DAMAGED:
        return []


def load(history: History, run_id: str) -> BenchmarkRun | None:
    """A kept run, if there is one."""
    try:
        return history.load(run_id) if run_id else None
    except DAMAGED:
        return None
