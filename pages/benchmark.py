"""The benchmark page: the plans side by side, measured here and now, and told honestly."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from voorbeelden.benchmark.history import History, get_history
from voorbeelden.benchmark.job import BenchmarkBusy, BenchmarkSnapshot, get_benchmarks
from voorbeelden.benchmark.model import FLOW_ORDERS, MODES, BenchmarkRequest, Mode
from voorbeelden.bridge import Bridge
from voorbeelden.screen import address
from voorbeelden.screen.bench_bars import time_bars
from voorbeelden.screen.bench_form import STARTED, choose
from voorbeelden.screen.bench_gantt import gantt_html
from voorbeelden.screen.bench_progress import progress_html
from voorbeelden.screen.bench_results import describe, draw, listed, load, show
from voorbeelden.screen.bench_texts import PLAN_EXPLAINS, PLAN_TITLES
from voorbeelden.screen.shell import bridge, caught, connection_strip, dress, fragment
from voorbeelden.strategies import TokensAnItem

REFRESH = 0.5  # seconds between two pictures of a running measurement
RUN = "meting"  # the URL parameter that names the run, so that a reload shows it again
PRESSED = "b-gevraagd"  # Start was pressed, and the form was not read since


def main() -> None:
    dress("Benchmark", "Dezelfde aanroepen in een andere volgorde, naast elkaar gemeten.")
    road = bridge()
    connection_strip(road)
    history = get_history(road.settings.database_url)
    left, right = st.columns([4, 10], gap="large")
    with left:
        # The same for the price and for what is then done at that price.
        tokens = road.expected_tokens()
        request, ready = choose(road.settings, tokens)
        start(road, history, request, tokens, ready=ready)
        earlier(history)
    with right:
        run_id = st.query_params.get(RUN, "")
        snapshot = get_benchmarks().snapshot(run_id)
        if snapshot is not None:
            fragment(watch, every=REFRESH if snapshot.running else None)(history, run_id)
        elif (kept := load(history, run_id)) is not None:
            show(kept, history)
        else:
            welcome(FLOW_ORDERS if request.flow else MODES, lost=bool(run_id))


def start(
    road: Bridge, history: History, request: BenchmarkRequest, tokens: TokensAnItem, *, ready: bool
) -> None:
    busy = get_benchmarks().running
    # What ``request`` says, and not what it said when the button was drawn: who presses right after
    # moving a slider means where it stands now.
    if st.session_state.pop(PRESSED, False) and ready:
        begin(road, history, request, tokens)
        address.redraw()
    st.button(
        "Start de meting",
        key="b-start",
        type="primary" if ready and busy is None else "secondary",
        icon=":material/timer:",
        width="stretch",
        disabled=not ready or busy is not None,
        on_click=caught(press),
    )
    if busy is not None and busy != st.query_params.get(RUN):
        st.caption("Er loopt al een meting. Twee tegelijk zouden elkaar meten.")
        st.button(
            "Bekijk de lopende meting", on_click=caught(look_at), args=(busy,), width="stretch"
        )


def press() -> None:
    st.session_state[PRESSED] = True


def begin(road: Bridge, history: History, request: BenchmarkRequest, tokens: TokensAnItem) -> None:
    st.session_state[STARTED] = st.session_state.get(STARTED, 0) + 1
    try:
        look_at(get_benchmarks().start(road, request, history.keep, tokens=tokens))
    except BenchmarkBusy as busy:
        look_at(busy.job_id)


def look_at(run_id: str) -> None:
    st.query_params[RUN] = run_id


def earlier(history: History) -> None:
    """Earlier runs, to look at again."""
    kept = listed(history)
    if not kept:
        return
    names = {one.run_id: describe(one) for one in kept}
    st.selectbox(
        "Eerdere metingen",
        list(names),
        index=None,
        placeholder="Kies een eerdere meting",
        format_func=lambda run_id: names.get(run_id, run_id),
        key="b-eerder",
        on_change=caught(open_earlier),
    )


def open_earlier() -> None:
    if chosen := st.session_state.get("b-eerder"):
        look_at(chosen)


def welcome(modes: Sequence[Mode], *, lost: bool) -> None:
    cells = "".join(
        f"<div><dt>{PLAN_TITLES[mode]}</dt><dd>{PLAN_EXPLAINS[mode].capitalize()}.</dd></div>"
        for mode in modes
    )
    title = "Deze meting is niet bewaard" if lost else "Nog niets gemeten"
    st.html(
        f'<section class="vb-welcome"><h2>{title}</h2><p>Kies wat er gemeten wordt en start. '
        "Elk plan draait echt, zonder bewaarde antwoorden; wat hier komt te staan, is gemeten, en "
        f"wat geschat is, staat erbij.</p><dl>{cells}</dl></section>"
    )


def watch(history: History, job_id: str) -> None:
    """One picture of a measurement; the whole page is drawn once more when it has ended."""
    snapshot = get_benchmarks().snapshot(job_id)
    if snapshot is None:
        address.redraw()
    if snapshot.running:
        st.session_state["b-polling"] = job_id
        going(snapshot)
        return
    if st.session_state.pop("b-polling", None) == job_id:
        address.redraw()
    if snapshot.failure is not None:
        st.error(snapshot.failure.message, icon=":material/error:")
    if snapshot.kept is False:
        st.warning("Deze meting kon niet worden bewaard. Download haar als u haar wilt houden.")
    show(snapshot.run, history)


def going(snapshot: BenchmarkSnapshot) -> None:
    progress, button = st.columns([4, 1], vertical_alignment="top")
    progress.html(progress_html(snapshot))
    button.button(
        "Stop",
        key=f"b-stop-{snapshot.job_id}",
        icon=":material/stop:",
        width="stretch",
        help="Breekt af; wat al compleet is gemeten, blijft staan.",
        on_click=caught(get_benchmarks().cancel),
        args=(snapshot.job_id,),
    )
    draw(time_bars(snapshot.run), gantt_html(snapshot.run))


main()
