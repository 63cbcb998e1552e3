"""The one door between the mathematics' pictures and everybody else's: float NCHW in, uint8 NHWC out, and back."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_pictures(images: Tensor) -> NDArray[np.uint8]:
    """(N, C, H, W) float in [-1, 1], any device -> (N, H, W, C) uint8. What is outside of the range is clipped."""
    scaled = images.detach().float().add(1).mul_(127.5).round_().clamp_(0, 255)
    pictures: NDArray[np.uint8] = scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return pictures


def to_images(pictures: NDArray[np.uint8], device: torch.device | str = "cpu") -> Tensor:
    """(N, H, W, C) uint8 -> (N, C, H, W) float32 in [-1, 1] on a device."""
    tensor = torch.from_numpy(np.ascontiguousarray(pictures)).to(device)
    return tensor.permute(0, 3, 1, 2).to(torch.float32).div_(127.5).sub_(1).contiguous()
