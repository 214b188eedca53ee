"""Flows by id through the bridge: start, look, stop, accept, from any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support import SIX, Provider, wait_until
from voorbeelden.bridge import Bridge
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_jobs import Flows, ReasonNeeded
from voorbeelden.definition.flow_keeper import DefinitionVersion, Origin
from voorbeelden.definition.flow_model import DefinitionRequest, Phase
from voorbeelden.demo.teksten import bekende_definitie
from voorbeelden.intake import UnusableRequest
from voorbeelden.model import ExampleType, FailureKind, OutcomeState
from voorbeelden.runtime import Runtime

if TYPE_CHECKING:
    from voorbeelden.demo.process import DemoProcess

DEFINITIE = bekende_definitie("verdachte")
REQUEST = DefinitionRequest("verdachte", {"juridisch": ("strafprocesrecht",)})
SYNONIEMEN = ExampleType.SYNONIEMEN


class Wired:
    """A bridge and the provider it leads to."""

    def __init__(self, provider: Provider, **settings: Any) -> None:
        self.provider = provider
        self.bridge = Bridge(provider.settings(**settings))
        self.flows = self.bridge.flows

    def now(self, flow_id: str) -> FlowSnapshot:
        found = self.flows.snapshot(flow_id)
        assert found is not None
        return found

    def ended(self, flow_id: str) -> FlowSnapshot:
        """The flow's last snapshot."""
        wait_until(lambda: not self.now(flow_id).running, 20)
        return self.now(flow_id)


MakeBridge = Callable[..., Wired]


@pytest.fixture
def bridge_to(demo: DemoProcess) -> Iterator[MakeBridge]:
    made: list[Wired] = []

    def make(spec: str, **settings: Any) -> Wired:
        made.append(Wired(Provider.behaving(demo, spec), **settings))
        return made[-1]

    yield make
    for one in made:
        one.bridge.close()


def test_a_flow_can_be_watched_to_its_end(bridge_to: MakeBridge) -> None:
    """The draft grows, the phases end, six lanes fill, and the definition is a version."""
    one = bridge_to("flow,scale=0.05")
    flow_id = one.flows.start(REQUEST)
    wait_until(lambda: bool(one.now(flow_id).state.draft))
    assert one.now(flow_id).running
    assert DEFINITIE is not None
    assert DEFINITIE.startswith(one.now(flow_id).text)
    last = one.ended(flow_id)
    assert last.text == last.state.text == DEFINITIE
    assert all(last.state.ended(phase) for phase in Phase)
    assert last.examples is not None
    assert last.examples.finished == 6
    assert not last.examples.running
    assert last.examples.subject.definitie == DEFINITIE
    assert [version.origin for version in last.versions] == [Origin.DRAFT]
    assert not last.stopped
    assert (last.failure, last.accepted) == (None, None)


def test_a_type_of_a_flow_can_be_made_again(bridge_to: MakeBridge) -> None:
    """Its examples are a job like any other; the other types stay."""
    one = bridge_to("instant;fault=400@synoniemen.1")
    before = one.ended(one.flows.start(REQUEST)).examples
    assert before is not None
    outcome = before.lane(SYNONIEMEN).outcome
    assert outcome is not None
    assert outcome.state is OutcomeState.FAILED
    one.bridge.retry(before.job_id, SYNONIEMEN)

    def whole() -> bool:
        after = one.bridge.snapshot(before.job_id)
        return after is not None and not after.running and after.finished == 6

    wait_until(whole)
    assert one.provider.stats()["by_type"] == {
        "definitie": 1,
        "toets": 1,
        **dict.fromkeys(SIX, 1),
        "synoniemen": 2,
    }


def test_a_new_text_brings_new_lanes(bridge_to: MakeBridge) -> None:
    """The lanes shown are those of the examples about the text shown."""
    one = bridge_to("instant;fault=afgekeurd@toets")
    last = one.ended(one.flows.start(REQUEST))
    assert last.examples is not None
    assert last.text != DEFINITIE
    assert last.examples.subject.definitie == last.text
    assert last.examples.finished == 6
    assert [one.origin for one in last.versions] == [Origin.DRAFT, Origin.IMPROVED]


