"""Definitions of the flow in the store, with their examples: kept at once, and never over what
somebody made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, Provider, wait_until
from voorbeelden.bridge import Bridge
from voorbeelden.definition.flow_desk import TAKEN, DeskKeeper
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_keeper import NOT_KEPT, DefinitionVersion, NotKept, Origin
from voorbeelden.definition.flow_model import DefinitionRequest
from voorbeelden.demo.teksten import bekende_definitie
from voorbeelden.hooks import KeepingFailed, Part, Record
from voorbeelden.model import OutcomeState, Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreUnavailable
from voorbeelden.store.records import BegripRecord, ItemStatus

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

DEFINITIE = str(bekende_definitie("verdachte"))
REQUEST = DefinitionRequest("verdachte", {"juridisch": ("strafprocesrecht",)})
SUBJECT = Subject.from_dict("verdachte", "", {"juridisch": ["strafprocesrecht"]})


def version(text: str, origin: Origin, flow_id: str = "f", reason: str = "") -> DefinitionVersion:
    subject = Subject.from_dict("besluit", text, {"juridisch": ["bestuursrecht"]})
    against = ("begin-lidwoord",) if reason else ()
    return DefinitionVersion(flow_id, subject, origin, reason, against, by="anna")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(f"sqlite:///{tmp_path / 'store.sqlite3'}") as opened:
        yield opened


def texts(desk: Desk) -> list[str]:
    found = desk.find(version("", Origin.DRAFT).subject)
    return [] if found is None else [one.subject.definitie for one in desk.definitions(found.id)]


# --- the keeper ---


@pytest.mark.anyio
async def test_a_draft_and_its_improvement_are_versions_of_a_new_begrip(desk: Desk) -> None:
    """With how each came to be; and the examples have a place under the version."""
    keeper = DeskKeeper(lambda: desk)
    first = await keeper.definition_ready(version("Eerste tekst", Origin.DRAFT))
    second = await keeper.definition_ready(version("Betere tekst", Origin.IMPROVED))
    assert texts(desk) == ["Eerste tekst", "Betere tekst"]
    kept = desk.definitions(first.begrip_id)
    assert [(one.origin, one.author) for one in kept] == [("draft", "anna"), ("improved", "anna")]
    assert (first.definition_number, second.definition_number) == (1, 2)
    assert first.begrip_id == second.begrip_id
    assert first.generation_id != second.generation_id


@pytest.mark.anyio
@pytest.mark.parametrize("origin", [Origin.ACCEPTED, Origin.OWN])
async def test_a_text_of_the_models_never_takes_the_place_of_an_editors(
    desk: Desk, origin: Origin
) -> None:
    """The reason is one that an editor can read; what an editor wrote takes any place."""
    keeper = DeskKeeper(lambda: desk)
    await keeper.definition_ready(version("Van een mens", origin))
    for other in (Origin.DRAFT, Origin.IMPROVED):
        with pytest.raises(NotKept, match="al een definitie"):
            await keeper.definition_ready(version("Concept", other, "g"))
    assert texts(desk) == ["Van een mens"]
    await keeper.definition_ready(version("Eigen tekst", Origin.OWN, "g"))
    assert texts(desk) == ["Van een mens", "Eigen tekst"]


@pytest.mark.anyio
async def test_the_same_text_is_in_nobodys_way(desk: Desk) -> None:
    """A draft that says what stands there is kept as that version."""
    keeper = DeskKeeper(lambda: desk)
    await keeper.definition_ready(version("Dezelfde tekst", Origin.OWN))
    kept = await keeper.definition_ready(version("Dezelfde tekst", Origin.DRAFT, "g"))
    assert kept.definition_number == 1
    assert texts(desk) == ["Dezelfde tekst"]


@pytest.mark.anyio
async def test_a_text_of_the_models_gives_way_to_another_until_it_is_accepted(desk: Desk) -> None:
    keeper = DeskKeeper(lambda: desk)
    await keeper.definition_ready(version("Eerste", Origin.DRAFT))
    await keeper.definition_ready(version("Tweede", Origin.DRAFT, "g"))
    await keeper.definition_ready(version("Tweede", Origin.ACCEPTED, "g"))
    with pytest.raises(NotKept):
        await keeper.definition_ready(version("Derde", Origin.DRAFT, "h"))
    assert texts(desk) == ["Eerste", "Tweede"]


@pytest.mark.anyio
async def test_a_begrip_without_a_definition_gets_one(desk: Desk) -> None:
    desk.take_in(version("", Origin.DRAFT).subject, "anna")
    await DeskKeeper(lambda: desk).definition_ready(version("Concept", Origin.DRAFT))
    assert texts(desk)[-1] == "Concept"


@pytest.mark.anyio
async def test_the_reason_stays_with_the_version_that_was_accepted(desk: Desk) -> None:
    """Who, when, why and against which rules; also when the text itself was there already."""
    keeper = DeskKeeper(lambda: desk)
    place = await keeper.definition_ready(version("Een concept", Origin.DRAFT))
    await keeper.definition_ready(version("Een concept", Origin.ACCEPTED, reason="Zo moet het."))
    [only] = desk.definitions(place.begrip_id)
    assert only.origin == "draft"
    assert only.accepted is not None
    assert (only.accepted.reason, only.accepted.against) == ("Zo moet het.", ("begin-lidwoord",))
    assert only.accepted.author == "anna"
    assert only.accepted.at >= only.created_at
    await keeper.definition_ready(version("Een concept", Origin.ACCEPTED))
    [only] = desk.definitions(place.begrip_id)
    assert only.accepted is not None
    assert only.accepted.reason == "", "the last time counts"


# --- the whole flow ---


class Wired:
    """A bridge that keeps its flows in a desk, and the provider it leads to."""

    def __init__(self, provider: Provider, desk: Desk) -> None:
        self.desk = desk
        self.away = False
        self.bridge = Bridge(provider.settings())
        self.bridge.keeper = DeskKeeper(self._open)
        self.bridge.hooks.append(self._hear)
        self.not_kept: list[KeepingFailed] = []
        self.flows = self.bridge.flows

    def _hear(self, record: Record) -> None:
        if isinstance(record, KeepingFailed):
            self.not_kept.append(record)

    def _open(self) -> Desk:
        if self.away:
            raise StoreUnavailable("De database is nu niet bereikbaar.")
        return self.desk

    def run(self, request: DefinitionRequest = REQUEST, **given: Any) -> FlowSnapshot:
        """A flow to its end."""
        return self.ended(self.flows.start(request, by="anna", **given))

    def ended(self, flow_id: str) -> FlowSnapshot:
        wait_until(lambda: not self.now(flow_id).running, 20)
        return self.now(flow_id)

    def now(self, flow_id: str) -> FlowSnapshot:
        found = self.flows.snapshot(flow_id)
        assert found is not None
        return found

    @property
    def begrip(self) -> BegripRecord:
        found = self.desk.find(SUBJECT)
        assert found is not None
        return found

    def shown(self) -> int:
        return len(self.desk.items(self.begrip.id))


MakeWired = Callable[[str], Wired]


@pytest.fixture
def wired(demo: DemoProcess, desk: Desk) -> Iterator[MakeWired]:
    made: list[Wired] = []

    def make(spec: str) -> Wired:
        made.append(Wired(Provider.behaving(demo, spec), desk))
        return made[-1]

    yield make
    for one in made:
        one.bridge.close()


def test_definition_and_examples_of_a_flow_are_in_the_store(wired: MakeWired) -> None:
    """One generation of the version, each type of it whole, and every item to be reviewed."""
    one = wired("instant")
    last = one.run()
    assert last.state.begrip_id == one.begrip.id
    assert one.begrip.definitie == DEFINITIE
    assert last.examples is not None
    assert last.examples.begrip_id == one.begrip.id
    [generation] = one.desk.view(one.begrip.id).generations
    assert generation.definition_number == 1
    assert generation.job_id == last.examples.job_id
    assert generation.ended_at is not None
    assert {ended.type.value for ended in generation.types} == set(SIX)
    items = one.desk.items(one.begrip.id)
    assert {item.text for item in items} == {
        item.text for lane in last.examples.lanes for item in lane.items
    }
    assert {item.status for item in items} == {ItemStatus.VOORSTEL}


def test_a_type_is_in_the_store_before_the_others_are_ready(wired: MakeWired) -> None:
    one = wired("instant;fault=silent@toelichting")
    flow_id = one.flows.start(REQUEST)

    def five() -> bool:
        examples = one.now(flow_id).examples
        return examples is not None and examples.finished == 5

    wait_until(five)
    [generation] = one.desk.view(one.begrip.id).generations
    assert len(generation.types) == 5
    assert generation.ended_at is None
    one.flows.cancel(flow_id)
    one.ended(flow_id)


def test_examples_of_a_replaced_text_are_withdrawn(wired: MakeWired) -> None:
    """They stay to be found; to be reviewed are those of the new text, also where a type of it
    failed."""
    one = wired("instant;fault=afgekeurd@toets;fault=400@synoniemen.2")
    last = one.run()
    assert last.examples is not None
    assert last.examples.finished == 5
    new, old = one.desk.view(one.begrip.id).generations
    assert (old.definition_number, old.undone) == (1, True)
    assert (new.definition_number, new.undone) == (2, False)
    assert {item.generation_id for item in one.desk.items(one.begrip.id)} == {new.id}
    assert "synoniemen" not in {item.type.value for item in one.desk.items(one.begrip.id)}


def test_an_edited_text_is_a_version_with_its_own_generation(wired: MakeWired) -> None:
    one = wired("instant")
    first = one.run()
    own = DefinitionRequest("verdachte", REQUEST.context, "Persoon op wie verdenking rust.")
    one.run(own, follows=first.flow_id)
    kept = one.desk.definitions(one.begrip.id)
    assert [(each.number, each.origin) for each in kept] == [(1, "draft"), (2, "own")]
    generations = one.desk.view(one.begrip.id).generations
    assert [each.definition_number for each in generations] == [2, 1]
    assert one.shown() == len(one.desk.generation(generations[0].id).items)


def test_what_an_editor_approved_outlives_the_next_flow(wired: MakeWired) -> None:
    one = wired("instant")
    one.run()
    approved = one.desk.approve(one.desk.items(one.begrip.id)[0], "bram")
    one.run(DefinitionRequest("verdachte", REQUEST.context, fresh=True))
    found = one.desk.item(approved.id)
    assert (found.status, found.text) == (ItemStatus.GOEDGEKEURD, approved.text)


def test_beside_an_editors_definition_the_examples_wait_until_the_text_is_accepted(
    wired: MakeWired,
) -> None:
    """Nothing of the flow is kept over somebody's work, which is said; accepting keeps both."""
    one = wired("instant")
    other = Subject(SUBJECT.begrip, "Iemand anders zijn tekst.", SUBJECT.context)
    one.desk.take_in(other, "bram")
    last = one.run()
    assert last.state.notes == (TAKEN,)
    assert last.state.begrip_id == ""
    assert last.examples is not None
    assert last.examples.finished == 6
    assert one.begrip.definitie == other.definitie
    assert one.shown() == 0

    one.flows.accept(last.flow_id, DEFINITIE, by="anna")
    wait_until(lambda: one.shown() > 0)
    wait_until(lambda: one.desk.view(one.begrip.id).generations[0].ended_at is not None)
    after = one.now(last.flow_id)
    assert after.state.notes == ()
    assert after.examples is not None
    assert after.examples.begrip_id == after.state.begrip_id == one.begrip.id
    assert one.begrip.definitie == DEFINITIE
    [generation] = one.desk.view(one.begrip.id).generations
    assert generation.definition_number == 2
    assert len(generation.types) == 6


