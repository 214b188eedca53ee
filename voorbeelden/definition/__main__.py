"""Measures the definition rules, or writes their table: ``python -m voorbeelden.definition``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from voorbeelden.definition.checks import check_definition, warm_up
from voorbeelden.definition.measure import Score, about, held_out, scores, statutory
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
    known, unseen = len(statutory()), len(held_out())
    print(
        f"{'rule':<26} kind  reported   left alone  on {known} correct definitions  "
        f"on {unseen} held out"
    )
    for score in scores():
        name, kind, reported, silent, alarms, others = measured_cells(score)
        names = ", ".join((*score.alarms, *score.held_out))
        print(
            f"{name.strip('`'):<26} {kind:<5} {reported:<10} {silent:<11} {alarms:>2} "
            f"({len(score.alarms) / known:.0%}){others:>22} ({len(score.held_out) / unseen:.0%})"
            f"{f'  {names}' if names else ''}"
        )
    for kind, noun in ((RuleKind.D, "false alarms of the D rules"), (RuleKind.H, "H questions")):
        print(
            f"\n{noun} on {known} correct definitions: "
            f"{_total(kind, lambda score: score.alarms)}\n"
            f"{noun} on {unseen} held out: {_total(kind, lambda score: score.held_out)}"
        )


def _total(kind: RuleKind, alarms_of: Callable[[Score], tuple[str, ...]]) -> str:
    spoken = sum(len(alarms_of(score)) for score in scores() if score.rule.kind is kind)
    return f"{spoken}, about {len(about(kind, alarms_of))} of them"


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
