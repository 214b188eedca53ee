"""The definition page without a browser, against the demo server."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.support import wait_until
from tests.page.conftest import APP
from voorbeelden.bridge import get_bridge
from voorbeelden.definition import flow_run
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_model import Phase
from voorbeelden.demo.spoil import IMAGE_URL
from voorbeelden.demo.teksten import bekende_definitie
from voorbeelden.hooks import Tell
from voorbeelden.hosting import close_host
from voorbeelden.keeping import Keep
from voorbeelden.model import ExampleType

if TYPE_CHECKING:
    from tests.page.conftest import Editor, OpenPage

DEFINITIE = str(bekende_definitie("verdachte"))
SIX = tuple(ExampleType)


class Author:
    """Somebody with the definition page open."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.at = editor.at
        self.at.switch_page("pages/definitie.py").run()

    def begin(self, begrip: str = "verdachte", own: str = "", *, wait: bool = True) -> None:
        self.begrip.set_value(begrip)
        self.own.set_value(own)
        self.editor.click("Stel een definitie op")
        if wait:
            self.wait()

    def wait(self) -> None:
        wait_until(lambda: not self.snapshot.running, 15)
        self.at.run()

    @property
    def flow(self) -> str:
        """The id in the page's address."""
        value = self.at.query_params["stroom"]
        return value if isinstance(value, str) else value[0]

    @property
    def snapshot(self) -> FlowSnapshot:
        snapshot = get_bridge().flows.snapshot(self.flow)
        assert snapshot is not None
        return snapshot

    def stopped(self, flow_id: str) -> None:
        """Waits until another flow than the one on the page was stopped."""

        def is_stopped() -> bool:
            found = get_bridge().flows.snapshot(flow_id)
            return found is not None and found.stopped

        wait_until(is_stopped, 15)

    def says(self) -> str:
        return " ".join(self.editor.says().split())

    @property
    def text(self) -> Any:
        """The text area of this flow."""
        return self.area("Definitie bewerken")

    @property
    def begrip(self) -> Any:
        [field] = [one for one in self.at.text_input if one.label == "Begrip"]
        return field

    @property
    def own(self) -> Any:
        return self.area("Eigen tekst (mag leeg blijven)")

    def area(self, label: str) -> Any:
        [field] = [one for one in self.at.text_area if one.label == label]
        return field

    def write(self, text: str) -> None:
        self.text.set_value(text).run()

    def asked(self) -> dict[str, int]:
        counted: dict[str, int] = self.editor.provider.stats()["by_type"]
        return counted


OpenAuthor = Callable[..., Author]


@pytest.fixture
def author(open_page: OpenPage) -> OpenAuthor:
    def open_it(spec: str = "instant", **variables: Any) -> Author:
        return Author(open_page(spec, VOORBEELDEN_CACHE_HOURS=0, **variables))

    return open_it


def test_a_newcomer_reads_what_the_page_does(author: OpenAuthor) -> None:
    one = author()
    assert "Nog geen definitie" in one.says()
    assert not one.at.exception


def test_from_begrip_to_definition_to_examples(author: OpenAuthor) -> None:
    """The text stands in the editor, the findings beside it, and the six tabs below."""
    one = author("fixed,seconds=0.1")
    one.begin()
    assert one.text.value == DEFINITIE
    says = one.says()
    assert "De definitie en alle 6 soorten voorbeelden zijn klaar" in says
    assert "De toepassing zelf heeft geen bevindingen: zij ging 46 regels na." in says
    assert "voldoet de tekst aan alle 16 regels" in says
    assert "De voorbeelden hieronder horen bij deze tekst." in says
    assert "dan alles in een rij" in says
    assert all(one.editor.tab(kind) for kind in SIX)
    assert not one.at.exception


