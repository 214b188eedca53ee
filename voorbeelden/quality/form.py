"""Outward form of the texts: length, sentences, capital, end mark, opening pronoun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from voorbeelden.model import ExampleType
from voorbeelden.quality.dictionary import lemma
from voorbeelden.quality.look import ALL_TYPES, MOST_CHARACTERS, PROSE_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level
from voorbeelden.quality.text import quote, sentences, words
from voorbeelden.quality.wordlists import word_list

WORD_COUNTS: Final[Mapping[ExampleType, tuple[int, int]]] = {
    ExampleType.VOORBEELDZINNEN: (10, 25),
    ExampleType.TOELICHTING: (60, 120),
    ExampleType.SYNONIEMEN: (1, 5),
    ExampleType.ANTONIEMEN: (1, 5),
}
"""Fewest and most words, as the prompts ask; five words for a term is our own bound."""
SENTENCE_COUNTS: Final[Mapping[ExampleType, tuple[int, int]]] = {
    ExampleType.VOORBEELDZINNEN: (1, 1),
    ExampleType.PRAKTIJKVOORBEELDEN: (2, 4),
    ExampleType.TEGENVOORBEELDEN: (1, 2),
}
"""Fewest and most sentences, as the prompts ask."""

EMPTY: Final = Check("leeg", "Leeg", "Er staat geen tekst.", Level.HARD, ALL_TYPES)
LENGTH: Final = Check(
    "lengte",
    "Lengte",
    "Het aantal woorden ligt buiten wat voor deze soort is gevraagd.",
    Level.HINT,
    ALL_TYPES,
)
SENTENCES: Final = Check(
    "aantal_zinnen",
    "Aantal zinnen",
    "Het aantal zinnen ligt buiten wat voor deze soort is gevraagd.",
    Level.HINT,
    tuple(SENTENCE_COUNTS),
)
CAPITAL: Final = Check(
    "hoofdletter",
    "Geen hoofdletter",
    "Een zin begint met een hoofdletter.",
    Level.HARD,
    PROSE_TYPES,
)
END_MARK: Final = Check(
    "eindteken", "Geen eindteken", "Een zin eindigt met een leesteken.", Level.HARD, PROSE_TYPES
)
PRONOUN: Final = Check(
    "verwijswoord",
    "Begint met een verwijswoord",
    "Een voorbeeld is begrijpelijk zonder de tekst eromheen.",
    Level.HINT,
    (
        ExampleType.VOORBEELDZINNEN,
        ExampleType.PRAKTIJKVOORBEELDEN,
        ExampleType.TEGENVOORBEELDEN,
    ),
)

_CLOSERS: Final = "\"'”’»)] \t\n"
_NO_SPACE: Final = re.compile(r"\S+")
# A list's mark is another check's; after ’s in "’s Avonds" the next word takes the capital.
_BEFORE_FIRST_WORD: Final = re.compile(
    r"\s*(?:(?:\(?[a-z\d]{1,2}[.)]|[-*•#>]+)\s+)?[\"“„«(\[\s]*(?:['’‘][stnk]\s+)?[\"'“‘’„«(\[\s]*"
)


def check_form(look: Look) -> Iterator[Finding]:
    """Everything about the outward form of one item; nothing else for an empty one."""
    if not words(look.text):
        yield look.finding(EMPTY, "Er staat geen tekst.")
        return
    yield from _counts(look)
    if look.kind in PROSE_TYPES:
        yield from _capital(look)
        yield from _end_mark(look)
    if look.kind in PRONOUN.types:
        yield from _pronoun(look)


def _counts(look: Look) -> Iterator[Finding]:
    if len(look.item.text) > MOST_CHARACTERS:
        reason = f"Langer dan {MOST_CHARACTERS} tekens; alleen het begin is bekeken."
        yield look.finding(LENGTH, reason)
        return
    for check, bounds, count, unit in (
        (LENGTH, WORD_COUNTS, len(words(look.text)), ("woord", "woorden")),
        (SENTENCES, SENTENCE_COUNTS, len(sentences(look.text)), ("zin", "zinnen")),
    ):
        if look.kind not in bounds:
            continue
        fewest, most = bounds[look.kind]
        if not fewest <= count <= most:
            asked = str(most) if fewest == most else f"{fewest} tot {most}"
            name = unit[count != 1]
            yield look.finding(check, f"{count} {name}; gevraagd is {asked}.")


def _level(look: Look) -> Level:
    """A tegenvoorbeeld may be a mere designation ("een getuige"), without capital and stop."""
    return Level.HINT if look.kind is ExampleType.TEGENVOORBEELDEN else Level.HARD


def _capital(look: Look) -> Iterator[Finding]:
    before = _BEFORE_FIRST_WORD.match(look.text)
    first = _NO_SPACE.match(look.text, before.end() if before else 0)
    # A name may keep a small letter and a capital behind it: eHerkenning, iDEAL.
    if first and first[0][0].islower() and first[0] == first[0].lower():
        reason = f"De zin begint met een kleine letter: {quote(first[0])}."
        yield look.finding(CAPITAL, reason, (first.span(),), level=_level(look))


def _end_mark(look: Look) -> Iterator[Finding]:
    text = look.text.rstrip(_CLOSERS)
    if text.endswith((".", "!", "?", "…")):
        return
    last = words(look.text)[-1]
    reason = f"Na {quote(last.text)} staat geen punt, vraagteken of uitroepteken."
    yield look.finding(END_MARK, reason, (last.span,), level=_level(look))


def _pronoun(look: Look) -> Iterator[Finding]:
    first, *others = words(look.text)
    behind = others[0].key if others else ""
    if _refers_back(first.key, behind):
        reason = f"{quote(first.text)} verwijst naar iets wat de lezer niet ziet."
        yield look.finding(PRONOUN, reason, (first.span,))


def _refers_back(first: str, behind: str) -> bool:
    if first in word_list("pronouns_always"):
        return True
    if first in ("hij", "zij", "ze"):
        return behind != "die"  # "Zij die zich verzetten" names its own people
    if first in ("dat", "daar", "zijn"):
        # As conjunctions or verb they open a clause: "Dat de verdachte zweeg, …".
        return behind not in word_list("clause_openers") and not _is_plural(behind)
    return False


def _is_plural(word: str) -> bool:
    if word in word_list("auxiliaries"):
        return False
    return word.endswith("en") or (word.endswith("s") and lemma(word) != word)
