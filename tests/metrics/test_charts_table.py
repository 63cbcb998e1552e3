"""The table from capability to charts: values against what they mean, computed by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gen_studio.core.charts import Bars, Projection, Scatter
from gen_studio.data.spec import Batch
from gen_studio.metrics.charts import CHARTS, Examples, Look, charts_of, draw, possible_charts
from gen_studio.models.capabilities import CanAutoencode, CanSample, HasCodebook, HasLikelihood
from gen_studio.nets.posterior import DiagonalGaussian


class Coder(nn.Module, CanAutoencode):
    """The code is the first numbers of a picture."""

    def __init__(self, latents: int) -> None:
        super().__init__()
        self.latents = latents

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.latents,)

    def encode(self, images: Tensor) -> Tensor:
        return images.flatten(1)[:, : self.latents]

    def decode(self, latents: Tensor) -> Tensor:
        return torch.zeros(len(latents), 1, 4, 4)


class Gaussian(Coder, HasLikelihood):
    """Its posterior's mean is that code, its variance fixed by dimension."""

    log_variance = (-1.0, 0.0, 0.5)

    @property
    def is_discrete(self) -> bool:
        return False

    def posterior(self, batch: Batch) -> DiagonalGaussian:
        mean = self.encode(batch.images) * torch.tensor([1.0, 0.0, 0.01])
        return DiagonalGaussian(mean, torch.tensor(self.log_variance).expand_as(mean))

    def log_likelihood(self, latents: Tensor, batch: Batch) -> Tensor:
        return torch.zeros(len(latents))


class Speller(Coder, HasCodebook):
    """Each picture uses as many of its four entries as its batch has pictures, in turn."""

    def code_use(self, images: Tensor) -> Tensor:
        return torch.bincount((images.flatten(1)[:, 0] > 0).long(), minlength=4).float()


class Sampler(nn.Module, CanSample):
    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return torch.zeros(count, 1, 4, 4)


IMAGES = torch.randn(60, 1, 4, 4, generator=torch.Generator().manual_seed(0)) * torch.linspace(2, 0.1, 16).view(
    1, 1, 4, 4
)
LABELS = torch.arange(60) % 3


def examples(classes: tuple[str, ...] = ("a", "b", "c")) -> Examples:
    def batches() -> Sequence[Batch]:
        return Batch(IMAGES, LABELS if classes else None).split(25)

    return Examples(batches, classes)


def chart(key: str, model: nn.Module, of: Examples | None = None) -> Bars | Scatter | None:
    kind = next(kind for kind in CHARTS if kind.info.key == key)
    return draw(kind, Look(model, of or examples(), torch.Generator().manual_seed(0)))


def keys(model: nn.Module) -> list[str]:
    return [kind.info.key for kind in charts_of(model)]


def test_a_model_has_the_charts_of_what_it_can_do() -> None:
    assert keys(Coder(3)) == ["latent_map"]
    assert keys(Gaussian(3)) == ["latent_map", "kl"]
    assert keys(Speller(3)) == ["latent_map", "codebook"]
    assert keys(Sampler()) == []


def test_a_code_of_one_number_is_no_plane() -> None:
    assert keys(Coder(1)) == [] and [kind.info.key for kind in possible_charts(Coder)] == ["latent_map"]


def test_two_latents_are_their_own_map() -> None:
    shown = chart("latent_map", Coder(2))
    assert isinstance(shown, Scatter) and shown.projection is None and shown.axes == ("Latent 1", "Latent 2")
    np.testing.assert_array_equal(shown.points, IMAGES.flatten(1)[:, :2].double().numpy())
    np.testing.assert_array_equal(shown.labels, LABELS.numpy())
    assert shown.classes == ("a", "b", "c")


def test_more_latents_are_seen_along_the_two_directions_in_which_they_vary_most() -> None:
    shown = chart("latent_map", Coder(5))
    assert isinstance(shown, Scatter) and shown.projection is Projection.PCA
    codes = IMAGES.flatten(1)[:, :5].double().numpy()
    centred = codes - codes.mean(0)
    _, values, directions = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(shown.points), np.abs(centred @ directions[:2].T), atol=1e-5)
    shares = values**2 / (values**2).sum()
    assert shown.axes == tuple(f"Direction {n + 1}, {100 * shares[n]:.0f} % of the variance" for n in (0, 1))
    np.testing.assert_allclose(shown.codes, codes, atol=1e-6)


def test_codes_longer_than_they_are_many_keep_their_distances() -> None:
    few = Examples(lambda: [Batch(IMAGES[:9], LABELS[:9])], ("a", "b", "c"))
    shown = chart("latent_map", Coder(16), few)
    assert isinstance(shown, Scatter) and shown.codes.shape == (9, 9)
    codes = IMAGES[:9].flatten(1).numpy()
    wanted, found = (np.linalg.norm(c[:, None] - c[None], axis=-1) for c in (codes, shown.codes))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_without_classes_a_map_has_no_labels() -> None:
    shown = chart("latent_map", Coder(2), examples(()))
    assert isinstance(shown, Scatter) and shown.labels is None


def test_the_kl_of_each_dimension_is_the_mean_over_pictures() -> None:
    shown = chart("kl", Gaussian(3))
    assert isinstance(shown, Bars)
    prior = torch.distributions.Normal(0.0, 1.0)
    means = IMAGES.flatten(1)[:, :3] * torch.tensor([1.0, 0.0, 0.01])
    scales = (torch.tensor(Gaussian.log_variance) / 2).exp()
    wanted = torch.distributions.kl_divergence(torch.distributions.Normal(means, scales), prior).mean(0)
    np.testing.assert_allclose(shown.values, wanted.numpy(), rtol=1e-5)
    assert shown.marked.tolist() == [True, False, False]
    assert [f"{fact.figure} {fact.words}" for fact in shown.facts] == [
        "1 of 3 active units",
        f"{wanted.sum():.1f} nats KL in all",
    ]


def test_the_codebooks_use_is_counted_over_all_batches() -> None:
    shown = chart("codebook", Speller(2))
    assert isinstance(shown, Bars)
    above = int((IMAGES[:, 0, 0, 0] > 0).sum())
    share = above / 60
    np.testing.assert_allclose(shown.values, [100 * (1 - share), 100 * share, 0, 0])
    assert shown.marked.tolist() == [True, True, False, False]
    evenness = np.exp(-share * np.log(share) - (1 - share) * np.log(1 - share))
    assert [fact.figure for fact in shown.facts] == [f"{evenness:.1f}", "2 of 4"]


@pytest.mark.parametrize("key", ["latent_map", "kl"])
def test_a_model_that_gives_no_numbers_is_not_charted(key: str) -> None:
    broken = Examples(lambda: [Batch(IMAGES * float("nan"), LABELS)], ("a", "b", "c"))
    assert chart(key, Gaussian(3), broken) is None


def test_what_several_charts_need_is_computed_once() -> None:
    asked = []

    def batches() -> Sequence[Batch]:
        asked.append(1)
        return examples().batches()

    look = Look(Gaussian(3), Examples(batches, ("a", "b", "c")), torch.Generator())
    for kind in charts_of(look.model):
        draw(kind, look)
    assert len(asked) == 1
