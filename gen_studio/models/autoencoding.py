"""What plain autoencoders share: two networks, a reconstruction error, and a code without a prior."""

from abc import abstractmethod
from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, TypeVar, assert_never

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanAutoencode
from gen_studio.nets.autoencoders import ConvolutionalDecoder, ConvolutionalEncoder, DenseDecoder, DenseEncoder
from gen_studio.nets.initial import glorot_weights
from gen_studio.nets.losses import bernoulli_nll
from gen_studio.nets.optimizers import adam

Readings = dict[str, Tensor]


class Layers(Enum):
    DENSE = "dense"
    CONVOLUTIONAL = "convolutional"


class Distance(Enum):
    """How a picture and its reconstruction are compared: summed over pixels, averaged over pictures."""

    SQUARED = "squared error"
    CROSS_ENTROPY = "cross entropy"


class AutoencodingConfig(FamilyConfig):
    layers: Layers = setting(Layers.DENSE, "Layers", "Dense layers, or convolutions, which large pictures need.")
    latents: int = setting(32, "Code size", "Numbers that a picture is reduced to.", ge=1, le=4096)
    hidden: int = setting(512, "Hidden units", "Width of the outer dense layers; the inner have half.", ge=1, le=8192)
    width: int = setting(
        32, "Width", "Channels of the convolutions next to the picture; they double inwards.", ge=1, le=256
    )
    distance: Distance = setting(
        Distance.SQUARED,
        "Error",
        "Squared error fits any picture, cross entropy those that are nearly black and white.",
        advanced=True,
    )
    learning_rate: float = setting(1e-3, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="coder")
    batch_size: int = 128


TERMS = Plot("terms", "Terms of the loss", low=0.0)
LOSS = Metric("loss", "Loss", label="loss")
RECONSTRUCTION = Metric("reconstruction", "Reconstruction", plot=TERMS, label="recon")

A = TypeVar("A", bound=AutoencodingConfig, covariant=True)


class Autoencoding(TrainableModel[A], CanAutoencode):
    """An encoder to a code of `latents` numbers and a decoder back; a family says what the two have to answer.

    The error is summed over pixels and averaged over the batch. There is no prior over codes: nothing can be sampled.
    """

    metrics: ClassVar[tuple[Metric, ...]] = (LOSS,)
    score: ClassVar[Metric | None] = LOSS
    averaged: ClassVar[tuple[str, ...]] = ("encoder", "decoder")
    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, config: A, data: DataSpec) -> None:
        super().__init__(config, data)
        match config.layers:
            case Layers.DENSE:
                self.encoder = DenseEncoder(data.shape, config.hidden, config.latents)
                self.decoder = DenseDecoder(data.shape, config.hidden, config.latents, self.first_of_decoder)
            case Layers.CONVOLUTIONAL:
                self.encoder = ConvolutionalEncoder(data.shape, config.width, config.latents)
                self.decoder = ConvolutionalDecoder(data.shape, config.width, config.latents, self.first_of_decoder)
            case _:
                assert_never(config.layers)
        glorot_weights(self)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents,)

    def first_of_decoder(self, inputs: int, outputs: int) -> nn.Linear:
        """The layer that reads the code."""
        return nn.Linear(inputs, outputs)

    def optimizers(self) -> Mapping[str, Optimizer]:
        return {"coder": adam(self.parameters(), self.config.learning_rate)}

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        terms = self.terms(batch.images, rng)
        update["coder"].minimise(terms["loss"])
        return {name: term.detach() for name, term in terms.items()}

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        return self.terms(batch.images, rng)

    @abstractmethod
    def terms(self, images: Tensor, rng: torch.Generator) -> Readings:
        """The loss under "loss", and whatever else the family declares, as scalars."""

    def encode(self, images: Tensor) -> Tensor:
        # Read as [0, 1], so that the background asks nothing of the first layer.
        codes: Tensor = self.encoder((images + 1) / 2)
        return self.activated(codes.float())

    def activated(self, codes: Tensor) -> Tensor:
        """The code from the encoder's output, (N, latents); a family may bound it."""
        return codes

    def decode(self, latents: Tensor) -> Tensor:
        output: Tensor = self.decoder(latents)
        match self.config.distance:
            case Distance.SQUARED:
                return output.float().clamp(-1, 1)
            case Distance.CROSS_ENTROPY:
                return 2 * torch.sigmoid(output.float()) - 1
            case _:
                assert_never(self.config.distance)

    def error(self, codes: Tensor, images: Tensor) -> Tensor:
        """How far what is decoded from codes is from pictures, a scalar."""
        output: Tensor = self.decoder(codes)
        match self.config.distance:
            case Distance.SQUARED:
                return (output.float() - images.float()).square().flatten(1).sum(1).mean()
            case Distance.CROSS_ENTROPY:
                return bernoulli_nll(output, images).mean()
            case _:
                assert_never(self.config.distance)
