"""The draft of a definition: one structured call, of which the text is seen growing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import jiter

from voorbeelden import prompts
from voorbeelden.ai.errors import Unusable
from voorbeelden.definition.flow_call import Question
from voorbeelden.intake import MAX_DEFINITIE
from voorbeelden.model import Subject
from voorbeelden.settings import Settings
from voorbeelden.tidy import one_line

_KEY: Final = "definitie"
_OPENING: Final = re.compile(r'\{\s*"')
_USUAL_TOKENS: Final = 60


def draft_question(settings: Settings, subject: Subject) -> Question[str]:
    """Asks for a definition of ``subject``; its own ``definitie`` is not looked at."""
    return Question(
        system=prompts.draft_system(),
        user=prompts.draft_message(subject.begrip, subject.context),
        schema=prompts.DRAFT_SCHEMA,
        timeout=settings.call_timeout,
        answer_tokens=_USUAL_TOKENS,
        read=read_draft,
    )


def read_draft(answer: Mapping[str, Any]) -> str:
    """The definition as one tidy line.

    Raises:
        Unusable: there is none, or it is longer than a definition may be.
    """
    text = answer.get(_KEY)
    definition = one_line(text) if isinstance(text, str) else ""
    if not definition or len(definition) > MAX_DEFINITIE:
        raise Unusable
    return definition


def growing(text: str) -> str:
    """What there is of the definition in an answer that is still arriving, half words and all.

    >>> growing('{"definitie": "Besluit van een bestu')
    'Besluit van een bestu'
    """
    opening = _OPENING.search(text)
    if opening is None:
        return ""
    arrived = text[opening.start() :].encode("utf-8", "replace")
    try:
        answer = jiter.from_json(arrived, partial_mode="trailing-strings")
    except ValueError:
        return ""
    found = answer.get(_KEY) if isinstance(answer, dict) else None
    return one_line(found)[:MAX_DEFINITIE] if isinstance(found, str) else ""
