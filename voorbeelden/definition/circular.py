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
from voorbeelden.quality.inflection import is_infinitive, noun_forms, stem_of, verb_forms
from voorbeelden.quality.lemma import Match, Occurrence, find
from voorbeelden.quality.related import verbs_of
from voorbeelden.quality.text import key, words

_ARTICLES = frozenset({"de", "het", "een", "'t"})
_BEFORE_TEXT = ' \t\r\n([“„"'
_COPULA = re.compile(r"\s+(?:is|zijn|betreft|betekent|omvat|wordt)(?![\w-])")
_DETERMINER = re.compile(
    r"(?<!\w)(?:de|deze|alle|beide|andere|zulke|enige|meerdere|verschillende|twee|drie|hun|haar|"
    r"\w+(?:lijke|ige|ende|elde|ische|bare))\s+$",
    re.IGNORECASE,
)

# "Artikel 3", "bijlage II", "het eerste lid": one certain thing that is cited, as is what has a
# capital of its own ("Onze Minister van Financiën").
_NUMBERED = re.compile(r"\s+(?:\d|[IVXLC]+(?![\w]))")
_ORDINAL = re.compile(
    r"(?<!\w)(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|"
    r"twaalfde|\d+(?:e|de|ste))\s+$",
    re.IGNORECASE,
)
# A person may be defined by deed or place ("overtreder": "degene die de overtreding pleegt"): that
# noun can be understood by itself, unlike a verb that only takes the begrip apart. So it raises no
# question of its own, and is marked where something else does.
_AGENT = re.compile(r"\w{3,}(?:er|or|aar|oot)$")


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
    deeds: list[Span] = []
    for occurrence in find(begrip, text):
        start, end = occurrence.spans[0][0], occurrence.spans[-1][1]
        if any(other[0] < end and start < other[1] for other in fixed):
            continue
        if occurrence.kind in (Match.EXACT, Match.INFLECTED):
            sure = _is_certain(begrip, text, occurrence.spans[0])
            (certain if sure else doubtful).extend(occurrence.spans)
        elif _is_deed(begrip, text, occurrence):
            deeds.extend(occurrence.spans)
        elif occurrence.kind is not Match.RELATED or _is_family(begrip, text, occurrence):
            doubtful.extend(occurrence.spans)
    if certain or doubtful:
        doubtful += deeds
    return tuple(sorted(certain)), tuple(sorted(doubtful))


def _is_certain(begrip: str, text: str, span: Span) -> bool:
    """Whether the form at ``span`` is the begrip and cannot be another word."""
    # "Goed is een zaak of …" begins with the begrip; "dat goed is te …" need not hold it.
    opens = key(text[: span[0]].strip(_BEFORE_TEXT)) in ("", *_ARTICLES)
    named = text[span[0]].isupper() and not (opens or begrip.strip()[:1].isupper())
    if named or _is_numbered(text, span):
        return False
    terms = _terms(begrip)
    if len(terms) != 1:
        return True
    term, found = terms[0], key(text[slice(*span)])
    if opens and _COPULA.match(text, span[1]) is not None:
        return True
    if term in lexicon().homographs:
        return False
    if found == term or is_infinitive(term):
        return True
    if found not in noun_forms(term):
        # A form in -e is an adjective too, and "gegeven" a participle.
        return False
    # "besluiten" is a plural after "alle", and may be the verb elsewhere.
    return not is_infinitive(found) or _DETERMINER.search(text[: span[0]]) is not None


def _is_numbered(text: str, span: Span) -> bool:
    start, end = span
    return _NUMBERED.match(text, end) is not None or _ORDINAL.search(text[:start]) is not None


def _is_family(begrip: str, text: str, occurrence: Occurrence) -> bool:
    """Made from one verb or noun; the same letters at the start ("verzet", "verzekeren") are
    not enough to ask.
    """
    terms = _terms(begrip)
    if len(terms) != 1:
        return True
    family = _family(terms[0])
    return all(family & _family(key(text[a:b])) for a, b in occurrence.spans)


def _is_deed(begrip: str, text: str, occurrence: Occurrence) -> bool:
    """Whether the begrip is a person and the word a noun for what that person does or belongs to,
    and no form of the verb: "overtreding" and "aanvraag", not "aanvraagt"."""
    agent, spans = " ".join(_terms(begrip)), occurrence.spans
    if len(spans) != 1 or not _AGENT.fullmatch(agent):
        return False
    word, verbs = key(text[slice(*spans[0])]), verbs_of(agent)
    if any(word == verb or word in verb_forms(verb) for verb in verbs):
        return False
    return word.endswith(("ing", "schap")) or word in map(stem_of, verbs)


@lru_cache(maxsize=4096)
def _family(word: str) -> frozenset[str]:
    chain = lemmas(word)
    return frozenset(chain).union(*(verbs_of(form) for form in chain))


def _terms(begrip: str) -> list[str]:
    terms = [word.key for word in words(begrip)]
    return terms[1:] if len(terms) > 1 and terms[0] in _ARTICLES else terms
