"""What keeps a discriminator gentle: penalties on its gradient, limits on its weights. All in float32."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized
from torch.optim import Optimizer

Judge = Callable[[Tensor], Tensor]
"""Pictures (N, C, H, W) -> raw scores, any shape that begins with N."""

NORMALISED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d, nn.ConvTranspose3d, nn.Embedding)


def gradient_penalty(judge: Judge, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """E[(|grad D(x)| - 1)^2] at x = eps*real + (1-eps)*fake, eps uniform per picture (Gulrajani 2017).

    The norm runs over all of a picture's elements. real and fake (N, C, H, W) are detached here.
    """
    shape = (len(real), *([1] * (real.ndim - 1)))
    share = torch.rand(shape, generator=rng, device=real.device)
    between = (share * real.detach().float() + (1 - share) * fake.detach().float()).requires_grad_()
    norms: Tensor = torch.linalg.vector_norm(_input_gradient(judge, between).flatten(1), dim=1)
    return (norms - 1).square().mean()


def r1_penalty(judge: Judge, real: Tensor) -> Tensor:
    """E[|grad D(x)|^2] at real pictures (Mescheder 2018). The loss takes gamma / 2 of it."""
    at_real = real.detach().float().requires_grad_()
    return _input_gradient(judge, at_real).square().flatten(1).sum(1).mean()


def _input_gradient(judge: Judge, images: Tensor) -> Tensor:
    # The gradient of a gradient has no room for bfloat16.
    with torch.autocast(images.device.type, enabled=False):
        scores = judge(images)
        gradient: Tensor = torch.autograd.grad(scores.sum(), images, create_graph=True)[0]
    return gradient


@torch.no_grad()
def clip_weights(parameters: Iterable[nn.Parameter], limit: float) -> None:
    """Clamps every weight to [-limit, limit] (Arjovsky 2017)."""
    weights = [parameter.data for parameter in parameters]
    torch._foreach_clamp_min_(weights, -limit)
    torch._foreach_clamp_max_(weights, limit)


def clip_after_steps(optimizer: Optimizer, limit: float) -> None:
    """Every step of this optimizer ends with its weights in [-limit, limit]; while it stands still, so do they."""

    def clip(stepped: Optimizer, *_: Any) -> None:
        clip_weights([parameter for group in stepped.param_groups for parameter in group["params"]], limit)

    optimizer.register_step_post_hook(clip)


def normalise_spectrum(network: nn.Module) -> None:
    """Divides every layer's weight by its largest singular value (Miyato 2018), embeddings too.

    One power iteration for each forward pass in training, none in evaluation.
    """
    for module in list(network.modules()):
        if isinstance(module, NORMALISED) and not is_parametrized(module, "weight"):
            spectral_norm(module, "weight", n_power_iterations=1)
