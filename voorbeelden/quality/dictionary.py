"""The Dutch dictionary: word forms and their lemmas, from the package simplemma.

The import and the dictionary cost about 0.8 s and 57 MB, so both wait for the first question.
``warm_up`` asks one, for a caller that has a moment to spare.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simplemma.strategies import DictionaryLookupStrategy

_MOST_STEPS: Final = 4
_FEMALE: Final = re.compile(r"(?:ster|sters|eres|eressen|trice|trices|euse|euses)$")


@cache
def _dictionary() -> DictionaryLookupStrategy:
    from simplemma.strategies import DictionaryLookupStrategy

    return DictionaryLookupStrategy()


def warm_up() -> None:
    """Load the dictionary now, in the calling thread."""
    lemma("wet")


@lru_cache(maxsize=32_768)
def _look_up(word: str) -> str | None:
    found = _dictionary().get_lemma(word, "nl")
    if found is None:
        return None
    # The dictionary gives "werknemer" for "werkneemster": a word made of another, no inflection.
    if bool(_FEMALE.search(word)) != bool(_FEMALE.search(found)):
        return word
    # Participles of separable verbs are stored with their seam: "aangehouden" is "aan_houden".
    return found.replace("_", "").casefold()


def known(word: str) -> bool:
    """Whether the dictionary holds ``word`` (lower case, as ``text.key`` gives it)."""
    return bool(word) and _look_up(word) is not None


def lemma(word: str) -> str:
    """The lemma of a lower-case word form; the word itself when the dictionary lacks it."""
    return (_look_up(word) if word else None) or word


@lru_cache(maxsize=32_768)
def lemmas(word: str) -> tuple[str, ...]:
    """``word``, its lemma, the lemma of that, and so on while they are inflections.

    One step is too few: "veroordeelden" is stored under "veroordeelde", that under
    "veroordeeld". A step too many changes the word: the dictionary also holds "besluiten" as
    the plural of "besluit", which would make "besloten" a form of that noun. So once a step has
    led to an infinitive the road ends.
    """
    chain = [word]
    while len(chain) <= _MOST_STEPS:
        following = lemma(chain[-1])
        if following in chain:
            break
        chain.append(following)
        if following.endswith(("en", "aan", "ien", "oen")):
            break
    return tuple(chain)
