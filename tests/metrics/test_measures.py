"""Figures of models whose right answers are known beforehand."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.metrics.classifier import Classifier, Schedule, train_classifier
from gen_studio.metrics.measures import MEASURES, Subject, find, measure
from gen_studio.metrics.subject import AT_ONCE, SEED, mean_picture
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.capabilities import CanAutoencode, CanDenoise, CanTranslate, IsConditional

CLASSES = ("left", "right")
SPEC = DataSpec(1, 8, 8, CLASSES)


def halves(labels: Tensor, seed: int) -> Tensor:
    """Noise (N, 1, 8, 8) uint8, brighter in the half that the label names."""
    rng = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 120, (len(labels), 1, 8, 8), generator=rng, dtype=torch.uint8)
    images[labels == 0, :, :, :4] += 130
    images[labels == 1, :, :, 4:] += 130
    return images


def image_set(number: int, seed: int) -> ImageSet:
    labels = torch.arange(number) % 2
    return ImageSet(SPEC, {"images": halves(labels, seed), "labels": labels})


@cache
def dataset() -> Dataset:
    return Dataset(
        DataPlan(source="folder", size=8),
        SPEC,
        {Split.TRAIN: image_set(256, 0), Split.VALIDATION: image_set(8, 1), Split.TEST: image_set(300, 2)},
    )


@cache
def classifier() -> Classifier:
    return train_classifier(dataset().train, Schedule(epochs=4, batch_size=16, width=8))


class Known(IsConditional):
    """Draws pictures as the data has them, but only of the labels it is told to honour."""

    info = SimpleNamespace(title="Known")

    score = None

    def __init__(self, labels: tuple[int, ...] = (0, 1)) -> None:
        self.shown = torch.tensor(labels)

    latent_shape = (1,)
    class_names = CLASSES

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        seed = int(latents.sum().abs() * 1000)
        return halves(self.shown[labels], seed).float() / 127.5 - 1

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return self.decode_as(latents, weights.argmax(1))


def subject(model: object, data: Dataset | None = None) -> Subject:
    return Subject(model, data or dataset(), torch.device("cpu"), classifier)  # type: ignore[arg-type]


def test_a_model_that_heeds_its_labels_is_seen_to_and_one_that_ignores_them_is_not():
    figures = measure(subject(Known()), ["label_accuracy", "rarest_class", "classes_seen"])
    assert figures["label_accuracy"] > 0.95 and figures["rarest_class"] > 0.45 and figures["classes_seen"] == 2
    assert figures["classifier_accuracy"] > 0.95  # reported beside them: what a judge says is worth no more
    blind = measure(subject(Known((0, 0))), ["label_accuracy", "rarest_class", "classes_seen"])
    assert blind["label_accuracy"] == pytest.approx(0.5, abs=0.03)
    assert blind["rarest_class"] < 0.03


def test_the_data_itself_is_closer_than_a_model_that_lost_a_class():
    close = measure(subject(Known()), ["classifier_fid"])["classifier_fid"]
    collapsed = measure(subject(Known((0, 0))), ["classifier_fid"])["classifier_fid"]
    assert 0 <= close < 0.05 * collapsed


def test_the_share_of_an_untrained_model_is_that_of_its_first_weights():
    family = registry.find("dcgan")
    spec = DataSpec(1, 16, 16, CLASSES)
    config = family.Config.parse({"width": 4, "latents": 4, "batch_size": 4})
    sets = {
        split: ImageSet(spec, {"images": torch.zeros(20, 1, 16, 16, dtype=torch.uint8), "labels": torch.arange(20) % 2})
        for split in Split
    }
    data = Dataset(DataPlan(source="folder", size=16), spec, sets)
    judge = train_classifier(data.train, Schedule(epochs=1, batch_size=4, width=4))
    model = build(family, config, spec, torch.Generator().manual_seed(SEED)).eval()
    figures = measure(Subject(model, data, torch.device("cpu"), lambda: judge), ["classifier_fid_share"])
    assert figures["classifier_fid_share"] == pytest.approx(1.0)


class Echo(CanTranslate):
    """Answers with the question, or with the answer: `by` 0 or 1 of the way to white."""

    info = SimpleNamespace(title="Echo")

    score = None

    def __init__(self, by: float) -> None:
        self.by = by

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return inputs + self.by * (1 - inputs)


def pairs() -> Dataset:
    """Black questions, white answers, all of them; the mean picture is the answer but for one in four."""
    spec = DataSpec(1, 8, 8, (), 1)

    def part(number: int) -> ImageSet:
        images = torch.full((number, 1, 8, 8), 255, dtype=torch.uint8)
        images[::4] = 0
        return ImageSet(spec, {"images": images, "inputs": torch.zeros_like(images)})

    return Dataset(DataPlan(source="pairs", size=8), spec, {split: part(40) for split in Split})


def test_translation_errors_are_those_worked_out_by_hand():
    # Answers white for 30 of 40 pairs, black for 10; questions black. Distances in [-1, 1]: black to white is 2.
    still = measure(subject(Echo(0.0), pairs()), ["l1", "l1_to_input", "l1_to_mean"])
    assert still["l1"] == pytest.approx(1.5)
    assert still["l1_to_input"] == pytest.approx(1.0)
    # The mean picture is 0.5: 0.5 from white, 1.5 from black.
    assert still["l1_to_mean"] == pytest.approx(1.5 / (0.75 * 0.5 + 0.25 * 1.5), rel=1e-3)
    white = measure(subject(Echo(1.0), pairs()), ["l1_to_input"])
    assert white["l1_to_input"] == pytest.approx(0.5 / 1.5) and white["l1"] == pytest.approx(0.5)


class Fading(CanAutoencode, CanDenoise):
    """Gives a share of the picture back. Its code is the picture, its noise is all of it."""

    info = SimpleNamespace(title="Fading")
    score = None
    latent_shape = SPEC.shape

    def __init__(self, share: float) -> None:
        self.share = share

    def encode(self, images: Tensor) -> Tensor:
        return images

    def decode(self, latents: Tensor) -> Tensor:
        return self.share * latents

    def corrupt(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return torch.zeros_like(images)


def test_reconstruction_errors_are_those_worked_out_by_hand():
    # 30 of 40 pictures white, 10 black, in [-1, 1]: their variance around the mean picture, 0.5, is 0.75.
    keys = ["reconstruction_error", "reconstruction_to_mean", "denoised_to_mean"]
    half = measure(subject(Fading(0.5), pairs()), keys)
    assert half["reconstruction_error"] == pytest.approx(0.25)
    assert half["reconstruction_to_mean"] == pytest.approx(0.25 / 0.75, rel=1e-3)
    # Of nothing, grey is made: 1 from white and from black.
    assert half["denoised_to_mean"] == pytest.approx(1 / 0.75, rel=1e-3)
    assert measure(subject(Fading(1.0), pairs()), keys[1:2])["reconstruction_to_mean"] == 0
    assert "reconstruction_error" in measure(subject(Fading(1.0), pairs()), keys[1:2])


def test_a_code_that_shows_the_class_is_worth_more_than_one_that_does_not():
    assert measure(subject(Fading(1.0)), ["probe_accuracy"])["probe_accuracy"] > 0.99

    class Blind(Fading):
        def encode(self, images: Tensor) -> Tensor:
            return images[:, :, :1, 3:5].mean(3, keepdim=True) * 0

    assert measure(subject(Blind(1.0)), ["probe_accuracy"])["probe_accuracy"] == pytest.approx(0.5, abs=0.05)


def test_the_mean_picture_is_that_of_all_pictures():
    images = torch.zeros(300, 1, 2, 2, dtype=torch.uint8)
    images[:150] = 255
    images[0, 0, 0, 0] = 0
    mean = mean_picture(ImageSet(DataSpec(1, 2, 2), {"images": images}))
    assert mean[0, 1, 1].item() == pytest.approx(0, abs=1e-6)
    assert mean[0, 0, 0].item() == pytest.approx(-2 / 300, abs=1e-6)


def test_a_score_is_the_mean_over_all_test_pictures():
    family = registry.find("vae")
    model = build(family, family.Config.parse({"hidden": 4, "latents": 2}), SPEC, torch.Generator()).eval()
    figure = measure(subject(model), ["test_score"])["test_score"]
    one = subject(model)
    # By hand over the 300 test pictures in batches of 128, 128 and 44, with the same chance.
    rng = one.generator()
    rows = torch.arange(300).split(AT_ONCE)
    assert [len(part) for part in rows] == [128, 128, 44]
    total = sum(float(model.validate(dataset().test.batch(part), rng)["loss"].detach()) * len(part) for part in rows)
    assert figure == pytest.approx(total / 300, rel=1e-5)


@pytest.mark.parametrize("key", ["label_accuracy", "l1", "test_score"])
def test_what_a_model_cannot_be_judged_by_is_a_sentence(key):
    class Nothing:
        info = SimpleNamespace(title="Nothing")

        score = None

    with pytest.raises(WrongUse, match=r"Nothing has no .*\. Choose another measure: "):
        measure(subject(Nothing()), [key])


def test_a_judge_needs_labels_and_a_measure_has_to_exist():
    with pytest.raises(WrongUse, match="needs class labels"):
        measure(subject(Known(), pairs()), ["rarest_class"])
    with pytest.raises(WrongUse, match='Did you mean "rarest_class"'):
        measure(subject(Known()), ["rarest_clas"])


def test_every_measure_says_what_it_is():
    assert all(one.words and one.key == key for key, one in MEASURES.items())
    assert all(other in MEASURES for one in MEASURES.values() for other in one.beside)


def test_short_names_are_the_same_figures():
    assert find("recon") is MEASURES["reconstruction_error"]
    assert find("fid") is MEASURES["classifier_fid"]
    assert find("bpd") is MEASURES["bits_per_dimension"]
    assert list(measure(subject(Fading(0.5), pairs()), ["recon"])) == ["reconstruction_error"]
    with pytest.raises(WrongUse, match='Did you mean "recon"'):
        find("reco")


def test_a_refusal_names_the_figures_that_there_are():
    with pytest.raises(
        WrongUse, match="Choose another measure: l1, l1_to_input, l1_to_mean, psnr, psnr_baseline, psnr_gain.$"
    ):
        measure(subject(Echo(0.0), pairs()), ["kl"])


def test_a_job_under_way_is_told_and_can_be_called_off():
    told = []
    measure(replace(subject(Known()), report=told.append), ["classifier_fid"])
    assert {one.what for one in told} == {"Judging pictures", "Making samples"}
    assert all(0 <= one.done < one.total == 300 for one in told)

    def call_off(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        measure(replace(subject(Known()), report=call_off), ["classifier_fid"])
