"""How hard a text reads: the Flesch-Douma formula for Dutch.

``206.84 − 0.93 × words per sentence − 77 × syllables per word``; the higher, the easier. W.H.
Douma fitted Flesch's formula to Dutch ("De leesbaarheid van landbouwbladen", Wageningen, 1960);
formula and classes as given in https://dbnl.org/tekst/_taa014197701_01/_taa014197701_01_0089.php,
which rounds the constant to 206.8. It was made for samples of about a hundred words, and legal
Dutch with its long compounds scores low by nature: a measurement, never a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voorbeelden.quality.look import PROSE_TYPES, Look
from voorbeelden.quality.model import Check, Finding, Level
from voorbeelden.quality.text import sentences, words
from voorbeelden.quality.wordlists import word_list

READABILITY: Final = Check(
    "leesbaarheid",
    "Leesbaarheid",
    "Score volgens de formule van Flesch-Douma; hoger is gemakkelijker.",
    Level.INFO,
    PROSE_TYPES,
)

_FEWEST_WORDS: Final = 30
_CLASSES: Final = (
    (30, "zeer moeilijk"),
    (45, "moeilijk"),
    (60, "tamelijk moeilijk"),
    (70, "normaal"),
    (80, "tamelijk gemakkelijk"),
    (90, "gemakkelijk"),
)
# One match is one vowel sound; the longest spelling goes first.
_NUCLEUS: Final = re.compile(
    r"aai|ëi|ëe|ëu|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|[aeiouyáéíóúäëïöüàèêôûîâ]"
)


@dataclass(frozen=True, slots=True)
class Readability:
    """Counts of a text and its score."""

    words: int
    sentences: int
    syllables: int

    @property
    def score(self) -> float:
        """Flesch-Douma: mostly between 0 and 100, below 0 for very long words or sentences."""
        return 206.84 - 0.93 * self.words / self.sentences - 77 * self.syllables / self.words

    @property
    def label(self) -> str:
        """Douma's class, in Dutch."""
        return next((name for top, name in _CLASSES if self.score < top), "zeer gemakkelijk")


def readability(text: str) -> Readability | None:
    """The counts of ``text``, numbers left out; ``None`` when it holds no words."""
    said = [word for word in words(text) if not word.text[0].isdigit()]
    if not said:
        return None
    return Readability(len(said), len(sentences(text)), sum(syllables(word.text) for word in said))


@lru_cache(maxsize=16_384)
def syllables(word: str) -> int:
    """Spoken syllables of a Dutch word, by its vowels; an abbreviation is read by its letters."""
    letters = re.sub(r"[^\w]", "", word)
    if len(letters) < 6 and (letters.isupper() or "." in word):
        return len(letters)
    lower = letters.lower().replace("qu", "kw")
    lower = re.sub(r"(?<![aeiou])y(?=[aeiou])", "j", lower)  # yoghurt
    apart = sum(lower.count(seam) for seam in word_list("vowel_seams"))
    return max(1, len(_NUCLEUS.findall(lower)) + apart)


def check_readability(look: Look) -> Iterator[Finding]:
    """The score of a text of thirty words or more; on fewer it says nothing."""
    measured = readability(look.text)
    if measured is None or measured.words < _FEWEST_WORDS:
        return
    per_sentence = f"{measured.words / measured.sentences:.0f}"
    per_word = f"{measured.syllables / measured.words:.1f}".replace(".", ",")
    yield look.finding(
        READABILITY,
        f"Leesbaarheid {measured.score:.0f} ({measured.label}): gemiddeld {per_sentence} woorden "
        f"per zin en {per_word} lettergrepen per woord.",
    )
