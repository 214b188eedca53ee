"""What an editor may type, and what is said about it before anything is sent."""

from __future__ import annotations

import pytest

from voorbeelden.model import CONTEXT_KEYS
from voorbeelden.screen import form

EMPTY: dict[str, list[str]] = {}


def test_good_input_has_no_problems() -> None:
    subject, problems = form.read(" verdachte ", "degene die …", {"organisatorisch": ["OM"]})
    assert problems == {}
    assert (subject.begrip, subject.definitie) == ("verdachte", "degene die …")
    assert subject.context == {"organisatorisch": ("OM",), "juridisch": (), "wettelijk": ()}


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n\t", "\x00\x07"])
def test_spaces_and_control_characters_are_nothing(nothing: str | None) -> None:
    """Both fields are named, and the message says what to do."""
    _, problems = form.read(nothing, nothing, EMPTY)
    assert set(problems) == {"begrip", "definitie"}
    assert all("Vul" in problem for problem in problems.values())


def test_too_long_is_said_with_both_numbers() -> None:
    """Nothing is cut off behind the editor's back."""
    subject, problems = form.read("b" * 121, "d" * 4001, EMPTY)
    assert len(subject.begrip) == 121
    assert "121 tekens" in problems["begrip"]
    assert "hoogstens 120" in problems["begrip"]
    assert "4001 tekens" in problems["definitie"]


def test_limits_themselves_are_allowed() -> None:
    _, problems = form.read("b" * 120, "d" * 4000, {"juridisch": ["x" * 200] * 30})
    assert problems == {}


def test_context_is_tidied_and_doubles_go() -> None:
    subject, _ = form.read("x", "y", {"wettelijk": [" Sv ", "Sv", "  ", "Awb"]})
    assert subject.context["wettelijk"] == ("Sv", "Awb")


def test_a_context_with_too_much_is_named() -> None:
    _, many = form.read("x", "y", {"juridisch": [str(number) for number in range(21)]})
    assert "hoogstens 20" in many["juridisch"]
    _, long = form.read("x", "y", {"wettelijk": ["w" * 201]})
    assert "201 tekens" in long["wettelijk"]


def test_composed_and_decomposed_accents_are_the_same() -> None:
    composed, _ = form.read("privé", "y", EMPTY)
    decomposed, _ = form.read("prive\N{COMBINING ACUTE ACCENT}", "y", EMPTY)
    assert composed == decomposed


def test_every_context_has_a_label_help_and_presets() -> None:
    for table in (form.CONTEXT_LABELS, form.CONTEXT_HELP, form.CONTEXT_PRESETS):
        assert tuple(table) == CONTEXT_KEYS
