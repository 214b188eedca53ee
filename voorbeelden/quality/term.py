"""A begrip as its words, each with the forms it can take.

What an editor typed becomes one or more variants: "Algemene wet bestuursrecht (Awb)" is the name
or the abbreviation, "koper/verkoper" is either word, and a leading article is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Final

from voorbeelden.quality.dictionary import known, lemma, lemmas
from voorbeelden.quality.inflection import adjective_forms, is_infinitive, noun_forms, verb_forms
from voorbeelden.quality.text import Word, fold, words
from voorbeelden.quality.wordlists import word_list

_ARTICLES: Final = ("de", "het", "een")
_FUNCTION_WORDS: Final = word_list("function_words")
_ACRONYM: Final = re.compile(r"[A-Z]{2,6}")
_ADJECTIVE: Final = re.compile(
    r"(?:lijke?|ige?|ische?|bare|baar|zaam|zame|loos|loze|ende?|iele|eel)$"
)
_ONE_NAME: Final = re.compile(r"[A-Z][\w.&-]*")


class Match(IntEnum):
    """How a text holds a begrip; the higher, the stronger."""

    RELATED = 1
    """A word of the same family only: "verdacht" for "verdachte"."""
    COMPOUND = 2
    """A part of a longer word: "hoofdverdachte"."""
    SEPARATED = 3
    """A verb taken apart, or a verb phrase with other words between: "hield … aan"."""
    INFLECTED = 4
    """An inflected form: "verdachten"."""
    EXACT = 5
    """As it stands, capitals and accents aside."""


def bare(key: str) -> str:
    """``key`` without accents, hyphens and apostrophes: "e-mail" and "email" are one word."""
    return fold(key).replace("-", "").replace("'", "")


@dataclass(frozen=True)
class TermWord:
    """One word of a begrip: ``text`` as typed, ``key`` as compared.

    A ``modifier`` stands before the last word of a begrip of several words.
    """

    text: str
    key: str
    modifier: bool = False

    @cached_property
    def bare(self) -> str:
        return bare(self.key)

    @cached_property
    def acronym(self) -> str | None:
        """The capitals of an abbreviation: "OM" must not be found in the Dutch word "om"."""
        letters = self.text.replace(".", "")
        if not _ACRONYM.fullmatch(letters):
            return None
        # A longer word that the dictionary knows is only shouted: "MOORD".
        return None if len(letters) > 3 and known(letters.lower()) else letters

    @cached_property
    def is_verb(self) -> bool:
        return is_infinitive(self.key)

    @cached_property
    def noun_forms(self) -> frozenset[str]:
        """The word itself and its forms as a noun, bare."""
        return frozenset(bare(form) for form in noun_forms(self.key)) | {self.bare}

    @cached_property
    def forms(self) -> frozenset[str]:
        forms = set(self.noun_forms)
        if self.is_verb:
            forms |= {bare(form) for form in verb_forms(self.key)}
        if self.modifier or _ADJECTIVE.search(self.key):
            forms |= {bare(form) for form in adjective_forms(self.key)}
        return frozenset(forms)

    def match(self, word: Word) -> Match | None:
        """EXACT, INFLECTED or ``None``."""
        if self.acronym is not None:
            return self._match_acronym(word.text.replace(".", ""))
        found = bare(word.key)
        if found == self.bare:
            return Match.EXACT
        if self.key in _FUNCTION_WORDS:
            return None
        if len(self.key) < 3:
            return Match.INFLECTED if word.key == self.key + "'s" else None
        return Match.INFLECTED if found in self.forms or self._is_form(word.key) else None

    def _match_acronym(self, found: str) -> Match | None:
        if found == self.acronym:
            return Match.EXACT
        return Match.INFLECTED if re.fullmatch(rf"{self.acronym}[’'][a-z]{{1,2}}", found) else None

    def _is_form(self, key: str) -> bool:
        if self.key in lemmas(key) or self._is_form_by_parts(key):
            return True
        if not self.is_verb and self.key.endswith(("n", "s", "e")):
            # The begrip is a plural or an inflected adjective itself.
            if len(key) > 2 and self.key in noun_forms(key):
                return True
            base = lemma(self.key)
            if base != self.key and self.key.startswith(base[:3]) and key == base:
                return not base.endswith("en") and not _is_participle(self.key, base)
        return not known(key) and self._same_tail(key)

    def _is_form_by_parts(self, key: str) -> bool:
        """Both halves can take an ending: "getuigen-deskundigen"."""
        mine, theirs = self.key.split("-"), key.split("-")
        return len(mine) == len(theirs) > 1 and all(
            TermWord(one, one).match(Word(other, 0, 0, other))
            for one, other in zip(mine, theirs, strict=True)
        )

    def _same_tail(self, key: str) -> bool:
        """The dictionary lacks the compound and knows its last part: "…steden", "…gelegd"."""
        for cut in range(3, min(len(key), len(self.key)) - 2):
            if key[:cut] != self.key[:cut]:
                return False
            tail = key[cut:]
            if tail != self.key[cut:] and known(tail) and lemma(tail) == self.key[cut:]:
                return True
        return False


def _is_participle(word: str, base: str) -> bool:
    """A noun made of a participle ("verdachte") is no form of it; "bijzondere" is a form."""
    return word == base + "e" and lemma(base).endswith("en") and lemma(base) != base


@dataclass(frozen=True)
class Variant:
    """One way to write a begrip: one or more words in order."""

    words: tuple[TermWord, ...]

    @cached_property
    def content(self) -> tuple[TermWord, ...]:
        return tuple(word for word in self.words if word.key not in _FUNCTION_WORDS)

    def in_acronym_compound(self, word: Word) -> bool:
        """Whether the abbreviation stands before a hyphen: "IND-ambtenaar"."""
        acronym = self.words[-1].acronym
        return len(self.words) == 1 and acronym in re.split("[-\u2010\u2011]", word.text)[:-1]

    @cached_property
    def joined(self) -> frozenset[str]:
        """The forms that this variant can have as a part of a compound, three letters or more."""
        last = self.words[-1]
        if last.acronym is not None and len(self.words) == 1:
            return frozenset()
        first = "".join(word.bare for word in self.words[:-1])
        plain = {form for form in last.noun_forms if not form.endswith(("je", "jes"))}
        plain |= {form[:-2] for form in plain if form.endswith("eren")}  # kinder-, goeder-
        return frozenset(first + form for form in plain if len(first + form) > 2)

    @cached_property
    def is_verb_phrase(self) -> bool:
        """Several words of which the last is a verb: "in beslag nemen", "toezicht houden"."""
        if len(self.words) < 2 or not self.words[-1].is_verb:
            return False
        before = self.words[-2].key
        return not (_ADJECTIVE.search(before) or (before.endswith("e") and lemma(before) != before))


@lru_cache(maxsize=256)
def variants(begrip: str) -> tuple[Variant, ...]:
    """The variants of ``begrip`` in the order in which they are written; empty for no words."""
    outside = re.sub(r"\([^)]*\)", " ", begrip)
    # "Hoge Raad (HR)" or "HR (Hoge Raad)"; any other words in brackets only narrow the begrip.
    short = _ACRONYM.fullmatch(outside.strip()) is not None
    inside = [
        part for part in re.findall(r"\(([^)]*)\)", begrip) if short or _ONE_NAME.fullmatch(part)
    ]
    found = []
    for text in [*re.split(r"[/;]", outside), *inside]:
        parts = words(text)
        if len(parts) > 1 and parts[0].key in _ARTICLES:
            parts = parts[1:]
        if parts:
            modifiers = (TermWord(word.text, word.key, modifier=True) for word in parts[:-1])
            last = TermWord(parts[-1].text, parts[-1].key)
            found.append(Variant((*modifiers, last)))
    return tuple(found)
