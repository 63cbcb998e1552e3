"""Strokes without gaps, and what brush, rectangle and lasso paint."""

import numpy as np
import pytest

from gen_studio.core.annotations import LayoutClass
from gen_studio.ui.canvas.brush import Brush, Path, disc, smooth_disc, spacing
from gen_studio.ui.canvas.document import Document
from gen_studio.ui.canvas.gestures import Ink, Lasso, Rectangle, Stroke, flood
from gen_studio.ui.canvas.hand import Hand
from gen_studio.ui.canvas.material import Layout, Mask
from gen_studio.ui.canvas.regions import flooded
from gen_studio.ui.canvas.tools import Tool

INK = Ink(True)


def drawn(size: int, points: list[tuple[float, float]], side: int = 400) -> np.ndarray:
    document = Document(np.zeros((side, side), bool))
    stroke = Stroke(document, Brush(size), INK, points[0])
    stroke.begin()
    for point in points[1:]:
        stroke.move(point)
    stroke.finish()
    return document.pixels


def distance_to(start: tuple[float, float], end: tuple[float, float], side: int = 400) -> np.ndarray:
    """Of the middle of each pixel from a line."""
    y, x = np.mgrid[:side, :side] + 0.5
    (x0, y0), (x1, y1) = start, end
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
    along = along.clip(0, 1)
    return np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


@pytest.mark.parametrize("size", [1, 2, 3, 8, 25, 80])
@pytest.mark.parametrize("end", [(390.0, 33.0), (211.0, 391.5), (390.0, 20.0), (20.0, 390.0)])
def test_a_fast_stroke_is_one_line_of_even_width_without_gaps(size: int, end: tuple[float, float]) -> None:
    start = (20.3, 20.8)
    pixels, distance = drawn(size, [start, end]), distance_to(start, end)
    # A pixel where places are rounded to whole ones, and a share of the radius between two stamps.
    assert pixels[distance <= size / 2 - 1 - 0.01 * size].all()
    assert not pixels[distance > size / 2 + 1].any()
    ends = np.argwhere(pixels)
    reached = touching(pixels, tuple(ends[0]))
    assert reached.sum() == pixels.sum()


def touching(pixels: np.ndarray, seed: tuple[int, int]) -> np.ndarray:
    """The pixels that hang together with one, if only at a corner."""
    reached = np.zeros_like(pixels)
    reached[seed] = True
    while True:
        wider = np.pad(reached, 1)
        wider = sum(wider[r : r + len(pixels), c : c + pixels.shape[1]] for r in range(3) for c in range(3)) > 0
        wider &= pixels
        if (wider == reached).all():
            return reached
        reached = wider


def test_the_same_way_in_many_events_or_in_few_gives_the_same_stroke() -> None:
    xs = np.linspace(30, 370, 200)
    points = [(float(x), 200 + 0.3 * float(x)) for x in xs]
    np.testing.assert_array_equal(drawn(21, points), drawn(21, [points[0], points[-1]]))


def test_stamps_are_a_share_of_the_radius_apart_across_events() -> None:
    path, places = Path((0.0, 0.0)), [np.zeros((1, 2))]
    for x in np.cumsum(np.random.default_rng(0).uniform(0, 9, 100)):
        places.append(path.to((float(x), 0.0), 4.0))
    gaps = np.diff(np.concatenate(places)[:, 0])
    np.testing.assert_allclose(gaps, 4.0)
    assert spacing(80) == 10 and spacing(1) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 40])
def test_a_press_paints_a_disc_around_the_pixel_under_the_pointer(size: int) -> None:
    pixels = drawn(size, [(100.5, 60.5)])
    rows, columns = np.nonzero(pixels)
    assert pixels.sum() == disc(size).sum() and pixels[60, 100]
    assert (np.ptp(rows), np.ptp(columns)) == (size - 1, size - 1)
    assert abs(rows.mean() - 60) <= 0.5 and abs(columns.mean() - 100) <= 0.5


def test_a_stroke_that_leaves_the_picture_paints_its_part_within() -> None:
    pixels = drawn(30, [(-200.0, -100.0), (500.0, 700.0), (900.0, 100.0)])
    assert pixels.any() and not pixels[390, 5]


def test_a_light_pen_draws_a_thin_line_and_a_firm_one_a_thick_line() -> None:
    widths = []
    for pressure in (0.1, 0.5, 1.0):
        document = Document(np.zeros((100, 200), bool))
        stroke = Stroke(document, Brush(40), INK, (20, 50), pressure)
        stroke.move((180, 50), pressure)
        stroke.finish()
        widths.append(int(document.pixels[:, 100].sum()))
    assert widths[0] < widths[1] < widths[2] == 40


