"""What is imported is pinned: a library that floats beside the ones that were tested is a surprise
on the next machine."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"voorbeelden", "pages", "scripts"}


def imported() -> set[str]:
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "voorbeelden").rglob("*.py")]
    names: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - OURS - set(sys.stdlib_module_names)


def pins() -> set[str]:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    return {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", text, re.MULTILINE)
    }


def test_every_pin_has_its_reason() -> None:
    """In the table of docs/ARCHITECTURE.md, where requirements.txt points to; and no other one."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", text.partition("| package |")[2], re.MULTILINE)
    named = {name.lower() for row in rows for name in re.sub(r"\(.*\)", "", row).split(", ")}
    assert {name.strip() for name in named} == pins()


def test_every_import_is_pinned() -> None:
    pinned = pins()
    known = packages_distributions()
    for name in imported():
        if name in known:  # uvloop is not there on Windows
            packages = {re.sub(r"[-_.]+", "-", one).lower() for one in known[name]}
            assert packages & pinned, f"{name} is not pinned in requirements.txt"