def test_editing_is_checked_at_once_and_marks_the_words(author: OpenAuthor) -> None:
    """Facts and questions change with the text; nothing is asked of the model for it."""
    one = author()
    one.begin()
    asked = one.asked()
    one.write("Een persoon die kan worden vervolgd")
    says, markup = one.says(), one.editor.markup()
    assert "Niet in orde Begint niet met een lidwoord" in says
    assert "Vraag Vermijdt “kan”" in says
    assert '<mark class="vb-mark vb-fact">Een<sup>1</sup></mark>' in markup
    assert '<mark class="vb-mark vb-question">kan<sup>2</sup></mark>' in markup
    assert "De voorbeelden hieronder horen bij een eerdere tekst." in says
    assert "Het taalmodel beoordeelde een eerdere tekst." in says
    one.write("Persoon die wordt vervolgd")
    assert "Niet in orde" not in one.says()
    assert one.asked() == asked


def test_examples_follow_from_the_edited_text_without_retyping(author: OpenAuthor) -> None:
    """In a flow of its own, with nothing to draft; the versions stay together."""
    one = author()
    one.begin()
    first = one.flow
    one.write("Persoon die wordt vervolgd")
    one.editor.click("Genereer voorbeelden")
    one.wait()
    assert one.flow != first
    assert one.text.value == "Persoon die wordt vervolgd"
    assert one.snapshot.examples is not None
    assert one.snapshot.examples.subject.definitie == "Persoon die wordt vervolgd"
    says = one.says()
    assert "De voorbeelden hieronder horen bij deze tekst." in says
    assert "2 versies van de definitie" in says
    assert "eigen tekst" in says
    assert one.asked() == {"definitie": 1, "toets": 2, **dict.fromkeys(SIX, 2)}
    assert one.begrip.value == "verdachte"


def test_accepting_against_a_fact_takes_a_reason(author: OpenAuthor) -> None:
    """Without one it says so and keeps nothing; with one, text, reason and rules are a version."""
    one = author()
    one.begin()
    one.write(f"Een {DEFINITIE[0].lower()}{DEFINITIE[1:]}")
    assert "Er is nog één punt niet in orde." in one.says()
    one.editor.click("Vaststellen")
    assert "Vul een reden in." in one.says()
    assert one.snapshot.accepted is None
    one.at.text_input(key=f"reden-{one.flow}").set_value("Zo staat het in de wet.")
    one.editor.click("Vaststellen")
    says = one.says()
    assert "vastgesteld." in says
    assert "Ondanks: Begint niet met een lidwoord. Reden: Zo staat het in de wet." in says
    assert "Vul een reden in." not in says


def test_accepting_a_text_without_facts_takes_none(author: OpenAuthor) -> None:
    one = author()
    one.begin()
    one.editor.click("Vaststellen")
    assert one.snapshot.accepted is not None
    assert "vastgesteld." in one.says()
    one.write("Persoon die wordt vervolgd")
    assert "is een andere tekst vastgesteld" in one.says()


def test_an_improved_text_says_why_and_what_it_cost(author: OpenAuthor) -> None:
    """The objection is there to read, and that it was not judged again."""
    one = author("instant;fault=afgekeurd@toets")
    one.begin()
    assert one.text.value != DEFINITIE
    says = one.says()
    assert "De tekst is verbeterd." in says
    assert "niet opnieuw door het model beoordeeld" in says
    assert "6 aanroepen waren voor niets" in says
    assert "2 versies van de definitie" in says
    assert "De voorbeelden hieronder horen bij deze tekst." in says


def test_a_proposal_for_an_own_text_is_taken_over_by_a_click_only(author: OpenAuthor) -> None:
    one = author("instant;fault=afgekeurd@toets")
    one.begin(own="Persoon die wordt vervolgd")
    assert one.text.value == "Persoon die wordt vervolgd"
    says = one.says()
    assert "Oordeel van het model" in says
    assert "Voorstel van het taalmodel Persoon die wordt vervolgd, in de aangepaste" in says
    one.editor.click("Neem voorstel over")
    assert one.text.value.startswith("Persoon die wordt vervolgd, in de aangepaste")
    assert "Voorstel van het taalmodel" not in one.says()


