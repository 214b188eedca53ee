"""One editor without a browser: a session that speaks Streamlit's own protocol.

What the frontend of Streamlit 1.67 does is done here too, as far as it costs the server anything:
every rerun request carries the state of all widgets and the hashes of the messages that the browser
has kept, an ``auto_rerun`` starts a timer that asks whether or not the last answer has come, and a
run of the whole page ends such timers. Nothing is rendered.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from voorbeelden.model import ExampleType

STREAM: Final = "/_stcore/stream"
KINDS: Final = frozenset(kind.value for kind in ExampleType)
KEPT_RUNS: Final = 2
"""Runs that the frontend keeps a message for (``global.maxCachedMessageAge``)."""

LOOK_SECONDS: Final = 0.15
"""How long ``screen/page.js`` takes to see that there are buttons to ask for, on average."""

_TAB: Final = re.compile(r'class="vb-tab( vb-tab-open)?" data-kind="(\w+)"')
_ITEM: Final = re.compile(r'class="vb-item[^"]*" data-kind="(\w+)"')
_READY: Final = 'class="vb-ready"'
_FAILED: Final = re.compile(r'class="vb-(?:alert|problem)"[^>]*>(.{0,200})')


class _Widget(Protocol):
    id: str
    label: str
    set_value: bool


class EditorError(RuntimeError):
    """The page refused, failed or hung; the message says what it showed."""


@dataclass(slots=True)
class Traffic:
    """What went over one websocket."""

    received: int = 0
    received_bytes: int = 0
    sent: int = 0
    sent_bytes: int = 0


@dataclass(slots=True)
class Seen:
    """What the page of one editor shows of the six types; times are ``time.perf_counter``'s."""

    closed: set[str] = field(default_factory=set)
    with_items: set[str] = field(default_factory=set)
    first_item_at: float | None = None
    filled_at: float | None = None

    def look(self, body: str) -> None:
        now = time.perf_counter()
        for opened, kind in _TAB.findall(body):
            if not opened:
                self.closed.add(kind)
        for kind in _ITEM.findall(body):
            self.with_items.add(kind)
            self.first_item_at = self.first_item_at or now
        if self.filled_at is None and self.closed >= KINDS and self.with_items >= KINDS:
            self.filled_at = now


