"""A saved picture is had again from its file, bit for bit, with a trained network and all that may decide it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core import origins
from gen_studio.core.enlarging import Scaling
from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import (
    Curve,
    Dimension,
    Direction,
    Drawn,
    LatentPicture,
    Mixed,
    Move,
    Near,
    Space,
    StyleMix,
)
from gen_studio.core.origins import Origin
from gen_studio.inference.exploring import explore
from gen_studio.inference.saving import Sheet, save
from gen_studio.models.capabilities import HasLatent, HasStyles, IsConditional
from gen_studio.models.families.cdcgan import CDCGAN
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.models.families.stylegan2 import StyleGAN2
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

FAMILIES = {
    CDCGAN: {"width": 4, "latents": 8, "batch_size": 4},
    DCGAN: {"width": 4, "latents": 8, "batch_size": 4},
    StyleGAN2: {"width": 8, "latents": 8, "batch_size": 4},
}


@pytest.fixture(scope="module", params=FAMILIES, ids=lambda family: family.info.key)
def model(request: pytest.FixtureRequest) -> HasLatent:
    learner = Learner(subjects.plan_for(request.param, FAMILIES[request.param]), subjects.pictures(channels=3))
    subjects.train(learner, 2)
    shown = learner.new_shown_model()
    assert isinstance(shown, HasLatent)
    return shown


def elaborate(model: HasLatent, seed: int = 0) -> LatentPicture:
    """As much of everything as the model has."""
    ends = (Near(point=Drawn(seed=seed), seed=1, distance=0.3), Drawn(seed=2))
    way = np.random.default_rng(seed).normal(size=8).tolist()
    moves = [Move(direction=Direction(name="way", values=tuple(way)), strength=0.123)]
    if isinstance(model, HasStyles):
        among_styles = Direction(name="style", space=Space.STYLE, values=tuple(way), last_layer=2)
        moves.append(Move(direction=among_styles, strength=-1 / 3))
    return LatentPicture(
        point=Mixed(points=ends, weights=(0.7, 0.3), curve=Curve.SPHERICAL),
        dimensions=(Dimension(index=3, value=1 / 7),),
        moves=tuple(moves),
        truncation=0.7,
        mixes=(StyleMix(point=Drawn(seed=9), first_layer=1, last_layer=2),) if isinstance(model, HasStyles) else (),
        classes=(0.25, *(0.75 / (len(model.class_names) - 1),) * (len(model.class_names) - 1))
        if isinstance(model, IsConditional)
        else (),
        noise=5 if isinstance(model, HasStyles) else None,
    )


def origin(*pictures: LatentPicture) -> Origin:
    return Origin(run="run", family="family", step=2, pictures=pictures)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_picture_is_had_again_from_its_file_to_the_last_bit(model: HasLatent, tmp_path: Path) -> None:
    path = tmp_path / "kept.png"
    save(model, origin(elaborate(model)), Sheet(path))
    found = origins.read(path)
    assert found == origin(elaborate(model))
    again, _ = explore(model, found.pictures)
    assert np.array_equal(again[0], pixels(path))


def test_each_picture_of_a_strip_is_the_one_it_would_be_alone(model: HasLatent, tmp_path: Path) -> None:
    several = [elaborate(model, seed) for seed in range(4)]
    save(model, origin(*several), Sheet(tmp_path / "grid.png", columns=2, height=32))
    sheet = pixels(tmp_path / "grid.png")
    assert sheet.shape == (64, 64, 3)
    found = origins.read(tmp_path / "grid.png")
    assert (found.columns, found.pictures) == (2, tuple(several))
    for number, picture in enumerate(found.pictures):
        save(model, origin(picture), Sheet(tmp_path / "one.png", height=32, scaling=Scaling.SQUARES))
        row, cell = divmod(number, 2)
        assert np.array_equal(sheet[32 * row : 32 * row + 32, 32 * cell : 32 * cell + 32], pixels(tmp_path / "one.png"))


def test_what_cannot_be_saved_is_a_sentence_and_leaves_nothing(model: HasLatent, tmp_path: Path) -> None:
    picture = origin(LatentPicture(point=Drawn(seed=0)))
    with pytest.raises(WrongUse, match=r"not a PNG file.*picture\.png"):
        save(model, picture, Sheet(tmp_path / "picture.jpg"))
    with pytest.raises(WrongUse, match="not 40"):
        save(model, picture, Sheet(tmp_path / "picture.png", height=40))
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(WrongUse, match="is a folder"):
        save(model, picture, Sheet(tmp_path / "folder.png"))

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        save(model, picture, Sheet(tmp_path / "picture.png"), report=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]
