"""What does not belong to the text itself: markup, numbering, an introduction, a sign-off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voorbeelden.quality.look import ALL_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level, Span
from voorbeelden.quality.text import quote

MARKUP: Final = Check(
    "opmaak",
    "Opmaak in de tekst",
    "De tekst bevat opmaaktekens, HTML of een nummer uit een lijst.",
    Level.HARD,
    ALL_TYPES,
)
INTRO: Final = Check(
    "inleiding",
    "Inleiding of afsluiting",
    "De tekst bevat woorden van het taalmodel tot de lezer.",
    Level.HARD,
    ALL_TYPES,
)
LINE_BREAK: Final = Check(
    "regeleinde",
    "Regeleinde",
    "De tekst is over regels verdeeld; gevraagd is één doorlopende tekst.",
    Level.HINT,
    ALL_TYPES,
)

_MARKUP: Final = re.compile(
    r"""
    \*\*[^*\n]+\*\* | __[^_\n]+__                       # bold
    | (?<![\w*])\*[^*\s](?:[^*\n]*[^*\s])?\*(?![\w*])   # italic
    | (?<![\w_])_[^_\s](?:[^_\n]*[^_\s])?_(?![\w_])
    | ```[a-z]* | `[^`\n]+`                             # code
    | !?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)                         # link, image
    | </?[a-zA-Z][^<>\n]{0,200}>                        # HTML
    | &(?:[a-z]{2,8}|\#\d{2,5});
    | ^\s{0,3}\#{1,6}\s+(?=\S)                          # heading
    | ^\s{0,3}[-*+•▪]\s+(?=\S)                          # bullet
    | ^\s{0,3}\(?\d{1,2}[.)]\s+(?=["'“‘„*_(]*[^\W\d_])  # number of a list
    | ^\s{0,3}\(?[a-z][.)]\s+(?=["'“‘„*_(]*[^\W\d_])
    | ^\s{0,3}>\s+(?=\S) | ^\s{0,3}\|.+\|\s*$ | ^\s{0,3}(?:-{3,}|\*{3,}|={3,})\s*$
    | \\(?:textbf|textit|emph|begin|item)\b
    """,
    re.VERBOSE | re.MULTILINE,
)

_KIND: Final = (
    r"(?:(?:praktijk|tegen)?voorbeeld(?:en|zin|zinnen)?|synoniem(?:en)?|antoniem(?:en)?|"
    r"toelichting|zin(?:nen)?|casus)"
)
_INTRO: Final = re.compile(
    rf"""
    ^\W*(?:natuurlijk|zeker|uiteraard|graag|prima|oké|absoluut|vanzelfsprekend)
        (?:!|[,.:]\s+(?:hier|hieronder|ik|de\s+volgende|onderstaand))
    | ^\W*(?:hier|hieronder|hierbij|onderstaand|dit)\s
        (?:zijn|is|volgt|volgen|vindt|staan|staat|geef|een|enkele)\b
        [^.!?]{{0,80}}\b{_KIND}\b[^.!?]{{0,80}}(?::|$)
    | ^\W*(?:hieronder|onderstaande?)\s[^.!?:]{{0,60}}\b{_KIND}\b[^.!?:]{{0,60}}[.!]?\W*$
    | ^\W*{_KIND}\s*(?:\d{{1,2}}\s*[:.)–-]|:)\s
    | \bals\s(?:een\s)?(?:AI|taalmodel)[\w-]*\s(?:\w+\s)?ik\b
    | (?:^|(?<=[.!?]\s))(?:laat\s(?:het\s)?(?:me|mij)\s(?:gerust\s|maar\s)?weten|
        ik\shoop\sdat\sdit\s(?:helpt|nuttig|duidelijk|voldoet|je\b|u\b)|
        hopelijk\shelpt\sdit|hebt?\s(?:je|u)\snog\svragen|
        wilt?\s(?:je|u)\s(?:nog\s)?meer\s(?:voorbeelden|{_KIND}))\b[^.!?]*[.!?]*\W*$
    """,
    re.VERBOSE | re.IGNORECASE,
)


def check_markup(look: Look) -> Iterator[Finding]:
    """One finding a check and part, with every place marked."""
    for part, text in look.parts():
        if spans := _spans(_MARKUP, text):
            shown = text[slice(*spans[0])].strip() or text[:10]
            yield look.finding(MARKUP, f"Opmaak in de tekst: {quote(shown)}.", spans, part=part)
        if spans := _spans(_INTRO, text):
            reason = f"Geen deel van het voorbeeld: {quote(text[slice(*spans[0])].strip())}."
            yield look.finding(INTRO, reason, spans, part=part)
        if len(text.strip().splitlines()) > 1:
            yield look.finding(LINE_BREAK, "De tekst staat op meer dan één regel.", part=part)


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in pattern.finditer(text))
