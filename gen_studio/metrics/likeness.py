"""How near answers are to their targets, picture by picture: PSNR and SSIM, as their papers give them."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

PEAK = 255.0
ROUNDING = 1 / 12
"""Variance of the error that rounding to whole shades makes: a smaller squared error is not told from none."""
MOST_PSNR = 10 * math.log10(PEAK**2 / ROUNDING)
WINDOW = 11
DEVIATION = 1.5
K1, K2 = 0.01, 0.03
LUMINANCE = (0.299, 0.587, 0.114)


def psnr(answers: Tensor, targets: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture in dB, (N,): 10 log10(255^2 / mean squared error over all channels).

    Pictures (N, C, H, W) in [-1, 1] are compared as files would hold them, in whole shades from 0 to 255. Errors below
    that of rounding count as that, so that a perfect picture has 58.9 dB and not infinitely many.
    """
    error = (_shades(answers) - _shades(targets)).square().flatten(1).mean(1)
    return 10 * torch.log10(PEAK**2 / error.clamp_min(ROUNDING))


def ssim(answers: Tensor, targets: Tensor) -> Tensor:
    """Structural similarity of each picture, (N,), 1 for equal ones (Wang, Bovik, Sheikh and Simoncelli 2004).

    The mean over all places of an 11x11 Gaussian window (deviation 1.5) that lie in the picture, of the luminance in
    whole shades, with K1 = 0.01 and K2 = 0.03. Pictures (N, C, H, W) in [-1, 1] of at least 11 pixels.
    """
    x, y = _luminance(_shades(answers)), _luminance(_shades(targets))
    mean_x, mean_y = _windowed(x), _windowed(y)
    variance_x = _windowed(x * x) - mean_x**2
    variance_y = _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variance_x + variance_y + c2)
    return (luminance * structure).flatten(1).mean(1)


def _shades(images: Tensor) -> Tensor:
    # Differences of squares of shades lose float32's last digits, which the flat places of a picture live on.
    return images.detach().float().add(1).mul(PEAK / 2).round().clamp(0, PEAK).to(_precise(images.device))


def _precise(device: torch.device) -> torch.dtype:
    """float64 where the device has it."""
    return torch.float32 if device.type == "mps" else torch.float64


def _luminance(shades: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, 1, H, W)."""
    if shades.shape[1] == 1:
        return shades
    return (shades * shades.new_tensor(LUMINANCE).view(3, 1, 1)).sum(1, keepdim=True)


def _windowed(values: Tensor) -> Tensor:
    """Weighed means over all windows: (N, 1, H, W) -> (N, 1, H - 10, W - 10)."""
    place = torch.arange(WINDOW, device=values.device, dtype=values.dtype) - WINDOW // 2
    weights = torch.exp(-(place**2) / (2 * DEVIATION**2))
    weights = weights / weights.sum()
    across = F.conv2d(values, weights.view(1, 1, 1, WINDOW))
    return F.conv2d(across, weights.view(1, 1, WINDOW, 1))
