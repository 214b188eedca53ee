"""The benchmark page without a browser: what is measured is what the form says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.page.conftest import APP, OpenPage
from voorbeelden.benchmark.job import BenchmarkSnapshot, get_benchmarks


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    yield
    if (running := get_benchmarks().running) is not None:
        get_benchmarks().cancel(running)
    get_benchmarks.cache_clear()


def opened() -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=20).run()
    return page.switch_page("pages/benchmark.py").run()


def shown(page: AppTest) -> BenchmarkSnapshot | None:
    run_id = page.query_params.get("meting", "")
    return get_benchmarks().snapshot(run_id if isinstance(run_id, str) else run_id[0])


def test_start_straight_after_a_slider_measures_what_the_slider_says(open_page: OpenPage) -> None:
    """The new value and the press reach the server together, as they do from a quick hand or to a
    busy server: the page was not drawn in between."""
    open_page(OPENAI_API_KEY="", OPENAI_BASE_URL="")
    page = opened()
    page.slider(key="b-herhalingen").set_value(7)
    page.button(key="b-start").click().run()
    assert not page.exception
    begun = shown(page)
    assert begun is not None
    assert begun.run.request.repetitions == 7
    assert page.button(key="b-start").disabled


def test_start_straight_after_what_makes_it_cost_money_asks_first(open_page: OpenPage) -> None:
    """A yes to one price starts no measurement at another."""
    open_page()
    page = opened()
    page.radio(key="b-profiel").set_value("aangesloten").run()
    page.checkbox[0].check().run()
    page.slider(key="b-herhalingen").set_value(7)
    page.button(key="b-start").click().run()
    assert shown(page) is None
    assert not page.checkbox[0].value
    assert page.button(key="b-start").disabled
