"""The conditional translator of Isola, Zhu, Zhou and Efros: a U-Net against a patch discriminator."""

import math
from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanTranslate
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.jitter import jitter
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.noise import dropout
from gen_studio.nets.optimizers import adam
from gen_studio.nets.patch_critic import patch_critic

GAME = AdversarialLoss.NON_SATURATING
DROPOUT_BLOCKS = 3
DISTANCE = Plot("distance", "Distance to the target", low=0.0)
L1 = Metric("l1", "L1", plot=DISTANCE, label="L1")


class Pix2PixConfig(FamilyConfig):
    batch_size: int = setting(4, "Batch size", "Pairs per training step; the paper uses 1 to 10.", ge=1, le=4096)
    l1_weight: float = setting(
        100.0, "L1 weight", "How much the distance to the target counts beside the game.", ge=0, le=10_000
    )
    width: int = setting(64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256)
    discriminator_rate: float = setting(
        2e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        2e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    dropout: float = setting(
        0.5, "Dropout", "Chance in the three innermost decoder blocks, in use too.", ge=0, lt=1, advanced=True
    )
    jitter: bool = setting(
        True,
        "Random jitter",
        "Trains on pairs that are moved a little and mirrored half of the time: few pictures go further.",
        advanced=True,
    )
    beta1: float = setting(0.5, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)


@family
class Pix2Pix(TrainableModel[Pix2PixConfig], CanTranslate):
    """Image-to-Image Translation with Conditional Adversarial Networks, arXiv:1611.07004.

    G minimises softplus(-D(x, G(x))) + 100 |y - G(x)|, D half of softplus(-D(x, y)) + softplus(D(x, G(x))), with D
    scoring 70x70 patches. There is no latent: chance enters as dropout, which stays on in use. The paper's BatchNorm
    at batch size 1 normalises each picture by itself, in use as in training; here it does so at any batch size, so an
    answer does not depend on its neighbours. The innermost layer has none: one pixel normalised by itself is zero.
    Pairs are jittered and mirrored as in the paper's section 6.2.
    """

    info: ClassVar[Info] = Info(
        key="pix2pix",
        title="pix2pix",
        group=Group.TRANSLATION,
        year=2016,
        paper="Isola, Zhu, Zhou and Efros, Image-to-Image Translation with Conditional Adversarial Networks, "
        "2016, arXiv:1611.07004",
        summary="Learns from pairs to turn one kind of picture into another, such as edges into photographs.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, L1)
    score: ClassVar[Metric | None] = L1
    needs: ClassVar[tuple[str, ...]] = ("pairs",)
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    Config: ClassVar[type[FamilyConfig]] = Pix2PixConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: Pix2PixConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        input_channels = data.input_channels or data.channels
        self.generator = UNet(input_channels, data.channels, config.width, data.height, config.dropout)
        self.discriminator = patch_critic(
            input_channels + data.channels, config.width, strided_layers=3 if data.height >= 32 else 2
        )
        dcgan_weights(self)

    def optimizers(self) -> Mapping[str, Optimizer]:
        betas = (self.config.beta1, 0.999)
        return {
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate, betas),
            "generator": adam(self.generator.parameters(), self.config.generator_rate, betas),
        }

    @property
    def stride(self) -> int | None:
        # Its halvings end at one pixel for pictures of the size it was trained on, at several for larger ones. Norms
        # take their statistics from all places: a part of a picture would be answered otherwise than the whole.
        return self.data.height

    @property
    def answers_by_chance(self) -> bool:
        return self.config.dropout > 0

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        output: Tensor = self.generator(inputs, rng)
        return output

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        inputs, images = _inputs(batch), batch.images
        if self.config.jitter:
            inputs, images = jitter({"inputs": inputs, "images": images}, rng).values()
        answers = self.generator(inputs, rng)
        on_real = self.discriminator(torch.cat([inputs, images], 1))
        on_fake = self.discriminator(torch.cat([inputs, answers.detach()], 1))
        loss_d = discriminator_loss(GAME, on_real, on_fake) / 2
        update["discriminator"].minimise(loss_d)
        judged = self.discriminator(torch.cat([inputs, answers], 1))
        loss_g, l1 = generator_loss(GAME, judged), (answers - images).abs().float().mean()
        update["generator"].minimise(loss_g + self.config.l1_weight * l1)
        return {
            "loss_d": loss_d.detach(),
            "loss_g": loss_g.detach(),
            "d_real": verdict(GAME, on_real),
            "d_fake": verdict(GAME, on_fake),
            "l1": l1.detach(),
        }

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        return {"l1": (self.translate(_inputs(batch), rng) - batch.images).abs().mean()}


def _inputs(batch: Batch) -> Tensor:
    assert batch.inputs is not None
    return batch.inputs


class UNet(nn.Module):
    """Halves down to one pixel (256 levels at most eight times) and back, with a skip at every size."""

    def __init__(self, inputs: int, outputs: int, width: int, size: int, dropout_probability: float) -> None:
        super().__init__()
        depth = int(math.log2(size))
        widths = [width * 2 ** min(level, 3) for level in range(depth)]
        self.dropout_probability = dropout_probability
        self.downs = nn.ModuleList(
            nn.Conv2d(inner, outer, 4, 2, 1) for inner, outer in zip([inputs, *widths], widths, strict=False)
        )
        # Neither the first (the paper's C64) nor the innermost layer is normalised.
        self.down_norms = nn.ModuleList(
            nn.InstanceNorm2d(w, affine=True) if 0 < level < depth - 1 else nn.Identity()
            for level, w in enumerate(widths)
        )
        targets = [*widths[-2::-1], outputs]
        sources = [widths[-1], *(2 * w for w in widths[-2::-1])]
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(source, target, 4, 2, 1) for source, target in zip(sources, targets, strict=True)
        )
        self.up_norms = nn.ModuleList(nn.InstanceNorm2d(w, affine=True) for w in targets[:-1])

    def forward(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        skips = []
        x = inputs
        for level, (down, norm) in enumerate(zip(self.downs, self.down_norms, strict=True)):
            x = norm(down(x if level == 0 else nn.functional.leaky_relu(x, 0.2)))
            skips.append(x)
        skips.pop()
        for level, (up, norm) in enumerate(zip(self.ups[:-1], self.up_norms, strict=True)):
            x = norm(up(nn.functional.relu(x)))
            if level < DROPOUT_BLOCKS and self.dropout_probability > 0:
                x = dropout(x, self.dropout_probability, rng)
            x = torch.cat([x, skips.pop()], 1)
        return torch.tanh(self.ups[-1](nn.functional.relu(x)))
