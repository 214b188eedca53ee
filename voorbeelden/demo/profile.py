"""The setting that only the demonstration server can judge: a floor above ``settings.py``."""

from __future__ import annotations

from voorbeelden.demo.spec import DemoSpec, SpecError
from voorbeelden.settings import Settings, unusable


def checked(settings: Settings) -> Settings:
    """``settings``, when the demonstration server could start with them.

    Raises:
        SettingsError: it does not know the profile.
    """
    try:
        DemoSpec.parse(settings.demo_profile)
    except SpecError as error:
        reason = "geen snelheid die python -m voorbeelden.demo --help noemt"
        raise unusable("VOORBEELDEN_DEMO_PROFILE", reason) from error
    return settings
