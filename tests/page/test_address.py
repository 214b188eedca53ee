"""A rerun that comes with the address of before: what a part of a page makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a page rerun when they are called a second time: there is no browser to ask it."""

    def fragment(part: Callable[..., None], **_: Any) -> Callable[..., None]:
        return part

    monkeypatch.setattr(st, "fragment", fragment)


def test_a_part_goes_by_the_address_that_the_page_was_drawn_with() -> None:
    def page() -> None:
        import streamlit as st

        from voorbeelden.screen.shell import fragment

        part = fragment(lambda: st.text(st.query_params.get("taak", "geen")) and None)
        st.query_params["taak"] = "nieuw"
        part()
        st.query_params["taak"] = "oud"
        part()

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["nieuw", "nieuw"]
    assert app.query_params["taak"] in ("nieuw", ["nieuw"]), "the browser is told"


def test_what_a_callback_made_of_the_address_is_right() -> None:
    """Nothing of the address of before stays, and a callback that leaves it alone changes nothing
    of what is right."""

    def page() -> None:
        import streamlit as st

        from voorbeelden.screen.shell import caught, fragment

        part = fragment(lambda: st.text(str(st.query_params.to_dict())) and None)
        st.query_params.from_dict({"taak": "oud", "begrip_id": "een"})
        part()
        caught(lambda: st.query_params.from_dict({"taak": "nieuw"}))()
        st.query_params.from_dict({"taak": "oud", "begrip_id": "een"})
        caught(lambda: None)()
        part()

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.text[1].value == "{'taak': 'nieuw'}"


@pytest.mark.parametrize(("asked_by_us", "shown"), [(True, "nieuw"), (False, "elders")])
def test_a_whole_page_that_a_part_asked_for_keeps_its_address(
    asked_by_us: bool, shown: str
) -> None:
    """Whoever goes to another address gets that one."""

    def page(asked_by_us: bool) -> None:
        import streamlit as st

        from voorbeelden.screen import address

        if "drawn" in st.session_state:
            st.query_params["taak"] = "elders"  # as if another rerun had been folded into this one
            address.arrive()
            st.text(st.query_params["taak"])
            return
        st.session_state.drawn = True
        st.query_params["taak"] = "nieuw"
        if asked_by_us:
            address.redraw()
        address.believe()
        st.rerun()

    app = AppTest.from_function(page, args=(asked_by_us,)).run()
    assert not app.exception
    assert app.text[0].value == shown
