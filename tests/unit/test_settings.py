"""Every setting is documented, is refused by name when it is wrong, and never shows the key."""

from __future__ import annotations

import copy
import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from voorbeelden.bridge import get_bridge
from voorbeelden.hosting import settings_of
from voorbeelden.model import ExampleType
from voorbeelden.settings import LONG_TYPES, Settings, SettingsError, load

DOCUMENT = Path(__file__).parents[2] / "docs" / "SETTINGS.md"
KEY = "sk-geplant-geheim"
FIELDS = dataclasses.fields(Settings)
VARIABLES = [one.metadata["variable"] for one in FIELDS]


def row(one: dataclasses.Field[Any]) -> str:
    """The line that docs/SETTINGS.md must hold for this field."""
    default = "none" if one.default is None else f"`{one.default}`"
    return f"| `{one.metadata['variable']}` | {one.metadata['doc']} | {default} |"


def test_every_setting_is_documented_with_its_meaning_and_default() -> None:
    """The table is the fields, in order: nothing undocumented, nothing that no longer exists."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    table = [line for line in lines if re.match(r"\| `", line)]
    assert table == [row(one) for one in FIELDS]


def test_each_variable_is_used_once() -> None:
    assert len(set(VARIABLES)) == len(VARIABLES)
    for variable in VARIABLES:
        assert re.fullmatch(r"(OPENAI|VOORBEELDEN)_[A-Z_]+", variable)


def test_nothing_given_is_the_documented_default_and_the_demonstration() -> None:
    settings = load({})
    assert settings == Settings()
    assert settings.demonstration


@pytest.mark.parametrize(
    ("environ", "demonstration"),
    [
        ({"OPENAI_API_KEY": KEY}, False),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, False),
        ({"OPENAI_API_KEY": " ", "OPENAI_BASE_URL": ""}, True),
        ({"VOORBEELDEN_MODEL": "x"}, True),
    ],
)
def test_a_key_or_an_address_ends_the_demonstration(
    environ: dict[str, str], demonstration: bool
) -> None:
    """A local server often has an address and no key; blanks count as nothing."""
    assert load(environ).demonstration is demonstration


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("OPENAI_API_KEY", f" {KEY}\n", "api_key", KEY),
        ("OPENAI_BASE_URL", " https://llm.example/v1/ ", "base_url", "https://llm.example/v1"),
        ("OPENAI_API_VERSION", "2024-10-21", "api_version", "2024-10-21"),
        ("VOORBEELDEN_MODEL", " groot-model ", "model", "groot-model"),
        ("VOORBEELDEN_TEMPERATURE", "0,2", "temperature", 0.2),
        ("VOORBEELDEN_TEMPERATURE", "0", "temperature", 0.0),
        ("VOORBEELDEN_MAX_TOKENS", " 512 ", "max_output_tokens", 512),
        ("VOORBEELDEN_CALL_TIMEOUT", "2,5", "call_timeout", 2.5),
        ("VOORBEELDEN_CONNECT_TIMEOUT", "0.25", "connect_timeout", 0.25),
        ("VOORBEELDEN_DEMO_PROFILE", "instant", "demo_profile", "instant"),
        ("VOORBEELDEN_DEADLINE", "90", "deadline", 90.0),
        ("VOORBEELDEN_AT_ONCE", "6", "at_once", 6),
        ("VOORBEELDEN_RPM", "500", "requests_per_minute", 500),
        ("VOORBEELDEN_HEDGE", "Ja", "hedge", True),
        ("VOORBEELDEN_HEDGE", "0", "hedge", False),
        ("VOORBEELDEN_CACHE_HOURS", "0", "cache_hours", 0.0),
        ("VOORBEELDEN_CACHE_HOURS", "0,5", "cache_hours", 0.5),
    ],
)
def test_a_value_is_read_and_tidied(variable: str, text: str, field: str, value: object) -> None:
    """Also with a Dutch decimal comma and with the blanks that copying a key brings along."""
    assert dataclasses.asdict(load({variable: text})) == {
        **dataclasses.asdict(Settings()),
        field: value,
    }


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_blank_value_is_the_default(variable: str, blank: str) -> None:
    """``VARIABLE=`` in a .env file is how people switch a setting off."""
    assert load({variable: blank}) == Settings()


BAD_VALUES = [
    ("OPENAI_BASE_URL", "llm.example/v1"),
    ("OPENAI_BASE_URL", "ftp://llm.example/v1"),
    ("OPENAI_BASE_URL", "https://"),
    ("OPENAI_BASE_URL", "http://["),
    ("VOORBEELDEN_TEMPERATURE", "warm"),
    ("VOORBEELDEN_MAX_TOKENS", "0"),
    ("VOORBEELDEN_MAX_TOKENS", "-1"),
    ("VOORBEELDEN_MAX_TOKENS", "1.5"),
    ("VOORBEELDEN_CALL_TIMEOUT", "0"),
    ("VOORBEELDEN_CALL_TIMEOUT", "-3"),
    ("VOORBEELDEN_CALL_TIMEOUT", "nan"),
    ("VOORBEELDEN_CALL_TIMEOUT", "inf"),
    ("VOORBEELDEN_CALL_TIMEOUT", "86400"),
    ("VOORBEELDEN_CONNECT_TIMEOUT", "snel"),
    ("VOORBEELDEN_AT_ONCE", "0"),
    ("VOORBEELDEN_RPM", "onbeperkt"),
    ("VOORBEELDEN_HEDGE", "misschien"),
    ("VOORBEELDEN_CACHE_HOURS", "-1"),
]
NOT_REFUSED_YET = [
    ("VOORBEELDEN_TEMPERATURE", "nan"),
    ("VOORBEELDEN_TEMPERATURE", "inf"),
    ("VOORBEELDEN_TEMPERATURE", "-1"),
    ("VOORBEELDEN_CACHE_HOURS", "nan"),
]


@pytest.mark.parametrize(("variable", "text"), BAD_VALUES)
def test_a_value_that_cannot_be_used_is_refused_by_name(variable: str, text: str) -> None:
    """In Dutch, with the variable and what to do; whether it came from environment or secrets."""
    bad = {variable: text}
    for environ, secrets in ((bad, {}), ({}, bad)):
        with pytest.raises(SettingsError, match=rf"^De instelling {variable} is niet bruikbaar"):
            load(environ, secrets)


@pytest.mark.parametrize(("variable", "text"), NOT_REFUSED_YET)
def test_a_number_that_is_none_is_refused(variable: str, text: str) -> None:
    """NaN is no JSON: every request would fail with a message about something else."""
    with pytest.raises(SettingsError):
        load({variable: text})


@pytest.mark.parametrize("text", ["vlot", "fixed,seconds=lang", "instant;fault=alles"])
def test_a_profile_that_the_demonstration_does_not_know_is_refused_by_name(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the app and by the package, before anything starts; the value is not quoted."""
    monkeypatch.setenv("VOORBEELDEN_DEMO_PROFILE", text)
    for start in (get_bridge, lambda: settings_of({})):
        with pytest.raises(SettingsError, match=r"^De instelling VOORBEELDEN_DEMO_PROFILE") as bad:
            start()
        assert text not in str(bad.value)
    monkeypatch.setenv("VOORBEELDEN_DEMO_PROFILE", "instant;fault=refusal@synoniemen")
    assert settings_of({}).demo_profile == "instant;fault=refusal@synoniemen"


