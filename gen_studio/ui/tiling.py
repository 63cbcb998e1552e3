"""Decides how large tiles are and where they stand. Counts device pixels, so that tiles stay sharp at any scale."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import floor

SMALL_TILE = 64
LARGE_TILE = 128
"""Pictures over 128 pixels are unreadable at 64."""
LARGEST_TILE = 256
GAP = 4
ITEM_GAP = 16
SCROLL_BAR = 10

Box = tuple[int, int, int, int]
"""Left, top, width, height in device pixels."""


@dataclass(frozen=True)
class Request:
    """What is to be laid out: `items` of `per_item` pictures of `picture` (width, height) on `area` device pixels.

    `ratio` is the number of device pixels per logical pixel; `header` the logical height of the captions.
    With `in_rows` each item has a row of its own.
    """

    items: int
    picture: tuple[int, int]
    area: tuple[int, int]
    per_item: int = 1
    ratio: float = 1.0
    header: int = 0
    in_rows: bool = False


@dataclass(frozen=True)
class Tiling:
    """Where every tile stands. `zoom` is device pixels per picture pixel; whole (or one over whole) by choice."""

    request: Request
    zoom: Fraction
    columns: int
    rows: int
    shown_rows: int
    left: int = 0
    top: int = 0

    @cached_property
    def tile(self) -> tuple[int, int]:
        """Width and height of a tile."""
        width, height = self.request.picture
        return max(1, floor(width * self.zoom)), max(1, floor(height * self.zoom))

    @cached_property
    def sharp(self) -> bool:
        """Whether every picture pixel is a whole square of device pixels, so that nothing has to be interpolated."""
        return self.zoom.denominator == 1

    @cached_property
    def gap(self) -> int:
        return _scaled(GAP, self.request)

    @cached_property
    def step(self) -> tuple[int, int]:
        """From one item to the next, in x and in y."""
        return _item_width(self.request, self.zoom) + self._item_gap, self.tile[1] + self.gap

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the shown block of tiles, without the header."""
        across, down = self.step
        return max(0, self.columns * across - self._item_gap), max(0, self.shown_rows * down - self.gap)

    @property
    def scrolls(self) -> bool:
        return self.shown_rows < self.rows

    def box(self, index: int, first_row: int = 0) -> Box | None:
        """Where the picture `index` stands when `first_row` is at the top; None when it is not in sight."""
        item, part = divmod(index, self.request.per_item)
        row, column = divmod(item, max(1, self.columns))
        row -= first_row
        if not 0 <= row < self.shown_rows:
            return None
        across, down = self.step
        width, height = self.tile
        return self.left + column * across + part * (width + self.gap), self.top + row * down, width, height

    def index_at(self, x: float, y: float, first_row: int = 0) -> int | None:
        """The picture under a point, None between tiles."""
        across, down = self.step
        width, height = self.tile
        column, in_item = divmod(x - self.left, across)
        row, in_row = divmod(y - self.top, down)
        part, in_tile = divmod(in_item, width + self.gap)
        if not (0 <= column < self.columns and 0 <= row < self.shown_rows):
            return None
        if part >= self.request.per_item or in_tile >= width or in_row >= height:
            return None
        item = int((row + first_row) * self.columns + column)
        return item * self.request.per_item + int(part) if item < self.request.items else None

    @property
    def _item_gap(self) -> int:
        return _scaled(GAP if self.request.per_item == 1 else ITEM_GAP, self.request)


def lay_out(request: Request) -> Tiling:
    """The largest whole multiple at which all items are in sight, or else the usual size with as many as fit."""
    zoom = usual_zoom(request)
    while _item_width(request, zoom) > request.area[0] and (smaller := _previous(zoom)) is not None:
        zoom = smaller
    best = _place(request, zoom)
    while not best.scrolls and max(request.picture) * (zoom := _next(zoom)) <= LARGEST_TILE * request.ratio:
        larger = _place(request, zoom)
        if larger.scrolls or larger.size[0] > request.area[0]:
            break
        best = larger
    return _centred(best)


def usual_zoom(request: Request) -> Fraction:
    """The multiple (or whole fraction) nearest to the usual size of a tile, in device pixels."""
    side = max(request.picture)
    target = (SMALL_TILE if side <= LARGE_TILE else LARGE_TILE) * request.ratio
    if side <= target * 1.5:
        return Fraction(max(1, round(target / side)))
    return Fraction(1, max(1, round(side / target)))


def _place(request: Request, zoom: Fraction) -> Tiling:
    probe = Tiling(request, zoom, columns=1, rows=request.items, shown_rows=1)
    across, down = probe.step
    width, height = request.area
    height -= _scaled(request.header, request)
    fitting = max(1, (height + probe.gap) // down)
    most = _columns_within(width, across, probe._item_gap, request)
    rows = -(-request.items // most)
    if rows > fitting:
        bar = _scaled(SCROLL_BAR, request)
        most = _columns_within(width - bar, across, probe._item_gap, request)
        rows = -(-request.items // most)
        return replace(probe, columns=most, rows=rows, shown_rows=min(rows, fitting))
    columns = _without_remainder(request.items, most, fitting)
    rows = -(-request.items // columns) if request.items else 0
    return replace(probe, columns=columns, rows=rows, shown_rows=rows)


def _columns_within(width: int, across: int, gap: int, request: Request) -> int:
    return 1 if request.in_rows else max(1, min((width + gap) // across, request.items))


def _without_remainder(items: int, most: int, fitting: int) -> int:
    """As many columns as fit, but rather 9 x 9 than 8 rows of 10 and one tile over."""
    for columns in range(most, 0, -1):
        if items % columns == 0 and items // columns <= fitting and columns * 4 >= most * 3:
            return columns
    return most


def _centred(tiling: Tiling) -> Tiling:
    request = tiling.request
    width, height = tiling.size
    header = _scaled(request.header, request)
    left = max(0, (request.area[0] - width) // 2)
    top = header + max(0, (request.area[1] - header - height) // 2)
    return replace(tiling, left=left, top=top)


def _item_width(request: Request, zoom: Fraction) -> int:
    tile = max(1, floor(request.picture[0] * zoom))
    return request.per_item * (tile + _scaled(GAP, request)) - _scaled(GAP, request)


def _scaled(logical: int, request: Request) -> int:
    return round(logical * request.ratio)


def _next(zoom: Fraction) -> Fraction:
    return zoom + 1 if zoom >= 1 else Fraction(1, zoom.denominator - 1)


def _previous(zoom: Fraction) -> Fraction | None:
    if zoom > 1:
        return zoom - 1
    return Fraction(1, zoom.denominator + 1) if zoom.denominator < 16 else None
