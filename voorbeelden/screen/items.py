"""One tab's content as HTML: items as text, each with a copy button; model text only escaped."""

from __future__ import annotations

from html import escape
from typing import Final

from voorbeelden.clock import moment
from voorbeelden.jobs import JobSnapshot, Lane
from voorbeelden.model import ExampleType, Item, OutcomeState
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.texts import NONE_FOUND, PURPOSES, TITLES
from voorbeelden.screen.timeline import lane_state


def tab_labels() -> list[str]:
    """The labels as Streamlit knows them. They never change: it finds the tab that a reader
    opened by its label, and a count in it would throw the reader back to the first tab at every
    item. Count and state are added to the label by ``tab_states``."""
    return list(TITLES.values())


def tab_states(snapshot: JobSnapshot, key: str) -> str:
    """A style sheet that writes count and state behind each label of the tabs with ``key``,
    for eyes and (after the slash) for screen readers."""
    rules = (_tab_state(lane, number, key) for number, lane in enumerate(snapshot.lanes, start=1))
    return f"<style>{''.join(rules)}</style>"


def _tab_state(lane: Lane, number: int, key: str) -> str:
    css, word = lane_state(lane)
    count = len(lane.items)
    return tab_rule(number, key, css, count, f"{count} van {lane.wanted}, {word}")


def tab_rule(number: int, key: str, css: str, count: int, spoken: str) -> str:
    """One label's rule: ``count`` and the mark of state ``css`` to see, ``spoken`` to hear. A whole
    answer without items ("no synonyms") is no zero that is ticked."""
    mark, colour = _MARKS[css]
    shown = f"{count} {mark}"
    if not count and css == "done":
        shown, colour, spoken = "geen", "var(--vb-soft)", "geen"
    return (
        f'.st-key-{key} [role="tab"]:nth-of-type({number}) p::after'
        f'{{content:" {shown}" / ", {spoken}";color:{colour};}}'
    )


_MARKS: Final = {
    "waiting": ("·", "var(--vb-soft)"),
    "running": ("…", "var(--vb-accent)"),
    "done": ("✓", "var(--vb-good)"),
    "partial": ("!", "var(--vb-warn)"),
    "failed": ("✕", "var(--vb-bad)"),
    "cancelled": ("■", "var(--vb-soft)"),
}


def idle_html(kind: ExampleType) -> str:
    """The head of a tab of which nothing runs or ran."""
    return (
        f'<div class="vb-tab" data-kind="{kind.value}">'
        f'<p class="vb-purpose">{PURPOSES[kind]}</p></div>'
    )


def tab_html(
    snapshot: JobSnapshot,
    kind: ExampleType,
    *,
    standing: str = "",
    after: int = 0,
    listed: bool = True,
    becoming: bool = False,
) -> str:
    """Everything in a tab but its buttons.

    ``standing`` is HTML of what is there already: so many items, ``after`` which the others are
    numbered. Without ``listed`` the items themselves are left out, because the store shows them.
    ``becoming``: they look as they will once they are kept and have their buttons, so that no text
    moves when these come.
    """
    lane = snapshot.lane(kind)
    parts = [f'<p class="vb-purpose">{PURPOSES[kind]}</p>', _alert(lane), standing]
    if listed:
        parts.append(_list(lane, after, becoming=becoming))
    if lane.outcome is None:
        if lane.retrying is not None and lane.retrying.draft:
            parts.append(_draft(lane.retrying.draft))
        missing = lane.wanted - len(lane.items)
        parts.append('<div class="vb-skeleton" aria-hidden="true"></div>' * min(missing, 3))
    else:
        if lane.outcome.draft:
            parts.append(_draft(lane.outcome.draft))
        if lane.outcome.cached_at is not None:
            parts.append(f'<p class="vb-note">{_cached(lane.outcome.cached_at)}</p>')
        if not lane.items and lane.outcome.state is OutcomeState.DONE:
            parts.append(f'<p class="vb-empty">{NONE_FOUND.get(kind, "Geen voorbeelden.")}</p>')
        parts.extend(f'<p class="vb-note">{escape(note)}</p>' for note in lane.outcome.notes)
    css = "vb-tab vb-tab-open" if lane.outcome is None else "vb-tab"
    if becoming:
        css += " vb-becoming"
    return f'<div class="{css}" data-kind="{kind.value}">{"".join(parts)}</div>'


def _list(lane: Lane, after: int, *, becoming: bool) -> str:
    if not lane.items:
        return ""
    css = "vb-items vb-terms" if _are_terms(lane.kind) and not becoming else "vb-items"
    state = '<span class="vb-state">zojuist binnen</span>' if becoming else ""
    rows = "".join(_item(item, lane.kind, state) for item in lane.items)
    return f'<ol class="{css}" start="{after + 1}" style="counter-reset:item {after}">{rows}</ol>'


def _are_terms(kind: ExampleType) -> bool:
    return kind in (ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN)


def _item(item: Item, kind: ExampleType, state: str) -> str:
    reason = (
        f'<span class="vb-reason"><b>Waarom niet:</b> {escape(item.reden)}</span>'
        if item.reden
        else ""
    )
    return (
        f'<li class="vb-item" data-kind="{kind.value}">'
        f'<span class="vb-text">{escape(item.text)}</span>{reason}{state}'
        f'<button type="button" class="vb-copy" data-copy="{escape(str(item))}">Kopieer</button>'
        "</li>"
    )


def _alert(lane: Lane) -> str:
    outcome = lane.outcome
    if outcome is None or outcome.state is OutcomeState.DONE:
        return ""
    if outcome.state is OutcomeState.CANCELLED:
        kept = (
            f"{len(lane.items)} van {lane.wanted} bewaard." if lane.items else "Nog niets binnen."
        )
        return f'<p class="vb-alert vb-stopped" role="status"><b>Gestopt.</b> {kept}</p>'
    message = outcome.failure.message if outcome.failure else ""
    word = "Deels gelukt." if outcome.state is OutcomeState.PARTIAL else "Niet gelukt."
    return alert(message, word)


def _cached(made_at: float) -> str:
    made = moment(made_at, " om ")
    return f"Dit antwoord is bewaard van {made}. Kies Opnieuw voor een nieuw antwoord."


def _draft(draft: tuple[str, ...]) -> str:
    rows = "".join(f"<li>{escape(text)}</li>" for text in draft)
    return (
        '<div class="vb-draft"><b>Concept</b>: dit was al binnen toen het antwoord afbrak.'
        f"<ul>{rows}</ul></div>"
    )
