"""From rows to records, and the reads that more than one module needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Row, case, select

from voorbeelden.model import ExampleType, OutcomeState, Subject, Tokens
from voorbeelden.store.errors import NotFound
from voorbeelden.store.records import (
    Acceptance,
    ActionKind,
    ActionRecord,
    BegripRecord,
    ChangeRecord,
    DefinitionRecord,
    GenerationRecord,
    ItemRecord,
    ItemStatus,
    ReviewCounts,
    Turn,
    TypeRecord,
)
from voorbeelden.store.schema import acties, begrippen, items

READING_ORDER: Final = {kind: rank for rank, kind in enumerate(ExampleType)}


def begrip_record(row: Row[Any]) -> BegripRecord:
    return BegripRecord(
        id=row.id,
        begrip=row.begrip,
        definitie=row.definitie,
        context=context_of(row.context),
        voorkeursterm=row.voorkeursterm or row.begrip,
        definition_number=row.definition_number,
        version=row.version,
        counts=ReviewCounts(row.count_voorstel, row.count_goedgekeurd, row.count_afgewezen),
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def context_of(value: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(texts) for key, texts in value.items()}


def definition_record(row: Row[Any], accepted: Acceptance | None = None) -> DefinitionRecord:
    subject = Subject(row.begrip, row.definitie, context_of(row.context))
    return DefinitionRecord(
        begrip_id=row.begrip_id,
        number=row.number,
        subject=subject,
        author=row.author,
        created_at=row.created_at,
        origin=row.origin,
        accepted=accepted,
    )


def acceptance(row: Row[Any]) -> Acceptance:
    return Acceptance(row.reason, tuple(row.against), row.author, row.at)


def item_record(row: Row[Any]) -> ItemRecord:
    return ItemRecord(
        id=row.id,
        begrip_id=row.begrip_id,
        generation_id=row.generation_id,
        type=ExampleType(row.type),
        position=row.position,
        text=row.text,
        reden=row.reden,
        status=ItemStatus(row.status),
        touched=row.touched,
        previous_id=row.previous_id,
        note=row.note,
        author=row.author,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def type_record(row: Row[Any]) -> TypeRecord:
    tokens = None
    if row.prompt_tokens is not None:
        tokens = Tokens(row.prompt_tokens, row.completion_tokens, row.cached_tokens)
    return TypeRecord(
        type=ExampleType(row.type),
        state=OutcomeState(row.state),
        seconds=row.seconds,
        first_item_seconds=row.first_item_seconds,
        attempts=row.attempts,
        tokens=tokens,
        failure_kind=row.failure_kind,
        failure=row.failure,
        notes=tuple(row.notes),
        cached_at=row.cached_at,
        saved_at=row.saved_at,
    )


def generation_record(
    row: Row[Any],
    *,
    undone: bool,
    types: Iterable[TypeRecord],
    made: tuple[ItemRecord, ...] = (),
) -> GenerationRecord:
    return GenerationRecord(
        id=row.id,
        begrip_id=row.begrip_id,
        definition_number=row.definition_number,
        mode=row.mode,
        plan=row.plan,
        model=row.model,
        prompt_version=row.prompt_version,
        job_id=row.job_id,
        replaces=row.replaces,
        author=row.author,
        started_at=row.started_at,
        ended_at=row.ended_at,
        undone=undone,
        types=tuple(sorted(types, key=lambda one: READING_ORDER[one.type])),
        items=made,
    )


def action_record(row: Row[Any], changes: tuple[ChangeRecord, ...] = ()) -> ActionRecord:
    return ActionRecord(
        id=row.id,
        begrip_id=row.begrip_id,
        kind=ActionKind(row.kind),
        author=row.author,
        at=row.at,
        generation_id=row.generation_id,
        undone=row.undone_at is not None,
        changes=changes,
    )


def change_record(row: Row[Any]) -> ChangeRecord:
    old = None if row.old is None else orjson.loads(row.old)
    return ChangeRecord(
        row.item_id, row.field, old, orjson.loads(row.new), Turn(row.turn), row.author, row.at
    )


def get_begrip(connection: Connection, begrip_id: str, *, lock: bool = False) -> BegripRecord:
    """Raises NotFound. With ``lock`` no other transaction may write to this begrip until ours
    ends (SQLite has no row locks and needs none: there a writer is alone anyway)."""
    query = select(begrippen).where(begrippen.c.id == begrip_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("Dit begrip is niet (meer) te vinden. Zoek het op in de geschiedenis.")
    return begrip_record(row)


def get_item(connection: Connection, item_id: str) -> ItemRecord:
    """Raises NotFound."""
    row = connection.execute(select(items).where(items.c.id == item_id)).first()
    if row is None:
        raise NotFound("Dit voorbeeld is niet te vinden. Laad de pagina opnieuw.")
    return item_record(row)


def list_items(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[ItemRecord, ...]:
    """In reading order: by type, then by position, then by age."""
    rank = case({kind.value: rank for kind, rank in READING_ORDER.items()}, value=items.c.type)
    query = (
        select(items)
        .where(*conditions)
        .order_by(rank, items.c.position, items.c.created_at, items.c.id)
    )
    return tuple(item_record(row) for row in connection.execute(query))


def visible() -> ColumnElement[bool]:
    return items.c.status != ItemStatus.VERVANGEN


def not_undone() -> ColumnElement[bool]:
    return acties.c.undone_at.is_(None)
