"""The check on a definition that begins with a verb instead of what the begrip is.

A list of verbs cannot know them all, and an ending in -t says nothing ("recht", "besluit"). So
beside the rule's own forms one kind is recognised: a present tense in -t whose participle ends
in -d ("verleent" beside "verleend"). Where the two are spelled alike ("verwerkt afval") nothing is
said.
"""

from __future__ import annotations

from voorbeelden.definition.model import Test
from voorbeelden.definition.patterns import at_start
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality.dictionary import known, lemma
from voorbeelden.quality.inflection import is_infinitive, noun_forms

_SHORTEST = 6
"""In letters: among shorter forms are nouns without a plural ("zweet", "kruit")."""


def starts_with_verb(test: Test, definition: Definition) -> Hit | None:
    """The first word is a form of the rule, or a finite verb that cannot be anything else."""
    if (hit := at_start(test, definition)) is not None:
        return hit
    if not definition.words:
        return None
    first = definition.words[0]
    return Hit((first.span,)) if _is_finite(first.key) else None


def _is_finite(word: str) -> bool:
    if not word.endswith("t") or len(word) < _SHORTEST:
        return False
    infinitive = lemma(word)
    if infinitive == word or not is_infinitive(infinitive):
        return False
    participle = word[:-1] + "d"
    if not known(participle) and not known("ge" + participle):
        return False
    # The dictionary also calls "regent" and "biljart" verbs; a plural shows the noun.
    return not any(form != word and lemma(form) == word for form in noun_forms(word))
