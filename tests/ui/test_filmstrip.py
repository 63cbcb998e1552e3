"""The history holds all of a run in little memory, and the playhead goes where the hand goes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gen_studio.core.events import MarkKind
from gen_studio.ui.filmstrip import STRIP_HEIGHT, STRIP_TOP, Filmstrip
from gen_studio.ui.frames import Frames
from gen_studio.ui.pictures import Pixels
from gen_studio.ui.theme import DARK

MIDDLE = STRIP_TOP + STRIP_HEIGHT // 2


def flat(value: int, side: int = 16) -> Pixels:
    return np.full((side, side, 3), value, np.uint8)


@pytest.fixture
def strip(qtbot: QtBot) -> Filmstrip:
    film = Filmstrip()
    qtbot.addWidget(film)
    film.resize(600, 84)
    film.set_total_steps(1000)
    film.show()
    qtbot.waitExposed(film)
    return film


def fill(film: Filmstrip, last: int = 500, every: int = 100) -> None:
    for step in range(0, last + 1, every):
        film.add_frame(step, flat(step // 4))


# Memory


def test_a_long_run_keeps_few_frames_spread_evenly_with_the_first_and_the_newest() -> None:
    frames = Frames(most=50)
    for step in range(0, 100_000, 10):
        frames.add(step, flat(0, 4))
        assert len(frames) <= 50 and frames.newest == step
    gaps = np.diff(frames.steps)
    assert frames.steps[0] == 0 and gaps.max() <= 4 * np.median(gaps)


def test_large_pictures_are_kept_small() -> None:
    frames = Frames()
    frames.add(0, flat(9, 512))
    assert max(frames.image(0).width(), frames.image(0).height()) <= 96


def test_a_second_picture_of_a_step_replaces_the_first() -> None:
    frames = Frames()
    frames.add(5, flat(1))
    frames.add(5, flat(2))
    assert len(frames) == 1 and frames.image(5).pixelColor(0, 0) == QColor(2, 2, 2)


@pytest.mark.parametrize(("asked", "found"), [(-5, 0), (49, 0), (51, 100), (149, 100), (900, 200)])
def test_the_nearest_frame_is_found(asked: int, found: int) -> None:
    frames = Frames()
    for step in (0, 100, 200):
        frames.add(step, flat(0))
    assert frames.nearest(asked) == found


# The scale


def test_the_scale_stays_as_frames_come_and_steps_to_come_are_an_empty_well(strip: Filmstrip) -> None:
    before = strip.x_of(500)
    fill(strip)
    assert strip.x_of(500) == before == 300
    image = strip.grab().toImage()
    assert image.pixelColor(400, MIDDLE) == DARK.surface
    assert image.pixelColor(10, MIDDLE) == QColor(0, 0, 0)
    assert image.pixelColor(285, MIDDLE) == QColor(125, 125, 125)


def test_a_run_that_goes_on_past_its_plan_widens_the_scale(strip: Filmstrip) -> None:
    strip.add_frame(2000, flat(1))
    assert strip.x_of(2000) == 600


def test_the_newest_frame_replaces_an_older_one_in_its_cell(strip: Filmstrip) -> None:
    strip.add_frame(0, flat(10))
    strip.grab()
    strip.add_frame(20, flat(200))
    assert strip.grab().toImage().pixelColor(6, MIDDLE) == QColor(200, 200, 200)


def test_events_are_triangles_in_the_colour_of_who_made_them(strip: Filmstrip) -> None:
    strip.add_event(200, MarkKind.USER)
    strip.add_event(800, MarkKind.ALARM)
    image = strip.grab().toImage()
    assert image.pixelColor(120, 4) == DARK.accent and image.pixelColor(480, 4) == DARK.warning


def test_a_step_under_the_pointer_of_the_curves_is_marked(strip: Filmstrip) -> None:
    strip.mark_step(700)
    assert strip.grab().toImage().pixelColor(420, MIDDLE) == QColor("white")
    strip.mark_step(None)
    assert strip.grab().toImage().pixelColor(420, MIDDLE) == DARK.surface


# The playhead


def test_following_keeps_the_playhead_at_the_newest_step(strip: Filmstrip) -> None:
    fill(strip)
    assert strip.following and strip.step == 500
    assert "following live" in strip.accessibleDescription()


def test_dragging_chooses_frames_and_ends_following(qtbot: QtBot, strip: Filmstrip) -> None:
    fill(strip)
    chosen: list[int] = []
    strip.step_chosen.connect(chosen.append)
    with qtbot.waitSignal(strip.following_changed) as following:
        qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(125, MIDDLE))
    assert following.args == [False]
    qtbot.mouseMove(strip, QPoint(60, MIDDLE))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(60, MIDDLE))
    strip.choose_step(100)
    assert chosen == [200, 100]
    strip.add_frame(600, flat(5))
    assert strip.step == 100


def test_a_drag_past_the_newest_step_stays_at_it(qtbot: QtBot, strip: Filmstrip) -> None:
    fill(strip)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(590, MIDDLE))
    assert strip.step == 500


@pytest.mark.parametrize(
    ("key", "step"), [(Qt.Key.Key_Left, 200), (Qt.Key.Key_Right, 400), (Qt.Key.Key_Home, 0), (Qt.Key.Key_PageDown, 500)]
)
def test_keys_move_the_playhead_by_frames(qtbot: QtBot, strip: Filmstrip, key: Qt.Key, step: int) -> None:
    fill(strip)
    strip.choose_step(300)
    qtbot.keyClick(strip, key)
    assert strip.step == step and not strip.following


def test_the_end_key_follows_again(qtbot: QtBot, strip: Filmstrip) -> None:
    fill(strip)
    strip.choose_step(100)
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.following and strip.step == 500


def test_another_sample_to_follow_leaves_the_playhead_where_it_was(strip: Filmstrip) -> None:
    fill(strip)
    strip.choose_step(200)
    strip.set_frames([(step, flat(7)) for step in range(0, 501, 50)])
    assert strip.step == 200 and not strip.following


def test_going_back_behind_steps_forgets_their_frames_and_events(strip: Filmstrip) -> None:
    fill(strip)
    strip.add_event(450, MarkKind.ALARM)
    strip.drop_after(300)
    assert strip.step == 300
    image = strip.grab().toImage()
    assert image.pixelColor(220, MIDDLE) == DARK.surface and image.pixelColor(270, 4) != DARK.warning


def test_without_frames_nothing_can_be_chosen(qtbot: QtBot, strip: Filmstrip) -> None:
    with qtbot.assertNotEmitted(strip.step_chosen):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(300, MIDDLE))
        qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert strip.following
