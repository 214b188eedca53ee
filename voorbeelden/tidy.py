"""Text made clean: what an editor typed, and what a model wrote. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_SIGNS: Final = re.compile(r"[^\w\s]|_")
_VISIBLE: Final = {"Cc": " ", "Cf": "", "Cs": ""}
_UNWANTED: Final = frozenset({"Cc", "Cf", "Cs"})
"""Control and format characters, and halves of surrogate pairs, which no JSON can carry."""


def tidy(text: str) -> str:
    """NFC, without characters that nobody sees other than line ends, and without outer white
    space: a text of zero-width spaces alone is empty."""
    plain = text.replace("\t", " ")
    kept = (char for char in plain if char == "\n" or unicodedata.category(char) not in _UNWANTED)
    # Last: a letter and its accent may only now stand side by side.
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def one_line(text: str) -> str:
    """One line of NFC text without control or invisible format characters (bidi overrides among
    them): what the reader sees is what is kept."""
    if not text.isprintable():
        text = "".join(_VISIBLE.get(unicodedata.category(char), char) for char in text)
    # After the above: a letter and its accent may only now stand side by side.
    text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", text).strip()


def likeness(text: str) -> str:
    """The same for texts that differ in case, punctuation or spacing only: a model that is asked
    thrice at once gives the same sentence with another full stop. Signs alone are themselves."""
    words = _SIGNS.sub(" ", text.casefold())
    return _SPACE.sub(" ", words).strip() or text
