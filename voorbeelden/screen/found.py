"""The history as HTML: what was found, versions, and two generations side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from voorbeelden.model import ExampleType
from voorbeelden.screen.texts import TITLES
from voorbeelden.store.compare import Pair, Part
from voorbeelden.store.records import BegripRecord, GenerationRecord, ItemRecord


def moment(at: datetime) -> str:
    return at.astimezone().strftime("%d-%m-%Y %H:%M")


def found_html(begrip: BegripRecord) -> str:
    """One begrip of the list: what it is, its context, and how far its review is."""
    context = " · ".join(escape(value) for values in begrip.context.values() for value in values)
    counts = begrip.counts
    facts = (
        f"{counts.beoordeeld} van {counts.total} beoordeeld · gewijzigd {moment(begrip.updated_at)}"
    )
    return (
        f'<div class="vb-found"><h2>{escape(begrip.begrip)}</h2><p>{escape(begrip.definitie)}</p>'
        f"<small>{context + ' · ' if context else ''}{facts}</small></div>"
    )


def generation_label(one: GenerationRecord) -> str:
    """Names a generation in a list to choose from; plain text."""
    kinds = "zes soorten" if len(one.types) == len(ExampleType) else _kinds(one)
    return f"{moment(one.started_at)} · {one.model} · {kinds}{' · ongedaan' if one.undone else ''}"


def _kinds(one: GenerationRecord) -> str:
    return ", ".join(TITLES[ended.type].lower() for ended in one.types) or "niets klaar"


def old_version_html(item: ItemRecord) -> str:
    reden = f"<p>Waarom niet: {escape(item.reden)}</p>" if item.reden else ""
    return (
        f'<div class="vb-found"><p>{escape(item.text)}</p>{reden}<small>{TITLES[item.type]} · '
        f"{escape(item.author)} · {moment(item.created_at)}</small></div>"
    )


def compare_html(
    pairs: dict[ExampleType, tuple[Pair, ...]], left: str, right: str, *, only_changed: bool
) -> str:
    """Both sides in two columns; what the other side does not have is marked."""
    rows: list[str] = []
    for kind, those in pairs.items():
        shown = [pair for pair in those if not (only_changed and pair.same)]
        if shown:
            rows.append(f"<h3>{TITLES[kind]}</h3>")
        for pair in shown:
            rows.append(_side(pair.left is not None, pair.left_parts))
            rows.append(_side(pair.right is not None, pair.right_parts))
    body = "".join(rows) or '<div class="vb-none">Geen verschillen.</div>'
    return (
        f'<div class="vb-compare"><div class="vb-side">{escape(left)}</div>'
        f'<div class="vb-side">{escape(right)}</div>{body}</div>'
    )


def _side(there: bool, parts: Iterable[Part]) -> str:
    if not there:
        return '<div class="vb-none">Niet in deze generatie.</div>'
    text = "".join(
        f"<mark>{escape(part.text)}</mark>" if part.changed else escape(part.text) for part in parts
    )
    return f"<div>{text}</div>"
