"""Where the items of an answer end: for a stream that stops after some of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_ITEM_DEPTH: Final = 2
"""Items stand in an array in the answer's object."""


def item_ends(text: str) -> list[int]:
    """Character positions just after each item of an answer's JSON; none in other text."""
    ends: list[int] = []
    depth = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                depth += 1
                continue
            case "}" | "]":
                depth -= 1
        if depth == _ITEM_DEPTH:
            ends.append(token.end())
    return ends


def item_marks(text: str, piece_ends: Sequence[int]) -> list[int]:
    """``marks[n]``: how many pieces hold the first n items; ``piece_ends`` counts characters."""
    return [0, *(bisect_left(piece_ends, end) + 1 for end in item_ends(text))]
