"""Figures of translators whose right answers are known: one that does nothing, and one that knows the way."""

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.metrics.classifier import Schedule, train_classifier
from gen_studio.metrics.measures import Subject, measure
from gen_studio.models.capabilities import CanTranslateBothWays

SPEC = DataSpec(1, 8, 8, domains=("dark", "light"))


def image_set(number: int, seed: int) -> ImageSet:
    """Noise: dark pictures, and the same kind of pictures a hundred shades lighter."""
    rng = torch.Generator().manual_seed(seed)
    dark = torch.randint(0, 100, (number, 1, 8, 8), generator=rng, dtype=torch.uint8)
    light = torch.randint(100, 200, (number, 1, 8, 8), generator=rng, dtype=torch.uint8)
    return ImageSet(SPEC, {"images": dark}, light)


class Lighter(CanTranslateBothWays):
    info = SimpleNamespace(title="Lighter")
    score = None

    def __init__(self, shades: int) -> None:
        self.change = shades / 127.5

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return inputs + self.change

    def translate_back(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return inputs - self.change


def subject(shades: int) -> Subject:
    splits = {Split.TRAIN: image_set(256, 0), Split.VALIDATION: image_set(8, 1), Split.TEST: image_set(200, 2)}
    dataset = Dataset(DataPlan(source="folder", size=8), SPEC, splits)
    found = Subject(Lighter(shades), dataset, torch.device("cpu"), lambda: pytest.fail("no classes here"))  # type: ignore[arg-type]
    both = ImageSet(
        DataSpec(1, 8, 8, SPEC.domains),
        {"images": torch.cat([dataset.train.images, found.second_domain.images]), "labels": torch.arange(512) // 256},
    )
    vars(found)["domain_classifier"] = train_classifier(both, Schedule(epochs=4, batch_size=16, width=8))
    return found


def test_a_translator_that_knows_the_way_is_taken_for_the_other_domain_and_one_that_stays_is_not() -> None:
    right = measure(subject(100), ["domain_accuracy", "domain_distance_to_identity"])
    assert right["domain_accuracy"] > 0.98
    assert right["domain_accuracy_before"] < 0.02
    assert right["domain_distance_to_identity"] < 0.1
    still = measure(subject(0), ["domain_accuracy", "domain_distance_to_identity"])
    assert still["domain_accuracy"] == still["domain_accuracy_before"] == right["domain_accuracy_before"]
    assert still["domain_distance_to_identity"] == pytest.approx(1, rel=1e-3)


def test_the_way_there_and_back_is_held_against_the_mean_picture() -> None:
    found = measure(subject(100), ["cycle_to_mean"])
    assert found["cycle_error"] == pytest.approx(0, abs=1e-6)

    class Lossy(Lighter):
        def translate_back(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
            return inputs - self.change + 0.1

    lossy = subject(100)
    object.__setattr__(lossy, "model", Lossy(100))
    figures = measure(lossy, ["cycle_to_mean"])
    assert figures["cycle_error"] == pytest.approx(0.1, rel=1e-4)
    # A hundred equally likely shades are 25 away from their mean on average.
    assert figures["cycle_to_mean"] == pytest.approx(0.1 / (25 / 127.5), rel=0.02)


def test_the_judge_of_domains_is_taught_by_the_training_pictures_of_both() -> None:
    found = subject(100)
    del vars(found)["domain_classifier"]
    judge = found.domain_classifier
    assert judge.data.classes == ("dark", "light")
    assert len(found.second_domain) == 256
