"""A picture of a page with 256 colours: a third of the weight, and nothing that the eye sees.

Pillow's own way to a given palette looks colours up at five bits a channel, which tints the large
flat backgrounds that a page is made of. Here each colour goes to the nearest one exactly.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

COLOURS: Final = 256
OFTEN: Final = 128
"""The most frequent colours stay exactly what they are; the rest of the palette reaches out to
every other colour, for red and brown mean different things."""

_AT_ONCE: Final = 4096  # colours compared with the palette at a time: a few megabytes


def few_colours(image: Image.Image) -> Image.Image:
    """The same picture with a palette."""
    image = image.convert("RGB")
    pixels = np.asarray(image, dtype=np.int32)
    packed = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
    colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    often = colours[np.argsort(-counts, kind="stable")[:OFTEN]]
    reaching = image.quantize(COLOURS - len(often), Image.Quantize.MAXCOVERAGE).getpalette() or []
    rest = np.array(reaching, dtype=np.int32).reshape(-1, 3)[: COLOURS - len(often)]
    palette = np.concatenate([_channels(often), rest])
    nearest = np.concatenate(
        [
            ((_channels(colours[start : start + _AT_ONCE])[:, None] - palette) ** 2)
            .sum(axis=-1)
            .argmin(axis=1)
            for start in range(0, len(colours), _AT_ONCE)
        ]
    ).astype(np.uint8)
    found = Image.fromarray(nearest[places].reshape(packed.shape))
    found.putpalette(palette.astype(np.uint8).tobytes())
    return found


def _channels(packed: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.int32)
