"""The documented names exist, with the documented signatures, and nothing else is exported."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from voorbeelden import model, unified_voorbeelden
from voorbeelden.model import ExampleRequest, ExampleType, GenerationMode
from voorbeelden.unified_voorbeelden import GenerationFailed, UnifiedExamplesGenerator

ROOT = Path(__file__).parents[2]

DOCUMENTED = {
    "DEFAULT_EXAMPLE_COUNTS",
    "ExampleRequest",
    "ExampleType",
    "GenerationMode",
    "UnifiedExamplesGenerator",
    "genereer_alle_voorbeelden",
    "genereer_alle_voorbeelden_async",
    "get_examples_generator",
}
OURS = {"GenerationFailed", "genereer_voorbeelden_resultaat", "genereer_voorbeelden_stream"}


def test_all_lists_exactly_the_public_names() -> None:
    """Sorted, each there once, each importable."""
    names = unified_voorbeelden.__all__
    assert set(names) == DOCUMENTED | OURS
    assert names == sorted(set(names))
    for name in names:
        assert hasattr(unified_voorbeelden, name)


def test_names_defined_here_are_public_or_private_on_purpose() -> None:
    """Every public class and function of the module stands in ``__all__``."""
    own = {
        name
        for name, value in vars(unified_voorbeelden).items()
        if getattr(value, "__module__", None) == unified_voorbeelden.__name__
        and not name.startswith("_")
    }
    assert own == set(unified_voorbeelden.__all__) - {
        "DEFAULT_EXAMPLE_COUNTS",
        "ExampleRequest",
        "ExampleType",
        "GenerationMode",
    }


def test_the_data_is_the_models_own() -> None:
    """One class each, whichever module it is imported from."""
    for name in ("DEFAULT_EXAMPLE_COUNTS", "ExampleRequest", "ExampleType", "GenerationMode"):
        assert getattr(unified_voorbeelden, name) is getattr(model, name)


@pytest.mark.parametrize("name", ["genereer_alle_voorbeelden", "genereer_alle_voorbeelden_async"])
def test_the_entry_points_take_begrip_definitie_and_context(name: str) -> None:
    function = getattr(unified_voorbeelden, name)
    assert list(inspect.signature(function).parameters) == ["begrip", "definitie", "context_dict"]
    hints = typing.get_type_hints(function)
    assert hints == {
        "begrip": str,
        "definitie": str,
        "context_dict": dict[str, list[str]],
        "return": dict[str, list[str] | str],
    }


def test_one_is_a_coroutine_and_its_twin_is_not() -> None:
    assert inspect.iscoroutinefunction(unified_voorbeelden.genereer_alle_voorbeelden_async)
    assert not inspect.iscoroutinefunction(unified_voorbeelden.genereer_alle_voorbeelden)
    assert inspect.iscoroutinefunction(unified_voorbeelden.genereer_voorbeelden_resultaat)
    assert inspect.isasyncgenfunction(unified_voorbeelden.genereer_voorbeelden_stream)


def test_the_generator_answers_one_request() -> None:
    method = UnifiedExamplesGenerator._generate_async
    assert inspect.iscoroutinefunction(method)
    assert list(inspect.signature(method).parameters) == ["self", "request"]
    assert typing.get_type_hints(method) == {"request": ExampleRequest, "return": list[str]}


def test_the_generator_of_the_process_is_one_object() -> None:
    generator = unified_voorbeelden.get_examples_generator()
    assert isinstance(generator, UnifiedExamplesGenerator)
    assert unified_voorbeelden.get_examples_generator() is generator


def test_a_request_has_the_documented_fields_in_order() -> None:
    assert [one.name for one in dataclasses.fields(ExampleRequest)] == [
        "begrip",
        "definitie",
        "context_dict",
        "example_type",
        "generation_mode",
        "max_examples",
    ]
    assert GenerationMode.ASYNC in GenerationMode


def test_a_failed_type_is_an_exception_without_text_of_others() -> None:
    """Its text may be logged: type and kind, nothing that anyone wrote."""
    failure = model.Failure(model.FailureKind.SERVER, "Storing met eigen woorden.")
    error = GenerationFailed(ExampleType.SYNONIEMEN, failure)
    assert str(error) == "synoniemen: server"
    assert (error.example_type, error.failure) == (ExampleType.SYNONIEMEN, failure)
    assert str(GenerationFailed(ExampleType.SYNONIEMEN, None)) == "synoniemen: cancelled"


HEAVY = ["openai", "httpx2", "httpx", "streamlit", "pandas", "numpy", "aiohttp", "pydantic"]
HEAVY += ["jiter", "nest_asyncio", "uvloop", "prometheus_client"]


@pytest.mark.parametrize(
    "module",
    ["voorbeelden.unified_voorbeelden", "voorbeelden.bridge", "voorbeelden.demo.process"],
)
def test_an_import_is_light(module: str) -> None:
    """A page or a script that imports the entry points loads no SDK, no web server and no table
    library: those come with the first generation, on the loop's own thread."""
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert module in loaded
    assert not set(HEAVY) & set(loaded)


def test_an_import_starts_no_thread_and_reads_no_setting() -> None:
    """Importing has no effect: the bridge is made at the first call."""
    code = (
        "import threading\n"
        "from voorbeelden import settings\n"
        "def load(*args): raise AssertionError('settings were read')\n"
        "settings.load = load\n"
        "import voorbeelden.unified_voorbeelden\n"
        "print(threading.active_count())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
