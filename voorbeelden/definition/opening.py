"""The checks on a definition that begins with something else than what the begrip is.

Of a verb ("aanhouden") a definition is a group of words with its infinitive at the end ("een
verdachte van zijn vrijheid beroven"), so how a noun's definition begins says nothing about it.

A list of verbs cannot know them all, and an ending in -t says nothing ("recht", "besluit"). So
beside the rule's own forms two kinds are recognised: a present tense in -t whose participle ends
in -d ("verleent" beside "verleend"), and that of a verb whose participle ends in -en ("verbiedt"
beside "verboden"). Where the two are spelled alike ("verwerkt afval") nothing is said.
"""

from __future__ import annotations

from voorbeelden.definition.model import Test
from voorbeelden.definition.patterns import at_start
from voorbeelden.definition.term import has_plural, is_verb
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality.dictionary import known, lemma
from voorbeelden.quality.inflection import is_infinitive, is_strong, stem_of
from voorbeelden.quality.text import key

_SHORTEST = 6
"""In letters: among shorter forms of weak verbs are nouns without a plural ("zweet", "kruit")."""


def noun_starts_with(test: Test, definition: Definition) -> Hit | None:
    """The definition begins with a pattern of the rule, and with a noun thereafter if its begrip
    is a verb: "het plaatsen van een bouwwerk", not "het besluit ongedaan maken"."""
    hit = at_start(test, definition)
    if hit is None or not _defines_verb(definition):
        return hit
    ((start, end),) = hit.spans
    following = next((word.key for word in definition.words if word.start >= end), "")
    made_of_verb = key(definition.text[start:end]) in ("het", "'t") and is_verb(following)
    return hit if made_of_verb else None


def _defines_verb(definition: Definition) -> bool:
    """Of a begrip that is a noun as well ("eten"), the end of its definition tells."""
    begrip, last = key(definition.begrip.strip()).split(), definition.words[-1:]
    if is_verb(definition.begrip):
        return True
    return bool(begrip and last) and is_infinitive(begrip[-1]) and is_infinitive(last[0].key)


def starts_with_verb(test: Test, definition: Definition) -> Hit | None:
    """The first word is a form of the rule, or a finite verb that cannot be anything else."""
    if (hit := at_start(test, definition)) is not None:
        return hit
    if not definition.words:
        return None
    first = definition.words[0]
    return Hit((first.span,)) if _is_finite(first.key) else None


def _is_finite(word: str) -> bool:
    infinitive = lemma(word)
    if not word.endswith("t") or infinitive == word or not is_infinitive(infinitive):
        return False
    # The dictionary also calls "regent" and "biljart" verbs; a plural shows the noun.
    return not has_plural(word) and (
        _is_present_of_strong(word, infinitive) or _is_present_of_weak(word)
    )


def _is_present_of_strong(word: str, infinitive: str) -> bool:
    """ "Verbiedt" is; "verdacht" is a participle, and a stem in -t may be a noun: "bezit"."""
    return is_strong(infinitive) and word == stem_of(infinitive) + "t"


def _is_present_of_weak(word: str) -> bool:
    if len(word) < _SHORTEST:
        return False
    participle = word[:-1] + "d"
    return known(participle) or known("ge" + participle)
