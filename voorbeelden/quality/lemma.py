"""Whether a text holds a begrip, and in what shape.

``find`` answers with places and kinds, from strong to weak: the begrip as it stands, an inflected
form, a separable verb taken apart, a part of a longer word, a related word only. A begrip may be
several words ("onrechtmatige daad", "hoger beroep instellen"), may name its abbreviation
("Algemene wet bestuursrecht (Awb)") and may itself be inflected ("belanghebbenden").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from voorbeelden.quality import compounds, separable
from voorbeelden.quality.model import Span
from voorbeelden.quality.related import is_related, verbs_of
from voorbeelden.quality.term import Match, TermWord, Variant, variants
from voorbeelden.quality.text import Word, sentences, words

__all__ = ["Match", "Occurrence", "best", "find", "is_form_of"]

_BETWEEN_WORDS = re.compile(r"[\s\-\u2010\u2011/]*")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a text holds a begrip; several spans when words stand in between."""

    kind: Match
    spans: tuple[Span, ...]


def best(begrip: str, text: str) -> Match | None:
    """The strongest way in which ``text`` holds ``begrip``; ``None`` when it does not at all."""
    return max((found.kind for found in find(begrip, text)), default=None)


@lru_cache(maxsize=512)
def find(begrip: str, text: str) -> tuple[Occurrence, ...]:
    """Every place where ``text`` holds ``begrip``, strongest first, then in text order.

    A word counts once, as the strongest thing it is.
    """
    found: list[Occurrence] = []
    for start, end in sentences(text):
        sentence = [word for word in words(text) if start <= word.start < end]
        for variant in variants(begrip):
            found += _find(variant, text, sentence)
    found.sort(key=lambda occurrence: (-occurrence.kind, occurrence.spans))
    return tuple(_without_overlap(found))


def is_form_of(begrip: str, text: str) -> bool:
    """Whether ``text`` is ``begrip`` itself or a form of it, with nothing more than an article."""
    for one in variants(text):
        for variant in variants(begrip):
            if len(one.words) == len(variant.words) and all(
                term.match(Word(word.text, 0, 0, word.key))
                for term, word in zip(variant.words, one.words, strict=True)
            ):
                return True
    return False


def _find(variant: Variant, text: str, sentence: Sequence[Word]) -> Iterator[Occurrence]:
    if len(variant.words) == 1:
        yield from _single(variant.words[0], text, sentence)
    else:
        yield from _several(variant, text, sentence)
    for word in sentence:
        if compounds.holds(word.key, variant.joined) or variant.in_acronym_compound(word):
            yield Occurrence(Match.COMPOUND, (word.span,))
    if len(variant.words) == 1:
        yield from _related(variant.words[0], text, sentence)


def _single(term: TermWord, text: str, sentence: Sequence[Word]) -> Iterator[Occurrence]:
    for word in sentence:
        if (kind := term.match(word)) is not None:
            yield Occurrence(kind, (word.span,))
    for spans in _apart(term.key, text, sentence):
        yield Occurrence(Match.SEPARATED, spans)


def _apart(verb: str, text: str, sentence: Sequence[Word]) -> Iterator[tuple[Span, ...]]:
    parts = separable.split(verb)
    if parts is None:
        return
    particle, base = parts
    yield from separable.find(text, sentence, particle, _matcher(TermWord(base, base)))


def _matcher(term: TermWord) -> Callable[[Word], bool]:
    return lambda word: term.match(word) is not None


def _several(variant: Variant, text: str, sentence: Sequence[Word]) -> Iterator[Occurrence]:
    whole = list(_in_a_row(variant.words, text, sentence))
    yield from whole
    if whole:
        return
    if variant.is_verb_phrase:
        yield from _verb_phrase(variant, text, sentence)
    places = [_first(term, sentence) for term in variant.content]
    if len(places) > 1 and all(places):
        yield Occurrence(Match.RELATED, tuple(sorted(place.span for place in places if place)))


def _in_a_row(
    terms: Sequence[TermWord], text: str, sentence: Sequence[Word]
) -> Iterator[Occurrence]:
    for place in range(len(sentence) - len(terms) + 1):
        row = sentence[place : place + len(terms)]
        kinds = [term.match(word) for term, word in zip(terms, row, strict=True)]
        if all(kinds) and all(
            _BETWEEN_WORDS.fullmatch(text, one.end, other.start) for one, other in pairwise(row)
        ):
            kind = min(kind for kind in kinds if kind)
            yield Occurrence(kind, ((row[0].start, row[-1].end),))


def _verb_phrase(variant: Variant, text: str, sentence: Sequence[Word]) -> Iterator[Occurrence]:
    """Such as "toezicht houden" in "houdt de inspectie toezicht"."""
    verb = variant.words[-1]
    for rest in _in_a_row(variant.words[:-1], text, sentence):
        others = [
            word for word in sentence if not rest.spans[0][0] <= word.start < rest.spans[0][1]
        ]
        spans = next(_apart(verb.key, text, others), None)
        form = next(filter(_matcher(verb), others), None)
        if spans is None and form is not None:
            spans = (form.span,)
        if spans is not None:
            yield Occurrence(Match.SEPARATED, tuple(sorted((*rest.spans, *spans))))


def _first(term: TermWord, sentence: Sequence[Word]) -> Word | None:
    return next(
        (
            word
            for word in sentence
            if term.match(word) or (len(term.key) > 3 and is_related(term.key, word.key))
        ),
        None,
    )


def _related(term: TermWord, text: str, sentence: Sequence[Word]) -> Iterator[Occurrence]:
    if term.acronym is not None or len(term.key) < 3:
        return
    for word in sentence:
        if len(word.key) > 2 and is_related(term.key, word.key):
            yield Occurrence(Match.RELATED, (word.span,))
    for verb in verbs_of(term.key):
        for spans in _apart(verb, text, sentence):
            yield Occurrence(Match.RELATED, spans)


def _without_overlap(found: Iterable[Occurrence]) -> Iterator[Occurrence]:
    taken: list[Span] = []
    for occurrence in found:
        if not any(
            start < end_taken and start_taken < end
            for start, end in occurrence.spans
            for start_taken, end_taken in taken
        ):
            taken.extend(occurrence.spans)
            yield occurrence
