"""Each way of training that is measured really trains, on few pictures and for a moment: the figures mean nothing."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.benchmarks import pace, tutorial_pictures
from gen_studio.benchmarks.benchmark import Conditions
from gen_studio.benchmarks.comparison import SPEED
from gen_studio.benchmarks.definitions import tutorial_dcgan, tutorial_vae
from gen_studio.benchmarks.registry import find
from gen_studio.core.jobs import unheard
from gen_studio.models.families.dcgan import DCGANConfig

MOMENT = Conditions(threads=1, seconds=0.0)


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """Four files in the layout of the real ones, with noise in them."""
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for part, number in (("train", 400), ("t10k", 40)):
        pictures = rng.integers(0, 256, (number, 28, 28), dtype=np.uint8)
        labels = (np.arange(number) % 10).astype(np.uint8)
        for kind, array in (("images-idx3", pictures), ("labels-idx1", labels)):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(side.to_bytes(4, "big") for side in array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())
    return tmp_path


@pytest.mark.parametrize("variant", ["session", "tutorial, no workers", "ready batches", "ready batches, bare"])
def test_every_way_of_training_the_dense_network_runs(variant: str, mnist: Path, tmp_path: Path) -> None:
    conditions = Conditions(root=mnist, threads=1, seconds=0.0)
    assert tutorial_vae.TutorialVAE().obstacle(conditions) is None
    measured = tutorial_vae.TutorialVAE().variants(conditions)[variant](conditions, tmp_path)
    assert measured[SPEED] > 0


def test_missing_data_are_a_sentence(tmp_path: Path) -> None:
    nothing_there = Conditions(root=tmp_path)
    for name in ("tutorial-vae", "evidence-vae", "evidence-dcgan", "evidence-pix2pix"):
        obstacle = find(name).obstacle(nothing_there)
        assert obstacle and obstacle.endswith("."), name


@pytest.mark.parametrize("variant", ["float32 session", "tutorial, no workers"])
def test_every_way_of_training_the_convolutional_game_runs(
    variant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tutorial_dcgan, "CONFIG", DCGANConfig(batch_size=4, width=4, latents=8))
    tutorial_pictures.draw(tmp_path / "drawn", 16, 64)
    assert tutorial_dcgan.TutorialDCGAN().variants(MOMENT)[variant](MOMENT, tmp_path)[SPEED] > 0


def test_drawn_pictures_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("first", "second"):
        tutorial_pictures.draw(tmp_path / name, 3, 16)
    files = [sorted((tmp_path / name / "pictures").iterdir()) for name in ("first", "second")]
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]
    assert len(files[0]) == 3


def test_the_warm_up_is_not_counted() -> None:
    calls = []

    def step() -> int:
        calls.append(1)
        return 1_000_000 if len(calls) <= pace.LEAST_STEPS else 0

    assert pace.images_per_second(step, 0.0) == 0.0
    assert len(calls) == 2 * pace.LEAST_STEPS


@pytest.mark.parametrize("family", ["gan", "wgan_gp", "acgan", "ali", "stylegan2"])
@pytest.mark.parametrize("way", ["session", "plain"])
def test_both_ways_of_training_an_adversarial_family_run(family: str, way: str, mnist: Path, tmp_path: Path) -> None:
    conditions = Conditions(root=mnist, threads=1, seconds=0.0)
    assert find("families").variants(conditions)[f"{family}, {way}"](conditions, tmp_path)[SPEED] > 0


def test_the_share_of_the_diagnostics_is_taken_where_pictures_are_looked_at(mnist: Path, tmp_path: Path) -> None:
    conditions = Conditions(root=mnist, threads=1, seconds=0.0)
    readings = find("families").variants(conditions)["gan, watched"](conditions, tmp_path)
    assert 0 < readings["share of the diagnostics"] < 1
    figures = {f"gan, watched {key}" for key in readings}
    assert figures & {goal.key for goal in find("families").goals}


def test_evidence_is_the_recipe_trained_and_judged(mnist: Path, tmp_path: Path) -> None:
    conditions = Conditions(root=mnist, threads=1, share=1e-6)
    measured = find("evidence-vae").measure(conditions, tmp_path, unheard)
    assert measured.figures["test_score"] > 0 and measured.settings["config"]["hidden"] == 400
    assert {goal.key for goal in find("evidence-vae").goals} <= set(measured.figures)
