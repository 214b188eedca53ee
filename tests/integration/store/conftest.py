"""A fresh database a test: SQLite always, PostgreSQL where there is a server or one can be started.

``VOORBEELDEN_DATABASE_URL_TEST`` (or ``VOORBEELDEN_DATABASE_URL``, when it names a PostgreSQL)
points to a server on which the tests may make databases of their own; they touch no other. Without
it a temporary server is started from the PostgreSQL programs of this machine, if it has them.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from voorbeelden.store.desk import Desk
from voorbeelden.store.schema import metadata

# Read while the tests are being collected: before any of them runs, conftest.py takes our
# variables out of the environment.
_GIVEN = os.environ.get("VOORBEELDEN_DATABASE_URL_TEST") or os.environ.get(
    "VOORBEELDEN_DATABASE_URL", ""
)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The maintenance database of a server; skips where there is none."""
    if _GIVEN.startswith("postgresql"):
        yield make_url(_GIVEN)
        return
    programs = _programs()
    if programs is None:
        pytest.skip(
            "not run on PostgreSQL: VOORBEELDEN_DATABASE_URL_TEST names none, and there is no "
            "initdb on the PATH or in /usr/lib/postgresql"
        )
    folder = Path(tempfile.mkdtemp(prefix="voorbeelden-pg-"))
    try:
        yield from _run_server(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows: copying it is quicker than making another."""
    file = tmp_path_factory.mktemp("store") / "template.sqlite3"
    Desk(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def postgresql_ready(postgresql_server: URL) -> Iterator[URL]:
    """A database with all tables, which one test after the other uses: making one is slow."""
    name = f"voorbeelden_test_{uuid.uuid4().hex}"
    _execute(postgresql_server, f"CREATE DATABASE {name}")
    url = postgresql_server.set(database=name)
    Desk(_render(url)).close()
    yield url
    _execute(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


class Databases:
    """Makes databases of one kind for one test."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self.kind: str = request.param
        self._request = request
        self._folder = folder
        self._made: list[str] = []

    def empty(self) -> str:
        """The URL of a database without any table."""
        name = f"voorbeelden_test_{uuid.uuid4().hex}"
        if self.kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        _execute(self._server, f"CREATE DATABASE {name}")
        self._made.append(name)
        return _render(self._server.set(database=name))

    def ready(self) -> str:
        """The URL of a database that is up to date and holds no rows. A test uses one of these."""
        if self.kind == "postgresql":
            url: URL = self._request.getfixturevalue("postgresql_ready")
            tables = ", ".join(table.name for table in metadata.sorted_tables)
            _execute(url, f"TRUNCATE {tables} RESTART IDENTITY")
            return _render(url)
        file = self._folder / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copy(self._request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"

    def close(self) -> None:
        for name in self._made:
            _execute(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def _server(self) -> URL:
        server: URL = self._request.getfixturevalue("postgresql_server")
        return server


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Every test that takes this, or ``desk``, runs on each kind of database."""
    made = Databases(request, tmp_path)
    yield made
    made.close()


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.ready()


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    with Desk(url) as desk:
        yield desk


def _render(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _execute(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _programs() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def _run_server(programs: Path, folder: Path) -> Iterator[URL]:
    """A server that listens on a socket in ``folder`` only. It refuses to run as root."""
    as_user: list[str] = []
    user = getpass.getuser()
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        # Where root's programs are, which the path of who is no root by birth may leave out.
        runuser = shutil.which("runuser", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if runuser is None:
            pytest.skip("PostgreSQL does not run as root, and there is no runuser")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user, user = [runuser, "-u", "postgres", "--"], "postgres"
    data = str(folder / "data")
    # Nothing here needs to outlive a power cut. A socket's path may have 107 bytes at most.
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    begin = [str(programs / "pg_ctl"), "-D", data, "-w", "-o", options]
    log = ["-l", str(folder / "log")]
    initdb = [str(programs / "initdb"), "-D", data, "-U", user, "-A", "trust", "-E", "UTF8"]
    for command in ([*initdb, "--no-sync"], [*begin, *log, "start"]):
        done = subprocess.run(
            [*as_user, *command], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start: {(done.stderr or done.stdout).strip()[-300:]}")
    try:
        yield URL.create(
            "postgresql+psycopg", username=user, database="postgres", query={"host": str(folder)}
        )
    finally:
        stop = [str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop"]
        subprocess.run([*as_user, *stop], cwd=folder, capture_output=True, check=False)
