"""Figures of answers to held-out pairs, beside those of whoever does nothing."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.metrics.likeness import psnr, ssim
from gen_studio.metrics.measures import MEASURES, Subject, find, measure
from gen_studio.models.capabilities import CanTranslate, CanUpscale
from gen_studio.nets.bicubic import enlarged, shrunk


class Echo(CanTranslate):
    """Answers with the question."""

    info = SimpleNamespace(title="Echo")
    score = None

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return inputs


class Repeat(CanUpscale):
    """Repeats pixels."""

    info = SimpleNamespace(title="Repeat")
    score = None
    scale = 2

    def upscale(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return inputs.repeat_interleave(2, 2).repeat_interleave(2, 3)


def dataset(size: int = 16, paired: bool = True) -> Dataset:
    spec = DataSpec(3, size, size, (), 3 if paired else None)
    rng = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (6, 3, size, size), generator=rng, dtype=torch.uint8)
    columns = {"images": images, "inputs": images.flip(0)} if paired else {"images": images}
    return Dataset(DataPlan(), spec, {split: ImageSet(spec, columns) for split in Split})


def subject(model: object, data: Dataset) -> Subject:
    return Subject(model, data, torch.device("cpu"), lambda: pytest.fail("no classifier is needed"))  # type: ignore[arg-type]


def test_who_does_nothing_gains_nothing() -> None:
    figures = measure(subject(Echo(), dataset()), ["psnr_gain", "ssim_gain", "l1_to_input"])
    assert figures["psnr_gain"] == figures["ssim_gain"] == 0
    assert figures["l1_to_input"] == 1
    batch = dataset().test.batch(torch.arange(6))
    assert batch.inputs is not None
    assert figures["psnr"] == figures["psnr_baseline"] == pytest.approx(float(psnr(batch.inputs, batch.images).mean()))
    assert figures["ssim"] == pytest.approx(float(ssim(batch.inputs, batch.images).mean()))


def test_an_enlargement_stands_beside_bicubic() -> None:
    data, model = dataset(paired=False), Repeat()
    figures = measure(subject(model, data), ["psnr_gain", "ssim", "l1"])
    images = data.test.batch(torch.arange(6)).images
    bicubic = float(psnr(enlarged(shrunk(images, 2), 2), images).mean())
    own = float(psnr(model.upscale(shrunk(images, 2), torch.Generator()), images).mean())
    assert figures["psnr_baseline"] == pytest.approx(bicubic)
    assert figures["psnr_gain"] == pytest.approx(own - bicubic) and own != bicubic
    assert "ssim_baseline" in figures
    assert find("psnr_baseline").settings(subject(model, data))["baseline"] == "bicubic"


def test_a_translator_of_unpaired_pictures_has_no_targets() -> None:
    for key in ("l1", "psnr", "ssim", "psnr_gain", "l1_to_mean"):
        with pytest.raises(WrongUse, match="no targets"):
            measure(subject(Echo(), dataset(paired=False)), [key])


def test_ssim_needs_pictures_as_large_as_its_window() -> None:
    small = replace(dataset(8), plan=DataPlan(size=8))
    assert MEASURES["psnr"].refusal(subject(Echo(), small)) is None
    assert "11 pixels" in (MEASURES["ssim"].refusal(subject(Echo(), small)) or "")