def test_a_soft_brush_fades_out_and_one_stroke_never_darkens_itself() -> None:
    paper, ink = np.full((100, 200, 1), 255, np.uint8), Ink(np.array([0], np.uint8), smooth=True)
    document = Document(paper)
    stroke = Stroke(document, Brush(40, 1.0), ink, (50, 50))
    for x in (150, 50, 150, 50, 150):
        stroke.move((x, 50))
    stroke.finish()
    across = document.pixels[:, 100, 0].astype(int)
    assert across[50] < 20 and (np.diff(across[50:]) >= 0).all() and 60 < across[60] < 200 and across[75] == 255
    assert smooth_disc(40, 0.0).max() == 255 and smooth_disc(40, 1.0).sum() < smooth_disc(40, 0.0).sum()


def test_a_hard_brush_draws_in_the_ink_alone() -> None:
    document = Document(np.full((100, 100, 3), 255, np.uint8))
    stroke = Stroke(document, Brush(9, 0.0), Ink(np.array([1, 2, 3], np.uint8), smooth=True), (20, 20))
    stroke.move((80, 60))
    stroke.finish()
    assert {tuple(color) for color in document.pixels.reshape(-1, 3).tolist()} == {(255, 255, 255), (1, 2, 3)}


def test_a_rectangle_fills_the_pixels_under_both_corners_and_between() -> None:
    document = Document(np.zeros((40, 50), np.uint8))
    gesture = Rectangle(document, Ink(5), (30.2, 9.9))
    gesture.move((10.7, 20.1))
    assert len(gesture.outline) == 5 and not document.pixels.any()
    gesture.finish()
    expected = np.zeros((40, 50), np.uint8)
    expected[9:21, 10:31] = 5
    np.testing.assert_array_equal(document.pixels, expected)


def test_a_lasso_fills_what_it_goes_around() -> None:
    document = Document(np.zeros((40, 50), bool))
    gesture = Lasso(document, INK, (5.0, 5.0))
    for point in ((45.0, 5.0), (45.0, 35.0), (5.0, 35.0)):
        gesture.move(point)
    gesture.finish()
    expected = np.zeros((40, 50), bool)
    expected[5:35, 5:45] = True
    np.testing.assert_array_equal(document.pixels, expected)
    document.undo()
    assert not document.pixels.any()


def test_a_fill_paints_one_region_as_one_step() -> None:
    pixels = np.zeros((30, 30), np.uint8)
    pixels[:, 15] = 1
    document = Document(pixels)
    flood(document, Ink(2), (3.5, 4.5))
    assert (document.pixels[:, :15] == 2).all() and not (document.pixels[:, 16:]).any()
    assert flood(document, Ink(2), (-3.0, 4.0)) == []
    assert flooded(document.pixels, (15, 0)).sum() == 30


def hand_over_mask() -> Hand:
    return Hand(Mask(np.zeros((100, 100, 3), np.uint8)), Tool.BRUSH, Brush(7))


def test_with_shift_a_straight_line_runs_from_where_the_last_stroke_ended() -> None:
    hand = hand_over_mask()
    hand.press((10, 50))
    hand.release()
    hand.press((90, 50), straight=True)
    hand.release()
    pixels = hand.material.document.pixels
    assert pixels[50, 8:92].all() and not pixels[30].any()
    hand.material.document.undo()
    assert pixels[50, 10] and not pixels[50, 50]


def test_the_right_button_erases_whatever_the_tool() -> None:
    hand = hand_over_mask()
    hand.material.document.replace(np.ones((100, 100), bool))
    for tool in (Tool.BRUSH, Tool.RECTANGLE, Tool.LASSO):
        hand.tool = tool
        hand.press((20, 20), erases=True)
        for point in ((60, 20), (60, 60)):
            hand.move(point)
        hand.release()
        assert not hand.material.document.pixels.all(), tool
        hand.material.document.undo()
        assert hand.material.document.pixels.all(), tool


def test_a_layout_takes_its_ink_from_the_picture() -> None:
    classes = [LayoutClass(name, (index, 0, 0)) for index, name in enumerate(("sky", "sea", "land"))]
    pixels = np.zeros((10, 10), np.uint8)
    pixels[5:] = 2
    layout = Layout(pixels, classes)
    hand = Hand(layout, Tool.PICK, Brush(1))
    hand.press((3.5, 7.5))
    assert layout.current == 2 and layout.ink.value == 2 and layout.paper.value == 0
    with pytest.raises(ValueError, match="classes"):
        Layout(pixels, classes[:2])
