"""The guide: every task has its place in the contents, and every picture is there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from PIL import Image

from voorbeelden.screen.definition_texts import VERDICTS
from voorbeelden.screen.guide import FOLDER, SECTIONS, guide_html

BUDGET = 1_500_000  # bytes of all pictures together


class Reader(HTMLParser):
    """What links point to, what can be pointed to, and the images; complains about open tags."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.images.append(given)
            return
        self.open.append(tag)
        if href := given.get("href"):
            self.links.append(href)
        if anchor := given.get("id"):
            self.anchors.append(anchor)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_each_entry_of_the_contents_leads_to_its_task() -> None:
    """In the same order, none twice, and every tag is closed."""
    reader = Reader()
    reader.feed(guide_html())
    assert not reader.open
    assert reader.links == [f"#{anchor}" for anchor in reader.anchors]
    assert len(set(reader.anchors)) == len(SECTIONS)


def test_pictures_say_what_they_show_and_keep_their_place() -> None:
    """Each has an alternative text and its own size, so that the page does not jump."""
    reader = Reader()
    reader.feed(guide_html())
    assert len(reader.images) == sum(one.picture is not None for one in SECTIONS)
    for image in reader.images:
        assert len(image["alt"] or "") > 20
        name = (image["src"] or "").rpartition("/")[2]
        with Image.open(FOLDER / name) as file:
            assert (image["width"], image["height"]) == tuple(map(str, file.size))


def test_the_folder_holds_those_pictures_only_and_stays_light() -> None:
    """A picture that no task shows is dead weight in everybody's clone."""
    shown = {f"{one.picture.name}.webp" for one in SECTIONS if one.picture}
    files = list(FOLDER.iterdir())
    assert {file.name for file in files} == shown
    assert sum(file.stat().st_size for file in files) < BUDGET


def test_it_is_plain_dutch() -> None:
    """No English word of the interface, no variable or file name: those are the beheerder's."""
    text = re.sub(r"<[^>]+>", " ", guide_html())
    for word in ("OPENAI_", "VOORBEELDEN_", ".toml", "Upload", "Settings"):
        assert word not in text


def test_the_guide_names_findings_as_the_page_does() -> None:
    """Who read about them finds the same words on the chips."""
    [section] = [one for one in SECTIONS if one.anchor == "definitie"]
    for words in VERDICTS.values():
        assert words.lower() in section.body.lower()
    assert "feit" not in section.body