def test_a_double_click_joins_the_running_flow(bridge_to: MakeBridge) -> None:
    """Of the same owner only, and only while it runs."""
    one = bridge_to("fixed,seconds=0.2")
    first = one.flows.start(REQUEST, owner="a")
    assert one.flows.start(REQUEST, owner="a") == first
    other = one.flows.start(REQUEST, owner="b")
    assert other != first
    one.ended(first)
    one.ended(other)
    assert one.flows.start(REQUEST, owner="a") != first
    assert one.provider.stats()["by_type"]["definitie"] in (2, 3)


def test_stopping_keeps_what_had_arrived(bridge_to: MakeBridge) -> None:
    """The draft that was growing can be gone on with; every call ends."""
    one = bridge_to("fixed,seconds=2")
    flow_id = one.flows.start(REQUEST)
    wait_until(lambda: len(one.now(flow_id).state.draft) > 20)
    one.flows.cancel(flow_id)
    last = one.ended(flow_id)
    assert last.stopped
    assert last.state.text is None
    assert len(last.text) > 20
    wait_until(lambda: one.provider.stats()["in_flight"] == 0)
    one.flows.cancel("nobody's")


def test_stopping_the_examples_keeps_the_definition(bridge_to: MakeBridge) -> None:
    one = bridge_to("fixed,seconds=0.05;fault=silent@toets;fault=silent@toelichting")
    flow_id = one.flows.start(REQUEST)

    def five_done() -> bool:
        examples = one.now(flow_id).examples
        return examples is not None and examples.finished == 5

    wait_until(five_done)
    one.flows.cancel(flow_id)
    last = one.ended(flow_id)
    assert last.stopped
    assert last.text == DEFINITIE
    assert last.examples is not None
    assert not last.examples.running
    assert last.examples.finished == 5


def test_an_accepted_text_is_a_version_with_its_reason(bridge_to: MakeBridge) -> None:
    """Against a fact it takes a reason; without one there is nothing to explain."""
    one = bridge_to("instant")
    flow_id = one.flows.start(REQUEST)
    one.ended(flow_id)
    worse = f"Een {DEFINITIE}"
    with pytest.raises(ReasonNeeded, match="begin-lidwoord"):
        one.flows.accept(flow_id, worse, "  ")
    version = one.flows.accept(flow_id, worse, " Zo staat het in de wet. ")
    assert (version.origin, version.reason) == (Origin.ACCEPTED, "Zo staat het in de wet.")
    assert version.against == ("begin-lidwoord",)
    assert one.now(flow_id).accepted == version
    plain = one.flows.accept(flow_id, str(DEFINITIE), "overbodig")
    assert (plain.reason, plain.against) == ("", ())
    assert one.now(flow_id).accepted == plain
    with pytest.raises(UnusableRequest):
        one.flows.accept(flow_id, " ")
    with pytest.raises(KeyError):
        one.flows.accept("nobody's", "tekst")


def test_a_flow_goes_on_where_another_one_ended(bridge_to: MakeBridge) -> None:
    """With the editor's own text: nothing is drafted, and the earlier versions are there."""
    one = bridge_to("instant")
    first = one.flows.start(REQUEST)
    one.ended(first)
    own = DefinitionRequest("verdachte", REQUEST.context, "Persoon op wie verdenking rust.")
    last = one.ended(one.flows.start(own, follows=first))
    assert [version.origin for version in last.versions] == [Origin.DRAFT, Origin.OWN]
    assert last.text == "Persoon op wie verdenking rust."
    assert one.now(first).versions == last.versions[:1]
    assert one.provider.stats()["by_type"]["definitie"] == 1


def test_input_that_cannot_be_used_starts_nothing(bridge_to: MakeBridge) -> None:
    one = bridge_to("instant")
    with pytest.raises(UnusableRequest):
        one.flows.start(DefinitionRequest(" "))
    assert one.flows.snapshot("") is None
    assert one.provider.stats()["requests"] == 0


