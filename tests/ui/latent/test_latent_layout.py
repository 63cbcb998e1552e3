"""What only some models have in the Latent panel, its files, and the panel in a narrow window."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from gen_studio.core.latents import Drawn, Given
from gen_studio.core.tasks import FoundNearest
from gen_studio.viewmodels.exploring import VIEW

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


# Models that have more


def test_truncation_stands_only_where_there_are_styles(explorer) -> None:
    person = explorer()
    person.opens()
    assert not person.stage.truncation.isVisible() and not person.controls.styles.isVisible()
    person.opens(capabilities=("HasLatent", "HasStyles"), style_layers=6, style_size=16)
    assert person.stage.truncation.isVisible() and person.controls.styles.isVisible()
    slider = person.stage.truncation.slider
    middle = slider.height() // 2
    person.drags(slider, *(QPoint(x, middle) for x in (slider.width() // 2, slider.width() // 3, 11)))
    assert person.exploring.picture.truncation == pytest.approx(0, abs=0.05)
    person.types(Qt.Key.Key_Z, CONTROL)
    assert person.exploring.picture.truncation == 1 and slider.number() == 1


def test_classes_are_chosen_and_blended(explorer) -> None:
    person = explorer()
    person.opens(capabilities=("HasLatent", "IsConditional"), class_names=("cat", "dog", "owl"))
    section = person.controls.classes
    assert section.isVisible() and not section._share_row.isVisible()
    section.first.setCurrentIndex(2)
    section.first.activated.emit(2)
    assert person.exploring.picture.classes == (0, 0, 1)
    section.second.setCurrentIndex(1)
    section.second.activated.emit(1)
    assert person.exploring.picture.classes == (0.5, 0, 0.5)
    person.settles()
    height = section.share.height() // 2
    person.drags(section.share, *(QPoint(x, height) for x in (section.share.width() // 2, 60, 5)))
    assert person.exploring.picture.classes == (0, 0, 1) and section.second.currentIndex() == 1
    for _ in range(3):
        person.exploring.undo()
    assert section.first.currentIndex() == 0 and section.second.currentIndex() == 0


# Files


def test_a_recipe_goes_to_the_clipboard_and_comes_back(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.exploring.draw(77)
    person.stage.files.copy_recipe()
    assert '"seed": 77' in QGuiApplication.clipboard().text()
    assert "clipboard" in person.stage.tasks.words()
    person.exploring.draw(1)
    person.stage.files.paste()
    assert person.exploring.picture.point == Drawn(seed=77)


def test_the_numbers_of_a_latent_go_to_the_clipboard_and_come_back(explorer) -> None:
    person = explorer()
    person.opens()
    person.exploring.set_dimension(3, 2.5)
    action_of(person.stage.files.menu(), "Copy latent").trigger()
    numbers = json.loads(QGuiApplication.clipboard().text())
    assert len(numbers) == 16 and numbers[3] == 2.5 and "clipboard" in person.stage.tasks.words()
    person.exploring.draw(1)
    person.stage.files.paste()
    person.settles()
    assert person.exploring.picture.point == Given(values=tuple(numbers))
    assert person.controls.dimensions.rows[3].value.text() == "+2.50"
    QGuiApplication.clipboard().setText(" ".join(map(str, numbers[:5])))
    person.stage.files.paste()
    assert person.exploring.picture.point == Given(values=tuple(numbers)), "five numbers are no latent of this model"


def test_the_nearest_training_pictures_are_shown_with_a_verdict(explorer, qtbot) -> None:
    person = explorer()
    person.opens(is_live=True)
    qtbot.mouseClick(person.stage.copying, LEFT)
    assert person.stage.tasks.isVisible()
    person.tasker.finish(FoundNearest(np.zeros((8, 8, 8, 1), np.uint8), np.arange(4, 12, dtype=np.float32), 20.0))
    assert person.stage.nearest.isVisible() and person.stage.nearest.verdict().endswith("a copy")
    qtbot.mouseClick(person.stage.nearest.close_button, LEFT)
    assert not person.stage.nearest.isVisible() and not person.stage.tasks.isVisible()


# Narrow windows


def test_a_narrow_window_has_the_map_and_pins_in_a_tab_at_the_right(explorer, qtbot) -> None:
    person = explorer(1100, 700)
    person.opens()
    person.surveys()
    person.pins(3, 4, 5, 6)
    assert person.shell.width() == 1100 and person.shell.height() == 700
    assert not person.context.isVisible() and person.controls.tabs.isVisible()
    assert person.stage.width() >= 440 and person.stage.picture.height() >= 256
    person.controls.tabs.set_index(1)
    assert person.context.map.view.isVisible() and person.context.pins.shelf.isVisible()
    assert person.context.map.view.width() > 300
    person.shell.resize(1440, 900)
    qtbot.waitUntil(person.context.isVisible)
    assert person.context.map.view.isVisible() and not person.controls.tabs.isVisible()
    assert person.controls.dimensions.isVisible()


def test_nothing_of_a_narrow_panel_is_cut_off_at_the_side(explorer) -> None:
    person = explorer(1100, 700)
    person.opens(capabilities=("HasLatent", "HasStyles", "IsConditional"), style_layers=6, class_names=("a", "b"))
    person.surveys()
    person.walks(3, 4, 5)
    for column in (person.stage, person.controls):
        for child in column.findChildren(QWidget):
            if child.isVisible() and child.window() is person.shell:
                right = child.mapTo(column, QPoint(child.width(), 0)).x()
                assert right <= column.width() + 1, f"{type(child).__name__} {child.accessibleName()}"


def test_the_stage_asks_before_anything_else(explorer) -> None:
    person = explorer()
    person.opens()
    count = len(person.looker.asked)
    person.exploring.draw(50)
    assert [ask.view for ask in person.looker.asked[count:]] == [VIEW]


def test_what_nobody_asked_for_takes_no_room_from_the_picture(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    assert person.screen.findings.is_surveying and not person.stage.tasks.isVisible()
    person.surveys()
    action_of(person.controls.directions.menu(), "Find the main directions again").trigger()
    assert person.stage.tasks.isVisible() and person.stage.tasks.cancel.isVisible()


def action_of(menu: QMenu, words: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == words)
