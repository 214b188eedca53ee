"""What every page starts with: styles, the page script, the settings and the bridge."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import Any, Final, ParamSpec
from urllib.parse import unquote, urlsplit

import streamlit as st

from voorbeelden.bridge import Bridge
from voorbeelden.failures import internal_failure
from voorbeelden.hosting import Host, open_host
from voorbeelden.screen import address
from voorbeelden.settings import SettingsError
from voorbeelden.store.desk import Desk

P = ParamSpec("P")

_HERE: Final = Path(__file__).parent

CONNECT_HELP: Final = """
**OpenAI** – zet voor het starten twee variabelen:

    OPENAI_API_KEY=…
    VOORBEELDEN_MODEL=gpt-5.4-mini

**Lokaal model** (Ollama, vLLM, LM Studio) – zet het adres; een sleutel is meestal niet nodig:

    OPENAI_BASE_URL=http://localhost:11434/v1
    VOORBEELDEN_MODEL=llama3.1

**Azure** – zet `OPENAI_BASE_URL` op `https://<naam>.openai.azure.com/openai/v1`, met de sleutel en
de naam van de uitrol als model.

Start daarna opnieuw. Hetzelfde kan in `.streamlit/secrets.toml`.
"""


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def dress(title: str, tagline: str) -> None:
    """What every page begins with: styles, script and masthead, the same elements everywhere."""
    address.arrive()
    st.html(f"<style>{_file('style.css')}</style>")
    scripts = f"<script>{_file('page.js')}</script><script>{_file('dutch.js')}</script>"
    st.html(scripts, unsafe_allow_javascript=True)
    st.html(f'<header class="vb-mast"><h1>{escape(title)}</h1><p>{escape(tagline)}</p></header>')


def bridge() -> Bridge:
    """The bridge of this process; ends the page with a readable message when a setting is wrong."""
    return host().bridge


def host() -> Host:
    """The bridge and who watches it; ends the page as ``bridge`` does."""
    try:
        return open_host(secrets())
    except SettingsError as error:
        st.error(str(error), icon=":material/settings_alert:")
        st.stop()


def open_desk() -> Desk:
    """The store. Raises StoreUnavailable."""
    return host().desk.open()


def logged_in_as() -> str:
    """Name or address of whoever logged in; empty where nobody has to."""
    if "auth" not in secrets() or not st.user.get("is_logged_in"):
        return ""
    return str(st.user.get("name") or st.user.get("email") or "").strip()


def name_before() -> str:
    """What was typed as "Uw naam" in this browser before the page was loaded: screen/page.js keeps
    it in a cookie, for a session ends with a reload and an address is shared with colleagues."""
    name = unquote(st.context.cookies.get("voorbeelden_naam") or "")
    return "".join(char for char in name if char.isprintable()).strip()


def editor() -> str:
    """The name that goes with what this session keeps: who logged in, or else what was typed."""
    typed = st.session_state["redacteur"] if "redacteur" in st.session_state else name_before()
    return logged_in_as() or str(typed or "").strip() or "redacteur"


def secrets() -> dict[str, Any]:
    """Streamlit's secrets file; empty when there is none.

    Raises:
        SettingsError: there is one that cannot be read. Who may come in stands in it, so an
            unreadable one may not count as none.
    """
    try:
        return dict(st.secrets)
    except FileNotFoundError as error:
        # Streamlit raises the same for a file with a wrong character in it.
        if not any(Path(one).is_file() for one in st.get_option("secrets.files")):
            return {}
        raise SettingsError(
            "Het bestand .streamlit/secrets.toml is niet te lezen: er staat iets in dat geen TOML "
            "is. Verbeter het en laad de pagina opnieuw."
        ) from error


def owner() -> str:
    """An id of this session: what is not kept, a double click joins only where it is its own."""
    if "owner" not in st.session_state:
        st.session_state.owner = uuid.uuid4().hex
    return str(st.session_state.owner)


def connection_strip(road: Bridge) -> None:
    """Says plainly where the texts come from."""
    settings = road.settings
    text, help_column = st.columns([5, 1], vertical_alignment="center")
    if settings.demonstration:
        text.html(
            '<div class="vb-strip"><b>Demonstratie</b><span>Deze teksten zijn vooraf met de hand '
            "geschreven. Ze komen <em>niet</em> van een taalmodel en "
            "reageren niet op uw definitie.</span></div>"
        )
    else:
        host = urlsplit(settings.base_url or "https://api.openai.com").netloc
        text.html(
            '<div class="vb-strip vb-live"><b>Taalmodel</b><span>'
            f"{escape(settings.model)} via {escape(host)}. Beoordeel elke tekst voordat u haar "
            "gebruikt.</span></div>"
        )
    with help_column.popover("Taalmodel aansluiten", width="stretch"):
        st.markdown(CONNECT_HELP)
        st.divider()
        st.caption(
            "Volledige antwoorden worden een tijd bewaard en bij dezelfde vraag opnieuw gebruikt. "
            "Een tabblad zegt het als dat zo is."
        )
        st.button(
            "Bewaarde antwoorden wissen",
            icon=":material/delete_sweep:",
            on_click=caught(clear_cache),
            args=(road,),
        )


def clear_cache(road: Bridge) -> None:
    if road.clear_cache():
        st.toast("De bewaarde antwoorden zijn gewist.", icon=":material/check:")
    else:
        st.toast(
            "De bewaarde antwoorden konden niet worden gewist: de database is niet bereikbaar. "
            "Probeer het later opnieuw en meld het aan de beheerder als dit blijft.",
            icon=":material/error:",
            duration="long",
        )


def fragment(
    function: Callable[P, None], *, every: float | None = None, key: str | None = None
) -> Callable[P, None]:
    """A Streamlit fragment with a net of its own: what it raises never reaches the one in
    ``app.py``. ``every``: seconds between two runs; ``None`` runs it only when it is used.
    ``key``: the name by which a callback can have it drawn."""
    part_of_page = True

    @wraps(function)
    def caught(*args: P.args, **kwargs: P.kwargs) -> None:
        nonlocal part_of_page
        try:
            # Streamlit calls it once as a part of what is being drawn, then by itself.
            if part_of_page:
                address.believe()
            else:
                address.restore()
            part_of_page = False
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  the last net, as in app.py
            failed_page(error)

    return st.fragment(caught, run_every=every, key=key)


def caught(function: Callable[P, object]) -> Callable[P, None]:
    """What a button or a field does (``on_click``, ``on_change``), with a net of its own: Streamlit
    runs it before the page, where neither of the other nets is. The page is drawn as always, with
    a message on it, and nothing typed is lost."""

    @wraps(function)
    def work(*args: P.args, **kwargs: P.kwargs) -> None:
        before = st.query_params.to_dict()
        try:
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  the last net, as in app.py
            failure = internal_failure(error, where="callback")
            st.toast(failure.message, icon=":material/bug_report:", duration="infinite")
        finally:
            if st.query_params.to_dict() != before:
                address.believe()

    return work


def last_net(error: Exception) -> bool:
    """For ``st.App``: what no other net caught. True: Streamlit's own English text stays away."""
    failed_page(error)
    return True


def failed_page(error: Exception) -> None:
    """A bug of ours reached the page: named, with a reference, and nothing typed is lost."""
    failure = internal_failure(error, where="page")
    st.error(failure.message, icon=":material/bug_report:")
