"""Whatever editors and generations do, in any order: nothing is lost and nothing is overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from voorbeelden.model import ExampleType, GenerationMode, Item, Outcome, OutcomeState, Subject
from voorbeelden.store.desk import Desk
from voorbeelden.store.errors import Conflict
from voorbeelden.store.generations import GenerationStart
from voorbeelden.store.records import BegripRecord, ItemRecord, ItemStatus, Search
from voorbeelden.strategies import make_plan

KINDS = st.sampled_from([ExampleType.SYNONIEMEN, ExampleType.TEGENVOORBEELDEN])
STATES = st.sampled_from([OutcomeState.DONE, OutcomeState.DONE, *OutcomeState])
TEXTS = st.sampled_from(["alfa", "bèta", "gamma", "delta", "epsilon"])
NUMBERS = st.integers(0, 99)
VERDICTS = st.sampled_from([ItemStatus.VOORSTEL, ItemStatus.GOEDGEKEURD, ItemStatus.AFGEWEZEN])

TEMPLATE = "template.sqlite3"

WALKS = os.environ.get("WALKS")
"""So many random walks; else the ones that every build takes."""


@pytest.fixture(scope="module", autouse=True)
def folder() -> Any:
    with tempfile.TemporaryDirectory(prefix="voorbeelden-desk-") as name:
        Review.folder = Path(name)
        Desk(f"sqlite:///{Review.folder / TEMPLATE}").close()
        yield


class Review(RuleBasedStateMachine):
    """One begrip, with two editors at it and generations that come in late."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.file = Path(tempfile.mkstemp(dir=self.folder, suffix=".sqlite3")[1])
        shutil.copy(self.folder / TEMPLATE, self.file)
        self.desk = Desk(f"sqlite:///{self.file}")
        # Waiting for the disk a thousand times proves nothing here.
        connection = self.desk._engine.raw_connection()
        connection.cursor().execute("PRAGMA synchronous=OFF")
        connection.close()
        self.begrip = self.desk.take_in(Subject("begrip", "definitie"), "anna")
        self.ever: dict[str, ItemRecord] = {}
        self.stale: list[ItemRecord] = []
        self.stale_begrippen: list[BegripRecord] = [self.begrip]
        self.running: list[tuple[str, Outcome]] = []
        self.before: list[tuple[int, object]] = []
        """An action's id and the state before it; ``None`` once a type came in that it ignores."""
        self.after: list[tuple[int, object]] = []

    def teardown(self) -> None:
        with self.desk._write() as connection:
            # FTS5's own check of the index against the texts; it raises when they differ.
            check = "INSERT INTO zoekindex(zoekindex, rank) VALUES ('integrity-check', 1)"
            connection.execute(text(check))
        self.desk.close()
        self.file.unlink()

    # What can happen.

    @rule(kind=KINDS, texts=st.lists(TEXTS, max_size=3), state=STATES, late=st.booleans())
    def generate(
        self, kind: ExampleType, texts: list[str], state: OutcomeState, late: bool
    ) -> None:
        self._start(kind, texts, state, None)
        if not late:
            self._finish(-1)

    @rule(number=NUMBERS, texts=st.lists(TEXTS, min_size=1, max_size=2), late=st.booleans())
    def regenerate_item(self, number: int, texts: list[str], late: bool) -> None:
        if item := self._pick(number):
            self._start(item.type, texts, OutcomeState.DONE, item.id)
            if not late:
                self._finish(-1)

    @precondition(lambda self: self.running)
    @rule(number=NUMBERS)
    def type_comes_in(self, number: int) -> None:
        self._finish(number % len(self.running))

    @rule(number=NUMBERS, verdict=VERDICTS)
    def review(self, number: int, verdict: ItemStatus) -> None:
        if item := self._pick(number):
            self._act(lambda: self.desk.review(item, verdict, "anna"))

    @rule(number=NUMBERS, new=TEXTS, approve=st.booleans())
    def edit(self, number: int, new: str, approve: bool) -> None:
        if item := self._pick(number):
            self._act(lambda: self.desk.edit(item, new, by="anna", approve=approve))
            assert new in [one.text for one in self.desk.items(self.begrip.id)]

    @rule(kind=KINDS, new=TEXTS)
    def add(self, kind: ExampleType, new: str) -> None:
        self._act(lambda: self.desk.add(self.begrip.id, kind, new, by="bram"))

    @rule(number=NUMBERS, note=st.sampled_from(["", "let op", "bron?"]))
    def note(self, number: int, note: str) -> None:
        if item := self._pick(number):
            self._act(lambda: self.desk.note(item, note, "anna"))

    @rule(kind=KINDS, chance=st.randoms(use_true_random=False))
    def reorder(self, kind: ExampleType, chance: Any) -> None:
        order = [item.id for item in self.desk.view(self.begrip.id).of_type(kind)]
        chance.shuffle(order)
        self._act(lambda: self.desk.reorder(self.begrip.id, kind, order, "anna"))
        assert [item.id for item in self.desk.view(self.begrip.id).of_type(kind)] == order

    @rule(number=NUMBERS)
    def restore(self, number: int) -> None:
        hidden = [item for item in self._everything() if not item.visible]
        if hidden:
            item = hidden[number % len(hidden)]
            self._act(lambda: self.desk.restore(item.id, "anna"))
            assert item.text in [one.text for one in self.desk.items(self.begrip.id)]

    @rule()
    def approve_all(self) -> None:
        self._act(lambda: self.desk.approve_all(self.desk.items(self.begrip.id), "anna"))

    @rule(number=NUMBERS)
    def choose_voorkeursterm(self, number: int) -> None:
        terms = [
            item.text
            for item in self.desk.view(self.begrip.id).of_type(ExampleType.SYNONIEMEN)
            if item.status is ItemStatus.GOEDGEKEURD
        ]
        now = self.desk.begrip(self.begrip.id)
        term = [now.begrip, *terms][number % (len(terms) + 1)]
        self._act(lambda: self.desk.set_voorkeursterm(now, term, "anna"))

    @rule(new=TEXTS, name=st.booleans())
    def save_begrip(self, new: str, name: bool) -> None:
        now = self.desk.begrip(self.begrip.id)
        self.stale_begrippen.append(now)
        field = "begrip" if name else "definitie"
        self._act(lambda: self.desk.save_begrip(now, by="bram", **{field: new}))

    @rule(number=NUMBERS, new=TEXTS, verdict=st.none() | VERDICTS)
    def work_from_an_old_screen(self, number: int, new: str, verdict: ItemStatus | None) -> None:
        """It is done, or a conflict shows both texts and nothing at all has changed."""
        if not self.stale:
            return
        seen = self.stale[number % len(self.stale)]
        everything = self._everything()
        rejected = self.desk.item(seen.id).status is ItemStatus.AFGEWEZEN is not seen.status
        if verdict:
            conflict = self._try(lambda: self.desk.review(seen, verdict, "bram"))
            assert conflict or not rejected or verdict is ItemStatus.AFGEWEZEN
        else:
            conflict = self._try(lambda: self.desk.edit(seen, new, by="bram"))
            assert conflict or not rejected or new == seen.text
        if conflict:
            assert self._everything() == everything
            assert conflict.mine in (seen.text, new, verdict)
            assert conflict.theirs in (_text(conflict.latest), _status(conflict.latest))
            assert conflict.latest in everything

    @rule(number=NUMBERS, new=TEXTS)
    def save_from_an_old_screen(self, number: int, new: str) -> None:
        seen = self.stale_begrippen[number % len(self.stale_begrippen)]
        now = self.desk.begrip(self.begrip.id)
        conflict = self._try(lambda: self.desk.save_begrip(seen, definitie=new, by="bram"))
        if conflict:
            assert (conflict.mine, conflict.theirs) == (new, now.definitie)
            assert self.desk.begrip(self.begrip.id) == now

    @rule()
    def undo(self) -> None:
        now = self._state()
        undone = self.desk.undo(self.begrip.id, "anna")
        if not self.before:
            assert undone is None
            return
        action, state = self.before.pop()
        assert undone is not None
        assert undone.id == action
        if state is not None:
            assert self._state() == state
        self.after.append((action, now))

    @rule()
    def redo(self) -> None:
        now = self._state()
        redone = self.desk.redo(self.begrip.id, "anna")
        if not self.after:
            assert redone is None
            return
        action, state = self.after.pop()
        assert redone is not None
        assert redone.id == action
        if state is not None:
            assert self._state() == state
        self.before.append((action, now))

    # What always holds.

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every row that ever was is there, with its text and its place in the chain."""
        everything = {item.id: item for item in self._everything()}
        for item in self.ever.values():
            assert _lasting(everything[item.id]) == _lasting(item)
        self.ever |= everything
        self.stale = [*self.stale, *(item for item in everything.values())][-40:]

    @invariant()
    def a_text_has_one_visible_version(self) -> None:
        edits = {one.id: one for one in self._everything()}
        for item in edits.values():
            before = item
            while before.previous_id and before.generation_id is None:
                before = edits[before.previous_id]
                assert not (item.visible and before.visible)

    @invariant()
    def what_is_derived_is_right(self) -> None:
        begrip = self.desk.begrip(self.begrip.id)
        items = self.desk.items(self.begrip.id)
        for status in (ItemStatus.VOORSTEL, ItemStatus.GOEDGEKEURD, ItemStatus.AFGEWEZEN):
            expected = sum(item.status is status for item in items)
            assert getattr(begrip.counts, status.value) == expected
        approved = [
            item.text
            for item in items
            if item.type is ExampleType.SYNONIEMEN and item.status is ItemStatus.GOEDGEKEURD
        ]
        assert begrip.voorkeursterm in [begrip.begrip, *approved]
        texts = [begrip.begrip, begrip.definitie, *(item.text for item in items)]
        assert self.desk.search(Search("beta")).total == ("bèta" in texts)

    # How it is done.

    def _start(
        self, kind: ExampleType, texts: list[str], state: OutcomeState, replaces: str | None
    ) -> None:
        self.before.append((0, self._state()))
        self.after.clear()
        generation = self.desk.start_generation(
            GenerationStart(
                self.begrip.id,
                make_plan(GenerationMode.ASYNC, {kind: 3}),
                by="anna",
                model="m",
                prompt_version="p",
                replaces=replaces,
            )
        )
        action = self.desk.view(self.begrip.id).undo
        assert action is not None
        self.before[-1] = (action.id, self.before[-1][1])
        items = () if state is OutcomeState.FAILED else tuple(Item(one) for one in texts)
        self.running.append((generation, Outcome(kind, state, items)))

    def _finish(self, number: int) -> None:
        """A type comes in: what an editor has dealt with is afterwards as it was before."""
        generation, outcome = self.running.pop(number)
        protected = self._protected()
        assert self.desk.save_type(generation, outcome)
        assert self._protected() == protected
        once = self._everything()
        again = self.desk.save_type(generation, outcome)
        assert again == (not outcome.items)
        assert self._everything() == once
        action = next(
            one.id for one in self.desk.history(self.begrip.id) if one.generation_id == generation
        )
        # The states on the stacks do not know of this type, but that before its own start does.
        if not self.before or self.before[-1][0] != action:
            self.before = [(one, None) for one, _ in self.before]
        self.after = [(one, None) for one, _ in self.after]

    def _act(self, work: Any) -> None:
        state = self._state()
        last = self.desk.view(self.begrip.id).undo
        work()
        action = self.desk.view(self.begrip.id).undo
        if action != last:
            assert action is not None
            self.before.append((action.id, state))
            self.after.clear()

    def _try(self, work: Any) -> Conflict | None:
        try:
            self._act(work)
        except Conflict as conflict:
            return conflict
        return None

    def _pick(self, number: int) -> ItemRecord | None:
        items = self.desk.items(self.begrip.id)
        return items[number % len(items)] if items else None

    def _everything(self) -> tuple[ItemRecord, ...]:
        return self.desk.items(self.begrip.id, superseded=True)

    def _protected(self) -> list[ItemRecord]:
        return [item for item in self.desk.items(self.begrip.id) if item.protected]

    def _state(self) -> object:
        """What an editor sees; not when it was changed."""
        view = self.desk.view(self.begrip.id)
        begrip = view.begrip
        fields = (begrip.begrip, begrip.definitie, begrip.context, begrip.voorkeursterm)
        return fields, [replace(item, changed_at=item.created_at) for item in view.items]


def _text(record: ItemRecord | BegripRecord) -> str:
    return record.text if isinstance(record, ItemRecord) else record.definitie


def _status(record: ItemRecord | BegripRecord) -> str:
    return record.status if isinstance(record, ItemRecord) else ""


def _lasting(item: ItemRecord) -> tuple[object, ...]:
    return (item.text, item.reden, item.type, item.previous_id, item.generation_id, item.author)


TestReview = Review.TestCase
TestReview.settings = settings(
    # The same walks every time, so that no build fails on a bug that its change did not make. To
    # look for new bugs: WALKS=500 python -m pytest tests/unit/store/test_desk_state.py
    # No shrinking: it took five minutes once, and the steps that are printed are few.
    derandomize=WALKS is None,
    phases=(Phase.explicit, Phase.generate),
    max_examples=int(WALKS or 40),
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
