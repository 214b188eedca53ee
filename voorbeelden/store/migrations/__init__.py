"""The steps from an empty database, or an older one, to the tables of today.

``HEAD`` is the last step's revision, so that a database that is up to date can be recognised
without importing Alembic. There are no steps back: keep a copy of the database instead.
"""

from __future__ import annotations

from typing import Final

HEAD: Final = "0003"
