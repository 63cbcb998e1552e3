"""The class-conditional variational autoencoder."""

from typing import ClassVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig
from gen_studio.models.capabilities import CanReconstruct, IsConditional
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.models.variational import LatentVariableModel, VariationalConfig
from gen_studio.nets.convolutional_coder import ConvolutionalDecoder, ConvolutionalEncoder


class CVAEConfig(VariationalConfig):
    width: int = setting(
        32,
        "Width",
        "Channels of the two layers next to the picture; further in there are twice as many.",
        ge=4,
        le=256,
        advanced=True,
    )


@family
class CVAE(LatentVariableModel[CVAEConfig], IsConditional, CanReconstruct):
    """Learning Structured Output Representation using Deep Conditional Generative Models, NeurIPS 2015.

    Minimises E_q(z|x,y)[-log p(x|z,y)] + KL(q(z|x,y) || N(0, I)) in nats per picture, a bound on -log p(x|y), with one
    sample of z. The class enters both networks one-hot, beside their dense layers' inputs. Departs from the paper in
    a prior that does not depend on the class, as in Kingma 2014 (arXiv:1406.5298), and in small convolutional
    networks.
    """

    info: ClassVar[Info] = Info(
        key="cvae",
        title="Conditional VAE",
        group=Group.VARIATIONAL,
        year=2015,
        paper="Sohn, Lee and Yan, Learning Structured Output Representation using Deep Conditional Generative Models, "
        "2015; Kingma, Rezende, Mohamed and Welling, Semi-supervised Learning with Deep Generative Models, 2014, "
        "arXiv:1406.5298",
        summary="A VAE that is told the class: latents hold the style, and samples are of the class asked for.",
    )
    needs: ClassVar[tuple[str, ...]] = ("labels",)
    Config: ClassVar[type[FamilyConfig]] = CVAEConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: CVAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        shape, classes = (config.width, data.height), len(data.classes)
        self.encoder = ConvolutionalEncoder(data.channels, *shape, 2 * config.latents, classes)
        self.decoder = ConvolutionalDecoder(config.latents, *shape, data.channels, classes)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.data.classes

    def encoded(self, pictures: Tensor, labels: Tensor | None) -> Tensor:
        outputs: Tensor = self.encoder(pictures, labels)
        return outputs

    def decoded(self, latents: Tensor, labels: Tensor | None) -> Tensor:
        outputs: Tensor = self.decoder(latents, labels)
        return outputs

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return self.pixels.mean(self.decoded(latents, labels))

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return self.pixels.mean(self.decoded(latents, weights))

    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """Nobody says of which class a picture is: it is rebuilt as the one under which its bound is highest."""
        rebuilt = [self._rebuilt_as(label, images) for label in range(len(self.class_names))]
        pictures, losses = zip(*rebuilt, strict=True)
        best = torch.stack(losses).argmin(0)  # (N,)
        return torch.stack(pictures)[best, torch.arange(len(images), device=best.device)]

    def _rebuilt_as(self, label: int, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures rebuilt at the mean of their posterior, as if all were of one class; what it costs in nats, (N,)."""
        labels = torch.full((len(images),), label, device=images.device)
        batch = Batch(images, labels)
        posterior = self.posterior(batch)
        output = self.decoded(posterior.mean, labels)
        return self.pixels.mean(output), self.pixels.nll(output, images) + posterior.kl().sum(1)
