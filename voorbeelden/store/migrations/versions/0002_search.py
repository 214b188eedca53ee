"""Searching: the folded texts of every begrip with an index of trigrams, and its contexts."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

from voorbeelden.store.text import folded

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

log = logging.getLogger(__name__)

counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SQLITE_INDEX = (
    # Only what ``folded`` made of a text goes in, so the index need not fold it again.
    "CREATE VIRTUAL TABLE zoekindex USING fts5("
    "body, content='zoekteksten', content_rowid='number', tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER zoekteksten_insert AFTER INSERT ON zoekteksten BEGIN "
    "INSERT INTO zoekindex(rowid, body) VALUES (new.number, new.body); END",
    "CREATE TRIGGER zoekteksten_delete AFTER DELETE ON zoekteksten BEGIN "
    "INSERT INTO zoekindex(zoekindex, rowid, body) VALUES ('delete', old.number, old.body); END",
    "CREATE TRIGGER zoekteksten_update AFTER UPDATE ON zoekteksten BEGIN "
    "INSERT INTO zoekindex(zoekindex, rowid, body) VALUES ('delete', old.number, old.body); "
    "INSERT INTO zoekindex(rowid, body) VALUES (new.number, new.body); END",
)

_POSTGRESQL_INDEX = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_zoekteksten_body ON zoekteksten USING gin (body gin_trgm_ops)",
)


def upgrade() -> None:
    op.create_table(
        "zoekteksten",
        sa.Column("number", counter, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["begrippen.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "begrip_contexts",
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["begrip_id"], ["begrippen.id"]),
        sa.PrimaryKeyConstraint("begrip_id", "kind", "folded"),
    )
    op.create_index("ix_begrip_contexts_value", "begrip_contexts", ["kind", "folded"])
    connection = op.get_bind()
    _make_index(connection)
    _fill(connection)


def _make_index(connection: sa.Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    try:
        with connection.begin_nested():
            for statement in _SQLITE_INDEX if sqlite else _POSTGRESQL_INDEX:
                connection.exec_driver_sql(statement)
    except DBAPIError as error:
        log.warning(
            "no trigram index: searching will read every text. dialect=%s type=%s",
            connection.dialect.name,
            type(error.orig).__name__,
        )


def _fill(connection: sa.Connection) -> None:
    begrippen = sa.table(
        "begrippen",
        sa.column("number"),
        sa.column("id"),
        sa.column("begrip"),
        sa.column("definitie"),
        sa.column("context", sa.JSON()),
    )
    items = sa.table(
        "items",
        sa.column("begrip_id"),
        sa.column("type"),
        sa.column("text"),
        sa.column("reden"),
        sa.column("status"),
    )
    bodies = sa.table("zoekteksten", sa.column("number"), sa.column("body"))
    contexts = sa.table(
        "begrip_contexts",
        sa.column("begrip_id"),
        sa.column("kind"),
        sa.column("folded"),
        sa.column("value"),
    )
    for row in connection.execute(sa.select(begrippen)).all():
        texts = [row.begrip, row.definitie]
        shown = sa.select(items).where(items.c.begrip_id == row.id, items.c.status != "vervangen")
        for item in connection.execute(shown):
            texts += [item.text, item.reden or ""]
        body = "\n".join(line for line in map(folded, texts) if line)
        connection.execute(sa.insert(bodies).values(number=row.number, body=body))
        values = {
            (kind, folded(value)): value for kind, texts in row.context.items() for value in texts
        }
        for (kind, short), value in values.items():
            connection.execute(
                sa.insert(contexts).values(begrip_id=row.id, kind=kind, folded=short, value=value)
            )
