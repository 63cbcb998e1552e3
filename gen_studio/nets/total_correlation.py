"""How far a code's dimensions are from independent, by a classifier of codes (Kim and Mnih 2018, arXiv:1802.05983)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.initial import he_weights

LAYERS = 6


class CodeCritic(nn.Module):
    """Codes (N, D) -> two logits (N, 2): drawn together from q(z), or each dimension on its own."""

    def __init__(self, latents: int, hidden: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for layer in range(LAYERS):
            layers += [nn.Linear(hidden if layer else latents, hidden), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, 2))
        he_weights(self)

    def forward(self, codes: Tensor) -> Tensor:
        logits: Tensor = self.layers(codes)
        return logits


def permuted(codes: Tensor, rng: torch.Generator) -> Tensor:
    """Codes (N, D) with every dimension shuffled over the batch on its own: draws from the product of marginals."""
    orders = torch.rand(codes.shape, generator=rng, device=codes.device).argsort(0)
    return codes.gather(0, orders)


def total_correlation(logits: Tensor) -> Tensor:
    """TC = KL(q(z) || prod q(z_d)) in nats, as the critic sees it: mean log D(z) / (1 - D(z)) over codes from q(z)."""
    joint, apart = logits.float().unbind(1)
    return (joint - apart).mean()


def code_critic_loss(on_codes: Tensor, on_permuted: Tensor) -> Tensor:
    """Cross entropy of the critic's logits (N, 2) on both kinds of codes, in float32."""
    together = torch.zeros(len(on_codes), dtype=torch.long, device=on_codes.device)
    apart = torch.ones(len(on_permuted), dtype=torch.long, device=on_permuted.device)
    return (F.cross_entropy(on_codes.float(), together) + F.cross_entropy(on_permuted.float(), apart)) / 2
