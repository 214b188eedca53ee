"""Verbs that come apart: "aanhouden" in "hield de man aan", "aan te houden", "vrij is gesproken".

A separated particle stands at the end of its clause, where a preposition never does: in "hij houdt
zich aan de regels" a noun phrase follows "aan", so that sentence holds no "aanhouden".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from voorbeelden.quality.dictionary import known
from voorbeelden.quality.model import Span
from voorbeelden.quality.text import Word
from voorbeelden.quality.wordlists import word_list

# Longest first: "terecht" is tried before "te", "achteruit" before "achter".
_PARTICLES: Final = tuple(sorted(word_list("particles"), key=lambda word: (-len(word), word)))
_WRITTEN_APART: Final = {
    "tenlaste": ("ten", "laste"),
    "tenuitvoer": ("ten", "uitvoer"),
    "inbewaring": ("in", "bewaring"),
    "inbeslag": ("in", "beslag"),
    "tentoon": ("ten", "toon"),
    "teniet": ("te", "niet"),
    "terzijde": ("ter", "zijde"),
}
_INSEPARABLE: Final = word_list("inseparable")
_CLAUSE_END: Final = re.compile(r"[.,;:!?…)\"”’]|\s[–—-]\s")
_MAY_FOLLOW: Final = word_list("may_follow_particle")
_AUXILIARIES: Final = word_list("auxiliaries")
_PREPOSED: Final = word_list("preposed")

# Words between verb and particle at most; legal sentences stay well below it.
_REACH: Final = 40

IsForm = Callable[[Word], bool]


@lru_cache(maxsize=1024)
def split(infinitive: str) -> tuple[tuple[str, ...], str] | None:
    """The particle and the base verb of a separable infinitive; ``None`` for another word.

    >>> split("aanhouden"), split("overtreden")
    ((('aan',), 'houden'), None)
    """
    if infinitive in _INSEPARABLE or not infinitive.endswith("n"):
        return None
    for particle in _PARTICLES:
        base = infinitive[len(particle) :]
        if infinitive.startswith(particle) and len(base) > 3 and base.endswith("n") and known(base):
            return _WRITTEN_APART.get(particle, (particle,)), base
    return None


def find(
    text: str, words: Sequence[Word], particle: tuple[str, ...], is_base: IsForm
) -> Iterator[tuple[Span, ...]]:
    """Places in the ``words`` of one sentence where the particle and a form of the base verb
    belong together: each as the span of the verb and that of the particle, in text order.
    """
    for place in range(len(words) - len(particle) + 1):
        after = place + len(particle)
        if tuple(word.key for word in words[place:after]) != particle:
            continue
        before = words[max(0, place - _REACH) : place]
        keys = {word.key for word in before}
        if "zich" in keys and keys & _PREPOSED:
            continue
        verb = _verb_behind(words, after, is_base)
        if verb is None and _closes_clause(text, words, after):
            verb = next(filter(is_base, reversed(before)), None)
        if verb is not None:
            yield tuple(sorted((verb.span, (words[place].start, words[after - 1].end))))


def _verb_behind(words: Sequence[Word], after: int, is_base: IsForm) -> Word | None:
    """The verb in "aan te houden", "aan heeft gehouden", "ten laste is gelegd"."""
    for word in words[after : after + 4]:
        if is_base(word):
            return word
        if word.key not in _AUXILIARIES:
            break
    return None


def _closes_clause(text: str, words: Sequence[Word], after: int) -> bool:
    if after >= len(words):
        return True
    gap = text[words[after - 1].end : words[after].start]
    return bool(_CLAUSE_END.search(gap)) or words[after].key in _MAY_FOLLOW
