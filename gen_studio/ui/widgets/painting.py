"""The strokes that all painted widgets share: boxes, focus rings, icons, marks of a run's state, text that is cut."""

from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import QLayout, QWidget

from gen_studio.ui import icons
from gen_studio.ui.theme import tokens

BUTTON_RADIUS = 6.0
CARD_RADIUS = 8.0
PICTURE_RADIUS = 4.0


class RunState(Enum):
    """Told by shape and by colour: a dot, a tick, bars, a triangle."""

    NONE = "not started"
    RUNNING = "running"
    FINISHED = "finished"
    PAUSED = "paused"
    FAILED = "failed"


class RingOnKeys:
    """For widgets that show their focus ring only once the keyboard is in use, so that no window opens glowing."""

    ring = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        # Coming back from another window or from a popup leaves the ring as it was.
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.ring = event.reason() in keys
        super().focusInEvent(event)  # type: ignore[misc]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.ring = True
        self.update()  # type: ignore[attr-defined]
        super().keyPressEvent(event)  # type: ignore[misc]


def box(painter: QPainter, rect: QRect | QRectF, fill: QColor, radius: float, outline: QColor | None = None) -> None:
    """A rounded box; the outline is one logical pixel, inside of the rectangle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = QRectF(rect)
    if outline is not None and outline.alpha() > 0:
        inner = inner.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(outline, 1))
        radius -= 0.5
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(fill) if fill.alpha() else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, radius, radius)


def focus_ring(painter: QPainter, rect: QRect | QRectF, radius: float, color: QColor | None = None) -> None:
    """Two pixels inside of the rectangle, so that nothing around it has to make room."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color or tokens().accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), max(0.0, radius - 1), max(0.0, radius - 1))


def draw_icon(painter: QPainter, center: QPointF, name: str, color: QColor, size: int = 16) -> None:
    """An icon around a point, on whole pixels of the screen that is painted on."""
    scale = painter.device().devicePixelRatioF()
    left = round((center.x() - size / 2) * scale) / scale
    top = round((center.y() - size / 2) * scale) / scale
    painter.drawPixmap(QPointF(left, top), icons.pixmap(name, color, size, scale))


def draw_text(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """One line, centred in height, cut with an ellipsis where it does not fit. Returns the width it took."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, cut, int(rect.width()))
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(QRectF(rect), int(align | Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)


def draw_picture(painter: QPainter, rect: QRectF, picture: QImage, radius: float = PICTURE_RADIUS) -> None:
    """A picture that fills a rounded rectangle; it is cut, not stretched, where its shape differs."""
    scale = painter.device().devicePixelRatioF()
    wanted = QSize(round(rect.width() * scale), round(rect.height() * scale))
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = picture.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding, smooth)
    left, top = (fitted.width() - wanted.width()) // 2, (fitted.height() - wanted.height()) // 2
    fitted = fitted.copy(left, top, wanted.width(), wanted.height())
    fitted.setDevicePixelRatio(scale)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setClipPath(path)
    painter.drawImage(rect.topLeft(), fitted)
    painter.restore()


def draw_picture_or_icon(painter: QPainter, rect: QRectF, picture: QImage | None, name: str) -> None:
    """What stands at the left of a picker or a row."""
    t = tokens()
    if picture is not None and not picture.isNull():
        draw_picture(painter, rect, picture)
        return
    box(painter, rect, t.hover, PICTURE_RADIUS)
    if name:
        draw_icon(painter, rect.center(), name, t.muted, 20 if rect.width() >= 36 else 16)


def draw_state(painter: QPainter, center: QPointF, state: RunState) -> None:
    """The mark at the right of a run's row."""
    t = tokens()
    match state:
        case RunState.NONE:
            pass
        case RunState.RUNNING:
            dot(painter, center, t.success)
        case RunState.FINISHED:
            draw_icon(painter, center, "check", t.muted)
        case RunState.PAUSED:
            draw_icon(painter, center, "pause-filled", t.muted, 14)
        case RunState.FAILED:
            draw_icon(painter, center, "triangle-alert", t.danger)


def dot(painter: QPainter, center: QPointF, color: QColor, radius: float = 4.0) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, radius, radius)


def take_tab(button: QWidget, takes: bool) -> None:
    """Tab comes to the current one of a group of buttons; the arrow keys go to the others."""
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if takes else Qt.FocusPolicy.ClickFocus)


def repolish(widget: QWidget) -> None:
    """Makes the style sheet look again at a widget whose property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def empty(layout: QLayout) -> None:
    """Takes all widgets out of a layout and deletes them."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
