"""What the editor reads when something fails: the page names it, and nothing that was typed or
made is lost."""

from __future__ import annotations

import logging
import re
import socket
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.support import SIX, wait_until
from tests.page.conftest import APP, KEY, Editor, OpenPage
from voorbeelden import prompts
from voorbeelden.bridge import Bridge
from voorbeelden.hosting import current_host
from voorbeelden.messages import MESSAGES
from voorbeelden.model import ExampleType, FailureKind, OutcomeState
from voorbeelden.screen import form

ZINNEN, SYNONIEMEN = ExampleType.VOORBEELDZINNEN, ExampleType.SYNONIEMEN
K = FailureKind
QUICK = {
    "VOORBEELDEN_FIRST_BYTE_TIMEOUT": "0.5",
    "VOORBEELDEN_STALL_TIMEOUT": "0.5",
    "VOORBEELDEN_CALL_TIMEOUT": "1",
    "VOORBEELDEN_DEADLINE": "4",
}
INTERNALS = re.compile(
    r"Traceback|Exception|\w+Error\b|\bNone\b|object at 0x|openai\.[A-Z_]|aiohttp|httpx|sqlalchemy|"
    rf"{KEY}|sk-|Bearer|\{{[a-z_]+\}}"
)
"""What no editor should ever read."""


def assert_plain(editor: Editor) -> None:
    assert not editor.at.exception
    assert INTERNALS.findall(editor.says()) == []
    assert KEY not in editor.markup()


FAULTS = {
    K.AUTHENTICATION: ("401", "sleutel.*ongeldig.*beheerder"),
    K.MODEL_UNAVAILABLE: ("404", "niet beschikbaar"),
    K.BAD_REQUEST: ("400", r"geweigerd.*Kenmerk: req_\w+"),
    K.TOO_LONG: ("context", "te lang"),
    K.RATE_LIMITED: ("429,retry-after=60", r"druk.*om \d\d:\d\d opnieuw"),
    K.QUOTA: ("quota", "tegoed.*op"),
    K.SERVER: ("500,should-retry=false", "storing"),
    K.NO_ANSWER: ("silent", "geen antwoord"),
    K.TIMEOUT: ("drip,every=0.1", "niet op tijd"),
    K.INTERRUPTED: ("stall,items=1", "brak af"),
    K.INCOMPLETE: ("close", "hield onverwacht op"),
    K.UNREADABLE: ("garbage", "onleesbaar"),
    K.WRONG_ADDRESS: ("html", "webpagina of proxy"),
    K.TRUNCATED: ("length@voorbeeldzinnen.1;fault=length@voorbeeldzinnen.2", "afgekapt"),
    K.REFUSED: ("refusal", "weigert.*Reden van het model: “Het spijt me"),
    K.CONTENT_FILTER: ("filter", "inhoudsfilter"),
    K.UNUSABLE: ("fewer", "2 van 3"),
}
ELSEWHERE = {K.CONNECTION, K.CERTIFICATE, K.BREAKER_OPEN, K.PROCESS_RESTARTED, K.INTERNAL}


def test_every_kind_of_failure_is_here() -> None:
    assert set(FAULTS) | ELSEWHERE == set(FailureKind) == set(MESSAGES)


@pytest.mark.parametrize("kind", FAULTS)
def test_the_page_names_the_failure(open_page: OpenPage, kind: FailureKind) -> None:
    """In its own tab and in the closing sentence; the form keeps what was typed, and the one type
    can be made again."""
    fault, reads = FAULTS[kind]
    at = fault if "@" in fault else fault.replace(",", "@voorbeeldzinnen,", 1)
    at = at if "@" in at else f"{at}@voorbeeldzinnen"
    editor = open_page(f"instant;fault={at}", **(QUICK if kind in _SLOW else {}))
    editor.generate()
    tab = editor.tab(ZINNEN)
    assert re.search(f"(Niet|Deels) gelukt.*{reads}", tab), tab
    assert_plain(editor)
    assert "Niet compleet" in editor.says() or "niets gelukt" in editor.says()
    assert editor.at.text_input(key="begrip").value == "verdachte"
    assert editor.at.text_area(key="definitie").value == "wie iets doet"
    outcomes = {lane.kind: lane.outcome for lane in editor.snapshot.lanes}
    for other in set(SIX) - {ZINNEN}:
        outcome = outcomes[other]
        assert outcome is not None
        if kind is not K.AUTHENTICATION:
            assert outcome.state is OutcomeState.DONE
            assert "gelukt" not in editor.tab(other)
    for one in SIX:
        editor.open_tab(one)
        assert [button.label for button in editor.at.button].count("Opnieuw") == 1


