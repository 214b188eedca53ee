"""The live timeline: one lane a type, and the total against the same calls in a row, as HTML."""

from __future__ import annotations

import math
from html import escape
from typing import Final

from voorbeelden.jobs import JobSnapshot, Lane
from voorbeelden.model import ExampleType, GenerationMode, OutcomeState
from voorbeelden.screen.texts import MODES, TITLES, number, seconds

_AXES: Final = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Lengths of the time axis, in seconds: it jumps now and then instead of creeping all the time."""

_STATES: Final = {
    OutcomeState.DONE: ("done", "klaar"),
    OutcomeState.PARTIAL: ("partial", "deels"),
    OutcomeState.FAILED: ("failed", "mislukt"),
    OutcomeState.CANCELLED: ("cancelled", "gestopt"),
}


def lane_state(lane: Lane) -> tuple[str, str]:
    """The lane's CSS class and its Dutch word."""
    if lane.outcome is not None:
        css, word = _STATES[lane.outcome.state]
        return css, "bewaard" if lane.outcome.cached_at is not None else word
    return ("waiting", "wacht") if lane.started is None else ("running", "bezig")


def timeline_html(snapshot: JobSnapshot, *, refresh: float) -> str:
    """Six lanes and two sums. ``refresh`` is when the next picture comes, in seconds: a running
    bar grows towards where it will be then, so the eye sees no steps."""
    axis = _axis(snapshot.elapsed)
    lanes = "".join(_lane(lane, snapshot, axis, refresh) for lane in snapshot.lanes)
    return (
        f'<div class="vb-timeline" style="--refresh:{refresh:.2f}s">'
        f'<ol class="vb-lanes" aria-label="Voortgang van de zes soorten">{lanes}</ol>'
        f'<div class="vb-axis" aria-hidden="true"><span>0</span><span>{seconds(axis / 2)}</span>'
        f"<span>{seconds(axis)}</span></div>{_sums(snapshot)}</div>"
    )


def _lane(lane: Lane, snapshot: JobSnapshot, axis: float, refresh: float) -> str:
    css, word = lane_state(lane)
    start = lane.started or 0.0
    length = lane.seconds(snapshot.taken_at)
    growth = refresh if css == "running" else 0.0
    style = (
        f"--start:{_share(start, axis)};--from:{_share(length, axis)};"
        f"--to:{_share(length + growth, axis)}"
    )
    word = _retry_words(lane, snapshot.taken_at) or word
    count = f"{len(lane.items)}/{lane.wanted}"
    time = "" if lane.started is None else seconds(length)
    again = ' <span class="vb-again">opnieuw</span>' if lane.rerun else ""
    return (
        f'<li class="vb-lane vb-{css}"><span class="vb-lane-name">{TITLES[lane.kind]}{again}</span>'
        f'<span class="vb-track" aria-hidden="true"><span class="vb-bar" style="{style}"></span>'
        f'</span><span class="vb-lane-state"><b>{word}</b> {count}</span>'
        f'<span class="vb-lane-time">{time}</span></li>'
    )


def _retry_words(lane: Lane, now: float) -> str | None:
    """What a lane that had to wait or try again is doing."""
    if lane.outcome is not None:
        return None
    if (wait := lane.wait_left(now)) >= 0.5:
        return f"wacht {math.ceil(wait)}\N{NO-BREAK SPACE}s"
    if lane.retrying is not None:
        return f"poging {lane.retrying.attempt} van {lane.retrying.most}"
    return None


