"""The registry, and the two questions a caller can ask: about one item, about a whole set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from voorbeelden.model import ExampleType, Item, Subject
from voorbeelden.quality import (
    citations,
    duplicates,
    echo,
    form,
    markup,
    presence,
    readability,
    terms,
)
from voorbeelden.quality.look import TERM_TYPES, Look
from voorbeelden.quality.model import Check, Finding, ItemRef, Level
from voorbeelden.quality.text import plain

NO_REASON: Final = Check(
    "reden_ontbreekt",
    "Reden ontbreekt",
    "Een tegenvoorbeeld zegt waarom het buiten de definitie valt.",
    Level.HARD,
    (ExampleType.TEGENVOORBEELDEN,),
)

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        check.id: check
        for check in (
            form.EMPTY,
            NO_REASON,
            presence.MISSING,
            presence.COMPOUND,
            presence.RELATED,
            terms.IS_TERM,
            terms.BOTH,
            terms.HOLDS_TERM,
            terms.SHAPE,
            duplicates.DUPLICATE,
            duplicates.NEAR_DUPLICATE,
            echo.ECHO,
            citations.ARTICLE,
            citations.SOURCE,
            markup.MARKUP,
            markup.INTRO,
            markup.LINE_BREAK,
            form.CAPITAL,
            form.END_MARK,
            form.PRONOUN,
            form.LENGTH,
            form.SENTENCES,
            readability.READABILITY,
        )
    }
)
"""Every check by its id, in the order in which a filter shows them."""

# What a model writes where it has nothing to say.
_NO_REASONS: Final = frozenset(
    ("nvt", "n v t", "niet van toepassing", "geen", "geen reden", "onbekend")
)

_PLACE: Final = {check: place for place, check in enumerate(CHECKS)}
_TYPES: Final = {kind: place for place, kind in enumerate(ExampleType)}
_LEVELS: Final = {level: place for place, level in enumerate(Level)}


def check_item(
    item: Item, kind: ExampleType, subject: Subject, index: int = 0
) -> tuple[Finding, ...]:
    """What is to be said of ``item`` alone, gravest first; ``index`` is its place in its list."""
    return _sorted(_check_one(Look(subject, item, ItemRef(kind, index))))


def check_set(subject: Subject, items: Mapping[ExampleType, Sequence[Item]]) -> tuple[Finding, ...]:
    """Every finding about every item, comparisons between items included.

    Ordered by type and place of the item, gravest first within an item.
    """
    looks = [
        Look(subject, item, ItemRef(kind, index))
        for kind in ExampleType
        for index, item in enumerate(items.get(kind, ()))
    ]
    found = [finding for look in looks for finding in _check_one(look)]
    found += duplicates.check_duplicates(looks)
    found += terms.check_both_lists(looks)
    return _sorted(found)


def _check_one(look: Look) -> Iterator[Finding]:
    yield from form.check_form(look)
    yield from _reason(look)
    for check in _TERM_CHECKS if look.kind in TERM_TYPES else _PROSE_CHECKS:
        yield from check(look)


def _reason(look: Look) -> Iterator[Finding]:
    said = plain(look.item.reden or "")
    if look.kind is ExampleType.TEGENVOORBEELDEN and (
        not any(map(str.isalpha, said)) or said in _NO_REASONS
    ):
        yield look.finding(NO_REASON, "Er staat niet bij waarom dit buiten de definitie valt.")


def _presence(look: Look) -> Iterator[Finding]:
    if look.kind in presence.MISSING.types:
        yield from presence.check_presence(look)


_ItemCheck = Callable[[Look], Iterator[Finding]]
_BOTH_CHECKS: Final[tuple[_ItemCheck, ...]] = (
    echo.check_echo,
    citations.check_citations,
    markup.check_markup,
)
_TERM_CHECKS: Final[tuple[_ItemCheck, ...]] = (terms.check_term, *_BOTH_CHECKS)
_PROSE_CHECKS: Final[tuple[_ItemCheck, ...]] = (
    _presence,
    readability.check_readability,
    *_BOTH_CHECKS,
)


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        sorted(
            found,
            key=lambda finding: (
                _TYPES[finding.ref.example_type],
                finding.ref.index,
                _LEVELS[finding.level],
                _PLACE[finding.check],
            ),
        )
    )
