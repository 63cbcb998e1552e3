"""Where a walk leads on a map: its keyframes and the ways between them, as places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.latents import Curve
from gen_studio.core.walks import Walk, between
from gen_studio.viewmodels.known_latents import KnownLatents, Latent
from gen_studio.viewmodels.planes import Chart, Place

PARTS = 10
"""Straight pieces of a drawn leg."""
PARALLEL = 1e-6


@dataclass(frozen=True)
class Path:
    """keyframes: None for one whose place is not known; legs: those that could be followed."""

    keyframes: tuple[Place | None, ...] = ()
    legs: tuple[tuple[Place, ...], ...] = ()


def path_of(walk: Walk, chart: Chart, known: KnownLatents) -> Path:
    keyframes = tuple(chart.place_of(frame.picture, known.of(frame.picture)) for frame in walk.keyframes)
    legs = []
    for start, end in walk.legs:
        ends = known.of(start.picture), known.of(end.picture)
        places = []
        for part in range(PARTS + 1):
            share = part / PARTS
            latent = None if ends[0] is None or ends[1] is None else mixed(ends[0], ends[1], share, walk.curve)
            places.append(chart.place_of(between(start.picture, end.picture, share, walk.curve), latent))
        if all(place is not None for place in places):
            legs.append(tuple(place for place in places if place is not None))
    return Path(keyframes, tuple(legs))


def mixed(start: Latent, end: Latent, share: float, curve: Curve) -> NDArray[np.float32]:
    """What the service does for two points, near enough to draw."""
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    straight: NDArray[np.float32] = start + np.float32(share) * (end - start)
    if curve is Curve.LINEAR or min(lengths) == 0:
        return straight
    one, other = start / lengths[0], end / lengths[1]
    angle = np.arccos(np.clip(float(one @ other), -1, 1))
    if np.sin(angle) < PARALLEL:
        return straight
    way = (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)
    length = (1 - share) * lengths[0] + share * lengths[1]
    result: NDArray[np.float32] = (length * way).astype(np.float32)
    return result
