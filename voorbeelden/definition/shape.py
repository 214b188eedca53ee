"""Checks on the outside of a definition: its length, its sentences, its brackets."""

from __future__ import annotations

import re

from voorbeelden.definition.model import Span, Test
from voorbeelden.definition.text import Definition, Hit

_SENTENCE_END = re.compile(
    r"[.!?][)”\"'’]*\s+(?=[“„\"‘(]*[A-ZÀ-ÖØ-Þ])"
    # After a whole word, with one that a sentence begins with, neither capital nor space is needed.
    r"|(?<=[a-z]{4})[.!?]\s+(?=(?:hij|zij|dit|er|men)\s+(?!die|wie))"
    r"|(?<=[a-z]{4})[.!?](?=(?:Hij|Zij|Dit|Deze|De|Het|Een|Er|Men|Ook)\s)"
    # A semicolon parts items of a list too; a subject with its verb is a sentence.
    r"|;\s+(?=(?:hij|zij|dit|er|men)\s+(?:is|zijn|was|wordt|worden|heeft|hebben|kan|moet|mag|"
    r"doet|doen|geldt|gebeurt|gaat|geschiedt)(?![\w-]))"
)
_SUBJECT = re.compile(r"(?:Hij|Zij|Dit|Deze|Er|Men)\s+(?!die|wie|van|op|aan)")
_IN_A_SENTENCE = re.compile(r"\w\s$")
_BEFORE_END = re.compile(r"[^\s(\[“„\"‘]*$")
_FIRST_WORD = re.compile(r"[\w’'-]+")
_ENUMERATOR = re.compile(r"(?:^|\s)(?:\w|\d{1,3}|[ivx]{1,4})[°º]?$")
_NEAR = 24
"""How far a check looks back, in characters: further than any abbreviation or list number."""
_CLOSING = {")": "(", "]": "["}


def length(test: Test, definition: Definition) -> Hit | None:
    """The number of words lies from ``test.minimum`` up to and including ``test.maximum``."""
    count = len(definition.words)
    lowest = test.minimum or 1
    if count < lowest or (test.maximum is not None and count > test.maximum):
        return None
    spans = tuple(word.span for word in definition.words) if count == 1 else ()
    return Hit(spans, {"aantal": str(count), "grens": str(lowest - 1)})


def sentences(test: Test, definition: Definition) -> Hit | None:
    """A second sentence, beyond doubt: an end mark, a space and a capital, and the word before
    it is no abbreviation of the rule's list, no initial and no number of a list. Marks all that
    follows.
    """
    text = definition.text
    for end in _SENTENCE_END.finditer(text):
        before = _BEFORE_END.search(text[max(0, end.start() - _NEAR) : end.start()])
        word = before.group() if before else ""
        if text[end.start()] == "." and _may_take_a_stop(word, test.words):
            # "1. Hij die …" is an item; "in 2020. Hij verklaart …" is not.
            running = word.isdigit() and _IN_A_SENTENCE.search(text[: end.start() - len(word)])
            if not running or not _SUBJECT.match(text, end.end()):
                continue
        first = _FIRST_WORD.search(text, end.end())
        if first is None:
            continue
        return Hit(((first.start(), len(text.rstrip())),), {"woorden": f"“{first.group()}”"})
    return None


def _may_take_a_stop(word: str, abbreviations: tuple[str, ...]) -> bool:
    plain = word.casefold()
    return (
        len(plain) <= 1
        or "." in plain
        or plain.isdigit()
        or re.fullmatch(r"[ivxlcdm]+", plain) is not None
        or plain in abbreviations
    )


def brackets(test: Test, definition: Definition) -> Hit | None:
    """Brackets without their other half; "a)" and "1)" number a list and need none."""
    text = definition.text
    opened: list[int] = []
    lost: list[Span] = []
    for place, char in enumerate(text):
        if char in "([":
            opened.append(place)
        elif char in _CLOSING:
            if opened and text[opened[-1]] == _CLOSING[char]:
                opened.pop()
            elif char != ")" or not _ENUMERATOR.search(text[max(0, place - _NEAR) : place]):
                lost.append((place, place + 1))
    lost += [(place, place + 1) for place in opened]
    return Hit(tuple(sorted(lost))) if lost else None
