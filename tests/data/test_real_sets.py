"""The sources on real pictures, where this machine has them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from gen_studio.core.plan import DataPlan, PairFilter
from gen_studio.data.catalog import load, parse_source

Find = Callable[[str], Path]


def test_mnist_is_whole_and_matches_torchvision(dev_data: Find) -> None:
    root = dev_data("MNIST/raw").parents[1]
    from torchvision.datasets import MNIST

    found = load(DataPlan(source="mnist"), root=root)
    assert [len(part) for part in found.splits.values()] == [58806, 1194, 10000]
    published = MNIST(str(root), train=False)
    mine = sorted(picture.numpy().tobytes() for picture in found.test.images)
    assert mine == sorted(picture.numpy().tobytes() for picture in published.data)
    by_picture = {
        picture.numpy().tobytes(): int(label)
        for picture, label in zip(found.test.images, found.test.columns["labels"], strict=True)
    }
    assert all(
        by_picture[picture.numpy().tobytes()] == int(label)
        for picture, label in zip(published.data, published.targets, strict=True)
    )


def test_the_clothing_photographs_make_pairs(dev_data: Find) -> None:
    plan = parse_source(str(dev_data("clothing.zip")), {"pairs": "edges", "limit": 300})
    found = load(plan)
    assert found.plan.pairs is PairFilter.EDGES and len(found) == 300 and found.skipped == ()
    assert found.spec.shape == (3, 64, 64) and len(found.spec.classes) == 10
    inked = (found.train.columns["inputs"] == 0).float().mean((1, 2, 3)).numpy()
    assert np.quantile(inked, 0.02) > 0.01 and np.quantile(inked, 0.98) < 0.35


def test_the_faces_are_grey_in_two_classes(dev_data: Find) -> None:
    found = load(parse_source(str(dev_data("smiles.zip")), {"limit": 400}))
    assert found.spec.shape == (1, 64, 64) and found.spec.classes == ("neutral", "smiling") and len(found) == 400
