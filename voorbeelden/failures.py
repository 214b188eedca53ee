"""From an exception to the named failure that an editor reads."""

from __future__ import annotations

import logging
import time
import traceback
import uuid

from voorbeelden.ai.errors import AIError
from voorbeelden.messages import message_for
from voorbeelden.model import Failure, FailureKind

log = logging.getLogger(__name__)


def failure_of(error: AIError) -> Failure:
    """What an editor reads of a call that failed."""
    retry_at = None if error.retry_after is None else time.time() + error.retry_after
    message = message_for(
        error.kind, detail=error.detail, reference=error.request_id, retry_at=retry_at
    )
    return Failure(error.kind, message, retry_at=retry_at, reference=error.request_id)


def internal_failure(error: BaseException, **ids: str) -> Failure:
    """A bug of ours: logged with a reference and where it was raised, and named as such.

    The exception's own text is left out of the log: it may quote what an editor or a model wrote.
    """
    reference = uuid.uuid4().hex[:8]
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    log.error(
        "internal error reference=%s type=%s ids=%s at=%s",
        reference,
        type(error).__name__,
        ids,
        " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames)),
    )
    kind = FailureKind.INTERNAL
    return Failure(kind, message_for(kind, reference=reference), reference=reference)
