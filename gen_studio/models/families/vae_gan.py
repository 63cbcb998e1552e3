"""The VAE-GAN of Larsen et al.: an autoencoder whose errors are judged by the discriminator of a game."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import ACTIVE_UNITS, ELBO_TERMS, KL, Group, Info, Metric
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, AdversarialModel, Readings
from gen_studio.models.adversarial_config import AdversarialConfig, Regulariser
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.convolutional_variational import (
    ConvolutionalVariationalConfig,
    ConvolutionalVariationalModel,
    Networks,
)
from gen_studio.models.registry import family
from gen_studio.models.variational import VARIATIONAL_METRICS, LatentVariableModel, Terms
from gen_studio.nets.convolutional import ConvolutionalCritic, Norm
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.likelihoods import Likelihood
from gen_studio.nets.optimizers import adam

# Beside the losses of the game, which are a thousand times smaller, a bound in nats would leave nothing to be seen.
BOUND = replace(VARIATIONAL_METRICS[0], plot=ELBO_TERMS)
RECONSTRUCTION = VARIATIONAL_METRICS[1]
FEATURE_ERROR = Metric("feature_error", "Feature error", plot=ELBO_TERMS, label="feat", unit="nats")
UNDECIDED = {"d_real": 0.5, "d_fake": 0.5}
"""What a discriminator that nobody asks is read as believing."""


class BlendConfig(FamilyConfig):
    blend: float = setting(
        0.5, "Blend", "Lambda, from the bound of a VAE to the game of a GAN: 0 is a VAE, 1 is a GAN.", ge=0, le=1
    )


# The last base's settings come first in the form.
class VAEGANConfig(ConvolutionalVariationalConfig, AdversarialConfig, BlendConfig):
    latents: int = 32
    batch_size: int = setting(128, "Batch size", "Pictures per training step.", ge=2, le=4096)
    likelihood: Likelihood = setting(
        Likelihood.GAUSSIAN,
        "Likelihood",
        "How a pixel is read: Gaussian or discretised logistic for photographs, Bernoulli for pictures that are "
        "nearly black and white; above a blend of 0 errors are judged in D's features instead.",
    )
    generator_rate: float = setting(
        2e-4,
        "G learning rate",
        "Step size of the decoder, which is the generator, and of the encoder.",
        gt=0,
        le=1,
        rate_of="generator",
    )
    learning_rate: float = setting(
        1e-3, "VAE learning rate", "Step size of Adam at a blend of 0, in place of G's.", gt=0, le=1, advanced=True
    )
    gamma: float = setting(
        1.0,
        "Gamma",
        "Weight of the bound, in nats per feature of D, against fooling D.",
        gt=0,
        le=10_000,
        advanced=True,
    )
    spectral_norm: bool = setting(
        False,
        "Spectral norm",
        "Divides every weight of the discriminator by its largest singular value.",
        advanced=True,
    )
    width: int = setting(
        32,
        "Width",
        "Channels of the layers next to the picture; further in there are more.",
        ge=4,
        le=256,
        advanced=True,
    )
    networks: Networks = setting(
        Networks.DCGAN, "Networks", "DCGAN's, with BatchNorm; beta-VAE's small ones lose any game.", advanced=True
    )
    norm: Norm = setting(Norm.BATCH, "D normalisation", "How D normalises its features.", advanced=True)

    def objection(self) -> str | None:
        if self.binarise and self.blend > 0:
            return (
                "Binarised pictures have no greys and decoded ones have, so that the discriminator would tell them "
                "at a glance. Switch Binarise off, or set Blend to 0."
            )
        return super().objection()


@family
class VAEGAN(ConvolutionalVariationalModel[VAEGANConfig], AdversarialModel[VAEGANConfig]):
    """Autoencoding beyond Pixels Using a Learned Similarity Metric, arXiv:1512.09300.

    x' = dec(z), z ~ q(z|x); x_p = dec(z_p), z_p ~ N(0, I); f(x): the F features in the middle of D's layers. D tells
    x from x' and x_p, and minimises softplus(-D(x)) + mean of softplus(D(x')) and softplus(D(x_p)). With
    E = KL(q(z|x) || N(0, I)) - log N(f(x); f(x'), I), in nats, the encoder minimises E, and the decoder
    gamma' E + mean of softplus(-D(x')) and softplus(-D(x_p)): nothing of the game reaches the encoder.
    gamma' = gamma / F * (1 - lambda) / lambda, so that lambda (`blend`) goes from the bound to the game.

    At lambda = 0 it is the convolutional VAE with these networks: -log p(x|z) of pixels in place of the feature
    error, Adam at the VAE's rate, the discriminator neither trained nor asked. At lambda = 1 it is the game of DCGAN
    with this decoder; the encoder is not trained. What says nothing there is read as 0. p(x|z) is over pixels at every
    lambda, with a learnt scale that follows the reconstructions, and q(z|x) may be any: the bounds that are read and
    estimated hold, but above 0 they are not what is trained, and with the untrained encoder of lambda = 1 they are
    loose.

    Departs from the paper in the networks, which are DCGAN's, in Adam, and in the encoder's share of the loss, which
    is gamma' E too: Adam's steps do not heed the scale.
    """

    info: ClassVar[Info] = Info(
        key="vae_gan",
        title="VAE-GAN",
        group=Group.HYBRID,
        year=2016,
        paper="Larsen, Sønderby, Larochelle and Winther, Autoencoding beyond Pixels Using a Learned Similarity "
        "Metric, 2016, arXiv:1512.09300",
        summary="A VAE and a GAN with one decoder, and a dial between them: latents to encode into, sharper pictures.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        *ADVERSARIAL_METRICS,
        BOUND,
        RECONSTRUCTION,
        FEATURE_ERROR,
        KL,
        ACTIVE_UNITS,
    )
    score: ClassVar[Metric | None] = BOUND
    player: ClassVar[str] = "generator"
    Config: ClassVar[type[FamilyConfig]] = VAEGANConfig
    discriminator: ConvolutionalCritic

    def __init__(self, config: VAEGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        critic = ConvolutionalCritic(data.channels, config.width, data.height, config.norm, config.batch_view)
        dcgan_weights(critic)
        self.set_discriminator(critic)
        self._bound: Readings = {}

    @property
    def generator(self) -> nn.Module:  # type: ignore[override]
        """The game's name for the decoder."""
        return self.decoder

    @property
    def is_vae(self) -> bool:
        return self.config.blend == 0

    @property
    def is_gan(self) -> bool:
        return self.config.blend == 1

    @property
    def meaningless(self) -> frozenset[str]:
        if self.is_vae:
            return frozenset(metric.key for metric in (*ADVERSARIAL_METRICS, FEATURE_ERROR))
        if self.is_gan:
            return frozenset(metric.key for metric in (BOUND, RECONSTRUCTION, FEATURE_ERROR, KL, ACTIVE_UNITS))
        return frozenset()

    @property
    def pictures_per_step(self) -> int:
        return self.config.batch_size if self.is_vae else super().pictures_per_step

    def optimizers(self) -> Mapping[str, Optimizer]:
        coder = nn.ModuleList([self.pixels, self.encoder, self.decoder])
        players = AdversarialModel.optimizers(self)
        if self.is_vae:
            return {**players, self.player: adam(coder.parameters(), self.config.learning_rate)}
        return {**players, self.player: self._optimizer(coder, self.config.generator_rate, 1.0)}

    def rate_factor(self, player: str, progress: float) -> float:
        return 1.0 if self.is_vae else super().rate_factor(player, progress)

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        nothing = batch.images.new_zeros(())
        silent = {key: nothing + UNDECIDED.get(key, 0.0) for key in self.meaningless}
        if self.is_vae:
            return {**silent, **LatentVariableModel.training_step(self, batch, update, rng)}
        return {**silent, **AdversarialModel.training_step(self, batch, update, rng), **self._bound}

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Decoded from the prior, and below a lambda of 1 as many reconstructions after them.

        Each by itself: in one batch, the decoder's norms would tell either of the other.
        """
        fakes = self.pixels.location(self.decoded(self.draw_latents(len(batch), rng), None))
        if self.is_gan:
            return fakes
        with torch.no_grad():  # what passes for real is no business of the encoder's
            latents = self.posterior(batch).draw(rng)
        return torch.cat([fakes, self.pixels.location(self.decoded(latents, None))])

    def judge(self, images: Tensor, batch: Batch, rng: torch.Generator) -> Tensor:
        # Batches of one size and kind: what D takes from a batch as a whole must not tell it which one it sees.
        return torch.cat([AdversarialModel.judge(self, part, batch, rng) for part in images.split(len(batch))])

    def penalty(self, batch: Batch, fakes: Tensor, rng: torch.Generator) -> Tensor:
        if self.config.regulariser is Regulariser.GRADIENT_PENALTY and len(fakes) > len(batch):
            # Between real pictures and either kind of fakes.
            batch = batch.map(lambda column: torch.cat([column, column]))
        return super().penalty(batch, fakes, rng)

    def generator_extra(self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_fake: Tensor) -> Tensor | float:
        """The bound in D's features, weighed by gamma'."""
        if self.is_gan:
            return 0.0
        posterior = self.posterior(batch)
        latents = posterior.draw(rng)
        output = self.decoded(latents, None)
        # Of the error in pixels only a learnt scale hears.
        reconstruction = self.pixels.nll(output.detach(), batch.images).mean()
        kl = posterior.kl()
        terms = Terms(posterior, latents, reconstruction, kl, reconstruction + kl.sum(1).mean())
        with torch.no_grad():
            wanted = self.features(batch.images)
        found = self.features(self.pixels.location(output))
        error = feature_error(found, wanted)
        self._bound = {**self.readings(terms), FEATURE_ERROR.key: error.detach()}
        blend = self.config.blend
        return self.config.gamma / found.shape[1] * (1 - blend) / blend * (terms.loss + error)

    def features(self, images: Tensor) -> Tensor:
        """f(x), (N, F): with running statistics in D's norms, so that both sides of the error go through one f."""
        self.discriminator.eval()
        try:
            return self.discriminator.middle(images).flatten(1).float()
        finally:
            self.discriminator.train(self.training)


def feature_error(found: Tensor, wanted: Tensor) -> Tensor:
    """-log N(wanted; found, I) less its constant, in nats: (N, F) each -> the mean over pictures."""
    return (found - wanted).square().sum(1).mean() / 2
