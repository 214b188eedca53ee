"""The checks that are wholly data: patterns and words of a rule, and where they do not count."""

from __future__ import annotations

import re
from functools import lru_cache

from voorbeelden.definition.model import Span, Test
from voorbeelden.definition.text import Definition, Hit

_NEVER = re.compile(r"(?!)")


@lru_cache(maxsize=256)
def compiled(test: Test) -> tuple[re.Pattern[str], ...]:
    """The patterns of ``test`` in order, its words last as one pattern; capitals do not matter.

    Raises:
        re.error: a pattern of the rule is no regular expression.
    """
    found = [re.compile(pattern, re.IGNORECASE) for pattern in test.patterns]
    if test.words:
        phrases = (
            r"\s+".join(map(re.escape, phrase.split()))
            for phrase in sorted(test.words, key=len, reverse=True)
        )
        found.append(re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.IGNORECASE))
    return tuple(found)


@lru_cache(maxsize=256)
def _exceptions(test: Test) -> re.Pattern[str]:
    if not test.exceptions:
        return _NEVER
    return re.compile("|".join(f"(?:{part})" for part in test.exceptions), re.IGNORECASE)


def anywhere(test: Test, definition: Definition) -> Hit | None:
    """A pattern or word of the rule, outside every match of its exceptions."""
    text = definition.text
    spans = [_trimmed(text, m.span()) for p in compiled(test) for m in p.finditer(text)]
    if not spans:
        return None
    excepted = [m.span() for m in _exceptions(test).finditer(text)]
    left = [span for span in spans if not any(_overlap(span, other) for other in excepted)]
    return Hit(merged(left)) if left else None


def at_start(test: Test, definition: Definition) -> Hit | None:
    """The definition begins with a pattern of the rule and with none of its exceptions."""
    span = _starts_with(test, definition.text)
    return None if span is None else Hit((span,))


def term_at_start(test: Test, definition: Definition) -> Hit | None:
    """The begrip begins with a pattern of the rule; it has no place in the definition."""
    return None if _starts_with(test, definition.begrip) is None else Hit()


def nothing_there(test: Test, definition: Definition) -> Hit | None:
    """No letter at all, or nothing but a stopgap that is one of the rule's patterns."""
    text = definition.text.strip()
    if not any(char.isalpha() for char in text):
        return Hit()
    return Hit() if any(p.fullmatch(text) for p in compiled(test)) else None


def _starts_with(test: Test, text: str) -> Span | None:
    start = len(text) - len(text.lstrip(' \t\r\n([“„"'))
    if _exceptions(test).match(text, start):
        return None
    for pattern in compiled(test):
        if found := pattern.match(text, start):
            return _trimmed(text, found.span())
    return None


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """In order, and what overlaps joined: two patterns may find the same words."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _trimmed(text: str, span: Span) -> Span:
    """Without the white space that a pattern took along at either end."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
