"""The checks on circularity: the begrip, its forms and its family in its own definition.

What is certain is a fact; what may be another word ("staat", "gegeven") or only belongs to the
family ("verwerken" with "verwerking") is asked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from voorbeelden.definition.lexicon import lexicon
from voorbeelden.definition.model import Span, Test
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality.dictionary import lemmas
from voorbeelden.quality.inflection import is_infinitive, noun_forms
from voorbeelden.quality.lemma import Match, Occurrence, find
from voorbeelden.quality.related import verbs_of
from voorbeelden.quality.text import key, words

_ARTICLES = frozenset({"de", "het", "een", "'t"})
_COPULA = re.compile(r"\s+(?:is|zijn|betreft|betekent|omvat|wordt)(?![\w-])")
_DETERMINER = re.compile(
    r"(?<!\w)(?:de|deze|alle|beide|andere|zulke|enige|meerdere|verschillende|twee|drie|hun|haar|"
    r"\w+(?:lijke|ige|ende|elde|ische|bare))\s+$",
    re.IGNORECASE,
)


def starts_with_term(test: Test, definition: Definition) -> Hit | None:
    """The begrip, in any form, is the first thing after an article, if there is one."""
    span = _opening(definition)
    return None if span is None else Hit((span,))


def repeats_term(test: Test, definition: Definition) -> Hit | None:
    """The begrip stands in its definition, beyond doubt; as its first word that is another rule."""
    certain, _ = _mentions(definition.begrip, definition.text)
    opening = _opening(definition)
    left = tuple(span for span in certain if span != opening)
    return Hit(left) if left else None


def leans_on_family(test: Test, definition: Definition) -> Hit | None:
    """A form that may be another word, a verb taken apart, a compound or a derivation."""
    _, doubtful = _mentions(definition.begrip, definition.text)
    return Hit(doubtful) if doubtful else None


def _opening(definition: Definition) -> Span | None:
    certain, _ = _mentions(definition.begrip, definition.text)
    heads = definition.words[:2]
    if not heads or not certain:
        return None
    first = heads[1] if len(heads) > 1 and heads[0].key in _ARTICLES else heads[0]
    return next((span for span in certain if span[0] in (heads[0].start, first.start)), None)


@lru_cache(maxsize=256)
def _mentions(begrip: str, text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the begrip certainly stands in ``text``, and where it may; in text order."""
    fixed = [found.span() for found in lexicon().fixed.finditer(text)]
    certain: list[Span] = []
    doubtful: list[Span] = []
    for occurrence in find(begrip, text):
        start, end = occurrence.spans[0][0], occurrence.spans[-1][1]
        if any(other[0] < end and start < other[1] for other in fixed):
            continue
        if occurrence.kind in (Match.EXACT, Match.INFLECTED):
            sure = _is_certain(begrip, text, occurrence.spans[0])
            (certain if sure else doubtful).extend(occurrence.spans)
        elif occurrence.kind is not Match.RELATED or _is_family(begrip, text, occurrence):
            doubtful.extend(occurrence.spans)
    return tuple(sorted(certain)), tuple(sorted(doubtful))


def _is_certain(begrip: str, text: str, span: Span) -> bool:
    """Whether the form at ``span`` is the begrip and cannot be another word."""
    terms = _terms(begrip)
    if len(terms) != 1:
        return True
    term, found = terms[0], key(text[slice(*span)])
    if term in lexicon().homographs:
        # "Goed is een zaak of …" begins with the begrip; "dat goed is te …" need not hold it.
        opens = key(text[: span[0]].strip()) in ("", *_ARTICLES)
        return opens and _COPULA.match(text, span[1]) is not None
    if found == term or is_infinitive(term):
        return True
    if found not in noun_forms(term):
        # A form in -e is an adjective too, and "gegeven" a participle.
        return False
    # "besluiten" is a plural after "alle", and may be the verb elsewhere.
    return not is_infinitive(found) or _DETERMINER.search(text[: span[0]]) is not None


def _is_family(begrip: str, text: str, occurrence: Occurrence) -> bool:
    """Made from one verb or noun; the same letters at the start ("verzet", "verzekeren") are
    not enough to ask.
    """
    terms = _terms(begrip)
    if len(terms) != 1:
        return True
    family = _family(terms[0])
    return all(family & _family(key(text[a:b])) for a, b in occurrence.spans)


@lru_cache(maxsize=4096)
def _family(word: str) -> frozenset[str]:
    chain = lemmas(word)
    return frozenset(chain).union(*(verbs_of(form) for form in chain))


def _terms(begrip: str) -> list[str]:
    terms = [word.key for word in words(begrip)]
    return terms[1:] if len(terms) > 1 and terms[0] in _ARTICLES else terms
