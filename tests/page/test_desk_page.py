"""The review without a browser: what the page keeps, shows and asks for."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from tests.page.conftest import APP, Editor, OpenPage
from voorbeelden.export import read_table, write
from voorbeelden.hosting import current_host
from voorbeelden.model import ExampleType, Subject
from voorbeelden.quality import CHECKS
from voorbeelden.screen.exchange import to_export, to_import
from voorbeelden.screen.review_actions import NOTE, Opened
from voorbeelden.screen.review_bar import OPEN
from voorbeelden.store.desk import Desk
from voorbeelden.store.records import BegripView, ItemRecord, ItemStatus, Search

ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN


def desk() -> Desk:
    host = current_host()
    assert host is not None
    return host.desk.open()


def view(editor: Editor) -> BegripView:
    return desk().view(editor.begrip_id)


def press(editor: Editor, key: str) -> None:
    editor.at.button(key=key).click().run()


def first(editor: Editor, kind: ExampleType = ZINNEN) -> ItemRecord:
    return view(editor).of_type(kind)[0]


def test_every_generation_is_kept(open_page: OpenPage) -> None:
    """Each type as it came, under one begrip, and the generation has its end."""
    editor = open_page()
    editor.generate()
    kept = view(editor)
    for lane in editor.snapshot.lanes:
        assert [item.text for item in kept.of_type(lane.kind)] == [i.text for i in lane.items]
    [generation] = kept.generations
    assert generation.ended_at is not None
    assert len(generation.types) == 6


def test_what_was_kept_is_there_without_the_job(open_page: OpenPage) -> None:
    """Another session opens the begrip by its address alone."""
    editor = open_page()
    editor.generate()
    other = AppTest.from_file(str(APP), default_timeout=20)
    other.query_params["begrip_id"] = view(editor).begrip.id
    other.run()
    assert other.text_input(key="begrip").value == "verdachte"
    markup = Editor(other, editor.provider).tab_markup(ZINNEN)
    assert markup.count('data-status="voorstel"') == 3


def test_the_last_timeline_stands_where_the_ones_before_stood(open_page: OpenPage) -> None:
    """Streamlit takes away what a run did not draw again only after it: drawn in another place,
    the last timeline stood for a moment below the one before, and moved all that follows."""
    editor = open_page("fixed,seconds=1")
    editor.fill("verdachte")
    editor.click("Genereer")
    assert editor.snapshot.running
    before = way_to("vb-timeline", editor.at.main)
    editor.wait()
    last = way_to("vb-timeline", editor.at.main)
    assert last
    assert last == before[: len(last)], "not in the place of what drew the ones before"


def way_to(what: str, block: Block) -> tuple[int, ...]:
    """The places, from ``block`` down, of the first HTML that holds ``what``; else empty."""
    for place, child in block.children.items():
        if isinstance(child, Block):
            if below := way_to(what, child):
                return (place, *below)
        elif child.type == "html" and what in child.proto.body:
            return (place,)
    return ()


def test_judging_and_taking_it_back(open_page: OpenPage) -> None:
    """Approve, reject, press again, undo: each is in the store at once."""
    editor = open_page()
    editor.generate()
    item = first(editor)
    press(editor, f"goedgekeurd-{item.id}")
    assert first(editor).status is ItemStatus.GOEDGEKEURD
    press(editor, f"goedgekeurd-{item.id}")
    assert first(editor).status is ItemStatus.VOORSTEL
    press(editor, f"afgewezen-{item.id}")
    assert first(editor).status is ItemStatus.AFGEWEZEN
    press(editor, f"Ongedaan maken-{item.begrip_id}")
    assert first(editor).status is ItemStatus.VOORSTEL


def test_only_the_open_tab_has_buttons(open_page: OpenPage) -> None:
    """All six show their items as they are kept, with what the checks say of them and under the
    filter; buttons belong to the open one, and move along when another is opened."""
    editor = open_page()
    editor.generate()
    marked = desk().edit(first(editor), "De verdachte beriep zich op artikel 999 Sr.", by="Ander")
    rejected = desk().review(first(editor, SYNONIEMEN), ItemStatus.AFGEWEZEN, "Ander")
    for opened in (SYNONIEMEN, ZINNEN):
        editor.open_tab(opened)
        with_buttons = {item.type for item in view(editor).items if has_buttons(editor, item)}
        assert with_buttons == {opened}
        for kind in ExampleType:
            shown = editor.tab_markup(kind).count('class="vb-item vb-status-')
            assert shown == len(view(editor).of_type(kind))
        assert 'class="vb-check vb-check-hard"' in editor.tab_markup(marked.type)
        assert 'data-status="afgewezen"' in editor.tab_markup(rejected.type)
    editor.at.session_state[f"filter-{editor.begrip_id}"] = OPEN
    editor.at.run()
    assert 'data-status="afgewezen"' not in editor.tab_markup(rejected.type)
    assert f"1 niet getoond, want hierboven is ‘{OPEN}’ gekozen." in editor.says()


def has_buttons(editor: Editor, item: ItemRecord) -> bool:
    return any(button.key == f"bewerk-{item.id}" for button in editor.at.button)


def test_a_tab_that_is_left_keeps_what_was_typed(open_page: OpenPage) -> None:
    """An edit, a note and a text of one's own, none of them saved yet: there again when the tab is,
    and they can be saved then."""
    editor = open_page()
    editor.generate()
    one, two, _ = view(editor).of_type(ZINNEN)
    press(editor, f"bewerk-{one.id}")
    # As its menu does; AppTest cannot choose from one.
    editor.at.session_state["geopend"] |= {two.id: (Opened(two, NOTE),)}
    editor.at.run()
    typed = {
        f"tekst-{one.id}": "De verdachte vroeg om een tolk.",
        f"opmerking-{two.id}": "nakijken",
        f"eigen-{one.begrip_id}-{ZINNEN.value}": "De verdachte zweeg.",
    }
    fields = {field.key: field for field in (*editor.at.text_area, *editor.at.text_input)}
    for key, text in typed.items():
        fields[key].set_value(text)
    editor.open_tab(SYNONIEMEN)
    press(editor, f"goedgekeurd-{first(editor, SYNONIEMEN).id}")
    assert not typed.keys() & {one.key for one in (*editor.at.text_area, *editor.at.text_input)}
    editor.open_tab(ZINNEN)
    fields = {field.key: field for field in (*editor.at.text_area, *editor.at.text_input)}
    assert {key: fields[key].value for key in typed} == typed
    press(editor, f"bewaar-{one.id}")
    press(editor, f"bewaar-opmerking-{two.id}")
    press(editor, f"voeg-toe-{one.begrip_id}-{ZINNEN.value}")
    kept = view(editor).of_type(ZINNEN)
    assert {item.text for item in kept} >= {typed[f"tekst-{one.id}"], "De verdachte zweeg."}
    assert "nakijken" in [item.note for item in kept]


def test_the_model_hears_what_stays(open_page: OpenPage) -> None:
    """Making a type again asks for what is missing only, and the approved ones stay."""
    editor = open_page()
    editor.generate()
    one, two, _ = view(editor).of_type(ZINNEN)
    for item in (one, two):
        press(editor, f"goedgekeurd-{item.id}")
    press(editor, f"opnieuw-{one.begrip_id}-{ZINNEN.value}")
    editor.wait()
    lane = editor.snapshot.lane(ZINNEN)
    assert lane.wanted == 1
    assert not {item.text for item in lane.items} & {one.text, two.text}
    after = view(editor).of_type(ZINNEN)
    assert {one.id, two.id} < {item.id for item in after}
    assert len(after) == 3


def test_two_editors_of_one_text(open_page: OpenPage) -> None:
    """The second sees both texts and chooses; until then nothing is overwritten or lost."""
    editor = open_page()
    editor.generate()
    seen = first(editor)
    press(editor, f"bewerk-{seen.id}")
    editor.at.text_area(key=f"tekst-{seen.id}").set_value("Mijn verdachte <b>zin</b>.")
    theirs = desk().edit(seen, "Hun verdachte zin.", by="Ander")
    press(editor, f"bewaar-{seen.id}")
    assert "Mijn verdachte &lt;b&gt;zin&lt;/b&gt;." in editor.markup()
    assert "Hun verdachte zin." in editor.markup()
    assert first(editor).id == theirs.id
    press(editor, f"mijn-{seen.begrip_id}")
    assert first(editor).text == "Mijn verdachte <b>zin</b>."
    assert "Hun verdachte zin." in [item.text for item in desk().versions(first(editor).id)]


def test_what_is_being_typed_outlives_another_editor_and_a_generation(open_page: OpenPage) -> None:
    """The field is left, the page is drawn again, and the item is gone from the store: the text is
    still there, and is kept when that is asked."""
    editor = open_page()
    editor.generate()
    seen, other, _ = view(editor).of_type(ZINNEN)
    press(editor, f"bewerk-{seen.id}")
    editor.at.text_area(key=f"tekst-{seen.id}").set_value("Mijn verdachte zin.")
    desk().edit(seen, "Hun verdachte zin.", by="Ander")
    editor.at.run()
    assert editor.at.text_area(key=f"tekst-{seen.id}").value == "Mijn verdachte zin."
    assert "intussen vervangen" in editor.says()
    press(editor, f"bewaar-{seen.id}")
    press(editor, f"mijn-{seen.begrip_id}")
    assert first(editor).text == "Mijn verdachte zin."
    assert "intussen vervangen" not in editor.says()

    press(editor, f"bewerk-{other.id}")
    editor.at.text_area(key=f"tekst-{other.id}").set_value("Nog een verdachte zin.")
    press(editor, f"alles-{seen.begrip_id}")
    editor.wait()
    assert other.id not in {item.id for item in view(editor).items}
    assert editor.at.text_area(key=f"tekst-{other.id}").value == "Nog een verdachte zin."
    press(editor, f"bewaar-{other.id}")
    assert "Nog een verdachte zin." in {item.text for item in view(editor).items}


def test_readability_is_told_quietly(open_page: OpenPage) -> None:
    """As information at a text that is long enough to say something of; it asks for nothing, so no
    filter shows it as a remark."""
    editor = open_page()
    editor.generate()
    toelichting = ExampleType.TOELICHTING
    desk().add(
        view(editor).begrip.id,
        toelichting,
        "Een verdachte is iemand van wie de politie denkt dat hij iets strafbaars heeft gedaan. "
        "Hij mag zwijgen en hij mag een advocaat vragen. De rechter beslist later of hij schuldig "
        "is of niet, en tot die tijd geldt hij als onschuldig.",
        by="A",
    )
    editor.at.run()
    assert re.search(r"Leesbaarheid \d+ \([a-z ]+\): gemiddeld", editor.tab_markup(toelichting))


def test_marks_of_one_check_alone(open_page: OpenPage) -> None:
    """Every check that spoke can be chosen, with what it means; what was chosen stays to choose
    when its last mark is gone, and the page says why it shows nothing."""
    editor = open_page()
    editor.generate()
    one, two, three = view(editor).of_type(ZINNEN)
    marked = desk().edit(one, "De verdachte beriep zich op artikel 999 Sr.", by="A")
    desk().edit(two, "Hij zweeg.", by="A")
    editor.at.run()
    choice = editor.at.selectbox(key=f"controle-{one.begrip_id}")
    names = [CHECKS[name].name for name in CHECKS if CHECKS[name].name in choice.options]
    assert choice.options == ["Alles", *names]
    assert {CHECKS["artikel_niet_gegeven"].name, CHECKS["begrip_ontbreekt"].name} <= {*names}
    assert CHECKS["begrip_ontbreekt"].explanation in choice.help
    choice.select("artikel_niet_gegeven").run()
    assert "artikel 999" in editor.tab(ZINNEN)
    assert editor.tab_markup(ZINNEN).count("data-status=") == 1
    assert "2 niet getoond, want hierboven is ‘Artikel niet gegeven’ gekozen." in editor.says()
    desk().edit(marked, three.text + " Dat stond vast.", by="A")
    editor.at.run()
    assert editor.at.selectbox(key=f"controle-{one.begrip_id}").value == "artikel_niet_gegeven"
    assert "3 niet getoond" in editor.says()


def test_undo_takes_back_what_its_button_says(open_page: OpenPage) -> None:
    """Another editor acted in between: nothing is taken back, and the page says so."""
    editor = open_page()
    editor.generate()
    item, other, _ = view(editor).of_type(ZINNEN)
    press(editor, f"goedgekeurd-{item.id}")
    desk().approve(other, "Ander")
    press(editor, f"Ongedaan maken-{item.begrip_id}")
    assert "iets anders gedaan. Er is niets teruggezet" in editor.says()
    assert {one.status for one in view(editor).of_type(ZINNEN)[:2]} == {ItemStatus.GOEDGEKEURD}


def test_without_a_database_the_examples_still_come(open_page: OpenPage) -> None:
    """And the page says that they are not kept; who watches the process hears of it."""
    editor = open_page(VOORBEELDEN_DATABASE_URL="sqlite:////nergens/te/vinden.sqlite3")
    editor.generate()
    assert "niet bewaard" in editor.says()
    host = current_host()
    assert host is not None
    assert len(host.recent.unkept) == 1
    assert editor.tab_markup(ZINNEN).count('class="vb-item"') == 3
    assert not editor.at.exception


def test_what_went_out_comes_back_the_same(tmp_path: Path) -> None:
    """A table of one store, read into another: the same begrip with the same items, and reading
    it once more adds nothing."""
    subject = Subject.from_dict("besluit", "een beslissing", {"wettelijk": ["Awb"]})
    with (
        Desk(f"sqlite:///{tmp_path / 'een.sqlite3'}") as one,
        Desk(f"sqlite:///{tmp_path / 'twee.sqlite3'}") as two,
    ):
        record = one.take_in(subject, "A")
        one.add(record.id, SYNONIEMEN, "beslissing", by="A")
        noted = one.add(record.id, ZINNEN, "=Een besluit.", by="A", status=ItemStatus.VOORSTEL)
        one.note(noted, "nakijken", "A")
        one.set_voorkeursterm(one.begrip(record.id), "beslissing", "A")
        for form, name in (("csv", "a.csv"), ("excel", "a.xlsx")):
            exported = list(to_export(one, one.ids(Search())))
            assert all(type(item.position) is int for item in exported[0].items)
            data = write(form, exported, only_approved=False)
            result = read_table(data, name)
            assert result.errors == ()
            [came] = two.import_begrippen([to_import(begrip) for begrip in result.begrippen], "B")
            back = came.begrip
            assert back.id == record.id
            assert (back.subject, back.voorkeursterm) == (subject, "beslissing")
            assert rows(two, back.id) == rows(one, record.id)


def rows(desk: Desk, begrip_id: str) -> list[tuple[str, str, str, str, str]]:
    return [(i.id, i.type.value, i.text, i.status.value, i.note) for i in desk.items(begrip_id)]
