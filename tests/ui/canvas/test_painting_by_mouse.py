"""What a hand paints through the widget: at any zoom and screen scale, and only what changed is painted anew."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice, QPaintEvent, QPointingDevice, QRegion, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gen_studio.core.annotations import LayoutClass
from gen_studio.ui.canvas.area import joined
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.document import TILE
from gen_studio.ui.canvas.overlay import MaskColour
from gen_studio.ui.canvas.tools import Command, Tool
from gen_studio.ui.canvas.view import View
from gen_studio.ui.pictures import from_image

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
CLASSES = [LayoutClass("sky", (140, 200, 240)), LayoutClass("grass", (90, 160, 70)), LayoutClass("road", (110, 0, 9))]
VIEWS = [View(1.0, 0, 0), View(8.0, -500, -333), View(0.5, 37, 21), View(3.0, 11, -250), View(1 / 3, 40, 60)]


@pytest.mark.parametrize("view", VIEWS)
def test_a_press_paints_the_pixel_under_the_pointer_at_any_zoom(canvas, pointer, photo, view: View) -> None:
    canvas.show_mask(photo(300, 400))
    canvas.set_brush(Brush(1))
    canvas.set_view(view)
    pointer.draw((93.5, 71.5))
    assert np.argwhere(canvas.pixels).tolist() == [[71, 93]]


def test_positions_are_right_on_a_screen_of_two_device_pixels(tmp_path: Path) -> None:
    """In a process of its own: the scale of a screen is set before the application is made."""
    program = f"""
import os
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import numpy as np
from PySide6.QtWidgets import QApplication, QWidget
from conftest import Pointer
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.view import View
app = QApplication([])
canvas = Canvas()
canvas.resize(400, 300)
canvas.show()
app.processEvents()
assert canvas.devicePixelRatioF() == 2
for view in {VIEWS!r}:
    canvas.show_mask(np.zeros((300, 400, 3), np.uint8))
    canvas.set_brush(Brush(1))
    canvas.set_view(view)
    Pointer(canvas).draw((93.5, 71.5), (93.6, 71.5))
    assert np.argwhere(canvas.pixels).tolist() == [[71, 93]], view
canvas.show_sketch(np.full((40, 40, 1), 255, np.uint8))
canvas.set_view(View(8.0, 0, 0))
canvas.set_brush(Brush(1))
Pointer(canvas).draw((10.5, 20.5))
canvas.leaveEvent(None)
shown = canvas.grab().toImage()
assert (shown.width(), shown.height()) == (800, 600)
assert shown.pixelColor(80, 160).lightness() == shown.pixelColor(87, 167).lightness() == 0
assert shown.pixelColor(79, 160).lightness() == shown.pixelColor(88, 167).lightness() == 255
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


