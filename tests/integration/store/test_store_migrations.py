"""From nothing, and from the first schema, to the tables of today; by several processes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from tests.integration.store.conftest import Databases
from tests.integration.store.support import SUBJECT, SYNONIEMEN, shown
from voorbeelden.store import migrations
from voorbeelden.store.database import open_engine
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import NewerDatabase, StoreUnavailable
from voorbeelden.store.migrate import current_revision, upgrade
from voorbeelden.store.migrations import HEAD
from voorbeelden.store.records import Search
from voorbeelden.store.schema import metadata
from voorbeelden.store.text import subject_key

FIRST = "0001"
BEGRIP, GENERATION = "b" * 32, "a" * 32

# Written down as the first schema held them: today's code may not be used to make these rows.
FIRST_ROWS = (
    "INSERT INTO begrippen VALUES (7, '{b}', 'sleutel', 'Crèche', 'opvang van kinderen', "
    '\'{{"organisatorisch": [], "juridisch": ["Strafrecht"], "wettelijk": []}}\', NULL, 1, 1, '
    "'creche', 1, 0, 0, 'anna', '2026-01-02 03:04:05', '2026-01-02 03:04:05')",
    "INSERT INTO definities VALUES ('{b}', 1, 'Crèche', 'opvang van kinderen', '{{}}', 'anna', "
    "'2026-01-02 03:04:05')",
    "INSERT INTO generaties VALUES ('{a}', '{b}', 1, 'async', '{{}}', 'm', 'p', NULL, NULL, "
    "'anna', '2026-01-02 03:04:05', NULL)",
    "INSERT INTO acties (begrip_id, kind, author, at, generation_id, undone_at) VALUES "
    "('{b}', 'generatie', 'anna', '2026-01-02 03:04:05', '{a}', NULL)",
    "INSERT INTO items VALUES ('{i}', '{b}', '{a}', 'synoniemen', 0, 'kinderdagverblijf', NULL, "
    "'voorstel', false, NULL, '', 'm', '2026-01-02 03:04:05', '2026-01-02 03:04:05')",
    "INSERT INTO items VALUES ('{j}', '{b}', '{a}', 'synoniemen', 1, 'peuterspeelzaal', NULL, "
    "'vervangen', false, NULL, '', 'm', '2026-01-02 03:04:05', '2026-01-02 03:04:05')",
)


def execute(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def fill_first(url: str) -> Engine:
    engine = open_engine(url, durable=True)
    upgrade(engine, FIRST)
    names = {"a": GENERATION, "b": BEGRIP, "i": "1" * 32, "j": "2" * 32}
    execute(engine, *(row.format(**names).replace(":", r"\:") for row in FIRST_ROWS))
    return engine


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return current_revision(connection)


def ours(name: str | None, kind: str, parents: Any) -> bool:
    """Not the tables behind SQLite's full-text index, nor the cache's: those are made elsewhere."""
    return kind != "table" or not str(name).startswith(("zoekindex", "cached_answers"))


def test_an_empty_database_gets_the_tables_that_the_code_uses(databases: Databases) -> None:
    """Column by column and index by index, as Alembic compares them."""
    url = databases.empty()
    Desk(url).close()
    engine = open_engine(url)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": ours}
        differences = compare_metadata(
            MigrationContext.configure(connection, opts=options), metadata
        )
        assert current_revision(connection) == HEAD
    engine.dispose()
    # Only PostgreSQL's trigram index is not in the schema: SQLite's counterpart is a table.
    assert [one for one in differences if "ix_zoekteksten_body" not in repr(one)] == []


def test_the_first_schema_is_brought_up_to_date_with_what_it_holds(databases: Databases) -> None:
    """Nothing is lost, and what was there before searching came can be found."""
    url = databases.empty()
    fill_first(url).dispose()
    with Desk(url) as desk:
        begrip = desk.begrip(BEGRIP)
        assert (begrip.begrip, begrip.created_at.isoformat()) == (
            "Crèche",
            "2026-01-02T03:04:05+00:00",
        )
        for query in ("creche", "kinderdag", "opvang van"):
            assert [one.id for one in desk.search(Search(query)).begrippen] == [BEGRIP]
        assert desk.search(Search("peuterspeelzaal")).total == 0
        context = (("juridisch", "strafrecht"),)
        assert desk.search(Search(context=context)).total == 1
        desk.approve(desk.items(BEGRIP)[0], "bram")
        second = desk.take_in(SUBJECT, "bram")
        desk.add(second.id, SYNONIEMEN, "beklaagde", by="bram")
        assert shown(desk, begrip) == ["kinderdagverblijf"]
        assert desk.search(Search("klaagde")).begrippen[0].id == second.id


def test_a_definition_of_before_can_be_accepted_with_a_reason(databases: Databases) -> None:
    """Versions that were there before origins and reasons came are an editor's, and unaccepted."""
    url = databases.empty()
    engine = fill_first(url)
    key = subject_key("Crèche", {"juridisch": ("Strafrecht",)})
    execute(engine, f"UPDATE begrippen SET key = '{key}'")
    engine.dispose()
    with Desk(url) as desk:
        [before] = desk.definitions(BEGRIP)
        assert (before.origin, before.accepted) == ("", None)
        subject = desk.begrip(BEGRIP).subject
        desk.accept_definition(subject, "bram", reason="Zo heet het.", against=["begin-lidwoord"])
        [after] = desk.definitions(BEGRIP)
        assert after.accepted is not None
        assert (after.accepted.reason, after.accepted.against, after.accepted.author) == (
            "Zo heet het.",
            ("begin-lidwoord",),
            "bram",
        )


