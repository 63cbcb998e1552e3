"""Pictures of latents: all that `core.latents.LatentPicture` says, done with a model, in the order in which it says it.

A latent is one picture, also of a model whose samples have chance beyond their latent (`samples_are_decoded` is False):
what is explored is always the latent decoded.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import BlendedNoise, Dimension, Direction, LatentPicture, Move, Noise, Point, Space
from gen_studio.inference.images import to_pictures
from gen_studio.inference.points import latent_size, located
from gen_studio.models.capabilities import HasCode, HasStyles, IsConditional
from gen_studio.nets.styles import SummedNoise

PORTION = 32
"""How many pictures are decoded at once."""


@torch.no_grad()
def explore(
    model: HasCode, pictures: Sequence[LatentPicture], device: torch.device | str = "cpu"
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(N, H, W, C) pictures and their (N, D) flattened latents: before moves, with what was set by hand.

    The model is in evaluation mode on the device. Chance is drawn on the CPU, so that a picture is the same on every
    device, up to rounding. Raises WrongUse, before anything is computed, for what this model has not.
    """
    if not pictures:
        raise WrongUse("No pictures were asked for. Ask for at least one.")
    for picture in pictures:
        _check(model, picture)
    latents = torch.stack([latent_of(model, picture) for picture in pictures])
    moved = torch.stack([_moved(latent, picture.moves) for latent, picture in zip(latents, pictures, strict=True)])
    shaped = moved.float().unflatten(1, model.latent_shape).to(device)
    images = [
        to_pictures(_decoded(model, part, pictures[start : start + PORTION], device))
        for start, part in zip(range(0, len(pictures), PORTION), shaped.split(PORTION), strict=True)
    ]
    flat: NDArray[np.float32] = latents.float().numpy()
    return np.concatenate(images), flat


def latent_of(model: HasCode, picture: LatentPicture) -> Tensor:
    """(D,) float64 on the CPU: the point, with what was set by hand, before moves."""
    latent = located(model, picture.point)
    for dimension in picture.dimensions:
        latent[_index(model, dimension)] = dimension.value
    return latent


def style_rows(model: HasStyles, first: int, last: int) -> slice:
    """The layers from `first` to `last`, both included. Raises WrongUse where there are none such."""
    if not first <= last < model.style_layers:
        raise WrongUse(
            f"This model has the layers 0 to {model.style_layers - 1}, so it has none from {first} to {last}. "
            "Choose others, the first of them not above the last."
        )
    return slice(first, last + 1)


def _moved(latent: Tensor, moves: Sequence[Move]) -> Tensor:
    for move in moves:
        if move.direction.space is Space.LATENT:
            latent = latent + move.strength * torch.tensor(move.direction.values, dtype=torch.float64)
    return latent


def _decoded(model: HasCode, latents: Tensor, pictures: Sequence[LatentPicture], device: torch.device | str) -> Tensor:
    if isinstance(model, HasStyles):
        return _synthesised(model, _styles(model, latents, pictures, device), pictures)
    if isinstance(model, IsConditional):
        weights = torch.stack([_class_weights(model, picture) for picture in pictures])
        return model.decode_blended(latents, weights.to(device))
    return model.decode(latents)


def _class_weights(model: IsConditional, picture: LatentPicture) -> Tensor:
    """(K,), summing to 1."""
    weights = torch.tensor(picture.classes or (1.0, *(0.0,) * (len(model.class_names) - 1)), dtype=torch.float64)
    return (weights / weights.sum()).float()


