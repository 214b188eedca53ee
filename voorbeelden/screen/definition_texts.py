"""Dutch words of the definition page, and its sentences about a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.definition.flow_keeper import Origin
from voorbeelden.definition.flow_model import Phase
from voorbeelden.definition.model import Verdict
from voorbeelden.screen.texts import seconds

PHASES: Final[Mapping[Phase, str]] = {
    Phase.DRAFT: "Opstellen",
    Phase.VALIDATION: "Toetsen",
    Phase.EXAMPLES: "Voorbeelden",
}
"""The phases that take time; sanitising takes none that an eye can see."""

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.FACT: "Niet in orde",
    Verdict.JUDGEMENT: "Oordeel van het model",
    Verdict.QUESTION: "Vraag",
}
"""In reading order."""

ORIGINS: Final[Mapping[Origin, str]] = {
    Origin.DRAFT: "Opgesteld",
    Origin.OWN: "Eigen tekst",
    Origin.IMPROVED: "Verbeterd na de toets",
    Origin.ACCEPTED: "Vastgesteld",
    Origin.SET_ASIDE: "Vervangen tekst",
}

_SUBJECTS: Final[Mapping[Phase, str]] = {
    Phase.SANITISE: "De invoer",
    Phase.DRAFT: "Het opstellen",
    Phase.VALIDATION: "De beoordeling door het taalmodel",
    Phase.EXAMPLES: "Het maken van voorbeelden",
}


def status(snapshot: FlowSnapshot) -> str:
    """In one sentence how far the flow is, or what became of it."""
    if snapshot.failure is not None:
        return "Er ging iets mis. Uw tekst staat er nog."
    if snapshot.running:
        return f"Bezig: {_running(snapshot)}."
    if snapshot.stopped:
        kept = "de definitie en wat er aan voorbeelden was" if snapshot.state.text else "wat er was"
        return f"Gestopt. Bewaard is {kept}."
    return _ended(snapshot)


def _running(snapshot: FlowSnapshot) -> str:
    state = snapshot.state
    if state.running(Phase.DRAFT) or not state.phases:
        return "de definitie wordt opgesteld"
    parts = ["de definitie wordt getoetst"] if state.running(Phase.VALIDATION) else []
    if snapshot.examples is not None:
        done, total = snapshot.examples.finished, len(snapshot.examples.lanes)
        parts.append(f"{done} van de {total} soorten voorbeelden klaar")
    return "; ".join(parts) or "bijna klaar"


def _ended(snapshot: FlowSnapshot) -> str:
    state, took = snapshot.state, seconds(snapshot.elapsed)
    failed = [_SUBJECTS[phase] for phase in Phase if phase in state.failures]
    if Phase.DRAFT in state.failures:
        return "Er is nog geen definitie. Wat u invulde, staat er nog."
    if len(failed) > 1:
        both = f"{failed[0]} en {lower_first(failed[1])}"
        return f"De definitie is klaar. {both} zijn niet gelukt."
    if failed:
        return f"De definitie is klaar. {failed[0]} is niet gelukt."
    if snapshot.examples is None:
        return f"De definitie is klaar in {took}."
    done, total = snapshot.examples.finished, len(snapshot.examples.lanes)
    if done == total:
        return f"De definitie en alle {total} soorten voorbeelden zijn klaar in {took}."
    return f"De definitie is klaar; van de voorbeelden {done} van de {total} soorten."


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
