"""What docs/SECURITY.md promises, held against the configuration, the headers and the log."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message
from streamlit import config
from streamlit.config import set_option
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest

from tests.integration.support import SIX, Provider
from voorbeelden import logs, server
from voorbeelden.bridge import Bridge, close_bridge
from voorbeelden.headers import digest, policy, security_headers
from voorbeelden.hosting import close_host, current_host
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, GenerationMode, Subject
from voorbeelden.screen import login
from voorbeelden.settings import Settings
from voorbeelden.store.records import Search
from voorbeelden.strategies import make_plan

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
KEY = "sk-geheim-0123456789abcdef"
AUTH = {"auth": {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "x"}}


# --- configuration ---


def test_the_configuration_closes_what_the_document_says() -> None:
    """Only this machine, cross-site requests refused, small uploads, no agent API."""
    server_section = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["server"]
    assert server_section["address"] == "localhost"
    assert server_section["enableXsrfProtection"] is True
    assert server_section["enableCORS"] is True
    assert server_section["enableAgentApi"] is False
    assert server_section["maxUploadSize"] <= 10
    assert server_section["maxWidgetStateSize"] <= 5
    assert server_section["maxMessageSize"] <= 20
    assert "cookieSecret" not in server_section


def test_every_option_is_one_that_streamlit_knows() -> None:
    """A misspelt option would protect nothing, in silence."""
    sections = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    known = set(config.get_config_options())
    for name in ("server", "browser", "client", "runner"):
        for option in sections[name]:
            assert f"{name}.{option}" in known


def test_no_secret_is_under_version_control() -> None:
    """The secrets file is ignored, and nothing in the repository looks like a provider's key."""
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    assert "secrets.toml" in ignored
    pattern = re.compile(r"sk-(?:proj-)?[A-Za-z0-9_]{32,}")
    for folder in ("voorbeelden", "pages", "scripts", "deploy", ".streamlit"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".toml", ".yml", ".json", ".sh", ".js", ".txt"):
                assert not pattern.search(path.read_text("utf-8")), path


# --- headers ---


