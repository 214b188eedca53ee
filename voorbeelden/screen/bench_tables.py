"""Tables: the cost beforehand, the scaling run, and two runs next to each other, as HTML.

On a phone every row becomes a block: each cell carries its own heading for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from voorbeelden.benchmark.estimate import PlanCost
from voorbeelden.benchmark.model import BenchmarkRun
from voorbeelden.benchmark.statistics import median_speed_up, plan_figures, speed_ups
from voorbeelden.clock import moment
from voorbeelden.screen.bench_bars import SAME
from voorbeelden.screen.bench_texts import PLAN_TITLES, over_ideal, plural, tag, times
from voorbeelden.screen.texts import number, seconds, thousands


def table_html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells are HTML; the first one of a row is its heading."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f'<td data-label="{escape(heading)}">{cell}</td>'
            for heading, cell in zip(headings[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table class="vb-b-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def cost_html(costs: tuple[PlanCost, ...], name: str) -> str:
    """What a run at a provider will cost."""
    calls = sum(cost.calls for cost in costs)
    tokens = sum(cost.tokens.prompt + cost.tokens.completion for cost in costs)
    rows = [
        [
            PLAN_TITLES[cost.mode],
            str(cost.generations),
            str(cost.calls),
            thousands(cost.tokens.prompt),
            thousands(cost.tokens.completion),
        ]
        for cost in costs
    ]
    headings = ("Plan", "Generaties", "Aanroepen", "Tokens in", "Tokens uit")
    return (
        f'<div class="vb-b-cost" role="note"><p><b>Dit kost echte aanroepen.</b> '
        f"{thousands(calls)} aanroepen naar {escape(name)}, samen ongeveer {thousands(tokens)} "
        f"tokens {tag(measured=False)}. Herhaalde pogingen komen daar nog bij.</p>"
        f"{table_html(headings, rows)}</div>"
    )


def limits_html(run: BenchmarkRun) -> str:
    """The speed-ups in figures: medians over the repetitions, next to both limits."""
    rows = []
    for mode in run.request.modes:
        one = median_speed_up(run, mode)
        if one is None or not one.measured:
            continue
        each = [two.factor for two in speed_ups(run) if two.mode is mode]
        rows.append(
            [
                PLAN_TITLES[mode],
                f"<b>{times(one.factor)}</b>",
                f"{times(min(each))}–{times(max(each))}" if len(each) > 1 else "één herhaling",
                times(one.uneven_limit),
                number(one.equal_limit, 0),
            ]
        )
    headings = (
        "Plan",
        "Versnelling",
        "Laagste–hoogste",
        "Som ÷ traagste",
        "Aantal aanroepen na elkaar",
    )
    return table_html(headings, rows)


def scaling_html(run: BenchmarkRun) -> str:
    """The points of the scaling run in figures; the chart stands above it."""
    rows = [
        [
            plural(point.generations, "generatie", "generaties"),
            thousands(point.requests),
            seconds(point.seconds),
            seconds(point.ideal),
            over_ideal(point),
            str(point.failed),
        ]
        for point in run.scaling
    ]
    headings = ("Tegelijk", "Aanroepen", "Duur", "Ideaal", "Duur ÷ ideaal", "Mislukt")
    return table_html(headings, rows)


def comparison_html(now: BenchmarkRun, then: BenchmarkRun) -> str:
    """The medians of both runs for the plans that both have."""
    before = {one.mode: one for one in plan_figures(then)}
    rows = []
    for one in plan_figures(now):
        other = before.get(one.mode)
        if other is None or one.seconds is None or other.seconds is None:
            continue
        rows.append(
            [
                PLAN_TITLES[one.mode],
                seconds(one.seconds.median),
                seconds(other.seconds.median),
                _difference(one.seconds.median, other.seconds.median),
                f"{thousands(one.tokens)} / {thousands(other.tokens)}",
                f"{number(one.requests, 0)} / {number(other.requests, 0)}",
            ]
        )
    if not rows:
        return '<p class="vb-b-explains">Deze twee metingen hebben geen plan gemeen.</p>'
    headings = ("Plan", "Nu", "Toen", "Verschil", "Tokens nu / toen", "Aanroepen nu / toen")
    warning = ""
    if now.request.target != then.request.target:
        warning = (
            '<p class="vb-b-warning">De omstandigheden verschillen: nu '
            f"{escape(now.request.target.name)}, toen {escape(then.request.target.name)}. "
            "De tijden zeggen dan meer over het profiel dan over het plan.</p>"
        )
    return f"{warning}{table_html(headings, rows)}"


def _difference(now: float, then: float) -> str:
    share = (now - then) / then if then > 0 else 0.0
    if abs(share) < SAME:
        return "gelijk"
    word = "langer" if share > 0 else "korter"
    return f"{number(abs(share) * 100, 0)} % {word}"


def conditions_html(run: BenchmarkRun) -> str:
    """The heading of a run: begrip, where, when, how many."""
    request = run.request
    whole = sum(one.whole for one in run.repetitions)
    facts = [moment(run.made_at), escape(request.target.name)]
    if run.repetitions:
        facts.append(f"{whole} van {len(run.repetitions)} herhalingen geslaagd")
    if run.stopped:
        facts.append("<b>voortijdig gestopt</b>")
    return (
        f'<div class="vb-heading"><h2>Meting met ‘{escape(request.subject.begrip)}’</h2>'
        f'<p role="status">{" · ".join(facts)}</p></div>'
    )
