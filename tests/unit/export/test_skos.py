"""NL-SBB as rdflib and pySHACL read it, which share no code with the writer's decisions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from pyshacl import validate
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, SH, SKOS, XSD

from scripts import check_nl_sbb
from tests.unit.export.support import CHANGED, awkward_begrippen, begrip, item, known
from voorbeelden.export import ExportBegrip, ExportError, ItemStatus, Kader, write
from voorbeelden.export.texts import one_line, prose
from voorbeelden.model import ExampleType

# rdflib's JSON-LD reader, used by these tests alone, calls a class that rdflib itself deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SHAPES = Graph().parse(Path(__file__).with_name("nl_sbb_shapes.ttl"))
READERS = {"turtle": "turtle", "jsonld": "json-ld"}


def read(kind: str, data: bytes) -> Graph:
    return Graph().parse(data=data, format=READERS[kind])


def violations(graph: Graph) -> list[str]:
    """The violations by the name of the shape, counted here and not by pySHACL's ``conforms``."""
    _, report, text = validate(graph, shacl_graph=SHAPES, inference="none")
    assert isinstance(report, Graph), text
    return [
        str(report.value(result, SH.sourceShape)).rpartition("#")[2]
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) == SH.Violation
    ]


def dutch(graph: Graph, subject: object, predicate: URIRef) -> set[str]:
    """The literals of a property; each must be marked as Dutch."""
    found = list(graph.objects(subject, predicate))  # type: ignore[arg-type]
    assert all(isinstance(text, Literal) and text.language == "nl" for text in found)
    return {str(text) for text in found}


RICH = begrip(
    item(ExampleType.VOORBEELDZINNEN, "De verdachte zweeg."),
    item(ExampleType.PRAKTIJKVOORBEELDEN, "Een man rent weg uit een winkel."),
    item(ExampleType.TEGENVOORBEELDEN, "Een getuige.", reden="Hij zag het alleen."),
    item(ExampleType.TEGENVOORBEELDEN, "Een veroordeelde."),
    item(ExampleType.SYNONIEMEN, "beschuldigde"),
    item(ExampleType.SYNONIEMEN, "verdachte"),
    item(ExampleType.ANTONIEMEN, "onschuldige"),
    item(ExampleType.TOELICHTING, "Vanaf het vermoeden."),
    item(ExampleType.SYNONIEMEN, "dader", status=ItemStatus.VOORSTEL),
    context={
        "organisatorisch": ("OM", "politie"),
        "juridisch": ("strafprocesrecht",),
        "wettelijk": ("Sv, art. 27 (https://wetten.overheid.nl/BWBR0001903).",),
    },
    voorkeursterm="beschuldigde",
)


@pytest.mark.parametrize("kind", READERS)
def test_the_hand_written_begrippen_conform(kind: str) -> None:
    """No violation for all begrippen together, approved items only or all."""
    begrippen = [known(place) for place in range(8)]
    for only_approved in (True, False):
        graph = read(kind, write(kind, begrippen, only_approved))
        assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 8
        assert violations(graph) == []


@pytest.mark.parametrize("kind", READERS)
def test_everything_is_where_nl_sbb_wants_it(kind: str) -> None:
    """Each kind of item under its property, in Dutch; what is no example is a note."""
    graph = read(kind, write(kind, [RICH]))
    concept = URIRef(f"urn:uuid:{RICH.id}")
    assert graph.value(concept, RDF.type) == SKOS.Concept
    assert dutch(graph, concept, SKOS.prefLabel) == {"beschuldigde"}
    assert dutch(graph, concept, SKOS.altLabel) == {"verdachte"}
    assert dutch(graph, concept, SKOS.definition) == {RICH.definitie}
    assert dutch(graph, concept, SKOS.example) == {
        "De verdachte zweeg.",
        "Een man rent weg uit een winkel.",
    }
    assert dutch(graph, concept, SKOS.scopeNote) == {
        "Vanaf het vermoeden.",
        "Geen voorbeeld: Een getuige. Reden: Hij zag het alleen.",
        "Geen voorbeeld: Een veroordeelde.",
        "Tegenhanger: onschuldige",
    }
    assert dutch(graph, concept, SKOS.editorialNote) == {
        "Organisatorische context: OM",
        "Organisatorische context: politie",
        "Juridische context: strafprocesrecht",
    }
    assert graph.value(concept, DCTERMS.modified) == Literal(
        CHANGED.isoformat(), datatype=XSD.dateTime
    )
    source = graph.value(concept, DCTERMS.source)
    assert graph.value(source, RDF.type) == FOAF.Document
    assert dutch(graph, source, DCTERMS.title) == {*RICH.context["wettelijk"]}
    assert graph.value(source, FOAF.page) == URIRef("https://wetten.overheid.nl/BWBR0001903")
    scheme = graph.value(concept, SKOS.inScheme)
    assert graph.value(scheme, RDF.type) == SKOS.ConceptScheme
    assert dutch(graph, scheme, DCTERMS.title) == {"Begrippen met voorbeelden"}
    assert violations(graph) == []


