"""Checks on the begrip itself: a plural where a singular exists, a conjugated verb.

The dictionary decides and the spelling must agree, so the ending alone never counts: "gegeven"
and "vermogen" are singular. A word that the dictionary lacks is left alone.
"""

from __future__ import annotations

import re

from voorbeelden.definition.model import Test
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality import compounds
from voorbeelden.quality.dictionary import known, lemma, lemmas
from voorbeelden.quality.inflection import is_infinitive, is_strong, noun_forms
from voorbeelden.quality.text import key

_PREPOSITION = re.compile(
    r"\s+(?:van|op|tot|in|aan|over|voor|met|bij|tegen|door|uit|onder|zonder|jegens|en|of)\s"
)
_SHORTEST_PART = 4
"""In letters: a shorter end of a word is too often a word by chance."""
_LINKS = ("s", "en")
"""What joins the parts of a compound; without one, two words in a row may be no compound."""

# Participles that no infinitive looks like, and what ends in -dt.
_CONJUGATED = re.compile(
    r"\w{0,8}ge\w+(?:d|t|en)$|(?:be|ver|ont|her|er)\w+(?:d|t)$|\w+(?:eerd|eert|dt)$"
)


def plural(test: Test, definition: Definition) -> Hit | None:
    """The head of the begrip is a plural, and not one of the rule's words."""
    term = key(definition.begrip.strip())
    head = _PREPOSITION.split(definition.begrip.strip(), maxsplit=1)[0].split()
    last = key(head[-1]) if head else ""
    if not last or term in test.words or last in test.words:
        return None
    single = _single_of(last)
    return None if single is None else Hit((), {"meervoud": head[-1], "voorstel": single})


def is_verb(begrip: str) -> bool:
    """Whether ``begrip`` is an infinitive ("aanhouden", "beslag leggen") and no noun that looks
    like one: of "vermogen" the dictionary has a plural."""
    last = key(begrip.strip()).split()[-1:]
    return bool(last) and is_infinitive(last[0]) and not has_plural(last[0])


def has_plural(word: str) -> bool:
    """Whether the dictionary holds a plural or a diminutive of ``word``, so that it is a noun."""
    return any(form != word and lemma(form) == word for form in noun_forms(word))


def conjugated(test: Test, definition: Definition) -> Hit | None:
    """The begrip is one word and a verb form that cannot be a noun or an adjective."""
    term = key(definition.begrip.strip())
    if not _CONJUGATED.fullmatch(term) or term in test.words:
        return None
    if not known(term) or is_infinitive(term) or _single_of(term) is not None:
        return None
    infinitive = lemmas(term)[-1]
    if infinitive == term or not is_infinitive(infinitive):
        return None
    return Hit((), {"voorstel": infinitive})


def _single_of(word: str) -> str | None:
    """The noun of which ``word`` is a plural by dictionary and spelling both.

    A compound that the dictionary lacks is the plural that its last part is: "persoonsgegevens".
    """
    if not known(word):
        return _compound_of(word)
    single = lemma(word)
    if single == word and is_infinitive(word) and not is_strong(word):
        # The dictionary gives the verb only; the noun may be there all the same: "getuige".
        single = word[:-1]
        if lemma(single) != single:
            return None
    is_plural = single != word and known(single) and word in noun_forms(single)
    return single if is_plural else None


def _compound_of(word: str) -> str | None:
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART):
        last = word[cut:]
        linked = word[:cut].endswith(_LINKS)
        if linked and known(last) and compounds.holds(word, frozenset({last})):
            single = _single_of(last)
            return None if single is None else word[:cut] + single
    return None
