"""Faults as pure functions: whom they hit, and what they make of bytes, times and content."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from voorbeelden.demo import catalogue
from voorbeelden.demo.answers import Content
from voorbeelden.demo.breaks import sliced, throttled
from voorbeelden.demo.catalogue import FAULTS
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.faults import Call, hits
from voorbeelden.demo.items import item_ends, item_marks
from voorbeelden.demo.limits import Window, duration
from voorbeelden.demo.reply import Ending, Reply
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.demo.spoil import IMAGE_URL, spoil
from voorbeelden.demo.sse import cut

CONTENT: Content = {
    "synoniemen": ["a", "b", "c"],
    "tegenvoorbeelden": [{"voorbeeld": "t", "reden": "r"}],
}


def hit(where: str, number: int, **nth: int) -> bool:
    return bool(hits(DemoSpec.parse(f"instant;fault=500{where}"), Call(number, nth)))


def test_a_fault_hits_the_calls_that_its_place_names() -> None:
    """No place: all; a kind: its calls; ``.n``: its n-th; ``#n``: the n-th of the spec."""
    assert hit("", 1, synoniemen=1)
    assert hit("@synoniemen", 9, synoniemen=4, toelichting=1)
    assert not hit("@synoniemen", 9, toelichting=1)
    assert hit("@synoniemen.2", 5, synoniemen=2)
    assert not hit("@synoniemen.2", 2, synoniemen=1)
    assert hit("@#3", 3, toelichting=1)
    assert not hit("@#3", 4, toelichting=1)


def test_a_rate_is_drawn_with_the_seed() -> None:
    """About the share asked for, the same calls each time, other calls with another seed."""

    def drawn(seed: int) -> list[int]:
        spec = DemoSpec.parse(f"instant,seed={seed};fault=500@10%")
        return [number for number in range(1, 2001) if hits(spec, Call(number, {}))]

    assert 150 < len(drawn(1)) < 250
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert not hit("@0%", 1)
    assert hit("@100%", 1)


def test_content_faults_change_what_their_name_says() -> None:
    """Still valid JSON, each wrong in its own way; other faults leave the content alone."""
    assert spoil("fewer", CONTENT) == {"synoniemen": ["a", "b"], "tegenvoorbeelden": []}
    dupes = spoil("dupes", CONTENT)
    assert isinstance(dupes, dict)
    assert dupes["synoniemen"] == ["a", "b", "a"]
    assert len(dupes["tegenvoorbeelden"]) == 2
    wrong = spoil("wrongschema", CONTENT)
    assert isinstance(wrong, dict)
    assert not set(wrong) & set(CONTENT)
    markup = json.dumps(spoil("markup", CONTENT))
    assert "Hier zijn" in markup
    assert "**a**" in markup
    image = json.dumps(spoil("image", CONTENT))
    assert f"![logo]({IMAGE_URL})" in image
    assert f'<img src=\\"{IMAGE_URL}\\">' in image
    assert spoil("500", CONTENT) is CONTENT
    assert spoil("markup", "tekst") == "tekst"


def test_content_faults_reach_a_text_and_a_judgement() -> None:
    """A definition is a text and a judgement has a reden: both are spoiled as an item is."""
    definition = {"definitie": "Goed recht"}
    assert spoil("fewer", definition) == {"definitie": ""}
    assert spoil("dupes", definition) == definition
    assert spoil("wrongschema", definition) == {
        "resultaten": [{"nummer": 0, "tekst": "Goed recht"}]
    }
    for name, mark in (("markup", "**Goed recht**"), ("image", IMAGE_URL)):
        spoiled = spoil(name, definition)
        assert isinstance(spoiled, dict)
        assert mark in spoiled["definitie"]
    judged = spoil("image", {"oordelen": [{"regel": "a", "voldoet": True, "reden": "Goed."}]})
    assert isinstance(judged, dict)
    assert judged["oordelen"][0]["voldoet"] is True
    assert IMAGE_URL in judged["oordelen"][0]["reden"]


def test_items_end_where_their_json_closes() -> None:
    """Strings with brackets, quotes and backslashes do not confuse the count."""
    text = json.dumps({"a": ['x]"}', "y\\"], "b": [{"voorbeeld": "[", "reden": "r"}], "c": []})
    ends = item_ends(text)
    assert [text[:end][-1] for end in ends] == ['"', '"', "}"]
    assert json.loads(text[: ends[1]] + "]}") == {"a": ['x]"}', "y\\"]}
    assert item_ends("geen JSON") == []