@pytest.mark.parametrize(
    ("fault", "gist"),
    [
        ("401", "sleutel voor het taalmodel"),
        ("refusal", "Schrijf de definitie zelf"),
        ("wrongschema", "geen bruikbare definitie"),
    ],
)
def test_a_failing_draft_says_what_to_do_and_loses_nothing(
    author: OpenAuthor, fault: str, gist: str
) -> None:
    """The form keeps what was typed, and a text of one's own leads on to examples."""
    one = author(f"instant;fault={fault}@definitie")
    one.begin()
    says = one.says()
    assert "Er is nog geen definitie. Wat u invulde, staat er nog." in says
    assert gist in says
    assert one.begrip.value == "verdachte"
    assert one.text.value == ""
    [button] = [each for each in one.at.button if each.label == "Genereer voorbeelden"]
    assert button.disabled
    one.write("Persoon die wordt vervolgd")
    one.editor.click("Genereer voorbeelden")
    one.wait()
    assert "alle 6 soorten voorbeelden zijn klaar" in one.says()


def test_what_had_arrived_of_a_broken_draft_can_be_finished(author: OpenAuthor) -> None:
    one = author("fixed,seconds=0.1;fault=close@definitie,after=0.7")
    one.begin()
    assert "Concept" in one.says()
    assert len(one.text.value) > 20
    assert DEFINITIE.startswith(one.text.value)


def test_a_failing_validation_leaves_draft_and_examples_whole_and_says_both(
    author: OpenAuthor,
) -> None:
    one = author("instant;fault=400@toets")
    one.begin()
    says = one.says()
    assert "De definitie is klaar. De beoordeling door het taalmodel is niet gelukt." in says
    assert "Geen oordeel van het taalmodel." in says
    assert one.text.value == DEFINITIE
    assert one.snapshot.examples is not None
    assert one.snapshot.examples.finished == 6


def test_failing_examples_leave_the_definition_whole_and_are_named(author: OpenAuthor) -> None:
    faults = "".join(f";fault=400@{kind.value}" for kind in SIX)
    one = author(f"instant{faults}")
    one.begin()
    says = one.says()
    assert "De definitie is klaar. Het maken van voorbeelden is niet gelukt." in says
    assert one.text.value == DEFINITIE
    assert all("Niet gelukt." in one.editor.tab(kind) for kind in SIX)


def test_a_failed_type_can_be_made_again(author: OpenAuthor) -> None:
    one = author("instant;fault=400@synoniemen.1")
    one.begin()
    assert "van de voorbeelden 5 van de 6 soorten" in one.says()
    examples = one.snapshot.examples
    assert examples is not None
    key = f"opnieuw-{examples.job_id}-synoniemen"
    one.at.button(key=key).click().run()

    def whole() -> bool:
        return one.snapshot.examples is not None and one.snapshot.examples.finished == 6

    wait_until(whole)
    one.at.run()
    assert "alle 6 soorten voorbeelden zijn klaar" in one.says()


def test_model_text_is_never_markup(author: OpenAuthor) -> None:
    """A draft, a reason and an improvement with an image and a script in them stay text."""
    one = author("instant;fault=image@definitie;fault=image@toets;fault=afgekeurd@toets")
    one.begin()
    markup = one.editor.markup()
    assert IMAGE_URL in one.text.value
    assert f'src="{IMAGE_URL}"' not in markup
    assert "&lt;img src=" in markup
    hostile = 'Persoon <script>alert(1)</script> & "meer" \''
    one.write(hostile)
    markup = one.editor.markup()
    assert "<script>alert" not in markup
    assert "&lt;script&gt;" in markup


def test_stopping_keeps_what_there_was(author: OpenAuthor) -> None:
    one = author("fixed,seconds=3")
    one.begin(wait=False)
    wait_until(lambda: len(one.snapshot.state.draft) > 20)
    one.editor.click("Stop")
    one.wait()
    assert "Gestopt. Bewaard is wat er was." in one.says()
    assert DEFINITIE.startswith(one.text.value.rstrip())
    assert len(one.text.value) > 20


def test_nothing_is_sent_before_the_form_is_right(author: OpenAuthor) -> None:
    one = author()
    one.begrip.set_value("  ")
    one.own.set_value("x" * 4001)
    one.editor.click("Stel een definitie op")
    says = one.says()
    assert "Vul een begrip in" in says
    assert "De definitie is te lang" in says
    assert one.begrip.value == "  "
    assert one.editor.provider.stats()["requests"] == 0


