"""What an export costs: ``python -m tests.unit.export.measure [number of begrippen]``.

A table of CPU seconds, memory on top of the begrippen themselves and size of the file, each format
in a process of its own; and the same Excel table made by pandas, to compare. Not a test: pytest
does not collect it.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.unit.export.support import known
from voorbeelden.export import COLUMNS, FORMATS, ExportBegrip, read_table, write
from voorbeelden.export.cells import table_rows

Result = TypeVar("Result")
PANDAS = "excel by pandas"


def begrippen(count: int) -> tuple[ExportBegrip, ...]:
    """The hand-written begrippen over and over, no two items alike."""
    sixteen = [known(place) for place in range(16)]
    return tuple(
        replace(
            sixteen[number % 16],
            id=f"begrip-{number}",
            items=tuple(
                replace(item, id=f"{number}-{item.id}", text=f"{item.text} {number}")
                for item in sixteen[number % 16].items
            ),
        )
        for number in range(count)
    )


def by_pandas(given: Sequence[ExportBegrip]) -> bytes:
    import pandas as pd

    frame = pd.DataFrame(table_rows(given), columns=list(COLUMNS), dtype=object)
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False, engine="openpyxl")
    return buffer.getvalue()


def measured(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """The result, CPU seconds and growth of the peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    return result, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def one(kind: str, count: int) -> None:
    given = begrippen(count)
    # The first export also imports its library; that is not what is measured here.
    write("excel" if kind == PANDAS else kind, given[:1])
    by_pandas(given[:1])
    work = (
        (lambda: by_pandas(given))
        if kind == PANDAS
        else (lambda: write(kind, given, only_approved=False))
    )
    data, seconds, memory = measured(work)
    line = f"{kind:16} {seconds:7.2f} s {memory:6.0f} MB {len(data) / 1e6:6.1f} MB file"
    if kind in ("csv", "excel"):
        result, seconds, _ = measured(lambda: read_table(data, f"x{FORMATS[kind].extension}"))
        assert (result.begrippen, result.errors) == (given, ())
        line += f"; read back in {seconds:.2f} s"
    sys.stdout.write(f"{line}\n")


def main(arguments: Sequence[str]) -> None:
    count = int(arguments[0]) if arguments else 1000
    if len(arguments) > 1:
        one(arguments[1], count)
        return
    items = sum(len(begrip.items) for begrip in begrippen(count))
    sys.stdout.write(f"{count} begrippen, {items} items\n")
    sys.stdout.flush()
    for kind in (*FORMATS, PANDAS):
        subprocess.run([sys.executable, "-m", __spec__.name, str(count), kind], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