_SLOW = {K.NO_ANSWER, K.TIMEOUT, K.INTERRUPTED, K.RATE_LIMITED}


def test_no_connection(open_page: OpenPage) -> None:
    """Nobody listens there: all six say so, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        editor = open_page(OPENAI_BASE_URL=address)
        editor.generate()
    assert all("geen verbinding" in editor.tab(kind) for kind in SIX)
    assert "Er is niets gelukt. Uw tekst staat er nog" in editor.says()
    assert_plain(editor)


def test_an_open_breaker_says_until_when(open_page: OpenPage) -> None:
    editor = open_page("instant;fault=503,should-retry=false")
    for number in range(5):
        editor.generate(f"begrip {number}")
    assert re.search(r"stilgelegd.*om \d\d:\d\d opnieuw", editor.tab(ZINNEN))
    assert_plain(editor)


def test_a_certificate_that_cannot_be_trusted(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message as the page shows it; the handshake itself is in the integration tests."""
    from voorbeelden.ai import service
    from voorbeelden.ai.errors import CertificateInvalid

    async def refuse(*_: object, **__: object) -> None:
        raise CertificateInvalid

    monkeypatch.setattr(service.AIServiceV2, "complete", refuse)
    editor = open_page()
    editor.generate()
    assert all("certificaat" in editor.tab(kind) for kind in SIX)
    assert_plain(editor)


# --- 24: a second click ---


def test_24_a_second_click_and_a_second_tab_see_the_same_job(open_page: OpenPage) -> None:
    """Genereer twice, or the page's address in another tab: one job, six requests."""
    editor = open_page("fixed,seconds=1")
    editor.fill("verdachte")
    editor.click("Genereer")
    job = editor.job
    wait_until(lambda: editor.provider.stats()["in_flight"] == 6)
    editor.click("Genereer")
    assert editor.job == job
    tab = AppTest.from_file(str(APP), default_timeout=20)
    tab.query_params["taak"] = job
    other = Editor(tab.run(), editor.provider)
    assert other.snapshot.job_id == job
    assert other.at.text_input(key="begrip").value == "verdachte"
    editor.wait()
    other.at.run()
    assert "Alle 6 soorten zijn klaar" in editor.says()
    assert "Alle 6 soorten zijn klaar" in other.says()
    assert editor.provider.stats()["requests"] == 6


# --- 25: stopped, left ---


def test_25_stop_keeps_what_had_arrived(open_page: OpenPage) -> None:
    editor = open_page("instant;fault=stall@voorbeeldzinnen,items=1;fault=silent@synoniemen")
    editor.fill("verdachte")
    editor.click("Genereer")
    wait_until(lambda: editor.snapshot.finished == 4)
    wait_until(lambda: bool(editor.snapshot.lane(ZINNEN).items))
    editor.at.run()
    editor.click("Stop")
    editor.wait()
    assert "Gestopt. Van 5 van de 6 soorten is bewaard wat er al was." in editor.says()
    assert "Gestopt. 1 van 3 bewaard." in " ".join(editor.tab(ZINNEN).split())
    assert "Nog niets binnen." in editor.tab(SYNONIEMEN)
    assert_plain(editor)


def test_25_a_page_that_is_left_and_opened_again_finds_its_job(open_page: OpenPage) -> None:
    """The job does not live in the page: who comes back by the address sees it, and its text."""
    editor = open_page("fixed,seconds=0.5")
    editor.fill("verdachte", "de definitie van toen", juridisch=["strafrecht"])
    editor.click("Genereer")
    job = editor.job
    editor.wait()
    again = AppTest.from_file(str(APP), default_timeout=20)
    again.query_params["taak"] = job
    back = Editor(again.run(), editor.provider)
    assert "Alle 6 soorten zijn klaar" in back.says()
    assert back.at.text_area(key="definitie").value == "de definitie van toen"
    assert back.at.multiselect(key="juridisch").value == ["strafrecht"]


# --- 26: the cache ---


def test_26_a_corrupt_database_is_a_remark_and_not_a_failure(
    open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "page.sqlite3").write_bytes(b"geen database " * 500)
    editor = open_page()
    editor.generate()
    assert "Alle 6 soorten zijn klaar" in editor.says()
    assert all("bewaarde antwoorden zijn niet bereikbaar" in editor.tab(kind) for kind in SIX)
    assert_plain(editor)