def test_an_example_fills_in_begrip_and_context_without_its_definition(author: OpenAuthor) -> None:
    one = author()
    one.editor.click("Vul een voorbeeld in")
    begrip = one.begrip.value
    assert bekende_definitie(begrip) is not None
    assert one.own.value == ""
    [field] = [each for each in one.at.multiselect if each.label == "Juridische context"]
    assert field.value


def test_a_flow_that_is_not_known_any_more_says_so(author: OpenAuthor) -> None:
    one = author()
    one.at.query_params["stroom"] = "verdwenen"
    one.at.run()
    assert "Onderbroken" in one.says()


def test_the_examples_are_kept_to_be_reviewed(author: OpenAuthor) -> None:
    """The button opens the begrip where its examples are approved; the address finds it again
    after a restart of the process, with every version and its reason."""
    one = author()
    one.begin()
    [button] = [each for each in one.at.button if each.label == "Beoordeel"]
    assert not button.disabled
    begrip_id = one.snapshot.state.begrip_id
    assert one.at.query_params["begrip_id"] in (begrip_id, [begrip_id])
    assert "1. Opgesteld op" in one.says()
    assert "1× voorbeelden gemaakt" in one.says()
    one.write(f"Een {DEFINITIE}")
    [reason] = [each for each in one.at.text_input if each.label == "Reden"]
    reason.set_value("Zo staat het in de wet.").run()
    one.editor.click("Vaststellen")

    close_host()
    one.at.query_params["begrip_id"] = begrip_id
    one.at.run()
    says = one.says()
    assert "Het werk hieraan is afgelopen of onderbroken. Wat klaar was, is bewaard" in says
    assert f"Een {DEFINITIE}" in says
    assert "Reden: Zo staat het in de wet." in says
    assert "2 versies van de definitie" in says
    one.editor.click("Open bij Voorbeelden")
    assert "Goedkeuren" in one.says()
    assert not one.at.exception


def test_a_type_made_again_is_kept_as_well(author: OpenAuthor) -> None:
    one = author("instant;fault=400@synoniemen.1")
    one.begin()
    examples = one.snapshot.examples
    assert examples is not None
    one.at.button(key=f"opnieuw-{examples.job_id}-synoniemen").click().run()
    wait_until(lambda: one.snapshot.examples is not None and not one.snapshot.examples.running)
    one.at.run()
    assert "2× voorbeelden gemaakt" in one.says()
    one.editor.click("Beoordeel")
    assert "Goedkeuren" in one.says()
    assert "Niet gelukt" not in one.says()


def test_without_a_database_the_page_says_what_is_not_kept(
    author: OpenAuthor, tmp_path: Path
) -> None:
    """Definition and examples stand there; reviewing is not offered."""
    missing = tmp_path / "nergens" / "store.sqlite3"
    one = author(VOORBEELDEN_DATABASE_URL=f"sqlite:///{missing}")
    one.begin()
    says = one.says()
    assert "De definitie en alle 6 soorten voorbeelden zijn klaar" in says
    assert "niet worden bewaard" in says
    assert "1 versie van de definitie" in says
    [button] = [each for each in one.at.button if each.label == "Beoordeel"]
    assert button.disabled


def test_everything_again_drafts_anew(author: OpenAuthor) -> None:
    """With the same request; the versions go on."""
    one = author()
    one.begin()
    first = one.flow
    one.editor.click("Alles opnieuw")
    one.wait()
    assert one.flow != first
    assert one.asked()["definitie"] == 2
    assert len(one.snapshot.versions) == 2


