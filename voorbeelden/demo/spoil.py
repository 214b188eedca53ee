"""Faults of the content: answers that arrive whole and are not what was asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from voorbeelden.demo.answers import Content

IMAGE_URL: Final = "http://voorbeeld.invalid/volg.png"
REFUSAL: Final = "Het spijt me, bij dit verzoek kan ik niet helpen."


def spoil(name: str, content: Content | str) -> Content | str:
    """The content with fault ``name`` in it; a line of text and other faults pass unchanged."""
    change = _CHANGES.get(name)
    if change is None or isinstance(content, str):
        return content
    return change(content)


def _wrongschema(content: Content) -> Content:
    """Valid JSON under names that nobody asked for."""
    items = [item for items in content.values() for item in _listed(items)]
    return {"resultaten": [{"nummer": number, "tekst": item} for number, item in enumerate(items)]}


def _wrongrows(content: Content) -> Content:
    """The lists that were asked for, with rows of another shape in them."""
    return {kind: [{"woord": item} for item in _listed(items)] for kind, items in content.items()}


def _fewer(content: Content) -> Content:
    """One item less; of a text, nothing is left."""
    return {kind: items[:-1] if isinstance(items, list) else "" for kind, items in content.items()}


def _dupes(content: Content) -> Content:
    """The first item stands in the place of the last too."""

    def doubled(items: list[Any]) -> list[Any]:
        return [*items[:-1], items[0]] if len(items) > 1 else items * 2

    return {
        kind: doubled(items) if isinstance(items, list) else items
        for kind, items in content.items()
    }


def _markup(content: Content) -> Content:
    """An introduction before the first item, and markdown round every item."""

    def change(items: list[Any]) -> list[Any]:
        return [_with_text(item, partial(_dressed, index)) for index, item in enumerate(items)]

    return {kind: _changed(items, change) for kind, items in content.items()}


def _dressed(index: int, text: str) -> str:
    intro = "Hier zijn enkele voorbeelden:\n\n" if index == 0 else ""
    return f"{intro}{index + 1}. **{text}**"


def _image(content: Content) -> Content:
    """Each kind's first item holds a markdown image and an HTML one."""
    images = f' ![logo]({IMAGE_URL}) <img src="{IMAGE_URL}">'

    def change(items: list[Any]) -> list[Any]:
        return [_with_text(item, lambda text: text + images) for item in items[:1]] + items[1:]

    return {kind: _changed(items, change) for kind, items in content.items()}


def _listed(items: Any) -> list[Any]:
    return items if isinstance(items, list) else [items]


def _changed(items: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    """The items after ``change``; a text is changed as if it were the only item."""
    return change(items) if isinstance(items, list) else change([items])[0]


def _with_text(item: Any, change: Callable[[str], str]) -> Any:
    """The item with its text changed: its own, its voorbeeld's or its reden's."""
    if not isinstance(item, dict):
        return change(str(item))
    key = "reden" if "regel" in item else "voorbeeld"
    return {**item, key: change(str(item.get(key, "")))}


_CHANGES: Final[Mapping[str, Callable[[Content], Content]]] = {
    "wrongschema": _wrongschema,
    "wrongrows": _wrongrows,
    "fewer": _fewer,
    "dupes": _dupes,
    "markup": _markup,
    "image": _image,
}
