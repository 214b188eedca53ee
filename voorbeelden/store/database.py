"""The app's database: SQLite in the user's data directory, or whatever the URL names."""

from __future__ import annotations

import logging
from typing import Any, Final

import platformdirs
from sqlalchemy import Engine, create_engine, event

_LOG_NAME: Final = "voorbeelden"
# At DEBUG SQLAlchemy logs the rows it reads: what editors and models wrote. Not from this engine,
# however chatty the process is; the statements themselves may be seen.
logging.getLogger(f"sqlalchemy.engine.Engine.{_LOG_NAME}").setLevel(logging.INFO)

LOCK_SECONDS: Final = 2.0
"""How long a writer waits for another one before it gives up."""


def default_url() -> str:
    """SQLite outside the repository, in a directory that is made when it is not there.

    Raises:
        OSError: the directory cannot be made.
    """
    folder = platformdirs.user_data_path("voorbeelden", appauthor=False, ensure_exists=True)
    return f"sqlite:///{folder / 'voorbeelden.sqlite3'}"


def open_engine(url: str | None, *, lock_seconds: float = LOCK_SECONDS) -> Engine:
    """An engine on ``url``, or on the default. Connects at first use, not here.

    What is stored appears in no log line and in no exception text.
    """
    url = url or default_url()
    quiet: dict[str, Any] = {"hide_parameters": True, "logging_name": _LOG_NAME}
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **quiet)
    engine = create_engine(url, connect_args={"timeout": lock_seconds}, **quiet)
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    # WAL: readers do not wait for a writer. NORMAL is safe with it: a power cut may lose the
    # last commit, never the file.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
