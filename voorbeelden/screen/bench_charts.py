"""The two charts with an axis on both sides: speed-up per repetition, and many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from voorbeelden.benchmark.model import BenchmarkRun, Mode
from voorbeelden.benchmark.statistics import SpeedUp, speed_ups
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.model import GenerationMode
from voorbeelden.screen.bench_texts import PLAN_TITLES, over_ideal, times
from voorbeelden.screen.texts import seconds

COLOURS: Final[Mapping[str, Mapping[Mode, str]]] = {
    "light": {
        GenerationMode.SEQUENTIAL: "#8b9499",
        GenerationMode.ASYNC: "#0f5f66",
        GenerationMode.SPLIT: "#c2571a",
        GenerationMode.COMBINED: "#7b6b9e",
        FlowOrder.IN_A_ROW: "#8b9499",
        FlowOrder.STAGED: "#7b6b9e",
        FlowOrder.BESIDE: "#0f5f66",
    },
    "dark": {
        GenerationMode.SEQUENTIAL: "#87929a",
        GenerationMode.ASYNC: "#5cc4c4",
        GenerationMode.SPLIT: "#f0a35e",
        GenerationMode.COMBINED: "#b3a4d6",
        FlowOrder.IN_A_ROW: "#87929a",
        FlowOrder.STAGED: "#b3a4d6",
        FlowOrder.BESIDE: "#5cc4c4",
    },
}
"""The same as ``--vb-plan-*`` in style.css, which a chart cannot read."""

INK: Final = {"light": "#1c2429", "dark": "#e8e6df"}
LINE: Final = {"light": "#ddd9cf", "dark": "#313b40"}
SOFT: Final = {"light": "#545d62", "dark": "#a9b3b7"}

_DECIMAL: Final = "replace(format(datum.value, '~g'), '.', ',')"

_EQUAL: Final = "als alle aanroepen even lang duren"
_UNEVEN: Final = "zoals ze hier duurden: som ÷ traagste"


def speed_up_legend(run: BenchmarkRun) -> str:
    """What the dots and strokes are, as HTML: it wraps on a phone, where a chart's own does not."""
    modes = [mode for mode in run.request.modes if mode is not GenerationMode.SEQUENTIAL]
    dots = "".join(
        f'<span style="--plan:var(--vb-plan-{mode.value})"><i class="vb-b-{_SHAPES[mode]}"></i>'
        f"{PLAN_TITLES[mode]}</span>"
        for mode in modes
    )
    return (
        f'<p class="vb-b-legend">{dots}<span><i class="vb-b-dash"></i>grens {_EQUAL}</span>'
        f'<span><i class="vb-b-stroke"></i>grens {_UNEVEN}</span></p>'
    )


def scaling_legend(run: BenchmarkRun) -> str:
    mode = run.request.scale_mode
    return (
        f'<p class="vb-b-legend"><span style="--plan:var(--vb-plan-{mode.value})">'
        f'<i class="vb-b-line"></i>{PLAN_TITLES[mode]}</span>'
        '<span><i class="vb-b-dash"></i>ideaal: de traagste aanroep</span></p>'
    )


_SHAPES: Final[Mapping[Mode, str]] = {
    GenerationMode.SEQUENTIAL: "circle",
    GenerationMode.ASYNC: "circle",
    GenerationMode.SPLIT: "diamond",
    GenerationMode.COMBINED: "square",
}


