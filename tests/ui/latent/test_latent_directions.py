"""Directions of the Latent panel: named where they stand, laid on the map, taken back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from gen_studio.testing.looker import latent_of

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
ON_THE_NAME = QPoint(30, 8)


@pytest.fixture
def surveyed(explorer):
    person = explorer()
    person.opens()
    person.surveys()
    person.settles()
    return person


def chooses(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()


def shown(person) -> list[tuple[str, str]]:
    return [(row.direction.name, row.direction.source) for row in person.controls.directions.rows]


def test_a_double_click_on_its_name_renames_a_direction(surveyed, qtbot) -> None:
    row = surveyed.controls.directions.rows[1]
    surveyed.exploring.set_strength(row.direction, 1.5)
    qtbot.mouseDClick(row, LEFT, pos=ON_THE_NAME)
    assert row.field.isVisible() and row.field.selectedText() == "Component 2"
    qtbot.keyClicks(row.field, "Light from the side")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert shown(surveyed)[1] == ("Light from the side", "component 2") and len(shown(surveyed)) == 6
    assert surveyed.controls.directions.rows[1].slider.number() == pytest.approx(1.5)
    assert "Light from the side up" in surveyed.context.map.view.toolTip()
    surveyed.types(Qt.Key.Key_Z, CONTROL)
    assert shown(surveyed)[1][0] == "Component 2"
    assert surveyed.controls.directions.rows[1].slider.number() == pytest.approx(1.5)


def test_escape_leaves_a_name_as_it_was(surveyed, qtbot) -> None:
    row = surveyed.controls.directions.rows[0]
    row.slider.setFocus()
    qtbot.keyClick(row.slider, Qt.Key.Key_F2)
    qtbot.keyClicks(row.field, "Smile")
    qtbot.keyClick(row.field, Qt.Key.Key_Escape)
    assert not row.field.isVisible() and shown(surveyed)[0][0] == "Component 1"


def test_the_menu_offers_names_and_the_map(surveyed) -> None:
    section = surveyed.controls.directions
    words = [action.text() for action in section.rows[2].menu().actions()]
    assert "Rename" in words and "Forget the name" not in words
    surveyed.screen.findings.name(section.rows[2].direction, "Smile")
    chooses(section.rows[2].menu(), "Across the map")
    assert surveyed.context.map.view.toolTip() == "Smile across, Component 1 up"
    chooses(section.rows[2].menu(), "Forget the name")
    assert shown(surveyed)[2] == ("Component 3", "")
    assert surveyed.context.map.view.toolTip() == "Component 3 across, Component 1 up"


def test_all_strengths_go_back_to_nothing_in_one_step(surveyed) -> None:
    section = surveyed.controls.directions
    for row, strength in zip(section.rows, (1.0, -2.0), strict=False):
        surveyed.exploring.set_strength(row.direction, strength)
    chooses(section.menu(), "All back to 0")
    assert [row.slider.number() for row in section.rows] == pytest.approx([0.0] * 6)
    surveyed.types(Qt.Key.Key_Z, CONTROL)
    assert section.rows[1].slider.number() == pytest.approx(-2.0)


def test_the_way_from_one_pin_to_another_is_a_direction(surveyed) -> None:
    section = surveyed.controls.directions
    assert not next(iter(section.adding().actions())).isEnabled()
    surveyed.pins(3, 4)
    chooses(section.adding(), "From Pin 1 to Pin 2")
    direction = section.rows[0].direction
    assert shown(surveyed)[0] == ("Pin 1 to Pin 2", "from 2 pins")
    ends = [latent_of(pin.picture, 16) for pin in surveyed.screen.pins.pins]
    assert direction.values == pytest.approx(tuple(ends[1] - ends[0]), abs=1e-5)
    chooses(section.rows[0].menu(), "Remove")
    assert len(section.rows) == 6


def test_all_strengths_become_one_direction_and_the_picture_stays(surveyed) -> None:
    section = surveyed.controls.directions
    surveyed.exploring.set_strength(section.rows[0].direction, 1.0)
    assert not section.adding().actions()[1].isEnabled()
    surveyed.exploring.set_strength(section.rows[1].direction, -2.0)
    chooses(section.adding(), "All strengths as one direction")
    (move,) = surveyed.exploring.picture.moves
    assert move.strength == 1 and move.direction.values == pytest.approx((1.0, -2.0, *(0.0,) * 14))
    assert shown(surveyed)[0] == ("Component 1 + Component 2", "from 2 directions")
    assert [row.slider.number() for row in section.rows[:3]] == pytest.approx([1.0, 0.0, 0.0])
    surveyed.types(Qt.Key.Key_Z, CONTROL)
    assert len(surveyed.exploring.picture.moves) == 2 and len(section.rows) == 6


def test_a_picture_is_dragged_over_the_plane_of_two_directions(surveyed) -> None:
    view, rows = surveyed.context.map.view, surveyed.controls.directions.rows
    assert surveyed.context.map.choice.currentText() == "Two directions"
    middle = QPoint(view.width() // 2, view.height() // 2)
    surveyed.drags(view, middle, middle + QPoint(20, 10), QPoint(view.width() * 5 // 6, view.height() // 3))
    assert [row.slider.number() for row in rows[:3]] == pytest.approx([2.0, 1.0, 0.0], abs=0.05)
    surveyed.types(Qt.Key.Key_Z, CONTROL)
    assert surveyed.exploring.picture.moves == ()
