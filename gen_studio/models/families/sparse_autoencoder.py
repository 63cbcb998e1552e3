"""The sparse autoencoder: a code that may be large, of which each picture uses little."""

from enum import Enum
from typing import ClassVar, assert_never

import torch
from torch import Tensor, nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.models.autoencoding import LOSS, RECONSTRUCTION, TERMS, Autoencoding, AutoencodingConfig, Readings
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.nets.sparsity import UnitColumns, kl_to_target

ACTIVE = 0.1


class Penalty(Enum):
    L1 = "L1"
    KL = "KL to a target"


class SparseConfig(AutoencodingConfig):
    latents: int = setting(256, "Code size", "Numbers of the code, of which each picture uses few.", ge=1, le=8192)
    penalty: Penalty = setting(
        Penalty.L1, "Penalty", "L1 charges for every activation; KL for units whose mean activation is off the target."
    )
    weight: float = setting(
        1.0, "Penalty weight", "How much sparsity counts beside the error of the picture.", ge=0, le=1000
    )
    target: float = setting(
        0.05, "Target", "Mean activation that KL draws every unit of the code to.", gt=0, lt=1, advanced=True
    )


@family
class SparseAutoencoder(Autoencoding[SparseConfig]):
    """Sparse autoencoder, lecture notes CS294A, Stanford, 2011 (KL); the L1 penalty of Olshausen and Field,
    Emergence of Simple-cell Receptive Field Properties by Learning a Sparse Code, Nature 381, 1996.

    Minimises E|x - g(h)|^2 + w * penalty, summed over pixels and code. L1: h = relu(f(x)), penalty E sum_j |h_j|; the
    decoder's first layer has columns of length 1, as it would else grow and h shrink, at no cost and to no avail.
    KL: h = sigmoid(f(x)), penalty sum_j KL(target || mean h_j over the batch), of Bernoulli variables.

    Departs from both in more than one hidden layer, and in Adam.
    """

    info: ClassVar[Info] = Info(
        key="sparse_autoencoder",
        title="Sparse autoencoder",
        group=Group.AUTOENCODERS,
        year=2011,
        paper="Ng, Sparse autoencoder, CS294A lecture notes, Stanford, 2011; Olshausen and Field, Emergence of "
        "Simple-cell Receptive Field Properties by Learning a Sparse Code for Natural Images, Nature 381, 1996",
        summary="Describes each picture by a few out of many learnt parts.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        LOSS,
        RECONSTRUCTION,
        Metric("penalty", "Penalty", plot=TERMS, label="penalty"),
        Metric("active", "Active share of the code", plot=Plot("active", "Active", low=0.0, high=1.0), label="active"),
    )
    Config: ClassVar[type[FamilyConfig]] = SparseConfig

    def first_of_decoder(self, inputs: int, outputs: int) -> nn.Linear:
        return UnitColumns(inputs, outputs) if self.config.penalty is Penalty.L1 else nn.Linear(inputs, outputs)

    def activated(self, codes: Tensor) -> Tensor:
        return torch.relu(codes) if self.config.penalty is Penalty.L1 else torch.sigmoid(codes)

    def terms(self, images: Tensor, rng: torch.Generator) -> Readings:
        code = self.encode(images)
        reconstruction, penalty = self.error(code, images), self._penalty(code)
        return {
            "loss": reconstruction + self.config.weight * penalty,
            "reconstruction": reconstruction,
            "penalty": penalty,
            "active": (code > ACTIVE).float().mean(),
        }

    def _penalty(self, code: Tensor) -> Tensor:
        match self.config.penalty:
            case Penalty.L1:
                return code.abs().sum(1).mean()
            case Penalty.KL:
                return kl_to_target(code.mean(0), self.config.target).sum()
            case _:
                assert_never(self.config.penalty)