def test_a_step_that_fails_leaves_the_database_as_it_was(databases: Databases) -> None:
    """All of it or nothing, tables included; and the next start tries again."""
    url = databases.empty()
    engine = fill_first(url)
    execute(engine, "CREATE TABLE begrip_contexts (in_the_way INTEGER)")
    before = set(inspect(engine).get_table_names())
    with pytest.raises(StoreUnavailable):
        Desk(url)
    assert set(inspect(engine).get_table_names()) == before
    assert revision_of(engine) == FIRST
    execute(engine, "DROP TABLE begrip_contexts")
    Desk(url).close()
    assert revision_of(engine) == HEAD
    engine.dispose()


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "first schema"])
def test_processes_that_start_at_once_do_not_break_each_other(
    databases: Databases, filled: bool
) -> None:
    """Three of them, released together: each finds the tables, and one has made them."""
    url = databases.empty()
    if filled:
        fill_first(url).dispose()
    child = (
        "import sys\n"
        "from voorbeelden.model import Subject\n"
        "from voorbeelden.store.desk import Desk\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "with Desk(sys.argv[1]) as desk:\n"
        "    desk.take_in(Subject('van ' + sys.argv[2], ''), 'anna')\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", child, url, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for one in children:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in children:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in children:
        _, errors = one.communicate(timeout=60)
        assert (one.returncode, errors) == (0, "")
    with Desk(url) as desk:
        assert desk.search(Search()).total == 3 + filled


def test_a_database_of_a_later_version_is_left_alone(databases: Databases) -> None:
    """The message says what to do; the tables are not touched."""
    url = databases.empty()
    Desk(url).close()
    engine = open_engine(url)
    execute(engine, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="Werk de app bij"):
        Desk(url)
    assert revision_of(engine) == "9999"
    engine.dispose()


def test_head_is_the_last_step_and_every_step_follows_one() -> None:
    """``HEAD`` is written down by hand so that a start need not import Alembic."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [HEAD]
    assert script.get_bases() == [FIRST]


def test_opening_what_is_up_to_date_does_not_import_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    Desk(url).close()
    child = (
        "import sys\n"
        "from voorbeelden.store.desk import Desk\n"
        "Desk(sys.argv[1]).close()\n"
        "print([name for name in sys.modules if name.startswith(('alembic', 'mako'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, url], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
