"""What the demo server answers: the request's JSON in, the answer's content out.

Another ``taak`` is one more function in ``TASKS``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from voorbeelden.demo.catalogue import DEFINITION, JUDGING, OTHER
from voorbeelden.demo.definities import afgekeurd, definitie, oordelen
from voorbeelden.demo.teksten import voorbeelden_voor
from voorbeelden.model import CONTEXT_KEYS, ExampleType

Content = dict[str, Any]
"""One key a kind, each with a list of items; a definition is a text, not a list."""

_INDEX: Final = re.compile(r"(\d{1,6})\s*/\s*\d{1,6}\s*$")
_REASON: Final = " (Geen voorbeeld:"
_NOT_UNDERSTOOD: Final = (
    "Dit is de demoserver van Voorbeelden. Ik geef voorbeelden bij een begrip, "
    "maar uit dit bericht kan ik geen begrip halen."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The kinds asked for with their numbers, and the content: a JSON object or a line of text.

    ``variants`` are other contents, by the name of the fault that asks for one.
    """

    counts: Mapping[str, int]
    content: Content | str
    variants: Mapping[str, Content] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else dump(self.content)


def dump(content: Content) -> str:
    return orjson.dumps(content).decode()


def answer(user: str) -> Answer:
    """The answer to a user message; a message that is no known task gets a readable line."""
    try:
        task = orjson.loads(user)
    except orjson.JSONDecodeError:
        task = None
    make = TASKS.get(str(task.get("taak"))) if isinstance(task, dict) else None
    made = make(task) if make is not None else None
    return made or Answer({OTHER: 1}, _NOT_UNDERSTOOD)


def _voorbeelden(task: dict[str, Any]) -> Answer | None:
    begrip, asked = task.get("begrip"), task.get("gevraagd")
    if not isinstance(begrip, str) or not begrip.strip() or not isinstance(asked, dict):
        return None
    counts = {
        kind: count
        for kind, count in asked.items()
        if kind in set(ExampleType) and isinstance(count, int) and count > 0
    }
    if not counts:
        return None
    given = task.get("context")
    context = {
        key: _strings(given.get(key) if isinstance(given, dict) else None) for key in CONTEXT_KEYS
    }
    texts: Mapping[str, Any] = voorbeelden_voor(begrip, str(task.get("definitie") or ""), context)
    present = {_bare(text) for text in _strings(task.get("al_aanwezig"))}
    angle = task.get("invalshoek")
    return Answer(
        counts,
        {
            kind: _select(texts[kind], count, present, angle if isinstance(angle, str) else None)
            for kind, count in counts.items()
        },
    )


def _definitie(task: dict[str, Any]) -> Answer | None:
    begrip = task.get("begrip")
    if not isinstance(begrip, str) or not begrip.strip():
        return None
    return Answer({DEFINITION: 1}, {"definitie": definitie(begrip)})


def _toets(task: dict[str, Any]) -> Answer | None:
    text, rules = task.get("definitie"), _strings(task.get("regels"))
    if not isinstance(text, str) or not text.strip() or not rules:
        return None
    return Answer({JUDGING: 1}, oordelen(rules), {"afgekeurd": afgekeurd(rules, text)})


TASKS: Final[Mapping[str, Callable[[dict[str, Any]], Answer | None]]] = {
    "voorbeelden": _voorbeelden,
    "definitie": _definitie,
    "toets": _toets,
}
"""``taak`` to the function that answers it; ``None`` back means that the task is not readable."""


def _select(items: list[Any], count: int, present: set[str], angle: str | None) -> list[Any]:
    """At most ``count`` items that are not present; the angle decides where to begin."""
    pool = [item for item in items if _bare(text_of(item)) not in present]
    if not pool:
        return []
    start = 0 if angle is None else _start(angle, count)
    return [pool[(start + index) % len(pool)] for index in range(min(count, len(pool)))]


def _start(angle: str, count: int) -> int:
    """An angle that ends in "2/3" is the second of three calls, so it takes the second share."""
    if found := _INDEX.search(angle):
        return (int(found[1]) - 1) * count
    return int.from_bytes(hashlib.sha256(angle.encode()).digest()[:4], "big")


def text_of(item: Any) -> str:
    """The text of an item: itself, or the voorbeeld of a tegenvoorbeeld."""
    return str(item.get("voorbeeld", "")) if isinstance(item, dict) else str(item)


def _bare(text: str) -> str:
    return text.partition(_REASON)[0].strip().casefold()


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
