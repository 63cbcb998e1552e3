"""Planes through a latent space: which picture lies at a place of one, and where on it a picture lies."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.latents import Direction, LatentPicture, Mixed, Point, Space
from gen_studio.viewmodels.exploration import at_point, strength_of, with_dimension, with_strength
from gen_studio.viewmodels.known_latents import Latent

REACH = 3.0
"""How far a plane of directions or of dimensions goes both ways, in strengths or standard deviations."""
CORNERS = np.array([[-0.6, 0.5], [0.6, 0.5], [0.0, -0.6]])
"""Where a plane's three points stand, so that there is room around them."""


@dataclass(frozen=True)
class Place:
    """On a plane, both from -1 to 1; up is above the middle."""

    across: float
    up: float


@dataclass(frozen=True)
class DirectionsPlane:
    """What two directions do to the picture, the first across."""

    first: Direction
    second: Direction


@dataclass(frozen=True)
class DimensionsPlane:
    """Two numbers of the latent, the first across."""

    first: int
    second: int


@dataclass(frozen=True)
class PointsPlane:
    """The flat plane on which three points lie."""

    points: tuple[Point, Point, Point]


Plane = DirectionsPlane | DimensionsPlane | PointsPlane


def at(plane: Plane, picture: LatentPicture, place: Place) -> LatentPicture:
    """The picture moved to a place of the plane; what the plane does not decide stays as it is."""
    match plane:
        case DirectionsPlane(first, second):
            moved = with_strength(picture, first, place.across * REACH)
            return with_strength(moved, second, place.up * REACH)
        case DimensionsPlane(first, second):
            moved = with_dimension(picture, first, place.across * REACH)
            return with_dimension(moved, second, place.up * REACH)
        case PointsPlane(points):
            first_share, second_share, third_share = _shares(place)
            return at_point(picture, Mixed(points=points, weights=(first_share, second_share, third_share)))
        case _:
            assert_never(plane)


def base(plane: Plane, picture: LatentPicture) -> LatentPicture:
    """What the pictures of a plane have in common: two pictures with the same base lie on the same one."""
    return at(plane, picture, Place(0.0, 0.0))


@dataclass(frozen=True, eq=False)
class Chart:
    """Finds places on a plane. middle: the latent of the plane's base; corners: those of its three points, (3, D)."""

    plane: Plane
    base: LatentPicture
    middle: Latent | None = None
    corners: NDArray[np.float32] | None = None

    def place_of(self, picture: LatentPicture, latent: Latent | None) -> Place | None:
        """The place on the plane that is nearest to a picture; None where too little is known of it."""
        match self.plane:
            case DirectionsPlane(first, second):
                if base(self.plane, picture).point == self.base.point and not picture.dimensions:
                    return Place(strength_of(picture, first) / REACH, strength_of(picture, second) / REACH)
                return self._along(picture, latent, first, second)
            case DimensionsPlane(first, second):
                if latent is None:
                    return None
                return Place(float(latent[first]) / REACH, float(latent[second]) / REACH)
            case PointsPlane(points):
                exact = _exact(points, picture)
                return exact if exact is not None else self._between(latent)
            case _:
                assert_never(self.plane)

    def _along(
        self, picture: LatentPicture, latent: Latent | None, first: Direction, second: Direction
    ) -> Place | None:
        """Another latent, measured along two directions from the middle."""
        if latent is None or self.middle is None or (first.space, second.space) != (Space.LATENT, Space.LATENT):
            return None
        ways = np.array([first.values, second.values], np.float64)
        from_here = latent.astype(np.float64) - self.middle
        strengths = np.linalg.lstsq(ways.T, from_here, rcond=None)[0]
        strengths += (strength_of(picture, first), strength_of(picture, second))
        return Place(*(float(strength) / REACH for strength in strengths))

    def _between(self, latent: Latent | None) -> Place | None:
        if latent is None or self.corners is None:
            return None
        corners = self.corners.astype(np.float64)
        ways = np.stack([corners[1] - corners[0], corners[2] - corners[0]])
        second, third = np.linalg.lstsq(ways.T, latent.astype(np.float64) - corners[0], rcond=None)[0]
        return _place((1 - second - third, second, third))


def _shares(place: Place) -> tuple[float, float, float]:
    """How much of each corner a place is; they sum to 1."""
    sides = np.stack([CORNERS[1] - CORNERS[0], CORNERS[2] - CORNERS[0]], axis=1)
    second, third = np.linalg.solve(sides, np.array([place.across, place.up]) - CORNERS[0])
    return 1.0 - float(second) - float(third), float(second), float(third)


def _place(shares: tuple[float, ...]) -> Place:
    across, up = np.array(shares) @ CORNERS
    return Place(float(across), float(up))


def _exact(points: tuple[Point, ...], picture: LatentPicture) -> Place | None:
    if picture.dimensions:
        return None
    point = picture.point
    if isinstance(point, Mixed) and point.points == points:
        return _place(point.weights)
    if point in points:
        return _place(tuple(float(index == points.index(point)) for index in range(3)))
    return None
