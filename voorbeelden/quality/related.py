"""Words of one family: "aangehouden" and "aanhouding", "verdacht" and "verdachte".

A related word is no form of the begrip, so it does not count as an occurrence; an editor is told
of it, because the sentence is then a small step from a usable one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Final

from voorbeelden.quality.dictionary import known, lemma, lemmas
from voorbeelden.quality.inflection import join, stem_of

# Letters in common at the beginning, and the share of the term that they are.
_ENOUGH_IN_COMMON: Final = ((6, 0.65), (5, 0.75))
_LONGEST_REST: Final = 5
_PREFIXES: Final = ("ver", "be", "ge", "ont", "her", "on")
_ADJECTIVE_SUFFIXES: Final = ("elijk", "lijk", "baar", "ig", "loos", "achtig", "heid", "schap")
_SHORTEST_REST: Final = 4


@lru_cache(maxsize=1024)
def verbs_of(term: str) -> tuple[str, ...]:
    """The verbs that a noun in -ing, -er or nothing is made from: "aanhouding", "aanhouden"."""
    found = []
    for ending in ("ing", "er", "der", "ster", ""):
        if term.endswith(ending):
            stem = term[: len(term) - len(ending)]
            verbs = {stem + "en", join(stem, "en")} if ending else {join(stem, "en")}
            found += sorted(filter(known, verbs))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8192)
def is_related(term: str, word: str) -> bool:
    """Whether ``word`` belongs to the family of ``term``; both lower case."""
    family = _family(term)
    if family & _family(word):
        return True
    if any(family & _family(rest) for rest in _without_prefix(word)):
        return True
    return _same_beginning(term, word)


def _same_beginning(term: str, word: str) -> bool:
    """Two derivations of one stem: "overdragen" and "overdracht", "straf" and "strafbaar"."""
    pairs = zip(term, word, strict=False)
    prefix = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    rest, rest_of_word = term[prefix:], word[prefix:]
    if len(rest_of_word) > _LONGEST_REST or (_is_part(rest) and _is_part(rest_of_word)):
        return False  # "bestuurslid" and "bestuursrecht" share a first part, no stem
    return any(
        prefix >= fewest and prefix >= share * len(term) for fewest, share in _ENOUGH_IN_COMMON
    )


def _is_part(rest: str) -> bool:
    return len(rest) > 2 and known(rest)


def _without_prefix(word: str) -> Iterator[str]:
    """What stands behind a prefix that makes no compound: "huurder" in "verhuurder"."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_REST:
            yield word[len(prefix) :]


@lru_cache(maxsize=8192)
def _family(word: str) -> frozenset[str]:
    chain = lemmas(word)
    found = {*chain, lemma(chain[-1])}
    for form in chain:
        found.update(verbs_of(form))
        if form.endswith("en"):
            found |= {form[:-2] + "ing", stem_of(form) + "ing"}
        found.update(form.removesuffix(suffix) for suffix in _ADJECTIVE_SUFFIXES)
    return frozenset(form for form in found if len(form) > 2)
