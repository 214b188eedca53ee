"""The guide's text and pictures: data, and the HTML made of them. Written for an editor; no word
of it needs knowledge of programming. Pictures are taken by scripts/screenshots.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image

from voorbeelden.definition.model import Verdict
from voorbeelden.screen.definition_texts import VERDICTS

FOLDER: Final = Path(__file__).parents[2] / "static" / "handleiding"
ADDRESS: Final = "app/static/handleiding"

SHARP: Final = 1.5
"""Pixels of a picture to a pixel of the page: sharp on most screens and still small."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file in static/handleiding, and what it shows for who cannot see it."""

    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Section:
    """One task. ``body`` is HTML of our own."""

    anchor: str
    title: str
    body: str
    picture: Picture | None = None


SECTIONS: Final = (
    Section(
        "eerste",
        "Voorbeelden maken",
        "<ol><li>Kies bovenaan <b>Voorbeelden</b>.</li>"
        "<li>Vul het <b>begrip</b> in, in het enkelvoud, en zijn <b>definitie</b>. Alleen even "
        "kijken? Kies <b>Vul een voorbeeld in</b>.</li>"
        "<li>Kies bij <b>context</b> waar het begrip wordt gebruikt: organisatie, rechtsgebied en "
        "wet. Staat iets er niet bij, typ het dan zelf en druk op Enter. Leeg laten mag.</li>"
        "<li>Kies <b>Genereer</b>. De zes soorten komen tegelijk binnen; u kunt al lezen terwijl "
        "de rest nog komt.</li></ol>"
        "<p><b>Stop</b> breekt af. Wat binnen is, blijft staan.</p>",
        Picture(
            "formulier",
            "Het formulier met begrip, definitie, drie soorten context en de knop Genereer.",
        ),
    ),
    Section(
        "tijdlijn",
        "De tijdlijn lezen",
        "<p>Elke balk is één soort. Hij begint waar het vragen begon en eindigt waar het antwoord "
        "af was. Rechts staat hoe het ging en hoeveel er is: <b>klaar 3/3</b>, "
        "<b>deels</b>, <b>mislukt</b> of <b>gestopt</b>.</p>"
        "<p>Eronder staat hoe lang alles samen duurde, en hoe lang de zes na elkaar zouden duren. "
        "Dat tweede is een som, geen meting.</p>"
        "<p>Achter de naam van elk tabblad staat hetzelfde in het klein: ✓ klaar, … bezig, "
        "! deels, ✕ mislukt, ■ gestopt. Staat er <b>geen</b>, dan is er niets gevonden dat past; "
        "ook dat is een antwoord.</p>",
        Picture(
            "tijdlijn", "De tijdlijn met zes balken, en eronder de duur tegelijk en na elkaar."
        ),
    ),
    Section(
        "beoordelen",
        "Beoordelen",
        "<p>Een voorbeeld telt pas mee als u het goedkeurt. Bij elk voorbeeld staan:</p>"
        "<ul><li><b>Goedkeuren</b> en <b>Afwijzen</b>. Nog eens kiezen neemt het terug.</li>"
        "<li><b>Bewerken</b>: de tekst aanpassen. De oude tekst blijft bewaard.</li>"
        "<li><b>Meer</b>: opnieuw maken, omhoog, omlaag, een opmerking.</li></ul>"
        "<p>Onder de lijst maakt <b>Opnieuw</b> alleen deze soort opnieuw, en voegt "
        "<b>Zelf toevoegen</b> een eigen tekst toe. Wat u goedkeurde, bewerkte of toevoegde, wordt "
        "nooit overschreven. <b>Ongedaan maken</b> draait de laatste stap terug.</p>"
        "<p><b>Let op</b> en <b>Fout</b> bij een voorbeeld komen van een vaste controle, met de "
        "reden erbij. U beslist. Onder <b>Begrip</b> vult u uw naam in en kiest u één soort "
        "melding.</p>",
        Picture(
            "beoordelen", "Een voorbeeld met de knoppen Goedgekeurd, Afwijzen, Bewerken en Meer."
        ),
    ),
    Section(
        "definitie",
        "Een definitie opstellen en toetsen",
        "<ol><li>Kies <b>Definitie</b>, vul het begrip en de context in en kies "
        "<b>Stel een definitie op</b>. Hebt u al een tekst? Vul haar in bij <b>Eigen tekst</b>; "
        "dan wordt zij alleen getoetst.</li>"
        f"<li>Lees de <b>bevindingen</b>. <b>{VERDICTS[Verdict.FACT]}</b> staat bij wat niet klopt "
        f"met een regel, <b>{VERDICTS[Verdict.JUDGEMENT]}</b> is van het taalmodel, een "
        f"<b>{VERDICTS[Verdict.QUESTION].lower()}</b> is aan u.</li>"
        "<li>Pas de tekst aan. De bevindingen veranderen mee terwijl u typt.</li>"
        "<li>Kies <b>Stel vast</b>. Is er nog iets niet in orde, dan vraagt de toepassing om "
        "een reden en bewaart die.</li></ol>"
        "<p>De voorbeelden eronder beginnen vanzelf zodra er een tekst is.</p>",
        Picture(
            "definitie",
            "Een definitie met een onderstreept woord, en ernaast de bevinding die erbij hoort.",
        ),
    ),
    Section(
        "geschiedenis",
        "Terugvinden en vergelijken",
        "<p>Alles wat u maakt, wordt bewaard. Kies <b>Geschiedenis</b> en zoek op een woord uit "
        "het begrip, de definitie of een voorbeeld.</p>"
        "<ul><li><b>Openen</b>: verder met beoordelen.</li>"
        "<li><b>Terugkijken</b>: twee keer genereren naast elkaar zien, met de verschillen "
        "gemarkeerd, en een vervangen tekst terugzetten.</li></ul>",
        Picture("geschiedenis", "Een gevonden begrip met de knoppen Openen en Terugkijken."),
    ),
    Section(
        "uitvoer",
        "Meenemen naar Word, Excel of een begrippenkader",
        "<ol><li>Kies <b>Uitvoer</b> en daar de begrippen, of alle begrippen.</li>"
        "<li>Kies de bestandsvorm. Weet u het niet, kies dan Word of Excel. De andere vormen zijn "
        "voor systemen die begrippen uitwisselen.</li>"
        "<li>Kies <b>Download</b>. Alleen goedgekeurde voorbeelden gaan mee, tenzij u anders "
        "kiest.</li></ol>"
        "<p>Rechts op die pagina leest u begrippen in uit een tabel. Rijen die niet kunnen, worden "
        "genoemd met de reden.</p>",
        Picture("uitvoer", "De keuze van begrippen en bestandsvorm, met de knop Download."),
    ),
    Section(
        "meten",
        "Meten hoe snel het gaat",
        "<p><b>Benchmark</b> maakt dezelfde zes soorten op vier manieren en zet de gemeten tijden "
        "naast elkaar. Is er een echt taalmodel aangesloten, dan kost meten geld; het aantal "
        "aanroepen staat er vooraf bij en u moet akkoord gaan.</p>"
        "<p><b>Monitor</b> zegt in één zin of er nu iets mis is. Er staan tijden en aantallen, "
        "geen teksten.</p>",
        Picture("meten", "Vier balken met de gemeten tijd van elke manier."),
    ),
    Section(
        "aansluiten",
        "Een taalmodel aansluiten",
        "<p>Staat er <b>Demonstratie</b> boven de pagina, dan komen de teksten niet van een "
        "taalmodel. Ze zijn vooraf geschreven om de werking te laten zien.</p>"
        "<p>Aansluiten doet de beheerder, één keer, bij het starten. Onder "
        "<b>Taalmodel aansluiten</b> staat precies wat er nodig is; stuur die tekst door. Daarna "
        "staat er boven de pagina <b>Taalmodel</b> met de naam ervan.</p>"
        "<p>De sleutel van het taalmodel komt nooit op een pagina te staan.</p>",
        Picture("aansluiten", "De balk met Demonstratie en de knop Taalmodel aansluiten."),
    ),
    Section(
        "mis",
        "Als er iets misgaat",
        "<p>Eén soort kan mislukken terwijl de andere er gewoon zijn. In het tabblad staat dan "
        "waarom, en wat u kunt doen.</p>"
        '<dl class="vb-g-faults">'
        "<div><dt>“Te druk”, “storing” of “niet op tijd klaar”</dt><dd>Wacht even en kies "
        "<b>Opnieuw</b> in dat tabblad. De andere soorten blijven staan.</dd></div>"
        "<div><dt>“Geweigerd” of “inhoudsfilter”</dt><dd>Pas de definitie of de context aan en "
        "maak de soort opnieuw.</dd></div>"
        "<div><dt>“Sleutel”, “tegoed” of een <b>kenmerk</b></dt><dd>Geef de melding door aan de "
        "beheerder. Opnieuw proberen helpt nu niet.</dd></div>"
        "<div><dt>“Onderbroken”</dt><dd>De toepassing is herstart. Wat klaar was, is bewaard; kies "
        "nog eens <b>Genereer</b>.</dd></div>"
        "<div><dt>“Geen verbinding” over de hele pagina</dt><dd>De toepassing is even weg. De "
        "pagina komt vanzelf terug. Blijft zij weg, bel dan de beheerder.</dd></div>"
        "<div><dt>Een collega bewerkte hetzelfde</dt><dd>U ziet beide teksten en kiest welke "
        "blijft.</dd></div></dl>",
        Picture("mislukt", "Een tabblad met de melding dat deze soort niet gelukt is, en waarom."),
    ),
    Section(
        "toetsen",
        "Zonder muis, en op een telefoon",
        "<p>Met <kbd>Tab</kbd> gaat u naar het volgende onderdeel; een dikke rand laat zien waar u "
        "bent. <kbd>Enter</kbd> kiest, de pijltjes wisselen van tabblad, <kbd>Esc</kbd> sluit wat "
        "open staat.</p>"
        "<p>Op een telefoon staat het menu links boven achter <b>»</b>. Licht of donker kiest u "
        "rechts boven onder de drie puntjes.</p>",
    ),
)


@cache
def guide_html() -> str:
    """The whole page: a list of contents, then the tasks."""
    contents = "".join(f'<li><a href="#{one.anchor}">{one.title}</a></li>' for one in SECTIONS)
    return (
        '<div class="vb-guide"><nav class="vb-g-contents" aria-label="Inhoud van de handleiding">'
        f"<ol>{contents}</ol></nav><div>{''.join(map(_section, SECTIONS))}</div></div>"
    )


def _section(one: Section) -> str:
    picture = _picture(one.picture) if one.picture else ""
    return (
        f'<section id="{one.anchor}"><h2>{one.title}</h2><div class="vb-g-task"><div>{one.body}'
        f"</div>{picture}</div></section>"
    )


def _picture(picture: Picture) -> str:
    """With its size, so that the page does not jump when it arrives."""
    with Image.open(FOLDER / f"{picture.name}.webp") as image:
        width, height = image.size
    return (
        f'<span class="vb-g-picture" style="max-width:{round(width / SHARP)}px">'
        f'<img src="{ADDRESS}/{picture.name}.webp" alt="{picture.alt}" width="{width}" '
        f'height="{height}"></span>'
    )
