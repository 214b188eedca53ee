"""The spec language: what it accepts, what it refuses, and that text and spec are one."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.demo.catalogue import FAULTS, KINDS, PROFILES, OptionTable, Value, ValueKind
from voorbeelden.demo.spec import DemoSpec, SpecError

_WORDS = st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True)
_NUMBERS = st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False)
_COUNTS = st.integers(min_value=1, max_value=999_999_999)
_VALUES: dict[ValueKind, st.SearchStrategy[Value]] = {
    ValueKind.SECONDS: st.floats(min_value=0, max_value=86400),
    ValueKind.POSITIVE: _NUMBERS,
    ValueKind.FRACTION: st.floats(min_value=0, max_value=1),
    ValueKind.COUNT: _COUNTS,
    ValueKind.WHOLE: st.integers(min_value=0, max_value=999_999_999),
    ValueKind.FLAG: st.booleans(),
    ValueKind.WORD: _WORDS,
}
_PLACES = st.one_of(
    st.none(),
    st.sampled_from(KINDS),
    st.builds("{}.{}".format, st.sampled_from(KINDS), _COUNTS),
    st.builds("#{}".format, _COUNTS),
    st.builds("{!r}%".format, st.floats(min_value=0, max_value=100)),
)


def _options(table: OptionTable) -> st.SearchStrategy[dict[str, Value]]:
    values = {key.replace("-", "_"): _VALUES[option.kind] for key, option in table.items()}
    return st.fixed_dictionaries({}, optional=values)


@st.composite
def specs(draw: st.DrawFn) -> DemoSpec:
    name = draw(st.sampled_from(list(PROFILES)))
    spec = DemoSpec.build(name, **draw(_options(PROFILES[name])))
    for fault in draw(st.lists(st.sampled_from(list(FAULTS)), max_size=4)):
        spec = spec.with_fault(fault, draw(_PLACES), **draw(_options(FAULTS[fault])))
    run = draw(st.none() | _WORDS)
    return spec if run is None else spec.with_run(run)


@given(specs())
def test_a_spec_survives_its_text(spec: DemoSpec) -> None:
    """``parse(str(spec)) == spec`` for every spec that the builder can make."""
    assert DemoSpec.parse(str(spec)) == spec


@given(specs())
def test_a_specs_path_is_one_segment_of_a_url(spec: DemoSpec) -> None:
    """Nothing in ``path`` ends the segment, starts a query or a fragment, and it decodes to the
    text."""
    parts = urlsplit(f"http://h/p/{spec.path}/v1")
    assert (parts.path, parts.query, parts.fragment) == (f"/p/{spec.path}/v1", "", "")
    assert unquote(spec.path) == str(spec)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        (
            "fixed,seconds=2,chunks=150;run=abc",
            DemoSpec.build("fixed", seconds=2, chunks=150).with_run("abc"),
        ),
        (
            "measured,scale=0.1;fault=503@synoniemen.1;fault=stall@praktijkvoorbeelden",
            DemoSpec.build("measured", scale=0.1)
            .with_fault("503", "synoniemen.1")
            .with_fault("stall", "praktijkvoorbeelden"),
        ),
        (
            "instant;fault=429@10%,retry-after=2,should-retry=true;fault=close@#3",
            DemoSpec.build("instant")
            .with_fault("429", "10%", retry_after=2, should_retry=True)
            .with_fault("close", "#3"),
        ),
    ],
)
def test_the_builder_and_the_text_say_the_same(text: str, spec: DemoSpec) -> None:
    """The documented examples parse to what the builder makes."""
    assert DemoSpec.parse(text) == spec


def test_equal_behaviour_is_equal_text() -> None:
    """The order and the spelling of options do not make another spec, so calls count together."""
    assert str(DemoSpec.parse("fixed,chunks=5,seconds=2")) == "fixed,seconds=2.0,chunks=5"
    assert DemoSpec.parse("fixed,chunks=5,seconds=2.0") == DemoSpec.parse(
        "fixed,seconds=2,chunks=5"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "unknown profile ''"),
        ("snel", "unknown profile 'snel'; known: demo, instant"),
        ("fixed,secs=2", "profile 'fixed' has no option 'secs'"),
        ("fixed,seconds", "'seconds' is not key=value"),
        ("fixed,seconds=-1", "seconds '-1' is not a number"),
        ("fixed,seconds=nan", "seconds 'nan' is not a number"),
        ("fixed,seconds=1e999", "seconds '1e999' is not a number"),
        ("fixed,seconds=86401", "seconds='86401' is not a number of seconds from 0 to 86400"),
        ("fixed,seconds=1,seconds=2", "'seconds' of profile 'fixed' is given twice"),
        ("measured,scale=0", "scale='0' is not a number above 0"),
        ("instant,chunks=0", "chunks='0' is not a whole number of 1 or more"),
        ("instant,chunks=1.5", "chunks='1.5' is not a whole number"),
        ("instant;fault=999", "unknown fault '999'"),
        ("instant;fault=500@synonimen", "unknown kind 'synonimen'"),
        ("instant;fault=500@synoniemen.0", "call number '0'"),
        ("instant;fault=500@synoniemen.", "call number ''"),
        ("instant;fault=500@#x", "call number 'x'"),
        ("instant;fault=500@101%", "rate '101%' is above 100%"),
        ("instant;fault=close,after=1.1", "after='1.1' is not a number from 0 to 1"),
        ("instant;fault=429,should-retry=ja", "should-retry='ja' is not true or false"),
        ("instant;fault=errorevent,code=a b", "code='a b' is not 1 to 64 letters"),
        ("instant;run=", "run '' is not 1 to 64 letters"),
        ("instant;run=a;run=b", "part 'run=b' is neither"),
        ("instant;", "part '' is neither"),
    ],
)
def test_a_bad_text_is_refused_with_the_part_that_is_wrong(text: str, complaint: str) -> None:
    """The message names the bad part, since whoever wrote the URL sees nothing else."""
    with pytest.raises(SpecError) as caught:
        DemoSpec.parse(text)
    assert complaint in str(caught.value)


def test_options_that_are_not_given_have_their_default() -> None:
    """A spec answers for every option of its profile; what is off has no value."""
    spec = DemoSpec.parse("fixed,chunks=3;fault=429")
    assert (spec.number("seconds"), spec.count("chunks"), spec.count("barrier")) == (1.0, 3, None)
    assert spec.faults[0].value("retry-after") is None
