"""An OpenAI-compatible server with hand-written Dutch answers: the app's default without a key,
the tests' counterpart and the benchmark's other end. ``python -m voorbeelden.demo --help``."""

from __future__ import annotations

from voorbeelden.demo.process import DemoProcess, DemoStartError
from voorbeelden.demo.spec import DemoSpec, SpecError

__all__ = ["DemoProcess", "DemoSpec", "DemoStartError", "SpecError"]
