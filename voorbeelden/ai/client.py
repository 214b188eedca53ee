"""The HTTP client under the SDK: aiohttp, and nothing that a streamed POST does not need.

The SDK accepts any ``httpx2.AsyncClient``. Its own one over aiohttp parses the address three times
a call, merges cookies and default headers that are not there, and passes every read of an answer
through four generators; that was a third of the CPU time of a call (``docs/reports``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import httpx2
import yarl

_ROAD: Final = "voorbeelden"
"""The extension of a request that is sent the short way."""

_REDIRECTS: Final = frozenset({307, 308})
"""Those that ask for the same request elsewhere; the others want a GET, which is no question."""

_MOST_REDIRECTS: Final = 5


class RedirectedElsewhere(httpx2.TransportError):
    """Another server was named: the key and the prompt are not for it."""


def _next(url: httpx2.URL, location: str) -> httpx2.URL:
    target = url.join(location)
    here, there = (
        (one.scheme, one.host, one.port or {"http": 80, "https": 443}.get(one.scheme))
        for one in (url, target)
    )
    if here != there:
        raise RedirectedElsewhere("redirected to another server")
    return target


@dataclass(frozen=True, slots=True)
class _Outgoing:
    address: yarl.URL
    headers: list[tuple[str, str]]
    body: bytes


class RoadClient(httpx2.AsyncClient):
    """Sends a POST with a ready body the short way; everything else as its parent does."""

    def __init__(self, *, connect_timeout: float, trust_env: bool) -> None:
        """``connect_timeout`` in seconds; ``trust_env``: proxies of the environment are used."""
        self._road = _AiohttpTransport(connect_timeout=connect_timeout, trust_env=trust_env)
        self._addresses: dict[str, tuple[httpx2.URL, yarl.URL]] = {}
        super().__init__(transport=self._road, timeout=None)

    def build_request(self, method: str, url: httpx2.URL | str, **given: Any) -> httpx2.Request:
        """See ``httpx2.AsyncClient.build_request``."""
        body, headers = given.get("content"), given.get("headers")
        others = (value for name, value in given.items() if name not in _KNOWN)
        if not isinstance(body, bytes) or not isinstance(headers, list) or any(others):
            return super().build_request(method, url, **given)
        known, address = self._address(str(url))
        return httpx2.Request(
            method,
            known,
            stream=httpx2.ByteStream(body),
            extensions={_ROAD: _Outgoing(address, headers, body)},
        )

    def _address(self, url: str) -> tuple[httpx2.URL, yarl.URL]:
        # One address a service; the bound is for a caller who is no service of ours.
        if (known := self._addresses.get(url)) is None:
            if len(self._addresses) > 100:
                self._addresses.clear()
            known = self._addresses[url] = httpx2.URL(url), yarl.URL(url)
        return known

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **given: Any
    ) -> httpx2.Response:
        """See ``httpx2.AsyncClient.send``."""
        outgoing = request.extensions.get(_ROAD)
        if not stream or not isinstance(outgoing, _Outgoing):
            return await super().send(request, stream=stream, **given)
        response = await self._road.post(outgoing)
        url = request.url
        for _ in range(_MOST_REDIRECTS):
            if response.status_code not in _REDIRECTS:
                break
            await response.aclose()
            url = _next(url, response.headers.get("location", ""))
            address = yarl.URL(str(url))
            response = await self._road.post(_Outgoing(address, outgoing.headers, outgoing.body))
        response.request = request
        return response


_KNOWN: Final = frozenset({"content", "headers", "timeout"})


class _AiohttpTransport(httpx2.AsyncBaseTransport):
    """One aiohttp session, made on the loop that uses it first.

    aiohttp's exceptions are not renamed to httpx2's: ``classify`` reads them as they are.
    """

    def __init__(self, *, connect_timeout: float, trust_env: bool) -> None:
        self._trust_env = trust_env
        self._ssl = httpx2.create_ssl_context(trust_env=trust_env)
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout)
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # How many at once is the gate's business.
                connector=aiohttp.TCPConnector(limit=0, ssl=self._ssl),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                trust_env=self._trust_env,
                # The response decodes what came compressed.
                auto_decompress=False,
            )
        return self._session

    async def post(self, outgoing: _Outgoing) -> httpx2.Response:
        """The head of the answer has come; its body is read from ``stream``."""
        return await self._request("POST", outgoing.address, outgoing.headers, outgoing.body)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers, body = request.headers.multi_items(), await request.aread()
        return await self._request(request.method, yarl.URL(str(request.url)), headers, body)

    async def _request(
        self, method: str, address: yarl.URL, headers: list[tuple[str, str]], body: bytes
    ) -> httpx2.Response:
        answer = await self._open().request(
            method, address, headers=headers, data=body or None, allow_redirects=False
        )
        return httpx2.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()


class _Body(httpx2.AsyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.content.iter_any()

    async def aclose(self) -> None:
        # An answer that was read to its end gives its connection back; another one closes it.
        self._answer.release()
        await self._answer.wait_for_close()
