"""The evidence lower bound that variational families share: a family adds its networks and its paper's defaults."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import ACTIVE_UNITS, ELBO_TERMS, KL, POSTERIOR_COLLAPSE, Metric
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanEncode, HasLikelihood
from gen_studio.nets.likelihoods import Likelihood, binarised, pixel_likelihood
from gen_studio.nets.optimizers import adam
from gen_studio.nets.posterior import DiagonalGaussian

VARIATIONAL_METRICS = (
    Metric("loss", "−ELBO", label="−ELBO", unit="nats"),
    Metric("reconstruction", "Reconstruction", plot=ELBO_TERMS, label="recon", unit="nats"),
    KL,
    ACTIVE_UNITS,
)


class VariationalConfig(FamilyConfig):
    """Settings of all variational families. A subclass overrides what its paper does otherwise."""

    latents: int = setting(20, "Latents", "Dimensions of the latent space.", ge=1, le=1024)
    likelihood: Likelihood = setting(
        Likelihood.BERNOULLI,
        "Likelihood",
        "How a pixel is judged: Bernoulli for pictures that are nearly black and white, Gaussian (with the best "
        "variance) or discretised logistic for photographs.",
    )
    learning_rate: float = setting(1e-3, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="model")
    batch_size: int = 128
    binarise: bool = setting(
        False,
        "Binarise",
        "Draws each pixel black or white, with its brightness as the chance, anew whenever a picture is seen.",
        advanced=True,
    )
    stop_when_collapsed: bool = setting(
        False,
        "Stop if collapsed",
        "Ends the run at the alarm for posterior collapse; it is saved, and can be resumed.",
        advanced=True,
    )

    def objection(self) -> str | None:
        if self.binarise and self.likelihood is not Likelihood.BERNOULLI:
            return (
                "Binarised pictures are black or white, and only the Bernoulli likelihood is about such. "
                "Set the likelihood to Bernoulli, or switch Binarise off."
            )
        return super().objection()


@dataclass(frozen=True, eq=False)
class Terms:
    """What a bound is made of, for one batch and in nats.

    loss: the negative bound, its mean over pictures. reconstruction: the mean -log p(x|z). kl: by picture and
    dimension, (N, D). latents: those that were drawn, (N, D) or (samples, N, D).
    """

    posterior: DiagonalGaussian
    latents: Tensor
    reconstruction: Tensor
    kl: Tensor
    loss: Tensor


V = TypeVar("V", bound=VariationalConfig, covariant=True)


class LatentVariableModel(TrainableModel[V], HasLikelihood):
    """p(x) = E_N(0,I)[p(x|z)] with a Gaussian q(z|x): an encoder and a decoder that step together.

    Minimises -ELBO = E_q(z|x)[-log p(x|z)] + KL(q(z|x) || N(0, I)), summed over pixels and latent dimensions and
    averaged over the batch, in nats, with one sample of z per picture. A family builds both networks in its
    constructor. Encoder: pictures (N, C, H, W) in [0, 1] -> (N, 2 * latents), means beside log-variances. Decoder:
    latents (N, latents) -> (N, C, H, W), what the likelihood reads.
    """

    metrics: ClassVar[tuple[Metric, ...]] = VARIATIONAL_METRICS
    score: ClassVar[Metric | None] = VARIATIONAL_METRICS[0]
    averaged: ClassVar[tuple[str, ...]] = ("encoder", "decoder")
    player: ClassVar[str] = "model"
    """The name of the optimizer that steps encoder and decoder."""
    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, config: V, data: DataSpec) -> None:
        super().__init__(config, data)
        self.pixels = pixel_likelihood(config.likelihood, data.channels)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents,)

    @property
    def is_discrete(self) -> bool:
        return self.pixels.is_discrete

    @property
    def stops_at(self) -> frozenset[str]:
        return frozenset({POSTERIOR_COLLAPSE} if self.config.stop_when_collapsed else ())

    def optimizers(self) -> Mapping[str, Optimizer]:
        return {self.player: adam(self.parameters(), self.config.learning_rate)}

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        terms = self.terms(self.observed(batch, rng), rng)
        update[self.player].minimise(self.objective(terms))
        return self.readings(terms)

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        return self.readings(self.terms(self.observed(batch, rng), rng))

    @abstractmethod
    def encoded(self, pictures: Tensor, labels: Tensor | None) -> Tensor:
        """Pictures in [0, 1], and their labels for families that heed them -> (N, 2 * latents)."""

    @abstractmethod
    def decoded(self, latents: Tensor, labels: Tensor | None) -> Tensor:
        """What the likelihood reads, (N, C, H, W)."""

    def observed(self, batch: Batch, rng: torch.Generator) -> Batch:
        return replace(batch, images=binarised(batch.images, rng)) if self.config.binarise else batch

    def posterior(self, batch: Batch) -> DiagonalGaussian:
        # Read as [0, 1], background pixels are zero and ask nothing of the first layer: two nats better in ten epochs.
        return DiagonalGaussian.of(self.encoded((batch.images + 1) / 2, batch.labels))

    def log_likelihood(self, latents: Tensor, batch: Batch) -> Tensor:
        return -self.pixels.nll(self.decoded(latents, batch.labels), batch.images)

    def settled(self, batches: Iterable[Batch], rng: torch.Generator) -> AbstractContextManager[None]:
        rebuilt = ((self.decoded(self.posterior(b).draw(rng), b.labels), b.images) for b in batches)
        return self.pixels.settled(rebuilt)

    def terms(self, batch: Batch, rng: torch.Generator) -> Terms:
        """The bound on the log-likelihood of what is observed, and its parts."""
        posterior = self.posterior(batch)
        latents = posterior.draw(rng)
        reconstruction = -self.log_likelihood(latents, batch).mean()
        kl = posterior.kl()
        return Terms(posterior, latents, reconstruction, kl, reconstruction + kl.sum(1).mean())

    def objective(self, terms: Terms) -> Tensor:
        """What is minimised: the negative bound, unless a family weighs its terms."""
        return terms.loss

    def readings(self, terms: Terms) -> dict[str, Tensor]:
        """The declared metrics, detached."""
        return {
            "loss": terms.loss.detach(),
            "reconstruction": terms.reconstruction.detach(),
            KL.key: terms.kl.detach().sum(1).mean(),
            ACTIVE_UNITS.key: terms.posterior.active_share(),
        }


class VariationalModel(LatentVariableModel[V], CanEncode):
    """The bound without labels: a picture is encoded as its posterior's mean."""

    def encoded(self, pictures: Tensor, labels: Tensor | None) -> Tensor:
        outputs: Tensor = self.encoder(pictures)
        return outputs

    def decoded(self, latents: Tensor, labels: Tensor | None) -> Tensor:
        outputs: Tensor = self.decoder(latents)
        return outputs

    def encode(self, images: Tensor) -> Tensor:
        return self.posterior(Batch(images)).mean

    def decode(self, latents: Tensor) -> Tensor:
        return self.pixels.mean(self.decoded(latents, None))
