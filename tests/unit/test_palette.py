"""Pictures of pages with few colours."""

from __future__ import annotations

from PIL import Image

from scripts.palette import COLOURS, few_colours

PAPER, CARD = (250, 249, 246), (255, 255, 255)


def test_backgrounds_keep_their_colour_and_rare_ones_stay_near() -> None:
    """Two near backgrounds stay apart and exact, among more colours than a palette holds; a
    single red pixel stays red."""
    page = Image.new("RGB", (200, 100), PAPER)
    page.paste(CARD, (0, 0, 100, 100))
    for number in range(400):
        page.putpixel((number % 200, 98 + number // 200), (number % 256, 90 + number // 4, 120))
    page.putpixel((199, 0), (163, 35, 27))
    small = few_colours(page)
    assert small.mode == "P"
    assert len(small.getcolors() or ()) <= COLOURS
    back = small.convert("RGB")
    assert back.getpixel((10, 10)) == CARD
    assert back.getpixel((150, 10)) == PAPER
    red = back.getpixel((199, 0))
    assert isinstance(red, tuple)
    assert all(abs(one - other) < 24 for one, other in zip(red, (163, 35, 27), strict=True))


def test_a_picture_of_one_colour() -> None:
    """Less than a palette is fine too."""
    assert few_colours(Image.new("RGB", (3, 2), PAPER)).convert("RGB").getpixel((2, 1)) == PAPER
