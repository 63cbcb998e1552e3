"""A small classifier trained on a labelled source: says which classes a model's pictures show, and what they have in
common, without a network trained by somebody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.data.spec import Batch, DataSpec, ImageSet
from gen_studio.metrics import teaching

SMALLEST_MAP = 4
FEATURES = 128
AT_ONCE = 512


@dataclass(frozen=True)
class Schedule:
    """How a classifier is trained. Adam with one cycle of the learning rate up to `rate` and down to zero."""

    epochs: int = 3
    batch_size: int = 128
    rate: float = 4e-3
    width: int = 32
    seed: int = 0


class Classifier(nn.Module):
    """Convolutions of stride 2 down to 4x4, a mean over places, one linear layer.

    Pictures (N, C, H, W) in [-1, 1] -> scores (N, classes), before the softmax; or as many scores of another meaning
    as are asked for.
    """

    def __init__(self, data: DataSpec, width: int, scores: int | None = None) -> None:
        super().__init__()
        self.data = data
        layers: list[nn.Module] = []
        channels, side, target = data.channels, min(data.height, data.width), width
        while side > SMALLEST_MAP:
            layers += [nn.Conv2d(channels, target, 3, 2, 1, bias=False), nn.BatchNorm2d(target), nn.ReLU(inplace=True)]
            channels, side, target = target, (side + 1) // 2, min(2 * target, FEATURES)
        layers += [nn.Conv2d(channels, FEATURES, 3, 1, 1, bias=False), nn.BatchNorm2d(FEATURES), nn.ReLU(inplace=True)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(FEATURES, len(data.classes) if scores is None else scores)

    def features(self, images: Tensor) -> Tensor:
        """(N, 128): what the scores are made from, for distances between sets of pictures."""
        pooled: Tensor = self.body(images).mean((2, 3))
        return pooled

    def forward(self, images: Tensor) -> Tensor:
        scores: Tensor = self.head(self.features(images))
        return scores


def train_classifier(
    pictures: ImageSet, schedule: Schedule = Schedule(), device: torch.device | str = "cpu", report: Report = unheard
) -> Classifier:
    """A classifier in evaluation mode. Its weights depend on pictures and schedule alone, on the CPU bit for bit.

    Raises WrongUse for pictures without labels, and lets through Cancelled from `report`.
    """
    if not pictures.spec.has_labels:
        raise WrongUse(
            "A classifier needs class labels, and this source has none. "
            "Choose a labelled source, or sort the pictures into one folder per class."
        )

    def loss(scores: Tensor, batch: Batch) -> Tensor:
        return F.cross_entropy(scores, _labels(batch))

    return taught(pictures, len(pictures.spec.classes), loss, schedule, device, report)


def taught(
    pictures: ImageSet,
    scores: int,
    loss_of: Callable[[Tensor, Batch], Tensor],
    schedule: Schedule,
    device: torch.device | str,
    report: Report,
) -> Classifier:
    """A classifier whose scores (N, scores) make a loss small, in evaluation mode."""
    rng = torch.Generator().manual_seed(schedule.seed)
    classifier = teaching.built(lambda: Classifier(pictures.spec, schedule.width, scores), rng)
    classifier.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    steps = max(1, schedule.epochs * len(pictures) // schedule.batch_size)
    batches = (pictures.batch(rows, device) for rows in _rows(len(pictures), schedule.batch_size, rng))
    lesson = teaching.Lesson("Training a classifier", steps, schedule.rate)
    return teaching.taught(classifier, lesson, batches, loss_of, report)


def accuracy(classifier: Classifier, pictures: ImageSet, device: torch.device | str = "cpu") -> float:
    """The share of labelled pictures whose class it names."""
    right = 0
    for rows in torch.arange(len(pictures)).split(AT_ONCE):
        batch = pictures.batch(rows, device)
        right += int(classes_seen(classifier, batch.images).eq(_labels(batch)).sum())
    return right / len(pictures)


@torch.no_grad()
def classes_seen(classifier: Classifier, images: Tensor) -> Tensor:
    """The likeliest class of each picture, (N,) int64."""
    parts = [classifier(part).argmax(1) for part in images.split(AT_ONCE)]
    return torch.cat(parts)


def shares(classifier: Classifier, images: Tensor) -> dict[str, float]:
    """By class, the share of pictures that show it in the classifier's eyes."""
    counts = torch.bincount(classes_seen(classifier, images), minlength=len(classifier.data.classes)).tolist()
    return {name: number / len(images) for name, number in zip(classifier.data.classes, counts, strict=True)}


def _labels(batch: Batch) -> Tensor:
    assert batch.labels is not None
    return batch.labels


def _rows(length: int, batch_size: int, rng: torch.Generator) -> Iterator[Tensor]:
    """Shuffled epochs without end, cut into batches; a short rest is left out, unless it is all there is."""
    while True:
        order = torch.randperm(length, generator=rng)
        full = order.split(batch_size)
        yield from full[:-1] if len(full) > 1 and len(full[-1]) < batch_size else full