def test_a_bug_of_ours_ends_the_flow_with_a_name(
    bridge_to: MakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop that does not open: the page gets a failure, not silence."""
    one = bridge_to("instant")

    async def broken() -> Runtime:
        raise RuntimeError("a bug")

    monkeypatch.setattr(one.bridge, "runtime", broken)
    last = one.ended(one.flows.start(REQUEST))
    assert last.failure is not None
    assert last.failure.kind is FailureKind.INTERNAL


class Archive:
    """A keeper that outlives the process, as a database does."""

    def __init__(self) -> None:
        self.texts: list[tuple[Origin, str]] = []

    async def definition_ready(self, version: DefinitionVersion) -> None:
        self.texts.append((version.origin, version.subject.definitie))


def test_every_version_is_handed_on_to_the_keeper(bridge_to: MakeBridge) -> None:
    """Drafts, improvements and accepted texts alike."""
    one = bridge_to("instant")
    archive = Archive()
    flows = Flows(one.bridge, archive)
    flow_id = flows.start(REQUEST)
    wait_until(lambda: bool((found := flows.snapshot(flow_id)) and not found.running))
    flows.accept(flow_id, "Persoon op wie verdenking rust.")
    wait_until(lambda: len(archive.texts) == 2)
    assert archive.texts == [
        (Origin.DRAFT, DEFINITIE),
        (Origin.ACCEPTED, "Persoon op wie verdenking rust."),
    ]


def test_another_text_stops_the_flow_that_it_follows(bridge_to: MakeBridge) -> None:
    """Its examples are not waited for and not paid for any longer; what they had cost is counted
    by the flow that took their place."""
    one = bridge_to("fixed,seconds=0.1;fault=silent@toelichting.1")
    first = one.flows.start(REQUEST, owner="a")
    wait_until(lambda: one.now(first).state.run_cost.calls == 5, 20)
    own = DefinitionRequest("verdachte", REQUEST.context, "Persoon op wie verdenking rust.")
    second = one.flows.start(own, owner="a", follows=first)
    assert one.ended(first).stopped
    last = one.ended(second)
    assert not last.stopped
    assert last.examples is not None
    assert last.examples.finished == 6
    assert last.state.discarded.calls == 6
    wait_until(lambda: one.provider.stats()["in_flight"] == 0)


@pytest.mark.parametrize(("owner", "text"), [("a", str(DEFINITIE)), ("b", "Een andere tekst.")])
def test_a_flow_is_not_stopped_for_the_same_text_or_for_somebody_else(
    bridge_to: MakeBridge, owner: str, text: str
) -> None:
    one = bridge_to("fixed,seconds=0.3")
    first = one.flows.start(REQUEST, owner="a")
    wait_until(lambda: one.now(first).state.text is not None)
    one.flows.start(
        DefinitionRequest("verdachte", REQUEST.context, text), owner=owner, follows=first
    )
    last = one.ended(first)
    assert not last.stopped
    assert last.examples is not None
    assert last.examples.finished == 6


def test_what_an_editor_made_of_a_text_stays_with_its_flow(bridge_to: MakeBridge) -> None:
    """As it stands, and what another text took the place of; a text that is a version already is
    not remembered twice, and a forgotten flow has nothing to remember."""
    one = bridge_to("instant")
    flow_id = one.flows.start(REQUEST)
    one.ended(flow_id)
    assert (one.now(flow_id).edited, one.now(flow_id).set_aside) == (None, None)
    one.flows.edit(flow_id, "Persoon die")
    assert one.now(flow_id).edited == "Persoon die"
    for text in ("Persoon die", " Persoon die ", str(DEFINITIE), "  "):
        one.flows.set_aside(flow_id, text, by="anna")
    found = one.now(flow_id)
    assert [one.origin for one in found.versions] == [Origin.DRAFT, Origin.SET_ASIDE]
    assert found.set_aside == "Persoon die"
    one.flows.edit("nobody's", "tekst")
    one.flows.set_aside("nobody's", "tekst")
