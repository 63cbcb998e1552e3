"""What decides one picture of a model with latents, as plain values: it can be undone, copied, kept in a file."""

import math
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gen_studio.core.config import Config

Weight = Annotated[float, Field(ge=0)]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Curve(Enum):
    """How to get from one latent to another: straight, or along the sphere on which a prior's latents lie."""

    LINEAR = "linear"
    SPHERICAL = "spherical"


class Space(Enum):
    """Which numbers a direction changes: the latent, or the styles that a mapping network makes of it."""

    LATENT = "latent"
    STYLE = "style"


class Drawn(Config):
    """The latent that this seed draws from the prior."""

    kind: Literal["drawn"] = "drawn"
    seed: Seed


class Given(Config):
    """A latent by its numbers, in the order of its flattened shape."""

    kind: Literal["given"] = "given"
    values: tuple[float, ...]


class Near(Config):
    """`distance` standard deviations of the prior away from another point, the way that this seed draws."""

    kind: Literal["near"] = "near"
    point: "Point"
    seed: Seed
    distance: float = Field(ge=0)


class Mixed(Config):
    """Several points by weight, which sum to 1; below 0 and above 1 lead beyond them.

    SPHERICAL is for two points: the great circle between their directions, their lengths mixed by weight.
    """

    kind: Literal["mixed"] = "mixed"
    points: tuple["Point", ...] = Field(min_length=1)
    weights: tuple[float, ...]
    curve: Curve = Curve.LINEAR

    @model_validator(mode="after")
    def _fits(self) -> "Mixed":
        if len(self.points) != len(self.weights):
            raise ValueError(f"{len(self.points)} points need as many weights, not {len(self.weights)}.")
        if not math.isclose(sum(self.weights), 1.0, abs_tol=1e-6):
            raise ValueError(f"The weights of points sum to {sum(self.weights):g}. They must sum to 1.")
        if self.curve is Curve.SPHERICAL and len(self.points) != 2:
            raise ValueError(f"A sphere is walked between two points, not {len(self.points)}. Use a linear mixture.")
        return self


Point = Annotated[Drawn | Given | Near | Mixed, Field(discriminator="kind")]
"""A place in the latent space."""


class Direction(Config):
    """A way through the latent space that has a name.

    values: as many numbers as a latent or a style has; strength 1 adds them once. source: where it comes from, in a
    few words ("from labels", "direction 1"). first_layer and last_layer: the layers whose styles it changes, both
    included; None for all.
    """

    name: str
    space: Space = Space.LATENT
    values: tuple[float, ...]
    source: str = ""
    first_layer: int | None = Field(default=None, ge=0)
    last_layer: int | None = Field(default=None, ge=0)


class Move(Config):
    """A direction, and how far to go along it."""

    direction: Direction
    strength: float


class Dimension(Config):
    """One number of the latent, set by hand."""

    index: int = Field(ge=0)
    value: float


class StyleMix(Config):
    """The styles of another point for some of the layers, both ends included.

    share: how much of them there is, in proportion to what was there before.
    """

    point: Point
    first_layer: int = Field(ge=0)
    last_layer: int = Field(ge=0)
    share: float = Field(default=1.0, ge=0, le=1)


class BlendedNoise(Config):
    """What several seeds draw, each times its weight: as strong as one alone where their squares sum to 1."""

    seeds: tuple[Seed, ...] = Field(min_length=1)
    weights: tuple[float, ...]

    @model_validator(mode="after")
    def _fits(self) -> "BlendedNoise":
        if len(self.seeds) != len(self.weights):
            raise ValueError(f"{len(self.seeds)} seeds of noise need as many weights, not {len(self.weights)}.")
        return self


Noise = Seed | BlendedNoise


class LatentPicture(Config):
    """All that decides one picture, given the weights. Applied from the top: the point, single numbers, moves in the
    latent, styles and truncation, mixes, moves among the styles.

    truncation: 1 leaves styles as they are, 0 gives the mean picture; no effect without styles. truncated_layers: how
    many of the first are truncated, None for all. mixes: one after the other. classes: a weight for each, mixed in
    proportion; () for the first class. noise: its seed, None for a picture without the noise that styles do not
    control.
    """

    point: Point
    dimensions: tuple[Dimension, ...] = ()
    moves: tuple[Move, ...] = ()
    truncation: float = Field(default=1.0, ge=0, le=2)
    truncated_layers: int | None = Field(default=None, ge=0)
    mixes: tuple[StyleMix, ...] = ()
    classes: tuple[Weight, ...] = ()
    noise: Noise | None = None

    @model_validator(mode="after")
    def _has_a_class(self) -> "LatentPicture":
        if self.classes and sum(self.classes) <= 0:
            raise ValueError("All classes have the weight 0. Give at least one of them more.")
        return self


Near.model_rebuild()
Mixed.model_rebuild()
