"""Articles and sources that a text cites and nobody gave: likely made up.

Given is what the begrip, the definition and the context name. A number counts as given when the
law agrees or when one of the two sides names no law; paragraphs ("lid 2") are not compared. An
article of a contract, of statutes or of general conditions belongs to the case that is told and is
no citation of law.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voorbeelden.model import Subject
from voorbeelden.quality.laws import ABBREVIATION, same_law
from voorbeelden.quality.look import ALL_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level, Span
from voorbeelden.quality.text import quote

ARTICLE: Final = Check(
    "artikel_niet_gegeven",
    "Artikel niet gegeven",
    "De tekst noemt een wetsartikel dat niet in de definitie of de context staat.",
    Level.HARD,
    ALL_TYPES,
)
SOURCE: Final = Check(
    "vindplaats_niet_gegeven",
    "Vindplaats niet gegeven",
    "De tekst noemt een uitspraak of publicatie die niet in de definitie of de context staat.",
    Level.HARD,
    ALL_TYPES,
)

_NUMBER: Final = r"\d{1,4}[a-z]{0,3}(?:[:.]\d{1,4}[a-z]{0,2})*(?![\d:])"
_ORDINAL: Final = (
    r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|laatste|enig)"
)
# "lid 2", "eerste en tweede lid", "aanhef en onder a", "sub b": which part of the article.
_PART: Final = (
    rf"(?:(?:{_ORDINAL}(?:\s+(?:en|of|tot\s+en\s+met)\s+{_ORDINAL})?\s+(?:lid|volzin))"
    r"|(?:leden|lid)\s+\d{1,2}(?:\s+(?:en|of|tot\s+en\s+met|t/m)\s+\d{1,2})?"
    r"|(?:aanhef(?:\s+en)?\s+)?(?:onder(?:deel)?|sub|aanhef)\s+(?:\d{1,2}|[a-z])[°º]?"
    r"|aanhef)"
)
_PARTS: Final = rf"(?:,?\s+(?:en\s+)?{_PART},?)*"
_AND: Final = r"(?:\s*,\s*(?:en\s+|of\s+)?|\s+(?:en|of|jo\.?|juncto|tot\s+en\s+met|t/m)\s+)"
_LAW: Final = (
    rf"(?:{ABBREVIATION})(?:\s(?:19|20)\d\d)?\b"
    r"|(?:[Ww]etboek\s+van\s+(?:[Bb]urgerlijke\s+)?[A-Z]\w+|[Bb]urgerlijk\s+[Ww]etboek)"
    r"|Algemene\s+(?:wet|verordening)\s+(?:inzake\s+)?\w+"
    r"|(?:Uitvoerings)?[Ww]et\s+(?:(?:op|inzake|ter|tot|van|de|het|open)\s+)*\w+(?:\s+\d{4})?"
    r"|[A-Z]?\w*(?:wet|besluit|regeling|verordening|verdrag|richtlijn)(?:\s+(?:19|20)\d\d)?\b"
)
_WORD: Final = r"(?:[Aa]rtikel(?:en)?|[Aa]rtt?\.?)"
_CITED: Final = re.compile(
    rf"\b{_WORD}\s*(?P<list>{_NUMBER}{_PARTS}(?:{_AND}{_NUMBER}{_PARTS})*)"
    rf"(?:,?\s+(?:van\s+)?(?:(?:de|het|die|dat|deze|dit)\s+)?(?P<law>{_LAW}))?"
)
_SHORT: Final = re.compile(
    rf"(?<![\w:.])(?P<list>{_NUMBER}(?:{_AND}{_NUMBER})*)\s+(?P<law>(?:{ABBREVIATION})\b)"
)
_LAW_FIRST: Final = re.compile(
    rf"\b(?P<law>{_LAW}),?\s+(?:{_WORD}\s*)?"
    rf"(?P<list>{_NUMBER}{_PARTS}(?:{_AND}{_NUMBER}{_PARTS})*)"
)
_ONE: Final = re.compile(_NUMBER)
_RANGE: Final = re.compile(rf"({_NUMBER}){_PARTS}\s+(?:tot\s+en\s+met|t/m)\s+({_NUMBER})")
_PART_ONLY: Final = re.compile(_PART)
# Boek 6 BW, titel 2, hoofdstuk 8 Awb, lid 1 Sr: no article.
_NO_ARTICLE: Final = re.compile(
    r"\b(?:boek|titel|afdeling|hoofdstuk|paragraaf|deel|lid|leden|onder|sub|§)\s*$", re.IGNORECASE
)
_OF_A_CONTRACT: Final = re.compile(
    r",?\s*(?:van|uit|in)\s+(?:(?:de|het|een|die|dat|deze|dit|zijn|haar|hun|onze)\s+)"
    r"(?:[\w-]+\s+){0,2}?[\w-]*(?:overeenkomst|contract|statuten|reglement|akte|voorwaarden|cao|"
    r"testament|polis|convenant|vergunning|offerte|bestek|protocol|krant|tijdschrift|catalogus)\b",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(
    r"ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]*[A-Z0-9]|\bLJN:?\s+[A-Z]{2}\d{4}\b"
    r"|\b(?:NJB?|AB|JB|RvdW|NbSr|JOR|JAR|BNB|RFR)\s+\d{4}[/,]\s?\d+"
    r"|\b(?:Stb|Stcrt|Trb)\.?\s+\d{4},?(?:\s+nr\.?)?\s+\d+"
    r"|\bKamerstukken\s+(?:I{1,2}\s+)?\d{4}/\d{2,4}(?:,\s*\d+(?:,?\s+nr\.?\s+\w+)?)?"
    r"|\b(?:zaak|rol|parket)nummer\s+[\w/.-]*\d[\w/.-]*\b"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One article: its number in lower case, its law when the text names one, and where."""

    number: str
    law: str | None
    span: Span


