"""A demo server's behaviour as URL-path text, and back.

Grammar (no spaces; parts are separated by ``;``, options by ``,``)::

    spec   = profile *("," option) *(";" fault) [";run=" word]
    fault  = "fault=" name ["@" where] *("," option)
    option = key "=" value
    where  = kind            every call that asks for this kind
           | kind "." n      the n-th call that asks for it, from 1
           | "#" n           the n-th call of this spec, from 1
           | number "%"      this share of the calls, drawn with the profile's seed

Profiles, faults, their options and defaults stand in ``catalogue.py``. ``run`` changes nothing but
the text, and calls are counted per canonical text: a unique run keeps two tests apart.

    fixed,seconds=2,chunks=150;run=abc
    measured,scale=0.1;fault=503@synoniemen.1;fault=stall@praktijkvoorbeelden

``str(spec)`` is the canonical text and ``DemoSpec.parse(str(spec)) == spec``. ``#`` and ``%`` mean
something else in a URL: use ``spec.path`` there, which is percent-encoded.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from voorbeelden.demo.catalogue import FAULTS, KINDS, PROFILES, OptionTable, Value, ValueKind

_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
_MAX_SECONDS: Final = 86400.0

Options = tuple[tuple[str, Value], ...]


class SpecError(ValueError):
    """The text is no spec; the message says which part is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which calls a fault hits. All fields ``None``: every call."""

    kind: str | None = None
    nth: int | None = None
    number: int | None = None
    percent: float | None = None

    @classmethod
    def parse(cls, text: str) -> Where:
        if text.startswith("#"):
            return cls(number=_count(text[1:], "call number"))
        if text.endswith("%"):
            percent = _number(text[:-1], "rate")
            if percent > 100:
                raise SpecError(f"rate {text!r} is above 100%")
            return cls(percent=percent)
        kind, dot, nth = text.partition(".")
        if kind not in KINDS:
            raise SpecError(f"unknown kind {kind!r} after '@'; known: {', '.join(KINDS)}")
        return cls(kind=kind, nth=_count(nth, "call number") if dot else None)

    def __str__(self) -> str:
        if self.number is not None:
            return f"@#{self.number}"
        if self.percent is not None:
            return f"@{self.percent!r}%"
        if self.kind is None:
            return ""
        return f"@{self.kind}" if self.nth is None else f"@{self.kind}.{self.nth}"


@dataclass(frozen=True, slots=True)
class _Part(ABC):
    """A name with options, looked up with the defaults of its table."""

    name: str
    options: Options = ()

    @abstractmethod
    def _table(self) -> OptionTable: ...

    def value(self, key: str) -> Value | None:
        """The option as given, else its default; ``None`` when it is off."""
        for name, value in self.options:
            if name == key:
                return value
        return self._table()[key].default

    def number(self, key: str) -> float:
        """The option as a number; 0.0 when it is off."""
        value = self.value(key)
        return float(value) if isinstance(value, int | float) else 0.0

    def count(self, key: str) -> int | None:
        """The option as a whole number; ``None`` when it is off."""
        value = self.value(key)
        return int(value) if isinstance(value, int | float) else None

    def _text(self) -> str:
        return "".join(f",{key}={_format(value)}" for key, value in self.options)


@dataclass(frozen=True, slots=True)
class FaultSpec(_Part):
    """One fault: what goes wrong, and for which calls."""

    where: Where = Where()

    def _table(self) -> OptionTable:
        return FAULTS[self.name]

    def __str__(self) -> str:
        return f"fault={self.name}{self.where}{self._text()}"


@dataclass(frozen=True, slots=True)
class DemoSpec(_Part):
    """A profile (``name`` and ``options``), its faults and a run name. Make one with ``parse`` or
    ``build``; both raise ``SpecError``."""

    faults: tuple[FaultSpec, ...] = ()
    run: str | None = None

    @classmethod
    def parse(cls, text: str) -> DemoSpec:
        head, *parts = text.split(";")
        name, *pairs = head.split(",")
        spec = cls(name, _options("profile", name, PROFILES, map(_pair, pairs)))
        for part in parts:
            key, _, rest = part.partition("=")
            if key == "fault":
                spec = replace(spec, faults=(*spec.faults, _fault(rest)))
            elif key == "run" and spec.run is None:
                spec = spec.with_run(rest)
            else:
                raise SpecError(f"part {part!r} is neither 'fault=…' nor one 'run=…'")
        return spec

    @classmethod
    def build(cls, name: str = "demo", **options: Value) -> DemoSpec:
        """``build("fixed", seconds=2, barrier_timeout=1)``; ``_`` in a keyword reads as ``-``."""
        return cls(name, _options("profile", name, PROFILES, _texts(options)))

    def with_fault(self, name: str, at: str | None = None, **options: Value) -> DemoSpec:
        where = Where() if at is None else Where.parse(at)
        fault = FaultSpec(name, _options("fault", name, FAULTS, _texts(options)), where)
        return replace(self, faults=(*self.faults, fault))

    def with_run(self, run: str) -> DemoSpec:
        if not _WORD.fullmatch(run):
            raise SpecError(f"run {run!r} is not {ValueKind.WORD.value}")
        return replace(self, run=run)

    @property
    def path(self) -> str:
        """The canonical text, percent-encoded as one URL path segment."""
        return quote(str(self), safe=";,=@.-_~+")

    def _table(self) -> OptionTable:
        return PROFILES[self.name]

    def __str__(self) -> str:
        run = [] if self.run is None else [f"run={self.run}"]
        return ";".join([f"{self.name}{self._text()}", *map(str, self.faults), *run])


def _fault(text: str) -> FaultSpec:
    head, *pairs = text.split(",")
    name, at, where = head.partition("@")
    options = _options("fault", name, FAULTS, map(_pair, pairs))
    return FaultSpec(name, options, Where.parse(where) if at else Where())


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise SpecError(f"option {text!r} is not key=value")
    return key, value


def _texts(options: dict[str, Value]) -> list[tuple[str, str]]:
    return [(key.replace("_", "-"), _format(value)) for key, value in options.items()]


def _options(
    owner: str, name: str, tables: Mapping[str, OptionTable], pairs: Iterable[tuple[str, str]]
) -> Options:
    if name not in tables:
        raise SpecError(f"unknown {owner} {name!r}; known: {', '.join(tables)}")
    table = tables[name]
    given: dict[str, Value] = {}
    for key, text in pairs:
        if key not in table:
            known = ", ".join(table) or "none"
            raise SpecError(f"{owner} {name!r} has no option {key!r}; known: {known}")
        if key in given:
            raise SpecError(f"option {key!r} of {owner} {name!r} is given twice")
        given[key] = _parse(table[key].kind, text, key)
    # One order for all, so that equal behaviour is equal text and is counted together.
    return tuple((key, given[key]) for key in table if key in given)


def _parse(kind: ValueKind, text: str, key: str) -> Value:
    match kind:
        case ValueKind.COUNT | ValueKind.WHOLE if _WHOLE.fullmatch(text):
            if kind is ValueKind.WHOLE or int(text) > 0:
                return int(text)
        case ValueKind.SECONDS | ValueKind.POSITIVE | ValueKind.FRACTION:
            value = _number(text, key)
            fits = {
                ValueKind.SECONDS: value <= _MAX_SECONDS,
                ValueKind.POSITIVE: value > 0,
                ValueKind.FRACTION: value <= 1,
            }
            if fits[kind]:
                return value
        case ValueKind.FLAG if text in {"true", "false"}:
            return text == "true"
        case ValueKind.WORD if _WORD.fullmatch(text):
            return text
    raise SpecError(f"option {key}={text!r} is not {kind.value}")


def _format(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _number(text: str, what: str) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    if not math.isfinite(value):
        raise SpecError(f"{what} {text!r} is not a number")
    return value


def _count(text: str, what: str) -> int:
    if not _WHOLE.fullmatch(text) or int(text) == 0:
        raise SpecError(f"{what} {text!r} is not {ValueKind.COUNT.value}")
    return int(text)
