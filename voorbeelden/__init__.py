"""Voorbeelden bij juridische begrippen: six kinds of examples, generated in parallel."""

from __future__ import annotations

__version__ = "0.1.0"
