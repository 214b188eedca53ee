"""One item as the checks look at it, and the shape in which they answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voorbeelden.model import ExampleType, Item, Subject
from voorbeelden.quality.model import Check, Finding, ItemRef, Level, Part, Span

ALL_TYPES: Final = tuple(ExampleType)
TERM_TYPES: Final = (ExampleType.SYNONIEMEN, ExampleType.ANTONIEMEN)
PROSE_TYPES: Final = tuple(kind for kind in ExampleType if kind not in TERM_TYPES)
"""The types whose items are sentences; those of ``TERM_TYPES`` are words or phrases."""

MOST_CHARACTERS: Final = 4_000
"""Of a longer text only the beginning is looked at; the toelichting asked for has about 900."""


@dataclass(frozen=True, slots=True)
class Look:
    """An item with all that a check may ask about it."""

    subject: Subject
    item: Item
    ref: ItemRef

    @property
    def kind(self) -> ExampleType:
        return self.ref.example_type

    @property
    def text(self) -> str:
        return self.item.text[:MOST_CHARACTERS]

    def parts(self) -> Iterator[tuple[Part, str]]:
        """The texts of the item: its own, and the reason of a tegenvoorbeeld."""
        yield Part.TEXT, self.text
        if self.item.reden:
            yield Part.REDEN, self.item.reden[:MOST_CHARACTERS]

    def finding(
        self,
        check: Check,
        reason: str,
        spans: tuple[Span, ...] = (),
        *,
        part: Part = Part.TEXT,
        level: Level | None = None,
        other: ItemRef | None = None,
    ) -> Finding:
        return Finding(check.id, level or check.level, self.ref, reason, spans, part, other)
