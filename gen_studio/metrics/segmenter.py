"""A small segmenter trained on a source with layouts: says which layout it sees in a picture, and so whether a painting
keeps to the one it was painted of, without a network trained by somebody else."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.data.spec import Batch, DataSpec, ImageSet
from gen_studio.metrics import teaching

WIDTH = 16
FEATURES = 4 * WIDTH


@dataclass(frozen=True)
class Schedule:
    """How a segmenter is trained. Adam with one cycle of the learning rate up to `rate` and down to zero."""

    steps: int = 500
    batch_size: int = 32
    rate: float = 4e-3
    width: int = WIDTH
    seed: int = 0


class Segmenter(nn.Module):
    """Two halvings and back, with a skip at every size: pictures (N, C, H, W) in [-1, 1] -> scores (N, K, H, W)."""

    def __init__(self, data: DataSpec, width: int) -> None:
        super().__init__()
        self.data = data
        self.at_whole = _layer(data.channels, width, 1)
        self.at_half = _layer(width, 2 * width, 2)
        self.at_quarter = nn.Sequential(_layer(2 * width, 4 * width, 2), _layer(4 * width, 4 * width, 1))
        self.to_half = _layer(6 * width, 2 * width, 1)
        self.to_whole = _layer(3 * width, width, 1)
        self.head = nn.Conv2d(width, len(data.layout), 1)

    def features(self, images: Tensor) -> Tensor:
        """(N, 4 * width): means over places of the innermost features, for distances between sets of pictures."""
        inner: Tensor = self.at_quarter(self.at_half(self.at_whole(images)))
        return inner.mean((2, 3))

    def forward(self, images: Tensor) -> Tensor:
        whole = self.at_whole(images)
        half = self.at_half(whole)
        quarter = self.at_quarter(half)
        half = self.to_half(torch.cat([_grown(quarter, half), half], 1))
        scores: Tensor = self.head(self.to_whole(torch.cat([_grown(half, whole), whole], 1)))
        return scores


def train_segmenter(
    pictures: ImageSet, schedule: Schedule = Schedule(), device: torch.device | str = "cpu", report: Report = unheard
) -> Segmenter:
    """A segmenter in evaluation mode. Its weights depend on pictures and schedule alone, on the CPU bit for bit.

    Raises WrongUse for pictures without layouts, and lets through Cancelled from `report`.
    """
    if not pictures.spec.has_layouts:
        raise WrongUse(
            "A segmenter needs class layouts, and this source has none. "
            "Choose a source with layouts, for example scenes, or a folder of pictures with one of layouts."
        )
    rng = torch.Generator().manual_seed(schedule.seed)
    segmenter = teaching.built(lambda: Segmenter(pictures.spec, schedule.width), rng)
    segmenter.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    batches = (
        pictures.batch(torch.randint(len(pictures), (schedule.batch_size,), generator=rng), device)
        for _ in range(schedule.steps)
    )
    lesson = teaching.Lesson("Training a segmenter", schedule.steps, schedule.rate)
    return teaching.taught(segmenter, lesson, batches, _loss, report)


@torch.no_grad()
def confusion(segmenter: Segmenter, images: Tensor, layouts: Tensor) -> Tensor:
    """(K, K) int64: how many pixels that are to be of class i, by row, are seen as class j. layouts: (N, H, W)."""
    classes = len(segmenter.data.layout)
    pairs = layouts * classes + segmenter(images).argmax(1)
    return torch.bincount(pairs.flatten(), minlength=classes**2).view(classes, classes).cpu()


def layout_of(batch: Batch) -> Tensor:
    assert batch.layout is not None
    return batch.layout


def _loss(scores: Tensor, batch: Batch) -> Tensor:
    return F.cross_entropy(scores, layout_of(batch))


def _layer(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def _grown(features: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(features, size=like.shape[2:], mode="nearest")
