"""The latency profiles of the demo server that can be measured against, with Dutch names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voorbeelden.benchmark.model import Target
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.settings import Settings

CONNECTED: Final = "aangesloten"


@dataclass(frozen=True, slots=True)
class Profile:
    """A choice for the editor. ``explains`` says, in Dutch, what it imitates."""

    key: str
    name: str
    explains: str
    text: str
    scalable: bool = False

    def spec(self, scale: float = 1.0) -> str:
        """The demo server's text; ``scale`` shortens (or stretches) every time in it."""
        return str(DemoSpec.parse(self.text.format(scale=repr(float(scale)))))


PROFILES: Final = (
    Profile(
        "vast",
        "vast, 2 s per soort",
        "Elke soort kost precies 2 seconden. Alleen als alles even lang duurt, kan zes tegelijk "
        "bijna zes keer zo snel zijn.",
        "fixed,seconds=2,chunks=150",
    ),
    Profile(
        "gemeten",
        "gemeten latenties",
        "De tijden die bij een echt taalmodel zijn gezien: 2, 2, 3, 5, 9 en 15 s. Een aanroep voor "
        "één voorbeeld duurt hier even lang als voor drie, dus opdelen wint niets.",
        "measured,scale={scale}",
        scalable=True,
    ),
    Profile(
        "tokens",
        "tokens, 0,5 s + 60 per seconde",
        "Een halve seconde tot het eerste token en daarna 60 tokens per seconde: lange antwoorden "
        "duren lang. Dit lijkt het meest op een taalmodel.",
        "tokens,chunks=150",
    ),
    Profile(
        "staart",
        "zware staart",
        "Lognormale tijden (mediaan 1 s, sigma 0,8): af en toe is een aanroep veel trager. Elk "
        "plan krijgt in dezelfde herhaling dezelfde trekkingen.",
        "tail,seconds=1,ttft=0.2,chunks=50",
    ),
)

FLOW: Final = Profile(
    "stroom",
    "opstellen 4 s, toetsen 3 s, elke soort 2 s",
    "De tijden waarvoor de stroom van begrip naar voorbeelden oorspronkelijk is ontworpen.",
    "flow,scale={scale}",
    scalable=True,
)
"""For the flow alone: the plans of the generator make no draft and no validation."""

BY_KEY: Final = {profile.key: profile for profile in (*PROFILES, FLOW)}


def demo_target(key: str, scale: float = 1.0) -> Target:
    """The target of a profile's key, or of any text that the demo server knows.

    Raises:
        SpecError: ``key`` is neither.
    """
    profile = BY_KEY.get(key)
    if profile is None:
        return Target("eigen", f"eigen profiel {key}", str(DemoSpec.parse(key)))
    name = profile.name
    if profile.scalable and scale != 1.0:
        name = f"{name}, tijden × {scale:g}".replace(".", ",")
    return Target(profile.key, name, profile.spec(scale))


def connected_target(settings: Settings) -> Target:
    """The provider that the settings lead to."""
    return Target(CONNECTED, f"het aangesloten taalmodel {settings.model}", None, settings.model)
