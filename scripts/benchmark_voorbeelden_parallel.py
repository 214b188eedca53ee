"""The plans side by side in the terminal: who is faster, by how much, and at what price.

    .venv/bin/python -m scripts.benchmark_voorbeelden_parallel
    .venv/bin/python scripts/benchmark_voorbeelden_parallel.py --profile gemeten --tijdfactor 0.2
    … --plannen tegelijk,opgedeeld --herhalingen 5 --json uitkomst.json
    … --schaal 1,10,83        many generations at once, against the slowest call
    … --hedging 300           with and without second copies, on a heavy tail
    … --profile aangesloten   the provider of OPENAI_API_KEY; asks before it spends anything

Exit code 0: everything was whole; 1: a repetition failed or nothing was measured; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from contextlib import closing
from pathlib import Path

if __package__ in (None, ""):  # run as a path: the repository is not on the search path yet
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.prompt import Confirm
from rich.text import Text

from scripts.bench_terminal import Live, cost_table, show_hedging, show_run
from voorbeelden.benchmark.estimate import cost_of
from voorbeelden.benchmark.hedging import HedgeRun, Told, measure_hedging
from voorbeelden.benchmark.job import Benchmarks, BenchmarkSnapshot
from voorbeelden.benchmark.model import SCALES, BenchmarkRequest
from voorbeelden.benchmark.profiles import CONNECTED, FLOW, PROFILES, connected_target, demo_target
from voorbeelden.benchmark.record import to_json
from voorbeelden.bridge import Bridge
from voorbeelden.demo.process import DemoProcess
from voorbeelden.demo.profile import checked
from voorbeelden.demo.spec import SpecError
from voorbeelden.demo.teksten import bekende_begrippen
from voorbeelden.model import GenerationMode, Subject
from voorbeelden.screen.bench_texts import PLAN_KEYS
from voorbeelden.settings import Settings, SettingsError, load

LOOK_SECONDS = 0.1
ALL_SCALES = ",".join(map(str, SCALES))
KNOWN = ", ".join([*(profile.key for profile in PROFILES), CONNECTED])


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Meet de plannen naast elkaar.",
        epilog="Profielen: " + "; ".join(f"{p.key}: {p.explains}" for p in PROFILES),
    )
    parser.add_argument(
        "--profile",
        "--profiel",
        default="tokens",
        help=f"{KNOWN}, of een eigen tekst voor de demoserver (standaard: tokens)",
    )
    parser.add_argument("--tijdfactor", type=_factor, default=1.0, help="bij profiel gemeten")
    parser.add_argument("--herhalingen", type=_count, default=3)
    parser.add_argument(
        "--plannen", type=_plans, default=tuple(PLAN_KEYS.values()), help=", ".join(PLAN_KEYS)
    )
    parser.add_argument("--begrip", default="verdachte")
    parser.add_argument(
        "--schaal",
        type=_numbers,
        nargs="?",
        const=_numbers(ALL_SCALES),
        default=(),
        metavar="AANTALLEN",
        help="alleen zoveel generaties tegelijk, van het plan ‘tegelijk’ of, als --plannen dat "
        f"niet noemt, het eerste daarvan (zonder aantallen: {ALL_SCALES})",
    )
    parser.add_argument(
        "--hedging",
        type=_count,
        nargs="?",
        const=300,
        metavar="GENERATIES",
        help="alleen de winst van tweede kopieën, altijd op een zware staart van de demoserver "
        "(zonder aantal: 300)",
    )
    parser.add_argument(
        "--json",
        nargs="?",
        const="-",
        metavar="BESTAND",
        help="schrijf alles ook als JSON (zonder bestand: naar de standaarduitvoer)",
    )
    parser.add_argument("--ja", action="store_true", help="vraag niets, ook als het geld kost")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is geen aantal vanaf 1")
    return int(text)


def _factor(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is geen getal boven 0")
    return value


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_count(part.strip()) for part in text.split(","))


def _plans(text: str) -> tuple[GenerationMode, ...]:
    keys = [part.strip() for part in text.split(",")]
    if unknown := [key for key in keys if key not in PLAN_KEYS]:
        raise argparse.ArgumentTypeError(
            f"onbekend plan {unknown[0]!r}; bekend: {', '.join(PLAN_KEYS)}"
        )
    return tuple(dict.fromkeys(PLAN_KEYS[key] for key in keys))


def subject(begrip: str) -> Subject:
    known = next((one for one in bekende_begrippen() if one.begrip == begrip), None)
    if known is None:
        return Subject(begrip, "een omschrijving van dit begrip", {})
    return Subject.from_dict(known.begrip, known.definitie, known.context)


def request_of(arguments: argparse.Namespace, settings: Settings) -> BenchmarkRequest:
    """Raises SpecError for a profile that is none."""
    if arguments.profile == FLOW.key:
        raise SpecError(f"{FLOW.key} is voor de stroom alleen, zie scripts/measure_flow.py")
    if arguments.profile == CONNECTED:
        target = connected_target(settings)
    else:
        target = demo_target(arguments.profile, arguments.tijdfactor)
    plans = arguments.plannen
    scale_mode = GenerationMode.ASYNC if GenerationMode.ASYNC in plans else plans[0]
    return BenchmarkRequest(
        subject=subject(arguments.begrip),
        target=target,
        modes=() if arguments.schaal else plans,
        repetitions=arguments.herhalingen,
        scales=arguments.schaal,
        scale_mode=scale_mode,
    )


def compare(bridge: Bridge, request: BenchmarkRequest, console: Console) -> BenchmarkSnapshot:
    """Runs it as the page does: a job on the app's own loop, looked at until it has ended.
    Ctrl-C ends it with what is complete."""
    jobs = Benchmarks()
    job_id = jobs.start(bridge, request)
    with Live(console, request) as live:
        while True:
            try:
                if (snapshot := _shown(jobs, job_id, live)) is not None:
                    return snapshot
                time.sleep(LOOK_SECONDS)
            except KeyboardInterrupt:
                jobs.cancel(job_id)


def _shown(jobs: Benchmarks, job_id: str, live: Live) -> BenchmarkSnapshot | None:
    """The job once it has ended; shows how far it is."""
    snapshot = jobs.snapshot(job_id)
    if snapshot is None:
        raise AssertionError("a job that was started is known")
    live.show(snapshot)
    return None if snapshot.running else snapshot


async def hedging(generations: int, told: Told) -> HedgeRun:
    demo = await asyncio.to_thread(DemoProcess.start, "instant")
    try:
        return await measure_hedging(demo, generations=generations, told=told)
    finally:
        await asyncio.to_thread(demo.close)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    # With JSON on standard output, people read standard error.
    console = Console(stderr=options.json == "-", highlight=False)
    try:
        settings = checked(load(os.environ))
        request = request_of(options, settings)
    except SpecError as error:
        console.print(
            Text(f"Onbekend profiel. Kies {KNOWN}, of een tekst voor de demoserver: {error}", "red")
        )
        return 2
    except SettingsError as error:
        console.print(Text(str(error), "red"))
        return 2
    if (trouble := _unwritable(options.json)) is not None:
        console.print(Text(trouble, "red"))
        return 2
    try:
        spends = not request.target.simulated and not options.hedging
        if spends and not _may_spend(request, settings, options, console):
            return 2
        with closing(Bridge(settings)) as bridge:
            if options.hedging:
                return _hedging(bridge, options, console)
            return _compare(bridge, request, options, console)
    except KeyboardInterrupt:
        console.print("Gestopt: er is niets gemeten.")
        return 1


def _compare(
    bridge: Bridge, request: BenchmarkRequest, options: argparse.Namespace, console: Console
) -> int:
    snapshot = compare(bridge, request, console)
    run = snapshot.run
    show_run(console, run)
    if snapshot.failure is not None:
        console.print(Text(snapshot.failure.message, "red"))
    _write(options.json, to_json(run))
    return 1 if run.failed or run.stopped or snapshot.failure else 0


def _hedging(bridge: Bridge, options: argparse.Namespace, console: Console) -> int:
    with Live(console, None) as live:
        measured = bridge.submit(hedging(options.hedging, live.count)).result()
    _write(options.json, show_hedging(console, measured))
    return 1 if measured.without.failed or measured.hedged.failed else 0


def _may_spend(
    request: BenchmarkRequest, settings: Settings, options: argparse.Namespace, console: Console
) -> bool:
    if settings.demonstration:
        console.print("Er is geen taalmodel aangesloten: zet OPENAI_API_KEY of OPENAI_BASE_URL.")
        return False
    console.print(cost_table(request, cost_of(request)))
    return options.ja or Confirm.ask("Dit kost echte aanroepen. Doorgaan?", console=console)


def _unwritable(where: str | None) -> str | None:
    """Why ``where`` cannot be written, if it cannot: known before a minute of measuring."""
    if not where or where == "-":
        return None
    try:
        with Path(where).open("ab"):
            return None
    except OSError as error:
        reason = error.strerror
    return f"Naar {where} kan niet worden geschreven ({reason}). Kies een ander bestand."


def _write(where: str | None, data: bytes) -> None:
    if where == "-":
        sys.stdout.buffer.write(data + b"\n")
    elif where:
        try:
            Path(where).write_bytes(data + b"\n")
        except OSError:
            # What was measured is worth more than where it was to go.
            sys.stdout.buffer.write(data + b"\n")


if __name__ == "__main__":
    sys.exit(main())