def ask(path: str = "/") -> Mapping[str, str]:
    """The headers of an answer that went through our middleware."""
    app = Starlette(
        routes=[Route("/", lambda _: PlainTextResponse("hallo"))],
        middleware=server.middleware(),
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(app({**scope, "query_string": b"", "server": ("t", 80)}, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("path", ["/", "/nergens"])
def test_every_answer_has_the_headers(path: str) -> None:
    """A page that does not exist is an answer like any other."""
    headers = ask(path)
    for name, value in security_headers().items():
        assert headers[name.lower()] == value


def test_no_script_runs_but_our_own() -> None:
    """No inline script without a digest, no eval, no other server."""
    directives = dict(
        part.strip().split(" ", 1)
        for part in security_headers()["Content-Security-Policy"].split(";")
    )
    scripts = directives["script-src"].split()
    assert scripts[0] == "'self'"
    assert all(one.startswith("'sha256-") for one in scripts[1:])
    own = list((ROOT / "voorbeelden/screen").glob("*.js"))
    assert len(scripts) == 1 + len(own) + 1
    for sources in directives.values():
        assert not set(sources.split()) & {"*", "http:", "https:", "'unsafe-eval'"}
    assert directives["object-src"] == "'none'"
    assert directives["frame-ancestors"] == "'self'"


def test_a_digest_is_the_one_that_browsers_compute() -> None:
    """Against the value printed in the CSP specification's own kind of example."""
    expected = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # of nothing at all
    assert digest("") == expected
    assert expected in policy([""])


# --- login ---


@pytest.fixture
def visit(demo: DemoProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Opens the app as a visitor, with these secrets and this stand-in for ``st.user``."""
    close_host()
    monkeypatch.setenv("OPENAI_BASE_URL", Provider.behaving(demo, "instant").base_url)
    monkeypatch.setenv("VOORBEELDEN_DATABASE_URL", f"sqlite:///{tmp_path / 'app.sqlite3'}")

    def open_it(secrets: Mapping[str, Any], **user: Any) -> AppTest:
        monkeypatch.setattr(st, "user", user)
        app = AppTest.from_file(str(APP), default_timeout=20)
        for name, value in secrets.items():
            app.secrets[name] = value
        return app.run()

    yield open_it
    close_host()
    close_bridge()


def is_open(app: AppTest) -> bool:
    assert not app.exception
    return bool(app.text_input)


def says(app: AppTest) -> str:
    return " ".join(str(one.value) for one in app.error)


def test_without_configuration_everybody_may_enter(visit: Any) -> None:
    assert is_open(visit({}))


def test_a_secrets_file_that_cannot_be_read_closes_every_page(
    visit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One quote too many in the file that says who may enter must not let everybody in."""
    file = tmp_path / "secrets.toml"
    file.write_text('[auth]\nclient_id = "a""\n')
    set_option("secrets.files", [str(file)])
    monkeypatch.setattr(st, "secrets", Secrets())
    app = visit({})
    assert not is_open(app)
    assert "secrets.toml is niet te lezen" in says(app)


def test_with_login_configured_nobody_enters_without_it(visit: Any) -> None:
    """One button, and nothing of any page; the pages are not in the navigation either."""
    app = visit(AUTH, is_logged_in=False)
    assert not is_open(app)
    assert [button.label for button in app.button] == ["Inloggen"]


def test_a_login_that_fails_is_named(visit: Any, caplog: pytest.LogCaptureFixture) -> None:
    """An [auth] section without the provider: Streamlit's own error is English and would take the
    page. Here the page stays, with a Dutch message whose reference stands in the log."""
    app = visit(AUTH, is_logged_in=False)
    app.button[0].click().run()
    assert not is_open(app)
    assert [button.label for button in app.button] == ["Inloggen"]
    [toast] = app.toast
    assert "Er ging iets mis in deze toepassing" in toast.value
    [reference] = re.findall(r"reference=(\w+) type=StreamlitAuthError", caplog.text)
    assert reference in toast.value


def test_who_logged_in_is_the_author(visit: Any) -> None:
    """Not whatever somebody types: the history says who it was."""
    app = visit(AUTH, is_logged_in=True, name="Anna de Vries", email="anna@om.nl")
    app.text_input(key="begrip").set_value("verdachte")
    app.text_area(key="definitie").set_value("iemand tegen wie een vermoeden bestaat")
    [go] = [button for button in app.button if button.label == "Genereer"]
    go.click().run()
    assert not app.exception
    host = current_host()
    assert host is not None
    [begrip] = host.desk.open().search(Search()).begrippen
    assert begrip.created_by == "Anna de Vries"
    names = [field for field in app.text_input if field.label == "Uw naam"]
    assert [(field.value, field.disabled) for field in names] == [("Anna de Vries", True)]


def test_no_page_is_known_by_its_name(visit: Any) -> None:
    """Streamlit would find pages/monitor.py by itself if the navigation were left out; that no
    address opens one is tested in a browser."""
    app = visit(AUTH, is_logged_in=False)
    for page in sorted((ROOT / "pages").glob("*.py")):
        with pytest.raises(ValueError, match=r"Known pages: \['Gesloten'\]"):
            app.switch_page(f"pages/{page.name}")


def test_who_logged_in_enters_and_can_leave(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way out is a page like the others, there only for who has logged in."""
    offered: list[list[str]] = []
    navigation = st.navigation

    def note(pages: Any, **options: Any) -> Any:
        offered.append([page.title for page in pages])
        return navigation(pages, **options)

    monkeypatch.setattr(st, "navigation", note)
    assert is_open(visit(AUTH, is_logged_in=True, email="a@om.nl"))
    assert offered[-1][-1] == "Uitloggen"
    assert is_open(visit({}))
    assert "Uitloggen" not in offered[-1]


def test_who_is_no_editor_does_not(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider may know more people than should come in."""
    monkeypatch.setenv("VOORBEELDEN_EDITORS", "@om.nl")
    assert is_open(visit(AUTH, is_logged_in=True, email="A@OM.nl"))
    app = visit(AUTH, is_logged_in=True, email="a@elders.nl")
    assert not is_open(app)
    assert "geen toegang" in says(app)


def test_who_may_come_in_follows_the_secrets_file_and_nothing_else_does(visit: Any) -> None:
    """As docs/SETTINGS.md says: an editor who was taken out is out at the next run of a page; the
    model is that of the start."""
    editor = {"is_logged_in": True, "email": "a@om.nl"}
    assert is_open(visit({**AUTH, "VOORBEELDEN_EDITORS": "@om.nl"}, **editor))
    changed = {**AUTH, "VOORBEELDEN_EDITORS": "b@om.nl", "VOORBEELDEN_MODEL": "ander"}
    assert not is_open(visit(changed, **editor))
    assert is_open(visit(changed, **{**editor, "email": "b@om.nl"}))
    host = current_host()
    assert host is not None
    assert host.bridge.settings.model == Settings().model


def test_login_asked_for_but_not_configured_stays_closed(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never open by mistake: who forgot the [auth] section reads that it is missing."""
    monkeypatch.setenv("VOORBEELDEN_LOGIN", "1")
    app = visit({}, is_logged_in=True)
    assert not is_open(app)
    assert "nog niet ingesteld" in says(app)


def test_a_setting_that_cannot_be_used_opens_nothing(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether login is asked for is not known then; the page names the variable, not the value."""
    monkeypatch.setenv("VOORBEELDEN_DEADLINE", KEY)
    app = visit(AUTH, is_logged_in=True)
    assert not is_open(app)
    assert "VOORBEELDEN_DEADLINE" in says(app)
    assert KEY not in says(app)


def test_a_demonstration_that_cannot_be_used_is_named(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the page, as every other setting."""
    monkeypatch.setenv("VOORBEELDEN_DEMO_PROFILE", "fixed,seconds=lang")
    assert "VOORBEELDEN_DEMO_PROFILE is niet bruikbaar" in says(visit({}))


@pytest.mark.parametrize(
    ("user", "editors", "admitted"),
    [
        ({}, (), True),
        ({}, ("@om.nl",), False),
        ({"email": "a@om.nl"}, ("a@om.nl",), True),
        ({"email": "b@om.nl"}, ("a@om.nl",), False),
        ({"email": "a@om.nl", "email_verified": True}, ("@om.nl",), True),
        ({"email": "a@om.nl", "email_verified": False}, ("@om.nl",), False),
        ({"email": "a@evil-om.nl"}, ("@om.nl",), False),
        ({"email": "a@om.nl.evil"}, ("@om.nl",), False),
        ({"email": "@om.nl"}, ("@om.nl",), False),
        ({"email": "om.nl"}, ("@om.nl",), False),
    ],
)
def test_who_is_an_editor(user: dict[str, Any], editors: tuple[str, ...], admitted: bool) -> None:
    """Whole addresses and whole domains; an address the provider does not vouch for is none."""
    assert login.admits(user, editors) is admitted


# --- the log ---


def test_log_lines_have_ids_and_kinds_and_nothing_else(
    demo: DemoProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    """A start, an end with its duration, each failure with kind and job; at DEBUG too, neither
    key nor begrip nor definition nor a word of the model's."""
    subject = Subject.from_dict("geheimbegrip", "geheimdefinitie", {"juridisch": ["geheimrecht"]})
    logs.configure("DEBUG")
    provider = Provider.behaving(demo, "instant;fault=refusal@synoniemen;fault=503@toelichting")
    bridge = Bridge(provider.settings(api_key=KEY))
    try:
        plan = make_plan(GenerationMode.ASYNC, DEFAULT_EXAMPLE_COUNTS)
        result = asyncio.run(bridge.generate(subject, plan))
    finally:
        bridge.close()
    written = capsys.readouterr().err
    assert re.search(r"INFO \S+ generation started job=\S* mode=async\n", written)
    assert re.search(r"generation ended job=\S* mode=async seconds=\d+\.\d{3} done=4 of=6", written)
    failures = re.findall(r"WARNING \S+ type not whole job=\S* type=(\w+) kind=(\w+)", written)
    assert sorted(failures) == [("synoniemen", "refused"), ("toelichting", "server")]
    texts = [item.text for kind in SIX for item in result.outcomes[kind].items]
    assert texts
    for planted in (KEY, "geheim", *texts):
        assert planted not in written
