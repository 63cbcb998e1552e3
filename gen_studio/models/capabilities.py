"""What a trained model can do, as nominal types: panels, previews and commands ask `issubclass`, never a model's name.

Every method here only looks: it is called on a copy in evaluation mode, draws randomness from the generator it is
given and changes no buffer. Pictures are (N, C, H, W) float in [-1, 1].
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, final

import torch
from torch import Tensor

from gen_studio.core.annotations import LayoutClass
from gen_studio.data.spec import Batch
from gen_studio.nets.bicubic import enlarged, shrunk
from gen_studio.nets.posterior import DiagonalGaussian
from gen_studio.nets.styles import SummedNoise


class Capability(ABC):
    """Base of all capabilities; `capabilities_of` lists the ones a family has."""


class CanSample(Capability):
    """Makes new pictures from nothing but chance."""

    @abstractmethod
    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """(count, C, H, W)."""


class HasCode(Capability):
    """Its pictures are a deterministic function of a code. Which codes are likely it need not know."""

    @property
    @abstractmethod
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of one latent, without the batch dimension."""

    @abstractmethod
    def decode(self, latents: Tensor) -> Tensor:
        """latents (N, *latent_shape) -> (N, C, H, W)."""


class HasLatent(HasCode, CanSample):
    """Its code is a latent, drawn from a known prior."""

    @property
    def samples_are_decoded(self) -> bool:
        """Whether a sample is a latent decoded, without any chance but the latent's own."""
        return True

    def draw_latents(self, count: int, rng: torch.Generator) -> Tensor:
        """(count, *latent_shape) from the prior: a standard normal unless the family says otherwise."""
        return torch.randn((count, *self.latent_shape), generator=rng, device=rng.device)

    def prior_quantiles(self, shares: Tensor) -> Tensor:
        """Where each number of a latent lies with these chances (K,), between 0 and 1: they go with `draw_latents`."""
        quantiles: Tensor = torch.special.ndtri(shares)
        return quantiles

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.decode(self.draw_latents(count, rng))


class FormsInSteps(CanSample):
    """Its samples form step by step, in as few or as many as are asked for, and can be watched on the way."""

    @property
    @abstractmethod
    def forming_steps(self) -> int:
        """How many steps a sample takes."""

    @property
    @abstractmethod
    def most_steps(self) -> int:
        """The largest number of steps that can be asked for; the smallest is 1."""

    @abstractmethod
    def forming(self, count: int, rng: torch.Generator, steps: int | None = None) -> Iterator[Tensor]:
        """What the samples look like so far, (count, C, H, W) after every step; the last is the sample.

        steps: from 1 to `most_steps`; None for as many as `sample` takes, whose pictures they then are.
        """


class DecodesInSteps(FormsInSteps, HasLatent):
    """Its latents become pictures step by step as well, and in fewer steps become nearly the same ones, sooner."""

    @abstractmethod
    def decode_in(self, latents: Tensor, steps: int) -> Tensor:
        """What `decode` gives, in so many steps, from 1 to `most_steps`; with `forming_steps` it is the same."""


class IsConditional(HasLatent):
    """Its pictures depend on a class as well; asked for none, it goes through the classes in turn."""

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]:
        """What the labels 0, 1, ... stand for."""

    @abstractmethod
    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        """latents (N, *latent_shape), labels (N,) int64 -> (N, C, H, W)."""

    @abstractmethod
    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        """latents (N, *latent_shape), weights of the classes (N, K) whose rows sum to 1 -> (N, C, H, W).

        With a single 1 in a row it is `decode_as` that class.
        """

    def decode(self, latents: Tensor) -> Tensor:
        labels = torch.arange(len(latents), device=latents.device) % len(self.class_names)
        return self.decode_as(latents, labels)