class Editor:
    """A session on the app at ``url``. ``open``, ``submit``, ``wait_filled``, ``close``."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._query = ""
        self._page = ""
        self._widgets: dict[str, WidgetState] = {}
        self._ids: dict[str, str] = {}
        self._fragments_of: dict[str, str] = {}
        self._updating: asyncio.Task[None] | None = None
        self._kept: dict[str, tuple[int, str]] = {}
        self._runs = 0
        self._fragments: tuple[str, ...] = ()
        self._changed = asyncio.Event()
        self._idle = False
        self._problem: str | None = None
        self.traffic = Traffic()
        self.seen = Seen()

    async def open(self, seconds: float) -> None:
        """Connects and waits until the form is there. Raises EditorError."""
        self._socket = await self._http.ws_connect(
            self._url + STREAM,
            protocols=("streamlit",),
            origin=self._url,
            max_msg_size=0,
            compress=0,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._rerun()
        await self._until(lambda: self._idle and "Genereer" in self._ids, seconds)

    async def submit(
        self, begrip: str, definitie: str, context: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Fills in the form and presses the button. ``context`` is keyed by the fields' labels."""
        self.seen = Seen()
        self._widgets[self._ids["Begrip"]].string_value = begrip
        self._widgets[self._ids["Definitie"]].string_value = definitie
        for label, values in context.items():
            self._widgets[self._ids[label]].string_array_value.data[:] = values
        await self._rerun(pressed=self._ids["Genereer"])

    async def wait_filled(self, seconds: float) -> float:
        """The moment at which all six tabs held their items. Raises EditorError."""
        await self._until(lambda: self.seen.filled_at is not None, seconds)
        assert self.seen.filled_at is not None
        return self.seen.filled_at

    async def close(self) -> None:
        self._end_timers()
        tasks = [one for one in (self._reader, self._updating) if one is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    async def _until(self, true: Callable[[], bool], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    if self._problem is not None:
                        raise EditorError(self._problem)
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            missing = ", ".join(sorted(KINDS - (self.seen.closed & self.seen.with_items)))
            raise EditorError(f"nothing more in {seconds:.0f} s; missing: {missing}") from None

    async def _rerun(self, *, pressed: str | None = None, fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._page
        state.fragment_id = fragment
        state.is_auto_rerun = bool(fragment) and pressed is None
        state.widget_states.widgets.extend(self._widgets.values())
        if pressed is not None:
            state.widget_states.widgets.add(id=pressed, trigger_value=True)
        state.cached_message_hashes.extend(self._kept)
        info = state.context_info
        info.timezone, info.locale, info.url = "Europe/Amsterdam", "nl-NL", self._url + "/"
        info.color_scheme = "light"
        payload = message.SerializeToString()
        self.traffic.sent += 1
        self.traffic.sent_bytes += len(payload)
        assert self._socket is not None
        await self._socket.send_bytes(payload)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for received in socket:
            if received.type is not aiohttp.WSMsgType.BINARY:
                continue
            self.traffic.received += 1
            self.traffic.received_bytes += len(received.data)
            self._take(ForwardMsg.FromString(received.data))
        self._fail("the server closed the connection")

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if message.metadata.cacheable and message.hash not in self._kept:
            self._kept[message.hash] = (self._runs, message.delta.fragment_id)
        if kind == "delta":
            if message.delta.WhichOneof("type") == "new_element":
                self._take_element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "new_session":
            self._idle = False
            self._page = message.new_session.page_script_hash
            self._fragments = tuple(message.metadata.run.fragment_ids)
            if not self._fragments:
                self._end_timers()
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._end_timer(fragment)
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "script_finished":
            self._take_end(message)
        self._changed.set()

    def _take_end(self, message: ForwardMsg) -> None:
        self._idle = True
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self._runs += 1
        for key, (run, fragment) in list(self._kept.items()):
            expires = not self._fragments or fragment in self._fragments
            if expires and self._runs - run > KEPT_RUNS:
                del self._kept[key]

    def _take_element(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "html":
            self.seen.look(element.html.body)
            if failed := _FAILED.search(element.html.body):
                self._fail(failed.group(1))
            if _READY in element.html.body:
                self._update()
        elif kind == "exception":
            self._fail(f"{element.exception.type}: {element.exception.message}")
        elif kind == "button":
            self._ids[element.button.label] = element.button.id
            self._fragments_of[element.button.id] = fragment
        elif kind == "text_input":
            self._state(element.text_input).string_value = element.text_input.value
        elif kind == "text_area":
            self._state(element.text_area).string_value = element.text_area.value
        elif kind == "multiselect":
            values = element.multiselect.raw_values
            self._state(element.multiselect).string_array_value.data[:] = values
        elif kind == "button_group":
            group = element.button_group
            chosen = [group.options[index].content for index in group.default]
            self._state(group).string_array_value.data[:] = group.raw_values or chosen

    def _update(self) -> None:
        """Asks for the buttons, as ``screen/page.js`` does."""
        if self._updating is None or self._updating.done():
            self._updating = asyncio.create_task(self._press_update(self._ids["Bijwerken"]))

    async def _press_update(self, button: str) -> None:
        await asyncio.sleep(LOOK_SECONDS)
        await self._rerun(pressed=button, fragment=self._fragments_of[button])

    def _state(self, widget: _Widget) -> WidgetState:
        """The state of a widget: as the editor left it unless the server sets it."""
        self._ids[widget.label] = widget.id
        known = self._widgets.get(widget.id)
        if known is not None and not widget.set_value:
            return WidgetState()
        return self._widgets.setdefault(widget.id, WidgetState(id=widget.id))

    def _fail(self, problem: str) -> None:
        self._problem = self._problem or problem
        self._changed.set()

    def _start_timer(self, fragment: str, interval: float) -> None:
        known = self._timers.get(fragment)
        if known is not None and known[0] == interval:
            return
        self._end_timer(fragment)
        self._timers[fragment] = (interval, asyncio.create_task(self._tick(fragment, interval)))

    async def _tick(self, fragment: str, interval: float) -> None:
        due = time.perf_counter()
        while True:
            due += interval
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self._rerun(fragment=fragment)

    def _end_timer(self, fragment: str) -> None:
        if (known := self._timers.pop(fragment, None)) is not None:
            known[1].cancel()

    def _end_timers(self) -> None:
        for fragment in list(self._timers):
            self._end_timer(fragment)
