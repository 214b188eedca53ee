"""Events come out of raw bytes the same way wherever the network cut them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voorbeelden.ai.sse import SSEDecoder

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)
END = st.sampled_from(["\n", "\r\n"])
NOISE = st.sampled_from([": ping", ":", "event: message", "id: 7", "retry: 3000", "datas: x"])


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """The bytes of a stream, and the data of its events as the standard says it."""
    text, events = "", []
    for lines in draw(st.lists(st.lists(LINE, min_size=1, max_size=3), max_size=5)):
        for noise in draw(st.lists(NOISE, max_size=2)):
            text += noise + draw(END)
        for line in lines:
            # One blank after the colon belongs to the field; a line that starts with a blank
            # can only be sent with it.
            space = " " if line.startswith(" ") or draw(st.booleans()) else ""
            text += f"data:{space}{line}{draw(END)}"
        text += draw(END) * draw(st.integers(1, 3))
        events.append("\n".join(lines).encode())
    return text.encode(), events


def cut(data: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


def decoded(chunks: list[bytes]) -> list[bytes]:
    decoder = SSEDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.flush()


@given(stream=streams(), places=st.lists(st.integers(0, 10_000), max_size=8))
def test_any_cutting_gives_the_same_events(
    stream: tuple[bytes, list[bytes]], places: list[int]
) -> None:
    """Cuts inside characters, between CR and LF, inside field names; LF and CRLF mixed; comments,
    other fields and several data lines an event."""
    data, events = stream
    assert decoded(cut(data, places)) == events


@given(stream=streams())
def test_one_byte_at_a_time_gives_the_same_events(stream: tuple[bytes, list[bytes]]) -> None:
    data, events = stream
    assert decoded([data[index : index + 1] for index in range(len(data))]) == events


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data: een\n\n", [b"een"]),
        (b"data:een\n\n", [b"een"]),
        (b"data:  een\n\n", [b" een"]),
        (b"data: een\r\n\r\ndata: twee\r\n\r\n", [b"een", b"twee"]),
        (b"data: een\ndata: twee\n\n", [b"een\ntwee"]),
        (b"data:\n\n", [b""]),
        (b"\xef\xbb\xbfdata: een\n\ndata: twee\n\n", [b"een", b"twee"]),
        (b"\xef\xbb\xbfdata: een\ndata: \xef\xbb\xbftwee\n\n", [b"een\n\xef\xbb\xbftwee"]),
        (b": ping\n\n", []),
        (b"event: error\ndata: x\nid: 1\n\n", [b"x"]),
        (b"\n\n\n", []),
        (b'data: {"a": "b:c"}\n\n', [b'{"a": "b:c"}']),
        ("data: één\n\n".encode(), ["één".encode()]),
    ],
)
def test_the_forms_a_server_uses(data: bytes, events: list[bytes]) -> None:
    assert SSEDecoder().feed(data) == events


def test_an_event_comes_out_with_its_blank_line_and_not_before() -> None:
    """Never half an event: a JSON text may span several reads."""
    decoder = SSEDecoder()
    assert decoder.feed(b"data: een") == []
    assert decoder.feed(b"\r") == []
    assert decoder.feed(b"\n") == []
    assert decoder.feed(b"\r\n") == [b"een"]


def test_flush_gives_what_the_last_blank_line_would_have() -> None:
    """Some servers end the body after the last line; nothing is given twice."""
    decoder = SSEDecoder()
    assert decoder.feed(b"data: een\n\ndata: twee") == [b"een"]
    assert decoder.flush() == [b"twee"]
    assert decoder.flush() == []
