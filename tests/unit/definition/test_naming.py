"""A definition that names its own context."""

from __future__ import annotations

import pytest

from voorbeelden.definition.model import Test
from voorbeelden.definition.naming import names_context
from voorbeelden.definition.text import Definition


@pytest.mark.parametrize(
    ("value", "text", "marked"),
    [
        ("Gemeente", "Ambtenaar van de gemeente", ["gemeente"]),
        ("gemeente", "Gemeentelijk ambtenaar of gemeente-ambtenaar", []),
        ("OM", "Instantie om te vervolgen", []),
        ("OM", "Instantie naast het OM", ["OM"]),
        ("Wet  (2020) [x]", "Regel in de wet (2020) [x] of wet", ["wet (2020) [x]"]),
        ("Burgerlijk Wetboek", "Recht uit het burgerlijk\nwetboek", ["burgerlijk\nwetboek"]),
        ("begrip", "Het begrip zelf", []),
        (" ", "Geheel van regels", []),
    ],
)
def test_a_value_counts_whole(value: str, text: str, marked: list[str]) -> None:
    """Whole words in any case, an abbreviation in its own; the begrip itself is no context."""
    hit = names_context(Test("context"), Definition("begrip", text, (value,)))
    assert ([] if hit is None else [text[a:b] for a, b in hit.spans]) == marked
