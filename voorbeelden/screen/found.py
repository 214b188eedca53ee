"""The history as HTML: what was found, versions, and two generations side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from voorbeelden.clock import moment
from voorbeelden.model import ExampleType
from voorbeelden.screen.texts import ACTION_WORDS, TITLES, amount
from voorbeelden.store.compare import Pair, Part
from voorbeelden.store.records import (
    ActionRecord,
    BegripRecord,
    DefinitionRecord,
    GenerationRecord,
    ItemRecord,
)


def found_html(begrip: BegripRecord) -> str:
    """One begrip of the list: what it is, its context, and how far its review is."""
    context = " · ".join(escape(value) for values in begrip.context.values() for value in values)
    counts = begrip.counts
    approved = f'<span class="vb-approved">{counts.goedgekeurd} goedgekeurd</span>'
    facts = " · ".join(
        [
            *([context] if context else []),
            f"{counts.beoordeeld} van {counts.total} beoordeeld",
            *([approved] if counts.goedgekeurd else []),
            f"gewijzigd {moment(begrip.updated_at)}",
        ]
    )
    return (
        f'<div class="vb-found"><h2>{escape(begrip.begrip)}</h2><p>{escape(begrip.definitie)}</p>'
        f"<small>{facts}</small></div>"
    )


def generation_label(one: GenerationRecord, place: int) -> str:
    """Names a generation in a list to choose from; plain text. ``place`` is 1 for the oldest."""
    kinds = "zes soorten" if len(one.types) == len(ExampleType) else _kinds(one)
    undone = " · ongedaan" if one.undone else ""
    return f"{place}. {moment(one.started_at)} · {one.model} · {kinds}{undone}"


def _kinds(one: GenerationRecord) -> str:
    return ", ".join(TITLES[ended.type].lower() for ended in one.types) or "niets klaar"


def old_version_html(item: ItemRecord) -> str:
    reden = f"<p>Waarom niet: {escape(item.reden)}</p>" if item.reden else ""
    return (
        f'<div class="vb-found"><p>{escape(item.text)}</p>{reden}<small>{TITLES[item.type]} · '
        f"{escape(item.author)} · {moment(item.created_at)}</small></div>"
    )


def definition_html(one: DefinitionRecord) -> str:
    """One version of what a begrip is about."""
    subject = one.subject
    context = " · ".join(escape(value) for values in subject.context.values() for value in values)
    facts = f"{escape(one.author)} · {moment(one.created_at)}"
    return (
        f'<div class="vb-found"><p><b>{one.number}. {escape(subject.begrip)}</b></p>'
        f"<p>{escape(subject.definitie)}</p><small>{context + ' · ' if context else ''}{facts}"
        "</small></div>"
    )


def log_html(actions: Iterable[ActionRecord]) -> str:
    """What was done to a begrip, newest first; what was taken back is struck out."""
    rows = "".join(
        f'<li><time>{moment(one.at)}</time><span class="{"vb-undone" if one.undone else ""}">'
        f"{_did(one)}</span></li>"
        for one in actions
    )
    return f'<ol class="vb-log">{rows}</ol>'


def _did(action: ActionRecord) -> str:
    items = len({change.item_id for change in action.changes if change.item_id})
    count = f" ({amount(items, 'voorbeeld', 'voorbeelden')})" if items else ""
    return f"{ACTION_WORDS[action.kind].capitalize()}{count} door {escape(action.author)}"


def compare_html(
    pairs: Mapping[ExampleType, tuple[Pair, ...]], left: str, right: str, *, only_changed: bool
) -> str:
    """Both sides in two columns; what the other side does not have is marked. Of a type that only
    one side made there is nothing to compare: it is named and left out."""
    rows: list[str] = []
    for kind, those in pairs.items():
        lone = {pair.left is None for pair in those} if not _in_both(those) else set()
        shown = [pair for pair in those if not (only_changed and pair.same)]
        if shown or lone:
            rows.append(f"<h3>{TITLES[kind]}</h3>")
        if lone:
            side = "rechts" if lone == {True} else "links"
            made = amount(len(those), "voorbeeld", "voorbeelden")
            rows.append(f"<p>Alleen {side} gemaakt: {made}.</p>")
            continue
        for pair in shown:
            whole = pair.left is None or pair.right is None
            rows.append(_side(pair.left is not None, pair.left_parts, whole=whole))
            rows.append(_side(pair.right is not None, pair.right_parts, whole=whole))
    body = "".join(rows) or "<p>Geen verschillen.</p>"
    return (
        f'<div class="vb-compare"><div class="vb-side">{escape(left)}</div>'
        f'<div class="vb-side">{escape(right)}</div>{body}</div>'
    )


def _in_both(pairs: Iterable[Pair]) -> bool:
    sides = [(pair.left is not None, pair.right is not None) for pair in pairs]
    return any(left for left, _ in sides) and any(right for _, right in sides)


def _side(there: bool, parts: Iterable[Part], *, whole: bool) -> str:
    """``whole``: the other side has no such item, so the item is marked and not its words."""
    if not there:
        return '<div class="vb-none">Niet in deze generatie.</div>'
    text = "".join(
        f"<mark>{escape(part.text)}</mark>" if part.changed and not whole else escape(part.text)
        for part in parts
    )
    return f'<div class="vb-only">{text}</div>' if whole else f"<div>{text}</div>"
