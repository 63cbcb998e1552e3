"""What is kept of the screen: drawn anew where it changed, whole where it must be, and the same as drawn at once."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from gen_studio.ui.canvas import layer
from gen_studio.ui.canvas.backing import Backing, merged, rect_of
from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.layer import Layer
from gen_studio.ui.canvas.regions import parts
from gen_studio.ui.canvas.view import View
from gen_studio.ui.pictures import from_image, pack


class Drawn:
    """Notes what is drawn, and draws it in one colour."""

    def __init__(self, colour: Qt.GlobalColor = Qt.GlobalColor.white) -> None:
        self.colour, self.boxes = colour, list[Box]()

    def __call__(self, painter: QPainter, box: Box) -> None:
        self.boxes.append(box)
        painter.fillRect(rect_of(box).adjusted(-9, -9, 9, 9), self.colour)


def shown(backing: Backing, width: int, height: int) -> np.ndarray:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    backing.show(painter, Box(0, 0, width, height))
    painter.end()
    return from_image(image)[..., 0]


def test_only_what_changed_is_drawn_again_and_nothing_beside_it(qapp) -> None:
    backing, first, second = Backing(), Drawn(), Drawn(Qt.GlobalColor.black)
    backing.renew(400, 300, first)
    assert first.boxes == [Box(0, 0, 400, 300)]
    backing.change(Box(390, 10, 420, 20))
    backing.renew(400, 300, second)
    assert second.boxes == [Box(390, 10, 400, 20)]
    seen = shown(backing, 400, 300)
    assert (seen[10:20, 390:] == 0).all() and seen.sum() == 255 * (400 * 300 - 100)
    backing.renew(400, 300, second)
    assert len(second.boxes) == 1


@pytest.mark.parametrize("why", ["it is forgotten", "the widget has another size"])
def test_all_is_drawn_when(qapp, why) -> None:
    backing, again = Backing(), Drawn()
    backing.renew(40, 30, Drawn())
    backing.change(Box(1, 1, 2, 2))
    if why == "it is forgotten":
        backing.forget()
    size = (40, 30) if why == "it is forgotten" else (50, 30)
    backing.renew(*size, again)
    assert again.boxes == [Box(0, 0, *size)]


def test_boxes_are_drawn_as_one_where_that_is_less_work() -> None:
    assert merged([Box(0, 0, 20, 20)], Box(100, 0, 120, 20)) == [Box(0, 0, 120, 20)]
    far = [Box(0, 0, 20, 20), Box(5000, 0, 5020, 20)]
    assert merged(far[:1], far[1]) == far
    middle = Box(10, 0, 5000, 20)
    assert merged(far, middle) == [Box(0, 0, 5020, 20)]


@pytest.mark.parametrize("zoom", [0.3, 0.7, 1.0, 3.0])
def test_a_picture_in_strips_is_the_picture_in_one_piece(qapp, zoom, monkeypatch) -> None:
    rng = np.random.default_rng(0)
    picture, view = Layer(pack(rng.integers(0, 256, (400, 300, 3), np.uint8))), View(zoom, 5, -7)
    seen = []
    for alone_up_to in (0, 10**9):
        monkeypatch.setattr(layer, "ALONE_UP_TO", alone_up_to)
        image = QImage(350, 333, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        picture.paint(painter, view, Box(0, 0, 350, 333))
        painter.end()
        seen.append(from_image(image))
    assert np.array_equal(*seen)


@pytest.mark.parametrize("shape", [(1, 1), (30, 500), (311, 207), (600, 600)])
def test_parts_hold_all_that_changed_and_never_overlap(shape) -> None:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    distance = np.hypot(rows - shape[0] / 2, columns - shape[1] / 2)
    changes = np.abs(distance - min(shape) / 2.2) <= 3
    changes[0, 0] = True
    covered = np.zeros(shape, int)
    for box in parts(changes):
        covered[box.slices] += 1
    assert covered.max() == 1 and covered[changes].all()
    assert parts(np.zeros(shape, bool)) == []


def test_the_rim_of_a_disc_takes_half_of_its_square() -> None:
    rows, columns = np.mgrid[:300, :300]
    inside = np.hypot(rows - 150, columns - 150) <= 150
    crescent = inside & ~np.roll(inside, -20, axis=1)
    assert sum(box.width * box.height for box in parts(crescent)) < 300 * 300 / 2


def test_the_ring_is_the_same_wherever_it_stands(canvas) -> None:
    canvas.show_mask(np.full((64, 64, 3), 90, np.uint8))
    canvas.set_brush(canvas.brush.resized(20))
    seen = []
    for place in (QPointF(150, 100), QPointF(191.4, 127.2)):
        canvas._point_to(place)
        left, top = int(place.x()), int(place.y())
        seen.append(from_image(canvas.grab().toImage())[top - 60 : top + 60, left - 60 : left + 60])
    assert np.array_equal(*seen) and seen[0].max() > 200
