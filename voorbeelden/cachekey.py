"""What decides an answer, as one key."""

from __future__ import annotations

import hashlib
import unicodedata

import orjson

from voorbeelden import prompts
from voorbeelden.model import Subject
from voorbeelden.settings import Settings
from voorbeelden.strategies import Call


def cache_key(settings: Settings, subject: Subject, call: Call) -> str:
    """SHA-256, in hex, of canonical JSON (NFC, sorted keys) of everything that decides the answer.

    Not ``hash()``: that is salted per process, and a cache outlives its process.
    """
    parts = {
        "provider": settings.base_url or ("demo" if settings.demonstration else "openai"),
        "model": settings.model,
        "temperature": settings.temperature,
        "max_tokens": settings.max_output_tokens,
        "prompts": prompts.version(),
        "begrip": subject.begrip,
        "definitie": subject.definitie,
        "context": {key: list(values) for key, values in subject.context.items()},
        "wanted": {kind.value: count for kind, count in call.wanted.items()},
        "angle": call.angle,
        "present": list(call.present),
    }
    text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()
