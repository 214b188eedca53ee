"""The small word lists that several rules share, read once from ``lexicon.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded words; ``fixed`` matches a fixed expression in running text."""

    homographs: frozenset[str]
    fixed: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    data = tomllib.loads((resources.files(__package__) / "lexicon.toml").read_text("utf-8"))
    fixed = "|".join(data["vaste_uitdrukkingen"])
    return Lexicon(
        homographs=frozenset(data["homografen"]),
        fixed=re.compile(rf"(?<![\w-])(?:{fixed})(?![\w-])", re.IGNORECASE),
    )