def test_item_marks_count_the_pieces_that_hold_the_items() -> None:
    """``marks[n]`` pieces hold n whole items, and one piece less does not."""
    text = json.dumps({"a": ["een", "twee", "drie"]})
    pieces = cut(text, 7)
    ends = [len("".join(pieces[: index + 1])) for index in range(7)]
    for items, mark in enumerate(item_marks(text, ends)[1:], start=1):
        assert len(item_ends("".join(pieces[:mark]))) >= items
        assert len(item_ends("".join(pieces[: mark - 1]))) < items


@pytest.mark.parametrize("chunks", [1, 2, 7, 150])
def test_text_is_cut_evenly_into_exactly_the_chunks_asked(chunks: int) -> None:
    """No character is lost and lengths differ by one at most, empty pieces included."""
    pieces = cut("één begrip, twee definities", chunks)
    assert len(pieces) == chunks
    assert "".join(pieces) == "één begrip, twee definities"
    lengths = {len(piece) for piece in pieces}
    assert max(lengths) - min(lengths) <= 1


def test_text_is_cut_into_about_four_characters_without_a_number() -> None:
    """The default chunk is as small as a token is."""
    assert {len(piece) for piece in cut("x" * 42, None)} <= {3, 4}
    assert cut("", None) == [""]


def test_slices_cut_through_every_character_of_several_bytes() -> None:
    """The same bytes, cut inside é and €, inside the blank line, never earlier than they were."""
    data = ["data: één €\n\n".encode(), b"data: twee\n\n"]
    reply = sliced(Reply(data, [0.0, 1.0]), size=50, gap=0.001, seed="s")
    assert b"".join(reply.pieces) == b"".join(data)
    assert all(reply.pieces)
    firsts = [piece[0] for piece in reply.pieces]
    assert sum(byte & 0xC0 == 0x80 for byte in firsts) == 4  # é, é: one each; €: two
    assert any(a.endswith(b"\n") and b.startswith(b"\n") for a, b in pairwise(reply.pieces))
    assert all(later - earlier >= 0.0009 for earlier, later in pairwise(reply.times))
    assert reply.times[-1] >= 1.0


def test_a_silent_reply_stays_silent_in_slices() -> None:
    """Two faults together: nothing can be cut, and nothing is invented."""
    assert not sliced(Reply((), (), ending=Ending.HANG), 3, 0.0, "s").pieces


def test_bandwidth_never_sends_more_than_the_rate() -> None:
    """At every moment the bytes sent fit in the time that passed."""
    reply = throttled(Reply([b"x" * 300, b"y" * 100], [0.0, 0.05]), rate=1000)
    sent = 0
    for piece, time in zip(reply.pieces, reply.times, strict=True):
        sent += len(piece)
        assert sent <= 1000 * time + 1e-6
    assert sent == 400
    assert reply.times[-1] == pytest.approx(0.4)


def test_a_window_counts_down_and_opens_again() -> None:
    """Two fit, the third is turned away until the window is over; the headers say all that."""
    window = Window(requests=2, tokens=None, seconds=60)
    assert window.take(100.0, 5)["x-ratelimit-remaining-requests"] == "1"
    assert window.take(101.0, 5)["x-ratelimit-remaining-requests"] == "0"
    with pytest.raises(ApiError) as caught:
        window.take(110.5, 5)
    assert caught.value.status == 429
    assert caught.value.headers == {
        "x-ratelimit-limit-requests": "2",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "49.5s",
        "Retry-After": "50",
        "retry-after-ms": "49500",
    }
    assert window.take(160.0, 5)["x-ratelimit-remaining-requests"] == "1"


def test_a_window_of_tokens_turns_away_by_tokens() -> None:
    """The error names tokens, and the call that did not fit used none."""
    window = Window(requests=10, tokens=100, seconds=60)
    window.take(0.0, 80)
    with pytest.raises(ApiError) as caught:
        window.take(1.0, 30)
    assert caught.value.error["type"] == "tokens"
    assert window.take(2.0, 20)["x-ratelimit-remaining-tokens"] == "0"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0ms"), (0.12, "120ms"), (1.5, "1.5s"), (60, "1m0s"), (367, "6m7s")]
)
def test_durations_are_written_as_the_reset_headers_do(seconds: float, text: str) -> None:
    """Milliseconds below a second, minutes above sixty."""
    assert duration(seconds) == text


def test_each_fault_is_listed_once_in_the_catalogues_text() -> None:
    """Whoever reads the catalogue finds what every fault does."""
    text = catalogue.__doc__ or ""
    assert [name for name in FAULTS if text.count(f"``{name}``") != 1] == []
