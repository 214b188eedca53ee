"""What an editor reads when a phase of the flow failed: what happened, and what to do, in Dutch.

The general messages speak of examples; where that would be wrong, a phase has words of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from voorbeelden.ai.errors import AIError
from voorbeelden.definition.flow_model import Phase
from voorbeelden.failures import failure_of
from voorbeelden.messages import with_reason
from voorbeelden.model import Failure, FailureKind

_WRITE: Final = "Stel opnieuw op, of schrijf de definitie zelf."
_JUDGE: Final = (
    "De definitie en de bevindingen van de toepassing zelf zijn heel gebleven. "
    "Kies Genereer voorbeelden om de tekst opnieuw te laten beoordelen."
)

_WORDS: Final[Mapping[Phase, Mapping[FailureKind, str]]] = {
    Phase.DRAFT: {
        FailureKind.TOO_LONG: "De context is te lang voor dit taalmodel. Kort haar in.",
        FailureKind.TIMEOUT: f"De definitie was niet op tijd klaar. {_WRITE}",
        FailureKind.INTERRUPTED: f"De verbinding brak af tijdens het opstellen. {_WRITE}",
        FailureKind.INCOMPLETE: f"Het opstellen hield onverwacht op. {_WRITE}",
        FailureKind.REFUSED: (
            "Het taalmodel weigert bij dit begrip een definitie op te stellen. "
            "Schrijf de definitie zelf, of pas de context aan."
        ),
        FailureKind.CONTENT_FILTER: (
            "Het inhoudsfilter van de aanbieder heeft de definitie geblokkeerd. "
            "Schrijf de definitie zelf, of pas de context aan."
        ),
        FailureKind.UNUSABLE: f"Het taalmodel gaf geen bruikbare definitie. {_WRITE}",
    },
    Phase.VALIDATION: {
        FailureKind.TIMEOUT: f"De beoordeling was niet op tijd klaar. {_JUDGE}",
        FailureKind.INTERRUPTED: f"De verbinding brak af tijdens het beoordelen. {_JUDGE}",
        FailureKind.INCOMPLETE: f"Het beoordelen hield onverwacht op. {_JUDGE}",
        FailureKind.REFUSED: f"Het taalmodel weigert deze definitie te beoordelen. {_JUDGE}",
        FailureKind.CONTENT_FILTER: (
            f"Het inhoudsfilter van de aanbieder heeft de beoordeling geblokkeerd. {_JUDGE}"
        ),
        FailureKind.UNUSABLE: f"Het taalmodel gaf geen bruikbare oordelen. {_JUDGE}",
    },
}


def in_phase(phase: Phase, error: AIError) -> Failure:
    """What an editor reads of ``error``, in the words of ``phase`` where it has its own."""
    failure = failure_of(error)
    words = _WORDS.get(phase, {}).get(failure.kind)
    if words is None:
        return failure
    reason = error.detail if failure.kind is FailureKind.REFUSED else None
    return replace(failure, message=with_reason(words, reason))
