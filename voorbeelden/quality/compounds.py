"""Longer words that hold a term: "hoofdverdachte", "verdachtenverhoor", "hogerberoepsrechter".

What is left of the word beside the term must be a word too, with or without a linking -s-, -e-
or -en-. That keeps "rechter", "oprecht" and "strafbaar" from counting as compounds of "recht"
and "straf": their rests are affixes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from voorbeelden.quality.dictionary import known, lemmas
from voorbeelden.quality.wordlists import word_list

_AFFIXES: Final = word_list("affixes")
_PREFIXES: Final = word_list("compound_prefixes")
_SHORT_PARTS: Final = word_list("short_parts")
_LOOKALIKES: Final = word_list("no_compounds")
_LINKS: Final = ("en", "s", "e", "n", "")


@lru_cache(maxsize=8192)
def holds(word: str, forms: frozenset[str]) -> bool:
    """Whether ``word`` is a compound in which one of ``forms`` is a part.

    Both are lower case; ``forms`` are the forms of one term, three letters or longer.
    """
    if any(form in _LOOKALIKES for form in lemmas(word)):
        return False
    if "-" in word:
        return any(part in forms for part in word.split("-"))
    return any(
        _right_part(word, form) or _left_part(word, form) for form in forms if len(form) < len(word)
    )


def _right_part(word: str, form: str) -> bool:
    """The term closes the word: "hoofd" + "verdachte"."""
    if not word.endswith(form):
        return False
    rest = word[: -len(form)]
    return rest in _PREFIXES or _is_part(_without_link(rest))


def _left_part(word: str, form: str) -> bool:
    """The term opens the word, or stands in the middle: "verdachte" + "n" + "verhoor"."""
    place = word.find(form)
    if place < 0 or (place and not _is_part(_without_link(word[:place]))):
        return False
    rest = word[place + len(form) :]
    return _is_part(rest[len(link) :] for link in _LINKS if rest.startswith(link))


def _without_link(rest: str) -> Iterable[str]:
    return (rest[: len(rest) - len(link)] for link in _LINKS if rest.endswith(link))


def _is_part(candidates: Iterable[str]) -> bool:
    return any(_is_word(part) or _is_two_words(part) for part in candidates)


def _is_word(part: str) -> bool:
    return (len(part) > 3 or part in _SHORT_PARTS) and part not in _AFFIXES and known(part)


def _is_two_words(part: str) -> bool:
    """What is beside the term may be a compound too: "alimentatie" + "bedrag"."""
    return any(
        _is_word(part[cut:]) and any(map(_is_word, _without_link(part[:cut])))
        for cut in range(4, len(part) - 3)
    )
