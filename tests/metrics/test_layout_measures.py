"""The segmenter that judges paintings, and figures of painters whose right answers are known."""

from functools import cache
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.metrics.measures import Subject, measure
from gen_studio.metrics.segmenter import Schedule, Segmenter, confusion, train_segmenter
from gen_studio.models.capabilities import CanPaint

LAYOUT = (LayoutClass("left", (0, 0, 0)), LayoutClass("right", (255, 0, 0)), LayoutClass("nowhere", (0, 255, 0)))
SPEC = DataSpec(1, 8, 8, layout=LAYOUT)
SHADES = torch.tensor([40, 180, 250], dtype=torch.uint8)
QUICK = Schedule(steps=150, batch_size=16, width=8)


def image_set(number: int, seed: int) -> ImageSet:
    """Two regions with a border at a random column; the noise on their shades is what a flat painter misses."""
    rng = torch.Generator().manual_seed(seed)
    border = torch.randint(2, 7, (number, 1, 1), generator=rng)
    layout = (torch.arange(8) >= border).expand(-1, 8, -1).to(torch.uint8)
    noise = torch.randint(-30, 30, (number, 1, 1, 1), generator=rng)
    images = (SHADES[layout.long()][:, None].int() + noise).to(torch.uint8)
    return ImageSet(SPEC, {"images": images, "layout": layout})


@cache
def dataset() -> Dataset:
    splits = {Split.TRAIN: image_set(128, 0), Split.VALIDATION: image_set(8, 1), Split.TEST: image_set(64, 2)}
    return Dataset(DataPlan(source="folder", size=8), SPEC, splits)


@cache
def segmenter() -> Segmenter:
    return train_segmenter(dataset().train, QUICK)


class Painter(CanPaint):
    """Paints regions in their shades, of the layout it is given or of its mirror image."""

    info = SimpleNamespace(title="Painter")
    score = None
    takes_style = False
    palette = LAYOUT

    def __init__(self, noise: int = 0, mirrored: bool = False) -> None:
        self.noise, self.mirrored = noise, mirrored

    def paint(self, layouts: Tensor, rng: torch.Generator, style: Tensor | None = None) -> Tensor:
        shades = SHADES[layouts.flip(2) if self.mirrored else layouts][:, None].float()
        noise = torch.randint(-30, 30, (len(layouts), 1, 1, 1), generator=rng) if self.noise else 0
        return (shades + noise) / 127.5 - 1


def subject(painter: Painter) -> Subject:
    found = Subject(painter, dataset(), torch.device("cpu"), lambda: pytest.fail("no classes here"))  # type: ignore[arg-type]
    vars(found)["segmenter"] = segmenter()
    return found


def test_a_segmenter_learns_the_layouts_and_is_the_same_each_time() -> None:
    test = dataset().test
    batch = test.batch(torch.arange(64))
    assert batch.layout is not None
    seen = confusion(segmenter(), batch.images, batch.layout)
    assert seen.sum() == 64 * 8 * 8
    assert seen.diagonal().sum() / seen.sum() > 0.9
    again = train_segmenter(dataset().train, QUICK)
    for one, other in zip(segmenter().parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_segmenter_refuses_pictures_without_layouts() -> None:
    bare = ImageSet(DataSpec(1, 8, 8), {"images": dataset().train.images})
    with pytest.raises(WrongUse, match="needs class layouts"):
        train_segmenter(bare)


def test_confusion_counts_what_should_be_against_what_is_seen() -> None:
    class Blind(Segmenter):
        def forward(self, images: Tensor) -> Tensor:
            scores = torch.zeros(len(images), 3, 2, 2)
            scores[:, 1] = 1
            return scores

    seen = confusion(Blind(SPEC, 4), torch.zeros(1, 1, 2, 2), torch.tensor([[[0, 1], [1, 2]]]))
    assert seen.tolist() == [[0, 1, 0], [0, 2, 0], [0, 1, 0]]


def test_a_painter_that_keeps_to_the_layout_is_told_from_one_that_does_not() -> None:
    keys = ["layout_accuracy", "layout_kept", "layout_overlap"]
    good, bad = (measure(subject(Painter(mirrored=mirrored)), keys) for mirrored in (False, True))
    assert good["layout_accuracy"] > 0.9
    assert good["layout_kept"] == pytest.approx(good["layout_accuracy"] / good["segmenter_accuracy"])
    assert good["layout_overlap"] > 0.8, "a class that is nowhere does not count"
    assert bad["layout_accuracy"] < 0.5
    assert bad["layout_overlap"] < 0.4


def test_a_painter_with_the_datas_own_variety_beats_flat_colours() -> None:
    varied, flat = (measure(subject(Painter(noise)), ["painting_distance_to_flat"]) for noise in (30, 0))
    assert varied["painting_distance_to_flat"] < 0.5
    assert flat["painting_distance_to_flat"] > 0.8
