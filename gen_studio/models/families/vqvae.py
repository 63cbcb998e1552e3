"""The VQ-VAE: an autoencoder whose code is a grid of entries of a codebook, and a prior learnt over such grids."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanSample, HasCodebook
from gen_studio.models.registry import family
from gen_studio.nets.autoregressive import CodePrior
from gen_studio.nets.codebook import Codebook, perplexity, straight_through
from gen_studio.nets.grid_autoencoder import GridDecoder, GridEncoder, padded
from gen_studio.nets.optimizers import adam

READ = 8
"""Pictures whose codes the prior is read on while it stands still."""
TERMS = Plot("terms", "Terms of the loss", low=0.0)
LOSS = Metric("loss", "Loss", label="loss")


class VQVAEConfig(FamilyConfig):
    codes: int = setting(512, "Codes", "Entries of the codebook.", ge=2, le=8192)
    latents: int = setting(64, "Code size", "Numbers of each entry.", ge=1, le=1024)
    width: int = setting(128, "Width", "Channels of encoder and decoder.", ge=4, le=512)
    hidden: int = setting(64, "Prior width", "Channels of the prior over codes.", ge=4, le=512)
    first_phase: float = setting(
        0.5, "First phase", "Share of the steps for autoencoder and codebook; the rest is the prior's.", ge=0, le=1
    )
    learning_rate: float = setting(
        1e-3, "Learning rate", "Step size of Adam, in both phases.", gt=0, le=1, rate_of="vqvae"
    )
    batch_size: int = 128
    halvings: int = setting(
        2, "Halvings", "How often the picture's side is halved to the grid's.", ge=1, le=6, advanced=True
    )
    prior_layers: int = setting(8, "Prior layers", "Layers of the prior over codes.", ge=1, le=32, advanced=True)
    commitment: float = setting(
        0.25, "Commitment", "How much the encoder is drawn to the entry it chose.", ge=0, le=100, advanced=True
    )
    decay: float = setting(0.99, "Codebook decay", "Decay of the codebook's running means.", ge=0, lt=1, advanced=True)
    least_use: float = setting(
        1.0, "Least use", "An entry chosen less often a step begins anew.", ge=0, le=1000, advanced=True
    )


@family
class VQVAE(TrainableModel[VQVAEConfig], CanSample, HasCodebook):
    """Neural Discrete Representation Learning, arXiv:1711.00937; the prior: arXiv:1606.05328.

    First phase: minimises |x - g(q)|^2 + 0.25 |f(x) - sg[q]|^2, means over pixels and over features, q the entry
    nearest to f(x) at each place; the gradient of g passes straight through to f. The codebook is no player: it
    follows the features by running means (appendix A.1), starts as features of the first batch, and an entry that
    nobody chooses begins anew as one. Second phase: minimises -log p(codes) per place, of a gated PixelCNN, while
    encoder, decoder and codebook stand still. Both are one run and one loss, the sum; only the terms of the phase
    have a gradient.

    Departs from the paper in a learning rate five times its 2e-4 for shorter runs, in beginning anew, and in narrower
    residual blocks.
    """

    info: ClassVar[Info] = Info(
        key="vqvae",
        title="VQ-VAE",
        group=Group.VARIATIONAL,
        year=2017,
        paper="van den Oord, Vinyals and Kavukcuoglu, Neural Discrete Representation Learning, 2017, arXiv:1711.00937",
        summary="Writes pictures in an alphabet it learns, then learns to write new ones.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        LOSS,
        Metric("reconstruction", "Reconstruction", plot=TERMS, label="recon"),
        Metric("commitment", "Commitment", plot=TERMS, label="commit"),
        Metric("prior", "Prior", plot=Plot("prior", "Prior", low=0.0), label="prior", unit="nats per code"),
        Metric("perplexity", "Perplexity", plot=Plot("perplexity", "Codebook perplexity", low=0.0), label="perplexity"),
        Metric("used", "Codes in use", plot=Plot("used", "Codes in use", low=0.0, high=1.0), label="used"),
    )
    score: ClassVar[Metric | None] = LOSS
    default_steps: ClassVar[int] = 4000
    Config: ClassVar[type[FamilyConfig]] = VQVAEConfig

    def __init__(self, config: VQVAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        shape = (data.channels, config.width, config.latents, config.halvings)
        self.encoder = GridEncoder(*shape)
        self.decoder = GridDecoder(*shape)
        self.codebook = Codebook(config.codes, config.latents, config.decay, config.least_use)
        self.prior = CodePrior(config.codes, config.hidden, config.prior_layers)

    @property
    def multiple(self) -> int:
        """Pixels of a picture's side for each place of the grid."""
        return 1 << self.config.halvings

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of codes."""
        return -(-self.data.height // self.multiple), -(-self.data.width // self.multiple)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents, *self.grid)

    @property
    def learns_codes(self) -> bool:
        """Whether the next step belongs to the first phase."""
        return self.progress < self.config.first_phase

    def optimizers(self) -> Mapping[str, Optimizer]:
        # One player: parameters without a gradient stand still, and so does what Adam remembers of them.
        return {"vqvae": adam(self.parameters(), self.config.learning_rate)}

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        if self.step == 0:
            with torch.no_grad():
                self.codebook.seed(self.features(batch.images), rng)
        if not self.learns_codes:
            with torch.no_grad():
                terms, codes, _ = self._terms(batch.images)
            terms["prior"] = self.prior.loss(codes)
            update["vqvae"].minimise(terms["prior"])
            return self._readings(terms, codes)
        terms, codes, features = self._terms(batch.images)
        update["vqvae"].minimise(self._sum(terms))
        self.codebook.learn(features.detach(), codes, rng)
        with torch.no_grad():
            terms["prior"] = self.prior.loss(codes[:READ])
        return self._readings(terms, codes)

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        terms, codes, _ = self._terms(batch.images)
        return self._readings({**terms, "prior": self.prior.loss(codes)}, codes)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.decode(self.codebook(self.prior.draw(count, *self.grid, rng)))

    def features(self, images: Tensor) -> Tensor:
        """What the encoder makes of pictures, before it is quantised: (N, latents, h, w) in float32."""
        features: Tensor = self.encoder(padded(images, self.multiple))
        return features.float()

    def encode(self, images: Tensor) -> Tensor:
        entries: Tensor = self.codebook(self.codebook.nearest(self.features(images)))
        return entries

    def code_use(self, images: Tensor) -> Tensor:
        return self.codebook.counts(self.codebook.nearest(self.features(images)))

    def decode(self, latents: Tensor) -> Tensor:
        return self._output(latents).clamp(-1, 1)

    def _output(self, latents: Tensor) -> Tensor:
        output: Tensor = self.decoder(latents)
        return output[:, :, : self.data.height, : self.data.width].float()

    def _terms(self, images: Tensor) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """The first phase's terms, the codes and the features that chose them."""
        features = self.features(images)
        codes = self.codebook.nearest(features)
        entries = self.codebook(codes)
        output = self._output(straight_through(features, entries))
        terms = {
            "reconstruction": (output - images).square().mean(),
            "commitment": (features - entries).square().mean(),
        }
        return terms, codes, features

    def _sum(self, terms: Mapping[str, Tensor]) -> Tensor:
        return terms["reconstruction"] + self.config.commitment * terms["commitment"]

    def _readings(self, terms: Mapping[str, Tensor], codes: Tensor) -> dict[str, Tensor]:
        counts = self.codebook.counts(codes)
        readings = {
            **terms,
            "loss": self._sum(terms) + terms["prior"],
            "perplexity": perplexity(counts),
            "used": (counts > 0).float().mean(),
        }
        return {name: value.detach() for name, value in readings.items()}
