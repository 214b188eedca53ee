"""Definitions: how each version came to be, and when, by whom and why it was accepted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # What is there already was written or sent by an editor.
    op.add_column(
        "definities", sa.Column("origin", sa.String(length=20), server_default="", nullable=False)
    )
    op.create_table(
        "vaststellingen",
        sa.Column("id", counter, autoincrement=True, nullable=False),
        sa.Column("begrip_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("against", json, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["begrip_id", "number"], ["definities.begrip_id", "definities.number"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_vaststellingen_version", "vaststellingen", ["begrip_id", "number"])
