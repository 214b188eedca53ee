"""Articles as they are read from a text and from the context."""

from __future__ import annotations

import pytest

from voorbeelden.model import Subject
from voorbeelden.quality.citations import citations, given_articles
from voorbeelden.quality.laws import same_law


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("artikel 27 Sv", [("27", "Sv")]),
        ("art. 3:4, tweede lid, Awb", [("3:4", "Awb")]),
        ("artikelen 310 en 311 van het Wetboek van Strafrecht", [("310", "Sr"), ("311", "Sr")]),
        ("art. 140 lid 2 Sr", [("140", "Sr")]),
        ("6:162 BW", [("6:162", "BW")]),
        ("artikel 5.1, eerste lid, onder d, van de Omgevingswet", [("5.1", "Ow")]),
        ("Artikel 12 is duidelijk.", [("12", None)]),
        ("boek 6 BW", []),
        ("artikel 7 van de huurovereenkomst", []),
        ("een artikel over 27 zaken", []),
        ("artikel 123456", []),
    ],
)
def test_articles_in_a_text(text: str, read: list[tuple[str, str | None]]) -> None:
    """Numbers with their law; books, contracts, newspapers and stock are left alone."""
    assert [(one.number, one.law) for one in citations(text)] == read


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("artikelen 27 tot en met 29 Sv", {("27", "Sv"), ("28", "Sv"), ("29", "Sv")}),
        ("Awb, artikel 3:4", {("3:4", "Awb")}),
        ("Wetboek van Strafrecht artikel 41", {("41", "Sr")}),
        ("artikel 27", {("27", None)}),
        ("Wet open overheid", set()),
    ],
)
def test_articles_that_are_given(source: str, given: set[tuple[str, str | None]]) -> None:
    """Ranges are filled in, and the law may stand on either side."""
    assert given_articles(Subject("", "", {"wettelijk": (source,)})) == given


def test_one_law_has_many_names() -> None:
    """Abbreviation, full name, article before it, capitals and dots do not matter."""
    assert (
        same_law("Sv")
        == same_law("het Wetboek van Strafvordering")
        == same_law("wetboek van strafvordering")
    )
    assert same_law("WVW 1994") == same_law("Wegenverkeerswet 1994")
    assert same_law("Wet op de kwibus") == "wet op de kwibus"
