"""The AI road against servers that the demo server cannot play: written byte for byte here."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import orjson
import pytest

from voorbeelden.ai.errors import (
    AIError,
    AuthenticationFailed,
    CertificateInvalid,
    ConnectionFailed,
    Incomplete,
    Interrupted,
    Unreadable,
    WrongAddress,
)
from voorbeelden.ai.service import AIServiceV2, ChatCall, Completion
from voorbeelden.settings import Settings

pytestmark = pytest.mark.anyio

CERTIFICATE = Path(__file__).with_name("selfsigned.pem")
"""A key pair that nobody trusts, for 127.0.0.1, made for these tests only."""

Conversation = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = STREAM + "Transfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSED = STREAM + "Connection: close\r\n\r\n"


def event(data: object) -> str:
    return f"data: {orjson.dumps(data).decode()}\n\n"


def content(text: str) -> str:
    return event({"choices": [{"index": 0, "delta": {"content": text}}]})


FINISH = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
DONE = "data: [DONE]\n\n"


def chunk(text: str) -> str:
    return f"{len(text.encode()):x}\r\n{text}\r\n"


def says(text: str) -> Conversation:
    """A server that reads the request, writes ``text`` and closes."""

    async def conversation(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(text.encode())
        await writer.drain()

    return conversation


class Server:
    """One conversation a connection; ``requests`` holds what was read."""

    def __init__(self, conversation: Conversation) -> None:
        self.requests: list[bytes] = []
        self._conversation = conversation
        self.port = 0
        self.scheme = "http"

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        self.scheme = "http" if tls is None else "https"
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.partition(b":")[2])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length:")
                )
                request = head + await reader.readexactly(length)
                self.requests.append(request)
                await self._conversation(request, writer)
        finally:
            writer.close()


async def ask(port: int, *, scheme: str = "http", pieces: list[str] | None = None) -> Completion:
    settings = Settings(api_key="sleutel", base_url=f"{scheme}://127.0.0.1:{port}/v1")
    return await ask_with(settings, pieces)


async def ask_with(settings: Settings, pieces: list[str] | None = None) -> Completion:
    service = AIServiceV2(settings)
    call = ChatCall(system="s", user="{}", schema={}, max_tokens=10, timeout=5.0)
    try:
        return await service.complete(call, (pieces if pieces is not None else []).append)
    finally:
        await service.aclose()


# --- no conversation at all ---


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionFailed):
            await ask(taken.getsockname()[1])


async def test_a_server_that_hangs_up_is_no_timeout() -> None:
    async with Server(says("")).listening() as server:
        with pytest.raises(ConnectionFailed) as caught:
            await ask(server.port)
    assert caught.value.detail is None


async def test_a_server_that_speaks_something_else() -> None:
    async with Server(says("SSH-2.0-OpenSSH_9.2\r\n")).listening() as server:
        with pytest.raises(ConnectionFailed):
            await ask(server.port)


@asynccontextmanager
async def plain(answer: bytes | None) -> AsyncIterator[int]:
    """A port that takes no part in a TLS handshake: it says ``answer``, or nothing for ever."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if answer is None:
            await gone.wait()
        else:
            writer.write(answer)
        writer.close()

    gone = asyncio.Event()
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        gone.set()


