"""Every family with latents in the Latent panel: while it trains, and on what it leaves."""

import numpy as np
import pytest

from gen_studio.models import registry
from gen_studio.models.capabilities import HasLatent
from gen_studio.testing import subjects
from gen_studio.viewmodels.training import Phase

WITH_LATENTS = [key for key in registry.families() if issubclass(registry.find(key), HasLatent)]


@pytest.mark.parametrize("key", WITH_LATENTS)
def test_a_latent_space_is_walked_through_while_it_trains_and_afterwards(open_window, small, key: str) -> None:
    config = subjects.tiny_config(registry.find(key)).model_dump(mode="json")
    person = open_window(small().model_copy(update={"family": key, "config": config}))
    person.starts()
    person.shell.show_panel("latent")
    panel = person.window.latent_panel
    screen, chip = panel.screen, panel.latent_stage.picture._chip
    person.waits(lambda: chip.text().startswith("live, step"))
    uses(person, 2.5)
    person.stops()
    person.waits(lambda: chip.text().startswith("step"))
    uses(person, -2.5)
    person.waits(lambda: screen.findings.effects_are_known)
    assert panel.controls.directions.rows and screen.map.directions is not None
    person.waits(lambda: screen.map.pictures is not None and not screen.map._rows)
    screen.findings.find_nearest()
    person.waits(lambda: screen.findings.nearest is not None)
    assert person.training.phase is Phase.IDLE and person.shell.error_bar.notice() is None


def uses(person, number: float) -> None:
    """A number of the latent, what only some models have, a walk, and all of it back again."""
    panel = person.window.latent_panel
    exploring, walk, controls = panel.screen.exploring, panel.screen.walk, panel.controls
    before = exploring.picture
    changes = [lambda: controls.dimensions.rows[0].slider.set_number(number)]
    if controls.classes.isVisible():
        changes.append(lambda: blends(controls.classes))
    if controls.styles.isVisible():
        changes += [lambda: person.clicks(controls.styles.add), lambda: person.clicks(controls.styles.noise.switch)]
    walk.set_keyframes(())
    for change in changes:
        walk.add_keyframe()
        asked = exploring.picture
        change()
        assert exploring.picture != asked
        answered(person)
    walk.add_keyframe()
    walk.seek(walk.walk.seconds / 2)
    answered(person)
    while exploring.picture != before:
        person.clicks(controls.foot.undo)
    answered(person)


def blends(classes) -> None:
    """Half of another class."""
    classes.second.setCurrentIndex(2)
    classes.second.activated.emit(2)


def answered(person) -> None:
    """Pictures of numbers, of what is asked for now."""
    exploring = person.window.latent_panel.screen.exploring
    person.waits(lambda: not exploring.is_waiting)
    assert exploring.pictures is not None and exploring.latent is not None and np.isfinite(exploring.latent).all()