def test_items_that_are_not_approved_are_never_asserted() -> None:
    """Let through, a proposed synonym is an editorial note with its status, not a label."""
    graph = read("turtle", write("turtle", [RICH], only_approved=False))
    concept = URIRef(f"urn:uuid:{RICH.id}")
    assert dutch(graph, concept, SKOS.altLabel) == {"verdachte"}
    assert "Voorstel (synoniem): dader" in dutch(graph, concept, SKOS.editorialNote)


def test_both_notations_say_the_same() -> None:
    """The Turtle and the JSON-LD of one selection are the same graph."""
    begrippen = [RICH, known(0), known(1)]
    assert isomorphic(
        read("turtle", write("turtle", begrippen)), read("jsonld", write("jsonld", begrippen))
    )


def test_begrippen_share_a_law() -> None:
    """One document for one law, however many begrippen cite it; one scheme for all."""
    other = replace(RICH, id="2", context={"wettelijk": (" Sv,  art. 27\n", "Grondwet")})
    first = replace(RICH, context={"wettelijk": ("Sv, art. 27",)})
    graph = read("turtle", write("turtle", [first, other]))
    titles = sorted(str(graph.value(law, DCTERMS.title)) for law in documents(graph))
    assert titles == ["Grondwet", "Sv, art. 27"]
    assert len(set(graph.objects(None, SKOS.inScheme))) == 1


def documents(graph: Graph) -> set[object]:
    return set(graph.subjects(RDF.type, FOAF.Document))


def test_identifiers_under_an_address_of_ones_own() -> None:
    """{basis}/id/begrip/{id}, escaped; the title is the begrippenkader's."""
    kader = Kader("Strafrecht", "https://begrippen.voorbeeld.nl/om/")
    graph = read("turtle", write("turtle", [replace(RICH, id="a/b ç")], kader=kader))
    concept = graph.value(predicate=RDF.type, object=SKOS.Concept)
    assert concept == URIRef("https://begrippen.voorbeeld.nl/om/id/begrip/a%2Fb%20%C3%A7")
    assert dutch(graph, graph.value(concept, SKOS.inScheme), DCTERMS.title) == {"Strafrecht"}
    assert violations(graph) == []


@pytest.mark.parametrize("basis", ["", "begrippen.nl", "ftp://x", "https://x y", "https://x/#a"])
def test_no_other_address_is_taken(basis: str) -> None:
    """An address that would make broken identifiers is refused when the Kader is made."""
    with pytest.raises(ValueError, match="not an http"):
        Kader(basis=basis)


def test_identifiers_stay_the_same() -> None:
    """An id that is no UUID, and a begrip without id, get the same identifier every time."""
    for given_begrip in (replace(RICH, id="37"), replace(RICH, id="")):
        names = {
            read("turtle", write("turtle", [given_begrip])).value(
                predicate=RDF.type, object=SKOS.Concept
            )
            for _ in range(2)
        }
        assert len(names) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(names.pop()))


