"""Items out of JSON text that is still arriving.

The answer is ``{"<type>": [item, ...], ...}``. jiter parses what is there and drops the string
that is still open, so an item counts as complete as soon as its last JSON string closes. Text
around the object (a code fence, a sentence of introduction from a server without json_schema)
is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import jiter

from voorbeelden.model import ExampleType, Item

_OBJECT: Final = re.compile(rb'\{\s*["}]')
"""Where a JSON object opens; a brace in a sentence of introduction does not look like that."""


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
        answer = self._parse(partial=True)
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
        """The whole answer, or ``None`` when the text does not hold one whole JSON object."""
        return self._parse(partial=False)

    def _parse(self, *, partial: bool) -> dict[str, Any] | None:
        opening = _OBJECT.search(self._buffer)
        if opening is None:
            return None
        start = opening.start()
        end = self._buffer.rfind(b"}") + 1
        for text in (self._buffer[start:], self._buffer[start:end]):
            try:
                answer = jiter.from_json(bytes(text), partial_mode=partial, cache_mode="keys")
            except ValueError:
                continue
            return answer if isinstance(answer, dict) else None
        return None


def as_item(row: object) -> Item | None:
    """A row of the answer as an item; ``None`` when it is not (yet) whole."""
    match row:
        case str(text):
            return Item(text)
        case {"voorbeeld": str(text), "reden": str(reason)}:
            return Item(text, reason)
        case _:
            return None