def test_the_environment_goes_before_the_secrets() -> None:
    settings = load({"VOORBEELDEN_MODEL": "eerst"}, {"VOORBEELDEN_MODEL": "daarna"})
    assert settings.model == "eerst"


def test_secrets_may_hold_numbers() -> None:
    """TOML has types, the environment has text."""
    secrets = {"VOORBEELDEN_MAX_TOKENS": 512, "VOORBEELDEN_CALL_TIMEOUT": 30.5, "andere": {}}
    settings = load({}, secrets)
    assert (settings.max_output_tokens, settings.call_timeout) == (512, 30.5)


def test_the_key_is_in_no_text_of_the_settings() -> None:
    """Settings end up in tracebacks and logs; the key does not."""
    settings = load({"OPENAI_API_KEY": KEY})
    assert settings.api_key == KEY
    for text in (repr(settings), str(settings), f"{settings}", repr(copy.copy(settings))):
        assert KEY not in text
        assert "api_key" not in text


def test_the_password_of_the_database_is_in_no_text_of_the_settings() -> None:
    settings = load({"VOORBEELDEN_DATABASE_URL": f"postgresql://jan:{KEY}@db.example/x"})
    assert KEY not in repr(settings)


def test_a_bad_neighbour_does_not_show_the_key() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"OPENAI_API_KEY": KEY, "VOORBEELDEN_MAX_TOKENS": "veel"})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("kind", ExampleType)
def test_long_types_get_twice_the_time(kind: ExampleType) -> None:
    expected = 20.0 if kind in LONG_TYPES else 10.0
    assert Settings(call_timeout=10.0).timeout_for(kind) == expected


def test_settings_cannot_change_while_the_app_runs() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().model = "ander"  # type: ignore[misc]


def test_an_address_with_a_password_in_it_is_refused() -> None:
    """It would be shown on every page; the message does not repeat it."""
    with pytest.raises(SettingsError, match=r"OPENAI_BASE_URL.*naam of wachtwoord") as caught:
        load({"OPENAI_BASE_URL": "https://jan:geheim@llm.example/v1"})
    assert "geheim" not in str(caught.value)