@pytest.mark.parametrize("kind", READERS)
def test_a_begrip_without_a_definition_is_refused(kind: str) -> None:
    """NL-SBB cannot do without; the editor hears which begrip and what to do."""
    with pytest.raises(ExportError, match="‘verdachte’ heeft geen definitie en NL-SBB vraagt die"):
        write(kind, [begrip(definitie=" ")])


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=20, deadline=None)
@given(begrippen=awkward_begrippen())
def test_any_text_survives(kind: str, begrippen: tuple[ExportBegrip, ...]) -> None:
    """Definitions and terms read back as written, apart from what XML cannot hold."""
    graph = read(kind, write(kind, begrippen, only_approved=False))
    assert {str(text) for text in graph.objects(None, SKOS.definition)} == {
        prose(begrip.definitie) for begrip in begrippen
    }
    assert {str(text) for text in graph.objects(None, SKOS.prefLabel)} == {
        one_line(prose(begrip.voorkeursterm or begrip.begrip)) for begrip in begrippen
    }


def drop(predicate: URIRef) -> Callable[[Graph, URIRef], object]:
    return lambda graph, concept: graph.remove((concept, predicate, None))


def add(predicate: URIRef, text: str, lang: str | None = "nl") -> Callable[[Graph, URIRef], object]:
    return lambda graph, concept: graph.add((concept, predicate, Literal(text, lang=lang)))


BREAKS = {
    "Concept-prefLabel without": drop(SKOS.prefLabel),
    "Concept-prefLabel twice": add(SKOS.prefLabel, "dader"),
    "Concept-prefLabel without language": add(SKOS.prefLabel, "dader", lang=None),
    "Concept-altLabel the same": add(SKOS.altLabel, "beschuldigde"),
    "Concept-definition without": drop(SKOS.definition),
    "Concept-definition without language": add(SKOS.definition, "x", lang=None),
    "Concept-inScheme without": drop(SKOS.inScheme),
    "Concept-inScheme not a scheme": lambda graph, concept: graph.add(
        (concept, SKOS.inScheme, concept)
    ),
    "Concept-example not an example": add(SKOS.example, "Geen voorbeeld: een getuige."),
    "Concept-scopeNote without language": add(SKOS.scopeNote, "x", lang=None),
    "Concept-source a text": add(DCTERMS.source, "Sv"),
    "Concept-source without title": lambda graph, _: graph.remove(
        (next(graph.subjects(RDF.type, FOAF.Document)), DCTERMS.title, None)
    ),
    "Concept also a scheme": lambda graph, concept: graph.add(
        (concept, RDF.type, SKOS.ConceptScheme)
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_shapes_see_each_fault(name: str) -> None:
    """Every rule that the conforming tests lean on rejects data that breaks it."""
    graph = read("turtle", write("turtle", [RICH]))
    BREAKS[name](graph, URIRef(f"urn:uuid:{RICH.id}"))
    assert name.partition(" ")[0] in violations(graph)


def test_the_verdict_of_pyshacl_is_not_enough() -> None:
    """With allow_warnings it conforms in spite of a violation: why ``violations`` counts."""
    shapes = Graph().parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <urn:begrip> a sh:NodeShape ; sh:targetClass skos:Concept ; sh:severity sh:Warning ;
            sh:property [ sh:path skos:definition ; sh:minCount 1 ; sh:severity sh:Violation ] .
        """
    )
    graph = Graph().add((URIRef("urn:a"), RDF.type, SKOS.Concept))
    conforms, report, _ = validate(graph, shacl_graph=shapes, allow_warnings=True)
    assert isinstance(report, Graph)
    assert conforms
    assert list(report.objects(None, SH.resultSeverity)) == [SH.Violation]


def test_the_command_counts_violations_and_what_the_profile_lets_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 for what we write; 1 for a begrip that is in no begrippenkader, with its name."""
    file = tmp_path / "begrippen.ttl"
    file.write_bytes(write("turtle", [known(0), known(1)]))
    profile = ["--profile", str(Path(__file__).with_name("nl_sbb_shapes.ttl"))]
    assert check_nl_sbb.main([str(file), *profile]) == 0
    graph = Graph().parse(file)
    begrip = next(graph.subjects(RDF.type, SKOS.Concept))
    graph.remove((begrip, SKOS.inScheme, None))
    file.write_text(graph.serialize())
    assert check_nl_sbb.main([str(file), *profile]) == 1
    assert f"{begrip} has no skos:inScheme" in capsys.readouterr().out
