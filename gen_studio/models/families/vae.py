"""The variational autoencoder of Kingma and Welling, dense layers, as in the paper's MNIST experiments."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, assert_never

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanEncode
from gen_studio.models.registry import family
from gen_studio.nets.initial import glorot_weights
from gen_studio.nets.losses import bernoulli_nll, kl_to_standard_normal, optimal_gaussian_nll
from gen_studio.nets.noise import normal_like
from gen_studio.nets.optimizers import adam

LOG_VARIANCE_RANGE = 10.0


class Likelihood(Enum):
    BERNOULLI = "Bernoulli"
    GAUSSIAN = "Gaussian"


class VAEConfig(FamilyConfig):
    latents: int = setting(20, "Latents", "Dimensions of the latent space.", ge=1, le=1024)
    hidden: int = setting(400, "Hidden units", "Width of the one hidden layer on each side.", ge=1, le=8192)
    likelihood: Likelihood = setting(
        Likelihood.BERNOULLI,
        "Likelihood",
        "How a pixel is judged: Bernoulli for pictures that are nearly black and white, Gaussian (with the best "
        "variance) for photographs.",
    )
    learning_rate: float = setting(1e-3, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="vae")
    batch_size: int = setting(128, "Batch size", "Pictures per training step.", ge=1, le=4096)


TERMS = Plot("terms", "Terms of the ELBO")


@family
class VAE(TrainableModel[VAEConfig], CanEncode):
    """Auto-Encoding Variational Bayes, arXiv:1312.6114.

    Minimises -ELBO = E_q(z|x)[-log p(x|z)] + KL(q(z|x) || N(0, I)), summed over pixels and latent dimensions and
    averaged over the batch, in nats, with one sample of z per picture. Departs from the paper in ReLU for tanh,
    Adam for Adagrad and Glorot's first weights.
    """

    info: ClassVar[Info] = Info(
        key="vae",
        title="VAE",
        group=Group.VARIATIONAL,
        year=2013,
        paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114",
        summary="Learns a smooth latent space to encode into, walk through and sample from.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("loss", "−ELBO", label="−ELBO", unit="nats"),
        Metric("reconstruction", "Reconstruction", plot=TERMS, label="recon", unit="nats"),
        Metric("kl", "KL", plot=TERMS, label="KL", unit="nats"),
    )
    score: ClassVar[Metric | None] = metrics[0]
    Config: ClassVar[type[FamilyConfig]] = VAEConfig

    def __init__(self, config: VAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        pixels = data.channels * data.height * data.width
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(pixels, config.hidden),
            nn.ReLU(),
            nn.Linear(config.hidden, 2 * config.latents),
        )
        self.decoder = nn.Sequential(
            nn.Linear(config.latents, config.hidden),
            nn.ReLU(),
            nn.Linear(config.hidden, pixels),
            nn.Unflatten(1, data.shape),
        )
        glorot_weights(self)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents,)

    def optimizers(self) -> Mapping[str, Optimizer]:
        return {"vae": adam(self.parameters(), self.config.learning_rate)}

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        terms = self._terms(batch.images, rng)
        update["vae"].minimise(terms["loss"])
        return {name: term.detach() for name, term in terms.items()}

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        return self._terms(batch.images, rng)

    def posterior(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x), each (N, latents), in float32."""
        # Read as [0, 1], background pixels are zero and ask nothing of the first layer: two nats better in ten epochs.
        mean, log_variance = self.encoder((images + 1) / 2).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-LOG_VARIANCE_RANGE, LOG_VARIANCE_RANGE)

    def encode(self, images: Tensor) -> Tensor:
        return self.posterior(images)[0]

    def decode(self, latents: Tensor) -> Tensor:
        output: Tensor = self.decoder(latents)
        match self.config.likelihood:
            case Likelihood.BERNOULLI:
                return 2 * torch.sigmoid(output) - 1
            case Likelihood.GAUSSIAN:
                return output.clamp(-1, 1)
            case _:
                assert_never(self.config.likelihood)

    def _terms(self, images: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        mean, log_variance = self.posterior(images)
        latents = mean + (log_variance / 2).exp() * normal_like(mean, rng)
        reconstruction = self._nll(self.decoder(latents), images).mean()
        kl = kl_to_standard_normal(mean, log_variance).sum(1).mean()
        return {"loss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    def _nll(self, output: Tensor, images: Tensor) -> Tensor:
        match self.config.likelihood:
            case Likelihood.BERNOULLI:
                return bernoulli_nll(output, images)
            case Likelihood.GAUSSIAN:
                return optimal_gaussian_nll(output, images)
            case _:
                assert_never(self.config.likelihood)
