"""Kept items as HTML: text, review, note and quality marks; every text of them escaped."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Final

from voorbeelden.clock import moment
from voorbeelden.jobs import JobSnapshot, Lane
from voorbeelden.model import ExampleType, Item, OutcomeState, Subject
from voorbeelden.quality import Finding, Level, check_set
from voorbeelden.screen.items import tab_rule
from voorbeelden.screen.timeline import lane_state
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus

Findings = Mapping[str, tuple[Finding, ...]]
"""By the id of the item."""

STATUS_WORDS: Final[Mapping[ItemStatus, str]] = {
    ItemStatus.VOORSTEL: "te beoordelen",
    ItemStatus.GOEDGEKEURD: "goedgekeurd",
    ItemStatus.AFGEWEZEN: "afgewezen",
    ItemStatus.VERVANGEN: "vervangen",
}

LEVEL_WORDS: Final[Mapping[Level, str]] = {Level.HARD: "Fout", Level.HINT: "Let op"}


def findings_of(view: BegripView) -> Findings:
    """What the quality checks say of every visible item that is not rejected."""
    subject = view.begrip.subject
    context = tuple((key, tuple(values)) for key, values in subject.context.items())
    shown = tuple(
        (item.id, item.type, item.text, item.reden)
        for item in view.items
        if item.status is not ItemStatus.AFGEWEZEN
    )
    return _findings(subject.begrip, subject.definitie, context, shown)


@lru_cache(maxsize=128)
def _findings(
    begrip: str,
    definitie: str,
    context: tuple[tuple[str, tuple[str, ...]], ...],
    shown: tuple[tuple[str, ExampleType, str, str | None], ...],
) -> Findings:
    """Kept for as long as nothing changes: a page that polls asks twice a second."""
    ids: dict[ExampleType, list[str]] = {}
    texts: dict[ExampleType, list[Item]] = {}
    for item_id, kind, text, reden in shown:
        ids.setdefault(kind, []).append(item_id)
        texts.setdefault(kind, []).append(Item(text, reden))
    found: dict[str, list[Finding]] = {}
    for finding in check_set(Subject(begrip, definitie, dict(context)), texts):
        item_id = ids[finding.ref.example_type][finding.ref.index]
        found.setdefault(item_id, []).append(finding)
    return {item_id: tuple(those) for item_id, those in found.items()}


def remarks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that ask something of the editor; the others are information."""
    return tuple(one for one in findings if one.level is not Level.INFO)


def kept_html(item: ItemRecord, number: int, findings: Sequence[Finding]) -> str:
    """One item as it stands in the store; its buttons are the page's."""
    reden = (
        f'<span class="vb-reason"><b>Waarom niet:</b> {escape(item.reden)}</span>'
        if item.reden
        else ""
    )
    note = (
        f'<span class="vb-reason"><b>Opmerking:</b> {escape(item.note)}</span>' if item.note else ""
    )
    marks = "".join(
        f'<li class="vb-check vb-check-{one.level.value}"><b>{LEVEL_WORDS[one.level]}</b> '
        f"{escape(one.reason)}</li>"
        for one in remarks(findings)
    )
    told = "".join(f" · {escape(one.reason)}" for one in findings if one.level is Level.INFO)
    marks = f'<ul class="vb-marks">{marks}</ul>' if marks else ""
    copied = escape(str(Item(item.text, item.reden)))
    return (
        f'<div class="vb-items vb-kept" style="counter-reset:item {number - 1}">'
        f'<div class="vb-item vb-status-{item.status.value}" data-kind="{item.type.value}" '
        f'data-status="{item.status.value}"><span class="vb-text">{escape(item.text)}</span>'
        f'<button type="button" class="vb-copy" data-copy="{copied}">Kopieer</button>'
        f'{reden}{note}<span class="vb-state">{STATUS_WORDS[item.status]}{_origin(item)}{told}'
        f"</span>{marks}</div></div>"
    )


def cards_html(items: Mapping[int, ItemRecord], findings: Findings) -> str:
    """Items by their numbers as they look with their buttons, for which the room is kept."""
    cards = (kept_html(item, number, findings.get(item.id, ())) for number, item in items.items())
    return f'<div class="vb-cards">{"".join(cards)}</div>'


def _origin(item: ItemRecord) -> str:
    if item.generation_id is None:
        verb = "bewerkt" if item.previous_id else "toegevoegd"
        return f" · {verb} door {escape(item.author)}"
    return ""


def standing(view: BegripView, job_id: str, lane: Lane) -> tuple[ItemRecord, ...]:
    """The items of a type that ``view`` had before ``lane`` and that are still there beside it: a
    whole answer takes the place of those that nobody touched (``store.generations.save_types``).
    What a lane brought in its first run may be in the store before it says that it has ended."""
    first = not lane.rerun
    made = {one.id for one in view.generations if first and one.job_id == job_id}
    whole = lane.outcome is not None and lane.outcome.state is OutcomeState.DONE
    return tuple(
        item
        for item in view.of_type(lane.kind)
        if item.generation_id not in made and (item.protected or not whole)
    )


def standing_html(items: Sequence[ItemRecord], findings: Findings) -> str:
    """What stands already while its type is being made again."""
    if not items:
        return ""
    cards = cards_html(dict(enumerate(items, start=1)), findings)
    return f'<div class="vb-standing" role="group" aria-label="Al aanwezig">{cards}</div>'


def progress_html(view: BegripView | None) -> str:
    """How far the review is, in words and as a bar."""
    if view is None or not view.begrip.counts.total:
        return '<p class="vb-progress">Nog niets binnen<span aria-hidden="true"></span></p>'
    counts = view.begrip.counts
    share = 100 * counts.beoordeeld / counts.total
    return (
        f'<p class="vb-progress"><b>{counts.beoordeeld} van {counts.total} beoordeeld</b>'
        f'<span aria-hidden="true"><i style="width:{share:.1f}%"></i></span></p>'
    )


def kept_heading_html(view: BegripView) -> str:
    """The heading of a begrip of which nothing runs."""
    begrip = view.begrip
    made = moment(begrip.updated_at, " om ")
    return (
        f'<div class="vb-heading"><h2>{escape(begrip.begrip)}</h2>'
        f'<p role="status">Bewaard; laatst gewijzigd op {made}.</p></div>'
    )


def kept_states(
    snapshot: JobSnapshot | None,
    view: BegripView,
    key: str,
    unread: Container[ExampleType] = (),
) -> str:
    """As ``items.tab_states``, with the count of what is kept beside what is coming in.
    ``unread`` are the types that ended after ``view`` was read."""
    lanes = {lane.kind: lane for lane in snapshot.lanes} if snapshot else {}
    rules: list[str] = []
    for number, kind in enumerate(ExampleType, start=1):
        lane = lanes.get(kind)
        items, coming = view.of_type(kind), 0
        if snapshot and lane is not None and (lane.outcome is None or kind in unread):
            items, coming = standing(view, snapshot.job_id, lane), len(lane.items)
        rules.append(_state(lane, items, coming, number, key))
    return f"<style>{''.join(rules)}</style>"


def _state(
    lane: Lane | None, items: Sequence[ItemRecord], coming: int, number: int, key: str
) -> str:
    open_ = sum(item.status is ItemStatus.VOORSTEL for item in items)
    count = coming + sum(item.status is not ItemStatus.AFGEWEZEN for item in items)
    css, word = ("done", f"{open_} te beoordelen") if items else ("waiting", "nog niets")
    if lane is not None:
        css, word = lane_state(lane)
    return tab_rule(number, key, css, count, f"{count}, {word}")
