"""Each fault once, read as bytes from the socket: what really crosses the wire."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from voorbeelden.demo.catalogue import FAULTS
from voorbeelden.demo.spoil import IMAGE_URL

if TYPE_CHECKING:
    from voorbeelden.demo import DemoProcess

PROFILE = "fixed,seconds=0.05,chunks=8"
PATIENCE = 0.4
LONGEST = 1.2
"""Seconds without a byte, and in all, after which an exchange is called open."""


@dataclass(frozen=True)
class Wire:
    """What one exchange showed: ``end`` is "body", "eof", "reset", "open" or "silence"."""

    status: int
    headers: dict[str, str]
    body: bytes
    frames: list[bytes]
    end: str
    first_byte: float

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = json.loads(self.body)["error"]
        return error

    @property
    def lines(self) -> list[str]:
        return [line for line in self.body.decode().split("\n\n") if line]

    @property
    def events(self) -> list[dict[str, Any]]:
        datas = [line.removeprefix("data: ") for line in self.lines if line.startswith("data: {")]
        return [json.loads(data) for data in datas]

    @property
    def text(self) -> str:
        return "".join(
            event["choices"][0]["delta"].get("content") or ""
            for event in self.events
            if event.get("choices")
        )

    @property
    def reason(self) -> str | None:
        reasons = [e["choices"][0]["finish_reason"] for e in self.events if e.get("choices")]
        return next((reason for reason in reasons if reason), None)


Exchange = Callable[..., Wire]


@pytest.fixture
def exchange(demo: DemoProcess) -> Exchange:
    """``exchange(fault, asked, **body)``: one call on a raw socket; one run name a test."""
    run = uuid.uuid4().hex

    def call(
        fault: str, asked: dict[str, int] | None = None, *, profile: str = PROFILE, **more: Any
    ) -> Wire:
        task = {
            "taak": "voorbeelden",
            "begrip": "verdachte",
            "gevraagd": asked or {"voorbeeldzinnen": 3},
        }
        body = {
            "model": "demo",
            "stream": True,
            "messages": [{"role": "user", "content": json.dumps(task)}],
            **more,
        }
        url = urlsplit(demo.url_for(f"{profile};fault={fault};run={run}"))
        return _exchange(str(url.hostname), int(url.port or 0), url.path, body)

    return call


def _exchange(host: str, port: int, path: str, body: dict[str, Any]) -> Wire:
    data = json.dumps(body).encode()
    target = f"POST {path}/chat/completions HTTP/1.1"
    head = f"{target}\r\nHost: {host}\r\nContent-Length: {len(data)}\r\n\r\n"
    received, end, first = b"", "open", 0.0
    with socket.create_connection((host, port)) as sock:
        start = time.perf_counter()
        sock.sendall(head.encode() + data)
        sock.settimeout(PATIENCE)
        while time.perf_counter() - start < LONGEST and not _complete(received):
            try:
                part = sock.recv(65536)
            except TimeoutError:
                break
            except ConnectionResetError:
                end = "reset"
                break
            if not part:
                end = "eof"
                break
            first = first or time.perf_counter() - start
            received += part
    return _wire(received, end, first)


def _complete(received: bytes) -> bool:
    head, _, rest = received.partition(b"\r\n\r\n")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        return rest.endswith(b"\r\n0\r\n\r\n")
    _, found, length = lower.partition(b"content-length: ")
    return bool(found) and len(rest) >= int(length.split(b"\r\n")[0])


def _wire(received: bytes, end: str, first: float) -> Wire:
    if not received:
        return Wire(0, {}, b"", [], "silence", first)
    head, _, rest = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    frames: list[bytes] = []
    if headers.get("transfer-encoding") != "chunked":
        frames = [rest]
    while headers.get("transfer-encoding") == "chunked" and rest:
        size, _, rest = rest.partition(b"\r\n")
        frames.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    whole = "body" if _complete(received) else end
    status = int(status_line.split()[1])
    return Wire(status, headers, b"".join(frames), [f for f in frames if f], whole, first)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "code"),
    [
        ("400", 400, "invalid_request_error", "invalid_value"),
        ("401", 401, "invalid_request_error", "invalid_api_key"),
        ("403", 403, "request_forbidden", "unsupported_country_region_territory"),
        ("404", 404, "invalid_request_error", "model_not_found"),
        ("429", 429, "requests", "rate_limit_exceeded"),
        ("quota", 429, "insufficient_quota", "insufficient_quota"),
        ("500", 500, "server_error", None),
        ("502", 502, "server_error", None),
        ("503", 503, "server_error", None),
        ("context", 400, "invalid_request_error", "context_length_exceeded"),
    ],
)
def test_error_answers(
    exchange: Exchange, fault: str, status: int, kind: str, code: str | None
) -> None:
    """Status, type and code in OpenAI's shape, a request id, and no rate-limit headers."""
    wire = exchange(fault)
    assert (wire.status, wire.error["type"], wire.error["code"]) == (status, kind, code)
    assert set(wire.error) == {"message", "type", "param", "code"}
    assert wire.headers["x-request-id"].startswith("req_")
    assert not [name for name in wire.headers if name.startswith("x-ratelimit")]


