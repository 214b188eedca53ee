"""What the tests of the store share: a begrip, and generations that need no model."""

from __future__ import annotations

from voorbeelden.model import ExampleType, GenerationMode, Item, Outcome, OutcomeState, Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import BegripRecord, ItemRecord
from voorbeelden.strategies import make_plan

SYNONIEMEN = ExampleType.SYNONIEMEN
TEGEN = ExampleType.TEGENVOORBEELDEN
ZINNEN = ExampleType.VOORBEELDZINNEN

SUBJECT = Subject(
    "verdachte",
    "persoon tegen wie een redelijk vermoeden van schuld bestaat",
    {"organisatorisch": (), "juridisch": ("strafrecht",), "wettelijk": ("Sv",)},
)


def outcome(
    *texts: str, kind: ExampleType = SYNONIEMEN, state: OutcomeState = OutcomeState.DONE
) -> Outcome:
    return Outcome(kind, state, tuple(Item(text) for text in texts))


def start(
    desk: Desk,
    begrip: BegripRecord,
    *,
    kinds: tuple[ExampleType, ...] = (SYNONIEMEN,),
    replaces: ItemRecord | None = None,
    generation_id: str | None = None,
) -> str:
    return desk.start_generation(
        GenerationStart(
            begrip.id,
            make_plan(GenerationMode.ASYNC, dict.fromkeys(kinds, 3)),
            by="anna",
            model="model-1",
            prompt_version="abc",
            job_id="job",
            replaces=replaces.id if replaces else None,
            generation_id=generation_id,
        )
    )


def generate(desk: Desk, begrip: BegripRecord, *texts: str, kind: ExampleType = SYNONIEMEN) -> str:
    """One whole generation of one type."""
    generation = start(desk, begrip, kinds=(kind,))
    assert desk.save_type(generation, outcome(*texts, kind=kind))
    desk.end_generation(generation)
    return generation


def shown(desk: Desk, begrip: BegripRecord, kind: ExampleType = SYNONIEMEN) -> list[str]:
    return [item.text for item in desk.view(begrip.id).of_type(kind)]


def item(desk: Desk, begrip: BegripRecord, text: str) -> ItemRecord:
    """The visible item with this text."""
    [found] = [one for one in desk.items(begrip.id) if one.text == text]
    return found
