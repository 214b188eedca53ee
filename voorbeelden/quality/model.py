"""Pure data of the quality checks: what a check is, and what it found where.

Nothing here judges. A page shows a finding as a quiet mark beside its item, filters on ``level``
and ``check``, and never hides an item because of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voorbeelden.model import ExampleType

Span = tuple[int, int]
"""Start and end of a stretch of text, in characters, as Python slices count."""


class Level(StrEnum):
    """How much a finding claims. The value is a stable id for filters and tests."""

    HARD = "hard"
    """Any jurist would agree: this item cannot go out as it is."""
    HINT = "hint"
    """Worth a look; the editor decides."""
    INFO = "info"
    """A measurement, not a fault."""


class Part(StrEnum):
    """Which text of an item a finding speaks about."""

    TEXT = "text"
    REDEN = "reden"


@dataclass(frozen=True, slots=True, order=True)
class ItemRef:
    """One item of a set: its type and its place in the list of that type, from 0."""

    example_type: ExampleType
    index: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one item.

    Attributes:
        check: id of the check, a key of ``CHECKS``.
        reason: Dutch, for the editor: what was seen, with the words themselves.
        spans: the words meant, in the item's ``part``; empty when the whole item is meant.
        other: the item it was compared with, for checks that look across items.
    """

    check: str
    level: Level
    ref: ItemRef
    reason: str
    spans: tuple[Span, ...] = ()
    part: Part = Part.TEXT
    other: ItemRef | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the registry.

    Attributes:
        id: stable; stored and filtered on.
        name: Dutch, a few words, for a filter.
        explanation: Dutch, one sentence, for a tooltip.
        level: the highest level its findings can have.
        types: the types it looks at.
    """

    id: str
    name: str
    explanation: str
    level: Level
    types: tuple[ExampleType, ...]
