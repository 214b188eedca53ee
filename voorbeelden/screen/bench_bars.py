"""Bars of one figure for each plan: the median, the spread and every repetition, as HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from voorbeelden.benchmark.model import BenchmarkRun, Mode
from voorbeelden.benchmark.statistics import (
    IN_A_ROW,
    PlanFigures,
    Spread,
    median_speed_up,
    plan_figures,
)
from voorbeelden.screen.bench_axis import Axis, axis_for, axis_html
from voorbeelden.screen.bench_texts import PLAN_EXPLAINS, PLAN_TITLES, tag, times
from voorbeelden.screen.texts import number, seconds, thousands

ROW_WORDS: Final = {False: "na elkaar", True: "in een rij"}

SAME = 0.02
"""A difference smaller than this share is no difference worth a word."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: ``length`` on the axis, ``value`` as text, and what stands beside it."""

    mode: Mode
    length: float
    value: str
    aside: str = ""
    gain: str = ""
    spread: Spread | None = None
    dots: tuple[float, ...] = ()


def time_bars(run: BenchmarkRun) -> str:
    """Until everything is there; with what it saves against one after the other."""
    figures = plan_figures(run)
    base = next((one.seconds for one in figures if one.mode in IN_A_ROW), None)
    bars = []
    for one in figures:
        if one.seconds is None:
            bars.append(Bar(one.mode, 0.0, "–", "geen geslaagde herhaling"))
            continue
        spread = one.seconds
        dots = tuple(each.seconds for each in run.of(one.mode) if each.whole)
        bars.append(
            Bar(
                one.mode,
                spread.median,
                seconds(spread.median),
                range_text(spread),
                _gain(run, one, base),
                spread,
                dots,
            )
        )
    return _card(
        "Tijd tot alles klaar is",
        "Balk: mediaan. Streep: laagste tot hoogste. Stip: elke geslaagde herhaling.",
        tag(measured=True),
        bars,
        seconds,
        key="tijd",
    )


def _gain(run: BenchmarkRun, one: PlanFigures, base: Spread | None) -> str:
    factor = median_speed_up(run, one.mode)
    if base is None or one.seconds is None or factor is None or not factor.measured:
        return ""
    row = ROW_WORDS[run.request.flow]
    saved = base.median - one.seconds.median
    if abs(saved) < SAME * base.median:
        return f"even lang als {row}"
    if saved < 0:
        return f"{seconds(-saved)} langer dan {row}"
    return f"<b>{times(factor.factor)}</b> zo snel, {seconds(saved)} bespaard"


def first_bars(run: BenchmarkRun) -> str:
    """Until the first complete example can be read."""
    bars = [
        Bar(
            one.mode,
            one.first_item.median,
            seconds(one.first_item.median),
            range_text(one.first_item),
            spread=one.first_item,
            dots=tuple(
                each.first_item
                for each in run.of(one.mode)
                if each.whole and each.first_item is not None
            ),
        )
        for one in plan_figures(run)
        if one.first_item is not None
    ]
    explains = "Mediaan: zo lang kijkt een lezer naar een leeg scherm."
    return _card("Tot het eerste voorbeeld", explains, tag(measured=True), bars, seconds, "eerste")


def cost_bars(run: BenchmarkRun) -> str:
    """Tokens and calls of one generation."""
    figures = plan_figures(run)
    estimated = any(one.tokens_estimated for one in figures)
    bars = [
        Bar(
            one.mode,
            one.tokens,
            thousands(one.tokens),
            f"{thousands(one.prompt_tokens)} in, {thousands(one.completion_tokens)} uit",
            calls_text(one.requests),
        )
        for one in figures
    ]
    explains = (
        "De aanbieder meldde niet alles: wat ontbreekt, is geschat uit de lengte van de teksten."
        if estimated
        else "Zoals de server ze meldde. Elke aanroep stuurt de instructies opnieuw mee."
    )
    title = "Tokens en aanroepen per generatie"
    return _card(title, explains, tag(measured=not estimated), bars, thousands, "tokens")


def calls_text(count: float) -> str:
    digits = 0 if float(count).is_integer() else 1
    return f"{number(count, digits)} {'aanroep' if count == 1 else 'aanroepen'}"


def range_text(spread: Spread) -> str:
    """``8,8–9,0``, or nothing when there is one value."""
    if spread.count == 1:
        return "één herhaling"
    return f"{number(spread.low)}–{number(spread.high)}, IQR {number(spread.iqr, 2)}"


def _card(
    title: str,
    explains: str,
    origin: str,
    bars: Sequence[Bar],
    label: Callable[[float], str],
    key: str,
) -> str:
    if not bars:
        return ""
    highest = max(max((bar.length, *bar.dots)) for bar in bars)
    axis = axis_for(highest)
    rows = "".join(_row(bar, axis) for bar in bars)
    return (
        f'<section class="vb-b-card" data-chart="{key}"><h3>{title} {origin}</h3>'
        f'<p class="vb-b-explains">{explains}</p><ol class="vb-b-bars">{rows}</ol>'
        f"{axis_html(axis, label)}</section>"
    )


def _row(bar: Bar, axis: Axis) -> str:
    whiskers = ""
    if bar.spread is not None and bar.spread.count > 1:
        low, high = axis.place(bar.spread.low), axis.place(bar.spread.high)
        style = f"left:{100 * low:.2f}%;width:{100 * (high - low):.2f}%"
        whiskers = f'<span class="vb-b-whisker" style="{style}"></span>'
    dots = "".join(
        f'<span class="vb-b-dot" style="left:{axis.percent(dot)}"></span>' for dot in bar.dots
    )
    gain = f'<span class="vb-b-gain">{bar.gain}</span>' if bar.gain else ""
    return (
        f'<li class="vb-b-row" data-plan="{bar.mode.value}" '
        f'style="--plan:var(--vb-plan-{bar.mode.value})">'
        f'<span class="vb-b-name"><b>{PLAN_TITLES[bar.mode]}</b>'
        f"<small>{PLAN_EXPLAINS[bar.mode]}</small></span>"
        f'<span class="vb-b-track" aria-hidden="true">'
        f'<span class="vb-b-bar" style="width:{axis.percent(bar.length)}"></span>'
        f"{whiskers}{dots}</span>"
        f'<span class="vb-b-value"><b>{bar.value}</b><small>{bar.aside}</small></span>{gain}</li>'
    )
