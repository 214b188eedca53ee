"""Taking turns: one draws at a time, the first ones first, and nobody waits for ever."""

from __future__ import annotations

import threading
import time

import pytest

from voorbeelden.screen.live import REFRESH, interval
from voorbeelden.screen.turns import Turns


def test_only_one_thread_draws_at_a_time() -> None:
    """Eight threads, and never two of them in their turn."""
    turns, inside, most = Turns(), 0, 0
    guard = threading.Lock()

    def draw() -> None:
        nonlocal inside, most
        with turns.turn():
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.005)
            with guard:
                inside -= 1

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(5)
    assert most == 1


def test_who_is_first_goes_before_who_waited_longer() -> None:
    """A page waits while a picture does, though the page came first."""
    turns, order = Turns(), list[str]()

    def draw(name: str, *, first: bool) -> None:
        with turns.turn(first=first):
            order.append(name)

    page = threading.Thread(target=draw, args=("page",), kwargs={"first": False})
    picture = threading.Thread(target=draw, args=("picture",), kwargs={"first": True})
    with turns.turn():
        for one in (page, picture):
            one.start()
            time.sleep(0.05)
    page.join(5)
    picture.join(5)
    assert order == ["picture", "page"]


def test_a_turn_within_a_turn_is_the_same_one() -> None:
    """A fragment is drawn within its page at the first run: it must not wait for itself."""
    turns = Turns(patience=60)
    start = time.monotonic()
    with turns.turn(), turns.turn(first=True):
        pass
    assert time.monotonic() - start < 5


def test_the_turn_ends_however_the_drawing_ends() -> None:
    """Streamlit stops a page by an exception that is no Exception."""

    class Rerun(BaseException):
        pass

    turns = Turns(patience=60)
    with pytest.raises(Rerun), turns.turn():
        raise Rerun
    start = time.monotonic()
    with turns.turn():
        assert time.monotonic() - start < 5


def test_patience_ends() -> None:
    """Whatever keeps the place, a page is drawn in the end."""
    turns = Turns(patience=0.05)
    drawn = threading.Event()

    def draw() -> None:
        with turns.turn():
            drawn.set()

    with turns.turn():
        other = threading.Thread(target=draw)
        other.start()
        assert drawn.wait(5)
    other.join(5)


def test_the_more_generations_run_the_fewer_pictures_each_gets() -> None:
    """As designed for few, slower for many, and never so slow that it looks dead."""
    assert interval(1) == interval(5) == REFRESH
    assert REFRESH < interval(20) < interval(40) <= interval(1000) <= 2.0
