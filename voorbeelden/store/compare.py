"""Two generations of one begrip side by side: which items belong together, and what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from voorbeelden.model import ExampleType
from voorbeelden.store.records import GenerationRecord, ItemRecord
from voorbeelden.store.text import readable

_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")

_ALIKE: Final = 0.5
"""Two texts that share less than half of their words are different examples, not a changed one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; ``changed`` is what the other side does not have there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """An item and its counterpart; one of the two is ``None`` where there is none.

    The parts of a side put together are its text, with the reason of a tegenvoorbeeld on a line
    of its own.
    """

    left: ItemRecord | None
    right: ItemRecord | None
    left_parts: tuple[Part, ...]
    right_parts: tuple[Part, ...]

    @property
    def same(self) -> bool:
        return not any(part.changed for part in (*self.left_parts, *self.right_parts))


def compare(left: GenerationRecord, right: GenerationRecord) -> dict[ExampleType, tuple[Pair, ...]]:
    """The types that either has, in reading order; pairs in the order of ``left``, then what only
    ``right`` has. Equal texts are paired first, then the most alike."""
    found: dict[ExampleType, tuple[Pair, ...]] = {}
    for kind in ExampleType:
        mine = [item for item in left.items if item.type is kind]
        theirs = [item for item in right.items if item.type is kind]
        if mine or theirs:
            found[kind] = _pairs(mine, theirs)
    return found


def _pairs(mine: Sequence[ItemRecord], theirs: Sequence[ItemRecord]) -> tuple[Pair, ...]:
    chances = sorted(
        (
            (_likeness(one, other), -row, -column)
            for row, one in enumerate(mine)
            for column, other in enumerate(theirs)
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for likeness, row, column in chances:
        free = -row not in partner and -column not in partner.values()
        if free and likeness >= _ALIKE:
            partner[-row] = -column
    pairs = [
        _pair(one, theirs[partner[row]] if row in partner else None) for row, one in enumerate(mine)
    ]
    taken = set(partner.values())
    pairs += [_pair(None, other) for column, other in enumerate(theirs) if column not in taken]
    return tuple(pairs)


def _words(item: ItemRecord | None) -> list[str]:
    return [] if item is None else _WORDS.findall(readable(item.text, item.reden))


def _likeness(one: ItemRecord, other: ItemRecord) -> float:
    # Spaces between the same words would make any two sentences alike.
    words, others = ([word for word in _words(item) if word.strip()] for item in (one, other))
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def _pair(left: ItemRecord | None, right: ItemRecord | None) -> Pair:
    words, others = _words(left), _words(right)
    left_parts: list[Part] = []
    right_parts: list[Part] = []
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        changed = what != "equal"
        if i2 > i1:
            left_parts.append(Part("".join(words[i1:i2]), changed))
        if j2 > j1:
            right_parts.append(Part("".join(others[j1:j2]), changed))
    return Pair(left, right, tuple(left_parts), tuple(right_parts))
