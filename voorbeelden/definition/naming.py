"""The check on a definition that names its own context."""

from __future__ import annotations

import re

from voorbeelden.definition.model import Test
from voorbeelden.definition.patterns import merged
from voorbeelden.definition.text import Definition, Hit
from voorbeelden.quality.text import key

_SHORTEST = 2


def names_context(test: Test, definition: Definition) -> Hit | None:
    """A value of the context stands in the definition as it was entered, capitals aside.

    An abbreviation counts only with its own capitals: "OM" is not the word "om".
    """
    spans = []
    for value in definition.context:
        words = value.split()
        if len(value) < _SHORTEST or not words or key(value) == key(definition.begrip):
            continue
        flags = re.NOFLAG if value.isupper() else re.IGNORECASE
        pattern = r"(?<![\w-])" + r"\s+".join(map(re.escape, words)) + r"(?![\w-])"
        spans += [found.span() for found in re.finditer(pattern, definition.text, flags)]
    return Hit(merged(spans)) if spans else None
