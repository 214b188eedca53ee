"""The other pieces of the definition page, as HTML, and the script that checks while one types."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from voorbeelden.clock import clock_time
from voorbeelden.definition.flow_job import FlowSnapshot
from voorbeelden.jobs import JobSnapshot
from voorbeelden.screen.definition_texts import status
from voorbeelden.tidy import tidy

_HERE: Final = Path(__file__).parent

WELCOME: Final = (
    '<section class="vb-welcome"><h2>Nog geen definitie</h2><p>Vul links een begrip met zijn '
    "context in, of laat een voorbeeld invullen, en kies Stel een definitie op. U ziet de tekst "
    "ontstaan, met de bevindingen ernaast en de voorbeelden eronder.</p><dl>"
    "<div><dt>Opstellen</dt><dd>Eén volzin van het taalmodel, of een tekst van uzelf.</dd></div>"
    "<div><dt>Toetsen</dt><dd>Wat niet in orde is en vragen, van de toepassing, meteen en terwijl "
    "u typt; oordelen van het taalmodel, met hun reden.</dd></div>"
    "<div><dt>Voorbeelden</dt><dd>Zes soorten, begonnen zodra de tekst er staat, naast de toets."
    "</dd></div></dl></section>"
)

LOST: Final = (
    '<section class="vb-welcome"><h2>Onderbroken</h2><p>Dit werk is onderbroken: de toepassing is '
    "tussentijds herstart, of het resultaat is te oud. Vul het begrip opnieuw in en kies Stel een "
    "definitie op. Was u een tekst aan het bewerken, dan staat die nu bij Eigen tekst."
    "</p></section>"
)


@cache
def styles() -> str:
    """What only this page needs, after the styles that every page has."""
    return f"<style>{(_HERE / 'definition.css').read_text('utf-8')}</style>"


@cache
def live_check() -> str:
    """Once a page."""
    return f"<script>{(_HERE / 'definition.js').read_text('utf-8')}</script>"


def heading_html(snapshot: FlowSnapshot) -> str:
    """The begrip, how far the flow is, and whether a text was accepted."""
    notes = "".join(f" {escape(note)}" for note in snapshot.state.notes)
    return (
        f'<div class="vb-heading"><h2>{escape(snapshot.subject.begrip)}</h2>'
        f'<p role="status">{status(snapshot)}{notes}</p></div>'
    )


def about_html(snapshot: FlowSnapshot, text: str, problem: str | None) -> str:
    """What is wrong with the text that was sent, which text the examples below are about, and
    whether this one was accepted."""
    parts = [f'<span class="vb-problem">{escape(problem)}</span>'] if problem else []
    if (accepted := snapshot.accepted) is not None:
        moment = clock_time(accepted.made_at)
        if accepted.subject.definitie == tidy(text):
            parts.append(f"Deze tekst is om {moment} vastgesteld.")
        else:
            parts.append(f"Om {moment} is een andere tekst vastgesteld.")
    if snapshot.examples is not None:
        parts.append(_examples_are_about(snapshot, snapshot.examples, tidy(text)))
    return f'<p class="vb-about" role="status">{" ".join(parts)}</p>'


def _examples_are_about(snapshot: FlowSnapshot, examples: JobSnapshot, text: str) -> str:
    if examples.subject.definitie == text:
        if examples.running or any(lane.items for lane in examples.lanes):
            return "De voorbeelden hieronder horen bij deze tekst."
        return "Bij deze tekst zijn nog geen voorbeelden gelukt."
    if snapshot.running and text == snapshot.text:
        return "De voorbeelden bij deze verbeterde tekst beginnen zo."
    return (
        "<b>De voorbeelden hieronder horen bij een eerdere tekst.</b> Kies Genereer voorbeelden om "
        "ze bij deze te maken."
    )


def waiting_html(snapshot: FlowSnapshot) -> str:
    """What stands where the examples will come."""
    if snapshot.running:
        text = "De voorbeelden beginnen zodra de definitie er staat."
    else:
        text = "Er zijn nog geen voorbeelden. Kies Genereer voorbeelden zodra de tekst er staat."
    return f'<p class="vb-empty vb-later">{text}</p>'
