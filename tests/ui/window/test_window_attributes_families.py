"""Every family with latents in the Attributes panel: while it trains, and on what it leaves."""

import numpy as np
import pytest

from gen_studio.models import registry
from gen_studio.models.capabilities import CanAutoencode, HasLatent
from gen_studio.testing import subjects
from gen_studio.viewmodels.training import Phase

WITH_LATENTS = [key for key in registry.families() if issubclass(registry.find(key), HasLatent | CanAutoencode)]


@pytest.mark.parametrize("key", WITH_LATENTS)
def test_a_direction_is_learnt_and_followed_while_it_trains_and_afterwards(open_window, small, key: str) -> None:
    family = registry.find(key)
    config = subjects.tiny_config(family).model_dump(mode="json")
    person = open_window(small().model_copy(update={"family": key, "config": config}))
    person.starts()
    person.shell.show_panel("attributes")
    panel = person.window.attributes_panel
    screen, picture = panel.screen, panel.attributes_stage.picture
    person.waits(lambda: screen.stage.after_pixels is not None)
    assert picture._chip.text().startswith("live, step")
    person.waits(lambda: len(screen.lesson.offered) >= 4)
    for place, example in enumerate(screen.lesson.offered[:4]):
        screen.lesson.sort(example, "more" if place % 2 else "less")
    person.clicks(panel.lesson.learning.learn)
    person.waits(lambda: not screen.lesson.is_learning)
    (row,) = panel.controls.sliders.rows
    follows(person, row, 3.0)
    person.stops()
    person.waits(lambda: picture._chip.text().startswith("step"))
    follows(person, row, -3.0)
    person.waits(lambda: screen.stage.strip_pictures is not None)
    assert len(screen.stage.strip_pictures) == 7
    assert person.training.phase is Phase.IDLE and person.shell.error_bar.notice() is None


def follows(person, row, strength: float) -> None:
    """The picture, where a slider leads it."""
    stage = person.window.attributes_panel.screen.stage
    row.slider.set_number(0.0)
    person.waits(lambda: np.array_equal(stage.after_pixels, stage.model_pixels))
    row.slider.set_number(strength)
    person.waits(lambda: not np.array_equal(stage.after_pixels, stage.model_pixels))
