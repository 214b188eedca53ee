"""The app: page configuration and navigation. Start with ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

from voorbeelden.screen.shell import failed_page

st.set_page_config(
    page_title="Voorbeelden bij juridische begrippen",
    page_icon="static/favicon.svg",
    layout="wide",
    initial_sidebar_state="collapsed",
)

PAGES = [
    st.Page("pages/voorbeelden.py", title="Voorbeelden", icon=":material/edit_note:", default=True),
]

try:
    st.navigation(PAGES, position="top").run()
except Exception as error:  # noqa: BLE001  the last net: whatever it is, the editor reads Dutch
    failed_page(error)