def test_retry_headers_in_seconds_and_as_a_date(exchange: Exchange) -> None:
    """Retry-After both ways and x-should-retry, only when they are asked for."""
    wire = exchange("429,retry-after=2,should-retry=false")
    assert (wire.headers["retry-after"], wire.headers["x-should-retry"]) == ("2", "false")
    moment = parsedate_to_datetime(exchange("503,retry-after-date=30").headers["retry-after"])
    assert 25 < moment.timestamp() - time.time() <= 30
    assert "retry-after" not in exchange("429").headers


def test_faults_hit_by_type_by_nth_call_and_by_number(exchange: Exchange) -> None:
    """Over HTTP, so that ``#`` and ``%`` are proved to survive the URL."""
    asked = [{"synoniemen": 1}, {"antoniemen": 1}, {"synoniemen": 1}]
    assert [exchange("500@synoniemen.2", each).status for each in asked] == [200, 200, 500]
    assert [exchange("500@#2", each).status for each in asked] == [200, 500, 200]
    assert [exchange("500@100%", each).status for each in asked] == [500, 500, 500]


def test_noschema_is_an_error_only_for_json_schema(exchange: Exchange) -> None:
    """json_object is served, so a client can fall back to it."""
    wire = exchange("noschema", response_format={"type": "json_schema", "json_schema": {}})
    assert (wire.status, wire.error["param"]) == (400, "response_format")
    assert exchange("noschema", response_format={"type": "json_object"}).reason == "stop"


def test_nousage_is_an_error_only_for_stream_options(exchange: Exchange) -> None:
    """Without the parameter the same server answers."""
    wire = exchange("nousage", stream_options={"include_usage": True})
    assert (wire.status, wire.error["param"]) == (400, "stream_options")
    assert exchange("nousage").reason == "stop"


def test_limit_counts_down_in_headers_and_then_answers_429(exchange: Exchange) -> None:
    """Good answers carry what is left; the one too many carries when to come back."""
    left = [exchange("limit,requests=2,tokens=100000") for _ in range(3)]
    assert [wire.status for wire in left] == [200, 200, 429]
    names = ["limit", "remaining", "reset"]
    for wire in left:
        for name in names:
            assert f"x-ratelimit-{name}-requests" in wire.headers
            assert f"x-ratelimit-{name}-tokens" in wire.headers
    remaining = [wire.headers["x-ratelimit-remaining-requests"] for wire in left]
    assert remaining == ["1", "0", "0"]
    assert 0 < int(left[2].headers["retry-after"]) <= 60
    assert left[2].error["code"] == "rate_limit_exceeded"


def test_limit_opens_again_after_its_window(exchange: Exchange) -> None:
    """A short window, so that a client's patience can be tested."""
    fault = "limit,requests=1,per=0.5"
    assert [exchange(fault).status for _ in range(2)] == [200, 429]
    time.sleep(0.5)
    assert exchange(fault).status == 200


