"""Names of Dutch and European laws, so that "Sv" and "Wetboek van Strafvordering" are one.

The abbreviations are those in common use in Dutch case law and literature. A law
that is not listed is compared by its name as written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from voorbeelden.quality.text import fold

# Abbreviation, capitals as written, to full names in lower case.
_NAMES: Final = {
    "Sv": ("wetboek van strafvordering",),
    "Sr": ("wetboek van strafrecht",),
    "BW": ("burgerlijk wetboek",),
    "Rv": ("wetboek van burgerlijke rechtsvordering",),
    "WvK": ("wetboek van koophandel",),
    "Awb": ("algemene wet bestuursrecht",),
    "Gw": ("grondwet",),
    "Fw": ("faillissementswet",),
    "AWR": ("algemene wet inzake rijksbelastingen",),
    "EVRM": ("europees verdrag voor de rechten van de mens",),
    "IVRK": ("verdrag inzake de rechten van het kind",),
    "VWEU": ("verdrag betreffende de werking van de europese unie",),
    "AVG": ("algemene verordening gegevensbescherming",),
    "UAVG": ("uitvoeringswet algemene verordening gegevensbescherming",),
    "WVW": ("wegenverkeerswet", "wegenverkeerswet 1994", "wvw 1994"),
    "RVV": ("reglement verkeersregels en verkeerstekens 1990", "rvv 1990"),
    "WWM": ("wet wapens en munitie",),
    "Wahv": ("wet administratiefrechtelijke handhaving verkeersvoorschriften", "wet mulder"),
    "Ow": ("omgevingswet",),
    "Wabo": ("wet algemene bepalingen omgevingsrecht",),
    "Wro": ("wet ruimtelijke ordening",),
    "Woo": ("wet open overheid",),
    "Wob": ("wet openbaarheid van bestuur",),
    "Wft": ("wet op het financieel toezicht",),
    "Wwft": ("wet ter voorkoming van witwassen en financieren van terrorisme",),
    "Wmo": ("wet maatschappelijke ondersteuning", "wmo 2015"),
    "Pw": ("participatiewet",),
    "Jw": ("jeugdwet",),
    "Vw": ("vreemdelingenwet", "vreemdelingenwet 2000", "vw 2000"),
    "WW": ("werkloosheidswet",),
    "WIA": ("wet werk en inkomen naar arbeidsvermogen",),
    "ZW": ("ziektewet",),
    "WOR": ("wet op de ondernemingsraden",),
    "WED": ("wet op de economische delicten",),
    "RO": ("wet op de rechterlijke organisatie",),
    "WNA": ("wet op het notarisambt",),
    "Advw": ("advocatenwet",),
    "Gemw": ("gemeentewet",),
    "Provw": ("provinciewet",),
    "Politiewet": ("politiewet 2012", "pw 2012"),
    "Opw": ("opiumwet",),
    "Iw": ("invorderingswet", "invorderingswet 1990", "iw 1990"),
    "Wbp": ("wet bescherming persoonsgegevens",),
    "Wpg": ("wet politiegegevens",),
    "Wjsg": ("wet justitiële en strafvorderlijke gegevens",),
    "Pbw": ("penitentiaire beginselenwet",),
    "Wvggz": ("wet verplichte geestelijke gezondheidszorg",),
    "Wzd": ("wet zorg en dwang",),
    "Handvest": ("handvest van de grondrechten van de europese unie",),
}

ABBREVIATION: Final = "|".join(sorted(map(re.escape, _NAMES), key=lambda name: (-len(name), name)))
"""A regular expression, without a group, for one abbreviation; case matters."""


@cache
def _by_name() -> dict[str, str]:
    names = {fold(full): short for short, fulls in _NAMES.items() for full in fulls}
    return names | {short.casefold(): short for short in _NAMES}


def same_law(name: str) -> str:
    """One form for all names of a law: its abbreviation, or the name in lower case."""
    plain = " ".join(fold(name).casefold().replace(".", "").split())
    plain = re.sub(r"^(?:de|het|die|dat|deze|dit)\s", "", plain)
    return _by_name().get(plain, plain)