class HasStyles(HasLatent):
    """Maps a latent to styles, one for each layer of a synthesis network, which may be mixed and truncated.

    Styles are (N, style_layers, style_size). Noise adds detail that no style controls.
    """

    @property
    @abstractmethod
    def style_layers(self) -> int: ...

    @property
    @abstractmethod
    def style_size(self) -> int: ...

    @property
    @abstractmethod
    def mean_style(self) -> Tensor:
        """(style_size,), the running mean that truncation draws towards."""

    @abstractmethod
    def styles(self, latents: Tensor) -> Tensor:
        """latents (N, *latent_shape) -> (N, style_layers, style_size), all layers alike, not truncated."""

    @abstractmethod
    def synthesise(self, styles: Tensor, rng: torch.Generator | SummedNoise | None) -> Tensor:
        """styles -> (N, C, H, W). Without a generator there is no noise: styles decide alone."""

    def truncate(self, styles: Tensor, strength: float, layers: int | None = None) -> Tensor:
        """Draws the first `layers` styles (all, if None) towards the mean: 1 leaves them, 0 gives the mean picture."""
        drawn = torch.lerp(self.mean_style.expand_as(styles), styles, strength)
        return drawn if layers is None else torch.cat([drawn[:, :layers], styles[:, layers:]], 1)


class CanReconstruct(Capability):
    """Gives back what it can of a picture."""

    @abstractmethod
    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""


class CanAutoencode(HasCode, CanReconstruct):
    """Finds the code of a picture; its reconstruction is that code decoded."""

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, *latent_shape), the most likely codes."""

    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return self.decode(self.encode(images))


class CanEncode(HasLatent, CanAutoencode):
    """Finds the latent of a picture: an autoencoder that can sample, because its codes have a known prior."""


class HasCodebook(CanAutoencode):
    """Its codes are made of entries of a codebook."""

    @abstractmethod
    def code_use(self, images: Tensor) -> Tensor:
        """(N, C, H, W) -> (K,) float32: how often each entry is chosen for these pictures."""


class CanDenoise(CanReconstruct):
    """Was taught to give back the clean picture of a noisy one."""

    @abstractmethod
    def corrupt(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """The noise it was taught on, of the same shape; what is out of the pictures' range is left so."""


class HasLikelihood(HasLatent):
    """p(x) is the mean of p(x|z) over z from N(0, I), and q(z|x) says which z to try: log p(x) can be estimated.

    Where the model is conditional, all of it is given the labels of the batch.
    """

    @property
    @abstractmethod
    def is_discrete(self) -> bool:
        """Whether p(x|z) gives 8-bit pictures probabilities that sum to 1, rather than a density."""

    @abstractmethod
    def posterior(self, batch: Batch) -> DiagonalGaussian:
        """q(z|x), means and log-variances (N, D)."""

    @abstractmethod
    def log_likelihood(self, latents: Tensor, batch: Batch) -> Tensor:
        """log p(x|z) in nats: latents (N, D) -> (N,)."""

    def log_likelihoods(self, latents: Tensor, batch: Batch) -> Tensor:
        """log p(x|z) in nats of several latents for each picture: (samples, N, D) -> (samples, N)."""
        several = batch.map(lambda column: column.expand(len(latents), *column.shape).flatten(0, 1))
        each = self.log_likelihood(latents.flatten(0, 1), several)
        return each.view(latents.shape[:2])

    def observed(self, batch: Batch, rng: torch.Generator) -> Batch:
        """The pictures that p(x|z) is about, where they are drawn anew each time: binarised, say."""
        return batch

    def settled(self, batches: Iterable[Batch], rng: torch.Generator) -> AbstractContextManager[None]:
        """For its length, p(x|z) of a picture depends on that picture alone.

        What it otherwise takes from the batch at hand, a variance say, is taken from these, once.
        """
        return nullcontext()


class TakesAnySize:
    """Answers pictures of other sizes than it was trained on, where `stride` is a number."""

    @property
    def stride(self) -> int | None:
        """Sides of inputs are multiples of this, any multiples; None: only the size it was trained on."""
        return None

    @property
    def reach(self) -> int | None:
        """How many pixels of the input away from its own place a pixel of the answer heeds, chance having no say.

        None: all of the picture, because of norms over all places, say, or an innermost layer that sees all of it.
        """
        return None


