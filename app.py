"""The app. Start with ``streamlit run app.py``, or any ASGI server with ``app:app``.

One file, read twice: the server imports it once and finds ``app``, what the port serves; then
Streamlit runs it as a script, once a rerun, and it is the page configuration and navigation.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from voorbeelden import server
from voorbeelden.screen.login import open_to_visitor
from voorbeelden.screen.shell import failed_page, last_net

APP_TITLE = "Voorbeelden bij juridische begrippen"


def script() -> None:
    """What runs at every rerun, for one visitor."""
    st.set_page_config(
        page_title=APP_TITLE,
        page_icon="static/favicon.svg",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    try:
        pages = [
            st.Page(
                "pages/voorbeelden.py",
                title="Voorbeelden",
                icon=":material/edit_note:",
                default=True,
            ),
            st.Page("pages/definitie.py", title="Definitie", icon=":material/rule:"),
            st.Page("pages/geschiedenis.py", title="Geschiedenis", icon=":material/history:"),
            st.Page("pages/uitvoer.py", title="Uitvoer", icon=":material/ios_share:"),
            st.Page("pages/monitor.py", title="Monitor", icon=":material/monitor_heart:"),
            st.Page("pages/benchmark.py", title="Benchmark", icon=":material/timer:"),
            st.Page("pages/handleiding.py", title="Handleiding", icon=":material/menu_book:"),
        ]
        page = st.navigation(open_to_visitor(pages), position="top")
        st.set_page_config(page_title=f"{page.title} – {APP_TITLE}")
        page.run()
    except Exception as error:  # noqa: BLE001  the last net: whatever it is, the editor reads Dutch
        failed_page(error)


if __name__ == "__main__":
    script()
else:
    # Until the script has run once Streamlit would take ``pages/`` for its own: whoever came first
    # to /definitie would get that page alone, without the navigation and who may open what.
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=server.lifespan,
        on_script_error=last_net,
    )
