"""Forms of a Dutch word by the rules of spelling, for words that no dictionary holds.

Legal terms are often compounds ("derdenbeslag", "rijksmonument") or nouns made of participles
("tenlastegelegde"); their forms follow from the last syllable. The rules are those of
any Dutch grammar (Haeseryn and others, Algemene Nederlandse Spraakkunst, 2nd edition, 1997): open
syllables lose a vowel, closed ones double a consonant, f and s become v and z.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from voorbeelden.quality.dictionary import known, lemma
from voorbeelden.quality.wordlists import strong_verbs, word_list

_VOWELS: Final = "aeiouáéíóúäëïöüàèê"
_LONG: Final = re.compile(r"(aa|ee|oo|uu)([bcdfgklmnprstvz])$")
_SHORT: Final = re.compile(rf"(?<![{_VOWELS}])[aeiou]([bcdfgklmnprstz])$|^[aeiou]([bdfgklmnprst])$")
_UNSTRESSED: Final = re.compile(r".+[^aeiou](e[lmnr]|or|i[gk])$")
# Short in the singular, long in the plural: dag, dagen. Closed class; the last part decides.
_LENGTHENS: Final = re.compile(
    r"(?:dag|weg|bod|drag|bevel|brek|hof|lof|slot|spel|pad|graf|glas|staf|lot|schot|oorlog|bed|"
    r"dal|bad|slag|vat|dak|god|blad|tred)$"
)
_OWN_PLURALS: Final = (
    ("heid", "heden"),
    ("lid", "leden"),
    ("stad", "steden"),
    ("schip", "schepen"),
    ("um", "a"),
    ("icus", "ici"),
    ("kind", "kinderen"),
    ("goed", "goederen"),
    ("blad", "bladeren"),
    ("man", "lieden"),
    ("man", "lui"),
)
_PREFIXES: Final = ("be", "ge", "ver", "ont", "her", "er")


def join(stem: str, ending: str) -> str:
    """``stem`` + ``ending`` ("e", "en", "er") as Dutch spells it.

    >>> join("daad", "en"), join("wet", "en"), join("brief", "en"), join("bewijs", "en")
    ('daden', 'wetten', 'brieven', 'bewijzen')
    """
    if long := _LONG.search(stem):
        return stem[: long.start()] + long[1][0] + _voiced(long[2]) + ending
    if _SHORT.search(stem):
        if _LENGTHENS.search(stem):
            return stem[:-1] + _voiced(stem[-1]) + ending
        if _UNSTRESSED.match(stem):
            return stem + ending
        return stem + stem[-1] + ending
    if re.search(r"(?:[iuoe][ejiu]|[rln])[fs]$|ij[fs]$|ou[fs]$", stem):
        return stem[:-1] + _voiced(stem[-1]) + ending
    return stem + ending


def _voiced(consonant: str) -> str:
    return {"f": "v", "s": "z"}.get(consonant, consonant)


def stem_of(infinitive: str) -> str:
    """The stem that ``infinitive`` conjugates from: 'maken', 'maak'; 'zetten', 'zet'."""
    stem = infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]
    if len(stem) > 1 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return stem[:-1]
    bare = {"v": "f", "z": "s"}.get(stem[-1:], stem[-1:])
    if re.search(rf"(?<![{_VOWELS}])[aou][bcdfgklmnprstvz]$", stem) or (
        re.search(rf"(?<![{_VOWELS}])e[bcdfgklmnprstvz]$", stem)
        and (len(re.findall(rf"[{_VOWELS}]+", stem)) == 1 or stem.endswith("er"))
    ):
        return stem[:-2] + stem[-2] * 2 + bare
    return stem[:-1] + bare


@lru_cache(maxsize=1024)
def noun_forms(noun: str) -> frozenset[str]:
    """Plurals, diminutives and genitives that ``noun`` can have (more than it does have)."""
    plurals = {join(noun, "en"), noun + "s", noun + "'s"}
    if noun.endswith(("f", "s")):
        # Foreign words and -ns keep their consonant: "paragrafen", "kansen", "balansen".
        plurals |= {noun + "en", *({_unvoiced(noun)} if _LONG.search(noun) else ())}
    if noun.endswith("e"):
        plurals |= {noun + "n", noun + "ën"}
    if noun.endswith("ie"):
        plurals.add(noun[:-1] + "ën")
    for singular, plural in _OWN_PLURALS:
        if noun.endswith(singular):
            plurals.add(noun[: -len(singular)] + plural)
    return frozenset(plurals | _diminutives(noun))


def _unvoiced(noun: str) -> str:
    return noun[:-2] + noun[-1] + "en"


def _diminutives(noun: str) -> set[str]:
    small = {noun + "je", noun + "tje", noun + "pje"}
    if noun.endswith("ing"):
        small.add(noun[:-1] + "kje")
    if _SHORT.search(noun):
        small.add(noun + noun[-1] + "etje")
    return small | {form + "s" for form in small}


@lru_cache(maxsize=1024)
def adjective_forms(word: str) -> frozenset[str]:
    """The inflected form of an adjective and the bare one of an inflected: openbaar, openbare."""
    forms = {join(word, "e"), word + "e"}
    if word.endswith("e"):
        # "-er" is the old case ending of "te goeder trouw".
        forms |= {lemma(word), word[:-1], word + "r"}
    return frozenset(forms)


@lru_cache(maxsize=1024)
def verb_forms(infinitive: str) -> frozenset[str]:
    """Finite forms and participles of an infinitive, strong or weak, the -e of adjectives included.

    A weak form that is itself a lemma of the dictionary is left out: "gerecht" is a word of its
    own, not the participle of "rechten".
    """
    strong = _strong_forms(infinitive)
    if strong or not infinitive.endswith("en") or len(infinitive) < 5:
        return strong
    stem = stem_of(infinitive)
    hard = infinitive[:-2][-1] in "tkfschxp"
    past = "te" if hard else "de"
    participle = stem if stem.endswith("t" if hard else "d") else stem + past[0]
    if not infinitive.startswith(_PREFIXES):
        participle = "ge" + participle
    present = stem if stem.endswith("t") else stem + "t"
    forms = {present, stem + past, stem + past + "n", participle, participle + "e"}
    forms |= {participle + "en", infinitive + "d", infinitive + "de"}
    return frozenset(form for form in forms if not (known(form) and lemma(form) == form))


def _strong_forms(infinitive: str) -> frozenset[str]:
    """The forms of a verb that ends in a strong one: "ontbinden" goes like "binden"."""
    for cut in range(len(infinitive) - 3):
        prefix, base = infinitive[:cut], infinitive[cut:]
        if base not in strong_verbs() or (prefix and not _is_verb_prefix(prefix)):
            continue
        past, participle = strong_verbs()[base]
        participles = {prefix + participle, prefix + participle.removeprefix("ge")}
        present = prefix + stem_of(base).removesuffix("t") + "t"
        forms = {present, prefix + past, prefix + _past_plural(past), *participles}
        forms |= {participle + "e" for participle in participles if participle.endswith("d")}
        return frozenset({*forms, infinitive + "d", infinitive + "de"})
    return frozenset()


def is_strong(infinitive: str) -> bool:
    """Whether the verb changes its vowel, so that its participle ends in -en: "geven", "verbieden".

    >>> is_strong("verbieden"), is_strong("verwerken")
    (True, False)
    """
    return bool(_strong_forms(infinitive))


def _is_verb_prefix(prefix: str) -> bool:
    return prefix in _PREFIXES or prefix in word_list("particles") or prefix == "mis"


def _past_plural(past: str) -> str:
    """From "gaf" to "gaven", "bood" to "boden", "bracht" to "brachten"."""
    if past.endswith("e"):
        return past + "n"
    if re.search(r"a[bcdfgklmnprstz]$", past):
        return past[:-1] + _voiced(past[-1]) + "en"
    return join(past, "en")


def is_infinitive(word: str) -> bool:
    """Whether ``word`` can be the infinitive of a verb; "zaken" and "rechten" are not, "huren" is.

    The dictionary lists many infinitives as the plural of a noun, so a finite form is asked too.
    """
    if _strong_forms(word):
        return True
    if not word.endswith("en") or len(word) < 5:
        return False
    stem = stem_of(word)
    if not known(word):
        return False
    return lemma(word) == word or word in (
        lemma(stem + "t"),
        lemma(stem + "de"),
        lemma(stem + "te"),
    )
