"""What the store has of a definition: its versions, with what was made from each, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from voorbeelden.clock import moment
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.keeping import Keep
from voorbeelden.model import ExampleType
from voorbeelden.screen.definition_findings import despite, folded_away, in_memory
from voorbeelden.screen.definition_texts import ORIGINS
from voorbeelden.screen.found import generation_label
from voorbeelden.screen.generating import standing
from voorbeelden.screen.shell import editor, open_desk
from voorbeelden.store.errors import StoreError
from voorbeelden.store.records import BegripRecord, BegripView, DefinitionRecord

_READING: Final = "d_gelezen"  # what was read last, and of what
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

    def labels_of(self, number: int) -> list[str]:
        """The generations made from version ``number``, oldest first, named as elsewhere."""
        oldest_first = list(reversed(self.view.generations))
        return [
            generation_label(one, place)
            for place, one in enumerate(oldest_first, start=1)
            if one.definition_number == number
        ]


def kept_definition(begrip_id: str) -> KeptDefinition | None:
    """``None`` when it is not kept, or when the database does not say."""
    if not begrip_id:
        return None
    try:
        desk = open_desk()
        return KeptDefinition(desk.view(begrip_id), desk.definitions(begrip_id))
    except StoreError:
        return None


def reading_of(snapshot: FlowSnapshot) -> KeptDefinition | None:
    """What is kept of a flow, for a page that is redrawn while the flow runs: the database is read
    again only when something more was kept, a version or a type."""
    state, examples = snapshot.state, snapshot.examples
    ended = 0 if examples is None else sum(one.outcome is not None for one in examples.lanes)
    job = None if examples is None else (examples.job_id, ended, examples.running)
    about = (snapshot.flow_id, state.begrip_id, len(snapshot.versions), snapshot.running, job)
    if (known := st.session_state.get(_READING)) is not None and known[0] == about:
        found: KeptDefinition = known[1]
        return found
    kept = kept_definition(state.begrip_id)
    if kept is not None:
        st.session_state[_READING] = (about, kept)
    return kept


def forget_reading() -> None:
    """A page that is opened or run anew reads again: somebody else may have kept something."""
    st.session_state.pop(_READING, None)


def kept_versions(kept: KeptDefinition, others: Sequence[DefinitionVersion] = ()) -> str:
    """Every version, newest first, folded away; before them the texts that another one took the
    place of unaccepted, which only memory has."""
    aside = [one for one in others if one.origin is Origin.SET_ASIDE]
    known = [_version(kept, one) for one in reversed(kept.versions)]
    return folded_away([*map(in_memory, reversed(aside)), *known])


def _version(kept: KeptDefinition, one: DefinitionRecord) -> str:
    made = kept.made_from(one.number)
    examples = f" · {made}× voorbeelden gemaakt" if made else ""
    return (
        f'<li><span class="vb-version-head">{one.number}. {_origin(one)} op '
        f"{moment(one.created_at)} door {_maker(one)}{examples}</span>"
        f'<span class="vb-version-text">{escape(one.subject.definitie)}</span>{_accepted(one)}</li>'
    )


def came_about(kept: KeptDefinition, one: DefinitionRecord) -> str:
    """How a version came to be, who accepted it and why, and what was made from it."""
    made = [f"Voorbeelden gemaakt: {escape(label)}" for label in kept.labels_of(one.number)]
    lines = [*_acceptance(one), *made]
    if one.origin != Origin.ACCEPTED:
        lines.insert(0, f"{_origin(one)} door {_maker(one)}")
    return f'<div class="vb-found"><small>{"<br>".join(lines)}</small></div>'


def _origin(one: DefinitionRecord) -> str:
    return _WORDS.get(one.origin, "Ingevoerd")


def _accepted(one: DefinitionRecord) -> str:
    """With a version that was made by accepting it, only the reason is still to be told."""
    lines = _acceptance(one)
    if one.origin == Origin.ACCEPTED:
        lines = lines[1:]
    return "".join(f'<span class="vb-version-head">{line}</span>' for line in lines)


def _acceptance(one: DefinitionRecord) -> list[str]:
    """Who accepted a version, and with which reason, as lines of HTML."""
    if one.accepted is None:
        return []
    who = f"Vastgesteld op {moment(one.accepted.at)} door {escape(one.accepted.author)}"
    reason = despite(one.accepted.against, one.accepted.reason)
    return [who, reason] if reason else [who]


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
