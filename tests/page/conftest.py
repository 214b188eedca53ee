"""The editors' page without a browser, against the demo server."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.support import Provider, wait_until
from voorbeelden import logs
from voorbeelden.bridge import Bridge, close_bridge, get_bridge
from voorbeelden.jobs import JobSnapshot
from voorbeelden.model import ExampleType

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

APP = Path(__file__).parents[2] / "app.py"
KEY = "sk-geplante-sleutel-0123456789"
_TAG = re.compile(r"<[^>]*>")
_NOT_READ = re.compile(r"<(style|script)>.*?</\1>", re.DOTALL)


@dataclass
class Editor:
    """Somebody with the page open."""

    at: AppTest
    provider: Provider

    def fill(self, begrip: str, definitie: str = "wie iets doet", **context: list[str]) -> None:
        self.at.text_input(key="begrip").set_value(begrip)
        self.at.text_area(key="definitie").set_value(definitie)
        for key, values in context.items():
            self.at.multiselect(key=key).set_value(values)

    def click(self, label: str, nth: int = 0) -> None:
        [button] = [one for one in self.at.button if one.label == label][nth : nth + 1]
        button.click().run()
        if label == "Genereer" and "begrip" not in [one.key for one in self.at.text_input]:
            # What stands beside the form was drawn alone, and AppTest forgets the rest.
            self.at.run()

    def generate(self, begrip: str = "verdachte") -> None:
        """From the form to the end of the generation, with the page as it is then."""
        self.fill(begrip)
        self.click("Genereer")
        self.wait()

    def wait(self) -> None:
        wait_until(lambda: not self.snapshot.running, 15)
        self.at.run()

    @property
    def bridge(self) -> Bridge:
        return get_bridge()

    @property
    def job(self) -> str:
        """The id in the page's address."""
        return self._parameter("taak")

    def _parameter(self, name: str) -> str:
        value = self.at.query_params.get(name, "")
        return value if isinstance(value, str) else value[0]

    @property
    def snapshot(self) -> JobSnapshot:
        snapshot = self.bridge.snapshot(self.job)
        assert snapshot is not None
        return snapshot

    def pieces(self) -> list[str]:
        """Every piece of HTML on the page, without its styles and scripts."""
        return [_NOT_READ.sub("", element.proto.body) for element in self.at.get("html")]

    def markup(self) -> str:
        return "\n".join(self.pieces())

    def says(self) -> str:
        """All that the page lets its reader read."""
        html = unescape(_TAG.sub(" ", self.markup()))
        rest = [
            str(element.value)
            for kind in ("error", "warning", "info", "markdown", "caption", "exception")
            for element in self.at.get(kind)
        ]
        return " ".join([html, *rest, *(button.label for button in self.at.button)])

    def open_tab(self, kind: ExampleType) -> None:
        """Its buttons are asked for, as screen/page.js does; those of the others go."""
        key = f"vb-opener-tabs-{self.begrip_id or self.job}-{kind.value}"
        if any(button.key == key for button in self.at.button):
            self.at.button(key=key).click().run()

    @property
    def begrip_id(self) -> str:
        """The id in the page's address; empty when nothing is kept."""
        return self._parameter("begrip_id")

    def tab(self, kind: ExampleType) -> str:
        """What the tab of ``kind`` says."""
        return unescape(_TAG.sub(" ", self.tab_markup(kind)))

    def tab_markup(self, kind: ExampleType) -> str:
        start = f'data-kind="{kind.value}"'
        return "\n".join(piece for piece in self.pieces() if start in piece)


OpenPage = Callable[..., Editor]


@pytest.fixture
def open_page(
    demo: DemoProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[OpenPage]:
    """The page of a fresh process whose provider behaves as a spec; settings by variable name."""
    close_bridge()

    def open_it(spec: str = "instant", **variables: Any) -> Editor:
        provider = Provider.behaving(demo, spec)
        given = {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": provider.base_url,
            "VOORBEELDEN_DATABASE_URL": f"sqlite:///{tmp_path / 'page.sqlite3'}",
            **variables,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, str(value))
        return Editor(AppTest.from_file(str(APP), default_timeout=20).run(), provider)

    with unchanged_logging():
        yield open_it
        close_bridge()


@contextmanager
def unchanged_logging() -> Iterator[None]:
    """The app sets up logging for its whole process; for the other tests it is as it was."""
    loggers = [logging.getLogger(name) for name in ("voorbeelden", *logs.TALKATIVE)]
    before = [(one.level, one.propagate, one.handlers[:]) for one in loggers]
    try:
        yield
    finally:
        for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
            one.setLevel(level)
            one.propagate = propagate
            one.handlers[:] = handlers