def test_html_is_a_web_page_with_status_200(exchange: Exchange) -> None:
    """What a proxy's login page looks like to a client that expects a stream."""
    wire = exchange("html")
    assert (wire.status, wire.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert wire.body.startswith(b"<!DOCTYPE html>")


def test_silent_sends_no_byte(exchange: Exchange) -> None:
    """Not even a status line, and the connection stays open."""
    assert exchange("silent").end == "silence"


def test_stall_sends_some_items_and_then_nothing(exchange: Exchange) -> None:
    """The first item is whole, the second is not, and the connection stays open."""
    wire = exchange("stall", profile="instant")
    assert wire.end == "open"
    assert wire.text.count('."') == 1
    assert len(json.loads(wire.text.rpartition('"')[0] + '"]}')["voorbeeldzinnen"]) == 1
    assert exchange("stall,items=2", profile="instant").text.count('."') == 2


def test_drip_sends_a_comment_now_and_then(exchange: Exchange) -> None:
    """Bytes keep coming within any read timeout, and no event ever does."""
    wire = exchange("drip,every=0.1")
    assert wire.end == "open"
    assert 3 < wire.lines.count(": ping") < 13
    assert wire.reason is None


def test_reset_sends_bytes_and_then_a_tcp_reset(exchange: Exchange) -> None:
    """Half of the content arrived before the RST."""
    wire = exchange("reset")
    assert (wire.status, wire.end) == (200, "reset")
    assert len(wire.events) == 1 + 4


def test_close_ends_the_body_cleanly_without_a_finish_reason(exchange: Exchange) -> None:
    """HTTP is complete, the answer is not: no finish reason and no [DONE]."""
    wire = exchange("close,after=0.25")
    assert wire.end == "body"
    assert len(wire.events) == 1 + 2
    assert wire.reason is None
    assert b"[DONE]" not in wire.body


def test_errorevent_is_an_error_object_in_the_stream(exchange: Exchange) -> None:
    """Content first, then the error with the code asked for, and then the body ends."""
    wire = exchange("errorevent,code=rate_limit_exceeded")
    assert wire.events[1]["choices"][0]["delta"]["content"]
    assert wire.events[-1]["error"]["code"] == "rate_limit_exceeded"
    assert wire.end == "body"
    assert b"[DONE]" not in wire.body


def test_garbage_is_a_line_that_is_no_json(exchange: Exchange) -> None:
    """It stands in the middle; the rest of the stream is sound."""
    lines = exchange("garbage").lines
    broken = [index for index, line in enumerate(lines) if "geen JSON" in line]
    assert broken == [5]
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[5].removeprefix("data: "))
    assert lines[-1] == "data: [DONE]"


def test_length_cuts_and_a_larger_limit_succeeds(exchange: Exchange) -> None:
    """The same limit is cut again, a larger one is answered whole, and so is none at all."""
    made = [exchange("length", max_tokens=n) for n in (50, 50, 100)]
    assert [wire.reason for wire in made] == ["length", "length", "stop"]
    assert exchange("length", max_completion_tokens=60).reason == "stop"
    assert exchange("length").reason == "stop"
    assert made[2].text.startswith(made[0].text)
    assert len(made[0].text) == len(made[2].text) // 2


def test_refusal_comes_in_its_own_field(exchange: Exchange) -> None:
    """delta.refusal holds the text, content stays empty, the finish reason is stop."""
    wire = exchange("refusal")
    refusals = [e["choices"][0]["delta"].get("refusal") for e in wire.events if e["choices"]]
    assert "".join(filter(None, refusals)) == "Het spijt me, bij dit verzoek kan ik niet helpen."
    assert (wire.text, wire.reason) == ("", "stop")


def test_filter_ends_with_content_filter(exchange: Exchange) -> None:
    """Some content, and then the reason."""
    wire = exchange("filter")
    assert wire.reason == "content_filter"
    assert wire.text
    with pytest.raises(json.JSONDecodeError):
        json.loads(wire.text)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("wrongschema", lambda made, sound: "voorbeeldzinnen" not in made),
        ("wrongrows", lambda made, sound: made["voorbeeldzinnen"][0] == {"woord": sound[0]}),
        ("fewer", lambda made, sound: made["voorbeeldzinnen"] == sound[:2]),
        ("dupes", lambda made, sound: made["voorbeeldzinnen"] == [*sound[:2], sound[0]]),
        ("markup", lambda made, sound: f"**{sound[1]}**" in made["voorbeeldzinnen"][1]),
        ("image", lambda made, sound: made["voorbeeldzinnen"][0].count(IMAGE_URL) == 2),
    ],
)
def test_content_faults_are_valid_json(
    exchange: Exchange, fault: str, seen: Callable[[dict[str, Any], list[str]], bool]
) -> None:
    """The stream ends well; only what it says is wrong."""
    sound = json.loads(exchange("500@#99").text)["voorbeeldzinnen"]
    wire = exchange(fault)
    assert wire.reason == "stop"
    assert seen(json.loads(wire.text), sound)


