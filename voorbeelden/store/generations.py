"""Generations: begun with their plan, saved type by type, never over an editor's work."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from voorbeelden.model import ExampleType, Outcome, OutcomeState
from voorbeelden.store import undo
from voorbeelden.store.action import Action
from voorbeelden.store.errors import NotFound
from voorbeelden.store.item_actions import end_position
from voorbeelden.store.records import ActionKind, GenerationRecord, ItemRecord, ItemStatus
from voorbeelden.store.rows import (
    action_record,
    generation_record,
    get_begrip,
    list_items,
    type_record,
)
from voorbeelden.store.schema import acties, generatie_types, generaties, items
from voorbeelden.store.text import storable
from voorbeelden.strategies import Plan


@dataclass(frozen=True, slots=True)
class GenerationStart:
    """What is known of a generation when it begins; see ``GenerationRecord``.

    Attributes:
        replaces: the id of the one item that another text is to be found for.
        generation_id: one's own, so that the start may be repeated.
        definition_number: the version that it is made from; ``None`` is the begrip's present one.
    """

    begrip_id: str
    plan: Plan
    by: str
    model: str
    prompt_version: str
    job_id: str | None = None
    replaces: str | None = None
    generation_id: str | None = None
    definition_number: int | None = None


def start(connection: Connection, given: GenerationStart) -> str:
    """Returns the generation's id. With a ``generation_id`` that exists nothing is written, so
    an engine that starts its work again goes on where it was.

    Raises:
        NotFound: there is no such begrip.
    """
    if given.generation_id and _exists(connection, given.generation_id):
        return given.generation_id
    begrip = get_begrip(connection, given.begrip_id, lock=True)
    now = datetime.now(UTC)
    generation_id = given.generation_id or uuid.uuid4().hex
    row = {
        "id": generation_id,
        "begrip_id": begrip.id,
        "definition_number": given.definition_number or begrip.definition_number,
        "mode": given.plan.mode.value,
        "plan": _plan_data(given.plan),
        "model": given.model,
        "prompt_version": given.prompt_version,
        "job_id": given.job_id,
        "replaces": given.replaces,
        "author": given.by,
        "started_at": now,
        "ended_at": None,
    }
    connection.execute(insert(generaties), row)
    # The action stands where the editor clicked, not where the last type came in: that is the
    # order in which an editor expects to undo.
    action = {
        "begrip_id": begrip.id,
        "kind": ActionKind.GENERATIE,
        "author": given.by,
        "at": now,
        "generation_id": generation_id,
    }
    connection.execute(insert(acties), action)
    return generation_id


def save_types(
    connection: Connection, generation_id: str, outcomes: Sequence[Outcome]
) -> list[bool]:
    """Saves each type whole, or does nothing (false) where its items are there already.

    A whole answer supersedes the untouched proposals of its type; a partial or cancelled one is
    added beside them, and a failure only leaves its record.

    Raises:
        NotFound: there is no such generation.
    """
    row = _generation_row(connection, generation_id)
    action = Action(connection, row.begrip_id, ActionKind.GENERATIE, row.author)
    action.join(row.action_id)
    # Now that the begrip is ours nobody can undo the generation under our hands.
    row = _generation_row(connection, generation_id)
    saved = [_save_type(action, row, outcome) for outcome in outcomes]
    action.finish()
    return saved


def _save_type(action: Action, row: Any, outcome: Outcome) -> bool:
    connection, kind = action.connection, outcome.example_type
    made = (items.c.generation_id == row.id, items.c.type == kind.value)
    if list_items(connection, *made):
        return False
    connection.execute(
        delete(generatie_types).where(
            generatie_types.c.generation_id == row.id, generatie_types.c.type == kind.value
        )
    )
    connection.execute(insert(generatie_types), _type_data(row.id, outcome, action.now))
    # Undone while it was still running: what comes in is kept and logged, but not shown.
    _save_items(action, row, outcome, shown=row.undone_at is None)
    return True


def end(connection: Connection, generation_id: str) -> None:
    """Notes the time at which the last type ended. The first call counts."""
    connection.execute(
        update(generaties)
        .where(generaties.c.id == generation_id, generaties.c.ended_at.is_(None))
        .values(ended_at=datetime.now(UTC))
    )


def withdraw(connection: Connection, generation_id: str, author: str) -> None:
    """Takes a whole generation back, as undoing it would: its untouched items are superseded and
    what it superseded is shown again. Nothing happens when it is taken back already.

    Raises:
        NotFound: there is no such generation.
    """
    row = _generation_row(connection, generation_id)
    action = Action(connection, row.begrip_id, ActionKind.TERUGGEZET, author)
    query = select(acties).where(acties.c.id == row.action_id, acties.c.undone_at.is_(None))
    if (made := connection.execute(query).first()) is not None:
        undo.undo(action, action_record(made))
        action.finish()


def list_generations(connection: Connection, begrip_id: str) -> tuple[GenerationRecord, ...]:
    """Newest first, without their items."""
    query = (
        _with_action()
        .where(generaties.c.begrip_id == begrip_id)
        .order_by(generaties.c.started_at.desc(), acties.c.id.desc())
    )
    rows = connection.execute(query).all()
    types = select(generatie_types).join(generaties).where(generaties.c.begrip_id == begrip_id)
    ended: dict[str, list[Any]] = {}
    for one in connection.execute(types):
        ended.setdefault(one.generation_id, []).append(type_record(one))
    return tuple(
        generation_record(row, undone=row.undone_at is not None, types=ended.get(row.id, ()))
        for row in rows
    )


def get_generation(connection: Connection, generation_id: str) -> GenerationRecord:
    """With its items as it made them. Raises NotFound."""
    row = _generation_row(connection, generation_id)
    types = select(generatie_types).where(generatie_types.c.generation_id == generation_id)
    return generation_record(
        row,
        undone=row.undone_at is not None,
        types=[type_record(one) for one in connection.execute(types)],
        made=list_items(connection, items.c.generation_id == generation_id),
    )


def _with_action() -> Any:
    return select(generaties, acties.c.id.label("action_id"), acties.c.undone_at).join(
        acties, acties.c.generation_id == generaties.c.id
    )


def _generation_row(connection: Connection, generation_id: str) -> Any:
    row = connection.execute(_with_action().where(generaties.c.id == generation_id)).first()
    if row is None:
        raise NotFound("Deze generatie is niet te vinden. Laad de pagina opnieuw.")
    return row


def _exists(connection: Connection, generation_id: str) -> bool:
    query = select(generaties.c.id).where(generaties.c.id == generation_id)
    return connection.execute(query).first() is not None


def _save_items(action: Action, row: Any, outcome: Outcome, *, shown: bool) -> None:
    texts = [(storable(one.text), one.reden and storable(one.reden)) for one in outcome.items]
    texts = [(text, reden) for text, reden in texts if text]
    if not texts:
        return
    present = action.visible_items(outcome.example_type)
    target = next((item for item in present if item.id == row.replaces), None)
    if row.replaces is None:
        old = [item for item in present if not item.protected]
    else:
        old = [target] if target is not None and not target.protected else []
    if outcome.state is not OutcomeState.DONE:
        old = []
    for item in old:
        if shown:
            action.change_item(item, touch=False, status=ItemStatus.VERVANGEN)
        else:
            action.log(item.id, "status", item.status, ItemStatus.VERVANGEN)
    places = _places(present, target, replaced=bool(old), count=len(texts))
    action.add_items(
        [
            {
                "generation_id": row.id,
                "type": outcome.example_type,
                "text": text,
                "reden": reden or None,
                "position": place,
                "status": ItemStatus.VOORSTEL if shown else ItemStatus.VERVANGEN,
                "previous_id": row.replaces if target is not None else None,
                "author": row.model,
            }
            for place, (text, reden) in zip(places, texts, strict=True)
        ],
        meant=ItemStatus.VOORSTEL,
    )


def _places(
    present: tuple[ItemRecord, ...], target: ItemRecord | None, *, replaced: bool, count: int
) -> list[float]:
    """At the end; or in the place of ``target``, or right after it when it stays."""
    if target is None:
        first = end_position(present)
        return [first + number for number in range(count)]
    following = [item.position for item in present if item.position > target.position]
    room = min(following, default=target.position + 1.0) - target.position
    shift = 0 if replaced else 1
    return [target.position + room * (number + shift) / (count + shift) for number in range(count)]


def _plan_data(plan: Plan) -> dict[str, Any]:
    calls = [
        {
            "name": call.name,
            "wanted": {kind.value: count for kind, count in call.wanted.items()},
            "angle": call.angle,
        }
        for call in plan.calls
    ]
    return {"at_once": plan.at_once, "calls": calls}


def _type_data(generation_id: str, outcome: Outcome, now: datetime) -> dict[str, Any]:
    tokens, failure = outcome.tokens, outcome.failure
    cached_at = None
    if outcome.cached_at is not None:
        cached_at = datetime.fromtimestamp(outcome.cached_at, UTC)
    return {
        "generation_id": generation_id,
        "type": outcome.example_type.value,
        "state": outcome.state.value,
        "seconds": outcome.seconds,
        "first_item_seconds": outcome.first_item_seconds,
        "attempts": outcome.attempts,
        "prompt_tokens": tokens and tokens.prompt,
        "completion_tokens": tokens and tokens.completion,
        "cached_tokens": tokens and tokens.cached,
        "failure_kind": failure and failure.kind.value,
        "failure": failure and storable(failure.message),
        "notes": [storable(note) for note in outcome.notes],
        "cached_at": cached_at,
        "saved_at": now,
    }


def saved_types(connection: Connection, generation_id: str) -> frozenset[ExampleType]:
    """The types that have items: the ones that need no call any more."""
    query = select(items.c.type).where(items.c.generation_id == generation_id).distinct()
    return frozenset(ExampleType(kind) for kind in connection.execute(query).scalars())
