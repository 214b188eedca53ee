"""Versions of a definition: kept with how they came to be, and accepted with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from voorbeelden.model import Subject
from voorbeelden.store.begrip_actions import find, take_in
from voorbeelden.store.records import BegripRecord, DefinitionRecord
from voorbeelden.store.rows import acceptance, definition_record
from voorbeelden.store.schema import definities, vaststellingen
from voorbeelden.store.text import storable


def versions(connection: Connection, begrip_id: str) -> tuple[DefinitionRecord, ...]:
    """Oldest first."""
    query = select(vaststellingen).where(vaststellingen.c.begrip_id == begrip_id)
    # The last one of each number stays.
    accepted = {
        row.number: acceptance(row)
        for row in connection.execute(query.order_by(vaststellingen.c.id))
    }
    rows = connection.execute(
        select(definities).where(definities.c.begrip_id == begrip_id).order_by(definities.c.number)
    )
    return tuple(definition_record(row, accepted.get(row.number)) for row in rows)


def offer(
    connection: Connection, subject: Subject, author: str, origin: str, over: Collection[str]
) -> BegripRecord | None:
    """As ``take_in``, but only where no definition stands, or this one does, or one whose origin
    is in ``over`` and that nobody accepted; else nothing is written and ``None`` is returned."""
    known = find(connection, subject)
    if known is not None and known.definitie not in ("", storable(subject.definitie)):
        known_versions = versions(connection, known.id)
        [current] = [one for one in known_versions if one.number == known.definition_number]
        if current.origin not in over or current.accepted is not None:
            return None
    return take_in(connection, subject, author, origin)


def accept(
    connection: Connection,
    subject: Subject,
    author: str,
    origin: str,
    reason: str,
    against: Collection[str],
) -> BegripRecord:
    """Makes the text the newest version, unless it is that already, and notes that ``author``
    accepts it. Raises NotAllowed when the begrip is empty."""
    begrip = take_in(connection, subject, author, origin)
    row = {
        "begrip_id": begrip.id,
        "number": begrip.definition_number,
        "reason": storable(reason),
        "against": list(against),
        "author": author,
        "at": datetime.now(UTC),
    }
    connection.execute(insert(vaststellingen), row)
    return begrip