def check_citations(look: Look) -> Iterator[Finding]:
    """A finding for each article and each source that is not given, in text and reason."""
    given = given_articles(look.subject)
    texts = _squeezed(" ".join(_texts(look.subject)))
    for part, text in look.parts():
        for name, spans in _grouped(
            (_shown(one), one.span) for one in citations(text) if not _is_given(one, given)
        ):
            yield look.finding(ARTICLE, _reason(name), spans, part=part)
        for name, spans in _grouped(
            (match[0], match.span())
            for match in _SOURCE.finditer(text)
            if _squeezed(match[0]) not in texts
        ):
            yield look.finding(SOURCE, _reason(name), spans, part=part)


def _grouped(found: Iterable[tuple[str, Span]]) -> Iterable[tuple[str, tuple[Span, ...]]]:
    """One entry for a name that is cited several times."""
    places: dict[str, list[Span]] = {}
    for name, span in found:
        places.setdefault(name, []).append(span)
    return ((name, tuple(spans)) for name, spans in places.items())


def _reason(name: str) -> str:
    return f"{quote(name)} staat niet in de definitie of de context."


def citations(text: str) -> tuple[Citation, ...]:
    """The articles that ``text`` cites, in order; a list gives one for each number."""
    found: dict[int, Citation] = {}
    for pattern in (_CITED, _SHORT):
        for match in _articles_of_law(pattern, text):
            law = same_law(match["law"]) if match["law"] else None
            for number, span in _numbers(match):
                found.setdefault(span[0], Citation(number, law, span))
    return tuple(found[start] for start in sorted(found))


def _articles_of_law(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 15) : match.start()]
        if not _NO_ARTICLE.search(before) and not _OF_A_CONTRACT.match(text, match.end("list")):
            yield match


@lru_cache(maxsize=64)
def _given(texts: tuple[str, ...]) -> frozenset[tuple[str, str | None]]:
    """Number and law of what ``texts`` cite, with the law before or behind, ranges included."""
    found: dict[tuple[str, int, str], str | None] = {}
    for text in texts:
        for pattern in (_LAW_FIRST, _CITED, _SHORT):
            for match in _articles_of_law(pattern, text):
                law = same_law(match["law"]) if match["law"] else None
                for number, span in _numbers(match):
                    found.setdefault((text, span[0], number), law)
                for span_of in _RANGE.finditer(match["list"]):
                    for number in _between(span_of[1], span_of[2]):
                        found.setdefault((text, match.start("list"), number), law)
    return frozenset((number, law) for (_, _, number), law in found.items())


def given_articles(subject: Subject) -> frozenset[tuple[str, str | None]]:
    """Number and law of every article that the begrip, the definition or the context names."""
    return _given(_texts(subject))


def _texts(subject: Subject) -> tuple[str, ...]:
    context = (text for values in subject.context.values() for text in values)
    return (subject.begrip, subject.definitie, *context)


def _is_given(citation: Citation, given: frozenset[tuple[str, str | None]]) -> bool:
    return any(
        number == citation.number and (law is None or citation.law in (None, law))
        for number, law in given
    )


def _numbers(match: re.Match[str]) -> Iterator[tuple[str, Span]]:
    """The article numbers of a list, those of its paragraphs left out."""
    text, start = match["list"], match.start("list")
    parts = [part.span() for part in _PART_ONLY.finditer(text)]
    for one in _ONE.finditer(text):
        if not any(begin <= one.start() < end for begin, end in parts):
            yield one[0].lower(), (start + one.start(), start + one.end())


def _between(first: str, last: str) -> Iterator[str]:
    """The articles from ``first`` to ``last``, when both are plain numbers of one book."""
    one, other = (re.fullmatch(r"(\d+[:.])?(\d+)", number) for number in (first, last))
    if one and other and one[1] == other[1] and int(other[2]) - int(one[2]) < 500:
        for number in range(int(one[2]), int(other[2]) + 1):
            yield f"{one[1] or ''}{number}"


def _shown(citation: Citation) -> str:
    return f"artikel {citation.number}" + (f" {citation.law}" if citation.law else "")


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
