"""The definition page in a real browser: from begrip to definition to examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from rdflib import Graph
from rdflib.namespace import RDF, SKOS

from scripts.browser_harness import VARIANTS, new_context, serve_app, wait_until_idle, watch
from tests.browser.places import follow, moved
from voorbeelden.export import FORMATS

# Other work may keep this machine busy; what is waited for takes one to three seconds.
READY = "De definitie en alle 6 soorten voorbeelden zijn klaar"


@pytest.fixture(scope="module")
def flow_url() -> Iterator[str]:
    """The app with a draft that takes three seconds to arrive and one slow type."""
    profile = (
        "flow,scale=0.2;fault=bandwidth@definitie,rate=5000"
        ";fault=latency@praktijkvoorbeelden,seconds=2"
    )
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": profile, "VOORBEELDEN_CACHE_HOURS": "0"}) as url:
        yield url


@pytest.fixture(scope="module")
def faulty_url() -> Iterator[str]:
    """The app of which the model cannot judge, and slips an image into the definition."""
    profile = "instant;fault=400@toets;fault=image@definitie"
    with serve_app({"VOORBEELDEN_DEMO_PROFILE": profile}) as url:
        yield url


def open_page(page: Page, url: str) -> None:
    """Through the navigation, as an editor comes there."""
    page.goto(url)
    page.get_by_role("button", name="Genereer").wait_for()
    page.get_by_role("link", name="Definitie").click()
    page.get_by_role("button", name="Stel een definitie op").wait_for()
    wait_until_idle(page)


def begin(page: Page, begrip: str) -> None:
    page.get_by_label("Begrip", exact=True).fill(begrip)
    page.get_by_role("button", name="Stel een definitie op").click()


def forgive_probes(problems: list[str]) -> None:
    """At an address below the root Streamlit looks for its server there first, and gets a 404 for
    health and host-config; anything else stays a problem."""
    problems[:] = [one for one in problems if "404 (Not Found)" not in one]


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Definitie bewerken")


def test_from_begrip_to_definition_to_examples(page: Page, flow_url: str) -> None:
    """The draft is seen growing; findings, editor and six tabs follow. Typing is checked without
    leaving the field and while examples still come in, nothing typed is lost, and examples of the
    new text follow without retyping."""
    open_page(page, flow_url)
    begin(page, "persoonsgegeven")
    text = page.locator(".vb-definition-text")
    expect(page.locator(".vb-caret")).to_be_visible()
    first = len(text.text_content() or "")
    expect(text).to_contain_text("worden vastgesteld.")
    assert 0 < first < len(text.text_content() or ""), "the draft was not seen growing"
    expect(page.locator(".vb-mark.vb-question")).to_contain_text("kan")
    expect(editor(page)).to_be_enabled()

    page.get_by_role("tab", name="Synoniemen").click()
    editor(page).fill("")
    edited = "Een gegeven over een mens"
    editor(page).press_sequentially(edited, delay=40)
    expect(page.locator(".vb-finding.vb-fact")).to_contain_text("lidwoord")
    expect(page.locator(".vb-mark.vb-fact")).to_contain_text("Een")
    expect(page.get_by_text(READY)).to_be_visible()
    expect(editor(page)).to_have_value(edited)
    expect(page.get_by_role("tab", name="Synoniemen")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("horen bij een eerdere tekst")).to_be_visible()

    editor(page).fill("Gegeven over een mens")
    expect(page.locator(".vb-finding.vb-fact")).to_have_count(0)
    page.get_by_role("button", name="Genereer voorbeelden").click()
    expect(page.get_by_text("horen bij deze tekst")).to_be_visible()
    expect(page.get_by_text(READY)).to_be_visible()
    expect(editor(page)).to_have_value("Gegeven over een mens")
    expect(page.get_by_label("Begrip", exact=True)).to_have_value("persoonsgegeven")
    expect(page.locator(".vb-item").nth(9)).to_be_attached()  # drawn after the sentence
    expect(page.get_by_text("2 versies van de definitie")).to_be_visible()
    expect(page.locator(".vb-flow")).to_contain_text("sneller")


def test_accepting_with_a_reason_and_coming_back(
    page: Page, page_problems: list[str], flow_url: str
) -> None:
    """A fact that stays takes a reason, which stands with the version; a reload shows it all."""
    open_page(page, flow_url)
    begin(page, "verdachte")
    expect(editor(page)).to_be_enabled()
    editor(page).fill("De persoon tegen wie een verdenking bestaat")
    expect(page.locator(".vb-finding.vb-fact")).to_have_count(1)
    page.get_by_role("button", name="Stel vast").click()
    reason = page.get_by_label("Reden", exact=True)
    expect(reason).to_be_visible()  # drawn after the findings; it moves the button
    page.get_by_role("button", name="Vaststellen").click()
    expect(page.get_by_text("Vul een reden in.")).to_be_visible()
    reason.fill("Zo staat het in de wet.")
    reason.press("Enter")
    page.get_by_role("button", name="Vaststellen").click()
    expect(page.get_by_text("Deze tekst is om")).to_be_visible()
    expect(page.get_by_text(READY)).to_be_visible()

    page.reload()
    expect(page.get_by_text(READY)).to_be_visible()
    expect(page.get_by_label("Begrip", exact=True)).to_have_value("verdachte")
    page.get_by_text("2 versies van de definitie").click()
    expect(page.get_by_text("Reden: Zo staat het in de wet.")).to_be_visible()
    forgive_probes(page_problems)


def test_a_type_made_again_after_the_end_is_followed_to_its_end(page: Page, flow_url: str) -> None:
    """Nothing polled any more; now something runs again, and the page shows it without a click."""
    open_page(page, flow_url)
    begin(page, "getuige")
    expect(page.get_by_text(READY)).to_be_visible()
    wait_until_idle(page)
    page.get_by_role("tab", name="Praktijkvoorbeelden").click()
    panel = page.get_by_role("tabpanel", name="Praktijkvoorbeelden")
    again = panel.get_by_role("button", name="Opnieuw")
    before = panel.locator(".vb-item").count()
    assert before > 0
    again.click()
    expect(again).to_have_count(0)
    expect(panel.locator(".vb-item")).to_have_count(0)
    expect(again).to_be_visible()
    expect(panel.locator(".vb-item")).to_have_count(before)


def test_nothing_jumps_while_the_flow_goes_on(page: Page, flow_url: str) -> None:
    """From the first words of the draft to the last example, what an editor reaches for stays
    where it was; versions that are opened meanwhile stay open."""
    open_page(page, flow_url)
    begin(page, "eigendom")
    expect(page.locator(".vb-caret")).to_be_visible()

    def places() -> list[float]:
        things = (editor(page), page.get_by_role("button", name="Genereer voorbeelden"))
        return [box["y"] for box in (thing.bounding_box() for thing in things) if box]

    before = places()
    assert len(before) == 2
    expect(page.locator(".vb-caret")).to_have_count(0)  # drafted; being judged, examples on the way
    expect(editor(page)).to_be_enabled()  # another element than the one that could not be typed in
    during = places()
    kept = page.locator("details.vb-versions")
    expect(kept).to_contain_text("1× voorbeelden gemaakt")
    kept.locator("summary").click()
    expect(kept).to_have_attribute("open", "")
    expect(page.get_by_text(READY)).to_be_visible()
    wait_until_idle(page)
    expect(kept).to_have_attribute("open", "")
    assert during == pytest.approx(before, abs=2)
    assert places() == pytest.approx(before, abs=2)


def test_nothing_moves_on_a_phone_while_the_flow_goes_on(browser: Browser, flow_url: str) -> None:
    """390 px: neither a draft of many lines, nor findings, nor a sentence that takes two lines now
    and one then, moves the buttons, the tabs or a text."""
    with new_context(browser, VARIANTS[2]) as context:
        page = context.new_page()
        page.goto(f"{flow_url}/definitie")
        page.get_by_role("button", name="Stel een definitie op").wait_for()
        wait_until_idle(page)
        begin(page, "getuige")
        expect(page.locator(".vb-caret")).to_be_visible()
        follow(page, '[role="tab"], .vb-item .vb-text, .vb-versions summary, #stMain button p')
        expect(page.get_by_text(READY)).to_be_visible()
        wait_until_idle(page)
        assert not moved(page, at_least=6 + 3 + 4)


def test_a_failing_judgement_is_named_and_hostile_text_stays_text(
    page: Page, faulty_url: str
) -> None:
    """Definition and examples are whole; the image in the definition is never asked for."""
    open_page(page, faulty_url)
    begin(page, "getuige")
    expect(page.get_by_text("De beoordeling door het taalmodel is niet gelukt")).to_be_visible()
    expect(page.get_by_text("Geen oordeel van het taalmodel.")).to_be_visible()
    expect(page.locator(".vb-definition-text")).to_contain_text("<img src=")
    assert page.locator(".vb-definition img, .vb-checks img").count() == 0
    expect(page.locator(".vb-finding.vb-fact", has_text="Is platte tekst")).to_be_visible()
    expect(page.locator(".vb-item").nth(9)).to_be_attached()  # drawn after the sentence


def test_on_a_phone_in_the_dark(browser: Browser, flow_url: str) -> None:
    """390 px wide: the whole flow, and nothing sticks out."""
    problems: list[str] = []
    with new_context(browser, VARIANTS[3]) as context:
        watch(context, problems)
        page = context.new_page()
        page.goto(flow_url)
        page.get_by_role("button", name="Genereer").wait_for()
        page.goto(f"{flow_url}/definitie")
        begin(page, "besluit")
        expect(page.get_by_text(READY)).to_be_visible()
        editor(page).fill("Een besluit dat kan worden genomen, zoals een beschikking")
        expect(page.locator(".vb-finding")).not_to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    forgive_probes(problems)
    assert not problems


def test_from_begrip_to_exported_examples(page: Page, flow_url: str, tmp_path: Path) -> None:
    """Begrip and context alone; the draft streams in, is edited, checked and accepted; examples
    follow, are opened where they are reviewed, approved, and leave as a file that holds them."""
    open_page(page, flow_url)
    context = page.get_by_role("combobox", name="Juridische context")
    context.fill("bestuursrecht")
    context.press("Enter")
    context.press("Escape")
    # Not with it "bestuursprocesrecht", which was found too.
    expect(page.get_by_role("button", name="Verwijder bestuurs")).to_have_count(1)
    begin(page, "beschikking")
    expect(page.locator(".vb-caret")).to_be_visible()
    expect(editor(page)).to_be_enabled()
    expect(page.locator(".vb-checks")).to_contain_text("regels")
    edited = "Een besluit van een bestuursorgaan dat voor één geval geldt"
    editor(page).fill(edited)
    expect(page.locator(".vb-finding.vb-fact")).to_contain_text("lidwoord")
    edited = "Besluit van een bestuursorgaan dat voor één geval geldt"
    editor(page).fill(edited)
    expect(page.locator(".vb-finding.vb-fact")).to_have_count(0)
    page.get_by_role("button", name="Stel vast").click()
    page.get_by_role("button", name="Vaststellen").click()
    expect(page.get_by_text("Deze tekst is om")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Genereer voorbeelden").click()
    expect(page.get_by_text("horen bij deze tekst")).to_be_visible()
    expect(page.get_by_text(READY)).to_be_visible()
    wait_until_idle(page)
    page.get_by_role("button", name="Beoordeel", exact=True).click()
    expect(page.locator(".vb-mast h1")).to_have_text("Voorbeelden")
    expect(page.get_by_label("Definitie", exact=True)).to_have_value(edited)
    wait_until_idle(page)
    approved = page.locator('.vb-item[data-status="goedgekeurd"]')
    for number in (1, 2):
        page.get_by_role("button", name="Goedkeuren", exact=True).first.click()
        expect(approved).to_have_count(number)
    texts = set(page.locator('.vb-item[data-status="goedgekeurd"] .vb-text').all_text_contents())
    assert len(texts) == 2

    graph = exported(page, "beschikking", tmp_path / "beschikking.ttl")
    [concept] = graph.subjects(RDF.type, SKOS.Concept)
    examples = "\n".join(str(value) for value in graph.objects(concept, SKOS.example))
    assert all(text in examples for text in texts)
    assert edited in "\n".join(str(value) for value in graph.objects())


def exported(page: Page, begrip: str, target: Path) -> Graph:
    """What the export page gives as SKOS, read by a reader of somebody else's."""
    page.get_by_role("link", name="Uitvoer").first.click()
    expect(page.locator(".vb-mast h1")).to_have_text("Uitvoer")
    wait_until_idle(page)
    begrippen = page.get_by_role("combobox", name="Begrippen")
    begrippen.fill(begrip)
    begrippen.press("Enter")
    begrippen.press("Escape")
    page.get_by_label("Bestandsvorm", exact=True).click()
    page.get_by_role("option", name=FORMATS["turtle"].name, exact=True).click()
    # Until this stands there the button gives the file of the format before.
    expect(page.get_by_text(f"{begrip}{FORMATS['turtle'].extension} · ")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(target)
    return Graph().parse(target, format="turtle")


def test_whoever_comes_first_to_this_address_gets_the_whole_app(browser: Browser) -> None:
    """In a process of which nobody has opened the first page yet: its navigation is there."""
    problems: list[str] = []
    with serve_app() as url, new_context(browser, VARIANTS[0]) as context:
        watch(context, problems)
        page = context.new_page()
        page.goto(f"{url}/definitie")
        page.get_by_role("button", name="Stel een definitie op").wait_for()
        expect(page.get_by_role("link", name="Geschiedenis")).to_be_visible()
        expect(page.get_by_role("link", name="app", exact=True)).to_have_count(0)
        # Away before the app ends: a page that lost its server logs errors.
        page.goto("about:blank")
    forgive_probes(problems)
    assert not problems
