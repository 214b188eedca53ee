"""Texts for a begrip that nobody wrote texts for.

The term stands between quotation marks in positions that need neither article nor inflection, so
every sentence is grammatical for any noun phrase. What is said is true of any term (how a
definition is used), or says itself that it is made up: nothing here can pass for an answer about
the term. Pure: the same arguments give the same texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from voorbeelden.demo.teksten.shapes import Tegenvoorbeeld, Voorbeelden

MAX_TERM_CHARACTERS: Final = 80
MAX_CONTEXT_WORDS: Final = 4
"""A longer context would push a sentence over the 25 words that a voorbeeldzin may have."""

NO_NAME: Final = "begrip zonder naam"
_ORDINALS: Final = ("eerste", "tweede", "derde", "vierde", "vijfde")


def from_templates(begrip: str, context: Mapping[str, Sequence[str]]) -> Voorbeelden:
    """Five items a type, and two toelichtingen, about ``begrip``.

    The term is used as typed, except that it is trimmed, its inner whitespace collapses to single
    spaces and it is cut at ``MAX_TERM_CHARACTERS``. Of the context, the first organisatorische and
    the first juridische entry of at most ``MAX_CONTEXT_WORDS`` words are used.
    """
    term = _collapse(begrip)[:MAX_TERM_CHARACTERS].rstrip() or NO_NAME
    organisatie = _first(context, "organisatorisch")
    gebied = _first(context, "juridisch")
    in_organisatie = (
        f"binnen de organisatorische context “{organisatie}”"
        if organisatie
        else "binnen de eigen organisatie"
    )
    in_recht = f"in het rechtsgebied “{gebied}”" if gebied else "in juridisch taalgebruik"
    return Voorbeelden(
        voorbeeldzinnen=_zinnen(term, _upper(in_organisatie), _upper(in_recht)),
        praktijkvoorbeelden=_praktijk(term, in_organisatie, in_recht),
        tegenvoorbeelden=_tegen(term, in_organisatie, in_recht),
        synoniemen=[f"{nth} demonstratiesynoniem van “{term}”" for nth in _ORDINALS],
        antoniemen=[f"{nth} demonstratieantoniem van “{term}”" for nth in _ORDINALS],
        toelichting=_toelichting(term, _upper(in_organisatie), _upper(in_recht)),
    )


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _first(context: Mapping[str, Sequence[str]], key: str) -> str | None:
    entries = (_collapse(entry) for entry in context.get(key) or ())
    return next(
        (
            entry
            for entry in entries
            if 0 < len(entry) <= MAX_TERM_CHARACTERS and len(entry.split()) <= MAX_CONTEXT_WORDS
        ),
        None,
    )


def _upper(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


def _zinnen(term: str, organisatie: str, recht: str) -> list[str]:
    return [
        f"De term “{term}” staat in het dossier vermeld, omdat de beoordeling van de zaak daarvan"
        " afhangt.",
        f"{organisatie} is schriftelijk vastgelegd wat onder “{term}” moet worden verstaan.",
        f"{recht} krijgt “{term}” een vaste betekenis, zodat lezers van beleidsstukken dezelfde"
        " uitleg volgen.",
        f"Bij twijfel of sprake is van “{term}” raadpleegt de behandelaar eerst de geldende"
        " definitie.",
        f"Een heldere omschrijving van “{term}” voorkomt dat twee afdelingen hetzelfde geval"
        " verschillend beoordelen.",
    ]


def _praktijk(term: str, organisatie: str, recht: str) -> list[str]:
    return [
        f"In een fictief dossier {organisatie} twijfelt een medewerker of sprake is van “{term}”."
        " De medewerker legt de feiten naast de definitie en noteert per onderdeel of daaraan is"
        " voldaan.",
        f"Een oefencasus {recht} bevat een conceptbrief waarin de term “{term}” ruimer is gebruikt"
        " dan de definitie toelaat. De jurist die de brief nakijkt, stelt een preciezere"
        " formulering voor.",
        f"Stel dat een invoerscherm een veld met de naam “{term}” krijgt. De functioneel beheerder"
        " neemt de definitie in de helptekst op, zodat iedereen dezelfde gegevens invult.",
        "In een verzonnen overleg bespreken twee ketenpartners een geval dat de een wel en de"
        f" ander niet als “{term}” heeft geregistreerd. Zij lopen samen de definitie na en spreken"
        " één wijze van registreren af.",
        f"Bij wijze van demonstratie: een burger vraagt wat “{term}” in een ontvangen brief"
        " betekent. De medewerker aan de telefoon leest de definitie voor en legt uit waarom de"
        " brief die term gebruikt.",
    ]


def _tegen(term: str, organisatie: str, recht: str) -> list[Tegenvoorbeeld]:
    return [
        {
            "voorbeeld": f"Een memo noemt “{term}” in een voetnoot, terwijl de zaak daar niet over"
            " gaat.",
            "reden": "Het noemen van een term levert nog geen geval op dat aan de definitie"
            " voldoet.",
        },
        {
            "voorbeeld": f"Een columnist gebruikt “{term}” als beeldspraak in een krantenstuk.",
            "reden": "Bij figuurlijk gebruik ontbreken de kenmerken die de definitie verlangt.",
        },
        {
            "voorbeeld": f"In een fictieve registratie {organisatie} is “{term}” aangevinkt,"
            " hoewel één onderdeel van de definitie niet is vervuld.",
            "reden": "Een geval valt pas onder een begrip als aan elk onderdeel van de definitie"
            " is voldaan.",
        },
        {
            "voorbeeld": f"Een projectgroep kiest “{term}” als naam voor een nieuw"
            " computersysteem.",
            "reden": "Een eigennaam duidt hier een systeem aan en niet datgene wat de definitie"
            " omschrijft.",
        },
        {
            "voorbeeld": f"Een vertaler geeft een buitenlandse vakterm weer met “{term}”, bij"
            f" gebrek aan een eigen woord {recht}.",
            "reden": "De betekenis van de vertaalde vakterm volgt uit het buitenlandse"
            " rechtsstelsel en niet uit deze definitie.",
        },
    ]


def _toelichting(term: str, organisatie: str, recht: str) -> list[str]:
    return [
        f"Dit is een demonstratietekst bij de term “{term}”. De demonstratieserver kent geen"
        " uitgeschreven voorbeelden bij deze term en maakt daarom zinnen volgens een vast patroon."
        f" {organisatie} kan een redacteur hiermee zien hoe de zes soorten voorbeelden binnenkomen"
        " en hoe zij op het scherm staan. Over de betekenis van de term zegt deze tekst niets: de"
        " ingevoerde definitie is niet gelezen. Met een aangesloten taalmodel verschijnt op deze"
        " plaats een inhoudelijke toelichting op het begrip en de grenzen daarvan.",
        f"Deze alinea is een voorbeeldtekst van de demonstratieserver voor “{term}”. {recht} hoort"
        " een toelichting te beschrijven waarom een begrip bestaat, welke kenmerken beslissend"
        " zijn en met welke begrippen verwarring kan ontstaan. Die inhoud ontbreekt hier, omdat de"
        " server geen taalmodel raadpleegt en de definitie niet uitlegt. Wie een werkende sleutel"
        " instelt, krijgt in plaats van deze alinea een toelichting die op het begrip, de definitie"
        " en de opgegeven context is gebaseerd. Tot die tijd is dit alleen opvulling.",
    ]
