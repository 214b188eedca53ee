"""Quality checks on generated examples: quiet marks for the editor, never a gate.

``check_item`` judges one item, ``check_set`` a whole set with comparisons between items;
``CHECKS`` names every check. Findings that any jurist would agree on are apart from hints
(``Level``). The first call loads a Dutch dictionary (``warm_up`` does so beforehand).
What each check looks at and how well it does: docs/quality.md; ``python -m voorbeelden.quality``
measures it again.
"""

from __future__ import annotations

from voorbeelden.quality.checks import CHECKS, check_item, check_set
from voorbeelden.quality.dictionary import warm_up
from voorbeelden.quality.model import Check, Finding, ItemRef, Level, Part, Span
from voorbeelden.quality.readability import Readability, readability

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "ItemRef",
    "Level",
    "Part",
    "Readability",
    "Span",
    "check_item",
    "check_set",
    "readability",
    "warm_up",
]
