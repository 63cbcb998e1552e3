"""Draws the app's icons from their SVG files in the colour and at the screen scale that a place needs."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from gen_studio.core.paths import resources
from gen_studio.ui.theme import tokens

SCALES = (1.0, 2.0, 3.0)
_FILLED = "-filled"


def icon(name: str, color: QColor | None = None, size: int = 16) -> QIcon:
    """An icon for menus and stock widgets, sharp on every screen. Its colour does not follow a change of scheme."""
    result = QIcon()
    for scale in SCALES:
        result.addPixmap(pixmap(name, color, size, scale))
        result.addPixmap(pixmap(name, tokens().faint, size, scale), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, color: QColor | None = None, size: int = 16, scale: float = 1.0) -> QPixmap:
    """An icon as a square of `size` logical pixels. Without a colour it takes the text's.

    The name is that of a file in resources/icons; "play-filled" is "play" with its inside filled.
    Raises FileNotFoundError for a name without a file.
    """
    color = color if color is not None else tokens().text
    key = f"icon {name} {color.name(QColor.NameFormat.HexArgb)} {size} {scale}"
    # Qt's own cache, since pixmaps must be gone before the application is.
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawn = _draw(name, color, size, scale)
    QPixmapCache.insert(key, drawn)
    return drawn


def _draw(name: str, color: QColor, size: int, scale: float) -> QPixmap:
    side = round(size * scale)
    result = QPixmap(side, side)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Qt's SVG colours have no alpha, so that is left to the painter.
    painter.setOpacity(color.alphaF())
    renderer = QSvgRenderer(QByteArray(_drawing(name, color.name(), size).encode()))
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(scale)
    return result


def _drawing(name: str, color: str, size: int) -> str:
    svg = _file(name.removesuffix(_FILLED)).replace("currentColor", color)
    if size >= 20:
        # Lucide's line is made for 16 pixels; larger icons beside the same text look heavy with it.
        svg = svg.replace('stroke-width="2"', 'stroke-width="1.75"')
    if name.endswith(_FILLED):
        svg = svg.replace('fill="none"', f'fill="{color}"')
    return svg


@cache
def _file(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
