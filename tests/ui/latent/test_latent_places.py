"""The map, the pins and the walk of the Latent panel under the mouse and the keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from gen_studio.core.latents import Curve, Drawn, Near
from gen_studio.core.walks import Easing
from gen_studio.viewmodels import walking
from gen_studio.viewmodels.exploring import NEAR
from gen_studio.viewmodels.map import MapChoice
from gen_studio.viewmodels.planes import CORNERS, Place

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


# Map


def test_dragging_on_the_map_walks_over_the_plane(explorer) -> None:
    person = explorer()
    person.opens()
    view = person.context.map.view
    assert view.pictures is not None and view.height() == view.width()
    person.drags(view, QPoint(30, 30), QPoint(90, 60), QPoint(view.width() // 2, view.height() // 2))
    assert (view.place.across, view.place.up) == pytest.approx((0, 0), abs=0.02)
    assert person.exploring.picture.point.weights == pytest.approx((0.273, 0.273, 0.455), abs=0.01)
    person.types(Qt.Key.Key_Z, CONTROL)
    assert person.exploring.picture.point == Drawn(seed=1), "the drag was one step"


def test_the_plane_of_three_pins_is_dragged_over(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.pins(3, 4, 5)
    section = person.context.map
    place = [section.choice.itemText(index) for index in range(section.choice.count())].index("First three pins")
    section.choice.setCurrentIndex(place)
    section.choice.activated.emit(place)
    corner = section.view.point_of(Place(*CORNERS[1]))
    person.drags(section.view, QPointF(20, 20), corner)
    point = person.exploring.picture.point
    assert point.points == tuple(Drawn(seed=seed) for seed in (3, 4, 5))
    assert point.weights == pytest.approx((0, 1, 0), abs=0.02)
    assert section.view.toolTip() == "Pin 1, Pin 2 and Pin 3 at the corners of a triangle"


def test_a_short_way_from_here_is_another_picture_of_its_kind(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.exploring.draw(8)
    qtbot.mouseClick(person.context.seed.near, LEFT)
    first = person.exploring.picture.point
    assert isinstance(first, Near) and first.point == Drawn(seed=8) and first.distance == NEAR
    person.settles()
    qtbot.mouseClick(person.context.seed.near, LEFT)
    assert person.exploring.picture.point.point == first
    qtbot.mouseClick(person.controls.foot.undo, LEFT)
    qtbot.mouseClick(person.controls.foot.undo, LEFT)
    assert person.exploring.picture.point == Drawn(seed=8)


def test_the_map_is_walked_with_the_arrow_keys(explorer, main_directions, qtbot) -> None:
    person = explorer()
    person.opens()
    person.surveys()
    assert person.context.map.choice.currentText() == MapChoice.DIRECTIONS.value
    view = person.context.map.view
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    strengths = {move.direction: move.strength for move in person.exploring.picture.moves}
    assert strengths == pytest.approx({main_directions[0]: 0.3, main_directions[1]: -0.06})
    assert person.controls.directions.rows[0].slider.number() == pytest.approx(0.3)


# Pins


def test_a_click_on_a_pin_goes_there(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.pins(3, 4, 5)
    shelf = person.context.pins.shelf
    assert all(pin.picture is not None for pin in shelf.pins) and shelf.chosen == {3}
    qtbot.mouseClick(shelf, LEFT, pos=person.pin_centre(0))
    assert person.exploring.picture.point == Drawn(seed=3) and shelf.chosen == {1}


def test_two_pins_are_mixed_with_a_slider_between_them(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.pins(3, 4)
    section = person.context.pins
    assert not section.between.isVisible()
    qtbot.mouseClick(section.shelf, LEFT, CONTROL, person.pin_centre(0))
    assert section.between.isVisible() and section.shelf.chosen == {1, 2}
    assert person.exploring.picture.point.points == (Drawn(seed=4), Drawn(seed=3))
    assert person.exploring.picture.point.curve is Curve.SPHERICAL
    section.between.set_number(0.25)
    assert person.exploring.picture.point.weights == pytest.approx((0.75, 0.25))


def test_pins_are_put_in_order_by_dragging_and_removed_by_a_key(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.pins(3, 4, 5)
    shelf = person.context.pins.shelf
    person.drags(shelf, person.pin_centre(0), person.pin_centre(1), person.pin_centre(2) + QPoint(30, 0))
    assert [pin.number for pin in person.screen.pins.pins] == [2, 3, 1]
    shelf.setFocus()
    qtbot.keyClick(shelf, Qt.Key.Key_Delete)
    assert len(person.screen.pins.pins) == 2
    person.exploring.undo()
    assert [pin.number for pin in person.screen.pins.pins] == [2, 3, 1]


def test_escape_leaves_a_name_as_it_was(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.pins(3)
    shelf = person.context.pins.shelf
    qtbot.mouseDClick(shelf, LEFT, pos=person.pin_centre(0))
    qtbot.keyClicks(shelf._field, "Other")
    qtbot.keyClick(shelf._field, Qt.Key.Key_Escape)
    assert person.screen.pins.pins[0].name == "Pin 1" and not shelf._field.isVisible()


# Walk


def test_space_plays_the_walk_and_what_is_shown_stays_when_it_pauses(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4, 5)
    person.stage.walk.strip.setFocus()
    qtbot.keyClick(person.stage.walk.strip, Qt.Key.Key_Space)
    assert person.walk.is_playing
    person.looker.answer(walking.VIEW)
    assert np.array_equal(person.stage.picture._pictures, person.walk.frame)
    qtbot.waitUntil(lambda: len(person.looker.questions(walking.VIEW)) > 1)
    person.looker.answer(walking.VIEW)
    qtbot.keyClick(person.stage.walk.strip, Qt.Key.Key_Space)
    assert not person.walk.is_playing and person.exploring.picture == person.walk.walk.at(person.walk.second)


def test_the_map_shows_where_a_walk_is_while_it_is_played(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4, 5)
    person.exploring.draw(9)
    person.settles()
    view = person.context.map.view
    still = view.place
    qtbot.mouseClick(person.stage.walk.play, LEFT)
    person.looker.answer(walking.VIEW)
    assert view.place == person.screen.map.place_of(person.walk.walk.at(person.walk.second)) != still
    qtbot.mouseClick(person.stage.walk.play, LEFT)
    person.settles()
    assert (view.place.across, view.place.up) == pytest.approx(
        (person.screen.map.place.across, person.screen.map.place.up)
    )


def test_space_on_a_button_presses_the_button(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4)
    before = person.exploring.picture
    person.controls.foot.random.setFocus()
    qtbot.keyClick(person.controls.foot.random, Qt.Key.Key_Space)
    assert person.exploring.picture != before and not person.walk.is_playing


def test_a_walk_is_closed_as_a_loop_by_a_button(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4, 5)
    row = person.stage.walk
    assert row.loop.isChecked() and len(row.strip.places.seconds) == 3 and row._about.text() == "3 keyframes, 6.0 s"
    qtbot.mouseClick(row.loop, LEFT)
    assert not person.walk.walk.closes and row._about.text() == "3 keyframes, 4.0 s"
    person.walk.seek(4.0)
    assert person.exploring.picture.point == Drawn(seed=5)
    qtbot.mouseClick(row.loop, LEFT)
    person.walk.seek(6.0)
    assert person.exploring.picture.point == Drawn(seed=3), "it has come back to its first keyframe"


def test_the_playhead_is_dragged_and_keyframes_are_clicked(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4, 5)
    strip = person.stage.walk.strip
    places = strip.places
    left, right = places.leg(0)
    y = 40
    person.drags(strip, QPoint(int(left) + 2, y), QPoint(int(left + right) // 2, y))
    assert person.walk.second == pytest.approx(1.0, abs=0.05)
    qtbot.mouseClick(strip, LEFT, pos=QPoint(int(places.key_left(1) + 10), y))
    assert person.exploring.picture.point == Drawn(seed=4) and person.walk.second == 2.0
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert [frame.picture.point.seed for frame in person.walk.walk.keyframes] == [3, 5]


def test_every_way_and_every_speed_that_there_is_can_be_chosen(explorer) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4)
    row = person.stage.walk
    assert row.easing.count() == len(Easing) and row.curve.count() == len(Curve)
    for box, chosen in ((row.easing, lambda: person.walk.walk.easing), (row.curve, lambda: person.walk.walk.curve)):
        found = set()
        for index in range(box.count()):
            box.setCurrentIndex(index)
            box.activated.emit(index)
            found.add(chosen())
            assert box.currentIndex() == index
        assert len(found) == box.count()


def test_keyframes_are_put_in_order_by_dragging(explorer) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4, 5)
    strip = person.stage.walk.strip
    places = strip.places
    x = [int(places.key_left(index) + places.side / 2) for index in range(3)]
    person.drags(strip, QPoint(x[0], 40), QPoint(x[1], 40), QPoint(x[2] + 20, 40))
    assert [frame.picture.point.seed for frame in person.walk.walk.keyframes] == [4, 5, 3]


def test_the_seconds_of_a_leg_are_written_below_it(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    person.walks(3, 4)
    strip = person.stage.walk.strip
    left, right = strip.places.leg(0)
    qtbot.mouseDClick(strip, LEFT, pos=QPoint(int(left + right) // 2, strip.height() - 12))
    qtbot.keyClicks(strip._field, "3.5")
    qtbot.keyClick(strip._field, Qt.Key.Key_Return)
    assert person.walk.walk.keyframes[0].seconds == 3.5 and person.stage.walk._about.text() == "2 keyframes, 5.5 s"
