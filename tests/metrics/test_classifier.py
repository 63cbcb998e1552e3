"""The classifier that says what generated pictures show."""

import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data import catalog
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.metrics.classifier import Schedule, accuracy, classes_seen, shares, train_classifier

CLASSES = ("left", "right")


def halves(number: int, seed: int = 0, labelled: bool = True) -> ImageSet:
    """Noise, brighter in the half that the label names."""
    rng = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 120, (number, 1, 8, 8), generator=rng, dtype=torch.uint8)
    labels = torch.arange(number) % 2
    images[labels == 0, :, :, :4] += 130
    images[labels == 1, :, :, 4:] += 130
    columns = {"images": images} | ({"labels": labels} if labelled else {})
    return ImageSet(DataSpec(1, 8, 8, CLASSES if labelled else ()), columns)


QUICK = Schedule(epochs=4, batch_size=16, width=8)


def test_it_learns_what_can_be_learnt() -> None:
    classifier = train_classifier(halves(256), QUICK)
    assert accuracy(classifier, halves(64, seed=1)) > 0.95


@pytest.mark.slow
def test_real_digits_are_told_apart() -> None:
    dataset = catalog.load(DataPlan(source="digits", size=16))
    classifier = train_classifier(dataset.train, Schedule(epochs=20, batch_size=32))
    assert accuracy(classifier, dataset.test) > 0.95


def test_the_same_recipe_gives_the_same_classifier_whatever_was_drawn_elsewhere() -> None:
    first = train_classifier(halves(64), QUICK)
    torch.manual_seed(99)
    torch.rand(5)
    before = torch.get_rng_state()
    second = train_classifier(halves(64), QUICK)
    assert torch.equal(torch.get_rng_state(), before)
    for one, other in zip(first.state_dict().values(), second.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    third = train_classifier(halves(64), Schedule(epochs=4, batch_size=16, width=8, seed=1))
    assert not torch.equal(first.head.weight, third.head.weight)


def test_shares_are_of_all_pictures_and_name_every_class() -> None:
    classifier = train_classifier(halves(256), QUICK)
    only_left = halves(40, seed=2).batch(torch.arange(0, 40, 2)).images
    assert shares(classifier, only_left) == {"left": 1.0, "right": 0.0}
    mixed = halves(40, seed=2).batch(torch.arange(40)).images
    assert sum(shares(classifier, mixed).values()) == pytest.approx(1.0)


def test_an_answer_does_not_depend_on_its_neighbours() -> None:
    classifier = train_classifier(halves(64), QUICK)
    images = halves(700, seed=3).batch(torch.arange(700)).images
    together = classes_seen(classifier, images)
    assert torch.equal(classes_seen(classifier, images[650:651]), together[650:651])
    torch.testing.assert_close(classifier.features(images[:2])[:1], classifier.features(images[:1]))


def test_features_are_the_same_number_at_every_size() -> None:
    for side in (8, 28, 64):
        classifier = train_classifier(
            ImageSet(
                DataSpec(3, side, side, CLASSES),
                {"images": torch.zeros(4, 3, side, side, dtype=torch.uint8), "labels": torch.arange(4) % 2},
            ),
            Schedule(epochs=1, batch_size=4, width=4),
        )
        assert classifier.features(torch.zeros(2, 3, side, side)).shape == (2, 128)


def test_pictures_without_labels_are_refused() -> None:
    with pytest.raises(WrongUse, match="labels"):
        train_classifier(halves(8, labelled=False))


@torch.no_grad()
def test_a_classifier_can_be_trained_where_gradients_are_off() -> None:
    assert accuracy(train_classifier(halves(256), QUICK), halves(64, seed=1)) > 0.95