def _sums(snapshot: JobSnapshot) -> str:
    if len(snapshot.lanes) < len(ExampleType):
        return ""
    if any(lane.outcome and lane.outcome.cached_at is not None for lane in snapshot.lanes):
        return (
            '<p class="vb-sums-none">Er zijn bewaarde antwoorden gebruikt; die tijden zeggen niets '
            "over de snelheid van het taalmodel.</p>"
        )
    if snapshot.mode is not GenerationMode.ASYNC:
        # The lanes are not calls of their own here: their sum is not what six in a row would take.
        return (
            f'<p class="vb-sums-none">Werkwijze {MODES.get(snapshot.mode, snapshot.mode).lower()}: '
            f" {seconds(snapshot.elapsed)}. De pagina Benchmark vergelijkt de "
            "werkwijzen.</p>"
        )
    whole = snapshot.finished == len(snapshot.lanes)
    if not snapshot.running and not whole:
        # The sum would count calls that were cut off, and praise the time that a failure took.
        return (
            '<p class="vb-sums-none">Niet alle soorten zijn klaar: deze tijd is niet te '
            "vergelijken met zes na elkaar.</p>"
        )
    together, in_a_row = snapshot.elapsed, snapshot.in_a_row
    longest = max(together, in_a_row, 0.001)
    factor = ""
    if whole and in_a_row > together > 0:
        factor = f' <span class="vb-factor">{number(in_a_row / together)}× sneller</span>'
    return (
        '<dl class="vb-sums">'
        f"<div><dt>Tegelijk, zoals nu{factor}</dt><dd>{_sum_bar(together, longest, 'together')}"
        f"<b>{seconds(together)}</b></dd></div>"
        "<div><dt>Zes na elkaar zou duren "
        '<span class="vb-hint">(de som van de zes, niet gemeten)</span></dt>'
        f"<dd>{_sum_bar(in_a_row, longest, 'row')}<b>{seconds(in_a_row)}</b></dd></div></dl>"
    )


def _sum_bar(value: float, longest: float, css: str) -> str:
    return (
        '<span class="vb-sumtrack" aria-hidden="true">'
        f'<span class="vb-sumbar vb-{css}" style="width:{_share(value, longest)}"></span></span>'
    )


def _axis(elapsed: float) -> float:
    return next((axis for axis in _AXES if elapsed <= axis * 0.98), elapsed * 1.1)


def _share(value: float, whole: float) -> str:
    return f"{min(100.0, 100 * value / whole):.2f}%"


def heading_html(snapshot: JobSnapshot) -> str:
    """The begrip, and in one sentence how far its examples are."""
    if snapshot.running and all(lane.started is None for lane in snapshot.lanes):
        sentence = "De verbinding met het taalmodel wordt gemaakt."
    elif snapshot.running:
        sentence = f"Bezig: {snapshot.finished} van de {len(snapshot.lanes)} soorten klaar."
    else:
        sentence = closing_sentence(snapshot)
    return (
        f'<div class="vb-heading"><h2>{escape(snapshot.subject.begrip)}</h2>'
        f'<p role="status">{sentence}</p></div>'
    )


def closing_sentence(snapshot: JobSnapshot) -> str:
    """What became of the whole generation, naming what is not whole."""
    states = [lane.outcome.state for lane in snapshot.lanes if lane.outcome]
    total = len(snapshot.lanes)
    done = states.count(OutcomeState.DONE)
    if total == 1 and done == 1:
        return f"{TITLES[snapshot.lanes[0].kind]}: klaar in {seconds(snapshot.elapsed)}."
    if done == total:
        return f"Alle {total} soorten zijn klaar in {seconds(snapshot.elapsed)}."
    if OutcomeState.CANCELLED in states:
        kept = sum(bool(lane.items) for lane in snapshot.lanes)
        return f"Gestopt. Van {kept} van de {total} soorten is bewaard wat er al was."
    if not any(lane.items for lane in snapshot.lanes):
        return "Er is niets gelukt. Uw tekst staat er nog; de reden staat in elk tabblad."
    names = [
        TITLES[lane.kind].lower()
        for lane in snapshot.lanes
        if lane.outcome and lane.outcome.state is not OutcomeState.DONE
    ]
    listed = " en ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    verb = "is" if done == 1 else "zijn"
    return f"{done} van de {total} soorten {verb} klaar. Niet compleet: {listed}."
