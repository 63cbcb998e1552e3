"""Where a picture stands in its widget: zoom and place, in device pixels so that it is sharp on every screen."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import ceil, floor

from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.brush import Point

ZOOMS = (
    *(1 / 32, 1 / 24, 1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3),
    *(1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0),
)
"""Device pixels per pixel of the picture: above 1 only whole ones, at which every pixel is a square."""
SIGHT = 48
"""So many device pixels of the picture stay in sight however far it is pushed."""

Size = tuple[int, int]
"""Width and height."""


@dataclass(frozen=True)
class View:
    """zoom: device pixels per pixel of the picture. left, top: where its corner stands in the widget."""

    zoom: float = 1.0
    left: int = 0
    top: int = 0

    def to_picture(self, x: float, y: float) -> Point:
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    def to_device(self, x: float, y: float) -> Point:
        return x * self.zoom + self.left, y * self.zoom + self.top

    def place(self, box: Box) -> Box:
        """The device pixels that a box of the picture has a part in."""
        (left, top), (right, bottom) = self.to_device(box.left, box.top), self.to_device(box.right, box.bottom)
        return Box(floor(left), floor(top), ceil(right), ceil(bottom))

    def seen(self, box: Box) -> Box:
        """The pixels of the picture that have a part in a box of device pixels."""
        (left, top), (right, bottom) = self.to_picture(box.left, box.top), self.to_picture(box.right, box.bottom)
        return Box(floor(left), floor(top), ceil(right), ceil(bottom))


def fitting_zoom(picture: Size, area: Size) -> float:
    """The largest zoom at which all is in sight: whole above 1, any below."""
    zoom = min(area[0] / picture[0], area[1] / picture[1], ZOOMS[-1])
    return float(floor(zoom)) if zoom >= 1 else max(zoom, ZOOMS[0] / 8)


def centred(picture: Size, area: Size, zoom: float) -> View:
    return View(zoom, round((area[0] - picture[0] * zoom) / 2), round((area[1] - picture[1] * zoom) / 2))


def fitted(picture: Size, area: Size, margin: int = 0) -> View:
    room = (max(1, area[0] - 2 * margin), max(1, area[1] - 2 * margin))
    return centred(picture, area, fitting_zoom(picture, room))


def zoomed(view: View, zoom: float, x: float, y: float) -> View:
    """Another zoom at which the same place of the picture lies at the point (x, y)."""
    across, down = view.to_picture(x, y)
    return View(zoom, round(x - across * zoom), round(y - down * zoom))


def stepped(zoom: float, steps: int) -> float:
    """So many steps further in, or out where they are negative."""
    for _ in range(abs(steps)):
        place = bisect_right(ZOOMS, zoom * 1.001) if steps > 0 else bisect_left(ZOOMS, zoom * 0.999) - 1
        if not 0 <= place < len(ZOOMS):
            return zoom
        zoom = ZOOMS[place]
    return zoom


def in_sight(view: View, picture: Size, area: Size) -> View:
    """The nearest view that does not lose the picture beyond the border."""
    left, top = (
        min(max(start, SIGHT - ceil(side * view.zoom)), room - SIGHT)
        for start, side, room in ((view.left, picture[0], area[0]), (view.top, picture[1], area[1]))
    )
    return View(view.zoom, left, top)
