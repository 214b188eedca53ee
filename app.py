"""The app: page configuration and navigation. Start with ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

st.set_page_config(
    page_title="Voorbeelden bij juridische begrippen",
    page_icon="static/favicon.svg",
    layout="wide",
    initial_sidebar_state="collapsed",
)

st.navigation(
    [
        st.Page(
            "pages/voorbeelden.py", title="Voorbeelden", icon=":material/edit_note:", default=True
        )
    ],
    position="top",
).run()
