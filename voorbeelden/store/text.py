"""Text on its way into the database: what no database takes is taken out, and keys are made."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import orjson

from voorbeelden.model import CONTEXT_KEYS
from voorbeelden.store.errors import NotAllowed

_SPACES: Final = re.compile(r"\s+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"'})


def storable(text: str) -> str:
    """``text`` trimmed, without NUL and lone surrogates: PostgreSQL refuses the one, UTF-8 the
    other, and both may come out of a model's JSON."""
    return _SURROGATES.sub("\ufffd", text.replace("\0", "")).strip()


def required(text: str, what: str) -> str:
    """``storable(text)``; raises NotAllowed when nothing is left of it."""
    kept = storable(text)
    if not kept:
        raise NotAllowed(f"Vul {what} in: een lege tekst kan niet worden bewaard.")
    return kept


def storable_context(context: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """The known keys only, each with its texts that are not empty."""
    return {
        key: [kept for one in context.get(key, ()) if (kept := storable(one))]
        for key in CONTEXT_KEYS
    }


def folded(text: str) -> str:
    """``text`` as it is searched: no case, no diacritics, plain quotes, single spaces."""
    # Twice: mathematical letters become capitals only when they are taken apart.
    return _fold(_fold(text))


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return _SPACES.sub(" ", bare.translate(_QUOTES)).strip()


def subject_key(begrip: str, context: Mapping[str, list[str]]) -> str:
    """The same for the same begrip in the same context, whatever its definition."""
    values = [sorted(folded(one) for one in context.get(key, ())) for key in CONTEXT_KEYS]
    return hashlib.sha256(orjson.dumps([folded(begrip), values])).hexdigest()


def readable(text: str, reden: str | None) -> str:
    """An item as one text, for where two versions are put side by side."""
    return f"{text}\nGeen voorbeeld: {reden}" if reden else text