def test_26_a_kept_answer_says_that_it_is_one_and_can_be_made_anew(open_page: OpenPage) -> None:
    editor = open_page()
    editor.generate()
    assert "bewaard van" not in editor.says()
    editor.generate()
    assert all("Dit antwoord is bewaard van" in editor.tab(kind) for kind in SIX)
    assert editor.provider.stats()["requests"] == 6
    editor.click("Opnieuw")
    editor.wait()
    assert "bewaard van" not in editor.tab(ZINNEN)
    assert "bewaard van" in editor.tab(SYNONIEMEN)
    assert editor.provider.stats()["requests"] == 7
    editor.click("Alles opnieuw")
    editor.wait()
    assert "bewaard van" not in editor.says()
    assert editor.provider.stats()["requests"] == 13


# --- 27: restarted ---


def test_27_a_job_of_before_a_restart_is_named_as_such(open_page: OpenPage) -> None:
    """The address of a job that this process never knew: said plainly, and the form works."""
    editor = open_page()
    editor.at.query_params["taak"] = "0123456789abcdef0123456789abcdef"
    editor.at.run()
    assert "Onderbroken" in editor.says()
    assert "herstart" in editor.says()
    assert_plain(editor)
    editor.generate()
    assert "Alle 6 soorten zijn klaar" in editor.says()
    assert "Onderbroken" not in editor.says()


@pytest.mark.parametrize("job", ["", "../../etc/passwd", "<script>alert(1)</script>", "🙂" * 300])
def test_27_an_address_that_makes_no_sense(open_page: OpenPage, job: str) -> None:
    editor = open_page()
    editor.at.query_params["taak"] = job
    editor.at.run()
    assert_plain(editor)
    assert "alert(1)" not in editor.markup()
    assert any(one.label == "Genereer" for one in editor.at.button)


# --- 28: everything fails, and bugs of ours ---


def test_28_all_six_fail_and_the_text_stays(open_page: OpenPage) -> None:
    editor = open_page("instant;fault=quota")
    editor.fill("verdachte", "wie iets deed", juridisch=["strafrecht", "eigen waarde"])
    editor.click("Genereer")
    editor.wait()
    assert "Er is niets gelukt. Uw tekst staat er nog; de reden staat in elk tabblad." in (
        editor.says()
    )
    assert all("tegoed" in editor.tab(kind) for kind in SIX)
    assert editor.at.text_area(key="definitie").value == "wie iets deed"
    assert editor.at.multiselect(key="juridisch").value == ["strafrecht", "eigen waarde"]
    assert_plain(editor)


