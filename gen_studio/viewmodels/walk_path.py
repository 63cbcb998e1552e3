"""Where a walk leads on a map: its keyframes and the ways between them, as places."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.latents import Curve, Given, LatentPicture, Mixed, Point
from gen_studio.core.walks import Walk
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
    for began, (start, _) in zip(walk.starts, walk.legs, strict=True):
        pictures = (walk.at(began + start.seconds * part / PARTS) for part in range(PARTS + 1))
        places = [chart.place_of(picture, latent_of(picture.point, known)) for picture in pictures]
        if all(place is not None for place in places):
            legs.append(tuple(place for place in places if place is not None))
    return Path(keyframes, tuple(legs))


def latent_of(point: Point, known: KnownLatents) -> Latent | None:
    """Worked out from the points that it is mixed of; None where one of them is not known."""
    if isinstance(point, Given):
        return np.array(point.values, np.float32)
    latent = known.of(LatentPicture(point=point))
    if latent is not None or not isinstance(point, Mixed):
        return latent
    found = [latent_of(part, known) for part in point.points]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    if point.curve is Curve.SPHERICAL:
        return mixed(parts[0], parts[1], point.weights[1], point.curve)
    weights = np.array(point.weights, np.float32)
    total: Latent = weights @ np.stack(parts)
    return total


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
