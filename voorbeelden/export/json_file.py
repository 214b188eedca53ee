"""JSON with everything that is known of a begrip, for programs of one's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from voorbeelden.export.model import ExportBegrip, ExportItem, Kader
from voorbeelden.model import CONTEXT_KEYS

SCHEMA: Final = "voorbeelden/1"


def write_json(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """One JSON object, UTF-8; ``schema`` changes when the meaning of a key does."""
    document = {
        "schema": SCHEMA,
        "kader": kader.naam,
        "begrippen": [_begrip(begrip) for begrip in begrippen],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _begrip(begrip: ExportBegrip) -> dict[str, object]:
    return {
        "id": begrip.id,
        "begrip": begrip.begrip,
        "definitie": begrip.definitie,
        "context": {key: list(begrip.context.get(key, ())) for key in CONTEXT_KEYS},
        "voorkeursterm": begrip.voorkeursterm,
        "gewijzigd": begrip.changed_at.isoformat() if begrip.changed_at else None,
        "voorbeelden": [_item(item) for item in begrip.items],
    }


def _item(item: ExportItem) -> dict[str, object]:
    return {
        "id": item.id,
        "soort": item.type.value,
        "volgorde": item.position,
        "tekst": item.text,
        "reden": item.reden,
        "status": str(item.status),
        "notitie": item.note,
    }
