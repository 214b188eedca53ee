"""The guide: what an editor does, task by task, with pictures."""

from __future__ import annotations

import streamlit as st

from voorbeelden.screen.guide import guide_html
from voorbeelden.screen.shell import dress

dress("Handleiding", "Wat u met deze toepassing doet, taak voor taak.")
st.html(guide_html())
