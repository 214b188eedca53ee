"""Export, import and history without a browser."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.page.conftest import APP, OpenPage
from voorbeelden.export import write
from voorbeelden.hosting import current_host
from voorbeelden.model import ExampleType, GenerationMode, Item, Outcome, OutcomeState, Subject
from voorbeelden.screen.exchange import to_export
from voorbeelden.store.desk import Desk
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import BegripRecord, ItemStatus, Search
from voorbeelden.strategies import make_plan

SUBJECT = Subject.from_dict("besluit", "een beslissing", {"wettelijk": ["Awb"]})
ZINNEN = ExampleType.VOORBEELDZINNEN


def desk() -> Desk:
    host = current_host()
    assert host is not None
    return host.desk.open()


def page(name: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=20).run().switch_page(f"pages/{name}.py")
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def markup(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def says(app: AppTest) -> str:
    text = re.sub(r"<(style|script)>.*?</\1>", "", markup(app), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", text))


def generation(begrip: BegripRecord, *texts: str) -> None:
    plan = make_plan(GenerationMode.ASYNC, {ZINNEN: len(texts)})
    one = desk().start_generation(
        GenerationStart(begrip.id, plan, by="A", model="model", prompt_version="p")
    )
    desk().save_type(one, Outcome(ZINNEN, OutcomeState.DONE, tuple(map(Item, texts))))
    desk().end_generation(one)


def table(*begrippen: Subject, voorkeursterm: str = "") -> bytes:
    file = io.StringIO()
    rows = csv.writer(file, delimiter=";")
    rows.writerow(["begrip", "definitie", "voorkeursterm", "soort", "tekst", "status"])
    for number, one in enumerate(begrippen, start=1):
        term = voorkeursterm if number == len(begrippen) else ""
        row = [one.begrip, one.definitie, term, "voorbeeldzinnen", "Een zin.", "goedgekeurd"]
        rows.writerow(row)
    return file.getvalue().encode()


def test_a_file_that_cannot_be_made_says_why(open_page: OpenPage) -> None:
    """NL-SBB asks for a definitie: the reason stands where the button would be, in Dutch; another
    format offers its file."""
    open_page()
    begrip = desk().take_in(Subject.from_dict("besluit", "", {}), "A")
    app = page("uitvoer", begrip_id=begrip.id)
    assert "besluit.docx" in says(app)
    assert len(app.get("download_button")) == 1
    app.selectbox(key="uitvoer-vorm").set_value("turtle").run()
    assert "Het begrip ‘besluit’ heeft geen definitie" in says(app)
    assert not app.get("download_button")


def test_what_is_not_approved_is_said_before_the_download(open_page: OpenPage) -> None:
    """Of chosen begrippen and of all; nothing is said where everything goes out or is approved."""
    open_page()
    begrip = desk().take_in(SUBJECT, "A")
    generation(begrip, "Een zin.")
    app = page("uitvoer", begrip_id=begrip.id)
    assert "Van dit begrip is nog geen voorbeeld goedgekeurd" in says(app)
    assert len(app.get("download_button")) == 1
    app.toggle(key="uitvoer-alles").set_value(True).run()
    assert "nog geen voorbeeld goedgekeurd" not in says(app)
    app.toggle(key="uitvoer-alles").set_value(False).run()
    [item] = desk().items(begrip.id)
    desk().review(item, ItemStatus.GOEDGEKEURD, "A")
    app.run()
    assert "nog geen voorbeeld goedgekeurd" not in says(app)
    desk().take_in(Subject.from_dict("beschikking", "een besluit", {}), "A")
    app.segmented_control(key="uitvoer-wat").set_value("Alle begrippen").run()
    assert "Van 1 van de 2 begrippen is nog geen voorbeeld goedgekeurd" in says(app)


def test_all_of_many_begrippen_are_made_when_asked_for(open_page: OpenPage) -> None:
    """One click makes the file, and what it was made of is named on it."""
    open_page()
    for number in range(21):
        desk().take_in(Subject.from_dict(f"begrip {number}", "een definitie", {}), "A")
    app = page("uitvoer")
    app.segmented_control(key="uitvoer-wat").set_value("Alle begrippen").run()
    assert not app.get("download_button")
    [make] = [one for one in app.button if one.label == "Maak bestand van 21 begrippen"]
    make.click().run()
    assert len(app.get("download_button")) == 1
    assert "begrippen.docx" in says(app)
    begrip = desk().search(Search()).begrippen[0]
    desk().add(begrip.id, ZINNEN, "Een nieuwe zin.", by="B")
    app.run()
    assert not app.get("download_button"), "a file from before a change is no file of everything"
    assert [one for one in app.button if one.label == "Maak bestand van 21 begrippen"]


def test_a_table_is_read_in_whole(open_page: OpenPage) -> None:
    """What the page reads in is in the store, and afterwards the field is free for another."""
    open_page()
    app = page("uitvoer")
    second = Subject.from_dict("beschikking", "een besluit", {})
    app.file_uploader[0].set_value(("t.csv", table(SUBJECT, second), "text/csv")).run()
    assert "Bruikbaar: 2 begrippen met 2 voorbeelden: besluit, beschikking." in says(app)
    [read] = [one for one in app.button if one.label == "Lees 2 begrippen in"]
    read.click().run()
    assert "2 begrippen ingelezen, waarvan 2 nieuw. 2 voorbeelden toegevoegd" in says(app)
    assert desk().search(Search()).total == 2


def test_what_a_table_says_otherwise_is_named(open_page: OpenPage) -> None:
    """Nothing that is there is changed, and the editor reads what was left out."""
    open_page()
    desk().accept_definition(SUBJECT, "A")
    app = page("uitvoer")
    other = Subject.from_dict("besluit", "een andere <b>tekst</b>", {"wettelijk": ["Awb"]})
    data = table(other).replace(b"begrip;definitie;", b"begrip;definitie;wettelijk;", 1)
    data = data.replace(b"</b>;", b"</b>;Awb;", 1)
    app.file_uploader[0].set_value(("t.csv", data, "text/csv")).run()
    [read] = [one for one in app.button if one.label == "Lees 1 begrip in"]
    read.click().run()
    assert "Anders in de tabel dan hier, en hier niet veranderd" in says(app)
    assert "besluit: de definitie" in says(app)
    [begrip] = desk().search(Search()).begrippen
    assert begrip.definitie == "een beslissing"


def test_a_table_that_the_store_refuses_leaves_nothing(open_page: OpenPage) -> None:
    """The last row asks for a voorkeursterm that nobody approved: the rows before it stay out too,
    and the message names the begrip."""
    open_page()
    app = page("uitvoer")
    second = Subject.from_dict("beschikking", "een besluit", {})
    data = table(SUBJECT, second, voorkeursterm="dictaat")
    app.file_uploader[0].set_value(("t.csv", data, "text/csv")).run()
    [read] = [one for one in app.button if one.label == "Lees 2 begrippen in"]
    read.click().run()
    assert "Er is niets ingelezen. Begrip ‘beschikking’" in says(app)
    assert desk().search(Search()).total == 0


def test_differences_are_marked_and_escaped(open_page: OpenPage) -> None:
    """Changed words are marked, an item of one side alone is named as that, and markup of a model
    stays text."""
    open_page()
    begrip = desk().take_in(SUBJECT, "A")
    generation(begrip, "Het besluit is heden genomen.", "Alleen in de eerste <b>keer</b>.")
    generation(begrip, "Het besluit is gisteren genomen.")
    app = page("geschiedenis", begrip_id=begrip.id)
    shown = markup(app)
    assert "<mark>heden</mark>" in shown
    assert "<mark>gisteren</mark>" in shown
    assert "Alleen in de eerste &lt;b&gt;keer&lt;/b&gt;." in shown
    assert "Niet in deze generatie." in says(app)


def test_an_old_definition_and_an_old_text_come_back(open_page: OpenPage) -> None:
    """Both become the newest version; the log tells who did what."""
    open_page()
    begrip = desk().take_in(SUBJECT, "Anna")
    desk().take_in(
        Subject.from_dict("besluit", "een andere definitie", {"wettelijk": ["Awb"]}), "B"
    )
    generation(begrip, "De eerste zin van het besluit.")
    generation(begrip, "De tweede zin van het besluit.")
    app = page("geschiedenis", begrip_id=begrip.id)
    app.button(key=f"definitie-{begrip.id}-1").click().run()
    assert desk().begrip(begrip.id).definitie == SUBJECT.definitie
    [old] = [one for one in desk().items(begrip.id, superseded=True) if not one.visible]
    app.button(key=f"zet-terug-{old.id}").click().run()
    assert {one.text for one in desk().items(begrip.id)} == {
        "De eerste zin van het besluit.",
        "De tweede zin van het besluit.",
    }
    log = says(app)
    assert "Het herstellen (1 voorbeeld) door redacteur" in log
    assert "De wijziging van het begrip door B" in log


def test_many_replaced_texts_come_a_page_at_a_time(open_page: OpenPage) -> None:
    """The latest first, twenty buttons at once, however long a begrip has been worked at."""
    open_page()
    begrip = desk().take_in(SUBJECT, "Anna")
    for number in range(9):
        generation(begrip, *(f"Zin {number} {letter} van het besluit." for letter in "abc"))
    app = page("geschiedenis", begrip_id=begrip.id)
    assert len([one for one in app.button if one.label == "Zet terug"]) == 20
    assert "Zin 7 a" in says(app)
    assert "Zin 0 a" not in says(app)
    app.session_state[f"vervangen-{begrip.id}"] = 2
    app.run()
    assert "Zin 0 a" in says(app)


def test_a_begrip_that_is_not_there_leaves_a_way_back(open_page: OpenPage) -> None:
    open_page()
    app = page("geschiedenis", begrip_id="0" * 32)
    [back] = [one for one in app.button if one.label == "Terug naar de lijst"]
    back.click().run()
    assert "Nog niets bewaard" in says(app)


def test_the_page_reads_back_what_it_gave(open_page: OpenPage, tmp_path: Path) -> None:
    """A table of another store, through the page: the same begrip with the same items."""
    open_page()
    with Desk(f"sqlite:///{tmp_path / 'ander.sqlite3'}") as other:
        record = other.take_in(SUBJECT, "A")
        other.add(record.id, ZINNEN, "=Een besluit.", by="A")
        data = write("excel", list(to_export(other, [record.id])))
    app = page("uitvoer")
    app.file_uploader[0].set_value(("t.xlsx", data, "application/octet-stream")).run()
    [read] = [one for one in app.button if one.label == "Lees 1 begrip in"]
    read.click().run()
    [found] = desk().search(Search()).begrippen
    assert found.subject == SUBJECT
    assert [item.text for item in desk().items(found.id)] == ["=Een besluit."]
