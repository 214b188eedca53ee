"""The process is killed while types are coming in: what was complete is there, whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

import pytest

from tests.integration.store.support import SUBJECT
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import Search

CHILD = """
import asyncio, sys

from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, GenerationMode, Item, Outcome, OutcomeState
from voorbeelden.store.desk import Desk
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import Search
from voorbeelden.store.writer import GenerationWriter
from voorbeelden.strategies import make_plan


async def main() -> None:
    desk = Desk(sys.argv[1])
    begrip = desk.search(Search("verdachte")).begrippen[0]
    plan = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)
    print("ready", flush=True)
    for number in range(1000):
        writer = await GenerationWriter.start(
            desk, GenerationStart(begrip.id, plan, by="anna", model="m", prompt_version="p")
        )
        print(f"begun {writer.generation_id}", flush=True)

        async def save(kind, count):
            items = tuple(Item(f"{kind.value} {number} {one} " + "x" * 300) for one in range(count))
            await writer.type_ended(Outcome(kind, OutcomeState.DONE, items))
            print(f"saved {writer.generation_id} {kind.value}", flush=True)

        async with asyncio.TaskGroup() as group:
            for kind, count in DEFAULT_EXAMPLE_COUNTS.items():
                group.create_task(save(kind, count))


asyncio.run(main())
"""

SIX = len(ExampleType)


@pytest.mark.parametrize("seed", range(4))
def test_every_completed_type_survives_and_none_is_half_written(url: str, seed: int) -> None:
    """Killed at a moment that is another one each time, with three types on their way."""
    with Desk(url) as desk:
        begrip = desk.take_in(SUBJECT, "anna")
    # After so many lines, and a little later: somewhere in the middle of a write.
    lines_to_read = 3 + random.Random(seed).randrange(20)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        said = [child.stdout.readline().split() for _ in range(lines_to_read)]
        child.send_signal(signal.SIGKILL)
        # Not by communicate(), which passes over the lines that readline() has read ahead.
        rest, errors = child.stdout.read(), child.stderr.read()
    assert (child.returncode, errors) == (-signal.SIGKILL, "")
    said += [line.split() for line in rest.splitlines() if line.endswith(tuple(ExampleType))]
    acknowledged = {(line[1], line[2]) for line in said if line[0] == "saved"}

    with Desk(url) as desk:
        found = set()
        for generation in desk.view(begrip.id).generations:
            whole = desk.generation(generation.id)
            made = {kind: [one for one in whole.items if one.type is kind] for kind in ExampleType}
            for record in whole.types:
                assert len(made.pop(record.type)) == DEFAULT_EXAMPLE_COUNTS[record.type]
                found.add((generation.id, record.type.value))
            assert not any(made.values())
        assert acknowledged <= found
        # Each of the six was on its way at most, so no more than that can be unacknowledged.
        assert len(found - acknowledged) <= SIX
        visible = desk.items(begrip.id)
        assert desk.begrip(begrip.id).counts.voorstel == len(visible)
        for one in visible[:3]:
            assert desk.search(Search(one.text[:20])).total == 1
        assert desk.approve_all(visible, "anna") == len(visible)
