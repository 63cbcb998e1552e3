"""Makes the questions of pairs from their answers: edges, grey, blur and low resolution of whole columns at a time."""

from typing import assert_never

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import conv2d, interpolate, max_pool2d, pad

from gen_studio.core.plan import PairFilter
from gen_studio.data.columns import grey
from gen_studio.data.source import Pictures

BLUR = 0.04  # standard deviation of the blur, in sides of the picture
LOW_RESOLUTION = 4  # the picture keeps one pixel of 4x4, the factor of the super-resolution papers
SMOOTHING = 1.0  # standard deviation in pixels before edges are looked for
STRONG, WEAK = 0.16, 0.07  # of the steepest edge that is possible; weak ones count where they continue a strong one
REACH = 8  # pixels that a weak edge may run on from a strong one
PORTION = 1024


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
            return _bytes(_smoothed(_floats(images), deviation))
        case PairFilter.LOW_RESOLUTION:
            return low_resolution(images, LOW_RESOLUTION)
        case _:
            assert_never(pair_filter)


def low_resolution(images: Pictures, factor: int) -> Pictures:
    """Shrunk by the factor and brought back to the same size, both smoothly: what a magnifier would see."""
    height, width = images.shape[-2:]
    small = (max(1, height // factor), max(1, width // factor))
    shrunk = interpolate(_floats(images), size=small, mode="bicubic", antialias=True, align_corners=False)
    return _bytes(interpolate(shrunk, size=(height, width), mode="bicubic", align_corners=False))


def edges(images: Pictures) -> Pictures:
    """Thin dark lines on white, as pix2pix's edges-to-photograph sets have them: (N, 1, H, W), 0 on a line, else 255.

    Canny's method: smooth, take the gradient (the strongest of the colours), keep the ridges, and of the weak ones
    those that run on from a strong one.
    """
    gradient_x, gradient_y = _gradient(_smoothed(_floats(images), SMOOTHING))
    steepness = torch.hypot(gradient_x, gradient_y)  # (N, 1, H, W)
    ridge = _is_ridge(steepness, gradient_x, gradient_y)
    weak = ridge & (steepness >= WEAK * 255)
    lines = ridge & (steepness >= STRONG * 255)
    for _ in range(REACH):
        lines = weak & (max_pool2d(lines.float(), 3, stride=1, padding=1) > 0)
    return np.where(lines.numpy(), 0, 255).astype(np.uint8)


def _gradient(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Sobel's derivatives, a full step from black to white being 255, of the colour that changes most."""
    sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 4
    kernels = torch.stack([sobel, sobel.T])[:, None]  # (2, 1, 3, 3)
    number, channels, height, width = pixels.shape
    framed = pad(pixels.reshape(-1, 1, height, width), (1, 1, 1, 1), mode="replicate")
    both = conv2d(framed, kernels).reshape(number, channels, 2, height, width)
    strongest = both.square().sum(2, keepdim=True).argmax(1, keepdim=True)
    chosen = both.gather(1, strongest.expand(-1, -1, 2, -1, -1))[:, 0]  # (N, 2, H, W)
    return chosen[:, :1], chosen[:, 1:]


def _is_ridge(steepness: Tensor, gradient_x: Tensor, gradient_y: Tensor) -> Tensor:
    """Where no neighbour along the gradient is steeper; of two equal ones the first stands, so that lines are thin."""
    height, width = steepness.shape[-2:]
    framed = pad(steepness, (1, 1, 1, 1))

    def neighbour(right: int, down: int) -> Tensor:
        return framed[..., 1 + down : 1 + down + height, 1 + right : 1 + right + width]

    flat, diagonal = 0.41421356, 2.41421356  # tangents of 22.5 and 67.5 degrees
    slope = gradient_y.abs() / gradient_x.abs().clamp_min(1e-6)
    same_sign = gradient_x * gradient_y > 0
    ridge = torch.zeros_like(steepness, dtype=torch.bool)
    for sector, (right, down) in (
        (slope <= flat, (1, 0)),
        (slope > diagonal, (0, 1)),
        ((slope > flat) & (slope <= diagonal) & same_sign, (1, 1)),
        ((slope > flat) & (slope <= diagonal) & ~same_sign, (-1, 1)),
    ):
        # A hair of tolerance: equal values differ in their last bits after the smoothing.
        before, after = neighbour(-right, -down) + 1e-3, neighbour(right, down) - 1e-3
        ridge |= sector & (steepness > before) & (steepness >= after)
    return ridge & (steepness > 0)


def _smoothed(pixels: Tensor, deviation: float) -> Tensor:
    """Gaussian blur with edges continued outwards."""
    radius = min(int(3 * deviation + 0.5), min(pixels.shape[-2:]) - 1)
    steps = torch.arange(-radius, radius + 1, dtype=torch.float32)
    weights = torch.exp(-0.5 * (steps / deviation) ** 2)
    weights = weights / weights.sum()
    number, channels, height, width = pixels.shape
    rows = pad(pixels.reshape(-1, 1, height, width), (radius, radius, radius, radius), mode="replicate")
    rows = conv2d(rows, weights[None, None, None, :])
    return conv2d(rows, weights[None, None, :, None]).reshape(number, channels, height, width)


def _floats(images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(images)).float()


def _bytes(pixels: Tensor) -> Pictures:
    pictures: Pictures = pixels.round().clamp(0, 255).to(torch.uint8).numpy()
    return pictures
