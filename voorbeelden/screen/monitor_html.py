"""The monitor page as HTML: numbers and enumerations only, nothing that anybody typed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from voorbeelden.ai.breaker import BreakerState
from voorbeelden.ai.retry import BUDGET
from voorbeelden.ai.road import RoadState
from voorbeelden.clock import local
from voorbeelden.model import GenerationMode, OutcomeState
from voorbeelden.monitor import Level, Overview, TypeRow, Verdict
from voorbeelden.recent import KEPT, GenerationSummary, TypeSummary
from voorbeelden.screen.texts import TITLES, number, seconds, thousands

_MARKS: Final = {Level.GOOD: "✓", Level.WARNING: "!", Level.BAD: "✕"}

_STATES: Final = {
    OutcomeState.DONE: ("whole", "compleet"),
    OutcomeState.PARTIAL: ("partial", "deels"),
    OutcomeState.FAILED: ("failed", "mislukt"),
    OutcomeState.CANCELLED: ("stopped", "gestopt"),
}

_MODES: Final = {
    GenerationMode.ASYNC: "Standaard",
    GenerationMode.SPLIT: "Snelst",
    GenerationMode.COMBINED: "Zuinig",
    GenerationMode.SEQUENTIAL: "Na elkaar",
}

_BREAKER: Final = {
    BreakerState.CLOSED: "laat alles door",
    BreakerState.HALF_OPEN: "één aanvraag op proef",
    BreakerState.OPEN: "houdt alles tegen",
}

SHOWN: Final = 20
"""Generations in the list; the strip above it shows three times as many."""


def verdict_html(verdict: Verdict) -> str:
    """What is wrong now, first on the page and told to a screen reader when it changes."""
    return (
        f'<p class="vb-verdict vb-verdict-{verdict.level.value}" role="status">'
        f'<span aria-hidden="true">{_MARKS[verdict.level]}</span>{escape(verdict.sentence)}</p>'
    )


def tiles_html(seen: Overview) -> str:
    hits = f"{seen.cache_hits} van {seen.cache_lookups}" if seen.cache_lookups else "–"
    spent = seen.spent.prompt + seen.spent.completion
    tiles = (
        ("Generaties", thousands(seen.generations), f"sinds de start, hoogstens de laatste {KEPT}"),
        ("Soorten compleet", _percent(seen.success), "zonder wat een gebruiker zelf stopte"),
        ("De helft klaar binnen", _time(seen.p50), "p50 van een hele generatie"),
        ("19 van de 20 binnen", _time(seen.p95), "p95 van een hele generatie"),
        ("Sneller dan na elkaar", _times(seen.speedup), "geschat uit de som van de soorten"),
        (
            "Tokens sinds de start",
            thousands(spent),
            f"waarvan {thousands(seen.spent.completion)} antwoord; ook voor definities",
        ),
        ("Hergebruikt", hits, "aanroepen met een bewaard antwoord"),
    )
    cells = "".join(
        f"<div><dt>{name}</dt><dd><b>{value}</b><span>{note}</span></dd></div>"
        for name, value, note in tiles
    )
    return f'<dl class="vb-tiles">{cells}</dl>'


def types_html(seen: Overview) -> str:
    """A row a type: how many came whole, and how long they took."""
    rows = "".join(_type(row) for row in seen.rows)
    return (
        '<section class="vb-panel"><h2>Per soort</h2><div class="vb-scroll" tabindex="0" '
        'role="group" aria-label="Tabel per soort"><table class="vb-table">'
        '<thead><tr><th scope="col">Soort</th><th scope="col">Compleet</th>'
        '<th scope="col">Deels</th><th scope="col">Mislukt</th><th scope="col">Eerste item</th>'
        '<th scope="col">p50</th><th scope="col">p95</th><th scope="col">Aanroepen</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _type(row: TypeRow) -> str:
    share = 100 * row.whole / row.asked if row.asked else 0.0
    bar = f'<span class="vb-share" aria-hidden="true"><i style="width:{share:.1f}%"></i></span>'
    whole = f"{row.whole}/{row.asked}" if row.asked else "–"
    cells = "".join(
        f"<td>{cell}</td>"
        for cell in (
            f"{bar}{whole}",
            _flagged(row.partial, "partial"),
            _flagged(row.failed, "failed"),
            _time(row.first_item),
            _time(row.p50),
            _time(row.p95),
            thousands(row.attempts),
        )
    )
    return f'<tr><th scope="row">{TITLES[row.kind]}</th>{cells}</tr>'


def _flagged(count: int, css: str) -> str:
    return f'<b class="vb-is-{css}">{count}</b>' if count else "0"


def road_html(road: RoadState | None) -> str:
    """Breaker, limiter and retry budget, as they are now."""
    if road is None:
        facts: tuple[tuple[str, str], ...] = (("Taalmodel", "wordt geopend"),)
    else:
        gate = road.gate
        breaker = _BREAKER[road.breaker]
        if road.breaker is BreakerState.OPEN:
            breaker += f", nog {seconds(road.breaker_opens_in)}"
        facts = (
            ("Stroomonderbreker", breaker),
            ("Onderweg", thousands(gate.in_flight)),
            ("In de rij", thousands(gate.waiting)),
            ("Pauze", seconds(gate.paused) if gate.paused else "geen"),
            ("Aanvragen per minuut", _limit(gate.requests_per_minute)),
            ("Tokens per minuut", _limit(gate.tokens_per_minute)),
            ("Budget voor nieuwe pogingen", f"{thousands(road.quota_left)} van {BUDGET}"),
        )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return (
        '<section class="vb-panel"><h2>De weg naar het taalmodel</h2>'
        f'<dl class="vb-facts">{rows}</dl></section>'
    )


def last_html(last: Sequence[GenerationSummary]) -> str:
    """The last generations, newest first, under a strip of their durations."""
    if not last:
        return (
            '<section class="vb-panel"><h2>Laatste generaties</h2><p class="vb-empty">Nog geen '
            "generaties sinds de start. Wat hier komt, bevat tijden en uitkomsten, geen teksten."
            "</p></section>"
        )
    rows = "".join(_generation(one) for one in reversed(last[-SHOWN:]))
    return (
        f'<section class="vb-panel"><h2>Laatste generaties</h2>{_strip(last[-3 * SHOWN :])}'
        '<div class="vb-scroll" tabindex="0" role="group" aria-label="Tabel van generaties">'
        '<table class="vb-table"><thead><tr><th scope="col">Klaar om</th>'
        '<th scope="col" class="vb-left">Uitkomst per soort</th><th scope="col">Werkwijze</th>'
        '<th scope="col">Duur</th><th scope="col">Aanroepen</th><th scope="col">Tokens</th>'
        f'<th scope="col">Taak</th></tr></thead><tbody>{rows}</tbody></table></div>{_LEGEND}'
        "</section>"
    )


def _strip(last: Sequence[GenerationSummary]) -> str:
    longest = max(max(one.seconds for one in last), 0.001)
    bars = "".join(_bar(one, longest) for one in last)
    return (
        f'<div class="vb-strip-chart" role="img" aria-label="Duur van de laatste {len(last)} '
        f'generaties; de langste {seconds(longest)}"><div>{bars}</div>'
        f"<span>{seconds(longest)}</span></div>"
    )


def _bar(one: GenerationSummary, longest: float) -> str:
    height = max(4.0, 100 * one.seconds / longest)
    return f'<i class="vb-is-{_result(one)}" style="height:{height:.0f}%"></i>'


def _result(one: GenerationSummary) -> str:
    if one.cancelled:
        return "stopped"
    if one.catastrophic:
        return "failed"
    return "whole" if one.whole == len(one.types) else "partial"


def _generation(one: GenerationSummary) -> str:
    moment = f"{local(one.ended_at):%H:%M:%S}"
    tokens = one.tokens.prompt + one.tokens.completion
    cells = (
        f'<span class="vb-dots">{"".join(map(_dot, one.types))}</span>',
        _MODES[one.mode],
        seconds(one.seconds),
        thousands(sum(kind.attempts for kind in one.types)),
        thousands(tokens),
        f"<code>{escape(one.job_id[:8]) or '–'}</code>",
    )
    return f'<tr><th scope="row">{moment}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _dot(one: TypeSummary) -> str:
    css, word = _STATES[one.state]
    word = "bewaard" if one.cached else word
    name = f"{TITLES[one.kind]}: {word}"
    return f'<i class="vb-is-{css}" role="img" aria-label="{name}" title="{name}"></i>'


_LEGEND: Final = (
    '<p class="vb-legend" aria-hidden="true">'
    + "".join(f'<span><i class="vb-is-{css}"></i>{word}</span>' for css, word in _STATES.values())
    + "</p>"
)


def _time(value: float | None) -> str:
    return "–" if value is None else seconds(value)


def _times(value: float | None) -> str:
    return "–" if value is None else f"{number(value)}×"


def _percent(value: float | None) -> str:
    if value is None:
        return "–"
    # 99,97 % is not everything: a whole hundred only when nothing was missing.
    shown = number(min(100 * value, 99.9) if value < 1 else 100.0, 0 if value == 1 else 1)
    return f"{shown}\N{NO-BREAK SPACE}%"


def _limit(value: int | None) -> str:
    return "geen bekend" if value is None else thousands(value)
