"""What the process of the app holds: its bridge, and who looks on through the bridge's hooks."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voorbeelden import logs
from voorbeelden import settings as settings_module
from voorbeelden.bridge import Bridge, close_bridge, get_bridge
from voorbeelden.definition.flow_desk import DeskKeeper
from voorbeelden.demo.profile import checked
from voorbeelden.metrics import Metrics, StateCollector
from voorbeelden.quality import warm_up
from voorbeelden.recent import Recent
from voorbeelden.settings import Settings
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import StoreError, StoreUnavailable


class DeskDoor:
    """The store of this process, opened by whoever needs it first and tried again after a failure:
    generating goes on where keeping cannot."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._desk: Desk | None = None
        self._closed = False
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Opens it in the background, so that nobody waits while tables are made."""
        threading.Thread(target=self._try, name="voorbeelden-store", daemon=True).start()

    def _try(self) -> None:
        # Whoever needs it tries again, and says what is wrong.
        with contextlib.suppress(StoreError):
            self.open()

    def open(self) -> Desk:
        """Raises StoreUnavailable."""
        with self._lock:
            if self._closed:
                raise StoreUnavailable("De toepassing sluit af; er is niets gewijzigd.")
            if self._desk is None:
                self._desk = Desk(self._url)
            return self._desk

    def close(self) -> None:
        with self._lock:
            desk, self._desk = self._desk, None
            self._closed = True
        if desk is not None:
            desk.close()


@dataclass(frozen=True, slots=True)
class Host:
    """``metrics`` is ``None`` when the setting turns them off."""

    bridge: Bridge
    recent: Recent
    metrics: Metrics | None
    desk: DeskDoor


_host: Host | None = None
_lock = threading.Lock()


def settings_of(secrets: Mapping[str, Any]) -> Settings:
    """The settings that the environment and ``secrets`` give. Raises SettingsError."""
    return checked(settings_module.load(os.environ, secrets))


def open_host(secrets: Mapping[str, Any]) -> Host:
    """The host of this process, made at the first call from the environment and ``secrets``.

    Raises:
        SettingsError: a setting cannot be used.
    """
    global _host
    settings = settings_of(secrets)
    logs.configure(settings.log_level)
    bridge = get_bridge(settings, cached=True)
    with _lock:
        # A closed bridge has made place for another one.
        if _host is None or _host.bridge is not bridge:
            if _host is not None:
                _host.desk.close()
            _host = _watch(bridge)
        return _host


def current_host() -> Host | None:
    """The host, if it has been made."""
    return _host


def close_host() -> None:
    """Ends the bridge of this process, and forgets who watched it."""
    global _host
    with _lock:
        host, _host = _host, None
    close_bridge()
    if host is not None:
        # After the bridge: what its last tasks have to write is written.
        host.desk.close()


def _watch(bridge: Bridge) -> Host:
    recent = Recent()
    metrics = None
    desk = DeskDoor(bridge.settings.database_url)
    bridge.keeper = DeskKeeper(desk.open)
    bridge.hooks.append(recent.hook)
    if bridge.settings.metrics:
        metrics = Metrics(bridge.settings)
        metrics.register(StateCollector(recent, bridge.road_state))
        bridge.hooks.append(metrics.hook)
    # The Dutch dictionary of the quality checks takes most of a second: not at the first review.
    threading.Thread(target=warm_up, name="voorbeelden-quality", daemon=True).start()
    return Host(bridge, recent, metrics, desk)
