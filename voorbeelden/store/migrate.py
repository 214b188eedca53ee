"""Brings a database up to date when it is opened.

Several processes may start at once: one of them does the work under a lock, in one transaction,
and the others find it done.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy import inspect as inspect_database

from voorbeelden.store.database import WRITES
from voorbeelden.store.errors import NewerDatabase
from voorbeelden.store.migrations import HEAD

log = logging.getLogger(__name__)

_LOCK: Final = 0x766F6F7262
"""PostgreSQL's advisory lock for migrations; any number will do that nobody else uses."""

_one_at_a_time = threading.Lock()
"""Alembic keeps its context in module globals."""


def upgrade(engine: Engine, target: str = HEAD) -> None:
    """Runs the steps that ``engine``'s database lacks, up to ``target``; all of them or none.

    Raises:
        NewerDatabase: the database knows a step that this version of the app does not.
        SQLAlchemyError: the database does not answer, or stays locked.
    """
    with engine.connect() as connection:
        if current_revision(connection) == target:
            return
    with _one_at_a_time, engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = current_revision(connection)
        if found != target:
            _run(connection, found, target)


def current_revision(connection: Connection) -> str | None:
    """The last step that was done; ``None`` for a database without our tables."""
    if not inspect_database(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return revision


def _run(connection: Connection, found: str | None, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerDatabase(
            "De database is van een nieuwere versie van deze app. Werk de app bij, of laat "
            "VOORBEELDEN_DATABASE_URL naar een andere database wijzen."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    log.info("database upgraded from=%s to=%s", found, target)
