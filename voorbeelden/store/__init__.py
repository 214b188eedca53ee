"""What outlives the process: the app's own database."""

from __future__ import annotations
