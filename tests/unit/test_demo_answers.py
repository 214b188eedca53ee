"""Answers: the request's JSON in, at most the items asked for out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from voorbeelden.definition import check_definition
from voorbeelden.definition.model import RuleKind
from voorbeelden.demo import answers
from voorbeelden.demo.answers import TASKS, answer
from voorbeelden.demo.catalogue import KINDS, OTHER
from voorbeelden.demo.definities import TEMPLATE, afgekeurd, definitie
from voorbeelden.demo.teksten import bekende_begrippen, bekende_definitie
from voorbeelden.model import DEFAULT_EXAMPLE_COUNTS, ExampleType


def ask(gevraagd: dict[str, int], **more: Any) -> dict[str, list[Any]]:
    task = {"taak": "voorbeelden", "gevraagd": gevraagd, "begrip": "zandbak", **more}
    content = answer(json.dumps(task)).content
    assert isinstance(content, dict)
    return content


@pytest.fixture
def numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that show what was picked: five of each, two synoniemen."""

    def texts(begrip: str, definitie: str, context: dict[str, list[str]]) -> dict[str, list[Any]]:
        made: dict[str, list[Any]] = {
            kind.value: [f"{kind.value} {n}" for n in range(1, 6)] for kind in ExampleType
        }
        made["tegenvoorbeelden"] = [{"voorbeeld": f"t{n}", "reden": "r"} for n in range(1, 6)]
        made["synoniemen"] = ["s1", "s2"]
        return made

    monkeypatch.setattr(answers, "voorbeelden_voor", texts)


@pytest.mark.parametrize("kind", list(ExampleType))
def test_each_type_answers_its_own_key_with_the_number_asked(kind: ExampleType) -> None:
    """With the real texts: one key, at most the number asked, objects for tegenvoorbeelden."""
    count = DEFAULT_EXAMPLE_COUNTS[kind]
    content = ask({kind: count}, definitie="d", context={"juridisch": ["strafrecht"]})
    assert list(content) == [kind]
    assert 0 < len(content[kind]) <= count
    keys = {"voorbeeld", "reden"}
    assert all(
        set(item) == keys if kind == "tegenvoorbeelden" else isinstance(item, str)
        for item in content[kind]
    )


@pytest.mark.usefixtures("numbered")
def test_a_combined_call_answers_every_type_in_the_order_asked() -> None:
    """Keys stand in the order of ``gevraagd``, and the counts are known for the timing."""
    content = ask({"toelichting": 1, "synoniemen": 5, "voorbeeldzinnen": 3})
    assert [(kind, len(items)) for kind, items in content.items()] == [
        ("toelichting", 1),
        ("synoniemen", 2),
        ("voorbeeldzinnen", 3),
    ]


@pytest.mark.usefixtures("numbered")
def test_what_is_present_is_not_given_again() -> None:
    """Also for a tegenvoorbeeld in the form in which the app shows it, and in another case."""
    assert ask({"synoniemen": 5}, al_aanwezig=["S1 "]) == {"synoniemen": ["s2"]}
    assert ask({"synoniemen": 5}, al_aanwezig=["s1", "s2"]) == {"synoniemen": []}
    left = ask({"tegenvoorbeelden": 5}, al_aanwezig=["t1", "t2 (Geen voorbeeld: r)"])
    assert [item["voorbeeld"] for item in left["tegenvoorbeelden"]] == ["t3", "t4", "t5"]


@pytest.mark.usefixtures("numbered")
def test_numbered_angles_share_the_items_out() -> None:
    """ "1/3" to "3/3" give three different items; two each when two are asked."""
    one = [ask({"voorbeeldzinnen": 1}, invalshoek=f"burger {n}/3") for n in (1, 2, 3)]
    assert [made["voorbeeldzinnen"] for made in one] == [
        [f"voorbeeldzinnen {n}"] for n in (1, 2, 3)
    ]
    second = ask({"voorbeeldzinnen": 2}, invalshoek="2/2")
    assert second["voorbeeldzinnen"] == ["voorbeeldzinnen 3", "voorbeeldzinnen 4"]


