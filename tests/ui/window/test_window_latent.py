"""The Latent panel over the real service: on a run while it trains, and on what it leaves."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.models.families.pix2pix import Pix2Pix
from gen_studio.models.families.stylegan import StyleGAN
from gen_studio.viewmodels.training import Phase

CONTROL = Qt.KeyboardModifier.ControlModifier


def chip(person) -> str:
    return person.window.latent_panel.latent_stage.picture._chip.text()


def goes_to_latent(person) -> None:
    person.shell.show_panel("latent")
    person.waits(lambda: person.window.latent_panel.screen.exploring.pictures is not None)


def test_a_model_is_explored_while_it_trains_and_when_it_has_stopped(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    goes_to_latent(person)
    screen = person.window.latent_panel.screen
    person.waits(lambda: chip(person).startswith("live, step"))
    first = screen.exploring.shown_step
    person.waits(lambda: screen.exploring.shown_step > first)
    before = screen.exploring.pictures
    screen.exploring.set_dimension(0, 3.0)
    person.waits(lambda: not screen.exploring.is_waiting)
    assert not np.array_equal(before, screen.exploring.pictures)
    person.stops()
    person.waits(lambda: chip(person).startswith("step"))
    assert screen.exploring.picture.dimensions[0].value == 3.0, "what was done to the picture stays"
    assert person.training.phase is Phase.IDLE


def test_a_finished_run_is_surveyed_mapped_and_undone(open_window, small) -> None:
    person = open_window(small(steps=20))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    goes_to_latent(person)
    panel = person.window.latent_panel
    screen = panel.screen
    person.waits(lambda: screen.map.pictures is not None and screen.findings.effects_are_known)
    assert chip(person) == "step 20" and panel.controls.directions.rows
    picture = screen.exploring.picture
    person.qtbot.keyClick(person.shell, Qt.Key.Key_R)
    assert screen.exploring.picture != picture
    person.qtbot.keyClick(person.shell, Qt.Key.Key_Z, CONTROL)
    assert screen.exploring.picture == picture
    screen.findings.find_nearest()
    person.waits(lambda: screen.findings.nearest is not None)
    assert len(screen.findings.nearest.pictures) > 1


def test_letters_of_the_panel_are_free_on_others(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    before = person.window.latent_panel.screen.exploring.picture
    person.qtbot.keyClick(person.shell, Qt.Key.Key_R)
    assert person.window.latent_panel.screen.exploring.picture == before
    assert not any(action.panel for action in person.shell._listed())


def test_a_model_without_latents_says_so(open_window) -> None:
    data = DataPlan.parse({"source": "digits", "size": 16, "limit": 100, "pairs": "edges"})
    config = {"width": 4, "batch_size": 2}
    plan = RunPlan(family=Pix2Pix.info.key, data=data, config=config, steps=2, device=Device.CPU)
    person = open_window(plan)
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.shell.show_panel("latent")
    stage = person.window.latent_panel.latent_stage
    person.waits(lambda: "no latent space" in stage.nothing._sentence.text())
    person.clicks(stage.nothing.button)
    assert person.shell.top_bar.runs._popup.isVisible(), "another run can be chosen at once"
    person.shell.top_bar.runs._popup.close()


@pytest.mark.slow
def test_styles_are_truncated_mixed_and_have_noise(open_window, small) -> None:
    plan = small(steps=3).model_copy(
        update={
            "family": StyleGAN.info.key,
            "config": {"width": 4, "latents": 8, "batch_size": 4, "mapping_layers": 1, "phase_pictures": 0},
        }
    )
    person = open_window(plan)
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    goes_to_latent(person)
    panel = person.window.latent_panel
    exploring = panel.screen.exploring
    assert panel.latent_stage.truncation.isVisible() and panel.controls.styles.isVisible()
    panel.screen.pins.pin()
    exploring.draw(9)
    pictures = []
    styles = panel.controls.styles
    for change in (
        lambda: person.clicks(styles.add),
        lambda: person.clicks(styles.add),
        lambda: exploring.set_truncation(0.2),
        lambda: person.clicks(styles.noise.switch),
        lambda: person.clicks(styles.noise.dice),
    ):
        change()
        person.waits(lambda: not exploring.is_waiting)
        pictures.append(exploring.pictures.tobytes())
    assert len(set(pictures)) == 5
    assert len(styles.rows) == 2