def test_28_a_bug_in_the_engine_shows_its_reference(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError(f"with {KEY}")

    monkeypatch.setattr(prompts, "user_message", broken)
    editor = open_page()
    editor.generate()
    for kind in SIX:
        assert re.search(r"Uw tekst is bewaard.*Kenmerk: [0-9a-f]{8}\.", editor.tab(kind))
    assert_plain(editor)


def test_28_a_bug_behind_a_button_shows_its_reference_and_keeps_the_page(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Streamlit runs a callback before the page and would put its own English in the page's place,
    and the exception's text in the log."""

    def broken(*_: object) -> None:
        raise KeyError("geplantbegrip")

    editor = open_page()
    editor.fill("verdachte")
    monkeypatch.setattr(form, "read", broken)
    logging.getLogger("voorbeelden").addHandler(caplog.handler)
    editor.click("Genereer")
    assert not editor.at.exception
    [told] = editor.at.toast
    assert re.search("Er ging iets mis in deze toepassing.*Kenmerk: [0-9a-f]{8}", told.value)
    assert editor.at.text_input(key="begrip").value == "verdachte"
    assert "geplantbegrip" not in caplog.text


def test_the_kept_answers_can_be_cleared_and_the_page_says_so(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = open_page()
    editor.click("Bewaarde antwoorden wissen")
    assert [toast.value for toast in editor.at.toast] == ["De bewaarde antwoorden zijn gewist."]
    monkeypatch.setattr(Bridge, "clear_cache", lambda _: False)
    editor.click("Bewaarde antwoorden wissen")
    assert "konden niet worden gewist" in editor.at.toast[0].value


def test_28_a_bug_in_the_page_shows_its_reference_and_keeps_the_text(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last net: no traceback, and with the bug gone everything typed is still there."""
    from voorbeelden.screen import timeline

    def broken(*_: object) -> str:
        raise ZeroDivisionError(f"with {KEY}")

    editor = open_page()
    with monkeypatch.context() as patch:
        patch.setattr(timeline, "closing_sentence", broken)
        editor.generate()
        [error] = editor.at.error
        assert re.search(r"ging iets mis.*Kenmerk: [0-9a-f]{8}\.", str(error.value))
        assert_plain(editor)
    editor.at.run()
    assert "Alle 6 soorten zijn klaar" in editor.says()
    assert editor.at.text_input(key="begrip").value == "verdachte"


def test_a_setting_that_cannot_be_used_is_named(open_page: OpenPage) -> None:
    """Which one, and not what was in it."""
    editor = open_page(VOORBEELDEN_MAX_TOKENS="geheim-getal")
    [error] = editor.at.error
    assert "VOORBEELDEN_MAX_TOKENS" in str(error.value)
    assert_plain(editor)


# --- a provider that is slow, and texts that are not kind ---


def test_waiting_and_trying_again_are_said_while_they_last(open_page: OpenPage) -> None:
    editor = open_page("instant;fault=429@voorbeeldzinnen.1,retry-after=4")
    editor.fill("verdachte")
    editor.click("Genereer")
    wait_until(lambda: editor.snapshot.lane(ZINNEN).retrying is not None)
    editor.at.run()
    assert re.search(r"wacht [2345]\s*s", editor.says())
    editor.click("Stop")
    editor.wait()


def test_a_draft_is_marked_while_the_answer_is_asked_again(open_page: OpenPage) -> None:
    """What a broken attempt had brought is a concept, and no result."""
    editor = open_page(
        "instant;fault=stall@voorbeeldzinnen.1,items=2;fault=silent@voorbeeldzinnen.2",
        VOORBEELDEN_STALL_TIMEOUT="0.5",
    )
    editor.fill("verdachte")
    editor.click("Genereer")
    wait_until(lambda: editor.snapshot.lane(ZINNEN).retrying is not None)
    editor.at.run()
    assert re.search("Concept.*dit was al binnen", editor.tab(ZINNEN))
    assert "poging 2 van 2" in editor.says()
    assert "vb-item" not in editor.tab_markup(ZINNEN)
    editor.click("Stop")
    editor.wait()


@pytest.mark.parametrize("fault", ["markup", "image"])
def test_what_a_model_writes_is_text(open_page: OpenPage, fault: str) -> None:
    """No image, no tag and no attribute of the model's becomes part of the page."""
    editor = open_page(f"instant;fault={fault}")
    editor.generate()
    assert not re.search(r"<img|<a |onerror|javascript:", editor.markup())
    assert_plain(editor)


def test_what_an_editor_types_is_text(open_page: OpenPage) -> None:
    editor = open_page()
    begrip = '<img src=x onerror="alert(1)"> ![x](http://voorbeeld.invalid/x.png)'
    editor.generate(begrip)
    assert "<img" not in editor.markup()
    assert begrip in editor.says()
    assert editor.at.text_input(key="begrip").value == begrip


def test_nothing_typed_made_or_secret_is_in_a_metric_or_a_log_line(
    open_page: OpenPage, caplog: pytest.LogCaptureFixture
) -> None:
    """From the click to the metrics, with a few faults on the way and everything logged."""
    editor = open_page(
        "instant;fault=500@voorbeeldzinnen.1,retry-after=0;fault=refusal@synoniemen;"
        "fault=stall@toelichting",
        **QUICK,
        VOORBEELDEN_LOG_LEVEL="DEBUG",
    )
    caplog.set_level(logging.DEBUG)
    logging.getLogger("voorbeelden").addHandler(caplog.handler)
    editor.fill("geplantbegrip", "geplantedefinitie", juridisch=["geplantecontext"])
    editor.click("Genereer")
    editor.wait()
    host = current_host()
    assert host is not None
    assert host.metrics is not None
    metrics = host.metrics.exposition("")[0].decode()
    told = metrics + caplog.text + repr([record.__dict__ for record in caplog.records])
    assert "voorbeelden" in metrics
    assert "generation ended" in caplog.text
    assert not re.search(f"geplant|{KEY}", told)
    for lane in editor.snapshot.lanes:
        for item in lane.items:
            assert item.text not in told