def test_latency_delays_the_first_byte(exchange: Exchange) -> None:
    """Also of an error answer."""
    assert exchange("latency,seconds=0.3").first_byte >= 0.3
    wire = exchange("latency,seconds=0.3;fault=503")
    assert (wire.status, wire.first_byte >= 0.3) == (503, True)


def test_bandwidth_slows_the_body_down(exchange: Exchange) -> None:
    """3 kB at 6 kB/s takes half a second, in small pieces, and arrives whole."""
    start = time.perf_counter()
    wire = exchange("bandwidth,rate=6000", profile="instant,chunks=8")
    assert time.perf_counter() - start >= len(wire.body) / 6000 - 0.01
    assert len(wire.frames) > 8
    assert wire.reason == "stop"


def test_slice_cuts_through_lines_and_characters(exchange: Exchange) -> None:
    """Frames that are no UTF-8 by themselves, and together the same stream."""
    asked = {"toelichting": 1}
    sound = exchange("500@#99", asked)
    wire = exchange("slice,size=16,gap=0.0001", asked)
    assert wire.body == sound.body
    assert len(wire.frames) > 50
    assert sum(not frame.endswith(b"\n\n") for frame in wire.frames) > 40


def test_slice_splits_a_character_of_several_bytes(exchange: Exchange) -> None:
    """Every accented letter is cut in two, whatever the size."""
    wire = exchange("slice,size=1000,gap=0;fault=refusal@#99", {"toelichting": 1, "synoniemen": 5})
    tails = [frame for frame in wire.frames if frame[0] & 0xC0 == 0x80]
    assert len(tails) == sum(byte & 0xC0 == 0x80 for byte in wire.body)


@pytest.mark.parametrize(
    ("fault", "status", "end"),
    [
        ("silent", 0, "silence"),
        ("stall", 200, "open"),
        ("drip", 200, "open"),
        ("reset", 200, "reset"),
        ("close", 200, "body"),
        ("garbage", 200, "body"),
        ("errorevent", 500, "body"),
    ],
)
def test_faults_of_the_wire_without_stream(
    exchange: Exchange, fault: str, status: int, end: str
) -> None:
    """A call that does not stream meets the same faults: never a readable answer."""
    wire = exchange(fault, stream=False)
    assert (wire.status, wire.end) == (status, end)
    if status == 200:
        with pytest.raises(json.JSONDecodeError):
            json.loads(wire.body)


def test_a_reset_is_not_counted_as_a_client_that_left(demo: DemoProcess) -> None:
    """``cancelled`` counts clients that leave, and this end broke off by itself."""
    spec = f"instant;fault=reset;run={uuid.uuid4().hex}"
    url = urlsplit(demo.url_for(spec))
    body = {"model": "demo", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    assert _exchange(str(url.hostname), int(url.port or 0), url.path, body).end == "reset"
    deadline = time.monotonic() + 5
    while (stats := demo.stats(spec))["in_flight"] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (stats["requests"], stats["in_flight"], stats["cancelled"]) == (1, 0, 0)


def test_a_share_of_many_calls_at_once_fails(exchange: Exchange) -> None:
    """A rate hits some calls and spares others, with calls in flight together."""
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(exchange("500@40%").status))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200, 500}


def test_afgekeurd_fails_one_rule_of_a_toets(exchange: Exchange) -> None:
    """With an improvement; a call for examples passes it by."""
    task = {"taak": "toets", "begrip": "x", "definitie": "Goed", "regels": ["toetsbaar", "doel"]}
    messages = [{"role": "user", "content": json.dumps(task)}]
    judged = json.loads(exchange("afgekeurd", messages=messages).text)
    assert [row["voldoet"] for row in judged["oordelen"]] == [False, True]
    assert judged["verbetering"].startswith("Goed,")
    assert len(json.loads(exchange("afgekeurd").text)["voorbeeldzinnen"]) == 3


def test_every_fault_is_exercised_here() -> None:
    """A fault that is added without a test at byte level fails this one."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}' not in source] == []
