"""Fields that keep what is typed in them, whatever reruns the page.

A value that the server sets for a widget is sent again at every rerun until the browser has sent
one of its own (Streamlit 1.67, ``SessionState.register_widget``). On a page that is redrawn while
somebody types, that would put the old text back. So the server never sets a value here: a widget
is made with its value, and another value makes another widget.
"""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def field_key(name: str) -> str:
    """The widget key of field ``name``; another one after every ``put``."""
    return f"{name}-{st.session_state.get(f'round-{name}', 0)}"


def beginning(name: str, otherwise: T) -> T:
    """The value to make the widget of ``name`` with: what was last kept for it, or ``otherwise``.
    It stays the same as long as the widget stands."""
    state, key = st.session_state, field_key(name)
    if key not in state:
        state[f"began-{key}"] = state.get(f"kept-{name}", otherwise)
    value: T = state[f"began-{key}"]
    return value


def value_of(name: str, otherwise: T) -> T:
    """What stands in the field, as far as the browser has sent it."""
    state = st.session_state
    value: T = state.get(field_key(name), state.get(f"kept-{name}", otherwise))
    return value


def keep(name: str, value: object) -> None:
    """What the field begins with when it is made anew, as after a visit to another page."""
    st.session_state[f"kept-{name}"] = value


def put(name: str, value: object) -> None:
    """Another value in the field, in the place of what stands there."""
    state = st.session_state
    state[f"round-{name}"] = state.get(f"round-{name}", 0) + 1
    keep(name, value)
