"""Searching the history: the same answers on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from tests.integration.store.conftest import Databases
from voorbeelden.model import ExampleType, Subject
from voorbeelden.store import desk as desk_module
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import ItemStatus, Order, Progress, Search

SYNONIEMEN, ZINNEN = ExampleType.SYNONIEMEN, ExampleType.VOORBEELDZINNEN


def fill(desk: Desk) -> Desk:
    for begrip, definitie, juridisch in (
        ("hechtenis", "vrijheidsstraf voor overtredingen", ("strafrecht",)),
        ("voorlopige hechtenis", "vrijheidsbeneming vóór het vonnis", ("strafrecht",)),
        ("inhechtenisneming", "bevel tot voorlopige vrijheidsbeneming", ("Strafrecht", "EVRM")),
        ("besluit", "schriftelijke beslissing van een bestuursorgaan", ("bestuursrecht",)),
        ("bezwaar 100%_zeker", "verzoek om een besluit te heroverwegen", ()),
        ("crèche", "kinderopvang; het ’s morgens brengen", ()),
    ):
        desk.take_in(Subject(begrip, definitie, {"juridisch": juridisch}), "anna")
    return desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    return fill(desk)


def names(desk: Desk, query: str = "", **more: object) -> list[str]:
    found = desk.search(replace(Search(query), **more))  # type: ignore[arg-type]
    assert found.total == len(found.begrippen)
    return [one.begrip for one in found.begrippen]


def test_the_better_match_goes_first(filled: Desk) -> None:
    """The begrip itself, a word of it, inside a word, and then where only a text has it."""
    [besluit] = filled.search(Search("bestuursorgaan")).begrippen
    filled.add(besluit.id, ZINNEN, "Het besluit over de hechtenis.", by="anna")
    assert names(filled, "hechtenis") == [
        "hechtenis",
        "voorlopige hechtenis",
        "inhechtenisneming",
        "besluit",
    ]


def test_prefix_inside_case_and_diacritics(filled: Desk) -> None:
    assert names(filled, "hecht")[0] == "hechtenis"
    assert names(filled, "ECHTENISNEM") == ["inhechtenisneming"]
    assert names(filled, "creche") == ["crèche"]
    assert names(filled, "CRÈ") == ["crèche"]
    assert names(filled, "voor het vonnis") == ["voorlopige hechtenis"]
    assert names(filled, "'s morgens") == ["crèche"]


def test_every_word_must_occur_wherever(filled: Desk) -> None:
    """One in the begrip and another in the definitie will do."""
    assert names(filled, "vonnis hechtenis") == ["voorlopige hechtenis"]
    assert names(filled, "hechtenis bestuursorgaan") == []
    assert names(filled, "to hechtenis") == ["inhechtenisneming"]


def test_nothing_but_short_words_is_looked_for_in_the_begrip(filled: Desk) -> None:
    """ "op" is in many a text, and nobody looks for it there."""
    assert names(filled, "op") == ["voorlopige hechtenis"]
    assert names(filled, "op he") == ["voorlopige hechtenis"]


def test_signs_stand_for_themselves(filled: Desk) -> None:
    """No sign is a wildcard or an operator of the search engine."""
    for query in ("%", "_", "100%_"):
        assert names(filled, query) == ["bezwaar 100%_zeker"], query
    for query in ('"', 'a"b', 'bes"luit', "*", "bes*", "body:besluit", "NEAR(hechtenis)", "\\"):
        assert names(filled, query) == [], query


def test_what_is_superseded_is_not_found_and_what_is_edited_is(filled: Desk) -> None:
    [besluit] = filled.search(Search("bestuursorgaan")).begrippen
    old = filled.add(besluit.id, SYNONIEMEN, "beschikking", by="anna")
    filled.edit(old, "maatregel", by="anna")
    assert names(filled, "beschikking") == []
    assert names(filled, "maatregel") == ["besluit"]
    filled.undo(besluit.id, "anna")
    assert names(filled, "beschikking") == ["besluit"]
    filled.save_begrip(filled.begrip(besluit.id), begrip="uitspraak", by="anna")
    assert names(filled, "besluit") == ["bezwaar 100%_zeker"]


def test_filters_on_status_and_progress(filled: Desk) -> None:
    [besluit] = filled.search(Search("bestuursorgaan")).begrippen
    item = filled.add(besluit.id, SYNONIEMEN, "x", by="anna", status=ItemStatus.VOORSTEL)
    assert names(filled, status=ItemStatus.VOORSTEL) == ["besluit"]
    assert names(filled, progress=Progress.OPEN) == ["besluit"]
    assert names(filled, status=ItemStatus.GOEDGEKEURD) == []
    filled.approve(item, "anna")
    assert names(filled, status=ItemStatus.GOEDGEKEURD) == ["besluit"]
    assert names(filled, progress=Progress.KLAAR) == ["besluit"]
    assert names(filled, progress=Progress.OPEN) == []
    assert len(names(filled, progress=Progress.LEEG)) == 5


def test_filters_on_context_whatever_its_case(filled: Desk) -> None:
    strafrecht = ("juridisch", "strafrecht")
    assert len(names(filled, context=(strafrecht,))) == 3
    assert names(filled, context=(strafrecht, ("juridisch", "evrm"))) == ["inhechtenisneming"]
    assert names(filled, context=(("wettelijk", "strafrecht"),)) == []
    assert [(one.value, one.count) for one in filled.contexts()] == [
        ("bestuursrecht", 1),
        ("EVRM", 1),
        ("Strafrecht", 3),
    ]


def test_pages_follow_each_other_without_gap_or_double(filled: Desk) -> None:
    everything = names(filled)
    paged: list[str] = []
    for offset in range(0, 8, 2):
        found = filled.search(Search(offset=offset, limit=2))
        assert found.total == 6
        paged += [one.begrip for one in found.begrippen]
    assert paged == everything == sorted(everything, key=lambda one: one.replace("è", "e"))


def test_the_latest_changed_goes_first_when_asked(filled: Desk) -> None:
    [first] = filled.search(Search("bestuursorgaan")).begrippen
    filled.add(first.id, SYNONIEMEN, "x", by="anna")
    assert names(filled, order=Order.RECENT)[0] == "besluit"


def test_an_export_gets_everything_that_fits_with_its_items(
    filled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch after batch, in the order of the search; what is superseded is not in it."""
    monkeypatch.setattr(desk_module, "_BATCH", 2)
    ids = filled.ids(Search("hechtenis", offset=1, limit=1)) + filled.ids(Search("besluit"))
    old = filled.add(ids[1], SYNONIEMEN, "oud", by="anna")
    new = filled.edit(old, "nieuw", by="anna")
    full = list(filled.full([*ids, "0" * 32]))
    assert [one.begrip.begrip for one in full] == [
        "hechtenis",
        "voorlopige hechtenis",
        "inhechtenisneming",
        "besluit",
        "bezwaar 100%_zeker",
    ]
    assert [one.items for one in full] == [(), (new,), (), (), ()]


def test_without_an_index_the_answers_are_the_same(databases: Databases) -> None:
    """A server without trigrams: the texts are read one by one."""
    url = databases.empty()
    with Desk(url) as desk:
        fill(desk)
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in ("insert", "delete", "update"):
                connection.execute(text(f"DROP TRIGGER zoekteksten_{name}"))
            connection.execute(text("DROP TABLE zoekindex"))
        else:
            connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    engine.dispose()
    with Desk(url) as desk:
        assert names(desk, "HECHT")[0] == "hechtenis"
        assert names(desk, "vonnis hechtenis") == ["voorlopige hechtenis"]
        assert names(desk, "100%_") == ["bezwaar 100%_zeker"]