def speed_up_chart(run: BenchmarkRun, theme: str) -> alt.LayerChart | None:
    """A dot for each repetition of each plan, and both limits; ``None`` when nothing really ran
    in a row to compare with."""
    found = [one for one in speed_ups(run) if one.measured]
    if not found:
        return None
    modes = [mode for mode in run.request.modes if any(one.mode is mode for one in found)]
    titles = [PLAN_TITLES[mode] for mode in modes]
    top = max(1.5, *(max(one.factor, one.equal_limit) for one in found)) * 1.08
    upright = alt.Axis(labelAngle=0)
    x = alt.X("herhaling:O", title="Herhaling", axis=upright)
    y = alt.Y(
        "keer:Q",
        title="Keer zo snel als na elkaar",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(labelExpr=_DECIMAL, tickMinStep=1),
    )
    limits = _chart(_limits(found))
    offset = alt.XOffset("plan:N", scale=alt.Scale(domain=titles, paddingOuter=0.7))
    ranges = {
        "color": [COLOURS[theme][mode] for mode in modes],
        "shape": [_SHAPES[mode] for mode in modes],
    }
    layers = [
        limits.transform_filter(f"datum.grens == '{_EQUAL}'")
        .mark_rule(strokeWidth=1.5, strokeDash=[5, 4], color=SOFT[theme])
        .encode(y=y),
        limits.transform_filter(f"datum.grens == '{_UNEVEN}'")
        .mark_rule(strokeWidth=2.5, color=INK[theme])
        .encode(
            # Under all plans of its repetition: a tick would stand beside the first of them.
            x=alt.X("herhaling:O", title="Herhaling", axis=upright, bandPosition=0.1),
            x2=alt.X2("herhaling", bandPosition=0.9),
            y=y,
            tooltip=alt.Tooltip("tekst:N", title="Grens"),
        ),
        _chart(_dots(found))
        .mark_point(size=120, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            xOffset=offset,
            color=alt.Color(
                "plan:N", scale=alt.Scale(domain=titles, range=ranges["color"]), legend=None
            ),
            shape=alt.Shape(
                "plan:N", scale=alt.Scale(domain=titles, range=ranges["shape"]), legend=None
            ),
            tooltip=alt.Tooltip("tekst:N", title="Gemeten"),
        ),
    ]
    return _dressed(alt.LayerChart(layer=layers), theme)


def _dots(found: list[SpeedUp]) -> list[dict[str, Any]]:
    return [
        {
            "herhaling": one.number,
            "keer": one.factor,
            "plan": PLAN_TITLES[one.mode],
            "tekst": f"{PLAN_TITLES[one.mode]}: {times(one.factor)}",
        }
        for one in found
    ]


def _limits(found: list[SpeedUp]) -> list[dict[str, Any]]:
    """One of each kind a repetition."""
    rows = []
    for one in {one.number: one for one in found}.values():
        for name, value in ((_EQUAL, one.equal_limit), (_UNEVEN, one.uneven_limit)):
            text = f"{name}: {times(value)}"
            rows.append({"herhaling": one.number, "keer": value, "grens": name, "tekst": text})
    return rows


def scaling_chart(run: BenchmarkRun, theme: str) -> alt.LayerChart | None:
    """Seconds against generations at once, with the ideal beside them."""
    whole = [point for point in run.scaling if point.over_ideal is not None]
    if not whole:
        return None
    rows = [
        {
            "generaties": point.generations,
            "seconden": point.seconds,
            "ideaal": point.ideal,
            "label": seconds(point.seconds),
            "tekst": f"{seconds(point.seconds)}, {over_ideal(point, ' keer ideaal')} "
            f"({seconds(point.ideal)})",
        }
        for point in whole
    ]
    colour = COLOURS[theme][run.request.scale_mode]
    x = alt.X("generaties:O", title="Generaties tegelijk", axis=alt.Axis(labelAngle=0))
    axis = alt.Axis(labelExpr=_DECIMAL)
    most = max(max(point.seconds, point.ideal) for point in whole)
    scale = alt.Scale(domain=[0, most * 1.15 or 1.0], nice=True)
    y = alt.Y("seconden:Q", title="Seconden tot alles klaar is", scale=scale, axis=axis)
    told = alt.Tooltip("tekst:N", title="Gemeten")
    chart = _chart(rows)
    layers = [
        chart.mark_line(strokeWidth=1.5, strokeDash=[5, 4], color=SOFT[theme]).encode(
            x=x, y=alt.Y("ideaal:Q", scale=scale)
        ),
        chart.mark_line(strokeWidth=2.5, color=colour).encode(x=x, y=y),
        chart.mark_point(filled=True, size=70, opacity=1, color=colour).encode(
            x=x, y=y, tooltip=told
        ),
        chart.mark_text(dy=-13, fontSize=12, color=INK[theme]).encode(x=x, y=y, text="label:N"),
    ]
    return _dressed(alt.LayerChart(layer=layers), theme)


def _chart(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _dressed(chart: alt.LayerChart, theme: str) -> alt.LayerChart:
    """Our colours on Streamlit's theme: soft axes, no frame, the card's own background."""
    dressed: alt.LayerChart = (
        chart.properties(height=300, background="transparent")
        .configure_axis(
            labelColor=SOFT[theme],
            titleColor=SOFT[theme],
            gridColor=LINE[theme],
            domainColor=LINE[theme],
            tickColor=LINE[theme],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_view(stroke=None)
    )
    return dressed
