"""Every call of one repetition of every plan, on one time axis, as HTML."""

from __future__ import annotations

from html import escape
from typing import Final

from voorbeelden.benchmark.ideal import CALL_NAMES
from voorbeelden.benchmark.model import BenchmarkRun, Repetition
from voorbeelden.benchmark.statistics import typical
from voorbeelden.messages import FAILURE_NAMES
from voorbeelden.model import CallRecord
from voorbeelden.screen.bench_axis import Axis, axis_for, axis_html
from voorbeelden.screen.bench_texts import PLAN_TITLES, plural, tag
from voorbeelden.screen.texts import seconds

_PHASES: Final = " De eerste twee balken zijn het opstellen en de toets van de definitie."

_PHASE_OF: Final = {name: phase.value for phase, name in CALL_NAMES.items()}


def gantt_html(run: BenchmarkRun) -> str:
    """A block a plan: of each, the repetition nearest its median. Empty without repetitions."""
    shown = [one for mode in run.request.modes if (one := typical(run, mode)) is not None]
    if not shown:
        return ""
    axis = axis_for(max(one.seconds for one in shown))
    plans = "".join(_plan(one, axis) for one in shown)
    return (
        f'<section class="vb-b-card" data-chart="gantt"><h3>Elke aanroep op de klok '
        f"{tag(measured=True)}</h3>"
        '<p class="vb-b-explains">Van elk plan de herhaling die het dichtst bij de mediaan ligt, '
        "alle op dezelfde tijdas. Het streepje in een balk is het eerste complete voorbeeld."
        f"{_PHASES if run.request.flow else ''}</p>"
        f'<div class="vb-b-gantt">{plans}{axis_html(axis, seconds)}</div></section>'
    )


def _plan(one: Repetition, axis: Axis) -> str:
    lanes = "".join(_lane(call, axis) for call in one.calls)
    broken = "" if one.whole else ' <span class="vb-b-broken">niet compleet</span>'
    return (
        f'<div class="vb-b-plan" data-plan="{one.mode.value}" '
        f'style="--plan:var(--vb-plan-{one.mode.value})">'
        f"<h4>{PLAN_TITLES[one.mode]} <span>{seconds(one.seconds)}, herhaling {one.number}, "
        f"{plural(one.requests, 'aanroep', 'aanroepen')}</span>{broken}</h4>"
        f'<ol class="vb-b-lanes">{lanes}</ol></div>'
    )


def _lane(call: CallRecord, axis: Axis) -> str:
    length = call.end - call.start
    first = ""
    if call.first_item is not None:
        first = f'<span class="vb-b-first" style="left:{axis.percent(call.first_item)}"></span>'
    remarks = []
    if call.failure is not None:
        remarks.append(f"mislukt: {FAILURE_NAMES[call.failure]}")
    if call.hedged:
        remarks.append("met kopie")
    elif call.attempts > 1:
        remarks.append(f"{call.attempts} verzoeken")
    note = f" <small>{escape(', '.join(remarks))}</small>" if remarks else ""
    phase = _PHASE_OF.get(call.name)
    css = f"vb-b-call vb-b-{phase}" if phase else "vb-b-call"
    if call.failure is not None:
        css = "vb-b-call vb-b-failed"
    style = f"left:{axis.percent(call.start)};width:{axis.percent(length)}"
    name = escape(call.name.capitalize())
    return (
        f'<li class="vb-b-lane" title="{name}: {seconds(call.start)} tot {seconds(call.end)}">'
        f'<span class="vb-b-lane-name">{name}{note}</span>'
        f'<span class="vb-b-track" aria-hidden="true"><span class="{css}" style="{style}"></span>'
        f'{first}</span><span class="vb-b-lane-time">{seconds(length)}</span></li>'
    )
