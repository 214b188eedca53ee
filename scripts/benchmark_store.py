"""How fast the store is when it is full: fills a database and times what the pages do with it.

    python -m scripts.benchmark_store                        SQLite, 10,000 begrippen, 200,000 items
    python -m scripts.benchmark_store --begrippen 100        the same with less, to compare
    python -m scripts.benchmark_store --url postgresql://…   an EMPTY database of your own

Each line is the fastest, the median and the slowest of ``--times`` runs in milliseconds, after one
run that is not counted.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from voorbeelden.model import (
    DEFAULT_EXAMPLE_COUNTS,
    ExampleType,
    GenerationMode,
    Item,
    Outcome,
    OutcomeState,
    Subject,
)
from voorbeelden.store import schema
from voorbeelden.store.database import open_engine
from voorbeelden.store.desk import Desk
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.migrate import upgrade
from voorbeelden.store.records import ItemStatus, Order, Progress, Search
from voorbeelden.store.text import folded, subject_key
from voorbeelden.strategies import make_plan

BATCH = 500
PARTS = [
    *("ver", "ge", "be", "recht", "ter", "dach", "te", "straf", "bank", "hof", "over", "een"),
    *("komst", "schik", "king", "wet", "boek", "aan", "gif", "zake", "on", "matig", "daad", "eis"),
    *("er", "tui", "bij", "zonder", "heid", "toe", "zicht", "kant", "lijk", "huur", "koop", "hech"),
    *("tenis", "moge", "vorder", "ing", "lening", "borg", "tocht", "erf", "pacht", "stem", "raad"),
]
SMALL = [
    *("de", "het", "een", "van", "in", "dat", "is", "op", "te", "die", "niet", "aan", "met"),
    *("voor", "door", "als", "wordt", "bij", "tot"),
]
CONTEXTS = ["strafrecht", "bestuursrecht", "civiel recht", "vreemdelingenrecht", "belastingrecht"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--begrippen", type=int, default=10_000)
    parser.add_argument("--url", help="an empty database; default: SQLite in a temporary folder")
    parser.add_argument("--times", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voorbeelden-store-") as folder:
        url = given.url or f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}"
        started = time.perf_counter()
        fill(url, given.begrippen)
        print(f"filled in {time.perf_counter() - started:.0f} s")
        measure(url, given.times)


def fill(url: str, count: int) -> None:
    """``count`` begrippen of 20 items each, as the six types have them."""
    engine = open_engine(url, durable=True)
    upgrade(engine)
    with engine.connect() as connection:
        if connection.execute(select(schema.begrippen.c.id).limit(1)).first():
            raise SystemExit("this database holds begrippen already: give an empty one")
    chance = random.Random(1)
    words = ["".join(chance.choices(PARTS, k=chance.randint(1, 4))) for _ in range(20_000)]
    for first in range(0, count, BATCH):
        with engine.begin() as connection:
            add_batch(connection, chance, words, range(first, min(first + BATCH, count)))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Its autovacuum would do this in a minute or so; SQLite has no such thing.
            connection.execute(text("ANALYZE"))
            sequence = "pg_get_serial_sequence('begrippen', 'number')"
            connection.execute(text(f"SELECT setval({sequence}, {count})"))
    engine.dispose()


def add_batch(
    connection: Connection, chance: random.Random, words: list[str], numbers: range
) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        table: []
        for table in (
            schema.begrippen,
            schema.definities,
            schema.generaties,
            schema.acties,
            schema.items,
            schema.zoekteksten,
            schema.begrip_contexts,
        )
    }
    for number in numbers:
        for table, values in rows_of(chance, words, number):
            rows[table].append(values)
    for table, values_of_table in rows.items():
        connection.execute(insert(table), values_of_table)


def rows_of(
    chance: random.Random, words: list[str], number: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every row of one begrip that a generation has filled and an editor has half reviewed."""

    def sentence(length: int) -> str:
        return " ".join(
            chance.choice(SMALL) if chance.random() < 0.4 else chance.choice(words)
            for _ in range(length)
        )

    begrip_id, generation_id = uuid.uuid4().hex, uuid.uuid4().hex
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    begrip = " ".join(chance.choices(words, k=chance.randint(1, 3)))
    definitie = sentence(30)
    context = {"organisatorisch": [], "juridisch": [chance.choice(CONTEXTS)], "wettelijk": []}
    texts = [
        (kind, sentence(1 if kind.value.endswith("oniemen") else 18))
        for kind, wanted in DEFAULT_EXAMPLE_COUNTS.items()
        for _ in range(wanted)
    ]
    statuses = [chance.choice(list(ItemStatus)[:3]) for _ in texts]
    of_begrip: dict[str, Any] = {"begrip": begrip, "definitie": definitie, "context": context}
    yield (
        schema.begrippen,
        {
            **of_begrip,
            "number": number + 1,
            "id": begrip_id,
            "key": subject_key(begrip, context),
            "voorkeursterm": None,
            "definition_number": 1,
            "version": 1,
            "sort_key": folded(begrip),
            "count_voorstel": statuses.count(ItemStatus.VOORSTEL),
            "count_goedgekeurd": statuses.count(ItemStatus.GOEDGEKEURD),
            "count_afgewezen": statuses.count(ItemStatus.AFGEWEZEN),
            "created_by": "benchmark",
            "created_at": at,
            "updated_at": at,
        },
    )
    yield (
        schema.definities,
        {**of_begrip, "begrip_id": begrip_id, "number": 1, "author": "benchmark", "created_at": at},
    )
    yield (
        schema.generaties,
        {
            "id": generation_id,
            "begrip_id": begrip_id,
            "definition_number": 1,
            "mode": "async",
            "plan": {},
            "model": "benchmark",
            "prompt_version": "0",
            "author": "benchmark",
            "started_at": at,
            "ended_at": at,
        },
    )
    yield (
        schema.acties,
        {
            "begrip_id": begrip_id,
            "kind": "generatie",
            "author": "benchmark",
            "at": at,
            "generation_id": generation_id,
        },
    )
    for place, ((kind, one), status) in enumerate(zip(texts, statuses, strict=True)):
        yield (
            schema.items,
            {
                "id": uuid.uuid4().hex,
                "begrip_id": begrip_id,
                "generation_id": generation_id,
                "type": kind.value,
                "position": float(place),
                "text": one,
                "reden": None,
                "status": status.value,
                "touched": status is not ItemStatus.VOORSTEL,
                "note": "",
                "author": "benchmark",
                "created_at": at,
                "changed_at": at,
            },
        )
    body = "\n".join(map(folded, [begrip, definitie, *(one for _, one in texts)]))
    yield schema.zoekteksten, {"number": number + 1, "body": body}
    for value in context["juridisch"]:
        yield (
            schema.begrip_contexts,
            {
                "begrip_id": begrip_id,
                "kind": "juridisch",
                "folded": folded(value),
                "value": value,
            },
        )


