"""A run as one PNG: what was measured, the bars, and every call on the clock.

Drawn with Pillow, which Streamlit brings along, in the app's own fonts: no browser, no renderer
of 80 MB, and the same picture on every machine.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from voorbeelden.benchmark.model import BenchmarkRun, Repetition
from voorbeelden.benchmark.statistics import median_speed_up, plan_figures, typical
from voorbeelden.screen.bench_axis import Axis, axis_for
from voorbeelden.screen.bench_charts import COLOURS, INK, LINE, SOFT
from voorbeelden.screen.bench_sentence import account
from voorbeelden.screen.bench_texts import PLAN_EXPLAINS, PLAN_TITLES, over_ideal, plural, times
from voorbeelden.screen.texts import seconds

WIDTH: Final = 1600
_EDGE: Final = 64
_LEFT: Final = 400
_RIGHT: Final = WIDTH - 330
_PAPER: Final = "#ffffff"
_SUNK: Final = "#f0ede5"
_BAD: Final = "#a3231b"
_FONTS: Final = Path(__file__).resolve().parents[2] / "static" / "fonts"


def to_png(run: BenchmarkRun) -> bytes:
    """The picture, ``WIDTH`` pixels wide and as high as it needs to be."""
    image = Image.new("RGB", (WIDTH, _height(run)), _PAPER)
    sheet = _Sheet(ImageDraw.Draw(image))
    sheet.text(_EDGE, "Benchmark voorbeelden", _serif(44, 650))
    sheet.down(66)
    sheet.text(_EDGE, run.request.target.name, _sans(22), SOFT["light"])
    sheet.down(50)
    for line in _wrapped(account(run), _serif(24, 400), WIDTH - 2 * _EDGE):
        sheet.text(_EDGE, line, _serif(24, 400))
        sheet.down(36)
    sheet.down(28)
    _bars(sheet, run)
    _gantt(sheet, run)
    _scaling(sheet, run)
    cropped = image.crop((0, 0, WIDTH, min(image.height, sheet.y + 30)))
    data = io.BytesIO()
    cropped.save(data, "PNG", optimize=True)
    return data.getvalue()


class _Sheet:
    """A drawing with a pen that moves down."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw
        self.y = 50

    def down(self, pixels: int) -> None:
        self.y += pixels

    def text(
        self,
        x: float,
        text: str,
        font: ImageFont.FreeTypeFont,
        colour: str = INK["light"],
        *,
        dy: int = 0,
        anchor: str = "la",
    ) -> None:
        self.draw.text((x, self.y + dy), text, font=font, fill=colour, anchor=anchor)

    def bar(self, start: float, end: float, height: int, colour: str, *, dy: int = 0) -> None:
        """Shares of the track, from 0 to 1."""
        top = self.y + dy
        box = (_x(start), top, max(_x(end), _x(start) + 2), top + height)
        self.draw.rectangle(box, fill=colour)

    def heading(self, text: str) -> None:
        self.draw.line((_EDGE, self.y, WIDTH - _EDGE, self.y), fill=LINE["light"], width=2)
        self.down(22)
        self.text(_EDGE, text, _serif(28, 600))
        self.down(54)

    def axis(self, axis: Axis) -> None:
        self.draw.line((_LEFT, self.y, _RIGHT, self.y), fill=LINE["light"], width=2)
        for tick in axis.ticks:
            x = _x(axis.place(tick))
            self.draw.line((x, self.y, x, self.y + 8), fill=SOFT["light"], width=2)
            self.text(x, seconds(tick), _sans(18), SOFT["light"], dy=12, anchor="ma")
        self.down(60)


