"""What the benchmark looks like in a terminal: progress, bars, tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from voorbeelden.benchmark.estimate import PlanCost
from voorbeelden.benchmark.hedging import HedgeRun
from voorbeelden.benchmark.job import BenchmarkSnapshot
from voorbeelden.benchmark.model import BenchmarkRequest, BenchmarkRun, Mode, Repetition
from voorbeelden.benchmark.statistics import IN_A_ROW, PlanFigures, median_speed_up, plan_figures
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.messages import FAILURE_NAMES
from voorbeelden.model import GenerationMode
from voorbeelden.screen.bench_sentence import account
from voorbeelden.screen.bench_texts import PART_TITLES, PLAN_TITLES, over_ideal, times
from voorbeelden.screen.texts import number, seconds, thousands

COLOURS: Final[Mapping[Mode, str]] = {
    GenerationMode.SEQUENTIAL: "bright_black",
    GenerationMode.ASYNC: "cyan",
    GenerationMode.SPLIT: "green",
    GenerationMode.COMBINED: "yellow",
    FlowOrder.IN_A_ROW: "bright_black",
    FlowOrder.STAGED: "yellow",
    FlowOrder.BESIDE: "cyan",
}
_BAR: Final = 36


class Live:
    """The progress lines; without a request only a count of generations."""

    def __init__(self, console: Console, request: BenchmarkRequest | None) -> None:
        self._console = console
        self._printed = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._all = self._progress.add_task("Meting", total=request.steps if request else 0)
        self._now = self._progress.add_task("", total=1, visible=request is not None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def count(self, done: int, of: int) -> None:
        self._progress.update(self._all, description="Generaties", completed=done, total=of)

    def show(self, snapshot: BenchmarkSnapshot) -> None:
        run = snapshot.run
        for one in run.repetitions[self._printed :]:
            self._console.print(_line(one))
        self._printed = len(run.repetitions)
        self._progress.update(self._all, completed=snapshot.complete)
        if (step := snapshot.step) is not None:
            name = (
                f"{step.generations} tegelijk"
                if step.generations
                else f"{PLAN_TITLES[step.mode]}, herhaling {step.number}"
            )
            total = max(1, snapshot.wanted)
            self._progress.update(self._now, description=name, completed=snapshot.done, total=total)


def _line(one: Repetition) -> Text:
    text = Text(f"{one.number:>3}  {PLAN_TITLES[one.mode]:<10} {seconds(one.seconds):>8}  ")
    if one.whole:
        return text.append("✓", "green")
    what = ", ".join(
        f"{PART_TITLES[each.example_type].lower()} ({FAILURE_NAMES[each.kind]})"
        for each in one.failures
    )
    return text.append(f"✕ {what}", "red")


def show_run(console: Console, run: BenchmarkRun) -> None:
    parts: list[RenderableType] = []
    figures = plan_figures(run)
    if figures:
        parts += [_bars(run, figures), _table(run, figures)]
    if run.scaling:
        parts.append(_scaling(run))
    if parts:
        console.print(Group(*parts))
    console.print(Panel(account(run), title="Wat is gemeten", border_style="bright_black"))


def _bars(run: BenchmarkRun, figures: tuple[PlanFigures, ...]) -> RenderableType:
    known = [(one, one.seconds) for one in figures if one.seconds is not None]
    longest = max((spread.median for _, spread in known), default=0.0)
    base = next((s.median for f, s in known if f.mode in IN_A_ROW), None)
    grid = Table.grid(padding=(0, 1))
    for one, spread in known:
        width = max(1, round(_BAR * spread.median / longest)) if longest else 1
        saved = Text()
        if base is not None and one.mode not in IN_A_ROW:
            saved = _saved(base - spread.median, base)
        bar = Text("█" * width, COLOURS[one.mode])
        grid.add_row(PLAN_TITLES[one.mode], bar, Text(seconds(spread.median), "bold"), saved)
    return Panel(grid, title=f"Tijd tot alles klaar is – {run.request.target.name}", expand=False)


def _saved(difference: float, base: float) -> Text:
    if abs(difference) < 0.02 * base:
        return Text("even lang", "bright_black")
    if difference > 0:
        return Text(f"{seconds(difference)} bespaard", "green")
    return Text(f"{seconds(-difference)} langer", "red")


def _table(run: BenchmarkRun, figures: tuple[PlanFigures, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Plan", no_wrap=True)
    for name in ("Mediaan", "Min–max", "Factor", "Grens*", "1e item", "Calls", "Tokens", "Goed"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in figures:
        factor = median_speed_up(run, one.mode)
        spread, first = one.seconds, one.first_item
        parallel = one.mode in (GenerationMode.ASYNC, FlowOrder.BESIDE)
        table.add_row(
            Text(PLAN_TITLES[one.mode], COLOURS[one.mode]),
            seconds(spread.median) if spread else "–",
            f"{number(spread.low)}–{number(spread.high)}" if spread else "–",
            times(factor.factor) if factor and factor.measured else "–",
            times(factor.uneven_limit) if factor and parallel else "",
            seconds(first.median) if first else "–",
            number(one.requests, 0),
            ("±" if one.tokens_estimated else "") + thousands(one.tokens),
            Text(f"{one.whole}/{one.whole + one.failed}", "red" if one.failed else ""),
        )
    origin = (
        "± geschat" if any(one.tokens_estimated for one in figures) else "door de server gemeld"
    )
    limit = "som ÷ traagste aanroep: meer kan ‘tegelijk’ hier niet winnen"
    if run.request.flow:
        limit = "som ÷ langste keten: meer kan de stroom hier niet winnen"
    table.caption = f"* {limit}. Tokens: {origin}."
    table.caption_justify = "left"
    return table


def _scaling(run: BenchmarkRun) -> Table:
    title = f"Generaties tegelijk – {PLAN_TITLES[run.request.scale_mode].lower()}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in ("Generaties", "Aanroepen", "Duur", "Ideaal", "Duur ÷ ideaal", "Mislukt"):
        table.add_column(name, justify="right")
    for point in run.scaling:
        origin = "gemeten" if point.ideal_measured else "profiel"
        table.add_row(
            str(point.generations),
            str(point.requests),
            seconds(point.seconds),
            f"{seconds(point.ideal)} ({origin})",
            over_ideal(point),
            Text(str(point.failed), "red" if point.failed else ""),
        )
    return table


def cost_table(request: BenchmarkRequest, costs: tuple[PlanCost, ...]) -> Table:
    table = Table(title=f"Kosten vooraf – {request.target.name}", title_justify="left")
    table.add_column("Plan")
    for name in ("Generaties", "Aanroepen", "Tokens erin (geschat)", "Tokens eruit (geschat)"):
        table.add_column(name, justify="right")
    for cost in costs:
        table.add_row(
            PLAN_TITLES[cost.mode],
            str(cost.generations),
            str(cost.calls),
            thousands(cost.tokens.prompt),
            thousands(cost.tokens.completion),
        )
    return table


def show_hedging(console: Console, run: HedgeRun) -> bytes:
    """Prints the two sides, and returns the same as JSON."""
    table = Table(title=f"Tweede kopieën – {run.spec}", title_justify="left")
    for name in ("", "Generaties", "Mislukt", "Mediaan", "p95", "Aanroepen", "Kopieën"):
        table.add_column(name, justify="right")
    sides = {"zonder": run.without, "met": run.hedged}
    for name, side in sides.items():
        table.add_row(
            name,
            str(len(side.seconds)),
            str(side.failed),
            *(
                "–" if (at := side.percentile(share)) is None else seconds(at)
                for share in (0.5, 0.95)
            ),
            str(side.calls),
            str(side.copies),
        )
    console.print(table)
    gain = run.gain
    if gain is None:
        console.print("Wat het scheelt is niet te zeggen: van een kant is geen generatie geslaagd.")
    else:
        console.print(
            f"De p95 van een generatie is {number(abs(gain) * 100, 0)} % "
            f"{'lager' if gain >= 0 else 'hoger'}, "
            f"voor {number(run.extra * 100)} % extra aanroepen."
        )
    data = {
        "spec": run.spec,
        "gain_p95": gain,
        "extra_calls": run.extra,
        **{
            name: {
                "seconds": side.seconds,
                "failed": side.failed,
                "calls": side.calls,
                "copies": side.copies,
            }
            for name, side in sides.items()
        },
    }
    return json.dumps(data, indent=2).encode()
