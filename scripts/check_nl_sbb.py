"""Hold an export against a SHACL profile: the published one of NL-SBB, or any other.

    python -m scripts.check_nl_sbb begrippen.ttl --profile skos-ap-nl.ttl

The profile is Geonovum's ``profiles/skos-ap-nl.ttl`` (https://github.com/Geonovum/NL-SBB); no copy
of it is kept here. Needs requirements-dev.txt. Exit code 1 when there is a Violation, or a begrip
without ``skos:inScheme`` or ``skos:prefLabel``, which profile 1.0.0 lets pass. Warnings are printed
and do not count. pySHACL's own verdict is not used: with allow_warnings it "conforms" in spite of a
Violation inside a shape of severity Warning.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, Graph
from rdflib.namespace import SH, SKOS

SEVERITIES = (SH.Violation, SH.Warning, SH.Info)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("export", type=Path, help="a .ttl or .jsonld file that the app gave")
    parser.add_argument("--profile", type=Path, required=True, help="shapes in Turtle")
    given = parser.parse_args(arguments)
    notation = "json-ld" if given.export.suffix == ".jsonld" else "turtle"
    graph = Graph().parse(given.export, format=notation)
    _, report, text = validate(graph, shacl_graph=Graph().parse(given.profile), inference="none")
    if not isinstance(report, Graph):
        print(text, file=sys.stderr)
        return 2
    results = list(report.subjects(RDF.type, SH.ValidationResult))
    for severity in SEVERITIES:
        those = [one for one in results if report.value(one, SH.resultSeverity) == severity]
        print(f"{severity.fragment}: {len(those)}")
        for one in those:
            focus = report.value(one, SH.focusNode)
            print(f"  {focus}: {report.value(one, SH.resultMessage)}")
    begrippen = set(graph.subjects(RDF.type, SKOS.Concept))
    bare = [
        f"{begrip} has no skos:{name.fragment}"
        for begrip in sorted(begrippen, key=str)
        for name in (SKOS.inScheme, SKOS.prefLabel)
        if graph.value(begrip, name) is None
    ]
    print(f"begrippen: {len(begrippen)}, without inScheme or prefLabel: {len(bare)}")
    for line in bare:
        print(f"  {line}")
    violated = any(report.value(one, SH.resultSeverity) == SH.Violation for one in results)
    return 1 if violated or bare or not begrippen else 0


if __name__ == "__main__":
    sys.exit(main())
