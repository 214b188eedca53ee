"""The prompts: Dutch text files an editor can change without code, and the requests made of them.

A request is three parts in this order, so that a provider's prompt cache meets the same prefix
again and again: the shared text, the texts of the types asked, and last the data of the begrip.
The data travels as one JSON object in the user message and never inside the instructions.
``version()`` is a digest of all the files, so an edited text can never meet an old cached answer.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import orjson

from voorbeelden.model import ExampleType, Subject


@cache
def _text(name: str) -> str:
    return (resources.files(__name__) / f"{name}.txt").read_text("utf-8").strip()


@cache
def _angles() -> dict[str, list[str]]:
    return tomllib.loads((resources.files(__name__) / "invalshoeken.toml").read_text("utf-8"))


def angle(kind: ExampleType, number: int, of: int) -> str:
    """The invalshoek of the ``number``-th (from 1) of ``of`` calls that share a type."""
    angles = _angles()[kind.value]
    return f"{angles[(number - 1) % len(angles)]}; voorbeeld {number}/{of}"


@cache
def version() -> str:
    """Twelve hex digits that change whenever a prompt or a schema does."""
    parts = [_text("gedeeld"), *(_text(kind.value) for kind in ExampleType)]
    parts.append(orjson.dumps(_angles()).decode())
    parts += [_text("definitie"), _text("toets")]
    schemas = [schema(tuple(ExampleType)), DRAFT_SCHEMA, JUDGING_SCHEMA]
    parts.append(orjson.dumps(schemas).decode())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@cache
def system_message(types: tuple[ExampleType, ...]) -> str:
    """The instructions for ``types``: the shared prefix, then a paragraph a type."""
    return "\n\n".join([_text("gedeeld"), *(_text(kind.value) for kind in types)])


def user_message(
    subject: Subject,
    wanted: Mapping[ExampleType, int],
    *,
    angle: str | None = None,
    present: tuple[str, ...] = (),
) -> str:
    """The data of one call as JSON text: ``wanted`` maps a type to how many items at most."""
    data: dict[str, Any] = {
        "taak": "voorbeelden",
        "gevraagd": {kind.value: count for kind, count in wanted.items()},
        "begrip": subject.begrip,
        "definitie": subject.definitie,
        "context": _lists(subject.context),
    }
    if angle:
        data["invalshoek"] = angle
    if present:
        data["al_aanwezig"] = list(present)
    return orjson.dumps(data).decode()


@cache
def schema(types: tuple[ExampleType, ...]) -> dict[str, Any]:
    """The JSON schema of an answer: one array a type, in OpenAI's strict subset.

    Counts are asked in the prompt and kept by the reader, not by ``minItems``/``maxItems``:
    several servers that know ``json_schema`` refuse those two keywords.
    """
    return _object({kind.value: {"type": "array", "items": _item_schema(kind)} for kind in types})


def draft_system() -> str:
    """The instructions for drafting a definition."""
    return _text("definitie")


def draft_message(begrip: str, context: Mapping[str, tuple[str, ...]]) -> str:
    """The data of a draft as JSON text."""
    data = {"taak": "definitie", "begrip": begrip, "context": _lists(context)}
    return orjson.dumps(data).decode()


def judging_system(rules: tuple[str, ...]) -> str:
    """The instructions for judging a definition, with the text of every rule: one prefix for all
    definitions, so that a provider's prompt cache keeps it."""
    return "\n".join([_text("toets"), *rules])


def judging_message(
    subject: Subject, rules: tuple[str, ...], findings: tuple[tuple[str, str], ...]
) -> str:
    """The data of a judgement as JSON text: ``rules`` are ids, ``findings`` an id and a reason."""
    data = {
        "taak": "toets",
        "begrip": subject.begrip,
        "definitie": subject.definitie,
        "context": _lists(subject.context),
        "regels": list(rules),
        "bevindingen": [{"regel": rule, "reden": reason} for rule, reason in findings],
    }
    return orjson.dumps(data).decode()


def _lists(context: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {key: list(values) for key, values in context.items()}


def _item_schema(kind: ExampleType) -> dict[str, Any]:
    text = {"type": "string"}
    if kind is ExampleType.TEGENVOORBEELDEN:
        return _object({"voorbeeld": text, "reden": text})
    return text


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


DRAFT_SCHEMA: Final = _object({"definitie": {"type": "string"}})
"""The answer of a draft: one text."""

JUDGING_SCHEMA: Final = _object(
    {
        "oordelen": {
            "type": "array",
            "items": _object(
                {
                    "regel": {"type": "string"},
                    "voldoet": {"type": "boolean"},
                    "reden": {"type": "string"},
                }
            ),
        },
        "verbetering": {"type": "string"},
    }
)
"""The answer of a judgement: a verdict a rule, and a better text where one is needed."""