@pytest.mark.usefixtures("numbered")
def test_an_angle_in_words_decides_the_item() -> None:
    """The same angle gives the same item in every process, and angles differ among each other."""
    angles = ["de burger", "de rechter", "de officier", "de advocaat", "het slachtoffer", "de pers"]
    given = [ask({"voorbeeldzinnen": 1}, invalshoek=angle)["voorbeeldzinnen"] for angle in angles]
    again = [ask({"voorbeeldzinnen": 1}, invalshoek=angle)["voorbeeldzinnen"] for angle in angles]
    assert given == again
    assert len({items[0] for items in given}) > 1


@pytest.mark.parametrize(
    "message",
    [
        "Hallo",
        "[]",
        '"voorbeelden"',
        '{"taak": "dichten"}',
        '{"taak": ["voorbeelden"]}',
        '{"taak": "voorbeelden"}',
        '{"taak": "voorbeelden", "begrip": " ", "gevraagd": {"synoniemen": 1}}',
        '{"taak": "voorbeelden", "begrip": "x", "gevraagd": {"synoniemen": 0}}',
        '{"taak": "voorbeelden", "begrip": "x", "gevraagd": {"grappen": 3}}',
    ],
)
def test_a_message_that_is_no_task_gets_a_readable_line(message: str) -> None:
    """Whoever points a chat program at the demo server reads Dutch, not an error."""
    made = answer(message)
    assert made.counts == {OTHER: 1}
    assert made.text.startswith("Dit is de demoserver")


@pytest.mark.usefixtures("numbered")
def test_odd_context_and_lists_are_read_as_empty() -> None:
    """Values of the wrong type do not break an answer."""
    content = ask({"synoniemen": 1}, context="OM", al_aanwezig="s1", invalshoek=3)
    assert content == {"synoniemen": ["s1"]}


def test_every_kind_of_a_task_can_be_named_in_a_spec() -> None:
    """``@kind`` knows what the tasks count, so a fault can be aimed at each."""
    assert set(ExampleType) < set(KINDS)
    assert set(TASKS) == {"voorbeelden", "definitie", "toets"}
    assert {"definitie", "toets"} < set(KINDS)


def test_a_known_begrip_has_its_hand_written_definition() -> None:
    """Under any of its names; another begrip gets a text that says what it is."""
    made = answer('{"taak": "definitie", "begrip": "Verdachten", "context": {}}')
    assert made.counts == {"definitie": 1}
    assert made.content == {"definitie": bekende_definitie("verdachte")}
    other = answer('{"taak": "definitie", "begrip": "zandbak"}')
    assert other.content == {"definitie": TEMPLATE}
    assert "Demonstratie" in TEMPLATE


@pytest.mark.parametrize("begrip", ["zandbak", *(one.begrip for one in bekende_begrippen())])
def test_no_demonstration_text_has_a_fact_against_it(begrip: str) -> None:
    """Neither the definition nor its improvement: a restart is never refused for its own text."""
    for text in (
        definitie(begrip),
        str(afgekeurd(["toetsbaar"], definitie(begrip))["verbetering"]),
    ):
        found = check_definition(begrip, text, {})
        assert [one for one in found if one.kind is RuleKind.D] == []


def test_a_toets_judges_the_rules_that_are_asked() -> None:
    """All met, with a reason that says it is a demonstration; the variant fails the first one."""
    made = answer('{"taak": "toets", "definitie": "Goed.", "regels": ["toetsbaar", "reikwijdte"]}')
    assert made.counts == {"toets": 1}
    assert isinstance(made.content, dict)
    rows = made.content["oordelen"]
    assert [(row["regel"], row["voldoet"]) for row in rows] == [
        ("toetsbaar", True),
        ("reikwijdte", True),
    ]
    assert all(row["reden"].startswith("Demonstratie") for row in rows)
    assert made.content["verbetering"] == ""
    rejected = made.variants["afgekeurd"]
    assert [row["voldoet"] for row in rejected["oordelen"]] == [False, True]
    assert rejected["verbetering"].startswith("Goed,")


@pytest.mark.parametrize(
    "task",
    [
        {"taak": "definitie"},
        {"taak": "definitie", "begrip": " "},
        {"taak": "toets", "definitie": "", "regels": ["toetsbaar"]},
        {"taak": "toets", "definitie": "Goed", "regels": []},
        {"taak": "toets", "regels": ["toetsbaar"]},
    ],
)
def test_a_task_of_the_flow_that_is_not_whole_gets_a_readable_line(task: dict[str, Any]) -> None:
    assert answer(json.dumps(task)).counts == {OTHER: 1}
