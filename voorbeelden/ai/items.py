"""Items out of JSON text that is still arriving.

The answer is ``{"<type>": [item, ...], ...}``. jiter parses what is there and drops the string
that is still open, so an item counts as complete as soon as its last JSON string closes. Text
around the object (a code fence, a sentence of introduction from a server without json_schema)
is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import jiter

from voorbeelden.model import ExampleType, Item

_OBJECT: Final = re.compile(rb'\{\s*["}]')
"""Where a JSON object opens; a brace in a sentence of introduction does not look like that."""

_DECODER: Final = json.JSONDecoder()


class ItemReader:
    """Reads the answer of one call; ``feed`` it text, get the items that became complete."""

    def __init__(self, types: Iterable[ExampleType]) -> None:
        self._types = tuple(types)
        self._seen = dict.fromkeys(self._types, 0)
        self._buffer = bytearray()

    @property
    def text(self) -> str:
        return self._buffer.decode("utf-8", "replace")

    def feed(self, text: str) -> list[tuple[ExampleType, Item]]:
        """The items that ``text`` completes, in the order of the answer."""
        self._buffer += text.encode("utf-8", "surrogatepass")
        # Only a closing quote can complete an item.
        if '"' not in text:
            return []
        return list(self._new_items())

    def _new_items(self) -> Iterator[tuple[ExampleType, Item]]:
        answer = self._parse()
        if answer is None:
            return
        for kind in self._types:
            rows = answer.get(kind.value)
            if not isinstance(rows, list):
                continue
            for position in range(self._seen[kind], len(rows)):
                item = as_item(rows[position])
                if item is not None:
                    yield kind, item
                elif position == len(rows) - 1:
                    break  # it may still be arriving
                # A row that is no item, with another one after it, is passed over.
                self._seen[kind] += 1

    def complete(self) -> dict[str, Any] | None:
        """The whole answer: the first JSON object that has what was asked. Without one, the first
        object of all, if it is whole; ``None`` when it is not, or when there is none."""
        first: dict[str, Any] | None = None
        place, broken = 0, False
        while (opening := _OBJECT.search(self._buffer, place)) is not None:
            answer, length = _whole(self._buffer[opening.start() :])
            place = opening.start() + (length or 1)
            if answer is None:
                # Perhaps a thought in braces. What stands inside of it is no answer by itself.
                broken = True
            elif self._answers(answer) and (self._types or not broken):
                return answer
            elif first is None and not broken:
                first = answer
        return first

    def _answers(self, answer: Mapping[str, Any]) -> bool:
        return not self._types or any(kind.value in answer for kind in self._types)

    def _parse(self) -> dict[str, Any] | None:
        """What has arrived of the object that is, or may yet become, the answer."""
        place = 0
        while (opening := _OBJECT.search(self._buffer, place)) is not None:
            start = opening.start()
            try:
                answer = jiter.from_json(
                    bytes(self._buffer[start:]), partial_mode=True, cache_mode="keys"
                )
            except ValueError:
                # Text behind a whole object is a fault to the parser; so is a brace in a sentence.
                answer = None
            if isinstance(answer, dict) and self._answers(answer):
                return answer
            whole, length = _whole(self._buffer[start:])
            if whole is not None and self._answers(whole):
                return whole
            place = start + (length or 1)
        return None


def _whole(data: bytearray) -> tuple[dict[str, Any] | None, int]:
    """The object at the start of ``data`` and its length in bytes; ``(None, 0)`` without one."""
    try:
        text = data.decode()
        _, end = _DECODER.raw_decode(text)
        length = len(text[:end].encode())
        # Once more: only this one refuses half a surrogate pair.
        return jiter.from_json(bytes(data[:length]), cache_mode="keys"), length
    except ValueError:
        return None, 0


def as_item(row: object) -> Item | None:
    """A row of the answer as an item; ``None`` when it is not (yet) whole."""
    match row:
        case str(text):
            return Item(text)
        case {"voorbeeld": str(text), "reden": str(reason)}:
            return Item(text, reason)
        case _:
            return None
