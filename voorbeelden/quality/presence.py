"""Whether a voorbeeldzin uses the begrip: in some form, only in a compound, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voorbeelden.model import ExampleType
from voorbeelden.quality.lemma import Match, Occurrence, find
from voorbeelden.quality.look import Look
from voorbeelden.quality.model import Check, Finding, Level
from voorbeelden.quality.text import quote, words

_TYPES: Final = (ExampleType.VOORBEELDZINNEN,)

MISSING: Final = Check(
    "begrip_ontbreekt",
    "Begrip ontbreekt",
    "Een voorbeeldzin gebruikt het begrip; verbuiging, meervoud en vervoeging tellen mee.",
    Level.HARD,
    _TYPES,
)
COMPOUND: Final = Check(
    "begrip_in_samenstelling",
    "Begrip alleen in samenstelling",
    "Het begrip staat er alleen als deel van een langer woord.",
    Level.HINT,
    _TYPES,
)
RELATED: Final = Check(
    "begrip_verwant_woord",
    "Alleen een verwant woord",
    "Er staat een woord van dezelfde familie, maar geen vorm van het begrip.",
    Level.HINT,
    _TYPES,
)


def check_presence(look: Look) -> Iterator[Finding]:
    """At most one finding: the begrip is absent, or only there in a weaker shape."""
    begrip = look.subject.begrip
    if not words(begrip) or not words(look.text):
        return
    found = find(begrip, look.text)
    if not found:
        reason = f"Het begrip {quote(begrip)} staat niet in de zin, ook niet in een andere vorm."
        yield look.finding(MISSING, reason)
    elif found[0].kind is Match.COMPOUND:
        reason = f"Het begrip staat alleen in een samenstelling: {_said(look.text, found[0])}."
        yield look.finding(COMPOUND, reason, found[0].spans)
    elif found[0].kind is Match.RELATED:
        reason = (
            f"Alleen een verwant woord, geen vorm van het begrip: {_said(look.text, found[0])}."
        )
        yield look.finding(RELATED, reason, found[0].spans)


def _said(text: str, occurrence: Occurrence) -> str:
    return quote(" … ".join(text[start:end] for start, end in occurrence.spans))
