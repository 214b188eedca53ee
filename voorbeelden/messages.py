"""What an editor reads when something failed: what happened, and what to do next, in Dutch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from voorbeelden.clock import clock_time
from voorbeelden.model import Failure, FailureKind

MESSAGES: Final[Mapping[FailureKind, str]] = {
    FailureKind.AUTHENTICATION: (
        "De sleutel voor het taalmodel ontbreekt of is ongeldig. "
        "Meld dit aan de beheerder; die stelt OPENAI_API_KEY opnieuw in."
    ),
    FailureKind.MODEL_UNAVAILABLE: (
        "Het gekozen taalmodel is niet beschikbaar voor deze sleutel of dit adres. "
        "Meld dit aan de beheerder; die controleert VOORBEELDEN_MODEL."
    ),
    FailureKind.BAD_REQUEST: (
        "Het taalmodel heeft het verzoek geweigerd. "
        "Meld dit aan de beheerder en geef het kenmerk door."
    ),
    FailureKind.TOO_LONG: (
        "De definitie en de context zijn samen te lang voor dit taalmodel. "
        "Kort de definitie of de context in en probeer het opnieuw."
    ),
    FailureKind.RATE_LIMITED: (
        "Het is te druk bij het taalmodel. Probeer het over een minuut opnieuw."
    ),
    FailureKind.QUOTA: (
        "Het tegoed bij de aanbieder van het taalmodel is op. "
        "Meld dit aan de beheerder; opnieuw proberen helpt nu niet."
    ),
    FailureKind.SERVER: (
        "Het taalmodel gaf een storing. Probeer het opnieuw; "
        "blijft het misgaan, meld het dan aan de beheerder."
    ),
    FailureKind.CONNECTION: (
        "Er is geen verbinding met het taalmodel. Controleer het netwerk en probeer het opnieuw."
    ),
    FailureKind.CERTIFICATE: (
        "De verbinding met het taalmodel is niet te vertrouwen (certificaat). "
        "Meld dit aan de beheerder."
    ),
    FailureKind.NO_ANSWER: "Het taalmodel gaf geen antwoord. Probeer het opnieuw.",
    FailureKind.TIMEOUT: ("Het antwoord was niet op tijd klaar. Probeer het opnieuw."),
    FailureKind.INTERRUPTED: (
        "De verbinding brak af voordat het antwoord compleet was. Probeer het opnieuw."
    ),
    FailureKind.INCOMPLETE: ("Het antwoord hield onverwacht op. Probeer het opnieuw."),
    FailureKind.UNREADABLE: (
        "Het taalmodel gaf een onleesbaar antwoord. Probeer het opnieuw; "
        "blijft het misgaan, meld het dan aan de beheerder; die kan een ander model kiezen."
    ),
    FailureKind.WRONG_ADDRESS: (
        "Op het ingestelde adres antwoordt geen taalmodel, maar een webpagina of proxy. "
        "Meld dit aan de beheerder; die controleert OPENAI_BASE_URL."
    ),
    FailureKind.TRUNCATED: (
        "Het antwoord is afgekapt omdat het te lang werd. Probeer het opnieuw, "
        "of laat de beheerder VOORBEELDEN_MAX_TOKENS verhogen."
    ),
    FailureKind.REFUSED: (
        "Het taalmodel weigert hiervoor voorbeelden te maken. Pas de definitie of de context aan."
    ),
    FailureKind.CONTENT_FILTER: (
        "Het inhoudsfilter van de aanbieder heeft dit antwoord geblokkeerd. "
        "Pas de definitie of de context aan en probeer het opnieuw."
    ),
    FailureKind.UNUSABLE: (
        "Het antwoord bevatte te weinig bruikbare voorbeelden. Probeer het opnieuw."
    ),
    FailureKind.BREAKER_OPEN: (
        "De dienst is even stilgelegd omdat het taalmodel vaak faalde. "
        "Probeer het over een minuut opnieuw."
    ),
    FailureKind.PROCESS_RESTARTED: (
        "Dit werk is onderbroken: de toepassing is tussentijds herstart, of het resultaat is te "
        "oud. Vul het begrip opnieuw in en kies Genereer; soorten die al af waren, komen dan uit "
        "de bewaarde antwoorden."
    ),
    FailureKind.INTERNAL: (
        "Er ging iets mis in deze toepassing. Uw tekst is bewaard. Probeer het opnieuw; "
        "blijft het misgaan, geef dan het kenmerk door aan de beheerder."
    ),
}


def message_for(
    kind: FailureKind,
    *,
    detail: str | None = None,
    reference: str | None = None,
    retry_at: float | None = None,
) -> str:
    """The message of ``kind``: with the model's own reason, the moment (seconds since the epoch)
    from which another try makes sense, and a reference to report."""
    text = MESSAGES[kind]
    if retry_at is not None and kind in _WITH_TIME:
        text = f"{_WITH_TIME[kind]} Probeer het om {whole_minute(retry_at)} opnieuw."
    if kind is FailureKind.REFUSED:
        text = with_reason(text, detail)
    if detail and kind is FailureKind.UNUSABLE:
        text = f"Van dit antwoord waren {detail} voorbeelden bruikbaar. Probeer het opnieuw."
    if reference and kind in _WITH_REFERENCE:
        text += f" Kenmerk: {reference}."
    return text


_BROKEN_OFF: Final = frozenset(
    {FailureKind.TIMEOUT, FailureKind.INTERRUPTED, FailureKind.INCOMPLETE, FailureKind.TRUNCATED}
)
"""Kinds after which something may have arrived."""


def with_rest(failure: Failure, items: int, wanted: int, draft: int) -> Failure:
    """``failure``, with where to find what had arrived: ``items`` of ``wanted``, or a draft."""
    if failure.kind not in _BROKEN_OFF:
        return failure
    if items:
        stands = "staat" if items == 1 else "staan"
        rest = f" Wat binnen was, is als concept bewaard: {items} van {wanted} {stands} hieronder."
    elif draft:
        rest = " Wat binnen was, staat hieronder als concept."
    else:
        return failure
    return replace(failure, message=failure.message + rest)


def with_reason(text: str, reason: str | None) -> str:
    """``text`` with the reason that the model itself gave for refusing, if it gave one."""
    return f"{text} Reden van het model: “{reason.strip()}”" if reason else text


def whole_minute(moment: float) -> str:
    """``uu:mm``, rounded up: who tries again then is not too early."""
    return clock_time(math.ceil(moment / 60) * 60)


_WITH_TIME: Final[Mapping[FailureKind, str]] = {
    FailureKind.RATE_LIMITED: "Het is te druk bij het taalmodel.",
    FailureKind.SERVER: "Het taalmodel gaf een storing.",
    FailureKind.BREAKER_OPEN: (
        "De dienst is even stilgelegd omdat het taalmodel zojuist te vaak faalde."
    ),
}

_WITH_REFERENCE: Final = frozenset(
    {FailureKind.BAD_REQUEST, FailureKind.SERVER, FailureKind.INTERNAL}
)

FAILURE_NAMES: Final[Mapping[FailureKind, str]] = {
    FailureKind.AUTHENTICATION: "de sleutel wordt geweigerd",
    FailureKind.MODEL_UNAVAILABLE: "het model is niet beschikbaar",
    FailureKind.BAD_REQUEST: "de aanbieder wijst de aanvraag af",
    FailureKind.TOO_LONG: "de tekst is te lang voor het model",
    FailureKind.RATE_LIMITED: "de aanbieder vindt dat er te veel tegelijk wordt gevraagd",
    FailureKind.QUOTA: "het tegoed bij de aanbieder is op",
    FailureKind.SERVER: "de aanbieder heeft een storing",
    FailureKind.CONNECTION: "er is geen verbinding met de aanbieder",
    FailureKind.CERTIFICATE: "het certificaat van de aanbieder wordt niet vertrouwd",
    FailureKind.NO_ANSWER: "de aanbieder zwijgt",
    FailureKind.TIMEOUT: "antwoorden komen niet op tijd",
    FailureKind.INTERRUPTED: "antwoorden breken af",
    FailureKind.INCOMPLETE: "antwoorden eindigen te vroeg",
    FailureKind.UNREADABLE: "antwoorden zijn niet te lezen",
    FailureKind.WRONG_ADDRESS: "op het adres staat geen taalmodel",
    FailureKind.TRUNCATED: "antwoorden worden te lang en afgekapt",
    FailureKind.REFUSED: "het model weigert te antwoorden",
    FailureKind.CONTENT_FILTER: "het filter van de aanbieder houdt antwoorden tegen",
    FailureKind.UNUSABLE: "antwoorden bevatten te weinig bruikbaars",
    FailureKind.BREAKER_OPEN: "er wordt even niets verstuurd na te veel storingen",
    FailureKind.PROCESS_RESTARTED: "het programma is opnieuw gestart",
    FailureKind.INTERNAL: "er zit een fout in dit programma",
}
"""Why, as a sentence without its capital and its point."""