class CanAnswer(TakesAnySize, Capability):
    """Makes of what it is given something that a target can be held against."""

    baseline: ClassVar[str] = "the question itself"
    """What `question` is, in words."""

    @property
    def answers_by_chance(self) -> bool:
        """Whether chance has a say in its answers, so that each seed gives another one; settings may decide it."""
        return False

    @abstractmethod
    def answer(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Its answers to what it would be given of these examples, of the shape of `batch.images`, the targets."""

    @abstractmethod
    def question(self, batch: Batch) -> Tensor:
        """What it would be given, in the shape of the targets: the answer of someone who does nothing."""


class CanTranslate(CanAnswer):
    """Turns an input picture into another of the same size."""

    @abstractmethod
    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        """(N, input_channels, H, W) -> (N, C, H, W)."""

    def answer(self, batch: Batch, rng: torch.Generator) -> Tensor:
        assert batch.inputs is not None
        return self.translate(batch.inputs, rng)

    def question(self, batch: Batch) -> Tensor:
        assert batch.inputs is not None
        if batch.inputs.shape[1] == batch.images.shape[1]:
            return batch.inputs
        return batch.inputs.mean(1, keepdim=True).expand_as(batch.images)


class CanUpscale(CanAnswer):
    """Makes a picture several times as large. Its questions are pictures that it shrinks itself."""

    baseline: ClassVar[str] = "bicubic"

    @property
    @abstractmethod
    def scale(self) -> int:
        """How many times as wide and as tall the answer is."""

    @abstractmethod
    def upscale(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        """(N, C, h, w) -> (N, C, scale * h, scale * w)."""

    def shrunk(self, images: Tensor) -> Tensor:
        """Small pictures of large ones whose sides are multiples of `scale`, as a file would hold them."""
        return shrunk(images, self.scale)

    def answer(self, batch: Batch, rng: torch.Generator) -> Tensor:
        return self.upscale(self.shrunk(batch.images), rng)

    def question(self, batch: Batch) -> Tensor:
        return enlarged(self.shrunk(batch.images), self.scale)


class CanTranslateBothWays(TakesAnySize, Capability):
    """Translates between two domains of pictures that are in no pairs, so that no answer is known to be right."""

    @property
    def answers_by_chance(self) -> bool:
        """As of `CanAnswer`, for both ways."""
        return False

    @abstractmethod
    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        """Pictures of the first domain as ones of the second, both (N, C, H, W)."""

    @abstractmethod
    def translate_back(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        """Pictures of the second domain as ones of the first, both (N, C, H, W)."""


class CanPaint(Capability):
    """Paints pictures of layouts, in a look drawn by chance or taken from another picture."""

    @property
    @abstractmethod
    def takes_style(self) -> bool:
        """Whether it can take the look from a picture; settings may decide it."""

    @property
    @abstractmethod
    def palette(self) -> tuple[LayoutClass, ...]:
        """What the numbers of a layout stand for."""

    @abstractmethod
    def paint(self, layouts: Tensor, rng: torch.Generator, style: Tensor | None = None) -> Tensor:
        """layouts (N, H, W) int64 -> (N, C, H, W).

        style: pictures (N, C, H, W) to take the look from, where `takes_style`; None for a look by chance.
        """


class CanInpaint(Capability):
    """Fills holes in pictures. Holes are (N, 1, H, W), 1 where pixels are missing.

    A family says what it would paint; `inpaint` puts that into the holes alone. What is known stays as it is, bit for
    bit, and what lies under a hole is seen by nobody: the same promise for every family, which none of them can break.
    """

    fills_by_chance: ClassVar[bool] = False
    """Whether chance has a say in what it paints, so that there is more than one answer to choose from."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "inpaint" in vars(cls):
            raise TypeError(f"{cls.__name__} must not override inpaint, which keeps the known pixels")

    @abstractmethod
    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        """Whole pictures (N, C, H, W) from pictures that are 0 in their holes; only the holes will be used."""

    @abstractmethod
    def draw_holes(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """Holes for these pictures such as it was taught on."""

    @final
    def inpaint(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        """(N, C, H, W), the pictures with their holes filled."""
        missing = holes > 0.5
        painted = self.paint_over(images.masked_fill(missing, 0), missing.to(images.dtype), rng)
        return torch.where(missing, painted.to(images.dtype).clamp(-1, 1), images)


def capabilities_of(model: type) -> tuple[str, ...]:
    """Names of the capabilities a class has, the most general first."""
    kinds = [kind for kind in reversed(model.__mro__) if issubclass(kind, Capability)]
    return tuple(kind.__name__ for kind in kinds if kind.__module__ == __name__ and kind is not Capability)
