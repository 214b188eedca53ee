"""The tables as the code uses them. The migrations make them; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC; SQLite, which has no time zones, holds them without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData()

Json = JSON().with_variant(JSONB(), "postgresql")
# Only a column of exactly this type is a rowid of SQLite and counts by itself.
Counter = BigInteger().with_variant(Integer(), "sqlite")
Id = String(32)
# Folded text sorts the same everywhere: by code point, as SQLite does by itself.
Plain = Text().with_variant(Text(collation="C"), "postgresql")

begrippen = Table(
    "begrippen",
    metadata,
    # SQLite's full-text index knows a row by such a number only; everything else uses ``id``.
    Column("number", Counter, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("key", String(64), nullable=False, index=True),
    Column("begrip", Text, nullable=False),
    Column("definitie", Text, nullable=False),
    Column("context", Json, nullable=False),
    Column("voorkeursterm", Text),
    Column("definition_number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sort_key", Plain, nullable=False),
    Column("count_voorstel", Integer, nullable=False),
    Column("count_goedgekeurd", Integer, nullable=False),
    Column("count_afgewezen", Integer, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_begrippen_sort", "sort_key", "number"),
    Index("ix_begrippen_updated", "updated_at", "number"),
    sqlite_autoincrement=True,
)

definities = Table(
    "definities",
    metadata,
    Column("begrip_id", Id, ForeignKey("begrippen.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("begrip", Text, nullable=False),
    Column("definitie", Text, nullable=False),
    Column("context", Json, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # How the text came to be, in the words of whoever made it; empty: an editor's.
    Column("origin", String(20), nullable=False, server_default=""),
)

vaststellingen = Table(
    "vaststellingen",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("begrip_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("against", Json, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["begrip_id", "number"], ["definities.begrip_id", "definities.number"]),
    Index("ix_vaststellingen_version", "begrip_id", "number"),
    sqlite_autoincrement=True,
)

generaties = Table(
    "generaties",
    metadata,
    Column("id", Id, primary_key=True),
    Column("begrip_id", Id, ForeignKey("begrippen.id"), nullable=False, index=True),
    Column("definition_number", Integer, nullable=False),
    Column("mode", String(40), nullable=False),
    Column("plan", Json, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_version", Text, nullable=False),
    Column("job_id", String(64), index=True),
    Column("replaces", Id),
    Column("author", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

generatie_types = Table(
    "generatie_types",
    metadata,
    Column("generation_id", Id, ForeignKey("generaties.id"), primary_key=True),
    Column("type", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("first_item_seconds", Float),
    Column("attempts", Integer, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("failure_kind", String(40)),
    Column("failure", Text),
    Column("notes", Json, nullable=False),
    Column("cached_at", UtcDateTime),
    Column("saved_at", UtcDateTime, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("begrip_id", Id, ForeignKey("begrippen.id"), nullable=False),
    Column("generation_id", Id, ForeignKey("generaties.id"), index=True),
    Column("type", String(40), nullable=False),
    Column("position", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("reden", Text),
    Column("status", String(20), nullable=False),
    Column("touched", Boolean, nullable=False, server_default=false()),
    Column("previous_id", Id, ForeignKey("items.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("author", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_items_begrip", "begrip_id", "type", "position"),
)

acties = Table(
    "acties",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("begrip_id", Id, ForeignKey("begrippen.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("generation_id", Id, ForeignKey("generaties.id"), index=True),
    Column("undone_at", UtcDateTime),
    Index("ix_acties_begrip", "begrip_id", "id"),
    sqlite_autoincrement=True,
)

wijzigingen = Table(
    "wijzigingen",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("action_id", Counter, ForeignKey("acties.id"), nullable=False, index=True),
    Column("item_id", Id, ForeignKey("items.id"), index=True),
    Column("field", String(20), nullable=False),
    # JSON text; SQL NULL in ``old`` means that the item did not exist before.
    Column("old", Text),
    Column("new", Text, nullable=False),
    Column("turn", String(20), nullable=False),
    Column("author", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Derived from the rows above and kept for searching: see search_index.py.

zoekteksten = Table(
    "zoekteksten",
    metadata,
    Column("number", Counter, ForeignKey("begrippen.number"), primary_key=True),
    Column("body", Text, nullable=False),
)

begrip_contexts = Table(
    "begrip_contexts",
    metadata,
    Column("begrip_id", Id, ForeignKey("begrippen.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("folded", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Index("ix_begrip_contexts_value", "kind", "folded"),
)
