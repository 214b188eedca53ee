"""Synonyms and antonyms: words, not sentences, and not the begrip once more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from voorbeelden.model import ExampleType
from voorbeelden.quality.lemma import Match, find, is_form_of
from voorbeelden.quality.look import TERM_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level
from voorbeelden.quality.text import quote, words
from voorbeelden.quality.wordlists import word_list

IS_TERM: Final = Check(
    "term_is_begrip",
    "Gelijk aan het begrip",
    "Een synoniem of antoniem is een ander woord dan het begrip, niet een vorm ervan.",
    Level.HARD,
    TERM_TYPES,
)
HOLDS_TERM: Final = Check(
    "synoniem_bevat_begrip",
    "Synoniem bevat het begrip",
    "Een term waarin het begrip zelf staat, is vaak een engere term.",
    Level.HINT,
    (ExampleType.SYNONIEMEN,),
)
BOTH: Final = Check(
    "synoniem_en_antoniem",
    "Synoniem én antoniem",
    "Dezelfde term staat bij de synoniemen en bij de antoniemen.",
    Level.HARD,
    TERM_TYPES,
)
SHAPE: Final = Check(
    "term_vorm",
    "Vorm van de term",
    "Een term staat zonder uitleg, zonder punt en met een kleine letter.",
    Level.HINT,
    TERM_TYPES,
)

_EXPLAINED: Final = re.compile(r"\([^)]{3,}\)|:\s|\s[–—-]\s|\s=\s")
_END_MARK: Final = re.compile(r"[.,;:!?]+$")
_DOTTED: Final = re.compile(r"(?:\w+\.){2,}$")


def check_term(look: Look) -> Iterator[Finding]:
    """Whether the term is the begrip, holds it, or is dressed as a sentence."""
    begrip = look.subject.begrip
    if words(begrip) and words(look.text):
        if is_form_of(begrip, look.text):
            reason = f"Dit is het begrip {quote(begrip)} zelf of een vorm ervan."
            yield look.finding(IS_TERM, reason)
        elif look.kind is ExampleType.SYNONIEMEN:
            strong = [one for one in find(begrip, look.text) if one.kind >= Match.COMPOUND]
            if strong:
                reason = f"Bevat het begrip {quote(begrip)}; is dit geen engere term?"
                yield look.finding(HOLDS_TERM, reason, strong[0].spans)
    yield from _shape(look)


def _shape(look: Look) -> Iterator[Finding]:
    text = look.text.strip()
    reasons = []
    if explained := _EXPLAINED.search(text):
        reasons.append(f"met uitleg erbij: {quote(explained[0].strip())}")
    if _END_MARK.search(text) and not _DOTTED.search(text):
        reasons.append(f"met een leesteken aan het eind: {quote(text[-1])}")
    if _odd_capital(look, text):
        reasons.append("met een hoofdletter")
    if reasons:
        yield look.finding(SHAPE, f"De term staat er {' en '.join(reasons)}.")


def _odd_capital(look: Look, text: str) -> bool:
    """A capital that only says that a line begins; names and abbreviations keep theirs."""
    first = next(iter(words(text)), None)
    if first is None or not first.text[0].isupper() or look.subject.begrip[:1].isupper():
        return False
    others = text[first.start + 1 :]
    return others == others.lower() and first.key not in word_list("proper_words")


def check_both_lists(looks: Sequence[Look]) -> Iterator[Finding]:
    """A term that is a synonym and an antonym at once, marked in both lists."""
    synonyms = [look for look in looks if look.kind is ExampleType.SYNONIEMEN]
    antonyms = [look for look in looks if look.kind is ExampleType.ANTONIEMEN]
    for synonym in synonyms:
        for antonym in antonyms:
            if is_form_of(synonym.text, antonym.text) or is_form_of(antonym.text, synonym.text):
                for one, other, where in (
                    (synonym, antonym, "antoniemen"),
                    (antonym, synonym, "synoniemen"),
                ):
                    reason = f"Staat ook bij de {where}: {quote(other.text)}."
                    yield one.finding(BOTH, reason, other=other.ref)
