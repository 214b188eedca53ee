"""A generation is saved type by type, once each, and never over an editor's work."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.integration.store.support import (
    SUBJECT,
    SYNONIEMEN,
    TEGEN,
    ZINNEN,
    generate,
    item,
    outcome,
    shown,
    start,
)
from voorbeelden.model import Failure, FailureKind, Item, Outcome, OutcomeState, Tokens
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import NotFound
from voorbeelden.store.records import BegripRecord, ItemStatus


@pytest.fixture
def begrip(desk: Desk) -> BegripRecord:
    return desk.take_in(SUBJECT, "anna")


def test_a_generation_comes_back_as_it_was_made(desk: Desk, begrip: BegripRecord) -> None:
    """Plan, model, prompt version, times and tokens of each type; items in their order."""
    generation = start(desk, begrip, kinds=(TEGEN, SYNONIEMEN, ZINNEN))
    assert desk.generation(generation).ended_at is None
    desk.save_type(
        generation,
        Outcome(
            TEGEN,
            OutcomeState.DONE,
            (Item("getuige", "geen verdenking"), Item("slachtoffer")),
            attempts=2,
            seconds=4.5,
            first_item_seconds=0.5,
            tokens=Tokens(100, 50, 25),
            notes=("zonder schema gevraagd",),
            cached_at=1_700_000_000.0,
        ),
    )
    failure = Failure(FailureKind.TIMEOUT, "Het duurde te lang.")
    desk.save_type(generation, Outcome(SYNONIEMEN, OutcomeState.FAILED, failure=failure))
    desk.end_generation(generation)
    saved = desk.generation(generation)
    assert (saved.model, saved.prompt_version, saved.job_id) == ("model-1", "abc", "job")
    assert (saved.mode, saved.author, saved.definition_number) == ("async", "anna", 1)
    assert [call["name"] for call in saved.plan["calls"]] == [TEGEN, SYNONIEMEN, ZINNEN]
    assert saved.ended_at is not None
    assert saved.started_at <= saved.ended_at <= datetime.now(UTC)
    tegen, synoniemen = saved.types
    assert (tegen.state, tegen.seconds, tegen.first_item_seconds) == ("done", 4.5, 0.5)
    assert (tegen.attempts, tegen.tokens) == (2, Tokens(100, 50, 25))
    assert tegen.notes == ("zonder schema gevraagd",)
    assert tegen.cached_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert (synoniemen.failure_kind, synoniemen.failure) == ("timeout", "Het duurde te lang.")
    assert synoniemen.tokens is None
    assert [(one.text, one.reden) for one in saved.items] == [
        ("getuige", "geen verdenking"),
        ("slachtoffer", None),
    ]
    assert {one.author for one in saved.items} == {"model-1"}
    [listed] = desk.view(begrip.id).generations
    assert listed.types == saved.types
    assert desk.saved_types(generation) == {TEGEN}


def test_a_failure_hides_nothing_and_may_be_followed_by_a_result(
    desk: Desk, begrip: BegripRecord
) -> None:
    generate(desk, begrip, "a")
    generation = start(desk, begrip)
    assert desk.save_type(generation, outcome(state=OutcomeState.FAILED))
    assert shown(desk, begrip) == ["a"]
    assert desk.save_type(generation, outcome("b"))
    assert shown(desk, begrip) == ["b"]
    assert [one.state for one in desk.generation(generation).types] == [OutcomeState.DONE]


@pytest.mark.parametrize("state", [OutcomeState.PARTIAL, OutcomeState.CANCELLED])
def test_what_is_not_whole_is_added_beside_what_there_was(
    desk: Desk, begrip: BegripRecord, state: OutcomeState
) -> None:
    generate(desk, begrip, "a", "b")
    desk.save_type(start(desk, begrip), outcome("c", state=state))
    assert shown(desk, begrip) == ["a", "b", "c"]


def test_one_item_again_comes_in_its_place(desk: Desk, begrip: BegripRecord) -> None:
    """The others of its type stay, and the chain of versions knows where it came from."""
    generate(desk, begrip, "a", "b", "c")
    old = item(desk, begrip, "b")
    desk.save_type(start(desk, begrip, replaces=old), outcome("b2"))
    assert shown(desk, begrip) == ["a", "b2", "c"]
    new = item(desk, begrip, "b2")
    assert [one.text for one in desk.versions(new.id)] == ["b", "b2"]
    assert desk.versions(old.id) == desk.versions(new.id)


def test_one_item_again_that_was_approved_meanwhile_stays(desk: Desk, begrip: BegripRecord) -> None:
    """The new proposal stands right after it, also when there are more of them."""
    generate(desk, begrip, "a", "b", "c")
    old = item(desk, begrip, "b")
    generation = start(desk, begrip, replaces=old)
    approved = desk.approve(old, "bram")
    desk.save_type(generation, outcome("b2", "b3"))
    assert shown(desk, begrip) == ["a", "b", "b2", "b3", "c"]
    assert desk.item(old.id) == approved


def test_one_item_again_that_was_edited_meanwhile_stays(desk: Desk, begrip: BegripRecord) -> None:
    generate(desk, begrip, "a", "b", "c")
    old = item(desk, begrip, "a")
    generation = start(desk, begrip, replaces=old)
    desk.edit(old, "a, bewerkt", by="bram")
    desk.save_type(generation, outcome("a2"))
    assert shown(desk, begrip) == ["a, bewerkt", "b", "c", "a2"]


def test_what_was_undone_while_it_ran_comes_in_out_of_sight(
    desk: Desk, begrip: BegripRecord
) -> None:
    """Nothing of it shows, nothing of it is lost, and redo shows it."""
    generate(desk, begrip, "a")
    generation = start(desk, begrip)
    undone = desk.undo(begrip.id, "anna")
    assert undone is not None
    assert undone.generation_id == generation
    desk.save_type(generation, outcome("b"))
    assert shown(desk, begrip) == ["a"]
    assert [one.text for one in desk.generation(generation).items] == ["b"]
    assert desk.generation(generation).undone
    desk.redo(begrip.id, "anna")
    assert shown(desk, begrip) == ["b"]


def test_an_approval_is_undone_before_the_generation_that_was_still_running(
    desk: Desk, begrip: BegripRecord
) -> None:
    """Undo follows the order of what the editor did, not of what came in."""
    generation = start(desk, begrip, kinds=(SYNONIEMEN, TEGEN))
    desk.save_type(generation, outcome("a"))
    desk.approve(item(desk, begrip, "a"), "anna")
    desk.save_type(generation, outcome("t", kind=TEGEN))
    desk.undo(begrip.id, "anna")
    assert item(desk, begrip, "a").status is ItemStatus.VOORSTEL
    assert shown(desk, begrip, TEGEN) == ["t"]
    desk.undo(begrip.id, "anna")
    assert desk.items(begrip.id) == ()


def test_undoing_two_overlapping_generations_leaves_nothing_of_either(
    desk: Desk, begrip: BegripRecord
) -> None:
    """The one that was asked first came in last, over the other's proposals."""
    generate(desk, begrip, "eerst")
    slow, quick = start(desk, begrip), start(desk, begrip)
    desk.save_type(quick, outcome("snel"))
    desk.save_type(slow, outcome("traag"))
    assert shown(desk, begrip) == ["traag"]
    desk.undo(begrip.id, "anna")
    desk.undo(begrip.id, "anna")
    assert shown(desk, begrip) == ["eerst"]


