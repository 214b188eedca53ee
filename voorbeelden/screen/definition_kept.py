"""What the store has of a definition: its versions, with what was made from each, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from voorbeelden.definition.flow_keeper import Origin
from voorbeelden.keeping import Keep
from voorbeelden.model import ExampleType
from voorbeelden.screen.definition_findings import despite, folded_away
from voorbeelden.screen.definition_texts import ORIGINS
from voorbeelden.screen.found import moment
from voorbeelden.screen.review_actions import standing
from voorbeelden.screen.shell import editor, open_desk
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripRecord, BegripView, DefinitionRecord

_WORDS: Final[Mapping[str, str]] = {origin.value: words for origin, words in ORIGINS.items()}


@dataclass(frozen=True, slots=True)
class KeptDefinition:
    """A begrip in the store with every version of its definition, oldest first."""

    view: BegripView
    versions: tuple[DefinitionRecord, ...]

    @property
    def begrip(self) -> BegripRecord:
        return self.view.begrip

    def made_from(self, number: int) -> int:
        """How many generations were made from version ``number`` and not taken back."""
        return sum(
            one.definition_number == number and not one.undone for one in self.view.generations
        )


def kept_definition(begrip_id: str) -> KeptDefinition | None:
    """``None`` when it is not kept, or when the database does not say."""
    if not begrip_id:
        return None
    try:
        desk = open_desk()
        return KeptDefinition(desk.view(begrip_id), desk.definitions(begrip_id))
    except StoreError:
        return None


def kept_versions(kept: KeptDefinition) -> str:
    """Every version, newest first, folded away."""
    return folded_away([_version(kept, one) for one in reversed(kept.versions)])


def _version(kept: KeptDefinition, one: DefinitionRecord) -> str:
    made = kept.made_from(one.number)
    examples = f" · {made}× voorbeelden gemaakt" if made else ""
    origin = _WORDS.get(one.origin, "Ingevoerd")
    accepted = ""
    if one.accepted is not None:
        if one.origin != Origin.ACCEPTED:
            accepted = (
                '<span class="vb-version-head">Vastgesteld op '
                f"{moment(one.accepted.at)} door {escape(one.accepted.author)}</span>"
            )
        accepted += despite(one.accepted.against, one.accepted.reason)
    return (
        f'<li><span class="vb-version-head">{one.number}. {origin} op {moment(one.created_at)} '
        f"door {_maker(one)}{examples}</span>"
        f'<span class="vb-version-text">{escape(one.subject.definitie)}</span>{accepted}</li>'
    )


def _maker(one: DefinitionRecord) -> str:
    """A draft is asked for by an editor and written by the model."""
    if one.origin in (Origin.DRAFT, Origin.IMPROVED):
        return f"het taalmodel, voor {escape(one.author)}"
    return escape(one.author)


def left_of(kept: KeptDefinition) -> str:
    """What there is of a flow that this process knows nothing of any more."""
    begrip = kept.begrip
    return (
        f'<section class="vb-welcome"><h2>{escape(begrip.begrip)}</h2>'
        f'<p class="vb-definition-text">{escape(begrip.definitie)}</p>'
        "<p>Het werk hieraan is afgelopen of onderbroken. Wat klaar was, is bewaard: de definitie "
        f"met haar versies, en {begrip.counts.total} voorbeelden.</p></section>"
        f"{kept_versions(kept)}"
    )


def where_to_keep(begrip_id: str, text: str, kind: ExampleType) -> tuple[Keep, tuple[str, ...]]:
    """Where one type that is made again from ``text`` is kept, and the texts of it that stay.

    Raises:
        StoreError: it cannot be kept now.
    """
    desk = open_desk()
    view = desk.view(begrip_id)
    same = [one.number for one in desk.definitions(begrip_id) if one.subject.definitie == text]
    number = same[-1] if same else None
    return Keep(desk, begrip_id, editor(), definition_number=number), standing(view)[kind]
