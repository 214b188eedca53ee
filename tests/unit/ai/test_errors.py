"""The error tree is its module's docstring, and no error can be told from another by text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from voorbeelden.ai import errors
from voorbeelden.ai.errors import AIError, Broken, Rejected, Transient
from voorbeelden.model import FailureKind

ABSTRACT = {AIError, Rejected, Transient, Broken}


def tree(root: type[AIError], depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, root.__name__
    for child in root.__subclasses__():
        yield from tree(child, depth + 1)


def every(root: type[AIError] = AIError) -> Iterator[type[AIError]]:
    yield root
    for child in root.__subclasses__():
        yield from every(child)


CLASSES = tuple(every())
CONCRETE = tuple(one for one in CLASSES if one not in ABSTRACT)


def test_the_docstring_is_the_tree() -> None:
    """Exactly these classes, under these parents, in this order."""
    lines = re.findall(r"^( {4,})([A-Z]\w+)(?=\s{2,}|$)", errors.__doc__ or "", re.MULTILINE)
    assert [((len(blank) - 4) // 2, name) for blank, name in lines] == list(tree(AIError))


def test_every_class_lives_in_the_module() -> None:
    """A class elsewhere would not be in the tree that a reader sees."""
    assert {one.__module__ for one in CLASSES} == {errors.__name__}


def test_every_concrete_class_has_a_kind_of_its_own() -> None:
    kinds = [one.__dict__["kind"] for one in CONCRETE]
    assert len(set(kinds)) == len(kinds)
    assert FailureKind.INTERNAL not in kinds


@pytest.mark.parametrize("one", [one for one in CLASSES if one in ABSTRACT])
def test_a_class_without_a_kind_of_its_own_only_groups(one: type[AIError]) -> None:
    """A group is never what an editor reads: it has children, and no kind but the root's."""
    assert one.kind is FailureKind.INTERNAL
    assert one.__subclasses__()


@pytest.mark.parametrize("one", CLASSES)
def test_the_text_holds_kind_and_status_and_nothing_else(one: type[AIError]) -> None:
    """Exception text may be logged: what a server or a model wrote is kept out of it."""
    error = one(status=418, request_id="req_geheim", detail="sk-geheim")
    assert str(error) == f"{one.kind.value} (418)"
    assert repr(error) == f"{one.__name__}('{one.kind.value} (418)')"
    assert str(one()) == one.kind.value


@pytest.mark.parametrize("one", CONCRETE)
def test_an_error_keeps_its_facts(one: type[AIError]) -> None:
    error = one(
        status=429, request_id="req_1", retry_after=2.5, retry_advice=False, detail="gastheer"
    )
    assert (error.status, error.request_id, error.detail) == (429, "req_1", "gastheer")
    assert (error.retry_after, error.retry_advice) == (2.5, False)
    bare = one()
    facts = (bare.status, bare.request_id, bare.detail, bare.retry_after, bare.retry_advice)
    assert facts == (None,) * 5
