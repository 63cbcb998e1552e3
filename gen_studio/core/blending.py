"""What lies between two pictures' styles and noise: mixed by amount, so that nothing jumps on the way."""

import math
from itertools import groupby

from gen_studio.core.latents import BlendedNoise, Noise, Point, StyleMix

PARALLEL = 1e-9
"""Sine of the angle below which two noises are one, or opposite."""


def mixes_between(start: tuple[StyleMix, ...], end: tuple[StyleMix, ...], share: float) -> tuple[StyleMix, ...]:
    """Each layer's styles on a straight line from those it has at the start to those it has at the end."""
    if start == end:
        return start
    layers = range(max(mix.last_layer for mix in (*start, *end)) + 1)
    blends = [(_blended(_sources(start, layer), _sources(end, layer), share), layer) for layer in layers]
    found: list[StyleMix] = []
    for sources, group in groupby(blends, key=lambda blend: blend[0]):
        run = [layer for _, layer in group]
        found += _one_after_the_other(sources, run[0], run[-1])
    return tuple(found)


def noise_between(start: Noise | None, end: Noise | None, share: float) -> Noise | None:
    """As strong as both ends are all the way, since seeds draw independently: along the circle between them.

    From no noise, or to none, the strength grows and falls evenly.
    """
    if start == end:
        return start
    one, other = _weights(start), _weights(end)
    seeds = tuple(dict.fromkeys((*one, *other)))
    ends = [[weights.get(seed, 0.0) for seed in seeds] for weights in (one, other)]
    return BlendedNoise(seeds=seeds, weights=_along_the_circle(ends[0], ends[1], share))


Sources = tuple[tuple[Point, float], ...]
"""Whose styles a layer has, each with its share; what is left to 1 are those of the picture's own place."""


def _sources(mixes: tuple[StyleMix, ...], layer: int) -> dict[Point, float]:
    sources: dict[Point, float] = {}
    for mix in mixes:
        if mix.first_layer <= layer <= mix.last_layer:
            sources = {point: (1 - mix.share) * share for point, share in sources.items()}
            sources[mix.point] = sources.get(mix.point, 0.0) + mix.share
    return sources


def _blended(start: dict[Point, float], end: dict[Point, float], share: float) -> Sources:
    points = dict.fromkeys((*start, *end))
    shares = ((point, (1 - share) * start.get(point, 0.0) + share * end.get(point, 0.0)) for point in points)
    return tuple((point, part) for point, part in shares if part > 0)


def _one_after_the_other(sources: Sources, first: int, last: int) -> list[StyleMix]:
    """Mixes that come to these shares when each takes its part of what the ones before it have left."""
    so_far = max(0.0, 1.0 - sum(part for _, part in sources))
    mixes = []
    for point, part in sources:
        so_far += part
        mixes.append(StyleMix(point=point, first_layer=first, last_layer=last, share=min(1.0, part / so_far)))
    return mixes


def _weights(noise: Noise | None) -> dict[int, float]:
    match noise:
        case None:
            return {}
        case BlendedNoise():
            return dict(zip(noise.seeds, noise.weights, strict=True))
        case seed:
            return {seed: 1.0}


def _along_the_circle(one: list[float], other: list[float], share: float) -> tuple[float, ...]:
    lengths = math.hypot(*one), math.hypot(*other)
    straight = tuple((1 - share) * here + share * there for here, there in zip(one, other, strict=True))
    if not all(lengths):
        return straight
    cosine = sum(here * there for here, there in zip(one, other, strict=True)) / (lengths[0] * lengths[1])
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    if math.sin(angle) < PARALLEL:
        return straight
    length = (1 - share) * lengths[0] + share * lengths[1]
    parts = [length * math.sin(part * angle) / math.sin(angle) for part in (1 - share, share)]
    return tuple(
        parts[0] * here / lengths[0] + parts[1] * there / lengths[1] for here, there in zip(one, other, strict=True)
    )
