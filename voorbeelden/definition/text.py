"""A definition made ready for the checks: composed Unicode, words with places, and the way back.

Checks look at NFC text, so that an "é" pasted as two characters is one letter to every pattern;
``original`` turns a place in that text into a place in the text as it was given.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from voorbeelden.definition.model import Span
from voorbeelden.quality.text import Word, words


@dataclass(frozen=True)
class Definition:
    """One definition with its begrip and context, read once and looked at by every rule."""

    begrip: str
    given: str
    context: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return unicodedata.normalize("NFC", self.given)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words(self.text)

    @cached_property
    def _reached(self) -> list[int] | None:
        """How far the first n characters given reach in ``text``; ``None`` if nothing moves."""
        if unicodedata.is_normalized("NFC", self.given):
            return None
        heads = (self.given[:count] for count in range(len(self.given) + 1))
        return [len(unicodedata.normalize("NFC", head)) for head in heads]

    def original(self, span: Span) -> Span:
        """The place in the text as given of a place in ``text``."""
        if (reached := self._reached) is None:
            return span
        start, end = span
        return bisect_left(reached, start + 1) - 1, bisect_left(reached, end + 1) - 1


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found: places in ``Definition.text``, and values for the rule's reason."""

    spans: tuple[Span, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


def quoted(found: list[str]) -> str:
    """Words for a Dutch sentence, each once: “a”, “b” en “c”.

    >>> quoted(["kan", "mag", "Kan"])
    '“kan” en “mag”'
    """
    distinct: dict[str, str] = {}
    for text in found:
        plain = " ".join(text.split()).strip('“”„"«»‘’') or text
        distinct.setdefault(plain.casefold(), f"“{plain}”")
    *firsts, last = distinct.values()
    return f"{', '.join(firsts)} en {last}" if firsts else last
