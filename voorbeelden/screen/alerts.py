"""What went wrong, in the one look that every page has for it."""

from __future__ import annotations

from html import escape

import streamlit as st


def alert(message: str, lead: str = "") -> str:
    """A paragraph that a screen reader says at once; ``lead`` stands before it in bold."""
    bold = f"<b>{lead}</b> " if lead else ""
    return f'<p class="vb-alert" role="alert">{bold}{escape(message)}</p>'


def say(problem: str | None) -> None:
    """What is wrong with the field above, if anything."""
    if problem:
        st.html(f'<p class="vb-problem" role="alert">{escape(problem)}</p>')
