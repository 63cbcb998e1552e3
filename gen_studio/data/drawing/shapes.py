"""Shapes as signed distances (below 0 inside), in a square from (0, 0) top left to (1, 1) bottom right.

Distances are exact or nearly so close to the edge, which is all that smooth edges need. Whatever depends on one axis
alone is computed along that axis alone: x comes as (1, w) and y as (h, 1).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

STEP = 1e-3
"""Over which the slope of a curve is taken."""
HAIR = 1e-7  # off the centre, where the direction to the edge is not defined


class Shape(ABC):
    """Something to fill."""

    @property
    def thickness(self) -> float:
        """How wide it is where it is thickest, for shapes that may be thinner than a pixel."""
        return math.inf

    @property
    @abstractmethod
    def box(self) -> Box:
        """What it lies in."""

    @abstractmethod
    def distance(self, x: Floats, y: Floats) -> Floats:
        """(h, w), a new array: how far each point lies outside of the edge."""


@dataclass(frozen=True)
class Ellipse(Shape):
    cx: float
    cy: float
    rx: float
    ry: float
    angle: float = 0.0

    @property
    def thickness(self) -> float:
        return 2 * min(self.rx, self.ry)

    @property
    def box(self) -> Box:
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        across = math.hypot(self.rx * cos, self.ry * sin)
        down = math.hypot(self.rx * sin, self.ry * cos)
        return (self.cx - across, self.cy - down, self.cx + across, self.cy + down)

    def distance(self, x: Floats, y: Floats) -> Floats:
        u, v = _turned(x - (self.cx - HAIR), y - (self.cy - HAIR), self.angle)
        if self.rx == self.ry:
            distance = np.sqrt(u * u + v * v)
            distance -= self.rx
            return distance
        u, v = u / self.rx, v / self.ry
        size = np.sqrt(u * u + v * v)
        u, v = u / self.rx, v / self.ry
        slope = np.sqrt(u * u + v * v)
        distance = size - 1
        distance *= size
        distance /= slope
        return distance


def circle(cx: float, cy: float, radius: float) -> Ellipse:
    return Ellipse(cx, cy, radius, radius)


@dataclass(frozen=True)
class Block(Shape):
    """A rectangle with round corners. hx, hy: half of its width and height."""

    cx: float
    cy: float
    hx: float
    hy: float
    corner: float = 0.0
    angle: float = 0.0

    @property
    def thickness(self) -> float:
        return 2 * min(self.hx, self.hy)

    @property
    def box(self) -> Box:
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        across, down = self.hx * cos + self.hy * sin, self.hx * sin + self.hy * cos
        return (self.cx - across, self.cy - down, self.cx + across, self.cy + down)

    def distance(self, x: Floats, y: Floats) -> Floats:
        u, v = _turned(x - self.cx, y - self.cy, self.angle)
        across = np.abs(u) - (self.hx - self.corner)
        down = np.abs(v) - (self.hy - self.corner)
        inside: Floats = np.maximum(across, down)
        if not self.corner:
            return inside
        across, down = np.maximum(across, 0), np.maximum(down, 0)
        distance: Floats = np.sqrt(across * across + down * down)
        distance += np.minimum(inside, 0)
        distance -= self.corner
        return distance


@dataclass(frozen=True)
class Line(Shape):
    """A straight stroke with round ends."""

    x0: float
    y0: float
    x1: float
    y1: float
    radius: float

    @property
    def thickness(self) -> float:
        return 2 * self.radius

    @property
    def box(self) -> Box:
        return (
            min(self.x0, self.x1) - self.radius,
            min(self.y0, self.y1) - self.radius,
            max(self.x0, self.x1) + self.radius,
            max(self.y0, self.y1) + self.radius,
        )

    def distance(self, x: Floats, y: Floats) -> Floats:
        along_x, along_y = self.x1 - self.x0, self.y1 - self.y0
        square = along_x * along_x + along_y * along_y or 1.0
        u, v = x - self.x0, y - self.y0
        share = np.minimum(np.maximum(u * (along_x / square) + v * (along_y / square), 0), 1)
        u, v = u - share * along_x, v - share * along_y
        distance = np.sqrt(u * u + v * v)
        distance -= self.radius
        return distance


@dataclass(frozen=True)
class Bow(Shape):
    """A stroke along a parabola, pointed at both ends: a brow, a closed mouth, a wrinkle.

    bend: how much lower the middle is than the ends. half: half of the thickness in the middle. rise: how much lower
    the right end is than the left one.
    """

    cx: float
    cy: float
    reach: float
    bend: float
    half: float
    rise: float = 0.0

    @property
    def thickness(self) -> float:
        return 2 * self.half

    @property
    def box(self) -> Box:
        slack = self.half + abs(self.rise) / 2
        low, high = min(0.0, self.bend), max(0.0, self.bend)
        return (self.cx - self.reach, self.cy + low - slack, self.cx + self.reach, self.cy + high + slack)

    def distance(self, x: Floats, y: Floats) -> Floats:
        u = (x - self.cx) / self.reach
        square = np.minimum(u * u, 1)
        middle = self.cy + self.bend * (1 - square) + self.rise / 2 * u
        slope = (self.rise / 2 - 2 * self.bend * u) / self.reach
        distance: Floats = np.abs(y - middle)
        distance -= self.half * np.sqrt(1 - square)
        distance /= np.sqrt(1 + slope * slope)
        np.maximum(distance, (np.abs(u) - 1) * self.reach, out=distance)
        return distance


@dataclass(frozen=True)
class Crescent(Shape):
    """What lies between two parabolas that meet at their ends: an open mouth, an eyelid."""

    cx: float
    cy: float
    reach: float
    upper: float
    lower: float

    @property
    def thickness(self) -> float:
        return abs(self.lower - self.upper)

    @property
    def box(self) -> Box:
        low, high = min(0.0, self.upper, self.lower), max(0.0, self.upper, self.lower)
        return (self.cx - self.reach, self.cy + low, self.cx + self.reach, self.cy + high)

    def distance(self, x: Floats, y: Floats) -> Floats:
        u = (x - self.cx) / self.reach
        full = 1 - u * u
        v = y - self.cy
        above: Floats = (self.upper * full - v) / np.sqrt(1 + (2 * self.upper * u / self.reach) ** 2)
        below = (v - self.lower * full) / np.sqrt(1 + (2 * self.lower * u / self.reach) ** 2)
        np.maximum(above, below, out=above)
        return above


@dataclass(frozen=True)
class Below(Shape):
    """Everything below a curve over x. height: (1, w) to (1, w)."""

    height: Callable[[Floats], Floats]
    top: float

    @property
    def box(self) -> Box:
        return (0.0, self.top, 1.0, 1.0)

    def distance(self, x: Floats, y: Floats) -> Floats:
        curve = self.height(x)
        slope = (self.height(x + STEP) - curve) * (1 / STEP)
        distance = curve - y
        distance *= 1 / np.sqrt(1 + slope * slope)
        return distance


@dataclass(frozen=True)
class Convex(Shape):
    """A polygon without dents, its corners named clockwise as one sees it."""

    corners: tuple[tuple[float, float], ...]

    @cached_property
    def _edges(self) -> tuple[tuple[float, float, float], ...]:
        """The outward normal and the offset of each side."""
        found = []
        for (x0, y0), (x1, y1) in zip(self.corners, self.corners[1:] + self.corners[:1], strict=True):
            along_x, along_y = x1 - x0, y1 - y0
            length = math.hypot(along_x, along_y)
            normal_x, normal_y = along_y / length, -along_x / length
            found.append((normal_x, normal_y, normal_x * x0 + normal_y * y0))
        return tuple(found)

    @property
    def box(self) -> Box:
        across, down = zip(*self.corners, strict=True)
        return (min(across), min(down), max(across), max(down))

    def distance(self, x: Floats, y: Floats) -> Floats:
        distance: Floats | None = None
        for normal_x, normal_y, offset in self._edges:
            side = (normal_x * x - offset) + normal_y * y
            distance = side if distance is None else np.maximum(distance, side, out=distance)
        assert distance is not None
        return distance


@dataclass(frozen=True)
class Union(Shape):
    """All that lies in any of them."""

    parts: tuple[Shape, ...]

    @property
    def box(self) -> Box:
        lefts, tops, rights, bottoms = zip(*(part.box for part in self.parts), strict=True)
        return (min(lefts), min(tops), max(rights), max(bottoms))

    def distance(self, x: Floats, y: Floats) -> Floats:
        distance = self.parts[0].distance(x, y)
        for part in self.parts[1:]:
            np.minimum(distance, part.distance(x, y), out=distance)
        return distance


@dataclass(frozen=True)
class Both(Shape):
    """All that lies in both."""

    one: Shape
    other: Shape

    @property
    def box(self) -> Box:
        one, other = self.one.box, self.other.box
        return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))

    def distance(self, x: Floats, y: Floats) -> Floats:
        distance = self.one.distance(x, y)
        return np.maximum(distance, self.other.distance(x, y), out=distance)


@dataclass(frozen=True)
class Without(Shape):
    """The first, where it does not lie in the second."""

    one: Shape
    other: Shape

    @property
    def box(self) -> Box:
        return self.one.box

    def distance(self, x: Floats, y: Floats) -> Floats:
        distance = self.one.distance(x, y)
        return np.maximum(distance, -self.other.distance(x, y), out=distance)


@dataclass(frozen=True)
class Ring(Shape):
    """A stroke along the edge of a shape. half: half of its thickness."""

    shape: Shape
    half: float

    @property
    def thickness(self) -> float:
        return 2 * self.half

    @property
    def box(self) -> Box:
        left, top, right, bottom = self.shape.box
        return (left - self.half, top - self.half, right + self.half, bottom + self.half)

    def distance(self, x: Floats, y: Floats) -> Floats:
        distance = self.shape.distance(x, y)
        np.abs(distance, out=distance)
        distance -= self.half
        return distance


@dataclass(frozen=True)
class Wall(Shape):
    """What lies on one side of an upright or level line: `x < edge` and the like, as a shape to cut with."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def box(self) -> Box:
        return (self.left, self.top, self.right, self.bottom)

    def distance(self, x: Floats, y: Floats) -> Floats:
        across = np.maximum(self.left - x, x - self.right)
        down = np.maximum(self.top - y, y - self.bottom)
        distance: Floats = np.maximum(across, down)
        return distance


def _turned(u: Floats, v: Floats, angle: float) -> tuple[Floats, Floats]:
    """Turns the plane back by an angle, so that a turned shape stands straight."""
    if not angle:
        return u, v
    cos, sin = math.cos(angle), math.sin(angle)
    return cos * u + sin * v, cos * v - sin * u
