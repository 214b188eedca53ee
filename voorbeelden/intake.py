"""What an editor typed, made clean and checked before anything is sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from voorbeelden.model import CONTEXT_KEYS, Subject
from voorbeelden.tidy import tidy

MAX_BEGRIP: Final = 120
MAX_DEFINITIE: Final = 4000
MAX_CONTEXT_ENTRY: Final = 200
MAX_CONTEXT_ENTRIES: Final = 20

Problems = Mapping[str, str]
"""Field (``begrip``, ``definitie`` or a context key) to what is wrong with it, in Dutch."""


class UnusableRequest(ValueError):
    """The input is empty or too long. ``problems`` says of each field what is wrong, in Dutch."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(f"unusable: {', '.join(sorted(problems))}")
        self.problems = problems


def read(
    begrip: str | None,
    definitie: str | None,
    context: Mapping[str, Sequence[str]],
    *,
    definitie_needed: bool = True,
) -> tuple[Subject, Problems]:
    """The tidied input and what is wrong with it; nothing wrong is an empty mapping."""
    entries = {
        key: tuple(dict.fromkeys(filter(None, map(tidy, context.get(key) or ()))))
        for key in CONTEXT_KEYS
    }
    subject = Subject(" ".join(tidy(begrip or "").split()), tidy(definitie or ""), entries)
    problems: dict[str, str] = {}
    if wrong := _text_problem("een begrip", "Het begrip", subject.begrip, MAX_BEGRIP):
        problems["begrip"] = wrong
    wrong = _text_problem("een definitie", "De definitie", subject.definitie, MAX_DEFINITIE)
    if wrong and (subject.definitie or definitie_needed):
        problems["definitie"] = wrong
    for key, values in entries.items():
        if len(values) > MAX_CONTEXT_ENTRIES:
            problems[key] = (
                f"Kies hoogstens {MAX_CONTEXT_ENTRIES} waarden; nu zijn het er {len(values)}."
            )
        elif too_long := [value for value in values if len(value) > MAX_CONTEXT_ENTRY]:
            problems[key] = (
                f"Een waarde is te lang: {len(too_long[0])} tekens, "
                f"hoogstens {MAX_CONTEXT_ENTRY}. Kort haar in."
            )
    return subject, problems


def _text_problem(asked: str, name: str, text: str, most: int) -> str | None:
    if not text:
        return f"Vul {asked} in; alleen spaties telt niet."
    if len(text) > most:
        return f"{name} is te lang: {len(text)} tekens, hoogstens {most}. Kort de tekst in."
    return None
