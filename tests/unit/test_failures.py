"""From exception to named failure; what a log line may hold."""

from __future__ import annotations

import logging
import time

import pytest

from voorbeelden.ai.errors import BadRequest, RateLimited, Refused
from voorbeelden.failures import failure_of, internal_failure
from voorbeelden.messages import message_for, whole_minute
from voorbeelden.model import Failure, FailureKind

SECRET = "sk-geplant-geheim"


def raised(error: Exception) -> Exception:
    try:
        _innermost(error)
    except Exception as caught:  # noqa: BLE001  the test needs the traceback of any of them
        return caught
    raise AssertionError("not reached")


def _innermost(error: Exception) -> None:
    raise error


def test_a_failed_call_keeps_its_kind_and_request_id() -> None:
    """The request id is what a provider asks for."""
    failure = failure_of(BadRequest(status=400, request_id="req_42"))
    assert failure == Failure(
        FailureKind.BAD_REQUEST,
        message_for(FailureKind.BAD_REQUEST, reference="req_42"),
        reference="req_42",
    )


def test_the_wish_of_a_provider_becomes_a_moment() -> None:
    """Seconds from now are of no use to somebody who reads the screen later."""
    before = time.time()
    failure = failure_of(RateLimited(status=429, retry_after=90.0))
    assert failure.retry_at is not None
    assert before + 90 <= failure.retry_at <= time.time() + 90
    assert whole_minute(failure.retry_at) in failure.message
    assert failure_of(RateLimited(status=429)).retry_at is None


def test_a_refusal_shows_the_models_reason() -> None:
    assert "“Nee.”" in failure_of(Refused(detail="Nee.")).message


def test_a_bug_is_logged_with_its_place_and_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An exception's text may quote an editor, a model or a key: a planted one is nowhere."""
    with caplog.at_level(logging.DEBUG):
        failure = internal_failure(raised(ValueError(f"bad value {SECRET}")), job="j1")
    [record] = caplog.records
    line = record.getMessage()
    assert record.levelno == logging.ERROR
    assert "type=ValueError" in line
    assert "_innermost:" in line
    assert "j1" in line
    assert SECRET not in caplog.text
    assert record.exc_info is None
    assert SECRET not in failure.message


def test_the_editor_and_the_log_hold_the_same_reference(caplog: pytest.LogCaptureFixture) -> None:
    failure = internal_failure(raised(RuntimeError()))
    assert failure.kind is FailureKind.INTERNAL
    assert failure.reference is not None
    assert f"reference={failure.reference} " in caplog.text
    assert failure.reference in failure.message


def test_two_bugs_have_two_references() -> None:
    error = raised(RuntimeError())
    assert internal_failure(error).reference != internal_failure(error).reference


def test_an_error_that_was_never_raised_is_named_too() -> None:
    """A task's exception may come without a traceback."""
    assert internal_failure(RuntimeError()).kind is FailureKind.INTERNAL