def test_a_start_may_be_repeated(desk: Desk, begrip: BegripRecord) -> None:
    """An engine that runs its work again goes on with the same generation."""
    own = "f" * 32
    assert start(desk, begrip, generation_id=own) == own
    desk.save_type(own, outcome("a"))
    assert start(desk, begrip, generation_id=own) == own
    assert not desk.save_type(own, outcome("a"))
    assert len(desk.view(begrip.id).generations) == 1
    assert shown(desk, begrip) == ["a"]


def test_a_generation_that_is_taken_back_leaves_what_an_editor_dealt_with(
    desk: Desk, begrip: BegripRecord
) -> None:
    """Its other proposals make place for those that it had replaced; also when one that an editor
    judged is a mere proposal again. Taking it back twice is taking it back once."""
    generate(desk, begrip, "eerder")
    generation = generate(desk, begrip, "a", "b", "c")
    noted = desk.note(item(desk, begrip, "a"), "nog nagaan", "anna")
    approved = desk.approve(item(desk, begrip, "b"), "anna")
    desk.review(approved, ItemStatus.VOORSTEL, "anna")
    for _ in range(2):
        desk.withdraw_generation(generation, "bram")
        assert sorted(shown(desk, begrip)) == ["a", "b", "eerder"]
        assert item(desk, begrip, "a").note == noted.note
    assert desk.view(begrip.id).begrip.counts.voorstel == 3


def test_text_that_no_database_takes_is_made_storable(desk: Desk, begrip: BegripRecord) -> None:
    """NUL and lone surrogates can come out of a model's JSON; an empty item is none."""
    generation = start(desk, begrip)
    items = (Item("a\0b \ud800 🙂"), Item(" \0 "), Item("c", "\udfff"))
    desk.save_type(generation, Outcome(SYNONIEMEN, OutcomeState.DONE, items))
    assert [(one.text, one.reden) for one in desk.items(begrip.id)] == [
        ("ab \ufffd 🙂", None),
        ("c", "\ufffd"),
    ]


def test_a_generation_knows_the_definition_it_was_made_for(
    desk: Desk, begrip: BegripRecord
) -> None:
    generate(desk, begrip, "a")
    desk.save_begrip(begrip, definitie="een andere", by="anna")
    generate(desk, begrip, "b")
    assert [one.definition_number for one in desk.view(begrip.id).generations] == [2, 1]


def test_what_is_there_already_includes_the_rejected(desk: Desk, begrip: BegripRecord) -> None:
    """So that the model does not come with a rejected example once more."""
    generate(desk, begrip, "a", "b")
    desk.reject(item(desk, begrip, "a"), "anna")
    desk.edit(item(desk, begrip, "b"), "b2", by="anna")
    assert desk.present(begrip.id, SYNONIEMEN) == ("a", "b2")


def test_a_generation_for_nothing_is_refused(desk: Desk, begrip: BegripRecord) -> None:
    with pytest.raises(NotFound):
        desk.save_type("0" * 32, outcome("a"))
    with pytest.raises(NotFound):
        desk.withdraw_generation("0" * 32, "anna")
