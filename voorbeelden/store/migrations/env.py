"""Alembic runs this to get its connection: the one that ``migrate.upgrade`` hands over, or one on
the app's own database when a developer runs the alembic command."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from voorbeelden import settings
from voorbeelden.store.database import WRITES, open_engine
from voorbeelden.store.schema import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(settings.load(os.environ).database_url, durable=True)
    with engine.execution_options(**{WRITES: True}).begin() as own:
        run(own)
    engine.dispose()
