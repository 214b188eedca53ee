"""Any text as Office Open XML stores it in a cell, and back.

ECMA-376 part 1, 22.9.2.19 (ST_Xstring): a character that XML cannot hold is ``_xHHHH_``, and a
text that looks like that has to be escaped itself. The usual way escapes its underscore
(``_x005F_``), but openpyxl 3.1 removes every ``x005F_`` from the strings that it reads and decodes
nothing; so the x is escaped here (``_x0078_``), which Excel reads just as well.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
# An escape may follow directly and close the pattern, so the closing underscore is not awaited.
_LOOKS_ESCAPED: Final = re.compile(r"(?<=_)x(?=[0-9A-Fa-f]{4})|x(?=005F)")
# A carriage return is legal XML, but XML readers turn it into a line feed.
_NOT_STORED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def escape(text: str) -> str:
    """``text`` as the content of a cell; it holds no lone surrogates."""
    plain = _LOOKS_ESCAPED.sub("_x0078_", text)
    return _NOT_STORED.sub(lambda found: f"_x{ord(found.group()):04X}_", plain)


def unescape(stored: str) -> str:
    """What ``escape`` was given, and what Excel itself escaped."""
    if "_x" not in stored:
        return stored
    decoded = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), stored)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
