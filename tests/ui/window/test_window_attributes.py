"""The Attributes panel over the real services: on a run while it trains, and on what it leaves."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from gen_studio.core import origins
from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.models.families.pix2pix import Pix2Pix
from gen_studio.viewmodels.attributes_lesson import Source
from gen_studio.viewmodels.training import Phase

CONTROL = Qt.KeyboardModifier.ControlModifier


def goes_to_attributes(person) -> None:
    person.shell.show_panel("attributes")
    person.waits(lambda: person.window.attributes_panel.screen.stage.after_pixels is not None)


def learns(person, trait: str) -> None:
    lesson = person.window.attributes_panel.screen.lesson
    lesson.choose_source(Source.KNOWN)
    person.waits(lambda: lesson.facts is not None)
    lesson.set_lesson(trait=trait)
    person.clicks(person.window.attributes_panel.lesson.learning.learn)
    person.waits(lambda: not lesson.is_learning)


def test_an_attribute_is_learnt_and_changed_while_the_model_trains(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    goes_to_attributes(person)
    panel = person.window.attributes_panel
    screen = panel.screen
    first = screen.stage.shown_step
    person.waits(lambda: screen.stage.shown_step > first)
    learns(person, "class=1")
    (kept,) = screen.directions.kept
    assert kept.quality is not None and kept.direction.name == "Class: 1"
    panel.controls.sliders.rows[0].slider.set_number(2.0)
    person.waits(lambda: not screen.stage.is_waiting)
    assert not np.array_equal(screen.stage.after_pixels, screen.stage.before_pixels)
    person.shell.show_panel("latent")
    names = [row.slider.accessibleName() for row in person.window.latent_panel.controls.directions.rows]
    assert "Class: 1" in names, "what is learnt here is a slider there"
    assert person.training.phase is Phase.RUNNING
    person.stops()


def test_a_picture_of_ones_own_is_found_in_a_finished_run_and_a_strip_saved(open_window, small, tmp_path: Path) -> None:
    person = open_window(small(steps=30))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    goes_to_attributes(person)
    screen = person.window.attributes_panel.screen
    learns(person, "class=3")
    screen.own.paste(np.full((40, 30, 3), 120, np.uint8))
    person.waits(lambda: screen.own.own is not None)
    assert screen.own.own.how == "encoded" and screen.stage.before_pixels.shape == (16, 16, 1)
    screen.stage.save_strip(tmp_path / "strip.png")
    person.waits(lambda: (tmp_path / "strip.png").exists())
    assert len(origins.read(tmp_path / "strip.png").pictures) == 7
    for _ in range(3):
        person.qtbot.keyClick(person.shell, Qt.Key.Key_Z, CONTROL)
    assert screen.own.own is None and screen.directions.kept == ()


def test_piles_are_there_again_when_the_app_is_opened_next(open_window, small, tmp_path: Path) -> None:
    person = open_window(small(steps=30))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    run = person.folder().path
    goes_to_attributes(person)
    screen = person.window.attributes_panel.screen
    sample = screen.lesson.offered[0]
    screen.lesson.sort(sample, "more")
    Image.fromarray(np.full((30, 20, 3), 200, np.uint8)).save(tmp_path / "mine.png")
    screen.bringing.bring([tmp_path / "mine.png"], "less")
    person.waits(lambda: screen.lesson.editing.less)
    (mine,) = screen.lesson.editing.less
    person.shell.close()
    (tmp_path / "mine.png").unlink()
    again = open_window()
    again.waits_for_library()
    again.training.show(run)
    goes_to_attributes(again)
    lesson = again.window.attributes_panel.screen.lesson
    assert lesson.editing.more == (sample,) and lesson.editing.less == (mine,)
    assert np.array_equal(lesson.picture(lesson.editing.less[0]), mine.pixels)
    again.clicks(again.window.attributes_panel.lesson.learning.learn)
    again.waits(lambda: not lesson.is_learning)
    assert len(again.window.attributes_panel.screen.directions.kept) == 1


def test_a_picture_is_sought_in_a_model_without_an_encoder_and_the_search_is_called_off(open_window, small) -> None:
    config = {"width": 8, "latents": 8, "batch_size": 8}
    person = open_window(small(steps=2).model_copy(update={"family": DCGAN.info.key, "config": config}))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    goes_to_attributes(person)
    panel = person.window.attributes_panel
    screen = panel.screen
    picture = screen.exploring.picture
    screen.own.paste(np.full((16, 16, 3), 90, np.uint8))
    person.waits(lambda: screen.own.share is not None)
    assert panel.attributes_stage.tasks.isVisible()
    person.clicks(panel.attributes_stage.tasks.cancel)
    person.waits(lambda: not screen.own.is_searching)
    assert screen.own.own is None and screen.exploring.picture == picture
    assert person.shell.error_bar.notice() is None, "what one calls off is no failure"


def test_a_model_without_latents_says_so(open_window) -> None:
    data = DataPlan.parse({"source": "digits", "size": 16, "limit": 100, "pairs": "edges"})
    config = {"width": 4, "batch_size": 2}
    person = open_window(RunPlan(family=Pix2Pix.info.key, data=data, config=config, steps=2, device=Device.CPU))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.shell.show_panel("attributes")
    stage = person.window.attributes_panel.attributes_stage
    person.waits(lambda: "no latents" in stage.nothing._sentence.text())
    person.clicks(stage.nothing.button)
    assert person.shell.top_bar.runs._popup.isVisible(), "another run can be chosen at once"
    person.shell.top_bar.runs._popup.close()