class Repaints(Canvas):
    """Keeps what it was asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[QRegion] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.regions.append(event.region())
        super().paintEvent(event)

    def onto(self, image: QImage) -> None:
        """Paints into an image what is due to be painted, and no more."""
        self.regions.clear()
        QApplication.processEvents()
        for region in list(self.regions):
            self.render(image, region.boundingRect().topLeft(), region, QWidget.RenderFlag(0))


@pytest.fixture
def repaints(qtbot) -> Repaints:
    canvas = Repaints()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def test_only_what_changed_is_painted_anew(repaints, photo, pointer_over) -> None:
    repaints.show_mask(photo(300, 400))
    repaints.set_view(View(1.0, 0, 0))
    repaints.set_brush(Brush(20))
    pointer = pointer_over(repaints)
    pointer.press(100, 100)
    QApplication.processEvents()
    repaints.regions.clear()
    pointer.move(110, 100)
    QApplication.processEvents()
    areas = [region.boundingRect() for region in repaints.regions]
    assert areas and all(QRect(75, 75, 60, 50).contains(area) for area in areas)
    pointer.release(110, 100)


def show(canvas: Canvas, kind: str, pixels: np.ndarray, beneath: np.ndarray) -> None:
    match kind:
        case "mask":
            canvas.show_mask(beneath, pixels)
        case "sketch":
            canvas.show_sketch(pixels)
        case _:
            canvas.show_layout(pixels, CLASSES)


@pytest.mark.parametrize("kind", ["mask", "sketch", "layout"])
@pytest.mark.parametrize("view", VIEWS)
def test_parts_painted_anew_look_as_if_all_had_been(repaints, pointer_over, photo, kind: str, view: View) -> None:
    start = {"mask": np.zeros((301, 403), bool), "sketch": photo(301, 403), "layout": np.zeros((301, 403), np.uint8)}
    show(repaints, kind, start[kind], photo(301, 403))
    repaints.set_view(view)
    repaints.set_brush(Brush(23))
    shown = QImage(400, 300, QImage.Format.Format_RGB32)
    shown.fill(Qt.GlobalColor.green)
    repaints.onto(shown)
    pointer = pointer_over(repaints)
    for tool, ends in (
        (Tool.BRUSH, ((60, 50), (200, 90), (150, 200), (380, 290))),
        (Tool.LASSO, ((20, 20), (70, 30), (40, 80))),
    ):
        repaints.set_tool(tool)
        points = [repaints.picture_point(QPointF(x, y)) for x, y in ends]
        pointer.press(*points[0])
        for point in points:
            pointer.move(*point)
            repaints.onto(shown)
        pointer.release(*points[-1])
        repaints.onto(shown)
    repaints.leaveEvent(QEvent(QEvent.Type.Leave))
    for command in (Command.UNDO, Command.UNDO, Command.REDO):
        repaints.perform(command)
        repaints.onto(shown)
    if repaints.has_tool(Tool.FILL):
        repaints.set_tool(Tool.FILL)
        repaints.take_class(2)
        pointer.draw(repaints.picture_point(QPointF(70, 55)), button=RIGHT if kind == "mask" else LEFT)
        repaints.leaveEvent(QEvent(QEvent.Type.Leave))
        repaints.onto(shown)
    # Just one tile, so that nothing but the margin around it paints its outline and what is averaged with it.
    tile = repaints.pixels
    tile[TILE : 2 * TILE, TILE : 2 * TILE] = 1 - tile[TILE : 2 * TILE, TILE : 2 * TILE] % 2
    repaints.set_pixels(tile)
    repaints.onto(shown)
    assert (repaints.pixels != start[kind]).any()
    show(repaints, kind, repaints.pixels, photo(301, 403))
    afresh = QImage(shown.size(), shown.format())
    repaints.render(afresh, QPoint(), QRegion(repaints.rect()), QWidget.RenderFlag(0))
    np.testing.assert_array_equal(from_image(shown), from_image(afresh))


def test_rectangles_close_together_are_made_one_and_others_are_not() -> None:
    near, far = QRect(0, 0, 20, 20), QRect(300, 300, 20, 20)
    assert joined([near], QRect(10, 0, 20, 20)) == [QRect(0, 0, 30, 20)]
    assert joined([near], far) == [near, far]
    assert joined([near, QRect(22, 0, 20, 20)], QRect(10, 0, 20, 20)) == [QRect(0, 0, 42, 20)]


def test_a_mask_is_seen_in_its_colour_with_a_white_line_between_dark_ones(canvas, pointer) -> None:
    grey = np.full((60, 60, 3), 100, np.uint8)
    canvas.show_mask(grey)
    canvas.set_view(View(1.0, 100, 100))
    canvas.set_tool(Tool.RECTANGLE)
    pointer.draw((20.5, 20.5), (39.5, 39.5))
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    shown = canvas.grab().toImage()
    row = [QColor(shown.pixel(x, 130)).getRgb()[:3] for x in range(116, 126)]
    inside = tuple(round(0.42 * colour + 0.58 * 100) for colour in (0xFF, 0x3F, 0x9A))
    assert row[:3] == [(100, 100, 100)] * 3 and all(abs(a - b) <= 1 for a, b in zip(row[-1], inside, strict=True))
    assert max(row[3]) < 60 and row[4] == (255, 255, 255) and max(row[5]) < 60
    canvas.set_mask_colour(MaskColour.CYAN)
    assert QColor(canvas.grab().toImage().pixel(130, 130)).blue() > 140
    canvas.set_mask_shown(False)
    assert QColor(canvas.grab().toImage().pixel(130, 130)).getRgb()[:3] == (100, 100, 100)


def test_a_stroke_is_told_while_it_is_drawn_and_when_it_ends(canvas, pointer, photo, qtbot) -> None:
    canvas.show_mask(photo(300, 400))
    edits, commits = [], []
    canvas.edited.connect(lambda: edits.append(1))
    canvas.committed.connect(lambda: commits.append(1))
    pointer.press(100, 100)
    pointer.move(150, 100)
    assert len(edits) == 2 and not commits
    pointer.release(150, 100)
    assert len(commits) == 1
    canvas.perform(Command.UNDO)
    assert len(commits) == 2 and not canvas.pixels.any()


def test_right_erases_middle_moves_the_view_and_alt_right_sizes_the_brush(canvas, pointer, photo) -> None:
    canvas.show_mask(photo(300, 400), np.ones((300, 400), bool))
    canvas.set_brush(Brush(10))
    pointer.draw((50, 50), button=RIGHT)
    assert not canvas.pixels[50, 50]
    view, painted = canvas.view, canvas.pixels
    pointer.draw((100, 100), (120, 130), button=MIDDLE)
    assert canvas.view != view and (canvas.pixels == painted).all()
    canvas.set_view(View(1.0, 0, 0))
    pointer.draw((100, 100), (125, 100), button=RIGHT, modifiers=Qt.KeyboardModifier.AltModifier)
    assert canvas.brush.size == 35 and (canvas.pixels == painted).all()


def test_the_wheel_zooms_to_the_pointer_and_with_ctrl_sizes_the_brush(canvas, photo) -> None:
    canvas.show_mask(photo(300, 400))
    place = canvas.picture_point(QPointF(123, 77))
    turn(canvas, QPointF(123, 77), 120)
    assert canvas.view.zoom == 1.0
    turn(canvas, QPointF(123, 77), 240)
    assert canvas.view.zoom == 3.0 and np.allclose(canvas.picture_point(QPointF(123, 77)), place, atol=1)
    turn(canvas, QPointF(123, 77), 60)
    assert canvas.view.zoom == 3.0
    before = canvas.brush.size
    turn(canvas, QPointF(123, 77), 120, Qt.KeyboardModifier.ControlModifier)
    assert canvas.brush.size > before and canvas.view.zoom == 3.0


def turn(canvas: Canvas, point: QPointF, angle: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    phase, no_button = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
    event = QWheelEvent(point, point, QPoint(), QPoint(0, angle), no_button, modifiers, phase, False)
    QApplication.sendEvent(canvas, event)


def test_a_pen_draws_by_pressure_and_its_other_end_erases(canvas, photo) -> None:
    canvas.show_mask(photo(300, 400))
    canvas.set_view(View(1.0, 0, 0))
    canvas.set_brush(Brush(40))
    pen = QPointingDevice.PointerType.Pen
    touch(canvas, QEvent.Type.TabletPress, 100, 100, 0.2, pen)
    touch(canvas, QEvent.Type.TabletMove, 200, 100, 0.2, pen)
    touch(canvas, QEvent.Type.TabletMove, 300, 100, 1.0, pen)
    touch(canvas, QEvent.Type.TabletRelease, 300, 100, 0.0, pen)
    widths = canvas.pixels.sum(axis=0)
    assert 5 < widths[150] < 20 and widths[300] >= 38
    canvas.set_pixels(np.ones((300, 400), bool))
    touch(canvas, QEvent.Type.TabletPress, 100, 100, 1.0, QPointingDevice.PointerType.Eraser)
    touch(canvas, QEvent.Type.TabletRelease, 100, 100, 0.0, QPointingDevice.PointerType.Eraser)
    assert not canvas.pixels[100, 100] and canvas.pixels[200, 200]


def touch(canvas: Canvas, kind, x: float, y: float, pressure: float, end) -> None:
    button = Qt.MouseButton.LeftButton if kind is not QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.TabletRelease else Qt.MouseButton.LeftButton
    capabilities = QPointingDevice.Capability.Pressure | QPointingDevice.Capability.Position
    device = QPointingDevice("pen", 1, QInputDevice.DeviceType.Stylus, end, capabilities, 1, 1)
    no_keys, point = Qt.KeyboardModifier.NoModifier, QPointF(x, y)
    event = QTabletEvent(kind, device, point, point, pressure, 0, 0, 0, 0, 0, no_keys, button, held)
    QApplication.sendEvent(canvas, event)


def test_an_answer_that_is_gone_on_from_is_one_step_with_its_mask(canvas, pointer, photo) -> None:
    first = photo(300, 400)
    canvas.show_mask(first)
    canvas.set_view(View(3.0, -50, -60))
    pointer.draw((60, 60), (90, 60))
    painted, before = canvas.pixels, canvas.photo_version
    second = np.where(painted[..., None], np.uint8(7), first)
    canvas.go_on_from(second)
    assert not canvas.pixels.any() and (canvas.photo == second).all() and canvas.photo_version != before
    assert canvas.view == View(3.0, -50, -60)
    shown = QColor(canvas.grab().toImage().pixel(canvas.widget_point(70.5, 60.5).toPoint()))
    assert shown.getRgb()[:3] == (7, 7, 7)
    pointer.draw((100, 80), (110, 80))
    canvas.perform(Command.UNDO)
    assert (canvas.photo == second).all()
    canvas.perform(Command.UNDO)
    assert (canvas.pixels == painted).all() and (canvas.photo == first).all()
    canvas.perform(Command.UNDO)
    assert not canvas.pixels.any()
    for _ in range(2):
        canvas.perform(Command.REDO)
    assert not canvas.pixels.any() and (canvas.photo == second).all()
    for _ in range(2):
        canvas.perform(Command.UNDO)
    pointer.draw((30, 60), (50, 60))
    canvas.perform(Command.REDO)
    assert (canvas.photo == first).all(), "what was undone is gone once something else is painted"


def test_only_a_fitting_photo_with_something_masked_is_gone_on_from(canvas, pointer, photo) -> None:
    canvas.show_mask(photo(300, 400))
    with pytest.raises(ValueError, match="nothing is masked"):
        canvas.go_on_from(photo(300, 400))
    pointer.draw((60, 60))
    with pytest.raises(ValueError, match="own size"):
        canvas.go_on_from(photo(200, 400))


def test_a_layout_is_painted_and_filled_with_the_chosen_class(canvas, pointer) -> None:
    canvas.show_layout(np.zeros((30, 30), np.uint8), CLASSES)
    canvas.take_class(2)
    canvas.set_tool(Tool.RECTANGLE)
    pointer.draw((0.5, 20.5), (29.5, 29.5))
    canvas.take_class(1)
    canvas.set_tool(Tool.FILL)
    pointer.draw((5.5, 5.5))
    assert (canvas.pixels[:20] == 1).all() and (canvas.pixels[20:] == 2).all()
    shown = canvas.grab().toImage()
    assert QColor(shown.pixel(canvas.widget_point(5, 5).toPoint())).getRgb()[:3] == CLASSES[1].colour
    canvas.perform(Command.UNDO)
    assert (canvas.pixels[:20] == 0).all()


def test_a_stroke_that_ends_beside_the_picture_is_a_step_and_one_that_changes_nothing_is_none(canvas, pointer) -> None:
    canvas.show_sketch(np.full((20, 20, 1), 255, np.uint8))
    heard = []
    canvas.committed.connect(lambda: heard.append(canvas.material.document.can_undo))
    pointer.draw((10, 10), (30, 10))
    assert heard == [True]
    pointer.draw((10, 10), (19, 10))
    assert heard == [True]
