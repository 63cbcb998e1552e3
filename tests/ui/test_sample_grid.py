"""Pictures reach the screen unchanged and sharp, and the grid can be walked, marked and looked at large."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gen_studio.ui.picture_view import PictureView
from gen_studio.ui.pictures import Pixels, from_image, pack, to_image
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.theme import DARK, LIGHT, Scheme, apply_theme
from gen_studio.ui.tile_sheet import TileSheet
from gen_studio.ui.tiling import GAP, Request, Tiling, lay_out


def pictures(count: int = 81, side: int = 64, channels: int = 3, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (count, side, side, channels), np.uint8)


def grid_of(qtbot: QtBot, shown: Pixels, size: tuple[int, int] = (608, 608), **options: object) -> SampleGrid:
    grid = SampleGrid()
    qtbot.addWidget(grid)
    grid.resize(*size)
    grid.set_pictures(shown, **options)
    grid.show()
    qtbot.waitExposed(grid)
    return grid


def pixels_of(image: QImage) -> Pixels:
    return from_image(image)


# The door between numpy and Qt


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_of_odd_width_comes_back_as_it_went(channels: int) -> None:
    picture = pictures(1, 13, channels)[0, :, :7]
    back = from_image(to_image(picture))
    np.testing.assert_array_equal(back, np.broadcast_to(picture, (13, 7, 3)))


def test_an_image_does_not_change_with_the_array_it_was_made_from() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    image = to_image(picture)
    picture[:] = 255
    assert image.pixelColor(0, 0) == QColor("black")


def test_packed_pixels_are_opaque_red_green_blue() -> None:
    assert pack(np.array([[[1, 2, 3]]], np.uint8))[0, 0] == 0xFF010203


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 4, 4), np.uint8), np.zeros((2, 4, 4, 2), np.uint8), np.zeros((2, 4, 4, 3))]
)
def test_arrays_that_are_no_pictures_are_refused(qtbot: QtBot, wrong: Pixels) -> None:
    grid = SampleGrid()
    qtbot.addWidget(grid)
    with pytest.raises(ValueError, match="pictures are"):
        grid.set_pictures(wrong)


# Where tiles stand


@pytest.mark.parametrize(
    ("side", "count", "area", "ratio", "zoom", "columns", "shown_rows"),
    [
        (64, 81, (608, 608), 1.0, 1, 9, 9),
        (64, 81, (1216, 1216), 2.0, 2, 9, 9),
        (64, 81, (410, 400), 1.0, 1, 5, 5),
        (28, 81, (608, 608), 1.0, 2, 9, 9),
        (8, 81, (608, 608), 1.0, 8, 9, 9),
        (64, 16, (608, 608), 1.0, 2, 4, 4),
        (64, 9, (520, 520), 1.0, 2, 3, 3),
        (256, 16, (608, 608), 1.0, Fraction(1, 2), 4, 4),
        (64, 4, (1216, 1216), 2.0, 8, 2, 2),
    ],
)
def test_tiles_are_whole_multiples_and_as_many_as_fit(
    side: int,
    count: int,
    area: tuple[int, int],
    ratio: float,
    zoom: Fraction,
    columns: int,
    shown_rows: int,
) -> None:
    tiling = lay_out(Request(count, (side, side), area, ratio=ratio))
    assert (tiling.zoom, tiling.columns, tiling.shown_rows) == (zoom, columns, shown_rows)


@pytest.mark.parametrize("per_item", [1, 2, 3])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("side", [8, 28, 64, 100, 300])
def test_no_tile_leaves_the_area_or_touches_another(side: int, ratio: float, per_item: int) -> None:
    area = (int(620 * ratio), int(500 * ratio))
    tiling = lay_out(Request(24, (side, side), area, per_item, ratio, header=20))
    covered = np.zeros((area[1], area[0]), int)
    for index in range(24 * per_item):
        if (box := tiling.box(index)) is not None:
            left, top, width, height = box
            assert left >= 0 and top >= round(20 * ratio) and left + width <= area[0] and top + height <= area[1]
            covered[top : top + height, left : left + width] += 1
    assert covered.max() == 1


def test_the_point_in_a_tile_finds_that_tile_also_when_scrolled() -> None:
    tiling = lay_out(Request(60, (64, 64), (500, 300), per_item=2))
    assert tiling.scrolls
    for index in range(120):
        if (box := tiling.box(index, first_row=3)) is not None:
            assert tiling.index_at(box[0] + 1, box[1] + 1, first_row=3) == index
    left, top, width, _ = tiling.box(0) or pytest.fail("the first tile is in sight")
    assert tiling.index_at(left + width + GAP / 2, top + 1) is None


def test_an_area_smaller_than_one_tile_still_shows_one() -> None:
    tiling = lay_out(Request(10, (64, 64), (40, 40)))
    assert tiling.columns == 1 and tiling.shown_rows == 1 and tiling.tile[0] <= 40


# What is painted


def test_every_pixel_of_a_picture_is_on_the_screen_as_it_was(qtbot: QtBot) -> None:
    shown = pictures()
    grid = grid_of(qtbot, shown)
    screen = pixels_of(grid.grab().toImage())
    for index in (0, 8, 40, 80):
        place = grid.tile_rect(index)
        assert place is not None
        top, left = int(place.top()), int(place.left())
        np.testing.assert_array_equal(screen[top : top + 64, left : left + 64], shown[index])


def test_small_pictures_become_squares_without_blur(qtbot: QtBot) -> None:
    shown = pictures(81, 8, 1)
    grid = grid_of(qtbot, shown)
    place = grid.tile_rect(5)
    assert place is not None
    screen = pixels_of(grid.grab().toImage())[int(place.top()) :, int(place.left()) :][:64, :64, 0]
    np.testing.assert_array_equal(screen, np.kron(shown[5, :, :, 0], np.ones((8, 8), np.uint8)))


def test_at_twice_the_scale_tiles_have_twice_the_pixels() -> None:
    sheet, tiling = TileSheet(), lay_out(Request(81, (64, 64), (1216, 1216), ratio=2.0))
    shown = pictures()
    sheet.show(shown, tiling, 0, DARK.bg)
    assert sheet.pixmap.width() == 1216 and sheet.pixmap.devicePixelRatio() == 2.0
    image = pixels_of(sheet.pixmap.toImage())
    np.testing.assert_array_equal(image[:128, :128], shown[0].repeat(2, 0).repeat(2, 1))


def test_only_tiles_whose_pixels_changed_are_painted_again() -> None:
    sheet, tiling = TileSheet(), lay_out(Request(81, (64, 64), (608, 608)))
    first = pictures()
    assert len(sheet.show(first, tiling, 0, DARK.bg)) == 81
    second = first.copy()
    second[[3, 70]] ^= 1
    assert sheet.show(second, tiling, 0, DARK.bg) == [3, 70]
    assert sheet.show(second.copy(), tiling, 0, DARK.bg) == []
    np.testing.assert_array_equal(pixels_of(sheet.pixmap.toImage())[:64, 3 * 68 : 3 * 68 + 64], second[3])


def test_the_gaps_follow_a_change_of_scheme(qtbot: QtBot, qapp: object) -> None:
    grid = grid_of(qtbot, pictures())
    gap = QPoint(66, 66)
    assert grid.grab().toImage().pixelColor(gap) == DARK.bg
    apply_theme(qapp, Scheme.LIGHT)
    assert grid.grab().toImage().pixelColor(gap) == LIGHT.bg


def test_look_alikes_are_framed_in_amber_and_only_they(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, np.zeros((81, 64, 64, 3), np.uint8))
    grid.set_marks([7])
    image = grid.grab().toImage()

    def on_frame(index: int) -> QColor:
        place = grid.tile_rect(index)
        assert place is not None
        return image.pixelColor(place.center().toPoint().x(), int(place.top()) + 2)

    assert on_frame(7) == DARK.mark and on_frame(6) == QColor("black")
    assert "look alike" in grid.accessibleDescription()


def test_an_empty_grid_says_what_would_be_there(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.clear("Samples appear with the first step")
    assert grid.accessibleDescription() == "Samples appear with the first step"
    assert grid.tile_rect(0) is None and grid.tile_at(QPoint(30, 30)) is None


# Choosing


def test_a_click_chooses_a_tile_and_says_so_once(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    with qtbot.waitSignal(grid.tile_chosen) as chosen:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(70, 70))
    assert chosen.args == [10] and grid.chosen == 10
    with qtbot.assertNotEmitted(grid.tile_chosen):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(70, 70))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Left, 39),
        (Qt.Key.Key_Right, 41),
        (Qt.Key.Key_Up, 31),
        (Qt.Key.Key_Down, 49),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 80),
    ],
)
def test_keys_move_through_the_grid(qtbot: QtBot, key: Qt.Key, expected: int) -> None:
    grid = grid_of(qtbot, pictures())
    grid.choose(40)
    qtbot.keyClick(grid, key)
    assert grid.chosen == expected


def test_up_from_the_first_row_stays(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.choose(4)
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    assert grid.chosen == 4


def test_the_chosen_tile_is_scrolled_into_sight(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures(), (440, 300))
    assert grid.tile_rect(80) is None
    grid.choose(80)
    place = grid.tile_rect(80)
    assert place is not None and grid.rect().contains(place.toRect())
    grid.choose(0)
    assert grid.tile_rect(0) is not None


def test_fewer_pictures_than_before_leave_no_choice_behind(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.choose(80)
    grid.set_pictures(pictures(9))
    assert grid.chosen is None
    grid.grab()


# Comparisons


def test_triples_stay_side_by_side(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures(24), per_item=3, captions=("Input", "Output", "Target"))
    for item in range(8):
        places = [grid.tile_rect(3 * item + part) for part in range(3)]
        assert len({place.top() for place in places if place is not None}) == 1
        lefts = [place.left() for place in places if place is not None]
        assert len(set(np.diff(lefts))) == 1 and np.diff(lefts)[0] == (grid.tile_rect(0).width() + GAP)  # type: ignore[union-attr]


@pytest.mark.parametrize("wrong", [{"per_item": 2}, {"per_item": 3, "captions": ("Input",)}])
def test_pictures_that_do_not_make_whole_items_are_refused(qtbot: QtBot, wrong: dict[str, object]) -> None:
    grid = SampleGrid()
    qtbot.addWidget(grid)
    with pytest.raises(ValueError, match="do not make items"):
        grid.set_pictures(pictures(9), **wrong)  # type: ignore[arg-type]


# Large


def test_enter_shows_the_chosen_picture_large_and_escape_all_of_them(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.choose(3)
    with qtbot.waitSignal(grid.zoom_changed) as zoomed:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert zoomed.args == [True] and grid.zoomed
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.chosen == 4 and grid.zoomed
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert not grid.zoomed


def test_a_double_click_zooms_in_and_out(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert grid.zoomed
    qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert not grid.zoomed


def test_the_large_picture_follows_new_samples(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, np.zeros((4, 8, 8, 3), np.uint8), (300, 300))
    grid.choose(2)
    grid.set_zoomed(True)
    grid.set_pictures(np.full((4, 8, 8, 3), 200, np.uint8))
    assert grid.grab().toImage().pixelColor(150, 150) == QColor(200, 200, 200)


@pytest.mark.parametrize(("side", "zoom"), [(64, 9), (28, 21), (1000, Fraction(1, 2))])
def test_a_large_picture_is_shown_at_a_whole_multiple(qtbot: QtBot, side: int, zoom: Fraction) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.set_pictures(pictures(1, side))
    assert view.zoom() == zoom
    assert view.boxes()[0].width() == int(side * zoom)


# Chips and hooks


def test_rendering_is_said_only_after_a_moment_and_until_pictures_come(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.set_rendering()
    assert grid.chip == ""
    qtbot.waitUntil(lambda: grid.chip == "rendering", timeout=3000)
    grid.set_pictures(pictures(seed=1))
    assert grid.chip == ""


def test_new_pictures_leave_other_chips_alone(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.set_chip("starter model")
    grid.set_pictures(pictures(seed=1))
    assert grid.chip == "starter model"


def test_copying_asks_for_the_chosen_picture(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.choose(12)
    with qtbot.waitSignal(grid.copy_asked) as asked:
        qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [12]
    assert grid.picture(12).shape == (64, 64, 3)


def test_resizing_keeps_all_tiles_in_place_of_their_layout(qtbot: QtBot) -> None:
    grid = grid_of(qtbot, pictures())
    grid.resize(420, 420)
    qtbot.waitUntil(lambda: grid.tile_rect(6) is not None)
    tiling: Tiling = lay_out(Request(81, (64, 64), (420, 420)))
    place = grid.tile_rect(0)
    assert place is not None and (place.left(), place.top()) == (tiling.left, tiling.top)
