"""Text on its way into a file: characters a format cannot hold, Dutch dates, single lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from voorbeelden.clock import local
from voorbeelden.export.model import ExportBegrip

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c]")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def encodable(text: str) -> str:
    """``text`` with lone surrogates, which no encoding can write, shown as U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def prose(text: str) -> str:
    """``text`` for a document: every line end is ``\\n``, what XML 1.0 forbids is U+FFFD.

    Vertical tabs and form feeds count as line ends: they come along when text is pasted from a
    word processor.
    """
    return _NOT_XML.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    return " ".join(text.split())


def with_texts(begrip: ExportBegrip, change: Callable[[str], str]) -> ExportBegrip:
    """``begrip`` with ``change`` applied to every text in it, identifiers included."""

    def maybe(text: str | None) -> str | None:
        return None if text is None else change(text)

    context: Mapping[str, tuple[str, ...]] = {
        key: tuple(change(entry) for entry in entries) for key, entries in begrip.context.items()
    }
    return replace(
        begrip,
        id=change(begrip.id),
        begrip=change(begrip.begrip),
        definitie=change(begrip.definitie),
        context=context,
        voorkeursterm=maybe(begrip.voorkeursterm),
        items=tuple(
            replace(
                item,
                id=change(item.id),
                text=change(item.text),
                reden=maybe(item.reden),
                note=maybe(item.note),
            )
            for item in begrip.items
        ),
    )


def dutch_date(moment: datetime) -> str:
    """The day of ``moment`` as an editor writes it: "23 november 2026"."""
    day = local(moment)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
