"""The auxiliary classifier GAN of Odena, Olah and Shlens."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot, Role
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, ConditionalAdversarialModel, Readings
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.labelled_convolutional import ClassifyingCritic, LabelledGenerator

CLASSES = Plot("classes", "Class recognised by D", low=0.0, high=1.0)
CLASS_ON_REAL = Metric("class_real", "Class of real", plot=CLASSES, role=Role.DISCRIMINATOR, label="real")
CLASS_ON_FAKE = Metric("class_fake", "Class of fake", plot=CLASSES, role=Role.GENERATOR, label="fake")


class ACGANConfig(ConvolutionalConfig):
    batch_size: int = 100
    class_weight: float = setting(
        1.0, "Class weight", "How much the class counts beside real or fake, for both players.", ge=0, le=100
    )


@family
class ACGAN(ConditionalAdversarialModel[ACGANConfig]):
    """Conditional Image Synthesis with Auxiliary Classifier GANs, arXiv:1610.09585.

    D is not told the class y but names it: beside its score it has a logit for each class. With
    L_C = E[-log P(y | x)] + E[-log P(y | G(z, y))], D minimises softplus(-D(x)) + softplus(D(G(z, y))) + L_C, so that
    it learns to classify real pictures and fakes alike; G minimises softplus(-D(G(z, y))) - E[log P(y | G(z, y))].
    Adam(2e-4, beta1 0.5), batches of 100.

    Departs from the paper in DCGAN's networks, without dropout in D, for ones much like them, and in drawing the
    fakes' classes from the data instead of evenly.
    """

    info: ClassVar[Info] = Info(
        key="acgan",
        title="AC-GAN",
        group=Group.CONDITIONAL,
        year=2016,
        paper="Odena, Olah and Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs, 2016, "
        "arXiv:1610.09585",
        summary="The discriminator also names the class, and the generator wants it named right.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, CLASS_ON_REAL, CLASS_ON_FAKE)
    Config: ClassVar[type[FamilyConfig]] = ACGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: ACGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        classes, shape = len(data.classes), (config.width, data.height)
        self.generator = LabelledGenerator(config.latents, classes, *shape, data.channels)
        critic = ClassifyingCritic(data.channels, classes, *shape, config.norm, config.batch_view)
        for network in (self.generator, critic):
            dcgan_weights(network)
        self.set_discriminator(critic)

    def condition(self, batch: Batch) -> Tensor | None:
        return None

    def scores(self, outputs: Tensor) -> Tensor:
        return outputs[:, 0]

    def discriminator_extra(
        self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_real: Tensor, on_fake: Tensor
    ) -> Tensor:
        return self.config.class_weight * (_class_loss(on_real, batch) + _class_loss(on_fake, batch))

    def generator_extra(self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_fake: Tensor) -> Tensor:
        return self.config.class_weight * _class_loss(on_fake, batch)

    def further_readings(self, batch: Batch, on_real: Tensor, on_fake: Tensor) -> Readings:
        named = {CLASS_ON_REAL.key: _accuracy(on_real, batch), CLASS_ON_FAKE.key: _accuracy(on_fake, batch)}
        return super().further_readings(batch, on_real, on_fake) | named


def _class_loss(outputs: Tensor, batch: Batch) -> Tensor:
    assert batch.labels is not None
    return F.cross_entropy(outputs[:, 1:].float(), batch.labels)


def _accuracy(outputs: Tensor, batch: Batch) -> Tensor:
    assert batch.labels is not None
    return (outputs[:, 1:].argmax(1) == batch.labels).float().mean()
