"""Words and sentences of Dutch text, with their places in it.

Places count in the text as given; only the ``key`` of a word is normalised, so a mark on the
screen always covers the characters that were judged.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voorbeelden.quality.model import Span
from voorbeelden.quality.wordlists import word_list

_LETTER: Final = "[^\\W_]|[\u0300-\u036f\u00ad]"
_JOINER: Final = "['’‘\\-\u2010\u2011]"
_WORD: Final = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}|(?:{_LETTER})+(?:{_JOINER}(?:{_LETTER})+)*", re.UNICODE
)
_KEY: Final = str.maketrans({"’": "'", "‘": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})

_CLOSERS: Final = "\"'”’»)\\]"
_OPENERS: Final = "\"'“‘„«(\\["
_BOUNDARY: Final = re.compile(
    rf"[.!?…]+[{_CLOSERS}]*(?=\s+[{_OPENERS}]*(?:['’][a-z]\s)?[A-ZÀ-ÖØ-Þ0-9])|\n+"
)
_NEVER_LAST: Final = word_list("abbreviations_never_last")
_MAYBE_LAST: Final = word_list("abbreviations_maybe_last")
_STARTERS: Final = word_list("sentence_starters")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands; ``key`` is NFC, lower case, straight quotes, without dots."""

    text: str
    start: int
    end: int
    key: str

    @property
    def span(self) -> Span:
        return self.start, self.end


@lru_cache(maxsize=16_384)
def key(word: str) -> str:
    """The form under which words are compared and looked up."""
    if word.isascii():
        return word.replace(".", "").lower()
    return unicodedata.normalize("NFC", word).translate(_KEY).replace(".", "").casefold()


def fold(text: str) -> str:
    """``text`` without accents: 'coöperatie' and 'cooperatie' are one word to an editor."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """The words of ``text`` in order; numbers count, punctuation does not."""
    return tuple(
        Word(match[0], match.start(), match.end(), key(match[0])) for match in _WORD.finditer(text)
    )


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of ``text`` as spans without the white space around them.

    A full stop after an abbreviation ("art. 27", "mr. Jansen", an initial) is no end; after one
    that can also close a sentence ("enz.", "B.V.") the next word decides.
    """
    spans = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if text[match.start()] == "." and not _ends_here(text, start, match.start(), match.end()):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return tuple(_trimmed(text, span) for span in spans if text[slice(*span)].strip())


def _ends_here(text: str, start: int, dot: int, end: int) -> bool:
    last = text[max(start, dot - 40) : dot].split()[-1:] or [""]
    word = last[0].lstrip("\"'“‘„«([").casefold()
    if word in _NEVER_LAST or (len(word) == 1 and word.isalpha()):
        return False
    if word in _MAYBE_LAST:
        following = words(text[end : end + 40])
        return bool(following) and following[0].key in _STARTERS
    return True


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def plain(text: str) -> str:
    """``text`` as its words alone, folded: equal for texts that differ in dress only."""
    return " ".join(fold(word.key) for word in words(text))


def quote(text: str, limit: int = 60) -> str:
    """``text`` in Dutch quotation marks for a reason, cut at a word when it is long."""
    line = " ".join(text.split())
    if len(line) > limit:
        line = line[:limit].rsplit(" ", 1)[0].rstrip(",;: ") + " …"
    return f"‘{line}’"
