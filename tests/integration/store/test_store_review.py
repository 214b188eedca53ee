"""Reviewing: judging, editing, ordering, noting; by two people at once; and all of it undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.store.support import (
    SUBJECT,
    SYNONIEMEN,
    TEGEN,
    generate,
    item,
    outcome,
    shown,
    start,
)
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict, NotAllowed
from voorbeelden.store.records import ActionKind, BegripRecord, ItemRecord, ItemStatus, Turn


@pytest.fixture
def begrip(desk: Desk) -> BegripRecord:
    begrip = desk.take_in(SUBJECT, "anna")
    generate(desk, begrip, "a", "b", "c")
    return begrip


def conflict_of(work: Callable[[], object]) -> Conflict:
    with pytest.raises(Conflict) as caught:
        work()
    return caught.value


def test_an_edit_makes_a_version_and_keeps_an_approval(desk: Desk, begrip: BegripRecord) -> None:
    """The note and the place go along; the old text can be read and restored."""
    seen = desk.note(desk.approve(item(desk, begrip, "b"), "anna"), "zie memo", "anna")
    new = desk.edit(seen, "b2", by="bram")
    assert (new.status, new.note, new.author) == (ItemStatus.GOEDGEKEURD, "zie memo", "bram")
    assert shown(desk, begrip) == ["a", "b2", "c"]
    assert [one.text for one in desk.versions(new.id)] == ["b", "b2"]
    desk.restore(seen.id, "bram")
    assert shown(desk, begrip) == ["a", "b", "c"]
    assert [one.text for one in desk.versions(new.id)] == ["b", "b2", "b"]


def test_an_edited_proposal_is_approved_only_when_asked(desk: Desk, begrip: BegripRecord) -> None:
    assert desk.edit(item(desk, begrip, "a"), "a2", by="anna").status is ItemStatus.VOORSTEL
    edited = desk.edit(item(desk, begrip, "b"), "b2", by="anna", approve=True)
    assert edited.status is ItemStatus.GOEDGEKEURD
    rejected = desk.reject(item(desk, begrip, "c"), "anna")
    assert desk.edit(rejected, "c2", by="anna").status is ItemStatus.VOORSTEL


def test_an_edit_without_a_difference_is_no_action(desk: Desk, begrip: BegripRecord) -> None:
    before = desk.history(begrip.id)
    seen = item(desk, begrip, "a")
    assert desk.edit(seen, " a ", by="anna") == seen
    assert desk.approve_all([], "anna") == 0
    assert desk.history(begrip.id) == before


def test_a_reason_is_edited_with_its_text(desk: Desk, begrip: BegripRecord) -> None:
    seen = desk.add(begrip.id, TEGEN, "getuige", reden="geen verdenking", by="anna")
    new = desk.edit(seen, "getuige", reden="niet verdacht", by="anna")
    assert (new.text, new.reden, new.previous_id) == ("getuige", "niet verdacht", seen.id)
    conflict = conflict_of(lambda: desk.edit(seen, "getuige", reden="anders", by="bram"))
    assert conflict.mine == "getuige\nGeen voorbeeld: anders"
    assert conflict.theirs == "getuige\nGeen voorbeeld: niet verdacht"


@pytest.mark.parametrize("text", ["", "  ", "\0"])
def test_an_empty_text_is_refused(desk: Desk, begrip: BegripRecord, text: str) -> None:
    with pytest.raises(NotAllowed, match="Vul de tekst in"):
        desk.edit(item(desk, begrip, "a"), text, by="anna")
    with pytest.raises(NotAllowed, match="Vul de tekst in"):
        desk.add(begrip.id, SYNONIEMEN, text, by="anna")
    assert shown(desk, begrip) == ["a", "b", "c"]


def test_an_own_item_goes_last_and_is_approved(desk: Desk, begrip: BegripRecord) -> None:
    own = desk.add(begrip.id, SYNONIEMEN, "eigen", by="bram")
    assert (own.status, own.generation_id, own.author) == (ItemStatus.GOEDGEKEURD, None, "bram")
    assert shown(desk, begrip) == ["a", "b", "c", "eigen"]
    draft = desk.add(begrip.id, SYNONIEMEN, "kladje", by="bram", status=ItemStatus.VOORSTEL)
    desk.save_type(start(desk, begrip), outcome("d"))
    assert desk.item(draft.id) == draft
    assert shown(desk, begrip) == ["eigen", "kladje", "d"]


def test_reordering_moves_and_protects_nothing(desk: Desk, begrip: BegripRecord) -> None:
    """Unknown ids are passed over, those not named go last; a later generation is not hindered."""
    ids = {one.text: one.id for one in desk.items(begrip.id)}
    desk.reorder(begrip.id, SYNONIEMEN, [ids["c"], "0" * 32, ids["a"]], "anna")
    assert shown(desk, begrip) == ["c", "a", "b"]
    desk.save_type(start(desk, begrip), outcome("d"))
    assert shown(desk, begrip) == ["d"]


def test_approve_all_leaves_what_somebody_else_dealt_with(desk: Desk, begrip: BegripRecord) -> None:
    """An edit that was not on the screen is not approved unseen, and a rejection stands."""
    screen = desk.items(begrip.id)
    desk.edit(screen[0], "a2", by="bram")
    desk.reject(screen[1], "bram")
    assert desk.approve_all(screen, "anna") == 1
    assert [(one.text, one.status.value) for one in desk.items(begrip.id)] == [
        ("a2", "voorstel"),
        ("b", "afgewezen"),
        ("c", "goedgekeurd"),
    ]
    desk.undo(begrip.id, "anna")
    assert desk.begrip(begrip.id).counts.voorstel == 2


def test_a_proposal_replaced_under_the_editors_hand_comes_back_when_judged(
    desk: Desk, begrip: BegripRecord
) -> None:
    """The editor judged the text that was on the screen: that judgement is not lost."""
    seen = item(desk, begrip, "a")
    desk.save_type(start(desk, begrip), outcome("d"))
    assert shown(desk, begrip) == ["d"]
    desk.approve(seen, "anna")
    assert sorted(shown(desk, begrip)) == ["a", "d"]


def test_opposite_verdicts_give_a_conflict(desk: Desk, begrip: BegripRecord) -> None:
    seen = item(desk, begrip, "a")
    desk.approve(seen, "anna")
    assert desk.approve(seen, "bram").status is ItemStatus.GOEDGEKEURD
    conflict = conflict_of(lambda: desk.reject(seen, "bram"))
    assert (conflict.mine, conflict.theirs) == ("afgewezen", "goedgekeurd")
    assert conflict.author == "anna"
    assert isinstance(conflict.latest, ItemRecord)
    assert desk.reject(conflict.latest, "bram").status is ItemStatus.AFGEWEZEN


def test_a_text_that_was_edited_meanwhile_is_not_approved_unseen(
    desk: Desk, begrip: BegripRecord
) -> None:
    seen = item(desk, begrip, "a")
    desk.edit(seen, "a2", by="anna")
    conflict = conflict_of(lambda: desk.approve(seen, "bram"))
    assert (conflict.mine, conflict.theirs, conflict.author) == ("a", "a2", "anna")
    assert "Intussen heeft anna de tekst ook gewijzigd" in str(conflict)


def test_the_same_edit_twice_is_no_conflict(desk: Desk, begrip: BegripRecord) -> None:
    seen = item(desk, begrip, "a")
    first = desk.edit(seen, "a2", by="anna")
    assert desk.edit(seen, "a2", by="bram") == first


def test_an_approval_does_not_hinder_an_edit(desk: Desk, begrip: BegripRecord) -> None:
    """The editor who edits did not see the approval: the new text is a proposal."""
    seen = item(desk, begrip, "a")
    desk.approve(seen, "anna")
    assert desk.edit(seen, "a2", by="bram").status is ItemStatus.VOORSTEL


def test_an_edit_does_not_overrule_a_rejection(desk: Desk, begrip: BegripRecord) -> None:
    """The editor who edits an approved item did not see that somebody rejected it since."""
    seen = desk.approve(item(desk, begrip, "a"), "anna")
    desk.reject(seen, "bram")
    conflict = conflict_of(lambda: desk.edit(seen, "a2", by="anna"))
    assert (conflict.mine, conflict.theirs, conflict.author) == ("a2", "afgewezen", "bram")
    assert desk.edit(conflict.latest, "a2", by="anna").status is ItemStatus.VOORSTEL


def test_an_edit_made_by_two_is_not_approved_over_a_rejection(
    desk: Desk, begrip: BegripRecord
) -> None:
    """The texts are the same and the judgements are not: that is still something to choose."""
    seen = item(desk, begrip, "a")
    desk.reject(desk.edit(seen, "a2", by="bram"), "bram")
    conflict = conflict_of(lambda: desk.edit(seen, "a2", by="anna", approve=True))
    assert (conflict.what, conflict.theirs) == ("de beoordeling", "afgewezen")
    assert desk.edit(seen, "a2", by="anna").status is ItemStatus.AFGEWEZEN
    latest = conflict.latest
    assert isinstance(latest, ItemRecord)
    assert desk.edit(latest, "a2", by="anna", approve=True).status is ItemStatus.GOEDGEKEURD


def test_an_approval_that_was_withdrawn_is_not_kept_by_an_edit(
    desk: Desk, begrip: BegripRecord
) -> None:
    seen = desk.approve(item(desk, begrip, "a"), "anna")
    desk.review(seen, ItemStatus.VOORSTEL, "bram")
    assert desk.edit(seen, "a2", by="anna").status is ItemStatus.VOORSTEL


def test_a_proposal_that_a_generation_replaced_comes_back_with_a_note(
    desk: Desk, begrip: BegripRecord
) -> None:
    """A note at what nobody sees any more would be lost."""
    seen = item(desk, begrip, "a")
    desk.save_type(start(desk, begrip), outcome("d"))
    desk.note(seen, "nakijken", "anna")
    assert sorted(shown(desk, begrip)) == ["a", "d"]
    assert item(desk, begrip, "a").note == "nakijken"
    desk.undo(begrip.id, "anna")
    assert shown(desk, begrip) == ["d"]


def test_an_approval_of_one_text_is_none_of_another(desk: Desk, begrip: BegripRecord) -> None:
    """Whoever insists on an own text does not put the other's approval under it."""
    seen = item(desk, begrip, "a")
    theirs = desk.edit(seen, "van bram", by="bram", approve=True)
    mine = desk.edit(theirs, "van anna", by="anna", keep_approval=False)
    assert mine.status is ItemStatus.VOORSTEL


