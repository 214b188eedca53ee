"""A benchmark on its way, as HTML: where it is, how long to go, and what came out so far."""

from __future__ import annotations

from html import escape

from voorbeelden.benchmark.estimate import duration_of
from voorbeelden.benchmark.job import BenchmarkSnapshot
from voorbeelden.benchmark.model import StepStarted
from voorbeelden.screen.bench_texts import PLAN_TITLES, duration, plural, tag
from voorbeelden.screen.texts import seconds


def progress_html(snapshot: BenchmarkSnapshot) -> str:
    """The heading of a running benchmark and its two bars."""
    request = snapshot.run.request
    total = request.steps
    step = snapshot.step
    share = _share(snapshot, total)
    inner = 100 * snapshot.done / snapshot.wanted if snapshot.wanted else 0.0
    now = _doing(step) if step else "De verbinding wordt gemaakt"
    items = (
        f"{snapshot.done} van {snapshot.wanted} voorbeelden binnen, "
        f"{seconds(snapshot.step_seconds)}"
        if step and snapshot.wanted
        else seconds(snapshot.step_seconds)
        if step
        else ""
    )
    return (
        f'<div class="vb-heading"><h2>Meting met ‘{escape(request.subject.begrip)}’ loopt</h2>'
        f'<p role="status">{snapshot.complete} van {total} stappen klaar{_left(snapshot)}</p></div>'
        '<div class="vb-b-card vb-b-progress">'
        f'<div class="vb-b-total" role="progressbar" aria-valuemin="0" aria-valuemax="{total}" '
        f'aria-valuenow="{snapshot.complete}" aria-label="Voortgang van de meting">'
        f'<span style="width:{share:.2f}%"></span></div>'
        f"<p><b>{now}</b><span>{items}</span></p>"
        f'<div class="vb-b-step" aria-hidden="true"><span style="width:{inner:.2f}%"></span></div>'
        "</div>"
    )


def _share(snapshot: BenchmarkSnapshot, total: int) -> float:
    inner = snapshot.done / snapshot.wanted if snapshot.wanted else 0.0
    return 100 * min(1.0, (snapshot.complete + inner * (snapshot.step is not None)) / max(1, total))


def _doing(step: StepStarted) -> str:
    if step.generations:
        count = plural(step.generations, "generatie", "generaties")
        return f"Schaal: {count} tegelijk, {plural(step.calls, 'aanroep', 'aanroepen')}"
    return f"{PLAN_TITLES[step.mode]}, herhaling {step.number}"


def _left(snapshot: BenchmarkSnapshot) -> str:
    whole = duration_of(snapshot.run.request)
    if whole is None or snapshot.step is None:
        return ""
    left = whole - snapshot.run.seconds
    return f", nog {duration(max(0.0, left))} {tag(measured=False)}"
