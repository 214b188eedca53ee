"""The word lists of ``woorden.toml``, by name."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads((resources.files(__package__) / "woorden.toml").read_text("utf-8"))


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of list ``name``.

    Raises:
        KeyError: there is no such list.
    """
    return frozenset(_lists()[name].split())


@cache
def strong_verbs() -> dict[str, tuple[str, str]]:
    """Infinitive of a strong or irregular verb to its past singular and its participle."""
    lines = _lists()["strong_verbs"].replace("\n", "|").split("|")
    rows = (line.split() for line in lines if line.strip())
    return {infinitive: (past, participle) for infinitive, past, participle in rows}
