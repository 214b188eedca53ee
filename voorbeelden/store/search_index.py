"""What is kept beside the begrippen so that searching them stays fast.

``zoekteksten`` holds, a begrip, its folded name, definitie and visible texts, a line each.
SQLite has a full-text index of trigrams on it that triggers keep up, PostgreSQL a pg_trgm index;
where the server has neither, the same search reads the texts one by one.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from voorbeelden.store.records import BegripRecord
from voorbeelden.store.rows import list_items, visible
from voorbeelden.store.schema import begrip_contexts, begrippen, items, zoekteksten
from voorbeelden.store.text import folded


def refresh(connection: Connection, begrip: BegripRecord) -> None:
    """Writes what differs, and mostly that is nothing: an approval changes no text."""
    body = body_of(connection, begrip)
    query = (
        select(begrippen.c.number, zoekteksten.c.body)
        .outerjoin_from(begrippen, zoekteksten)
        .where(begrippen.c.id == begrip.id)
    )
    number, found = connection.execute(query).one()
    if found is None:
        connection.execute(insert(zoekteksten), {"number": number, "body": body})
    elif found != body:
        connection.execute(
            update(zoekteksten).where(zoekteksten.c.number == number).values(body=body)
        )
    _refresh_contexts(connection, begrip)


def body_of(connection: Connection, begrip: BegripRecord) -> str:
    texts = [begrip.begrip, begrip.definitie]
    for item in list_items(connection, items.c.begrip_id == begrip.id, visible()):
        texts.append(item.text)
        texts.append(item.reden or "")
    return "\n".join(line for line in map(folded, texts) if line)


def _refresh_contexts(connection: Connection, begrip: BegripRecord) -> None:
    wanted = {
        (kind, folded(value)): value for kind, values in begrip.context.items() for value in values
    }
    mine = begrip_contexts.c.begrip_id == begrip.id
    rows = connection.execute(select(begrip_contexts).where(mine))
    if {(row.kind, row.folded): row.value for row in rows} == wanted:
        return
    connection.execute(delete(begrip_contexts).where(mine))
    if wanted:
        connection.execute(
            insert(begrip_contexts),
            [
                {"begrip_id": begrip.id, "kind": kind, "folded": short, "value": value}
                for (kind, short), value in wanted.items()
            ],
        )