def test_accepting_another_text_keeps_no_examples_that_do_not_belong_to_it(
    wired: MakeWired,
) -> None:
    one = wired("instant")
    one.desk.take_in(Subject(SUBJECT.begrip, "Iemand anders zijn tekst.", SUBJECT.context), "bram")
    last = one.run()
    one.flows.accept(last.flow_id, "Persoon op wie verdenking rust.", by="anna")
    assert one.begrip.definitie == "Persoon op wie verdenking rust."
    assert one.shown() == 0


def test_without_a_database_the_flow_goes_on_and_says_so(wired: MakeWired) -> None:
    """Definition and examples are whole, and each try that failed is told once. What is accepted
    later, when it is back, is kept with the examples that were made meanwhile."""
    one = wired("instant")
    one.away = True
    last = one.run()
    assert last.text == DEFINITIE
    assert last.state.notes == (NOT_KEPT,)
    assert [(one.part, one.of) for one in one.not_kept] == [(Part.DEFINITION, last.flow_id)]
    assert last.examples is not None
    assert [lane.outcome and lane.outcome.state for lane in last.examples.lanes] == [
        OutcomeState.DONE
    ] * 6
    assert one.desk.find(SUBJECT) is None
    one.flows.accept(last.flow_id, DEFINITIE, by="anna")
    assert one.now(last.flow_id).state.notes == (NOT_KEPT,)
    assert one.now(last.flow_id).accepted is not None
    wait_until(lambda: len(one.not_kept) == 2)
    assert one.not_kept[-1] == KeepingFailed(Part.DEFINITION, last.flow_id, "StoreUnavailable")

    one.away = False
    one.flows.accept(last.flow_id, DEFINITIE, by="anna")
    wait_until(lambda: one.desk.find(SUBJECT) is not None and one.shown() > 0)
    assert one.now(last.flow_id).state.notes == ()
