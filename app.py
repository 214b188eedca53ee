"""The app's start page."""

from __future__ import annotations

import streamlit as st

st.title("Voorbeelden")