def test_no_text_comes_after_the_field_can_be_edited(
    author: OpenAuthor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The examples of the draft take long to be withdrawn; a picture in between makes the field,
    and what stands in it is the improved text, then and at the end."""
    real, going_on = flow_run.withdraw, threading.Event()

    async def slow(keep: Keep, tell: Tell) -> None:
        await asyncio.to_thread(going_on.wait, 15)
        await real(keep, tell)

    monkeypatch.setattr(flow_run, "withdraw", slow)
    one = author("instant;fault=afgekeurd@toets")
    one.begin(wait=False)
    wait_until(lambda: one.snapshot.state.ended(Phase.VALIDATION), 15)
    one.at.run()
    assert one.snapshot.running
    shown, disabled = one.text.value, one.text.disabled
    going_on.set()
    one.wait()
    assert not disabled
    assert shown == one.text.value == one.snapshot.text != DEFINITIE
    says = one.says()
    assert "De tekst is verbeterd." in says
    assert "De voorbeelden hieronder horen bij deze tekst." in says


def test_examples_of_a_text_that_was_edited_meanwhile_are_stopped(author: OpenAuthor) -> None:
    """And counted as made for nothing, on the page of the flow that followed."""
    one = author("instant;fault=silent@toelichting.1")
    one.begin(wait=False)
    first = one.flow
    wait_until(lambda: one.snapshot.state.run_cost.calls == 5, 15)
    one.at.run()
    one.write("Persoon die wordt vervolgd")
    one.editor.click("Genereer voorbeelden")
    one.stopped(first)
    one.wait()
    assert "6 aanroepen waren voor niets" in one.says()


def test_another_text_from_the_form_goes_on_with_the_same_begrip(author: OpenAuthor) -> None:
    """The running flow is stopped and its versions go on, with what was edited; one about another
    begrip is left."""
    one = author("instant;fault=silent@toelichting.1")
    one.begin(wait=False)
    first = one.flow
    wait_until(lambda: one.snapshot.state.run_cost.calls == 5, 15)
    one.at.run()
    one.write("Persoon die strafrechtelijk wordt vervolgd")
    one.begin(own="Persoon die wordt vervolgd")
    one.stopped(first)
    assert len(one.snapshot.versions) == 3
    assert one.snapshot.set_aside == "Persoon die strafrechtelijk wordt vervolgd"
    one.begin("getuige", own="Persoon die verklaart over wat hij heeft waargenomen")
    assert len(one.snapshot.versions) == 1


def test_what_a_proposal_takes_the_place_of_can_be_put_back(author: OpenAuthor) -> None:
    """An edited text is among the versions, and one click away."""
    one = author("instant;fault=afgekeurd@toets")
    one.begin(own="Persoon die wordt vervolgd")
    one.write("Persoon die strafrechtelijk wordt vervolgd")
    one.editor.click("Neem voorstel over")
    assert one.text.value.startswith("Persoon die wordt vervolgd, in de aangepaste")
    says = one.says()
    assert "Vervangen tekst om" in says
    assert "Persoon die strafrechtelijk wordt vervolgd" in says
    one.editor.click("Zet vorige tekst terug")
    assert one.text.value == "Persoon die strafrechtelijk wordt vervolgd"


def test_everything_again_keeps_what_was_edited(author: OpenAuthor) -> None:
    one = author()
    one.begin()
    one.write("Persoon die strafrechtelijk wordt vervolgd")
    one.editor.click("Alles opnieuw")
    one.wait()
    assert one.text.value == DEFINITIE
    assert "Persoon die strafrechtelijk wordt vervolgd" in one.says()
    one.editor.click("Zet vorige tekst terug")
    assert one.text.value == "Persoon die strafrechtelijk wordt vervolgd"


def test_a_reload_finds_the_edited_text_and_the_form(author: OpenAuthor) -> None:
    """A reload is another session with the same address."""
    one = author()
    one.begin(own="Persoon die wordt vervolgd")
    one.write("Persoon die nog wordt vervolgd")
    address = one.flow
    again = AppTest.from_file(str(APP), default_timeout=20)
    again.query_params["stroom"] = address
    one.editor.at = again.run()
    after = Author(one.editor)
    after.at.query_params["stroom"] = address
    after.at.run()
    assert after.text.value == "Persoon die nog wordt vervolgd"
    assert after.begrip.value == "verdachte"
    assert after.own.value == "Persoon die wordt vervolgd"


def test_tabs_and_loose_accents_make_no_other_text(author: OpenAuthor) -> None:
    """What is kept is tidied; comparisons, marks and the judgement are about that."""
    one = author("instant;fault=afgekeurd@toets")
    one.begin(own="Persoon bij wie de rechter een café sluit")
    one.write("\tPersoon bij wie\tde rechter een cafe\u0301 sluit ")
    says, markup = one.says(), one.editor.markup()
    assert "De voorbeelden hieronder horen bij deze tekst." in says
    assert "beoordeelde een eerdere tekst" not in says
    marks = re.findall(r'<mark class="vb-mark vb-judgement">([^<]*)<', markup)
    quoted = re.findall(r"“([^”]*)”", one.snapshot.state.judgements.failed[0].reason)  # type: ignore[union-attr]
    assert marks == quoted
    one.editor.click("Vaststellen")
    assert "Deze tekst is om" in one.says()


def test_accepting_in_a_flow_that_was_forgotten_loses_nothing(author: OpenAuthor) -> None:
    """The page says that it is gone; the text is in the form to go on with."""
    one = author()
    one.begin()
    one.write("Persoon die wordt vervolgd")
    get_bridge().flows._flows.clear()
    one.editor.click("Vaststellen")
    assert not one.at.exception
    assert "Het werk hieraan is afgelopen" in one.says()
    assert one.own.value == "Persoon die wordt vervolgd"
    one.begin(own="Persoon die nog wordt vervolgd")
    assert one.text.value == "Persoon die nog wordt vervolgd"


def test_failed_examples_are_not_said_to_be_there(author: OpenAuthor) -> None:
    """Nor that the definition was judged, when that failed as well."""
    faults = "".join(f";fault=400@{kind.value}" for kind in SIX)
    one = author(f"instant;fault=refusal@toets{faults}")
    one.begin()
    says = one.says()
    assert "horen bij deze tekst" not in says
    assert "Bij deze tekst zijn nog geen voorbeelden gelukt." in says
    assert "De definitie en de bevindingen van de toepassing zelf zijn heel gebleven." in says


def test_the_versions_are_apart_from_what_is_redrawn(author: OpenAuthor) -> None:
    """While a flow runs they are an element of their own, the same in every picture: a browser
    leaves alone what did not change, so whoever opened them goes on reading."""
    one = author("instant;fault=silent@toelichting.1")
    one.begin(wait=False)
    wait_until(lambda: one.snapshot.state.run_cost.calls == 5, 15)
    pictures = []
    for _ in range(2):
        one.at.run()
        pictures.append([piece for piece in one.editor.pieces() if "vb-versions" in piece])
    assert one.snapshot.running
    assert pictures[0] == pictures[1]
    [versions] = pictures[0]
    assert "vb-timeline" not in versions


def test_the_history_tells_of_a_definition_and_opens_it_again(author: OpenAuthor) -> None:
    """Origin, who accepted it and why, and its generations beside each version; from there the
    definition page, for somebody whose own work there is of another begrip."""
    one = author()
    one.begin()
    begrip_id = one.snapshot.state.begrip_id
    one.write(f"Een {DEFINITIE}")
    one.at.text_input(key=f"reden-{one.flow}").set_value("Zo staat het in de wet.")
    one.editor.click("Vaststellen")
    one.begin("getuige")
    other = one.flow

    one.at.switch_page("pages/geschiedenis.py").run()
    one.at.query_params["begrip_id"] = begrip_id
    one.at.run()
    says = one.says()
    assert "Opgesteld door het taalmodel, voor" in says
    assert "Voorbeelden gemaakt: 1." in says
    assert "Ondanks: Begint niet met een lidwoord. Reden: Zo staat het in de wet." in says
    one.editor.click("Openen bij Definitie")
    says = one.says()
    assert f"Een {DEFINITIE}" in says
    assert "2 versies van de definitie" in says
    assert "Reden: Zo staat het in de wet." in says
    assert not one.at.exception

    del one.at.query_params["begrip_id"]
    one.at.switch_page("pages/definitie.py").run()
    assert one.flow == other
