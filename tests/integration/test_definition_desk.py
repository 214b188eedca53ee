"""Definitions of the flow in the store: kept at once, and never over what somebody made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voorbeelden.definition.flow_desk import DeskKeeper
from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.model import Subject
from voorbeelden.store.desk import Desk

pytestmark = pytest.mark.anyio


def version(text: str, origin: Origin, flow_id: str = "f") -> DefinitionVersion:
    subject = Subject.from_dict("besluit", text, {"juridisch": ["bestuursrecht"]})
    return DefinitionVersion(flow_id, subject, origin, by="redacteur")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(f"sqlite:///{tmp_path / 'store.sqlite3'}") as opened:
        yield opened


def texts(desk: Desk) -> list[str]:
    found = desk.find(version("", Origin.DRAFT).subject)
    return [] if found is None else [one.subject.definitie for one in desk.definitions(found.id)]


async def test_a_draft_and_its_improvement_are_versions_of_a_new_begrip(desk: Desk) -> None:
    keeper = DeskKeeper(desk)
    await keeper.definition_ready(version("Eerste tekst", Origin.DRAFT))
    await keeper.definition_ready(version("Betere tekst", Origin.IMPROVED))
    assert texts(desk) == ["Eerste tekst", "Betere tekst"]


async def test_a_draft_never_takes_the_place_of_what_was_there(desk: Desk) -> None:
    """Of another flow, or of an editor; a text that an editor wrote or accepted does."""
    keeper = DeskKeeper(desk)
    await keeper.definition_ready(version("Vastgesteld", Origin.ACCEPTED))
    await keeper.definition_ready(version("Concept", Origin.DRAFT, "g"))
    await keeper.definition_ready(version("Beter concept", Origin.IMPROVED, "g"))
    assert texts(desk) == ["Vastgesteld"]
    await keeper.definition_ready(version("Eigen tekst", Origin.OWN, "g"))
    assert texts(desk) == ["Vastgesteld", "Eigen tekst"]


async def test_a_begrip_without_a_definition_gets_one(desk: Desk) -> None:
    desk.take_in(version("", Origin.DRAFT).subject, "redacteur")
    await DeskKeeper(desk).definition_ready(version("Concept", Origin.DRAFT))
    assert texts(desk)[-1] == "Concept"