def _bars(sheet: _Sheet, run: BenchmarkRun) -> None:
    figures = [(one, one.seconds) for one in plan_figures(run) if one.seconds is not None]
    if not figures:
        return
    sheet.heading("Tijd tot alles klaar is (gemeten; balk: mediaan, streep: laagste–hoogste)")
    axis = axis_for(max(spread.high for _, spread in figures))
    for one, spread in figures:
        sheet.text(_EDGE, PLAN_TITLES[one.mode], _sans(24, 600))
        sheet.text(_EDGE, PLAN_EXPLAINS[one.mode], _sans(17), SOFT["light"], dy=30)
        sheet.bar(0, 1, 40, _SUNK, dy=6)
        sheet.bar(0, axis.place(spread.median), 40, COLOURS["light"][one.mode], dy=6)
        if spread.count > 1:
            sheet.bar(axis.place(spread.low), axis.place(spread.high), 4, INK["light"], dy=24)
        factor = median_speed_up(run, one.mode)
        told = f"   {times(factor.factor)}" if factor and factor.measured else ""
        sheet.text(_RIGHT + 24, f"{seconds(spread.median)}{told}", _sans(26, 600), dy=8)
        sheet.down(74)
    sheet.axis(axis)


def _gantt(sheet: _Sheet, run: BenchmarkRun) -> None:
    shown = [one for mode in run.request.modes if (one := typical(run, mode)) is not None]
    if not shown:
        return
    sheet.heading(
        "Elke aanroep op de klok (herhaling nabij de mediaan; streepje: eerste voorbeeld)"
    )
    axis = axis_for(max(one.seconds for one in shown))
    for one in shown:
        _plan(sheet, one, axis)
    sheet.axis(axis)


def _plan(sheet: _Sheet, one: Repetition, axis: Axis) -> None:
    calls = plural(one.requests, "aanroep", "aanroepen")
    title = f"{PLAN_TITLES[one.mode]}: {seconds(one.seconds)}, {calls}"
    sheet.text(_EDGE, title, _sans(20, 600))
    sheet.down(32)
    for call in one.calls:
        colour = _BAD if call.failure is not None else COLOURS["light"][one.mode]
        sheet.text(_EDGE, call.name.capitalize(), _sans(17), SOFT["light"])
        sheet.bar(0, 1, 14, _SUNK, dy=4)
        sheet.bar(axis.place(call.start), axis.place(call.end), 14, colour, dy=4)
        if call.first_item is not None:
            place = axis.place(call.first_item)
            sheet.bar(place, place, 18, INK["light"], dy=2)
        sheet.text(_RIGHT + 24, seconds(call.end - call.start), _sans(17), SOFT["light"])
        sheet.down(25)
    sheet.down(16)


def _scaling(sheet: _Sheet, run: BenchmarkRun) -> None:
    if not run.scaling:
        return
    mode = run.request.scale_mode
    sheet.heading(f"Generaties tegelijk, {PLAN_TITLES[mode].lower()} (streep: ideaal)")
    axis = axis_for(max(max(point.seconds, point.ideal) for point in run.scaling))
    for point in run.scaling:
        sheet.text(_EDGE, plural(point.generations, "generatie", "generaties"), _sans(20))
        sheet.bar(0, 1, 20, _SUNK, dy=4)
        sheet.bar(0, axis.place(point.seconds), 20, COLOURS["light"][mode], dy=4)
        ideal = axis.place(point.ideal)
        sheet.bar(ideal, ideal, 28, INK["light"], dy=0)
        told = f"{seconds(point.seconds)}   {over_ideal(point, ' keer ideaal')}"
        sheet.text(_RIGHT + 24, told, _sans(18))
        sheet.down(36)
    sheet.axis(axis)


def _x(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)


def _height(run: BenchmarkRun) -> int:
    """Enough for everything; what is left over is cut off."""
    calls = sum(len(one.calls) for mode in run.request.modes if (one := typical(run, mode)))
    return 1400 + 80 * len(run.request.modes) + 25 * calls + 36 * len(run.scaling)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines of at most ``width`` pixels; a longer word stands alone and sticks out."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


@cache
def _serif(size: int, weight: int) -> ImageFont.FreeTypeFont:
    return _font("source-serif-4", size, weight)


@cache
def _sans(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    return _font("ibm-plex-sans", size, weight)


def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FONTS / f"{name}-latin-wght-normal.woff2"), size)
    font.set_variation_by_axes([weight])
    return font
