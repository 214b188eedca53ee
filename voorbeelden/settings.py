"""Every setting, from the environment and (in the app) Streamlit's secrets.

A field's metadata holds its variable and what it does; docs/SETTINGS.md is checked against it.
The key and the database's address (its password) are kept out of ``repr``, so that no traceback
or log line can show them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final
from urllib.parse import urlsplit

from voorbeelden.model import ExampleType


class SettingsError(ValueError):
    """A setting holds a value that cannot be used; the message is Dutch and names the variable."""


class _Unusable(ValueError):
    """Why a value cannot be used, in Dutch; does not quote the value."""


def _text(value: str) -> str | None:
    return value.strip() or None


def _url(value: str) -> str | None:
    url = value.strip().rstrip("/")
    if not url:
        return None
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise _Unusable("geen webadres (http:// of https://)")
    if "@" in urlsplit(url).netloc:
        # It would stand on every page, in the line that says where the texts come from.
        raise _Unusable("een webadres met een naam of wachtwoord erin; zet de sleutel apart")
    return url


def _base(value: str) -> str | None:
    url = _url(value)
    if url and not set(url).isdisjoint(' \t\n<>"{}|\\^`?#'):
        raise _Unusable("geen adres zonder spaties, ? en #")
    return url


def _number(value: str) -> float:
    number = float(value.replace(",", "."))
    if not math.isfinite(number):
        raise _Unusable("geen gewoon getal")
    return number


def _seconds(value: str) -> float:
    seconds = _number(value)
    if not 0 < seconds < 86_400:
        raise _Unusable("geen aantal seconden boven 0")
    return seconds


def _level(value: str) -> str:
    level = value.strip().upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise _Unusable("geen DEBUG, INFO, WARNING of ERROR")
    return level


def _yes(value: str) -> bool:
    words = {"1": True, "ja": True, "true": True, "0": False, "nee": False, "false": False}
    if value.strip().lower() not in words:
        raise _Unusable("geen 1 (ja) of 0 (nee)")
    return words[value.strip().lower()]


def _addresses(value: str) -> tuple[str, ...]:
    found = tuple(part.strip().casefold() for part in value.split(",") if part.strip())
    if not all("@" in one for one in found):
        raise _Unusable("geen e-mailadressen of domeinen met een @ ervoor")
    return found


def _hours(value: str) -> float:
    hours = _number(value)
    if hours < 0:
        raise _Unusable("geen aantal uren vanaf 0")
    return hours


def _temperature(value: str) -> float | None:
    if not value.strip():
        return None
    temperature = _number(value)
    if temperature < 0:
        raise _Unusable("geen getal vanaf 0")
    return temperature


def _count(value: str) -> int:
    count = int(value)
    if count < 1:
        raise _Unusable("geen geheel getal boven 0")
    return count


_SECRET = ("OPENAI_API_KEY", "VOORBEELDEN_DATABASE_URL")


def _setting(variable: str, parse: Callable[[str], Any], default: Any, doc: str) -> Any:
    return field(
        default=default,
        repr=variable not in _SECRET,
        metadata={"variable": variable, "parse": parse, "doc": doc},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process; see each field's ``doc``."""

    api_key: str | None = _setting(
        "OPENAI_API_KEY", _text, None, "Key of the provider. Local servers often need none."
    )
    base_url: str | None = _setting(
        "OPENAI_BASE_URL", _url, None, "Address of the provider, up to and including /v1."
    )
    api_version: str | None = _setting(
        "OPENAI_API_VERSION", _text, None, "Only for Azure's dated API; its v1 API needs none."
    )
    model: str = _setting("VOORBEELDEN_MODEL", str.strip, "gpt-5.4-mini", "Name of the model.")
    temperature: float | None = _setting(
        "VOORBEELDEN_TEMPERATURE", _temperature, None, "Left out of the request when empty."
    )
    max_output_tokens: int = _setting(
        "VOORBEELDEN_MAX_TOKENS", _count, 4096, "Most tokens one call may produce."
    )
    call_timeout: float = _setting(
        "VOORBEELDEN_CALL_TIMEOUT",
        _seconds,
        60.0,
        "Seconds one call of a short type may take; long types get twice as much.",
    )
    first_byte_timeout: float = _setting(
        "VOORBEELDEN_FIRST_BYTE_TIMEOUT", _seconds, 30.0, "Seconds until an answer must begin."
    )
    stall_timeout: float = _setting(
        "VOORBEELDEN_STALL_TIMEOUT", _seconds, 15.0, "Seconds an answer may be silent half-way."
    )
    deadline: float = _setting(
        "VOORBEELDEN_DEADLINE",
        _seconds,
        180.0,
        "Seconds for a whole generation: queueing, retries and waiting included.",
    )
    at_once: int = _setting(
        "VOORBEELDEN_AT_ONCE", _count, 512, "Most requests in flight at the same time."
    )
    requests_per_minute: int | None = _setting(
        "VOORBEELDEN_RPM", _count, None, "Requests a minute; empty: as the provider's headers say."
    )
    tokens_per_minute: int | None = _setting(
        "VOORBEELDEN_TPM", _count, None, "Tokens a minute; empty: as the provider's headers say."
    )
    context_tokens: int = _setting(
        "VOORBEELDEN_CONTEXT_TOKENS", _count, 32_000, "Longest prompt the model takes, in tokens."
    )
    connect_timeout: float = _setting(
        "VOORBEELDEN_CONNECT_TIMEOUT", _seconds, 5.0, "Seconds to get a connection."
    )
    hedge: bool = _setting(
        "VOORBEELDEN_HEDGE",
        _yes,
        False,
        "1: send a second copy of a call that is slower than nine in ten. Costs up to 10 % more.",
    )
    database_url: str | None = _setting(
        "VOORBEELDEN_DATABASE_URL",
        _text,
        None,
        "Where everything is kept (begrippen, examples, history, measurements, answers), as a "
        "SQLAlchemy URL; empty: SQLite in the user's data directory.",
    )
    cache_hours: float = _setting(
        "VOORBEELDEN_CACHE_HOURS", _hours, 168.0, "How long an answer is kept; 0: not at all."
    )
    cache_entries: int = _setting(
        "VOORBEELDEN_CACHE_ENTRIES", _count, 20_000, "Most answers kept; the oldest go first."
    )
    kader_naam: str = _setting(
        "VOORBEELDEN_KADER_NAAM",
        str.strip,
        "Begrippen met voorbeelden",
        "Name of the begrippenkader that exports are published in.",
    )
    kader_basis: str | None = _setting(
        "VOORBEELDEN_KADER_BASIS",
        _base,
        None,
        "Address under which exported begrippen get their identifiers; empty: `urn:uuid:`.",
    )
    log_level: str = _setting(
        "VOORBEELDEN_LOG_LEVEL", _level, "INFO", "DEBUG, INFO, WARNING or ERROR."
    )
    metrics: bool = _setting(
        "VOORBEELDEN_METRICS", _yes, True, "0: count nothing and serve no /metrics."
    )
    login: bool = _setting(
        "VOORBEELDEN_LOGIN",
        _yes,
        False,
        "1: no page opens without logging in. Also on with [auth] in the secrets file.",
    )
    editors: tuple[str, ...] = _setting(
        "VOORBEELDEN_EDITORS",
        _addresses,
        (),
        "Who may log in: e-mail addresses or domains (`@om.nl`), separated by commas; empty: all.",
    )
    demo_profile: str = _setting(
        "VOORBEELDEN_DEMO_PROFILE",
        str.strip,
        "demo",
        "Speed (and faults) of the demonstration server; see `python -m voorbeelden.demo --help`.",
    )

    @property
    def demonstration(self) -> bool:
        """Without a key and without an address the app runs on its own demo server."""
        return self.api_key is None and self.base_url is None

    def timeout_for(self, example_type: ExampleType) -> float:
        """Seconds one call for ``example_type`` may take, from first byte sent to last received."""
        return self.call_timeout * (2.0 if example_type in LONG_TYPES else 1.0)