def _styles(model: HasStyles, latents: Tensor, pictures: Sequence[LatentPicture], device: torch.device | str) -> Tensor:
    """(N, style_layers, style_size), truncated, mixed and moved."""

    @cache
    def styles_of(point: Point) -> Tensor:
        return model.styles(located(model, point).float().view(1, *model.latent_shape).to(device))

    rows = []
    for styles, picture in zip(model.styles(latents).split(1), pictures, strict=True):
        styles = _truncated(model, styles, picture).clone()
        for mix in picture.mixes:
            layers = style_rows(model, mix.first_layer, mix.last_layer)
            # Truncated as well: it says how far from the mean all of the picture's styles may be.
            theirs = _truncated(model, styles_of(mix.point), picture)[:, layers]
            styles[:, layers] = torch.lerp(styles[:, layers], theirs, mix.share)
        for move in picture.moves:
            if move.direction.space is Space.STYLE:
                way = torch.tensor(move.direction.values, device=device)
                styles[:, _layers(model, move.direction)] += move.strength * way
        rows.append(styles)
    return torch.cat(rows)


def _truncated(model: HasStyles, styles: Tensor, picture: LatentPicture) -> Tensor:
    return model.truncate(styles, picture.truncation, picture.truncated_layers)


def _synthesised(model: HasStyles, styles: Tensor, pictures: Sequence[LatentPicture]) -> Tensor:
    if all(picture.noise is None for picture in pictures):
        return model.synthesise(styles, None)
    # One by one: in a batch the noise of a picture would depend on how many stand beside it.
    return torch.cat(
        [model.synthesise(own, _noise(picture.noise)) for own, picture in zip(styles.split(1), pictures, strict=True)]
    )


def _noise(noise: Noise | None) -> torch.Generator | SummedNoise | None:
    match noise:
        case None:
            return None
        case BlendedNoise():
            pairs = zip(noise.seeds, noise.weights, strict=True)
            return SummedNoise(tuple((torch.Generator().manual_seed(seed), weight) for seed, weight in pairs))
        case seed:
            return torch.Generator().manual_seed(seed)


def _layers(model: HasStyles, direction: Direction) -> slice:
    first = 0 if direction.first_layer is None else direction.first_layer
    last = model.style_layers - 1 if direction.last_layer is None else direction.last_layer
    return style_rows(model, first, last)


def _index(model: HasCode, dimension: Dimension) -> int:
    size = latent_size(model)
    if dimension.index >= size:
        raise WrongUse(f"A latent of this model has the numbers 0 to {size - 1}, so there is no {dimension.index}.")
    return dimension.index


def _check(model: HasCode, picture: LatentPicture) -> None:
    """Raises WrongUse for what this model has not. Points are checked where they are located."""
    for move in picture.moves:
        _check_direction(model, move.direction)
    if isinstance(model, IsConditional):
        if picture.classes and len(picture.classes) != len(model.class_names):
            raise WrongUse(
                f"This model has {len(model.class_names)} classes, and {len(picture.classes)} weights were given. "
                "Give one for each class."
            )
    elif picture.classes:
        raise WrongUse("This model was not told classes, so it has none to choose from. Leave the class out.")
    if isinstance(model, HasStyles):
        for mix in picture.mixes:
            style_rows(model, mix.first_layer, mix.last_layer)
    elif picture.mixes:
        raise WrongUse("This model has no styles to mix. Leave the mix out, or take a style-based model.")
    elif picture.noise is not None:
        raise WrongUse("This model has no noise beside styles. Leave the noise out, or take a style-based model.")


def _check_direction(model: HasCode, direction: Direction) -> None:
    match direction.space:
        case Space.LATENT:
            size = latent_size(model)
            if direction.first_layer is not None or direction.last_layer is not None:
                raise WrongUse(
                    f'The direction "{direction.name}" changes the latent, which all layers share. Leave its layers '
                    "out, or learn it among the styles."
                )
        case Space.STYLE:
            if not isinstance(model, HasStyles):
                raise WrongUse(
                    f'The direction "{direction.name}" changes styles, and this model has none. Use one that changes '
                    "the latent."
                )
            size = model.style_size
            _layers(model, direction)
    if len(direction.values) != size:
        raise WrongUse(
            f'The direction "{direction.name}" has {len(direction.values):,} numbers, and this model needs {size:,}. '
            "Use one that was made with this run."
        )
