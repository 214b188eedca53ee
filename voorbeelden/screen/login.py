"""Logging in with OpenID Connect: off until it is configured, and then no page opens without it.

Configured means an ``[auth]`` section in the secrets file (Streamlit's own format) or the setting
that asks for it. Asked for without that section, every page stays closed: never open by mistake.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from voorbeelden.hosting import settings_of
from voorbeelden.screen.shell import caught, dress, secrets
from voorbeelden.settings import SettingsError


def open_to_visitor(pages: Sequence[StreamlitPage]) -> list[StreamlitPage]:
    """What this visitor may open of ``pages``, for ``st.navigation``: all, with a way out for who
    logged in, or one page that says why not.

    Stopping before the navigation would not close them: Streamlit then finds pages/ by itself.
    """
    if not may_enter():
        return [st.Page(closed_page, title="Gesloten", icon=":material/lock:")]
    if "auth" not in secrets():
        return list(pages)
    return [*pages, st.Page(st.logout, title="Uitloggen", icon=":material/logout:")]


def may_enter() -> bool:
    """Whether this visitor may see the pages; nobody may while a setting cannot be used."""
    try:
        given = secrets()
        settings = settings_of(given)
    except SettingsError:
        return False
    if not settings.login and "auth" not in given:
        return True
    logged_in = "auth" in given and bool(st.user.get("is_logged_in"))
    return logged_in and admits(st.user, settings.editors)


def admits(user: Mapping[str, Any], editors: Collection[str]) -> bool:
    """Whether a visitor who logged in is one of ``editors``: addresses, or domains as
    ``@om.nl``; empty admits everybody whom the provider knows.

    An address that the provider calls unverified is no proof of anything.
    """
    if not editors:
        return True
    email = str(user.get("email") or "").casefold()
    name, at, domain = email.rpartition("@")
    if not name or user.get("email_verified") is False:
        return False
    return email in editors or at + domain in editors


def closed_page() -> None:
    """What a visitor sees who may not enter (yet)."""
    dress("Voorbeelden bij juridische begrippen", "Nog niet open")
    try:
        settings_of(secrets())
    except SettingsError as error:
        st.error(str(error), icon=":material/settings_alert:")
        return
    if "auth" not in secrets():
        st.error(
            "Inloggen is verplicht, maar nog niet ingesteld. Vraag de beheerder om de sectie "
            "[auth] in .streamlit/secrets.toml.",
            icon=":material/lock:",
        )
    elif st.user.get("is_logged_in"):
        st.error(
            "U bent ingelogd, maar dit account heeft geen toegang. Vraag de beheerder om toegang "
            "of log in met een ander account.",
            icon=":material/lock:",
        )
        st.button("Uitloggen", icon=":material/logout:", on_click=caught(st.logout))
    else:
        st.html(
            '<section class="vb-welcome vb-small"><h2>Inloggen</h2><p>Log in met uw werkaccount om '
            "verder te gaan.</p></section>"
        )
        st.button("Inloggen", type="primary", icon=":material/login:", on_click=caught(st.login))