def test_two_notes_give_a_conflict_and_a_note_follows_an_edit(
    desk: Desk, begrip: BegripRecord
) -> None:
    seen = item(desk, begrip, "a")
    new = desk.edit(seen, "a2", by="anna")
    assert desk.note(seen, "van bram", "bram").id == new.id
    conflict = conflict_of(lambda: desk.note(seen, "van anna", "anna"))
    assert (conflict.mine, conflict.theirs, conflict.author) == ("van anna", "van bram", "bram")
    assert item(desk, begrip, "a2").note == "van bram"


def test_history_says_who_when_from_and_to(desk: Desk, begrip: BegripRecord) -> None:
    """Taking back and making again are in it too."""
    seen = item(desk, begrip, "a")
    desk.approve(seen, "anna")
    desk.undo(begrip.id, "bram")
    desk.redo(begrip.id, "cas")
    action, generation = desk.history(begrip.id)
    assert (action.kind, action.author, action.undone) == (ActionKind.GOEDGEKEURD, "anna", False)
    statuses = [
        (one.turn, one.author, one.old, one.new)
        for one in action.changes
        if one.field == "status" and one.item_id == seen.id
    ]
    assert statuses == [
        (Turn.GEDAAN, "anna", "voorstel", "goedgekeurd"),
        (Turn.ONGEDAAN, "bram", "goedgekeurd", "voorstel"),
        (Turn.OPNIEUW, "cas", "voorstel", "goedgekeurd"),
    ]
    times = [one.at for one in action.changes]
    assert times == sorted(times)
    assert [(one.old, one.new) for one in generation.changes] == [(None, "voorstel")] * 3


