"""What may be asked of a trained model while it is looked at, and what comes back: plain values, no torch, no Qt."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import LatentPicture

Picture = NDArray[np.uint8]
"""(H, W, C), C being 1 or 3."""


@dataclass(frozen=True, eq=False)
class Explore:
    """Pictures of latents, one for each; all of them come in one answer."""

    pictures: tuple[LatentPicture, ...]


@dataclass(frozen=True, eq=False)
class Fill:
    """Holes in a picture filled. hole: (H, W) bool, where pixels are missing. One answer for each seed."""

    picture: Picture
    hole: NDArray[np.bool_]
    seeds: tuple[int, ...] = (0,)


@dataclass(frozen=True, eq=False)
class Convert:
    """A picture translated or enlarged. back: from the second of two domains to the first.

    and_back: a second picture is the answer taken the other way again.
    """

    picture: Picture
    seed: int = 0
    back: bool = False
    and_back: bool = False


@dataclass(frozen=True, eq=False)
class PaintLayout:
    """A layout (H, W) painted. style: a picture to take the look from; None for a look by chance."""

    layout: NDArray[np.uint8]
    seed: int = 0
    style: Picture | None = None


Question = Explore | Fill | Convert | PaintLayout


@dataclass(frozen=True, eq=False)
class Ask:
    """A question of one view. Of several that wait from one view only the newest is answered, and answers carry its
    number, so that what has come too late can be told and dropped."""

    view: str
    number: int
    question: Question


@dataclass(frozen=True)
class ModelFacts:
    """What panels have to know of the model that is looked at.

    capabilities: their class names. latent_shape: () without latents. stride: sides of inputs are multiples of this,
    None where only `height` x `width` is taken. input_channels: of what it translates, None where it does not.
    fills_by_chance: each seed fills a hole in its own way. answers_by_chance: each gives its own translation.
    """

    run: Path
    family: str
    step: int
    is_live: bool
    capabilities: tuple[str, ...]
    channels: int
    height: int
    width: int
    latent_shape: tuple[int, ...] = ()
    class_names: tuple[str, ...] = ()
    style_layers: int = 0
    style_size: int = 0
    palette: tuple[LayoutClass, ...] = ()
    takes_style: bool = False
    scale: int = 1
    stride: int | None = None
    input_channels: int | None = None
    domains: tuple[str, ...] = ()
    fills_by_chance: bool = False
    answers_by_chance: bool = False
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Opened:
    """This model is looked at from now on; also said when what was live has ended."""

    facts: ModelFacts


@dataclass(frozen=True)
class Updated:
    """A run under way has published newer weights: what is shown may be asked for again."""

    run: Path
    step: int


@dataclass(frozen=True, eq=False)
class Shown:
    """The answer to the question of that number. pictures: (N, H, W, C) uint8, made by the weights of `step`.

    latents: (N, D) float32, the flattened latents of pictures that were explored: before moves, with what was set by
    hand; None for other questions.
    """

    view: str
    number: int
    step: int
    pictures: NDArray[np.uint8]
    latents: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class NotShown:
    """Why the question of that number has no answer, with the way out. number -1: the model cannot be looked at."""

    view: str
    number: int
    sentence: str
    details: str = field(default="", repr=False)


@dataclass(frozen=True)
class Underway:
    """How far the answer to the question of that number is; told of those that take longer than a moment."""

    view: str
    number: int
    progress: Progress


Sight = Opened | Updated | Shown | NotShown | Underway
"""All that a render service tells."""