async def test_tls_where_there_is_none() -> None:
    async with plain(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        with pytest.raises(ConnectionFailed) as caught:
            await ask(port, scheme="https")
    assert caught.value.detail is None


async def test_a_connection_that_never_comes_about() -> None:
    """The time to connect is bounded on its own, far below the time for an answer."""
    async with plain(None) as port:
        url = f"https://127.0.0.1:{port}/v1"
        with pytest.raises(ConnectionFailed) as caught:
            await ask_with(Settings(base_url=url, connect_timeout=0.2))
    assert caught.value.detail == "connect timeout"


async def test_a_certificate_that_nobody_trusts() -> None:
    """Trying again cannot help, so it has a name of its own."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    async with Server(says("")).listening(tls) as server:
        with pytest.raises(CertificateInvalid):
            await ask(server.port, scheme="https")
    assert server.requests == [], "the key was not sent"


# --- streams of other servers ---


@pytest.mark.parametrize(
    "stream",
    [
        CHUNKED + chunk(content("tekst") + FINISH + DONE) + "0\r\n\r\n",
        CHUNKED + chunk(content("tekst") + FINISH) + "0\r\n\r\n",
        UNTIL_CLOSED + content("tekst") + FINISH + DONE,
        UNTIL_CLOSED + (content("tekst") + FINISH + DONE).replace("\n", "\r\n"),
        UNTIL_CLOSED + content("tekst") + FINISH.rstrip("\n"),
        UNTIL_CLOSED + ": welkom\n\n" + content("tek") + ": ping\n\n" + content("st") + FINISH,
        UNTIL_CLOSED + event({"choices": []}) + content("tekst") + FINISH + DONE,
        UNTIL_CLOSED
        + event({"choices": [{"delta": {"role": "assistant", "content": None}}], "usage": None})
        + content("tekst")
        + event({"choices": [{"delta": None, "finish_reason": "stop"}]}),
        (CHUNKED + chunk(content("tekst") + FINISH + DONE) + "0\r\n\r\n").replace(
            "text/event-stream", "application/x-ndjson"
        ),
    ],
    ids=[
        "as OpenAI",
        "no DONE",
        "closes",
        "CRLF",
        "no last blank line",
        "comments",
        "no choices",
        "nulls",
        "other content type",
    ],
)
async def test_forms_of_a_whole_answer(stream: str) -> None:
    """What counts is the finish reason: servers differ in everything around it."""
    pieces: list[str] = []
    async with Server(says(stream)).listening() as server:
        completion = await ask(server.port, pieces=pieces)
    assert "".join(pieces) == "tekst"
    assert (completion.tokens, completion.request_id) == (None, None)


async def test_an_answer_is_whole_with_done_even_if_the_body_goes_on() -> None:
    """A server that keeps the body open after [DONE] costs a moment, not the deadline."""

    async def conversation(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write((CHUNKED + chunk(content("tekst") + FINISH + DONE)).encode())
        await writer.drain()
        await asyncio.wait_for(gone.wait(), 5)

    gone = asyncio.Event()
    pieces: list[str] = []
    async with Server(conversation).listening() as server:
        async with asyncio.timeout(2):
            await ask(server.port, pieces=pieces)
        gone.set()
    assert "".join(pieces) == "tekst"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (CHUNKED + chunk(content("half")) + "0\r\n\r\n", Incomplete),
        (CHUNKED + "0\r\n\r\n", Incomplete),
        (CHUNKED + chunk(DONE) + "0\r\n\r\n", Incomplete),
        (UNTIL_CLOSED + content("half"), Incomplete),
        (CHUNKED + chunk(content("half")), Interrupted),
        (STREAM + "Content-Length: 5000\r\n\r\n" + content("half"), Interrupted),
        (UNTIL_CLOSED + event({"choices": [{"finish_reason": "tool_calls"}]}), Incomplete),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            Unreadable,
        ),
    ],
    ids=[
        "ends in the middle",
        "empty body",
        "DONE alone",
        "closes in the middle",
        "no last chunk",
        "too short",
        "another reason",
        "not a stream",
    ],
)
async def test_forms_of_an_answer_that_is_not_whole(stream: str, expected: type[AIError]) -> None:
    async with Server(says(stream)).listening() as server:
        with pytest.raises(AIError) as caught:
            await ask(server.port)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    "data",
    [
        "1",
        "null",
        '"tekst"',
        "[]",
        '{"choices": 5}',
        '{"choices": [5]}',
        '{"choices": {"0": {}}}',
        '{"choices": [{"delta": "tekst"}]}',
        '{"choices": [{"delta": {"content": 5}}]}',
        '{"choices": [{"delta": {"content": {"a": 1}}}]}',
        '{"choices": [], "usage": "veel"}',
        '{"choices": [{"delta": {"content": "\\ud83d"}}]}',
        "{",
        "",
    ],
)
async def test_json_of_another_shape_is_unreadable(data: str) -> None:
    """A named failure, never a bug of ours, whatever a stranger puts in the stream."""
    async with Server(says(f"{UNTIL_CLOSED}data: {data}\n\n")).listening() as server:
        with pytest.raises(Unreadable):
            await ask(server.port)


async def test_a_body_that_ends_inside_an_event_is_incomplete() -> None:
    """A server without chunked framing that dies looks like a clean end: the rest is missing,
    and choosing another model (the advice of "unreadable") would not help."""
    cut_off = UNTIL_CLOSED + content("tekst") + content("half")[:-20]
    async with Server(says(cut_off)).listening() as server:
        with pytest.raises(Incomplete):
            await ask(server.port)


def refuses_stream_options(status: str, answer: object) -> Conversation:
    """A server that names the parameter in words of its own, and answers without it."""
    body = orjson.dumps(answer).decode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    refusal = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"

    async def conversation(request: bytes, writer: asyncio.StreamWriter) -> None:
        whole = UNTIL_CLOSED + content("tekst") + FINISH
        writer.write((refusal if b"stream_options" in request else whole).encode())
        await writer.drain()

    return conversation


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("400 Bad Request", {"error": {"message": "unknown field: stream_options"}}),
        ("400 Bad Request", {"message": "unknown field", "param": "stream_options"}),
        pytest.param(
            "400 Bad Request",
            {"detail": "Unsupported parameter: stream_options"},
        ),
        pytest.param(
            "422 Unprocessable Entity",
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]},
        ),
    ],
)
async def test_forms_in_which_a_server_names_what_it_does_not_know(
    status: str, answer: object
) -> None:
    pieces: list[str] = []
    async with Server(refuses_stream_options(status, answer)).listening() as server:
        await ask(server.port, pieces=pieces)
    assert "".join(pieces) == "tekst"
    assert len(server.requests) == 2


# --- what leaves ---


@pytest.mark.parametrize("key", ["sleutél", "sleu\ntel"])
async def test_a_key_that_no_header_can_hold_is_a_wrong_key(key: str) -> None:
    """Pasted with a stray character: a named failure, not a bug of ours."""
    async with Server(says("")).listening() as server:
        url = f"http://127.0.0.1:{server.port}/v1"
        with pytest.raises(AuthenticationFailed):
            await ask_with(Settings(base_url=url, api_key=key))


async def sent_by(settings: dict[str, str | float | None]) -> tuple[str, dict[str, str], bytes]:
    """The path, headers and body of a request made with these settings."""
    stream = CHUNKED + chunk(content("tekst") + FINISH + DONE) + "0\r\n\r\n"
    async with Server(says(stream)).listening() as server:
        url = f"http://127.0.0.1:{server.port}/v1"
        await ask_with(Settings(**{"base_url": url, **settings}))  # type: ignore[arg-type]
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return first, headers, body


async def test_the_request_is_the_documented_one() -> None:
    first, headers, body = await sent_by(
        {"api_key": "sleutel", "model": "klein", "temperature": 0.2}
    )
    assert first == "POST /v1/chat/completions HTTP/1.1"
    assert headers["authorization"] == "bearer sleutel"
    assert headers["content-type"] == "application/json"
    assert "api-key" not in headers
    assert orjson.loads(body) == {
        "model": "klein",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "{}"}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "voorbeelden", "strict": True, "schema": {}},
        },
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 10,
        "temperature": 0.2,
    }


async def test_a_server_that_needs_no_key_gets_no_real_one() -> None:
    _, headers, _ = await sent_by({"api_key": None})
    assert headers["authorization"] == "bearer none"


async def test_azures_dated_api_gets_its_version_and_its_header() -> None:
    first, headers, _ = await sent_by({"api_key": "sleutel", "api_version": "2024-10-21"})
    assert first == "POST /v1/chat/completions?api-version=2024-10-21 HTTP/1.1"
    assert headers["api-key"] == "sleutel"


# --- what stands between us and the model ---


async def test_a_compressed_answer_is_read() -> None:
    """A gateway may compress although nobody asked for it."""
    body = gzip.compress((content("heel") + FINISH + DONE).encode())

    async def conversation(_: bytes, writer: asyncio.StreamWriter) -> None:
        head = f"{STREAM}Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    pieces: list[str] = []
    async with Server(conversation).listening() as server:
        await ask(server.port, pieces=pieces)
    assert pieces == ["heel"]


async def test_a_redirect_is_followed_with_the_same_request() -> None:
    """A provider that moved says 307: method, body and key go along on the same server."""
    moved = "HTTP/1.1 307 Moved\r\nLocation: /v2/here\r\nContent-Length: 0\r\n\r\n"
    answer = CHUNKED + chunk(content("daar") + FINISH + DONE) + "0\r\n\r\n"

    async def conversation(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write((answer if b" /v2/here " in request else moved).encode())
        await writer.drain()

    pieces: list[str] = []
    async with Server(conversation).listening() as server:
        await ask(server.port, pieces=pieces)
    first, second = (request.partition(b"\r\n\r\n") for request in server.requests)
    assert second[0].startswith(b"POST /v2/here HTTP/1.1\r\n")
    assert b"sleutel" in second[0]
    assert second[2] == first[2]
    assert pieces == ["daar"]


async def test_a_redirect_to_another_server_is_not_followed() -> None:
    """The key and the prompt are not for it: httpx would keep Azure's ``api-key`` header."""
    async with Server(says("")).listening() as there:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://localhost:{there.port}/v1/x\r\n"
        async with Server(says(f"{moved}Content-Length: 0\r\n\r\n")).listening() as here:
            azure = {"api_key": "sleutel", "api_version": "2025-01-01"}
            address = f"http://127.0.0.1:{here.port}/v1"
            with pytest.raises(WrongAddress):
                await ask_with(Settings(**azure, base_url=address))  # type: ignore[arg-type]
    assert there.requests == []


async def test_one_of_six_finds_out_what_a_server_does_not_know() -> None:
    """Four parameters unknown, six calls at once: they learn once, together, and stay within the
    eighteen requests of one click. A later refusal never puts back what was left out."""
    unknown = (b"response_format", b"stream_options", b"max_completion_tokens", b"temperature")
    answer = CHUNKED + chunk(content("ja") + FINISH + DONE) + "0\r\n\r\n"

    async def conversation(request: bytes, writer: asyncio.StreamWriter) -> None:
        refused = next((one for one in unknown if b'"' + one + b'"' in request), None)
        if refused is None:
            writer.write(answer.encode())
        else:
            error = b'{"error":{"message":"unknown parameter","param":"' + refused + b'"}}'
            head = b"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nContent-Length: "
            writer.write(head + str(len(error)).encode() + b"\r\n\r\n" + error)
        await writer.drain()

    async with Server(conversation).listening() as server:
        address = f"http://127.0.0.1:{server.port}/v1"
        service = AIServiceV2(Settings(api_key="k", base_url=address, temperature=0.1))
        call = ChatCall(system="s", user="{}", schema={}, max_tokens=10, timeout=5.0)
        try:
            await asyncio.gather(*(service.complete(call, lambda _: None) for _ in range(6)))
        finally:
            await service.aclose()
    assert len(server.requests) <= 18


async def test_an_office_proxy_is_used_for_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names it; the host of the provider is never looked up here."""
    answer = CHUNKED + chunk(content("via") + FINISH + DONE) + "0\r\n\r\n"
    async with Server(says(answer)).listening() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        pieces: list[str] = []
        await ask_with(Settings(api_key="k", base_url="http://model.invalid/v1"), pieces)
    assert proxy.requests[0].startswith(b"POST http://model.invalid/v1/chat/completions ")
    assert pieces == ["via"]
