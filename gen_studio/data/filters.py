"""Makes the questions of pairs from their answers: edges, grey, blur and low resolution of whole columns at a time."""

from typing import assert_never

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from gen_studio.core.plan import PairFilter
from gen_studio.data.columns import grey
from gen_studio.data.source import Pictures

Floats = NDArray[np.float32]

BLUR = 0.04  # standard deviation of the blur, in sides of the picture
LOW_RESOLUTION = 4  # the picture keeps one pixel of 4x4, the factor of the super-resolution papers
SMOOTHING = 1.0  # standard deviation in pixels before edges are looked for
FAINTEST, STRONG = 0.04, 0.16  # of the steepest edge that is possible: the range for the threshold of strong edges
BUSY = 0.93  # the threshold is so steep that this share of the pixels is flatter
WEAK = 0.45  # of the threshold of strong edges; weak ones count where they continue a strong one
LEVEL, STEEP = 0.41421356, 2.41421356  # tangents of 22.5 and 67.5 degrees
HAIR = 1e-3
REACH = 8  # pixels that a weak edge may run on from a strong one
PORTION = 64  # pictures at a time: their floats stay in the processor's cache


def apply(pair_filter: PairFilter, images: Pictures) -> Pictures:
    """The questions to pictures: (N, C, H, W) uint8 to (N, C', H, W) uint8; C' is 1 for edges and grey, else C."""
    parts = [images[start : start + PORTION] for start in range(0, len(images), PORTION)]
    return np.concatenate([_applied(pair_filter, part) for part in parts])


def _applied(pair_filter: PairFilter, images: Pictures) -> Pictures:
    match pair_filter:
        case PairFilter.EDGES:
            return edges(images)
        case PairFilter.GREY:
            return grey(images)
        case PairFilter.BLUR:
            deviation = max(0.5, BLUR * images.shape[-1])
            return _bytes(_smoothed(images.astype(np.float32), deviation))
        case PairFilter.LOW_RESOLUTION:
            return low_resolution(images, LOW_RESOLUTION)
        case _:
            assert_never(pair_filter)


def low_resolution(images: Pictures, factor: int) -> Pictures:
    """Shrunk by the factor and brought back to the same size, both smoothly: what a magnifier would see."""
    height, width = images.shape[-2:]
    small = (max(1, height // factor), max(1, width // factor))
    pixels = torch.from_numpy(np.ascontiguousarray(images)).float()
    shrunk = interpolate(pixels, size=small, mode="bicubic", antialias=True, align_corners=False)
    return _bytes(interpolate(shrunk, size=(height, width), mode="bicubic", align_corners=False).numpy())


def edges(images: Pictures) -> Pictures:
    """Thin dark lines on white, as pix2pix's edges-to-photograph sets have them: (N, 1, H, W), 0 on a line, else 255.

    Canny's method: smooth, take the gradient (of the colour that changes most), keep the ridges, and of the weak ones
    those that run on from a strong one.
    """
    gradient_x, gradient_y = _gradient(_smoothed(images.astype(np.float32), SMOOTHING))
    steepness = np.hypot(gradient_x, gradient_y)  # (N, 1, H, W)
    ridge = _is_ridge(steepness, gradient_x, gradient_y)
    # Pale pictures have their outlines too: what counts as strong follows each picture's own contrast.
    own = np.quantile(steepness, BUSY, axis=(1, 2, 3), keepdims=True)
    strong = np.clip(own, FAINTEST * 255, STRONG * 255)
    weak = ridge & (steepness >= WEAK * strong)
    lines = ridge & (steepness >= strong)
    for _ in range(REACH):
        lines = weak & _grown(lines)
    return np.where(lines, 0, 255).astype(np.uint8)


def _gradient(pixels: Floats) -> tuple[Floats, Floats]:
    """Sobel's derivatives of the colour that changes most, (N, 1, H, W) each; a step by 255 has 255."""
    framed = np.pad(pixels, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    across = framed[..., 2:] - framed[..., :-2]
    down = framed[..., 2:, :] - framed[..., :-2, :]
    gradient_x = (across[..., :-2, :] + 2 * across[..., 1:-1, :] + across[..., 2:, :]) / 4
    gradient_y = (down[..., :-2] + 2 * down[..., 1:-1] + down[..., 2:]) / 4
    best_x, best_y = gradient_x[:, :1], gradient_y[:, :1]
    for colour in range(1, pixels.shape[1]):
        other_x, other_y = gradient_x[:, colour : colour + 1], gradient_y[:, colour : colour + 1]
        steeper = other_x**2 + other_y**2 > best_x**2 + best_y**2
        best_x, best_y = np.where(steeper, other_x, best_x), np.where(steeper, other_y, best_y)
    return best_x, best_y


def _is_ridge(steepness: Floats, gradient_x: Floats, gradient_y: Floats) -> NDArray[np.bool_]:
    """Where no neighbour along the gradient is steeper; of two equal ones the first stands, so that lines are thin."""
    height, width = steepness.shape[-2:]
    framed = np.pad(steepness, ((0, 0), (0, 0), (1, 1), (1, 1)))
    rise, run = np.abs(gradient_y), np.abs(gradient_x)
    is_level, is_steep = rise <= LEVEL * run, rise > STEEP * run
    is_slanted, same_sign = ~(is_level | is_steep), gradient_x * gradient_y > 0
    ridge = np.zeros(steepness.shape, dtype=np.bool_)
    for sector, (right, down) in (
        (is_level, (1, 0)),
        (is_steep, (0, 1)),
        (is_slanted & same_sign, (1, 1)),
        (is_slanted & ~same_sign, (-1, 1)),
    ):
        before = framed[..., 1 - down : 1 - down + height, 1 - right : 1 - right + width]
        after = framed[..., 1 + down : 1 + down + height, 1 + right : 1 + right + width]
        # A hair of tolerance: equal values differ in their last bits after the smoothing.
        ridge |= sector & (steepness > before + HAIR) & (steepness >= after - HAIR)
    return ridge


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and its eight neighbours."""
    tall = mask.copy()
    tall[..., 1:, :] |= mask[..., :-1, :]
    tall[..., :-1, :] |= mask[..., 1:, :]
    grown = tall.copy()
    grown[..., 1:] |= tall[..., :-1]
    grown[..., :-1] |= tall[..., 1:]
    return grown


def _smoothed(pixels: Floats, deviation: float) -> Floats:
    """Gaussian blur, the border continued outwards."""
    radius = max(1, int(3 * deviation + 0.5))
    weights = np.exp(-0.5 * (np.arange(radius + 1) / deviation) ** 2)
    weights = (weights / (weights[0] + 2 * weights[1:].sum())).astype(np.float32)
    return _blurred_down(_blurred_down(pixels, weights).swapaxes(2, 3), weights).swapaxes(2, 3)


def _blurred_down(pixels: Floats, weights: Floats) -> Floats:
    radius, height = len(weights) - 1, pixels.shape[2]
    framed = np.pad(pixels, ((0, 0), (0, 0), (radius, radius), (0, 0)), mode="edge")
    total: Floats = weights[0] * pixels
    for step in range(1, radius + 1):
        above = framed[:, :, radius - step : radius - step + height]
        below = framed[:, :, radius + step : radius + step + height]
        total += weights[step] * (above + below)
    return total


def _bytes(pixels: Floats) -> Pictures:
    pictures: Pictures = np.clip(np.round(pixels), 0, 255).astype(np.uint8)
    return pictures
