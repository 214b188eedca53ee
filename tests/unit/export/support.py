"""Begrippen for the tests of the exports: from the hand-written texts, and made to be awkward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from voorbeelden.demo.teksten import bekende_begrippen, voorbeelden_voor
from voorbeelden.export import ExportBegrip, ExportItem, ItemStatus
from voorbeelden.model import CONTEXT_KEYS, ExampleType

CHANGED = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
OK = ItemStatus.GOEDGEKEURD


def known(place: int) -> ExportBegrip:
    """A begrip with hand-written texts; of each type the third and later are still voorstel."""
    subject = bekende_begrippen()[place]
    texts = voorbeelden_voor(subject.begrip, subject.definitie, subject.context)
    items = []
    for kind in ExampleType:
        for position, given in enumerate(texts[kind.value], start=1):
            text, reason = (
                (given, None) if isinstance(given, str) else (given["voorbeeld"], given["reden"])
            )
            status = OK if position < 3 else ItemStatus.VOORSTEL
            identity = f"{subject.begrip}-{kind}-{position}"
            items.append(ExportItem(identity, kind, text, reason, status, position))
    return ExportBegrip(
        id=f"begrip-{place}",
        begrip=subject.begrip,
        definitie=subject.definitie,
        context={key: tuple(subject.context[key]) for key in CONTEXT_KEYS},
        items=tuple(items),
        changed_at=CHANGED,
    )


def item(kind: ExampleType, text: str, **more: object) -> ExportItem:
    """An approved item, unless ``more`` says otherwise."""
    return ExportItem(**{"id": "", "type": kind, "text": text, "status": OK, **more})  # type: ignore[arg-type]


def begrip(*items: ExportItem, **more: object) -> ExportBegrip:
    """A small begrip in its context, unless ``more`` says otherwise."""
    values: dict[str, object] = {
        "id": "11111111-2222-4333-8444-555555555555",
        "begrip": "verdachte",
        "definitie": "Persoon tegen wie een redelijk vermoeden van schuld bestaat.",
        "context": {
            "organisatorisch": ("Openbaar Ministerie",),
            "juridisch": ("strafprocesrecht",),
            "wettelijk": ("Wetboek van Strafvordering",),
        },
        "items": items,
        "changed_at": CHANGED,
    }
    return ExportBegrip(**{**values, **more})  # type: ignore[arg-type]


STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", "''-", " =", "＝", "#REF!", "#N/A")
PIECES = (
    '"',
    '""',
    ";",
    "; ",
    ",",
    "\\",
    "\\;",
    "\n",
    "\r\n",
    "\r",
    "\x0b",
    "\x00",
    "\x1f",
    "_x000D_",
    "_x0041",
    "x005F_",
    "_x005F_x000D_",
    "\ufeff",
    "\uffff",
    "\u2028",
    "\x85",
    "‏שלום‎",
    "مرحبا",
    "é",
    "e\u0301",
    "🙂",
    "<b>&amp;",
    "a" * 10_000,
    "nan",
    "NA",
    "1e5",
    "007",
    "2026-11-23",
)
"""What files get wrong: separators, quotes, line ends, escapes of Excel, right-to-left, length."""

texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    max_size=5,
).map("".join)
some_text = st.builds(lambda start, rest: start + rest, st.sampled_from(("", *STARTS)), texts)
filled = some_text.filter(lambda text: bool(text.strip()))
optional = st.none() | some_text.filter(bool)
contexts = st.fixed_dictionaries(
    {key: st.lists(some_text.filter(bool), max_size=3).map(tuple) for key in CONTEXT_KEYS}
)
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - bounds; hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from(
        (UTC, timezone(timedelta(hours=2)), timezone(-timedelta(minutes=90)))
    ),
)


@st.composite
def awkward_begrippen(draw: st.DrawFn) -> tuple[ExportBegrip, ...]:
    """Up to three begrippen that hold any text; ids are unique, as the store's are."""
    made = []
    for place in range(draw(st.integers(0, 3))):
        items = tuple(
            ExportItem(
                id=f"{place}-{number}",
                type=draw(st.sampled_from(ExampleType)),
                text=draw(filled),
                reden=draw(optional),
                status=draw(st.sampled_from(ItemStatus)),
                position=draw(st.integers(0, 99)),
                note=draw(optional),
            )
            for number in range(draw(st.integers(0, 3)))
        )
        made.append(
            ExportBegrip(
                id=f"begrip-{place}",
                begrip=draw(filled),
                definitie=draw(filled),
                context=draw(contexts),
                voorkeursterm=draw(st.none() | filled),
                items=items,
                changed_at=draw(st.none() | moments),
            )
        )
    return tuple(made)
