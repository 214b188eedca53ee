"""The dictionary: loaded late, and chains of lemmas that end in time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from voorbeelden.quality.dictionary import known, lemma, lemmas


def test_importing_the_checks_loads_no_dictionary() -> None:
    """The import of simplemma and its data wait for the first question; ``warm_up`` asks it."""
    program = (
        "import sys, voorbeelden.quality as quality; before = 'simplemma' in sys.modules;"
        "quality.warm_up(); print(before, 'simplemma' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("veroordeelden", "veroordeelde"),  # one step
        ("veroordeelden", "veroordelen"),  # three
        ("aangehouden", "aanhouden"),  # stored with a seam
        ("agenda's", "agenda"),
    ],
)
def test_a_chain_leads_to_the_base(form: str, base: str) -> None:
    """As many steps as an inflection takes."""
    assert base in lemmas(form)


@pytest.mark.parametrize(
    ("form", "other"), [("besloten", "besluit"), ("gedaagde", "dag"), ("werkneemster", "werknemer")]
)
def test_a_chain_ends_before_another_word(form: str, other: str) -> None:
    """An infinitive is not the plural it looks like; a female noun is a noun of its own."""
    assert other not in lemmas(form)


def test_an_unknown_word_is_its_own_lemma() -> None:
    """What the dictionary lacks comes back as it is; so does nothing at all."""
    assert not known("kwibusrecht")
    assert lemma("kwibusrecht") == "kwibusrecht"
    assert lemma("") == ""
    assert not known("")
