"""NL-SBB: the Dutch standard for describing begrippen, in RDF (SKOS), as Turtle and as JSON-LD.

The binding follows NL-SBB 1.0.0 (Geonovum, https://docs.geostandaarden.nl/nl-sbb/nl-sbb/, chapter
"Toepassingsprofiel in RDF"): a begrip is a ``skos:Concept`` with one preferred term a language, a
definition and a begrippenkader; a source is a ``foaf:Document`` with a title. RDF has no order:
examples of one begrip come out sorted by text, not by position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from uuid import UUID

from voorbeelden.export import view
from voorbeelden.export.model import ExportBegrip, ExportError, Kader
from voorbeelden.export.texts import one_line, prose, with_texts
from voorbeelden.model import ExampleType

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

_LANGUAGE: Final = "nl"
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\ufffd]+")
_PREFIXES: Final = {
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write_turtle(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """RDF 1.1 Turtle, UTF-8.

    Raises:
        ExportError: a begrip has no definition, which NL-SBB asks for.
    """
    return _graph(begrippen, kader).serialize(format="turtle", encoding="utf-8")


def write_json_ld(begrippen: Sequence[ExportBegrip], kader: Kader) -> bytes:
    """JSON-LD 1.1 with its context inside, UTF-8. Raises as ``write_turtle`` does."""
    return _graph(begrippen, kader).serialize(
        format="json-ld", encoding="utf-8", context=_PREFIXES, indent=2, sort_keys=True
    )


def _graph(begrippen: Sequence[ExportBegrip], kader: Kader) -> Graph:
    from rdflib import RDF, Graph, Literal
    from rdflib.namespace import DCTERMS, SKOS

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    scheme = _name(kader, "begrippenkader", str(view.stable_uuid("kader", kader.naam)))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal(prose(kader.naam), lang=_LANGUAGE)))
    for begrip in begrippen:
        _add(graph, with_texts(begrip, prose), kader, scheme)
    return graph


def _add(graph: Graph, begrip: ExportBegrip, kader: Kader, scheme: URIRef) -> None:
    from rdflib import RDF, Literal
    from rdflib.namespace import DCTERMS, SKOS, XSD

    term = view.term(begrip)
    if not begrip.definitie.strip():
        raise ExportError(
            f"Het begrip ‘{term}’ heeft geen definitie en NL-SBB vraagt die. "
            "Vul de definitie in, of kies een ander formaat."
        )
    concept = _name(kader, "begrip", view.identity(begrip))
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, scheme))
    # No hierarchy is known here, so every begrip stands at the top of its begrippenkader.
    graph.add((concept, SKOS.topConceptOf, scheme))
    graph.add((scheme, SKOS.hasTopConcept, concept))
    scope_notes = (
        *view.texts(begrip, ExampleType.TOELICHTING),
        *view.counter_examples(begrip),
        *view.opposites(begrip),
    )
    editorial_notes = (
        *(
            f"Organisatorische context: {entry}"
            for entry in view.contexts(begrip, "organisatorisch")
        ),
        *(f"Juridische context: {entry}" for entry in view.contexts(begrip, "juridisch")),
        *view.remarks(begrip),
    )
    for predicate, literals in (
        (SKOS.prefLabel, (term,)),
        (SKOS.altLabel, view.other_terms(begrip)),
        (SKOS.definition, (begrip.definitie,)),
        (SKOS.example, view.texts(begrip, ExampleType.VOORBEELDZINNEN)),
        (SKOS.example, view.texts(begrip, ExampleType.PRAKTIJKVOORBEELDEN)),
        (SKOS.scopeNote, scope_notes),
        (SKOS.editorialNote, editorial_notes),
    ):
        for text in literals:
            graph.add((concept, predicate, Literal(text, lang=_LANGUAGE)))
    for entry in view.contexts(begrip, "wettelijk"):
        graph.add((concept, DCTERMS.source, _source(graph, entry, kader)))
    if begrip.changed_at is not None:
        moment = Literal(begrip.changed_at.isoformat(), datatype=XSD.dateTime)
        graph.add((concept, DCTERMS.modified, moment))


def _source(graph: Graph, entry: str, kader: Kader) -> URIRef:
    """One document a law, shared by the begrippen that cite it."""
    from rdflib import RDF, Literal, URIRef
    from rdflib.namespace import DCTERMS, FOAF

    title = one_line(entry)
    source = _name(kader, "bron", str(view.stable_uuid("bron", title)))
    graph.add((source, RDF.type, FOAF.Document))
    graph.add((source, DCTERMS.title, Literal(title, lang=_LANGUAGE)))
    for address in _ADDRESS.findall(entry):
        graph.add((source, FOAF.page, URIRef(address.rstrip(".,;:)!'"))))
    return source


def _name(kader: Kader, kind: str, identity: str) -> URIRef:
    """{basis}/id/{kind}/{identity}, after the Dutch URI strategy; or a urn:uuid."""
    from rdflib import URIRef

    if kader.basis is not None:
        return URIRef(f"{kader.basis.rstrip('/')}/id/{kind}/{quote(identity, safe='')}")
    try:
        unique = UUID(identity)
    except ValueError:
        unique = view.stable_uuid(kind, identity)
    return URIRef(unique.urn)
