"""Begrippen: taken in once, changed with versions, brought in from elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.integration.store.support import SUBJECT, SYNONIEMEN, TEGEN, item, shown
from voorbeelden.model import Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict, NotAllowed
from voorbeelden.store.imports import ImportBegrip, ImportItem
from voorbeelden.store.records import ItemStatus, Search


def test_a_begrip_in_a_context_is_taken_in_once(desk: Desk) -> None:
    """Case, diacritics and the order of a context make no difference; another context does."""
    subject = replace(SUBJECT, context={"juridisch": ("strafrecht", "EVRM")})
    first = desk.take_in(subject, "anna")
    same = replace(subject, begrip="Verdáchte ", context={"juridisch": ("evrm", "Strafrecht")})
    assert desk.take_in(same, "bram").id == first.id
    assert desk.find(same) == desk.begrip(first.id)
    assert desk.find(SUBJECT) is None
    assert desk.take_in(SUBJECT, "bram").id != first.id


def test_another_definition_is_a_version_and_can_be_undone(desk: Desk) -> None:
    first = desk.take_in(SUBJECT, "anna")
    second = desk.take_in(replace(SUBJECT, definitie="anders"), "bram")
    assert (second.id, second.definitie, second.definition_number) == (first.id, "anders", 2)
    assert [(one.subject.definitie, one.author) for one in desk.definitions(first.id)] == [
        (SUBJECT.definitie, "anna"),
        ("anders", "bram"),
    ]
    desk.undo(first.id, "anna")
    back = desk.begrip(first.id)
    assert (back.definitie, back.definition_number) == (SUBJECT.definitie, 3)
    assert len(desk.definitions(first.id)) == 3


def test_sessions_that_take_in_the_same_at_once_share_it(url: str) -> None:
    """Five threads on two desks; nobody gets a second copy, and no item gets lost."""
    with Desk(url) as one, Desk(url) as two, ThreadPoolExecutor(5) as threads:

        def work(number: int) -> str:
            desk = (one, two)[number % 2]
            begrip = desk.take_in(SUBJECT, "anna")
            desk.add(begrip.id, SYNONIEMEN, f"synoniem {number}", by="anna")
            return begrip.id

        ids = set(threads.map(work, range(10)))
        assert len(ids) == 1
        begrip = one.take_in(SUBJECT, "anna")
        assert one.search(Search()).total == 1
        assert len(shown(two, begrip)) == begrip.counts.goedgekeurd == 10
        for _ in range(10):
            assert two.undo(begrip.id, "anna") is not None
        assert shown(one, begrip) == []


def test_two_edits_at_the_same_moment_give_one_text_and_one_conflict(url: str) -> None:
    """Whoever comes second is told, also when nobody was first by much."""
    with Desk(url) as one, Desk(url) as two, ThreadPoolExecutor(2) as threads:
        begrip = one.take_in(SUBJECT, "anna")
        for number in range(5):
            seen = one.begrip(begrip.id)
            texts = (f"van anna {number}", f"van bram {number}")
            saves = [
                threads.submit(desk.save_begrip, seen, definitie=text, by="x")
                for desk, text in zip((one, two), texts, strict=True)
            ]
            [conflict] = [save.exception() for save in saves if save.exception()]
            assert isinstance(conflict, Conflict)
            [saved] = [save.result().definitie for save in saves if not save.exception()]
            assert {conflict.mine, conflict.theirs} == set(texts)
            assert one.begrip(begrip.id).definitie == saved == conflict.theirs


def test_only_the_same_field_conflicts(desk: Desk) -> None:
    begrip = desk.take_in(SUBJECT, "anna")
    desk.save_begrip(begrip, context={"juridisch": ("EVRM",)}, by="anna")
    saved = desk.save_begrip(begrip, definitie="nieuw", by="bram")
    assert (saved.definitie, saved.context["juridisch"]) == ("nieuw", ("EVRM",))
    with pytest.raises(Conflict) as caught:
        desk.save_begrip(begrip, context={"juridisch": ("BW",)}, by="bram")
    assert "juridisch: BW" in caught.value.mine
    assert "juridisch: EVRM" in caught.value.theirs
    assert caught.value.author == "anna"
    unchanged = desk.save_begrip(begrip, definitie=begrip.definitie, by="bram")
    assert unchanged.definitie == "nieuw"


def test_an_empty_begrip_is_refused(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="Vul het begrip in"):
        desk.take_in(Subject(" ", "x"), "anna")
    begrip = desk.take_in(SUBJECT, "anna")
    with pytest.raises(NotAllowed, match="Vul het begrip in"):
        desk.save_begrip(begrip, begrip="", by="anna")


def test_two_choices_of_a_voorkeursterm_give_a_conflict(desk: Desk) -> None:
    begrip = desk.take_in(SUBJECT, "anna")
    for text in ("beklaagde", "beschuldigde"):
        desk.add(begrip.id, SYNONIEMEN, text, by="anna")
    desk.set_voorkeursterm(begrip, "beklaagde", "anna")
    with pytest.raises(Conflict) as caught:
        desk.set_voorkeursterm(begrip, "beschuldigde", "bram")
    assert (caught.value.mine, caught.value.theirs) == ("beschuldigde", "beklaagde")
    with pytest.raises(NotAllowed, match="goedgekeurd synoniem"):
        desk.set_voorkeursterm(begrip, "dader", "bram")


def test_an_import_takes_in_what_is_not_there_yet(desk: Desk) -> None:
    """The same twice is the same as once; what editors did meanwhile stays."""
    given = ImportBegrip(
        SUBJECT,
        (
            ImportItem(SYNONIEMEN, "beklaagde", note="uit de lijst"),
            ImportItem(SYNONIEMEN, "dader", status=ItemStatus.AFGEWEZEN),
            ImportItem(TEGEN, "getuige", "geen verdenking", ItemStatus.VOORSTEL),
        ),
        voorkeursterm="beklaagde",
    )
    [came] = desk.import_begrippen([given], "anna")
    first = came.begrip
    assert (came.made, came.added, came.standing) == (True, 3, 0)
    assert first.voorkeursterm == "beklaagde"
    assert (first.counts.voorstel, first.counts.goedgekeurd, first.counts.afgewezen) == (1, 1, 1)
    assert item(desk, first, "beklaagde").note == "uit de lijst"
    desk.approve(item(desk, first, "getuige"), "bram")
    before = desk.items(first.id)
    [again] = desk.import_begrippen([given], "anna")
    assert again.begrip.id == first.id
    assert (again.made, again.added, again.standing, again.items) == (False, 0, 3, ())
    assert desk.items(first.id) == before


def test_an_import_changes_nothing_that_is_there_and_says_where_it_differs(desk: Desk) -> None:
    """An accepted definition, a voorkeursterm and an edited item stay as the editors have them,
    whatever an older table says; one undo takes back what came in."""
    begrip = desk.accept_definition(SUBJECT, "anna")
    synonym = desk.add(begrip.id, SYNONIEMEN, "beklaagde", by="anna")
    old = ImportItem(SYNONIEMEN, "beklaagde", id=synonym.id)
    edited = desk.edit(synonym, "beschuldigde", by="bram", approve=True)
    desk.set_voorkeursterm(desk.begrip(begrip.id), "beschuldigde", "bram")
    table = ImportBegrip(
        replace(SUBJECT, definitie="een oudere tekst"),
        (old, ImportItem(SYNONIEMEN, "dader")),
        voorkeursterm="dader",
    )
    [came] = desk.import_begrippen([table], "cas")
    assert (came.made, came.added, came.standing) == (False, 1, 0)
    assert came.fields == ("de definitie", "de voorkeursterm")
    assert came.items == (old,)
    now = desk.begrip(begrip.id)
    assert (now.definitie, now.voorkeursterm) == (SUBJECT.definitie, "beschuldigde")
    assert [one.text for one in desk.items(begrip.id)] == [edited.text, "dader"]
    desk.undo(begrip.id, "cas")
    assert [one.text for one in desk.items(begrip.id)] == [edited.text]


def test_an_import_keeps_the_ids_that_are_free(desk: Desk) -> None:
    """So that another database publishes a begrip under the same identifier. A term that was
    changed here is still found by its id, and an id that is no id is passed over."""
    known = "0123456789abcdef0123456789abcdef"
    one = ImportItem(SYNONIEMEN, "beklaagde", id="f" * 32)
    [came] = desk.import_begrippen([ImportBegrip(SUBJECT, (one,), id=known)], "anna")
    assert came.begrip.id == known
    assert [item.id for item in desk.items(known)] == ["f" * 32]
    desk.save_begrip(came.begrip, begrip="verdachte persoon", by="anna")
    [again] = desk.import_begrippen([ImportBegrip(SUBJECT, (one,), id=known)], "anna")
    assert (again.begrip.id, again.made, again.fields) == (known, False, ("het begrip",))
    other = ImportBegrip(replace(SUBJECT, begrip="getuige"), (one,), id="rij 1")
    [apart] = desk.import_begrippen([other], "anna")
    [item_of] = desk.items(apart.begrip.id)
    assert item_of.id != "f" * 32


def test_a_wrong_import_takes_in_nothing(desk: Desk) -> None:
    good = ImportBegrip(SUBJECT, (ImportItem(SYNONIEMEN, "beklaagde"),))
    bad = ImportBegrip(replace(SUBJECT, begrip="getuige"), voorkeursterm="onbekend")
    with pytest.raises(NotAllowed):
        desk.import_begrippen([good, bad], "anna")
    assert desk.search(Search()).total == 0