LONG_TYPES: Final = frozenset({ExampleType.PRAKTIJKVOORBEELDEN, ExampleType.TEGENVOORBEELDEN})
"""The types whose answers are long by nature: 9 and 15–30 s where the others took 2–5 s."""


def load(environ: Mapping[str, str], secrets: Mapping[str, Any] | None = None) -> Settings:
    """Settings from ``environ``, then ``secrets``, then the defaults.

    Raises:
        SettingsError: a variable's text cannot be read as what it should be.
    """
    values: dict[str, Any] = {}
    for one in fields(Settings):
        variable = one.metadata["variable"]
        raw = environ.get(variable) or (secrets or {}).get(variable)
        if raw is None or not str(raw).strip():
            continue
        try:
            values[one.name] = one.metadata["parse"](str(raw))
        except _Unusable as error:
            reason = str(error)
        except ValueError:
            # Python's own text quotes the value, and that may be a key in the wrong place.
            reason = "geen getal"
        else:
            continue
        raise unusable(variable, reason)
    return Settings(**values)


def unusable(variable: str, reason: str) -> SettingsError:
    """``reason`` is Dutch, and does not quote the value."""
    return SettingsError(
        f"De instelling {variable} is niet bruikbaar: {reason}. "
        "Verbeter haar in de omgeving of in .streamlit/secrets.toml en start opnieuw."
    )
