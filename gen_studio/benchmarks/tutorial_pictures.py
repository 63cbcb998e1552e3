"""Colour pictures on the disk for benchmarks in which only their number and size count."""

from pathlib import Path

import numpy as np
from PIL import Image

SEED = 3


def draw(folder: Path, number: int, size: int) -> None:
    """Writes PNG files of smooth colours with a little grain, so that they are about as large as small photographs."""
    rng = np.random.default_rng(SEED)
    target = folder / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    for place in range(number):
        coarse = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC), dtype=np.int16)
        grain = rng.integers(-8, 9, smooth.shape, dtype=np.int16)
        Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8)).save(target / f"{place:05d}.png")
