"""The picture of the Latent panel under sliders, seeds and keys, and what stands there without one."""

import pytest
from PySide6.QtCore import QPoint, Qt

from gen_studio.core.latents import Drawn, LatentPicture, Near
from gen_studio.viewmodels.exploring import AROUND_VIEW, StageView

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


# What is seen


def test_without_a_run_there_is_a_sentence_and_a_way_on(explorer, qtbot) -> None:
    person = explorer()
    assert person.stage.nothing.isVisible() and not person.stage.walk.isVisible()
    with qtbot.waitSignal(person.stage.way_on):
        qtbot.mouseClick(person.stage.nothing.button, LEFT)


def test_a_model_without_latents_has_one_sentence_and_a_way_on(explorer) -> None:
    person = explorer()
    person.opens(capabilities=("CanTranslate",), latent_shape=())
    assert person.stage.nothing.isVisible()
    assert "no latent space" in person.stage.nothing._sentence.text()
    assert person.stage.nothing.button.text() == "Choose another run"
    assert person.looker.asked == []


def test_the_picture_says_which_weights_made_it(explorer) -> None:
    person = explorer()
    person.opens(is_live=True, step=12_400)
    assert person.stage.picture.isVisible() and person.chip == "live, step 12,400"
    person.looker.say_updated(12_500)
    person.settles()
    assert person.chip == "live, step 12,500"
    person.looker.say_opened(is_live=False)
    person.settles()
    assert person.chip == "step 12,500"


def test_what_takes_long_says_so_and_keeps_the_last_picture(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    before = person.stage.picture._pictures
    person.exploring.draw(5)
    qtbot.waitUntil(lambda: person.chip == "rendering")
    assert person.stage.picture._pictures is before
    person.settles()
    assert person.chip == "step 500"


# Sliders, seeds, undo


def test_dragging_a_number_moves_the_picture_and_is_one_step_to_undo(explorer) -> None:
    person = explorer()
    person.opens()
    row = person.controls.dimensions.rows[2]
    slider, before = row.slider, person.exploring.picture
    middle = slider.height() // 2
    person.drags(slider, QPoint(60, middle), QPoint(100, middle), QPoint(130, middle), QPoint(150, middle))
    (dimension,) = person.exploring.picture.dimensions
    assert dimension.index == 2 and dimension.value == pytest.approx(slider.number())
    assert row.value.text().lstrip("+−") == f"{abs(dimension.value):.2f}"
    person.types(Qt.Key.Key_Z, CONTROL)
    assert person.exploring.picture == before
    person.types(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert person.exploring.picture.dimensions == (dimension,)


def test_a_double_click_gives_a_number_back_to_its_place(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    row = person.controls.dimensions.rows[0]
    own = row.slider.number()
    person.exploring.set_dimension(0, 3.0)
    assert row.slider.number() == pytest.approx(3.0) and person.controls.foot.reset.isEnabled()
    qtbot.mouseDClick(row.slider, LEFT)
    assert person.exploring.picture.dimensions == () and row.slider.number() == pytest.approx(own)
    assert not person.controls.foot.reset.isEnabled(), "Reset lights up only where something differs"


def test_a_number_that_is_written_is_taken_even_beyond_the_slider(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    row = person.controls.dimensions.rows[1]
    row.value.selectAll()
    qtbot.keyClicks(row.value, "4.25")
    qtbot.keyClick(row.value, Qt.Key.Key_Return)
    assert person.exploring.picture.dimensions[0].value == 4.25 and row.value.text() == "+4.25"


def test_numbers_are_turned_page_by_page_and_sorted_by_what_they_do(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    section = person.controls.dimensions
    assert section._count.text() == "1 to 9 of 16" and not section.sort.isVisible()
    qtbot.mouseClick(section.forth, LEFT)
    assert [row.index for row in section.rows if row.isVisible()] == list(range(9, 16))
    person.surveys()
    assert section.sort.isVisible() and section.sort.currentText() == "Most active"
    assert [row.index for row in section.rows][:3] == [15, 14, 13]
    section.sort.setCurrentIndex(0)
    section.sort.activated.emit(0)
    assert [row.index for row in section.rows][:3] == [0, 1, 2]
    person.surveys()
    assert section.sort.currentText() == "As numbered", "what was chosen stays"


def test_numbers_change_places_only_once_the_hand_lets_go(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    slider = person.controls.dimensions.rows[2].slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(100, middle))
    person.surveys()
    qtbot.mouseMove(slider, QPoint(140, middle))
    assert [dimension.index for dimension in person.exploring.picture.dimensions] == [2]
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(140, middle))
    assert person.controls.dimensions.rows[0].index == 15


def test_directions_are_sliders_as_soon_as_they_are_found(explorer, main_directions) -> None:
    person = explorer()
    person.opens()
    section = person.controls.directions
    assert section.rows == [] and not section.find_button.isVisible(), "they are being looked for"
    person.surveys()
    assert len(section.rows) == 6
    slider = section.rows[1].slider
    middle = slider.height() // 2
    person.drags(slider, QPoint(slider.width() // 2, middle), QPoint(slider.width() - 12, middle))
    (move,) = person.exploring.picture.moves
    assert (
        move.direction is main_directions[1] and move.strength == pytest.approx(slider.number()) and move.strength > 2
    )


def test_single_letters_act_on_this_panel_and_can_be_typed_in_fields(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.types(Qt.Key.Key_N)
    assert isinstance(person.exploring.picture.point, Near)
    person.types(Qt.Key.Key_P)
    assert len(person.screen.pins.pins) == 1
    before = person.exploring.picture
    person.types(Qt.Key.Key_R)
    assert person.exploring.picture != before
    person.context.pins.shelf.rename(1)
    field = person.context.pins.shelf._field
    qtbot.keyClicks(field, "Rin")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert person.screen.pins.pins[0].name == "Rin"


def test_a_seed_that_is_written_is_drawn(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    field = person.context.seed.seed
    field.selectAll()
    qtbot.keyClicks(field, "4021")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert person.exploring.picture.point == Drawn(seed=4021)
    person.exploring.set_picture(LatentPicture(point=Near(point=Drawn(seed=8), seed=1, distance=0.1)))
    assert field.text() == "8"


# Views of the stage


def test_a_neighbour_is_gone_to_by_a_click(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.stage.switch.set_index(1)
    person.settles()
    grid = person.stage.grid
    assert person.exploring.view is StageView.AROUND and grid.isVisible() and grid.chosen == 4
    asked = person.looker.newest(AROUND_VIEW)
    qtbot.mouseClick(grid, LEFT, pos=grid.tile_rect(0).center().toPoint())
    person.settles()
    assert person.exploring.picture == asked[0] and grid.chosen == 4
