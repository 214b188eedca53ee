"""Nothing that an editor presses can end in Streamlit's own English."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCREENS = sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "voorbeelden/screen").glob("*.py")])


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.name)
def test_every_callback_has_a_net(path: Path) -> None:
    """Streamlit runs callbacks before the page: neither the net of app.py nor that of a fragment
    is around them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.keyword) or node.arg not in ("on_click", "on_change"):
            continue
        what = ast.unparse(node.value)
        known = isinstance(node.value, ast.Constant)
        assert known or what.startswith("caught("), f"{path.name}: {node.arg}={what}"
