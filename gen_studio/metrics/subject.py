"""What is judged: a model as it is shown with the data of its run, and what several figures have in common."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Batch, DataSpec, ImageSet, normalise
from gen_studio.metrics import codes
from gen_studio.metrics.classifier import Classifier, shares, train_classifier
from gen_studio.metrics.frechet import FEWEST, frechet_distance
from gen_studio.metrics.likelihood import likelihoods_of_all
from gen_studio.metrics.segmenter import Segmenter, train_segmenter
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import CanReconstruct, CanSample, HasLikelihood, IsConditional
from gen_studio.nets.posterior import DiagonalGaussian

SEED = 11
SAMPLES = 1_000
"""For shares of classes."""
MOST_FOR_DISTANCE = 5_000
"""Pictures on each side of a distance between sets; fewer where there are fewer test pictures."""
AT_ONCE = 128


@dataclass(frozen=True)
class Subject:
    """A model as it is shown, in evaluation mode, and the data of its run. `judge` gives the classifier when asked.

    weights: latents for each picture where a likelihood is estimated; None for the figure's own number.
    latents_at_once: how many of them are decoded together, on which memory depends but no figure; None for a number
    that suits the pictures. report: hears how far a pass over the pictures is, and may call it off.
    """

    model: TrainableModel[FamilyConfig]
    dataset: Dataset
    device: torch.device
    judge: Callable[[], Classifier]
    weights: int | None = None
    latents_at_once: int | None = None
    report: Report = unheard
    _likelihoods: dict[int, Tensor] = field(default_factory=dict, init=False, repr=False, compare=False)

    def generator(self) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(SEED)

    def batches(self, pictures: ImageSet, most: int | None = None) -> Iterable[Batch]:
        """The first `most` pictures of a split, or all, in order, on the device."""
        number = min(len(pictures), most or len(pictures))
        for place, batch in enumerate(self._in_silence(pictures, number)):
            self.report(Progress("Judging pictures", place * AT_ONCE, number))
            yield batch

    def _in_silence(self, pictures: ImageSet, number: int) -> Iterable[Batch]:
        """For those that have a progress of their own to tell."""
        return (pictures.batch(rows, self.device) for rows in torch.arange(number).split(AT_ONCE))

    def samples(self, count: int, model: TrainableModel[FamilyConfig] | None = None) -> Iterable[Tensor]:
        """Exactly `count` pictures, in portions; a conditional model goes through its classes over all of them.

        model: another than the subject's own.
        """
        maker, rng, done = model or self.model, self.generator(), 0
        while done < count:
            self.report(Progress("Making samples", done, count))
            size = min(AT_ONCE, count - done)
            if isinstance(maker, IsConditional):
                labels = torch.arange(done, done + size, device=rng.device) % len(maker.class_names)
                yield maker.decode_as(maker.draw_latents(size, rng), labels)
            else:
                assert isinstance(maker, CanSample)
                yield maker.sample(size, rng)
            done += size

    @cached_property
    def classifier(self) -> Classifier:
        return self.judge()

    @property
    def was_judged(self) -> bool:
        """Whether any figure so far asked for the classifier."""
        return "classifier" in vars(self)

    @cached_property
    def segmenter(self) -> Segmenter:
        """Taught the layouts of the training pictures."""
        return train_segmenter(self.dataset.train, device=self.device, report=self.report)

    @cached_property
    def second_domain(self) -> ImageSet:
        """The training pictures of the second domain."""
        train = self.dataset.train
        assert train.others is not None
        return ImageSet(DataSpec(*train.spec.shape, classes=train.spec.domains), {"images": train.others})

    @cached_property
    def domain_classifier(self) -> Classifier:
        """Taught to tell the domains, from as many training pictures of each as there are."""
        parts = (self.dataset.train.images, self.second_domain.images)
        labels = torch.arange(2).repeat_interleave(torch.tensor([len(part) for part in parts]))
        both = ImageSet(self.second_domain.spec, {"images": torch.cat(parts), "labels": labels})
        return train_classifier(both, device=self.device, report=self.report)

    @cached_property
    def shares(self) -> dict[str, float]:
        """By class, the share among samples."""
        return shares(self.classifier, torch.cat(list(self.samples(SAMPLES))))

    @cached_property
    def distance(self) -> float:
        return self.distance_of(self.model)

    @property
    def compared(self) -> int:
        """How many pictures stand on each side of a distance between sets."""
        return min(len(self.dataset.test), MOST_FOR_DISTANCE)

    @property
    def too_few_for_distance(self) -> str | None:
        """Why there is no distance between sets, where there is none."""
        if self.compared >= FEWEST:
            return None
        return f"A distance between sets needs {FEWEST} test pictures or more, and there are fewer. Use more pictures."

    @cached_property
    def reconstruction_error(self) -> float:
        model, rng = self.model, self.generator()
        assert isinstance(model, CanReconstruct)
        return self.squared_error_of(lambda batch: model.reconstruct(batch.images, rng))

    @cached_property
    def mean_picture_squared_error(self) -> float:
        """What a model that gives the same picture back whatever it is shown could have: the data's variance."""
        mean = mean_picture(self.dataset.train).to(self.device)
        return self.squared_error_of(lambda batch: mean.expand_as(batch.images))

    def squared_error_of(self, answer: Callable[[Batch], Tensor]) -> float:
        """Between answers and the test pictures, the mean over channels and places, pictures in [-1, 1]."""
        return mean_of(((answer(b) - b.images).square().mean(), len(b)) for b in self.batches(self.dataset.test))

    @cached_property
    def posterior(self) -> DiagonalGaussian:
        """Of all test pictures."""
        assert isinstance(self.model, HasLikelihood)
        return codes.posterior_of(self.model, self.batches(self.dataset.test), self.generator())

    def log_likelihoods(self, weights: int) -> Tensor:
        """log p of each test picture in nats, (N,) float64 on the CPU, from so many latents each."""
        if weights not in self._likelihoods:
            self._likelihoods[weights] = self._estimated(weights)
        return self._likelihoods[weights]

    def _estimated(self, weights: int) -> Tensor:
        assert isinstance(self.model, HasLikelihood)
        test, done = self.dataset.test, 0

        def heard(latents: int) -> None:
            nonlocal done
            done += latents
            self.report(Progress("Weighing latents", done, weights * len(test)))

        def batches() -> Iterable[Batch]:
            return self._in_silence(test, len(test))

        return likelihoods_of_all(self.model, batches, weights, self.generator(), self.latents_at_once, heard)

    def distance_of(self, model: TrainableModel[FamilyConfig]) -> float:
        """Between the features of test pictures and of as many of the model's."""
        count = self.compared
        real = [self.classifier.features(batch.images) for batch in self.batches(self.dataset.test, count)]
        made = [self.classifier.features(part) for part in self.samples(count, model)]
        return frechet_distance(torch.cat(real), torch.cat(made))


def mean_picture(pictures: ImageSet) -> Tensor:
    """(C, H, W) in [-1, 1]."""
    total = torch.zeros(pictures.spec.shape, dtype=torch.float64)
    for part in pictures.images.split(256):
        total += part.double().sum(0)
    return normalise(total / len(pictures))


def mean_of(terms: Iterable[tuple[Tensor, int]]) -> float:
    """The mean over pictures from means over batches and the sizes of those."""
    total, number = 0.0, 0
    for value, size in terms:
        total, number = total + float(value) * size, number + size
    return total / number
