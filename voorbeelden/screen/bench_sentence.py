"""The plain Dutch account of a run: what was measured, and nothing that was not."""

from __future__ import annotations

from collections import Counter

from voorbeelden.benchmark.model import BenchmarkRun
from voorbeelden.benchmark.statistics import median_speed_up, plan_figures
from voorbeelden.clock import moment
from voorbeelden.definition.flow_model import FlowOrder
from voorbeelden.messages import FAILURE_NAMES
from voorbeelden.model import GenerationMode
from voorbeelden.screen.bench_texts import PART_TITLES, PLAN_TITLES, over_ideal, plural, times
from voorbeelden.screen.texts import seconds

SEQUENTIAL, ASYNC = GenerationMode.SEQUENTIAL, GenerationMode.ASYNC

_CHANGED = 0.05
"""A speed-up nearer to 1 than this is no difference worth a word."""


def account(run: BenchmarkRun) -> str:
    """Sentences without markup. Every figure in them was measured in this run, unless the
    sentence itself says "geschat"."""
    parts = [
        _conditions(run),
        _medians(run),
        *([_flow_factors(run), _flow_limit(run)] if run.request.flow else _of_plans(run)),
        _scaling(run),
        _failures(run),
        _caveat(run),
    ]
    return " ".join(part for part in parts if part)


def _conditions(run: BenchmarkRun) -> str:
    target = run.request.target
    where = "op de demonstratieserver" if target.simulated else "met"
    name = f"(profiel: {target.name})" if target.simulated else target.name
    stopped = " De meting is voortijdig gestopt." if run.stopped else ""
    return (
        f"Gemeten op {moment(run.made_at)} {where} {name}, met het begrip "
        f"‘{run.request.subject.begrip}’.{stopped}"
    )


def _medians(run: BenchmarkRun) -> str:
    known = [(one, one.seconds) for one in plan_figures(run) if one.seconds is not None]
    if not known:
        return (
            "" if run.scaling else "Er is geen geslaagde herhaling; er valt niets te vergelijken."
        )
    counts = {one.whole for one, _ in known}
    if counts == {1}:
        start = "Eén geslaagde herhaling per plan, dus over spreiding is niets te zeggen:"
    elif len(counts) == 1:
        start = f"Mediaan van {counts.pop()} herhalingen:"
    else:
        start = f"Mediaan van {min(counts)} tot {max(counts)} geslaagde herhalingen:"
    each = [f"{PLAN_TITLES[one.mode].lower()} {seconds(value.median)}" for one, value in known]
    return f"{start} {_list(each)}."


def _factors(run: BenchmarkRun) -> str:
    """Only what both really ran; the sum of calls that did not wait for each other is said to be
    an estimate."""
    measured = []
    for mode in run.request.modes:
        found = median_speed_up(run, mode)
        if found is not None and found.measured:
            measured.append(f"{PLAN_TITLES[mode].lower()} {_compared(found.factor)}")
    if measured:
        return f"Tegenover na elkaar was {_list(measured)}."
    guess = median_speed_up(run, ASYNC)
    if guess is not None:
        return (
            "Na elkaar is niet gemeten. De zes aanroepen van ‘tegelijk’ duren bij elkaar opgeteld "
            f"{times(guess.factor)} zo lang als nu: dat is geschat, geen gemeten versnelling."
        )
    if run.repetitions and SEQUENTIAL not in run.request.modes:
        return "Een versnelling is niet gemeten: daarvoor moet na elkaar ook meedoen."
    return ""


def _of_plans(run: BenchmarkRun) -> list[str]:
    return [_factors(run), _limit(run)]


def _flow_factors(run: BenchmarkRun) -> str:
    """The flow against the two other orders, as far as those really ran."""
    found = median_speed_up(run, FlowOrder.BESIDE)
    if found is None:
        return ""
    if not found.measured:
        return (
            "In een rij is niet gemeten. De acht aanroepen van de stroom duren bij elkaar opgeteld "
            f"{times(found.factor)} zo lang als nu: dat is geschat, geen gemeten versnelling."
        )
    parts = [f"Tegenover alles in een rij was de stroom {_compared(found.factor)}"]
    staged = median_speed_up(run, FlowOrder.STAGED)
    if staged is not None and staged.measured:
        parts.append(f"fase na fase, met de zes soorten tegelijk, {_compared(staged.factor)}")
    return f"{_list(parts)}."


def _flow_limit(run: BenchmarkRun) -> str:
    found = median_speed_up(run, FlowOrder.BESIDE)
    # In a short run a cold start can make the row longer than its calls: then it is no limit.
    if found is None or found.factor > found.uneven_limit:
        return ""
    return (
        f"Meer dan {times(found.uneven_limit)} kon de stroom hier niet winnen: eerst moet de "
        "definitie er staan, en daarna bepaalt de traagste aanroep het einde."
    )


def _compared(factor: float) -> str:
    if abs(factor - 1) < _CHANGED:
        return "even snel"
    return f"{times(factor)} zo snel" if factor > 1 else f"trager ({times(factor)} zo snel)"


def _limit(run: BenchmarkRun) -> str:
    found = median_speed_up(run, ASYNC)
    if found is None:
        return ""
    return (
        f"Meer dan {times(found.uneven_limit)} kon tegelijk hier niet winnen, want de traagste van "
        "de aanroepen bepaalt het einde."
    )


def _scaling(run: BenchmarkRun) -> str:
    whole = [point for point in run.scaling if point.over_ideal is not None]
    if not whole:
        return ""
    most = max(whole, key=lambda point: point.generations)
    ideal = "gemeten" if most.ideal_measured else "volgens het profiel"
    return (
        f"{plural(most.generations, 'generatie', 'generaties')} tegelijk "
        f"({plural(most.requests, 'aanroep', 'aanroepen')}) duurden {seconds(most.seconds)}: "
        f"{over_ideal(most)} keer de traagste aanroep ({seconds(most.ideal)}, {ideal})."
    )


def _failures(run: BenchmarkRun) -> str:
    broken = [one for one in run.repetitions if not one.whole]
    parts = []
    if broken:
        which = Counter(failure.example_type for one in broken for failure in one.failures)
        names = _list([f"{PART_TITLES[kind].lower()} {count}×" for kind, count in which.items()])
        one = len(broken) == 1
        verb, counted = ("mislukte", "die telt") if one else ("mislukten", "die tellen")
        parts.append(
            f"Van {plural(len(run.repetitions), 'herhaling', 'herhalingen')} {verb} er "
            f"{len(broken)}; {counted} niet mee (niet compleet: {names})."
        )
    lost = sum(point.failed for point in run.scaling)
    if lost:
        every = plural(sum(p.generations for p in run.scaling), "generatie", "generaties")
        verb = "mislukte" if lost == 1 else "mislukten"
        parts.append(
            f"In de schaalmeting {verb} er {lost} van {every}; wat niet compleet is, telt niet mee."
        )
    kinds = [failure.kind for one in broken for failure in one.failures]
    if kinds:
        parts.append(f"Meestal omdat {FAILURE_NAMES[Counter(kinds).most_common(1)[0][0]]}.")
    return " ".join(parts)


def _caveat(run: BenchmarkRun) -> str:
    if run.request.target.simulated:
        return (
            "De demonstratieserver bootst deze tijden na: de vergelijking van de plannen is echt, "
            "de snelheid van een taalmodel is hier niet gemeten."
        )
    return "Op een ander moment kan hetzelfde taalmodel sneller of trager zijn."


def _list(parts: list[str]) -> str:
    """``a, b en c``."""
    return " en ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
