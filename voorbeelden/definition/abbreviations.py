"""The check on abbreviations that nobody explains."""

from __future__ import annotations

import re
from functools import lru_cache

from voorbeelden.definition.model import Test
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality.dictionary import known

_CAPITALS = re.compile(r"(?<![\w.&/])[A-Z]{2,6}(?![\w&/]|\.[A-Z])")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBERED = re.compile(r"[\s-]?\d")
_WORD_LENGTH = 4


def unexplained(test: Test, definition: Definition) -> Hit | None:
    """Capitals (two to six) and abbreviations of statutes that stand there without their name.

    Passed over: the rule's words (in common use), the begrip itself, values of the context,
    Roman numerals, a designation with a number behind it ("NEN 2580"), a word that someone
    wrote in capitals, and an abbreviation with a name beside it in brackets.
    """
    text = definition.text
    clear: dict[str, bool] = {}
    spans = []
    for pattern in (_CAPITALS, _statutes(test)):
        for found in pattern.finditer(text):
            name = found.group()
            if name not in clear:
                clear[name] = _is_clear(name, test, definition)
            if not clear[name] and not _NUMBERED.match(text, found.end()):
                spans.append(found.span())
    return Hit(tuple(sorted(set(spans)))) if spans else None


@lru_cache(maxsize=8)
def _statutes(test: Test) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(test.patterns) or '(?!)'})(?!\w|\.\w)")


def _is_clear(name: str, test: Test, definition: Definition) -> bool:
    if name in test.words or _ROMAN.fullmatch(name):
        return True
    known_here = " ".join((definition.begrip, *definition.context))
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", known_here):
        return True
    if name.isupper() and len(name) >= _WORD_LENGTH and known(name.casefold()):
        return True
    explained = rf"\(\s*(?:de\s+|het\s+|hierna:?\s+)?{re.escape(name)}\s*\)|{re.escape(name)}\s*\("
    return re.search(explained, definition.text) is not None
