"""The phases of a flow as a small Gantt, and below them the same calls in a row, as HTML."""

from __future__ import annotations

from typing import Final

from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_model import CallTiming, FlowTimings, Phase
from voorbeelden.screen.definition_texts import PHASES
from voorbeelden.screen.texts import TITLES, number, seconds

_AXES: Final = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Lengths of the time axis, in seconds: it jumps now and then instead of creeping all the time."""

_TITLES: Final = {kind.value: title for kind, title in TITLES.items()}


def timeline_html(snapshot: FlowSnapshot, *, refresh: float) -> str:
    """Three lanes, the same calls in a row, and the sums. ``refresh`` is when the next picture
    comes, in seconds."""
    timings = snapshot.state.timings(snapshot.elapsed)
    axis = _axis(max(snapshot.elapsed, timings.in_a_row))
    lanes = "".join(_lane(snapshot, timings, phase, axis, refresh) for phase in PHASES)
    return (
        f'<div class="vb-timeline vb-flow" style="--refresh:{refresh:.2f}s">'
        f'<ol class="vb-lanes" aria-label="Voortgang van de fasen">{lanes}</ol>'
        f"{_row(timings, axis)}"
        f'<div class="vb-axis" aria-hidden="true"><span>0</span><span>{seconds(axis / 2)}</span>'
        f"<span>{seconds(axis)}</span></div>{_sums(snapshot, timings)}</div>"
    )


def _lane(
    snapshot: FlowSnapshot, timings: FlowTimings, phase: Phase, axis: float, refresh: float
) -> str:
    css, word = _state(snapshot, phase)
    calls = [call for call in timings.calls if call.phase is phase]
    grows = refresh if css == "running" else 0.0
    bars = "".join(
        _bar(min(c.start for c in run), _end(run, timings), axis, grows, lost=run[0].discarded)
        for run in _runs(calls)
    )
    timing = timings.phase(phase)
    length = 0.0 if timing is None else (timing.end or timings.seconds) - timing.start
    time = "" if not calls else seconds(length)
    return (
        f'<li class="vb-lane vb-{css}"><span class="vb-lane-name">{PHASES[phase]}</span>'
        f'<span class="vb-track" aria-hidden="true">{bars}</span>'
        f'<span class="vb-lane-state">{word}</span><span class="vb-lane-time">{time}</span></li>'
    )


def _runs(calls: list[CallTiming]) -> list[list[CallTiming]]:
    """The calls of each run together, in order."""
    numbers = sorted({call.run for call in calls})
    return [[call for call in calls if call.run == number] for number in numbers]


def _end(calls: list[CallTiming], timings: FlowTimings) -> float:
    return max(timings.seconds if call.end is None else call.end for call in calls)


def _bar(start: float, end: float, axis: float, grows: float, *, lost: bool) -> str:
    style = (
        f"--start:{_share(start, axis)};--from:{_share(end - start, axis)};"
        f"--to:{_share(end - start + (0 if lost else grows), axis)}"
    )
    css = "vb-bar vb-lost" if lost else "vb-bar"
    return f'<span class="{css}" style="{style}"></span>'


def _state(snapshot: FlowSnapshot, phase: Phase) -> tuple[str, str]:
    """The lane's CSS class and its words."""
    state, examples = snapshot.state, snapshot.examples
    count = ""
    if phase is Phase.EXAMPLES and examples is not None:
        count = f" {examples.finished}/{len(examples.lanes)}"
    if phase in state.failures:
        return "failed", f"<b>mislukt</b>{count}"
    if state.running(phase) and snapshot.running:
        return "running", f"<b>bezig</b>{count}"
    if not state.ended(phase):
        if phase is Phase.DRAFT and snapshot.request.definitie:
            return "waiting", "eigen tekst"
        return ("waiting", "wacht") if snapshot.running else ("waiting", "overgeslagen")
    if snapshot.stopped and _cut_off(snapshot, phase):
        return "cancelled", f"<b>gestopt</b>{count}"
    if examples is not None and count and examples.finished < len(examples.lanes):
        return "partial", f"<b>deels</b>{count}"
    return "done", f"<b>klaar</b>{count}"


def _cut_off(snapshot: FlowSnapshot, phase: Phase) -> bool:
    """Whether a phase of a stopped flow ended without its result."""
    state, examples = snapshot.state, snapshot.examples
    if phase is Phase.DRAFT:
        return state.text is None
    if phase is Phase.VALIDATION:
        return state.judgements is None
    return examples is not None and examples.finished < len(examples.lanes)


def _row(timings: FlowTimings, axis: float) -> str:
    """The calls that count, each after the one before."""
    parts: list[str] = []
    at = 0.0
    for call in timings.calls:
        if call.discarded:
            continue
        length = (timings.seconds if call.end is None else call.end) - call.start
        name = _TITLES.get(call.name) or PHASES[call.phase]
        parts.append(
            f'<span class="vb-piece vb-of-{call.phase.value}" title="{name} {seconds(length)}" '
            f'style="--start:{_share(at, axis)};--from:{_share(length, axis)}"></span>'
        )
        at += length
    return (
        '<div class="vb-lane vb-row-lane"><span class="vb-lane-name">In een rij</span>'
        f'<span class="vb-track" aria-hidden="true">{"".join(parts)}</span>'
        '<span class="vb-lane-state">opgeteld</span>'
        f'<span class="vb-lane-time">{seconds(at)}</span></div>'
    )


def _sums(snapshot: FlowSnapshot, timings: FlowTimings) -> str:
    lanes = snapshot.examples.lanes if snapshot.examples else ()
    if any(lane.outcome and lane.outcome.cached_at is not None for lane in lanes):
        text = (
            "Er zijn bewaarde voorbeelden gebruikt; die tijden zeggen niets over de snelheid van "
            "het taalmodel."
        )
    elif not snapshot.running and timings.in_a_row <= snapshot.elapsed:
        text = (
            f"Zo gelopen: <b>{seconds(snapshot.elapsed)}</b>. Dezelfde aanroepen in een rij: "
            f"{seconds(timings.in_a_row)}, opgeteld en niet gemeten."
        )
    elif snapshot.running:
        text = (
            "De voorbeelden beginnen zodra de definitie er staat, naast de toets. “In een rij” is "
            "de som van dezelfde aanroepen, niet gemeten."
        )
    else:
        factor = number(timings.in_a_row / snapshot.elapsed)
        text = (
            f"Zo gelopen: <b>{seconds(snapshot.elapsed)}</b>, "
            f'<span class="vb-factor">{factor}× sneller</span> dan alles in een rij '
            f"({seconds(timings.in_a_row)}). Fasen na elkaar, met de voorbeelden tegelijk: "
            f"{seconds(timings.staged)}. Beide zijn sommen van dezelfde aanroepen, niet gemeten."
        )
    lost = snapshot.state.discarded.calls
    spent = (
        f" De tekst veranderde terwijl er al voorbeelden liepen; {lost} aanroepen waren voor niets."
        if lost
        else ""
    )
    return f'<p class="vb-sums-none">{text}{spent}</p>'


def _axis(longest: float) -> float:
    return next((axis for axis in _AXES if longest <= axis * 0.98), longest * 1.1)


def _share(value: float, whole: float) -> str:
    return f"{min(100.0, 100 * value / whole):.2f}%"
