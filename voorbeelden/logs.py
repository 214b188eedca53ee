"""Where log lines go: one line an event on standard error, English, ids and kinds only."""

from __future__ import annotations

import logging
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"

TALKATIVE: Final = ("openai", "httpx2", "httpcore2", "aiohttp", "asyncio")
"""Libraries that, at DEBUG, write requests with their bodies: prompts, and what an editor typed."""


def configure(level: str) -> None:
    """Lines of this package from ``level`` (a name such as INFO) on. Safe to call again."""
    package = logging.getLogger("voorbeelden")
    if package.handlers and package.level == logging.getLevelName(level):
        # Every page asks; setting a level makes all loggers of the process forget what they know.
        return
    package.setLevel(level)
    if not package.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(_FORMAT))
        package.addHandler(handler)
        package.propagate = False
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