def measure(url: str, times: int) -> None:
    def reopen() -> str:
        Desk(url).close()
        return ""

    show("open the database", times, reopen)
    with Desk(url) as desk:
        total = desk.search(Search()).total
        begrip = desk.search(Search(offset=total // 2, limit=1)).begrippen[0]
        word = begrip.begrip.split()[0]
        for name, wanted in {
            "first page": Search(),
            "first page, latest first": Search(order=Order.RECENT),
            "last page": Search(offset=max(0, total - 25)),
            f"a begrip: {word!r}": Search(word),
            f"its beginning: {word[:4]!r}": Search(word[:4]),
            f"its middle: {word[2:7]!r}": Search(word[2:7]),
            "in most texts: 'een'": Search("een"),
            "two letters: 'be'": Search("be"),
            "three words": Search("het recht ver"),
            "nothing": Search("qqxqq"),
            "status voorstel": Search(status=ItemStatus.VOORSTEL),
            "context and open": Search(
                context=(("juridisch", "strafrecht"),), progress=Progress.OPEN
            ),
            "'straf' with context": Search("straf", context=(("juridisch", "strafrecht"),)),
        }.items():
            show(f"search: {name}", times, search_for(desk, wanted))
        show("contexts", times, lambda: f"{len(desk.contexts())}")
        show("open a begrip", times, lambda: f"{len(desk.view(begrip.id).items)} items")
        measure_writes(desk, times)


def search_for(desk: Desk, wanted: Search) -> Callable[[], str]:
    return lambda: f"{desk.search(wanted).total}"


def measure_writes(desk: Desk, times: int) -> None:
    mine = desk.take_in(Subject("meetbegrip", "om te meten"), "benchmark")
    plan = make_plan(GenerationMode.ASYNC, {ExampleType.SYNONIEMEN: 5})

    def save() -> str:
        generation = desk.start_generation(
            GenerationStart(mine.id, plan, by="benchmark", model="benchmark", prompt_version="0")
        )
        items = tuple(Item(f"synoniem {number}") for number in range(5))
        desk.save_type(generation, Outcome(ExampleType.SYNONIEMEN, OutcomeState.DONE, items))
        return ""

    def approve() -> str:
        desk.approve(desk.items(mine.id)[0], "benchmark")
        desk.undo(mine.id, "benchmark")
        return ""

    show("start a generation and save a type", times, save)
    show("read, approve and undo", times, approve)


def show(name: str, times: int, work: Callable[[], str]) -> None:
    work()
    took: list[float] = []
    result = ""
    for _ in range(times):
        started = time.perf_counter()
        result = work()
        took.append((time.perf_counter() - started) * 1000)
    print(f"{name:42} {min(took):7.1f} {statistics.median(took):7.1f} {max(took):7.1f}  {result}")


if __name__ == "__main__":
    main()
