"""The definition as HTML, with the words marked that a finding is about; text only escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_model import Phase
from voorbeelden.definition.model import RuleFinding
from voorbeelden.screen.alerts import alert
from voorbeelden.screen.definition_texts import VERDICTS

_STRONGEST_FIRST: Final = tuple(VERDICTS)


def in_reading_order(findings: Sequence[RuleFinding]) -> list[RuleFinding]:
    """Facts, judgements, questions; within each as they were found. Their places are their
    numbers."""
    return sorted(findings, key=lambda one: _STRONGEST_FIRST.index(one.verdict))


def marked(text: str, findings: Sequence[RuleFinding]) -> str:
    """``text`` with every span of ``findings`` (in reading order) in a ``mark`` that ends with the
    finding's number; where spans overlap, the strongest kind colours the words."""
    spans = [
        (max(0, start), min(end, len(text)), number)
        for number, one in enumerate(findings, start=1)
        for start, end in one.spans
        if start < min(end, len(text))
    ]
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    parts: list[str] = []
    for start, end in pairwise(cuts):
        words = escape(text[start:end])
        over = [number for a, b, number in spans if a <= start and end <= b]
        if not over:
            parts.append(words)
            continue
        # Findings are in reading order, so the first number is that of the strongest.
        verdict = findings[min(over) - 1].verdict
        ending = sorted(number for _, b, number in spans if b == end)
        numbers = "".join(f"<sup>{number}</sup>" for number in ending)
        parts.append(f'<mark class="vb-mark vb-{verdict.value}">{words}{numbers}</mark>')
    return "".join(parts)


def card(snapshot: FlowSnapshot, text: str, findings: Sequence[RuleFinding]) -> str:
    """The definition, growing or whole; or why there is none."""
    state = snapshot.state
    drafting = snapshot.running and state.text is None
    if snapshot.failure is not None:
        body = alert(snapshot.failure.message, _FAILED)
    elif failure := state.failures.get(Phase.DRAFT):
        concept = "" if not state.concept else _CONCEPT
        body = alert(failure.message, _FAILED) + concept + _paragraph(marked(text, findings))
    elif drafting and not state.draft:
        retry = state.retrying.get(Phase.DRAFT)
        again = f"Poging {retry.attempt} van {retry.most}: " if retry else ""
        body = (
            f'<p class="vb-purpose">{again}het taalmodel stelt de definitie op…</p>'
            '<div class="vb-skeleton" aria-hidden="true"></div>'
        )
    elif drafting:
        body = _paragraph(escape(state.draft) + '<span class="vb-caret" aria-hidden="true"></span>')
    else:
        body = _paragraph(marked(text, findings)) if text else _EMPTY
    live = ' aria-live="polite"' if not drafting else ""
    return f'<section class="vb-definition" aria-label="Definitie"{live}>{body}</section>'


def _paragraph(html: str) -> str:
    return f'<p class="vb-definition-text">{html}</p>'


_FAILED: Final = "Niet gelukt."

_CONCEPT: Final = (
    '<p class="vb-purpose"><b>Concept</b>, niet compleet: dit was al binnen toen het afbrak. '
    "U kunt het hieronder afmaken.</p>"
)
_EMPTY: Final = '<p class="vb-empty">Nog geen tekst. Schrijf de definitie hieronder.</p>'
