"""What an editor does with items is kept; what a generation brings never goes over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voorbeelden.model import ExampleType, GenerationMode, Item, Outcome, OutcomeState, Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict, NotAllowed, NotFound
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import BegripRecord, ItemRecord
from voorbeelden.strategies import make_plan

SYNONIEMEN, TEGEN = ExampleType.SYNONIEMEN, ExampleType.TEGENVOORBEELDEN
SUBJECT = Subject(
    "verdachte",
    "persoon tegen wie een redelijk vermoeden van schuld bestaat",
    {"organisatorisch": (), "juridisch": ("strafrecht",), "wettelijk": ("Sv",)},
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(f"sqlite:///{tmp_path / 'w.sqlite3'}") as desk:
        yield desk


@pytest.fixture
def begrip(desk: Desk) -> BegripRecord:
    return desk.take_in(SUBJECT, "anna")


def generate(
    desk: Desk,
    begrip: BegripRecord,
    *texts: str,
    kind: ExampleType = SYNONIEMEN,
    state: OutcomeState = OutcomeState.DONE,
    replaces: str | None = None,
) -> str:
    plan = make_plan(GenerationMode.ASYNC, {kind: len(texts)})
    generation = desk.start_generation(
        GenerationStart(
            begrip.id, plan, by="anna", model="m", prompt_version="p", replaces=replaces
        )
    )
    outcome = Outcome(kind, state, tuple(Item(text) for text in texts))
    assert desk.save_type(generation, outcome)
    desk.end_generation(generation)
    return generation


def shown(desk: Desk, begrip: BegripRecord) -> list[str]:
    return [item.text for item in desk.items(begrip.id)]


def by_text(desk: Desk, begrip: BegripRecord, text: str) -> ItemRecord:
    return next(item for item in desk.items(begrip.id) if item.text == text)


def test_a_later_generation_takes_the_place_of_untouched_proposals_only(
    desk: Desk, begrip: BegripRecord
) -> None:
    """Approved, edited, rejected, noted and own items stay as they are, in their order."""
    generate(desk, begrip, "a", "b", "c", "d", "e")
    desk.approve(by_text(desk, begrip, "a"), "anna")
    desk.edit(by_text(desk, begrip, "b"), "b2", by="anna")
    desk.reject(by_text(desk, begrip, "c"), "anna")
    desk.note(by_text(desk, begrip, "d"), "twijfel", "anna")
    desk.add(begrip.id, SYNONIEMEN, "eigen", by="anna")
    before = {item.text: item for item in desk.items(begrip.id)}
    generate(desk, begrip, "f", "g")
    assert shown(desk, begrip) == ["a", "b2", "c", "d", "eigen", "f", "g"]
    for text in ("a", "b2", "c", "d", "eigen"):
        assert by_text(desk, begrip, text) == before[text]
    everything = desk.items(begrip.id, superseded=True)
    assert sorted(item.text for item in everything if not item.visible) == ["b", "e"]


def test_a_type_is_saved_once(desk: Desk, begrip: BegripRecord) -> None:
    """The same outcome again writes nothing: an engine may repeat its last step."""
    generation = generate(desk, begrip, "a")
    again = Outcome(SYNONIEMEN, OutcomeState.DONE, (Item("b"),))
    assert not desk.save_type(generation, again)
    assert shown(desk, begrip) == ["a"]


def test_undo_takes_back_action_after_action_and_redo_makes_them_again(
    desk: Desk, begrip: BegripRecord
) -> None:
    states = [desk.items(begrip.id)]
    generate(desk, begrip, "a", "b")
    states.append(desk.items(begrip.id))
    desk.approve(by_text(desk, begrip, "a"), "anna")
    states.append(desk.items(begrip.id))
    desk.edit(by_text(desk, begrip, "a"), "a2", by="anna")
    states.append(desk.items(begrip.id))
    generate(desk, begrip, "c")
    states.append(desk.items(begrip.id))

    def essence(items: tuple[ItemRecord, ...]) -> list[object]:
        return [(item.id, item.text, item.status, item.touched) for item in items]

    for state in reversed(states[:-1]):
        assert desk.undo(begrip.id, "anna") is not None
        assert essence(desk.items(begrip.id)) == essence(state)
    assert desk.undo(begrip.id, "anna") is None
    for state in states[1:]:
        assert desk.redo(begrip.id, "anna") is not None
        assert essence(desk.items(begrip.id)) == essence(state)
    assert desk.redo(begrip.id, "anna") is None


def test_two_edits_of_one_item_give_a_conflict_with_both_texts(
    desk: Desk, begrip: BegripRecord
) -> None:
    generate(desk, begrip, "a")
    seen = by_text(desk, begrip, "a")
    desk.edit(seen, "van anna", by="anna")
    with pytest.raises(Conflict) as caught:
        desk.edit(seen, "van bram", by="bram")
    assert (caught.value.mine, caught.value.theirs) == ("van bram", "van anna")
    assert caught.value.author == "anna"
    assert shown(desk, begrip) == ["van anna"]
    latest = caught.value.latest
    assert isinstance(latest, ItemRecord)
    desk.edit(latest, "van bram", by="bram")
    assert shown(desk, begrip) == ["van bram"]


def test_two_definitions_give_a_conflict_and_different_fields_do_not(
    desk: Desk, begrip: BegripRecord
) -> None:
    desk.save_begrip(begrip, definitie="van anna", by="anna")
    with pytest.raises(Conflict) as caught:
        desk.save_begrip(begrip, definitie="van bram", by="bram")
    assert (caught.value.mine, caught.value.theirs) == ("van bram", "van anna")
    after = desk.save_begrip(begrip, begrip="de verdachte", by="bram")
    assert (after.begrip, after.definitie) == ("de verdachte", "van anna")


def test_the_voorkeursterm_is_the_begrip_or_an_approved_synonym(
    desk: Desk, begrip: BegripRecord
) -> None:
    """It follows the synonym's edit and falls back to the begrip when the synonym goes."""
    generate(desk, begrip, "beklaagde")
    with pytest.raises(NotAllowed):
        desk.set_voorkeursterm(begrip, "beklaagde", "anna")
    desk.approve(by_text(desk, begrip, "beklaagde"), "anna")
    assert desk.set_voorkeursterm(begrip, "beklaagde", "anna").voorkeursterm == "beklaagde"
    desk.edit(by_text(desk, begrip, "beklaagde"), "de beklaagde", by="anna")
    assert desk.begrip(begrip.id).voorkeursterm == "de beklaagde"
    desk.reject(by_text(desk, begrip, "de beklaagde"), "anna")
    assert desk.begrip(begrip.id).voorkeursterm == "verdachte"
    desk.undo(begrip.id, "anna")
    assert desk.begrip(begrip.id).voorkeursterm == "de beklaagde"


def test_an_unknown_id_is_named(desk: Desk) -> None:
    for read in (desk.begrip, desk.view, desk.item, desk.generation):
        with pytest.raises(NotFound):
            read("0" * 32)
