"""What may be asked of the latents of a run in seconds: carried out with its model, its data and its name."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core import origins
from gen_studio.core.jobs import unheard
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import FindNearest, FoundNearest, SavePictures, Survey, Surveyed, Written
from gen_studio.data import catalog
from gen_studio.inference.exploring import explore
from gen_studio.models.families.vae import VAE
from gen_studio.runtime.show import OnShow, from_checkpoint
from gen_studio.runtime.tasks import carry_out
from gen_studio.testing.sessions import small_plan, trained

DATA = DataPlan(source="digits", size=16, limit=200)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> OnShow:
    path = tmp_path_factory.mktemp("surveyed") / "my run"
    config = {"batch_size": 8, "hidden": 8, "latents": 3}
    return from_checkpoint(trained(small_plan(VAE.info.key, DATA, config, steps=3), path))


def test_pictures_are_saved_under_the_name_of_their_run(shown: OnShow, tmp_path: Path) -> None:
    pictures = tuple(LatentPicture(point=Drawn(seed=seed)) for seed in range(3))
    path = tmp_path / "strip.png"
    assert carry_out(SavePictures(pictures, path, columns=3), shown, unheard) == Written(path)
    origin = origins.read(path)
    assert (origin.run, origin.family, origin.step) == ("my run", "vae", 3)
    assert origin.pictures == pictures and origin.version


def test_a_survey_tells_components_and_what_numbers_do(shown: OnShow) -> None:
    found = carry_out(Survey(components=2), shown, unheard)
    assert isinstance(found, Surveyed)
    assert len(found.components) == len(found.shares) == 2
    assert all(len(direction.values) == 3 for direction in found.components)
    assert found.effects.shape == (3,) and (found.effects > 0).all()
    again = carry_out(Survey(components=2), shown, unheard)
    assert isinstance(again, Surveyed) and again.components == found.components


def test_the_nearest_training_pictures_come_with_how_far_is_usual(shown: OnShow) -> None:
    train = catalog.load(DATA).train.images
    picture = train[17].permute(1, 2, 0).numpy()
    found = carry_out(FindNearest(picture, count=4), shown, unheard)
    assert isinstance(found, FoundNearest)
    assert found.pictures.shape == (4, 16, 16, 1)
    assert np.array_equal(found.pictures[0], picture) and found.distances[0] == 0
    assert found.usual is not None and found.usual > 0
    sample, _ = explore(shown.model, [LatentPicture(point=Drawn(seed=0))])
    assert carry_out(FindNearest(sample[0]), shown, unheard).distances[0] > 0
