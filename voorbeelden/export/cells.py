"""The table that CSV and Excel share: its columns, and text that is safe in a cell and comes back.

A spreadsheet takes a cell that starts with ``= + - @``, a tab or a line end for a formula (OWASP,
"CSV Injection"), and the text of an error value for that error. Such a text gets an apostrophe in
front; a text that already starts with apostrophes and then such a character gets one more. Taking
one away again is therefore exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from voorbeelden.export.model import ExportBegrip, ExportItem
from voorbeelden.model import CONTEXT_KEYS

BEGRIP_COLUMNS: Final = (
    "begrip_id",
    "begrip",
    "definitie",
    *CONTEXT_KEYS,
    "voorkeursterm",
    "gewijzigd",
)
ITEM_COLUMNS: Final = (
    "voorbeeld_id",
    "soort",
    "volgorde",
    "tekst",
    "reden",
    "status",
    "notitie",
)
COLUMNS: Final = BEGRIP_COLUMNS + ITEM_COLUMNS
"""One row an item, with its begrip in front; a begrip without items is one row."""
REQUIRED: Final = ("begrip", "definitie")

Value = str | int

# The full-width signs count as well: some spreadsheets read them as the plain ones.
_LEADING: Final = r"(?:[\t\r\n]|[\s\x00-\x20\ufeff]*[=+\-@＝＋－＠])"
_ERROR: Final = r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)\Z"
_UNSAFE: Final = re.compile(f"'*(?:{_LEADING}|{_ERROR})")
_GUARDED: Final = re.compile(f"'+(?:{_LEADING}|{_ERROR})")

_SPECIAL: Final = re.compile(r"\A\s+|\s+\Z|[\\;\r\n]")
_TOKEN: Final = re.compile(r"\\(?P<plain>[\\;\s])|(?P<end>[;\r\n])|(?P<other>.)", re.DOTALL)


def guard(text: str) -> str:
    """``text`` as a cell may hold it."""
    return f"'{text}" if _UNSAFE.match(text) else text


def unguard(cell: str) -> str:
    """The text that ``guard`` was given; any other cell as it is."""
    return cell[1:] if _GUARDED.match(cell) else cell


def join_entries(entries: Iterable[str]) -> str:
    r"""Several texts in one cell: "OM; politie".

    A semicolon, backslash or line end inside an entry, and white space at its ends, has a
    backslash in front. Empty entries are left out.
    """
    return "; ".join(_escape(entry) for entry in entries if entry)


def split_entries(cell: str) -> tuple[str, ...]:
    """What ``join_entries`` was given. Also splits at plain line ends, as an editor types them."""
    entries = []
    current: list[tuple[str, bool]] = []
    for found in _TOKEN.finditer(cell):
        if found["end"] is None:
            current.append((found["plain"] or found["other"], found["plain"] is not None))
        else:
            entries.append(_stripped(current))
            current = []
    entries.append(_stripped(current))
    return tuple(entry for entry in entries if entry)


def table_rows(begrippen: Sequence[ExportBegrip]) -> Iterator[tuple[Value, ...]]:
    """The rows under the header, ``len(COLUMNS)`` guarded values each; volgorde is an int."""
    for begrip in begrippen:
        front = _begrip_values(begrip)
        if not begrip.items:
            yield front + ("",) * len(ITEM_COLUMNS)
        for item in begrip.items:
            yield front + _item_values(item)


def _begrip_values(begrip: ExportBegrip) -> tuple[Value, ...]:
    values = (
        begrip.id,
        begrip.begrip,
        begrip.definitie,
        *(join_entries(begrip.context.get(key, ())) for key in CONTEXT_KEYS),
        begrip.voorkeursterm or "",
        begrip.changed_at.isoformat() if begrip.changed_at else "",
    )
    return tuple(guard(value) for value in values)


def _item_values(item: ExportItem) -> tuple[Value, ...]:
    return (
        guard(item.id),
        item.type.value,
        item.position,
        guard(item.text),
        guard(item.reden or ""),
        str(item.status),
        guard(item.note or ""),
    )


def _escape(entry: str) -> str:
    return _SPECIAL.sub(lambda found: "".join(f"\\{char}" for char in found.group()), entry)


def _stripped(characters: list[tuple[str, bool]]) -> str:
    start, end = 0, len(characters)
    while start < end and _is_padding(characters[start]):
        start += 1
    while end > start and _is_padding(characters[end - 1]):
        end -= 1
    return "".join(char for char, _ in characters[start:end])


def _is_padding(character: tuple[str, bool]) -> bool:
    char, escaped = character
    return char.isspace() and not escaped
