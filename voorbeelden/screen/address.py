"""The address of a page that is drawn again while its reader presses something.

The browser sends the address along with every rerun it asks for. After a press that changed it, the
reruns that were asked for before still come, with the address of before, and Streamlit (1.67) may
make one of them and ours into one, with theirs. Whoever goes by that goes back to what was left,
and the press looks lost. So a part of a page does not believe the address that it reruns with: it
is what the whole page was drawn with, or what a callback made of it since.
"""

from __future__ import annotations

from typing import Final, NoReturn

import streamlit as st

_RIGHT: Final = "address"
_STAYS: Final = "address-stays"


def believe() -> None:
    """The address as it is now is the right one."""
    st.session_state[_RIGHT] = st.query_params.to_dict()


def restore() -> None:
    """Puts the address right, in the browser too, when this rerun came with an old one."""
    right = st.session_state.get(_RIGHT)
    if right is not None and right != st.query_params.to_dict():
        st.query_params.from_dict(right)


def redraw() -> NoReturn:
    """Has the whole page drawn again, at the address as it is now."""
    believe()
    st.session_state[_STAYS] = True
    st.rerun()


def arrive() -> None:
    """What a whole page does first: nobody but ``redraw`` knows its address better."""
    if st.session_state.pop(_STAYS, False):
        restore()
