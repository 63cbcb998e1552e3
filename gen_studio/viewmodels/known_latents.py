"""The latents that answers have told of: what places lie where, without asking again."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.latents import Given, LatentPicture, Mixed, Near, Point
from gen_studio.viewmodels.exploration import at_point

MOST = 400
DEEPEST = 12
"""Points made of points made of points: beyond this depth their numbers say it shorter."""

Latent = NDArray[np.float32]
"""(D,)."""


class KnownLatents:
    """By point and what was set by hand; moves, styles and classes do not decide a latent. Forgets the oldest."""

    def __init__(self) -> None:
        self._latents: dict[LatentPicture, Latent] = {}

    def clear(self) -> None:
        self._latents.clear()

    def of(self, picture: LatentPicture) -> Latent | None:
        """Before moves, with what was set by hand."""
        return self._latents.get(_place(picture))

    def take(self, pictures: Sequence[LatentPicture], latents: NDArray[np.float32]) -> None:
        """What an answer has said of these pictures."""
        for picture, latent in zip(pictures, latents, strict=False):
            self._latents.pop(_place(picture), None)
            self._latents[_place(picture)] = latent
        while len(self._latents) > MOST:
            del self._latents[next(iter(self._latents))]

    def solid_point(self, picture: LatentPicture) -> Point:
        """A point that is all there is of the picture's latent, as walks and mixtures need it."""
        if not picture.dimensions and depth(picture.point) <= DEEPEST:
            return picture.point
        latent = self.of(picture)
        return picture.point if latent is None else Given(values=tuple(latent.tolist()))

    def solid(self, picture: LatentPicture) -> LatentPicture:
        """The same picture with its latent in its point; as it is where the latent is not known."""
        if picture.dimensions and self.of(picture) is None:
            return picture
        return at_point(picture, self.solid_point(picture))


def depth(point: Point) -> int:
    """How many points within points; 0 for one that stands alone."""
    match point:
        case Near():
            return 1 + depth(point.point)
        case Mixed():
            return 1 + max(map(depth, point.points))
        case _:
            return 0


def _place(picture: LatentPicture) -> LatentPicture:
    return LatentPicture(point=picture.point, dimensions=picture.dimensions)