def test_a_new_action_ends_the_possibility_of_redo(desk: Desk, begrip: BegripRecord) -> None:
    desk.approve(item(desk, begrip, "a"), "anna")
    desk.undo(begrip.id, "anna")
    assert desk.view(begrip.id).redo is not None
    desk.reject(item(desk, begrip, "b"), "anna")
    view = desk.view(begrip.id)
    assert view.redo is None
    assert view.undo is not None
    assert view.undo.kind is ActionKind.AFGEWEZEN
    assert desk.redo(begrip.id, "anna") is None
    assert item(desk, begrip, "a").status is ItemStatus.VOORSTEL


def test_an_action_ends_the_possibility_of_redo_for_good(desk: Desk, begrip: BegripRecord) -> None:
    """Taken back itself, it is what redo makes again, not what it came instead of."""
    desk.approve(item(desk, begrip, "a"), "anna")
    desk.undo(begrip.id, "anna")
    desk.reject(item(desk, begrip, "b"), "anna")
    desk.undo(begrip.id, "anna")
    redone = desk.redo(begrip.id, "anna")
    assert redone is not None
    assert redone.kind is ActionKind.AFGEWEZEN
    assert desk.redo(begrip.id, "anna") is None
    assert item(desk, begrip, "a").status is ItemStatus.VOORSTEL


def test_undo_keeps_to_its_begrip(desk: Desk, begrip: BegripRecord) -> None:
    desk.approve(item(desk, begrip, "a"), "anna")
    other = desk.take_in(SUBJECT.__class__("getuige", "iemand die iets zag"), "bram")
    desk.add(other.id, SYNONIEMEN, "toeschouwer", by="bram")
    desk.undo(begrip.id, "anna")
    assert item(desk, begrip, "a").status is ItemStatus.VOORSTEL
    assert shown(desk, other) == ["toeschouwer"]


def test_a_restored_proposal_stays(desk: Desk, begrip: BegripRecord) -> None:
    """It was asked for by hand, so no generation takes it away again."""
    old = item(desk, begrip, "a")
    desk.save_type(start(desk, begrip), outcome("d"))
    desk.restore(old.id, "anna")
    desk.save_type(start(desk, begrip), outcome("e"))
    assert shown(desk, begrip) == ["a", "e"]
    desk.undo(begrip.id, "anna")
    desk.undo(begrip.id, "anna")
    assert shown(desk, begrip) == ["d"]
