"""Two editors at one begrip, seen from the page of one: nothing typed is lost, and nobody decides
over what was not on the screen."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.integration.support import wait_until
from tests.page.conftest import APP, Editor, OpenPage
from tests.page.test_desk_page import ZINNEN, desk, first, press, view
from voorbeelden.screen.review_actions import NOTE, Opened
from voorbeelden.screen.review_bar import OPEN
from voorbeelden.store.records import ItemRecord, ItemStatus

MINE, BOTH = "Mijn verdachte zin.", "Mijn verdachte zin en de hunne."


def begin_to_type(editor: Editor, item: ItemRecord, text: str = MINE) -> None:
    press(editor, f"bewerk-{item.id}")
    editor.at.text_area(key=f"tekst-{item.id}").set_value(text).run()


def typed(editor: Editor, item: ItemRecord) -> str | None:
    return editor.at.text_area(key=f"tekst-{item.id}").value


def test_another_part_and_the_same_button_leave_what_was_typed(open_page: OpenPage) -> None:
    """Bewerken pressed again, a note opened over the text and saved: the text waits below it."""
    editor = open_page()
    editor.generate()
    item = first(editor)
    begin_to_type(editor, item)
    press(editor, f"bewerk-{item.id}")
    assert typed(editor, item) == MINE
    # As its menu does; AppTest cannot choose from one.
    editor.at.session_state["geopend"][item.id] += (Opened(item, NOTE),)
    editor.at.run()
    editor.at.text_input(key=f"opmerking-{item.id}").set_value("nakijken")
    press(editor, f"bewaar-opmerking-{item.id}")
    assert first(editor).note == "nakijken"
    assert typed(editor, item) == MINE
    press(editor, f"annuleer-{item.id}")
    assert not editor.at.text_area(key=f"eigen-{item.begrip_id}-{ZINNEN.value}").value
    assert f"tekst-{item.id}" not in [field.key for field in editor.at.text_area]
    press(editor, f"bewerk-{item.id}")
    assert typed(editor, item) == item.text


def test_a_filter_does_not_hide_what_is_being_typed(open_page: OpenPage) -> None:
    """Another editor judges the item, so that it is not one of those that are to be judged."""
    editor = open_page()
    editor.generate()
    item = first(editor)
    editor.at.session_state[f"filter-{item.begrip_id}"] = OPEN
    begin_to_type(editor, item)
    desk().approve(item, "Ander")
    editor.at.run()
    assert typed(editor, item) == MINE
    press(editor, f"annuleer-{item.id}")
    assert "1 niet getoond" in editor.says()


def test_a_conflict_about_a_judgement_leaves_the_field_open(open_page: OpenPage) -> None:
    """Giving way settles what was refused, and nothing else."""
    editor = open_page()
    editor.generate()
    item = first(editor)
    begin_to_type(editor, item)
    desk().reject(item, "Ander")
    press(editor, f"goedgekeurd-{item.id}")
    press(editor, f"ander-{item.begrip_id}")
    assert first(editor).status is ItemStatus.AFGEWEZEN
    assert typed(editor, item) == MINE


def test_an_edit_that_is_insisted_on_is_a_proposal(open_page: OpenPage) -> None:
    """The editor saw it approved and another rejected it since: only who asks for it approves."""
    editor = open_page()
    editor.generate()
    press(editor, f"goedgekeurd-{first(editor).id}")
    item = first(editor)
    begin_to_type(editor, item)
    desk().reject(item, "Ander")
    press(editor, f"bewaar-{item.id}")
    assert "de beoordeling ook gewijzigd" in editor.says()
    assert first(editor).status is ItemStatus.AFGEWEZEN
    press(editor, f"mijn-{item.begrip_id}")
    assert (first(editor).text, first(editor).status) == (MINE, ItemStatus.VOORSTEL)


def test_what_is_made_of_both_texts_is_what_is_kept(open_page: OpenPage) -> None:
    """With both texts in sight the editor goes on in the field, and then insists."""
    editor = open_page()
    editor.generate()
    item = first(editor)
    begin_to_type(editor, item)
    desk().edit(item, "Hun verdachte zin.", by="Ander")
    press(editor, f"bewaar-{item.id}")
    editor.at.text_area(key=f"tekst-{item.id}").set_value(BOTH)
    press(editor, f"mijn-{item.begrip_id}")
    assert first(editor).text == BOTH


def test_a_move_goes_from_where_the_item_stands_now(open_page: OpenPage) -> None:
    """Two editors move items at once: both moves stand."""
    editor = open_page()
    editor.generate()
    one, two, three = view(editor).of_type(ZINNEN)
    desk().reorder(one.begrip_id, ZINNEN, [three.id, one.id, two.id], "Ander")
    # As its menu does; AppTest cannot choose from one.
    script = "import streamlit as st; from voorbeelden.screen import review_actions as do"
    menu = AppTest.from_string(f"{script}; do.move(st.session_state.item, -1)")
    menu.session_state.item = two
    menu.run()
    assert [item.id for item in view(editor).of_type(ZINNEN)] == [three.id, two.id, one.id]


def in_another_tab(editor: Editor) -> Editor:
    """The begrip of ``editor`` in another session, which has no job of its own."""
    tab = AppTest.from_file(str(APP), default_timeout=20)
    tab.query_params["begrip_id"] = editor.begrip_id
    return Editor(tab.run(), editor.provider)


def test_genereer_in_two_tabs_is_one_job(open_page: OpenPage) -> None:
    """The same begrip from two sessions: the second press joins what runs, is paid for once and
    keeps each type once; what was approved stays. Another definition is another question."""
    editor = open_page("instant;fault=latency@voorbeeldzinnen.2,seconds=3")
    editor.generate()
    press(editor, f"goedgekeurd-{first(editor).id}")
    approved = first(editor)
    other = in_another_tab(editor)
    editor.click("Genereer")
    other.click("Genereer")
    assert other.job == editor.job
    assert other.begrip_id == editor.begrip_id
    editor.wait()
    other.wait()
    assert "Alle 6 soorten zijn klaar" in other.says()
    # Only the sentences are another question than before: two, beside the approved one.
    assert editor.provider.stats()["requests"] == 7
    assert len(view(editor).generations) == 2
    assert approved in view(editor).of_type(ZINNEN)
    assert len(view(editor).of_type(ZINNEN)) == 3
    other.fill("verdachte", "wie iets anders doet")
    other.click("Genereer")
    assert other.job != editor.job
    other.wait()
    assert approved in view(editor).of_type(ZINNEN)


def test_opnieuw_in_two_tabs_is_one_job(open_page: OpenPage) -> None:
    """A tab that has the begrip alone and one that has a job of its own: both see the one that
    runs, and the provider is asked once."""
    editor = open_page("instant;fault=latency@voorbeeldzinnen.2,seconds=1.5")
    editor.generate()
    begrip_id = editor.begrip_id
    other = in_another_tab(editor)
    again = f"opnieuw-{begrip_id}-{ZINNEN.value}"
    press(other, again)
    press(editor, again)
    wait_until(lambda: editor.provider.stats()["requests"] == 7)
    assert other.job == editor.job
    assert other.snapshot.running
    other.wait()
    assert editor.provider.stats()["requests"] == 7
    assert len(view(editor).of_type(ZINNEN)) == 3
