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
    items = [item for items in content.values() for item in items]
    return {"resultaten": [{"nummer": number, "tekst": item} for number, item in enumerate(items)]}


def _fewer(content: Content) -> Content:
    return {kind: items[:-1] for kind, items in content.items()}


def _dupes(content: Content) -> Content:
    """The first item stands in the place of the last too."""
    return {
        kind: [*items[:-1], items[0]] if len(items) > 1 else items * 2
        for kind, items in content.items()
    }


def _markup(content: Content) -> Content:
    """An introduction before the first item, and markdown round every item."""

    return {
        kind: [_with_text(item, partial(_dressed, index)) for index, item in enumerate(items)]
        for kind, items in content.items()
    }


def _dressed(index: int, text: str) -> str:
    intro = "Hier zijn enkele voorbeelden:\n\n" if index == 0 else ""
    return f"{intro}{index + 1}. **{text}**"


def _image(content: Content) -> Content:
    """Each kind's first item holds a markdown image and an HTML one."""
    images = f' ![logo]({IMAGE_URL}) <img src="{IMAGE_URL}">'
    return {
        kind: [_with_text(item, lambda text: text + images) for item in items[:1]] + items[1:]
        for kind, items in content.items()
    }


def _with_text(item: Any, change: Callable[[str], str]) -> Any:
    if isinstance(item, dict):
        return {**item, "voorbeeld": change(str(item.get("voorbeeld", "")))}
    return change(str(item))


_CHANGES: Final[Mapping[str, Callable[[Content], Content]]] = {
    "wrongschema": _wrongschema,
    "fewer": _fewer,
    "dupes": _dupes,
    "markup": _markup,
    "image": _image,
}
