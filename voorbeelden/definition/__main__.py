"""Measures the definition rules, or writes their table: ``python -m voorbeelden.definition``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from voorbeelden.definition.checks import check_definition, warm_up
from voorbeelden.definition.measure import scores, statutory
from voorbeelden.definition.model import RuleKind
from voorbeelden.definition.table import markdown, measured_cells

TABLE = Path("docs/definition-rules.md")
_STEP = 5


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    if options.table:
        options.to.write_text(markdown(), encoding="utf-8")
        print(f"wrote {options.to}")
        return
    _print_scores()
    _print_speed()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m voorbeelden.definition",
        description="Scores of the coded definition rules on their cases, and their false alarms.",
    )
    parser.add_argument("--table", action="store_true", help="write the rule table instead")
    parser.add_argument(
        "--to", type=Path, default=TABLE, metavar="FILE", help="where to (%(default)s)"
    )
    return parser


def _print_scores() -> None:
    count = len(statutory())
    print(f"{'rule':<26} kind  reported   left alone  on {count} correct definitions")
    for score in scores():
        name, kind, reported, silent, alarms = measured_cells(score)
        names = f"  {', '.join(score.alarms)}" if score.alarms else ""
        share = len(score.alarms) / count
        print(
            f"{name.strip('`'):<26} {kind:<5} {reported:<10} {silent:<11} {alarms:>2} "
            f"({share:.0%}){names}"
        )
    facts = sum(len(score.alarms) for score in scores() if score.rule.kind is RuleKind.D)
    print(f"\nfalse alarms of the D rules on {count} correct definitions: {facts}")


def _print_speed() -> None:
    """Types each correct definition, and times the check after every fifth letter."""
    warm_up()
    seconds = []
    for example in statutory():
        for length in range(1, len(example.definitie) + 1, _STEP):
            start = time.perf_counter()
            check_definition(example.begrip, example.definitie[:length], example.context)
            seconds.append(time.perf_counter() - start)
    seconds.sort()
    middle, high = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
    print(
        f"one check while typing ({len(seconds)} checks): median {middle * 1000:.2f} ms, "
        f"99% within {high * 1000:.2f} ms, slowest {seconds[-1] * 1000:.2f} ms"
    )


if __name__ == "__main__":
    main()
