"""What is to be measured: the widgets of the benchmark page, and what they add up to."""

from __future__ import annotations

from typing import Final

import streamlit as st

from voorbeelden.benchmark.estimate import cost_of, duration_of
from voorbeelden.benchmark.model import FLOW_ORDERS, MODES, SCALES, BenchmarkRequest
from voorbeelden.benchmark.profiles import CONNECTED, FLOW, PROFILES, connected_target, demo_target
from voorbeelden.demo.teksten import bekende_begrippen
from voorbeelden.model import GenerationMode, Subject
from voorbeelden.screen import form
from voorbeelden.screen.alerts import say
from voorbeelden.screen.bench_tables import cost_html
from voorbeelden.screen.bench_texts import PLAN_EXPLAINS, PLAN_TITLES, duration, tag
from voorbeelden.settings import Settings
from voorbeelden.strategies import TYPICAL_TOKENS, TokensAnItem

EXAMPLES, THE_FLOW = "Voorbeelden", "Begrip tot voorbeelden"
FACTORS = (0.1, 0.2, 0.5, 1.0)

STARTED: Final = "b-gestart"
"""How many measurements this session has started: a yes to a price is for one of them."""


def choose(settings: Settings, tokens: TokensAnItem) -> tuple[BenchmarkRequest, bool]:
    """The request as it stands, and whether it may start: it is whole, and where it costs money
    the price, at ``tokens`` an item, has been agreed to."""
    what = st.segmented_control(
        "Wat meten",
        (EXAMPLES, THE_FLOW),
        default=EXAMPLES,
        required=True,
        key="b-wat",
        wrap=True,
        persist_state="session",
        help=f"{EXAMPLES}: de zes soorten bij een definitie die er al is. {THE_FLOW}: ook het "
        "opstellen en het toetsen van de definitie.",
    )
    subject = _choose_subject()
    if what == THE_FLOW:
        return _choose_flow(subject)
    modes = st.pills(
        "Plannen",
        MODES,
        selection_mode="multi",
        default=MODES,
        format_func=PLAN_TITLES.__getitem__,
        key="b-plannen",
        wrap=True,
        persist_state="session",
        help=" · ".join(f"{PLAN_TITLES[mode]}: {PLAN_EXPLAINS[mode]}" for mode in MODES),
    )
    repetitions = _choose_repetitions()
    profile, factor = _choose_profile(settings)
    scales, scale_mode = _choose_scale()
    target = connected_target(settings) if profile == CONNECTED else demo_target(profile, factor)
    request = BenchmarkRequest(
        subject=subject or Subject("", ""),
        target=target,
        modes=tuple(mode for mode in MODES if mode in (modes or ())),
        repetitions=repetitions,
        scales=scales,
        scale_mode=scale_mode,
    )
    return request, _agreed(request, tokens, whole=subject is not None and request.steps > 0)


def _choose_flow(subject: Subject | None) -> tuple[BenchmarkRequest, bool]:
    """The flow in its three orders, on the demo server: what it takes at a provider is shown by
    the definition page itself."""
    orders = st.pills(
        "Volgorden",
        FLOW_ORDERS,
        selection_mode="multi",
        default=FLOW_ORDERS,
        format_func=PLAN_TITLES.__getitem__,
        key="b-volgorden",
        wrap=True,
        persist_state="session",
        help=" · ".join(f"{PLAN_TITLES[one]}: {PLAN_EXPLAINS[one]}" for one in FLOW_ORDERS),
    )
    repetitions = _choose_repetitions()
    st.html(
        f'<p class="vb-b-explains"><b>Latenties: {FLOW.name}.</b> {FLOW.explains} De '
        "demonstratieserver bootst ze na.</p>"
    )
    request = BenchmarkRequest(
        subject=subject or Subject("", ""),
        target=demo_target(FLOW.key, _choose_factor("b-stroomfactor", 1.0)),
        modes=tuple(one for one in FLOW_ORDERS if one in (orders or ())),
        repetitions=repetitions,
    )
    return request, _agreed(
        request, TYPICAL_TOKENS, whole=subject is not None and request.steps > 0
    )


