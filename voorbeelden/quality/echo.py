"""Echo: a text that repeats the definition instead of showing the begrip at work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from voorbeelden.quality.dictionary import lemma
from voorbeelden.quality.look import ALL_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level, Span
from voorbeelden.quality.text import Word, fold, sentences, words
from voorbeelden.quality.wordlists import word_list

# A fixed legal phrase ("redelijk vermoeden van schuld aan een strafbaar feit", eight words) may
# stand in an example; ten words in a row, or most of a short definition, is a quotation.
_LONG_RUN: Final = 10
_SHORTEST_RUN: Final = 5
_SHARE_OF_DEFINITION: Final = 0.7
# The same in other words: nearly all content words of the definition in one sentence.
_FEWEST_CONTENT_WORDS: Final = 5
_SHARE_OF_CONTENT: Final = 0.8

ECHO: Final = Check(
    "echo_definitie",
    "Herhaalt de definitie",
    "De tekst neemt de definitie geheel of grotendeels over.",
    Level.HINT,
    ALL_TYPES,
)


def check_echo(look: Look) -> Iterator[Finding]:
    """One finding for the longest quotation, or else for a sentence with all the same words."""
    defined = words(look.subject.definitie)
    if len(defined) < _SHORTEST_RUN:
        return
    needed = max(_SHORTEST_RUN, min(_LONG_RUN, round(_SHARE_OF_DEFINITION * len(defined))))
    span, length = _longest_run(defined, words(look.text))
    if length >= needed:
        reason = f"Neemt {length} woorden achter elkaar over uit de definitie."
        yield look.finding(ECHO, reason, (span,))
        return
    content = content_lemmas(look.subject.definitie)
    if len(content) < _FEWEST_CONTENT_WORDS:
        return
    for start, end in sentences(look.text):
        shared = content & content_lemmas(look.text[start:end])
        if len(shared) >= _SHARE_OF_CONTENT * len(content):
            reason = (
                f"Deze zin bevat {len(shared)} van de {len(content)} kernwoorden van de definitie."
            )
            yield look.finding(ECHO, reason, ((start, end),))
            return


@lru_cache(maxsize=512)
def content_lemmas(text: str) -> frozenset[str]:
    """The lemmas of the words that carry meaning, folded."""
    small = word_list("small_words")
    return frozenset(fold(lemma(word.key)) for word in words(text) if word.key not in small)


def _longest_run(defined: Sequence[Word], said: Sequence[Word]) -> tuple[Span, int]:
    """The longest row of words that both hold: its span in ``said`` and its length in words."""
    places: dict[str, list[int]] = {}
    for index, word in enumerate(defined):
        places.setdefault(word.key, []).append(index)
    best, end = 0, 0
    row: dict[int, int] = {}
    for index, word in enumerate(said):
        row = {place: row.get(place - 1, 0) + 1 for place in places.get(word.key, ())}
        longest = max(row.values(), default=0)
        if longest > best:
            best, end = longest, index
    if not best:
        return (0, 0), 0
    return (said[end - best + 1].start, said[end].end), best
