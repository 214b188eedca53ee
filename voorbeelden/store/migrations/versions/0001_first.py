"""The first schema: begrippen, their definitions, generations, items, and what was done to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)
plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "begrippen",
        sa.Column("number", counter, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("begrip", sa.Text(), nullable=False),
        sa.Column("definitie", sa.Text(), nullable=False),
        sa.Column("context", json, nullable=False),
        sa.Column("voorkeursterm", sa.Text()),
        sa.Column("definition_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sort_key", plain, nullable=False),
        sa.Column("count_voorstel", sa.Integer(), nullable=False),
        sa.Column("count_goedgekeurd", sa.Integer(), nullable=False),
        sa.Column("count_afgewezen", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_begrippen_key", "begrippen", ["key"])
    op.create_index("ix_begrippen_sort", "begrippen", ["sort_key", "number"])
    op.create_index("ix_begrippen_updated", "begrippen", ["updated_at", "number"])
    op.create_table(
        "definities",
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begrip", sa.Text(), nullable=False),
        sa.Column("definitie", sa.Text(), nullable=False),
        sa.Column("context", json, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["begrip_id"], ["begrippen.id"]),
        sa.PrimaryKeyConstraint("begrip_id", "number"),
    )
    op.create_table(
        "generaties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("definition_number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("plan", json, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=64)),
        sa.Column("replaces", sa.String(length=32)),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.ForeignKeyConstraint(["begrip_id"], ["begrippen.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_generaties_begrip_id", "generaties", ["begrip_id"])
    op.create_index("ix_generaties_job_id", "generaties", ["job_id"])
    op.create_table(
        "acties",
        sa.Column("id", counter, autoincrement=True, nullable=False),
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("generation_id", sa.String(length=32)),
        sa.Column("undone_at", moment),
        sa.ForeignKeyConstraint(["begrip_id"], ["begrippen.id"]),
        sa.ForeignKeyConstraint(["generation_id"], ["generaties.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acties_begrip", "acties", ["begrip_id", "id"])
    op.create_index("ix_acties_generation_id", "acties", ["generation_id"])
    op.create_table(
        "generatie_types",
        sa.Column("generation_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("first_item_seconds", sa.Float()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("cached_tokens", sa.Integer()),
        sa.Column("failure_kind", sa.String(length=40)),
        sa.Column("failure", sa.Text()),
        sa.Column("notes", json, nullable=False),
        sa.Column("cached_at", moment),
        sa.Column("saved_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["generation_id"], ["generaties.id"]),
        sa.PrimaryKeyConstraint("generation_id", "type"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("generation_id", sa.String(length=32)),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reden", sa.Text()),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("touched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("previous_id", sa.String(length=32)),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["begrip_id"], ["begrippen.id"]),
        sa.ForeignKeyConstraint(["generation_id"], ["generaties.id"]),
        sa.ForeignKeyConstraint(["previous_id"], ["items.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_items_begrip", "items", ["begrip_id", "type", "position"])
    op.create_index("ix_items_generation_id", "items", ["generation_id"])
    op.create_table(
        "wijzigingen",
        sa.Column("id", counter, autoincrement=True, nullable=False),
        sa.Column("action_id", counter, nullable=False),
        sa.Column("item_id", sa.String(length=32)),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("turn", sa.String(length=20), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["acties.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wijzigingen_action_id", "wijzigingen", ["action_id"])
    op.create_index("ix_wijzigingen_item_id", "wijzigingen", ["item_id"])