def _choose_repetitions() -> int:
    return st.slider(
        "Herhalingen",
        1,
        10,
        3,
        key="b-herhalingen",
        persist_state="session",
        help="Van elk plan. De plannen wisselen elkaar af, zodat een trage minuut alle plannen "
        "even hard raakt.",
    )


def _choose_factor(key: str, value: float) -> float:
    return st.select_slider(
        "Tijden vermenigvuldigen met",
        FACTORS,
        value=value,
        format_func=lambda value: f"{value:g}".replace(".", ","),
        key=key,
        persist_state="session",
        help="Korter meten; de verhoudingen blijven gelijk.",
    )


def _choose_subject() -> Subject | None:
    """A known begrip with its own definition, or a new one with a definition of the editor's."""
    known = {one.begrip: one for one in bekende_begrippen()}
    begrip = st.selectbox(
        "Begrip",
        list(known),
        index=list(known).index("verdachte"),
        accept_new_options=True,
        key="b-begrip",
        persist_state="session",
    )
    if begrip in known:
        one = known[begrip]
        return Subject.from_dict(one.begrip, one.definitie, one.context)
    definition = st.text_area(
        "Definitie",
        key="b-definitie",
        persist_state="session",
        height=90,
        placeholder="Eén volzin die zegt wat het begrip is.",
    )
    subject, problems = form.read(begrip, definition, {})
    for problem in problems.values():
        say(problem)
    return None if problems else subject


def _choose_profile(settings: Settings) -> tuple[str, float]:
    names = {one.key: one.name.capitalize() for one in PROFILES}
    captions = [one.explains for one in PROFILES]
    if not settings.demonstration:
        names[CONNECTED] = f"Het aangesloten taalmodel: {settings.model}"
        captions.append("Echte aanroepen, die geld kosten. De prijs staat hieronder vooraf.")
    key = st.radio(
        "Latenties",
        list(names),
        index=[one.key for one in PROFILES].index("tokens"),
        format_func=names.__getitem__,
        captions=captions,
        key="b-profiel",
        persist_state="session",
        help="Hoe traag het taalmodel antwoordt. De eerste vier worden nagebootst en kosten niets.",
    )
    factor = 1.0
    if key == "gemeten":
        factor = _choose_factor("b-factor", 0.2)
    return key, factor


def _choose_scale() -> tuple[tuple[int, ...], GenerationMode]:
    asked = st.toggle(
        "Ook op schaal meten",
        key="b-schaal",
        persist_state="session",
        help="Zoveel generaties van één plan beginnen op hetzelfde moment. Ideaal is zo lang als "
        "de traagste aanroep.",
    )
    if not asked:
        return (), GenerationMode.ASYNC
    counts = st.pills(
        "Generaties tegelijk",
        SCALES,
        selection_mode="multi",
        default=SCALES,
        key="b-aantallen",
        wrap=True,
        persist_state="session",
    )
    mode = st.segmented_control(
        "Met plan",
        MODES,
        default=GenerationMode.ASYNC,
        required=True,
        format_func=PLAN_TITLES.__getitem__,
        key="b-schaalplan",
        wrap=True,
        persist_state="session",
    )
    return tuple(sorted(counts or ())), mode or GenerationMode.ASYNC


def _agreed(request: BenchmarkRequest, tokens: TokensAnItem, *, whole: bool) -> bool:
    if not whole:
        st.caption("Kies een begrip en ten minste één plan.")
        return False
    if request.target.simulated:
        seconds = duration_of(request)
        if seconds is not None:
            st.html(
                f'<p class="vb-b-explains">Duurt {duration(seconds)} {tag(measured=False)}; '
                "het kost niets.</p>"
            )
        return True
    costs = cost_of(request, tokens)
    st.html(cost_html(costs, request.target.model))
    # Another price asks for another yes, and so does another measurement.
    price = hash((request.target.model, costs, st.session_state.get(STARTED, 0)))
    return st.checkbox("Ik ga akkoord met deze kosten", key=f"b-akkoord-{price}")
