"""What can be done to a begrip itself: take it in, change it, choose its voorkeursterm."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from voorbeelden.model import ExampleType, Subject
from voorbeelden.store import search_index
from voorbeelden.store.action import Action, add_definition, fields_of
from voorbeelden.store.errors import Conflict, NotAllowed
from voorbeelden.store.records import ActionKind, BegripRecord, ItemRecord, ItemStatus
from voorbeelden.store.rows import begrip_record, get_begrip
from voorbeelden.store.schema import begrippen
from voorbeelden.store.text import folded, required, storable, storable_context, subject_key

_NAMES: Final = {
    "begrip": "het begrip",
    "definitie": "de definitie",
    "context": "de context",
    "voorkeursterm": "de voorkeursterm",
}

_CREATE_LOCK: Final = 0x766F6F72
"""PostgreSQL's advisory lock for taking in: two sessions must not make one begrip twice."""


def find(connection: Connection, subject: Subject) -> BegripRecord | None:
    """The begrip with the same term in the same context, whatever its definition."""
    key = subject_key(subject.begrip, storable_context(subject.context))
    query = (
        select(begrippen)
        .where(begrippen.c.key == key)
        .order_by(begrippen.c.updated_at.desc(), begrippen.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return begrip_record(row) if row else None


def take_in(
    connection: Connection, subject: Subject, author: str, origin: str = ""
) -> BegripRecord:
    """Finds or makes the begrip; another definition becomes its newest version.

    Raises:
        NotAllowed: the begrip is empty.
    """
    found, made = find_or_make(connection, subject, author, origin)
    if made:
        return found
    action = Action(connection, found.id, ActionKind.BEGRIP, author)
    action.origin = origin
    action.change_begrip(definitie=storable(subject.definitie))
    action.finish()
    return get_begrip(connection, found.id)


def find_or_make(
    connection: Connection, subject: Subject, author: str, origin: str = "", *, begrip_id: str = ""
) -> tuple[BegripRecord, bool]:
    """The begrip, as it is, and whether it was made just now. ``begrip_id`` (32 hexadecimal
    digits) finds it whatever its term is by now, and is the id of one that is made.

    Raises:
        NotAllowed: the begrip is empty.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CREATE_LOCK)))
    query = select(begrippen).where(begrippen.c.id == begrip_id)
    row = connection.execute(query).first() if begrip_id else None
    found = begrip_record(row) if row else find(connection, subject)
    if found is not None:
        return found, False
    return _create(connection, subject, author, origin, begrip_id or uuid.uuid4().hex), True


def _create(
    connection: Connection, subject: Subject, author: str, origin: str, begrip_id: str
) -> BegripRecord:
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "begrip": required(subject.begrip, "het begrip"),
        "definitie": storable(subject.definitie),
        "context": storable_context(subject.context),
    }
    row = {
        **fields,
        "id": begrip_id,
        "key": subject_key(fields["begrip"], fields["context"]),
        "voorkeursterm": None,
        "definition_number": 1,
        "version": 1,
        "sort_key": folded(fields["begrip"]),
        "count_voorstel": 0,
        "count_goedgekeurd": 0,
        "count_afgewezen": 0,
        "created_by": author,
        "created_at": now,
        "updated_at": now,
    }
    connection.execute(insert(begrippen), row)
    add_definition(connection, begrip_id, 1, fields, author, now, origin)
    made = get_begrip(connection, begrip_id)
    search_index.refresh(connection, made)
    return made


def save_begrip(action: Action, seen: BegripRecord, wanted: Mapping[str, Any]) -> None:
    """Sets ``begrip``, ``definitie`` and ``context`` as far as they are in ``wanted``.

    Raises:
        Conflict: a field that we change has been changed since ``seen``.
        NotAllowed: the begrip would become empty.
    """
    values = dict(wanted)
    if "begrip" in values:
        values["begrip"] = required(values["begrip"], "het begrip")
    if "definitie" in values:
        values["definitie"] = storable(values["definitie"])
    if "context" in values:
        values["context"] = storable_context(values["context"])
    _change(action, seen, values)


def set_voorkeursterm(action: Action, seen: BegripRecord, term: str) -> None:
    """Raises Conflict, and NotAllowed when it is not the begrip or an approved synonym."""
    synonyms = {item.text for item in approved_synonyms(action)}
    if term != action.begrip.begrip and term not in synonyms:
        raise NotAllowed(
            "De voorkeursterm moet het begrip zelf zijn of een goedgekeurd synoniem. "
            "Keur het synoniem eerst goed."
        )
    _change(action, seen, {"voorkeursterm": None if term == action.begrip.begrip else term})


def settle_voorkeursterm(action: Action, became: str | None = None) -> None:
    """A voorkeursterm that is no approved synonym any more follows its new text, ``became``, or
    falls back to the begrip."""
    term = fields_of(action.begrip)["voorkeursterm"]
    synonyms = {item.text for item in approved_synonyms(action)}
    if term is not None and term not in synonyms:
        action.change_begrip(voorkeursterm=became if became in synonyms else None)


def approved_synonyms(action: Action) -> list[ItemRecord]:
    return [
        item
        for item in action.visible_items(ExampleType.SYNONIEMEN)
        if item.status is ItemStatus.GOEDGEKEURD
    ]


def _change(action: Action, seen: BegripRecord, values: dict[str, Any]) -> None:
    before, now = fields_of(seen), fields_of(action.begrip)
    for name, mine in values.items():
        if mine != before[name] and now[name] not in (before[name], mine):
            raise Conflict(
                _NAMES[name],
                _readable(mine, action.begrip),
                _readable(now[name], action.begrip),
                author=action.last_author(None, name),
                latest=action.begrip,
            )
    # What I left as I saw it stays as the others have it.
    action.change_begrip(**{name: mine for name, mine in values.items() if mine != before[name]})


def _readable(value: Any, begrip: BegripRecord) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {'; '.join(texts)}" for key, texts in value.items())
    return begrip.begrip if value is None else str(value)
