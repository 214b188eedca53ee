"""How well the checks do on the labelled set: precision and recall for each check.

A case is one line of JSON in ``labelled/<split>/``: an item (``soort``, ``tekst``, ``reden``), what
it is about (``begrip``, ``definitie``, ``wettelijk``), other items that stand before it (``naast``)
and a label. ``wel`` lists checks that must speak, ``niet`` checks that must not, and ``vorm`` says
how the text holds the begrip. A hard finding that no label mentions counts as a false alarm, so
every case of the set can speak against every hard check.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from voorbeelden.model import ExampleType, Item, Subject
from voorbeelden.quality.checks import CHECKS, check_set
from voorbeelden.quality.model import Finding, ItemRef, Level
from voorbeelden.quality.presence import COMPOUND, MISSING, RELATED
from voorbeelden.quality.readability import READABILITY
from voorbeelden.quality.term import Match

SPLITS: Final = ("dev", "heldout")
VORMEN: Final[Mapping[str, Match | None]] = MappingProxyType(
    {
        "exact": Match.EXACT,
        "verbogen": Match.INFLECTED,
        "gescheiden": Match.SEPARATED,
        "samenstelling": Match.COMPOUND,
        "verwant": Match.RELATED,
        "afwezig": None,
    }
)
"""The labels of how a text holds a begrip."""

_PRESENCE: Final = {"samenstelling": COMPOUND.id, "verwant": RELATED.id, "afwezig": MISSING.id}
_LABELS: Final = ("wel", "niet", "vorm", "let_op")
_KEYS: Final = frozenset(
    ("begrip", "definitie", "wettelijk", "soort", "tekst", "reden", "naast", *_LABELS)
)


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled item; ``ref`` tells which of ``items`` the label is about."""

    source: str
    subject: Subject
    items: Mapping[ExampleType, tuple[Item, ...]]
    ref: ItemRef
    fires: frozenset[str]
    silent: frozenset[str]
    vorm: str | None = None

    def findings(self) -> tuple[Finding, ...]:
        """What the checks say of the labelled item."""
        return tuple(one for one in check_set(self.subject, self.items) if one.ref == self.ref)


@dataclass(slots=True)
class Score:
    """Counts for one check over labelled cases; ``misses`` names the cases that went wrong."""

    right_alarms: int = 0
    false_alarms: int = 0
    missed: int = 0
    right_silences: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.right_alarms + self.false_alarms + self.missed + self.right_silences

    @property
    def precision(self) -> float:
        """Right alarms over all alarms; 1 when there was none."""
        alarms = self.right_alarms + self.false_alarms
        return self.right_alarms / alarms if alarms else 1.0

    @property
    def recall(self) -> float:
        """Right alarms over all that should have been; 1 when there was none to raise."""
        due = self.right_alarms + self.missed
        return self.right_alarms / due if due else 1.0

    def add(self, case: Case, due: bool, raised: bool) -> None:
        self.right_alarms += due and raised
        self.false_alarms += raised and not due
        self.missed += due and not raised
        self.right_silences += not due and not raised
        if due is not raised:
            self.misses.append(case.source)


def load(split: str) -> tuple[Case, ...]:
    """The cases of one split, in the order of the files.

    Raises:
        ValueError: a line names an unknown key, check or ``vorm``, or holds no label.
    """
    folder = resources.files(__package__) / "labelled" / split
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".jsonl")),
        key=lambda file: file.name,
    )
    return tuple(
        read_case(json.loads(line), f"{split}/{file.name}:{number}")
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    )


def read_case(data: Mapping[str, Any], source: str) -> Case:
    """The case that one line describes; ``source`` names it in messages.

    Raises:
        ValueError: the line names an unknown key, check or ``vorm``, or holds no label.
    """
    fires, silent = set(data.get("wel", ())), set(data.get("niet", ()))
    vorm = data.get("vorm")
    if vorm is not None:
        silent |= set(_PRESENCE.values())
        fires |= {_PRESENCE[vorm]} if vorm in _PRESENCE else set()
        silent -= fires
    unknown = (set(data) - _KEYS) | ((fires | silent) - set(CHECKS)) | ({vorm} - {None, *VORMEN})
    if unknown or not fires | silent or fires & silent:
        raise ValueError(f"{source}: unusable label {unknown or fires | silent}")
    kind = ExampleType(data.get("soort", ExampleType.VOORBEELDZINNEN))
    items = {
        ExampleType(name): tuple(Item(text, "om die reden") for text in texts)
        for name, texts in data.get("naast", {}).items()
    }
    before = items.get(kind, ())
    items[kind] = (*before, Item(data["tekst"], data.get("reden")))
    subject = Subject(
        data.get("begrip", ""),
        data.get("definitie", ""),
        {"wettelijk": tuple(data.get("wettelijk", ()))},
    )
    ref = ItemRef(kind, len(before))
    return Case(source, subject, items, ref, frozenset(fires), frozenset(silent), vorm)


def measure(cases: Iterable[Case]) -> dict[str, Score]:
    """A score for every check but the readability, which judges nothing."""
    scores = {check: Score() for check in CHECKS if check != READABILITY.id}
    for case in cases:
        raised = {one.check for one in case.findings()}
        for check in _judged(case, raised):
            scores[check].add(case, check in case.fires, check in raised)
    return scores


def _judged(case: Case, raised: set[str]) -> Iterator[str]:
    named = case.fires | case.silent
    yield from named
    for check in sorted(raised - named):
        if CHECKS[check].level is Level.HARD:
            yield check
