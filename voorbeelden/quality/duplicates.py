"""The same text twice, or nearly: within a type and across types.

Prose is compared by its words in any order (rapidfuzz) and by its content lemmas without the
words of the begrip, which all items share. Terms are compared by their forms, never by letters:
"huurder" and "verhuurder" differ by three of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from voorbeelden.quality.echo import content_lemmas
from voorbeelden.quality.lemma import is_form_of
from voorbeelden.quality.look import ALL_TYPES, TERM_TYPES, Look
from voorbeelden.quality.model import Check, Finding, ItemRef, Level
from voorbeelden.quality.term import bare
from voorbeelden.quality.text import plain, quote

_SAME_WORDS: Final = 77
"""token_sort_ratio, 0 to 100."""
_SAME_CONTENT: Final = 0.6
"""Shared content lemmas over all content lemmas of both."""
_FEWEST_LEMMAS: Final = 4
_INSIDE: Final = 90
"""partial_ratio of the shorter in the longer, 0 to 100."""
_FEWEST_INSIDE: Final = 40
"""Characters of the shorter text; a shorter one may be a fixed phrase."""

DUPLICATE: Final = Check(
    "dubbel",
    "Dubbel",
    "Dezelfde tekst staat er al, bij deze of een andere soort.",
    Level.HARD,
    ALL_TYPES,
)
NEAR_DUPLICATE: Final = Check(
    "bijna_dubbel",
    "Bijna dubbel",
    "De tekst verschilt nauwelijks van een andere.",
    Level.HINT,
    ALL_TYPES,
)


@dataclass(frozen=True, slots=True)
class _Prose:
    look: Look
    plain: str
    content: frozenset[str]


def check_duplicates(looks: Sequence[Look]) -> Iterator[Finding]:
    """A finding on the later of two alike items, with the earlier as ``other``; one an item."""
    yield from _terms(looks)
    yield from _prose(looks)


def _terms(looks: Sequence[Look]) -> Iterator[Finding]:
    marked: set[ItemRef] = set()
    for one, other in combinations([look for look in looks if look.kind in TERM_TYPES], 2):
        if one.kind is not other.kind or other.ref in marked or not plain(other.text):
            continue
        if _letters(one.text) == _letters(other.text):
            yield _same(other, one)
        elif is_form_of(one.text, other.text) or is_form_of(other.text, one.text):
            reason = f"Een andere vorm van {quote(one.text)}, dat er al staat."
            yield other.finding(NEAR_DUPLICATE, reason, other=one.ref)
        else:
            continue
        marked.add(other.ref)


def _letters(term: str) -> str:
    """A term without spaces and hyphens: "rechts persoon" is a slip, not another term."""
    return bare(plain(term)).replace(" ", "")


def _prose(looks: Sequence[Look]) -> Iterator[Finding]:
    texts = [
        _Prose(look, plain(look.text), content_lemmas(look.text))
        for look in looks
        if look.kind not in TERM_TYPES
    ]
    marked: set[ItemRef] = set()
    for one, other in combinations(texts, 2):
        if not one.plain or other.look.ref in marked:
            continue
        if one.plain == other.plain:
            yield _same(other.look, one.look)
        elif _alike(one, other):
            reason = f"Lijkt sterk op {_where(one.look.ref)}: {quote(one.look.text)}."
            yield other.look.finding(NEAR_DUPLICATE, reason, other=one.look.ref)
        else:
            continue
        marked.add(other.look.ref)


def _same(later: Look, earlier: Look) -> Finding:
    return later.finding(DUPLICATE, f"Gelijk aan {_where(earlier.ref)}.", other=earlier.ref)


def _where(ref: ItemRef) -> str:
    return f"{ref.example_type.value} {ref.index + 1}"


def _alike(one: _Prose, other: _Prose) -> bool:
    if fuzz.token_sort_ratio(one.plain, other.plain, score_cutoff=_SAME_WORDS):
        return True
    begrip = content_lemmas(one.look.subject.begrip)
    mine, theirs = one.content - begrip, other.content - begrip
    fewest, shared = min(len(mine), len(theirs)), len(mine & theirs)
    if fewest >= _FEWEST_LEMMAS and shared >= _SAME_CONTENT * len(mine | theirs):
        return True
    short, long = sorted((one.plain, other.plain), key=len)
    # Looking for a text inside another is the dear part; few pairs share enough to ask.
    return (
        len(short) >= _FEWEST_INSIDE
        and shared >= _SAME_CONTENT * fewest
        and fuzz.partial_ratio(short, long, score_cutoff=_INSIDE) > 0
    )
