"""Prints how the checks do on the labelled set: ``python -m voorbeelden.quality``."""

from __future__ import annotations

import argparse

from voorbeelden.quality.checks import CHECKS
from voorbeelden.quality.measure import SPLITS, Score, load, measure


def main() -> None:
    options = _parser().parse_args()
    cases = {split: load(split) for split in SPLITS}
    scores = {split: measure(cases[split]) for split in SPLITS}
    for line in table(scores):
        print(line)
    print()
    print(", ".join(f"{split}: {len(cases[split])} cases" for split in SPLITS))
    if options.misses:
        for split in SPLITS:
            for check, score in scores[split].items():
                for source in score.misses:
                    print(f"{check}: {source}")


def table(scores: dict[str, dict[str, Score]]) -> list[str]:
    """A Markdown table: a row a check, and for each split cases, precision and recall."""
    head = ["check", "level"]
    for split in scores:
        head += [f"{split}: cases", "due", "precision", "recall"]
    rows = [head, ["---"] * 2 + ["---:"] * 4 * len(scores)]
    for check in next(iter(scores.values())):
        row = [check, CHECKS[check].level.value]
        for score in (checks[check] for checks in scores.values()):
            due = score.right_alarms + score.missed
            row += [str(score.cases), str(due), f"{score.precision:.2f}", f"{score.recall:.2f}"]
        rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def _line(row: list[str], widths: list[int]) -> str:
    cells = [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return f"| {' | '.join(cells)} |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m voorbeelden.quality",
        description="Precision and recall of the quality checks on the labelled set.",
    )
    parser.add_argument("--misses", action="store_true", help="also name the cases that went wrong")
    return parser


if __name__ == "__main__":
    main()
