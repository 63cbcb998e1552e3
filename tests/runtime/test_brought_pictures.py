"""What people open or drop in the Inpaint and Translate panels, whatever kind of file it is."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import unheard
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import Intake, PictureRead, QuestionsFound, ReadMask, ReadPicture, ReadQuestion, Task
from gen_studio.runtime.show import OnShow, from_checkpoint
from gen_studio.runtime.tasks import carry_out
from gen_studio.testing import brought
from gen_studio.testing.sessions import small_plan, trained

PLANS = {
    "translator": ("cyclegan", {"source": "toy_faces", "domains": "glasses"}, {"width": 4, "blocks": 1}),
    "painter": ("spade", {"source": "scenes"}, {"width": 4, "hidden": 4, "latents": 4}),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OnShow]:
    """Models that have trained for a step."""
    made = {}
    for name, (family, data, config) in PLANS.items():
        plan = small_plan(family, DataPlan.parse({**data, "size": 16, "count": 40}), {"batch_size": 2, **config})
        made[name] = from_checkpoint(trained(plan, tmp_path_factory.mktemp("brought") / name))
    return made


def ways_in(path: Path) -> dict[str, tuple[str, Task]]:
    return {
        "picture to be inpainted": ("translator", ReadPicture(path)),
        "picture to be translated": ("translator", ReadQuestion(path, at_model_size=False)),
        "look of a layout": ("painter", ReadQuestion(path, Intake.STYLE)),
    }


@pytest.mark.parametrize("way", ways_in(Path()))
@pytest.mark.parametrize("name", brought.GOOD)
def test_every_kind_of_picture_is_taken_and_what_was_done_to_it_said(shown, tmp_path: Path, way, name) -> None:
    brought.GOOD[name](tmp_path / name)
    model, task = ways_in(tmp_path / name)[way]
    found = carry_out(task, shown[model], unheard)
    assert isinstance(found, PictureRead | QuestionsFound)
    assert brought.REMARKS.get(name, "") in " ".join(found.remarks) and bool(found.remarks) is (name in brought.REMARKS)
    pixels = found.pixels if isinstance(found, PictureRead) else found.exercises[0].question
    if name == "deep.png":
        assert np.allclose(pixels[8, [1, -2]].mean(axis=1), (64, 191), atol=1)
    elif way == "look of a layout":
        assert pixels.shape == (16, 16, 3)
    else:
        assert brought.is_it(pixels)


@pytest.mark.parametrize("way", [*ways_in(Path()), "mask", "layout"])
@pytest.mark.parametrize("name", brought.BAD)
def test_what_is_no_picture_is_refused_in_a_sentence_with_its_name(shown, tmp_path: Path, way, name) -> None:
    make, words = brought.BAD[name]
    make(tmp_path / name)
    ways = {
        **ways_in(tmp_path / name),
        "mask": ("translator", ReadMask(tmp_path / name, 16, 24)),
        "layout": ("painter", ReadQuestion(tmp_path / name)),
    }
    model, task = ways[way]
    with pytest.raises(WrongUse) as refused:
        carry_out(task, shown[model], unheard)
    sentence = str(refused.value)
    assert words in sentence and name in sentence and sentence.endswith(".")


@pytest.mark.parametrize("name", brought.GOOD)
def test_a_photo_is_no_layout_and_no_mask_of_another_size(shown, tmp_path: Path, name) -> None:
    brought.GOOD[name](tmp_path / name)
    with pytest.raises(WrongUse, match=rf"{name}.*(layout|colours|classes)"):
        carry_out(ReadQuestion(tmp_path / name), shown["painter"], unheard)
    with pytest.raises(WrongUse, match="24 × 16 and the picture 10 × 9"):
        carry_out(ReadMask(tmp_path / name, 9, 10), shown["painter"], unheard)
