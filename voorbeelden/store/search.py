"""Finding begrippen: by prefix, inside words, by status and by context, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    text,
)

from voorbeelden.store.records import (
    ContextValue,
    Found,
    FullBegrip,
    ItemRecord,
    ItemStatus,
    Order,
    Progress,
    Search,
)
from voorbeelden.store.rows import begrip_record, list_items, visible
from voorbeelden.store.schema import begrip_contexts, begrippen, items, zoekteksten
from voorbeelden.store.text import folded

_MOST: Final = 200
"""Rows a page at most."""

_GRAM: Final = 3
"""Characters of the index's parts: a shorter word cannot be looked up in it."""

_COUNTS: Final = {
    ItemStatus.VOORSTEL: begrippen.c.count_voorstel,
    ItemStatus.GOEDGEKEURD: begrippen.c.count_goedgekeurd,
    ItemStatus.AFGEWEZEN: begrippen.c.count_afgewezen,
}


def find(connection: Connection, wanted: Search) -> Found:
    """Two steps: which ones and in what order, from narrow rows; then the page's rows whole."""
    query = folded(wanted.text)
    conditions = _conditions(connection, wanted, query.split())
    offset, limit = max(0, wanted.offset), min(max(1, wanted.limit), _MOST)
    # Reading texts is the costly part, so it is counted in passing; without a text the page comes
    # straight from an index, and counting apart is cheaper.
    total: ColumnElement[Any] = func.count().over() if query else null()
    page = select(begrippen.c.number, total).where(*conditions)
    page = page.order_by(*_order(wanted.order, query)).offset(offset).limit(limit)
    chosen = connection.execute(page).all()
    rows = connection.execute(
        select(begrippen).where(begrippen.c.number.in_([number for number, _ in chosen]))
    )
    records = {row.number: begrip_record(row) for row in rows}
    found = tuple(records[number] for number, _ in chosen)
    if query and chosen:
        return Found(chosen[0][1], offset, found)
    counting = select(func.count()).select_from(begrippen).where(*conditions)
    return Found(connection.execute(counting).scalar_one(), offset, found)


def ids(connection: Connection, wanted: Search) -> tuple[str, ...]:
    """Everything that fits, in the same order; ``offset`` and ``limit`` do not count."""
    query = folded(wanted.text)
    found = select(begrippen.c.id).where(*_conditions(connection, wanted, query.split()))
    return tuple(connection.execute(found.order_by(*_order(wanted.order, query))).scalars())


def last_change(connection: Connection) -> tuple[int, datetime | None]:
    """The number of begrippen, and the last change of any of them."""
    count, at = connection.execute(
        select(func.count(), func.max(begrippen.c.updated_at)).select_from(begrippen)
    ).one()
    return count, at


def full(connection: Connection, begrip_ids: Sequence[str]) -> list[FullBegrip]:
    """In the order of the ids, two queries for all of them; unknown ids are passed over."""
    rows = connection.execute(select(begrippen).where(begrippen.c.id.in_(begrip_ids)))
    records = {row.id: begrip_record(row) for row in rows}
    shown: dict[str, list[ItemRecord]] = {}
    for item in list_items(connection, items.c.begrip_id.in_(begrip_ids), visible()):
        shown.setdefault(item.begrip_id, []).append(item)
    return [
        FullBegrip(records[one], tuple(shown.get(one, ()))) for one in begrip_ids if one in records
    ]


def contexts(connection: Connection) -> tuple[ContextValue, ...]:
    """One spelling a value: the first in the alphabet of those that differ in case only."""
    columns = begrip_contexts.c
    query: Select[Any] = (
        select(columns.kind, func.min(columns.value).label("value"), func.count().label("count"))
        .group_by(columns.kind, columns.folded)
        .order_by(columns.kind, columns.folded)
    )
    return tuple(
        ContextValue(kind, value, count) for kind, value, count in connection.execute(query)
    )


def _conditions(
    connection: Connection, wanted: Search, words: list[str]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if any(len(word) >= _GRAM for word in words):
        found += _with_words(connection, words)
    else:
        found += [begrippen.c.sort_key.contains(word, autoescape=True) for word in words]
    if wanted.status is not None:
        found.append(_COUNTS[wanted.status] > 0)
    if wanted.progress is not None:
        found.append(_progress(wanted.progress))
    found += [_has_context(kind, value) for kind, value in wanted.context]
    return found


def _with_words(connection: Connection, words: list[str]) -> list[ColumnElement[bool]]:
    number = begrippen.c.number
    if connection.dialect.name != "sqlite" or not _has_index(connection):
        return [number.in_(_containing(words))]
    short = [word for word in words if len(word) < _GRAM]
    phrases = ['"' + word.replace('"', '""') + '"' for word in words if len(word) >= _GRAM]
    matches = text("SELECT rowid FROM zoekindex WHERE zoekindex MATCH :phrases")
    rowids = matches.bindparams(phrases=" AND ".join(phrases)).columns(rowid=number.type)
    return [number.in_(rowids), *([number.in_(_containing(short))] if short else [])]


def _containing(words: list[str]) -> Select[tuple[int]]:
    body = zoekteksten.c.body
    return select(zoekteksten.c.number).where(
        *(body.contains(word, autoescape=True) for word in words)
    )


def _has_index(connection: Connection) -> bool:
    """A SQLite that was built without FTS5 has none."""
    tables = text("SELECT count(*) FROM sqlite_master WHERE name = 'zoekindex'")
    return bool(connection.execute(tables).scalar())


def _progress(wanted: Progress) -> ColumnElement[bool]:
    voorstel, goedgekeurd, afgewezen = _COUNTS.values()
    if wanted is Progress.OPEN:
        return voorstel > 0
    judged = goedgekeurd + afgewezen
    return and_(voorstel == 0, judged > 0 if wanted is Progress.KLAAR else judged == 0)


def _has_context(kind: str, value: str) -> ColumnElement[bool]:
    return exists().where(
        begrip_contexts.c.begrip_id == begrippen.c.id,
        begrip_contexts.c.kind == kind,
        begrip_contexts.c.folded == folded(value),
    )


def _order(order: Order, query: str) -> list[ColumnElement[Any]]:
    """The begrip itself, then those that begin so, then words that do, then inside a word, and
    last where only the definitie or an item has it."""
    name = begrippen.c.sort_key
    by: list[ColumnElement[Any]] = []
    if query:
        by.append(
            case(
                (name == query, literal_column("0")),
                (name.startswith(query, autoescape=True), literal_column("1")),
                (name.contains(f" {query}", autoescape=True), literal_column("2")),
                (name.contains(query, autoescape=True), literal_column("3")),
                else_=literal_column("4"),
            )
        )
    if order is Order.RECENT:
        by.append(begrippen.c.updated_at.desc())
    else:
        by.append(name)
    return [*by, begrippen.c.number]
