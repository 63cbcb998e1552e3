"""The history as a filmstrip: one followed sample over all planned steps, with a playhead to go back through them."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.core.events import MarkKind
from gen_studio.ui.frames import Frames
from gen_studio.ui.marks import mark_color
from gen_studio.ui.pictures import Pixels
from gen_studio.ui.theme import ON_FILL, font, tokens
from gen_studio.ui.ticks import round_ticks, whole
from gen_studio.ui.widgets.painting import RingOnKeys, box, draw_text, focus_ring

HEIGHT = 84
STRIP_TOP = 12
STRIP_HEIGHT = 44
HANDLE = 7.0
HANDLE_BELOW = 4
TICKS_TOP = 66
PAGE = 10


class Filmstrip(RingOnKeys, QWidget):
    """Following, the playhead is at the newest step; dragging it, or the arrow keys, ends that; the End key resumes."""

    step_chosen = Signal(int)
    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("History")
        self._total = 1
        self._frames = Frames()
        self._newest = 0
        self._step = 0
        self._following = True
        self._hovered: int | None = None
        self._events: list[tuple[int, MarkKind]] = []
        self._cells: dict[int, tuple[int, QPixmap]] = {}
        self._describe()

    # What is shown

    def set_total_steps(self, total: int) -> None:
        """The planned steps: the whole width, so that the scale stays as the run goes on."""
        if total != self._total:
            self._total = max(1, total)
            self._forget_cells()

    def add_frame(self, step: int, picture: Pixels) -> None:
        """The followed sample at a step, (H, W, C) uint8."""
        self._frames.add(step, picture)
        self._newest = max(self._newest, step)
        if step > self._total:
            self.set_total_steps(step)
        if self._following:
            self._step = self._newest
            self._describe()
        self.update()

    def set_frames(self, frames: Iterable[tuple[int, Pixels]]) -> None:
        """Replaces the whole history: another run, or another sample to follow. The playhead stays where it was."""
        self._frames.clear()
        self._newest = 0
        self._forget_cells()
        for step, picture in frames:
            self.add_frame(step, picture)

    def drop_after(self, step: int) -> None:
        """Forgets steps that the run has gone back behind."""
        self._frames.drop_after(step)
        self._events = [event for event in self._events if event[0] <= step]
        self._newest = min(self._newest, step)
        self._step = min(self._step, step)
        self._forget_cells()

    def clear(self) -> None:
        self._frames.clear()
        self._events.clear()
        self._newest = self._step = 0
        self._forget_cells()
        self.set_following(True)

    def add_event(self, step: int, kind: MarkKind) -> None:
        """A small triangle above the strip."""
        self._events.append((step, kind))
        self.update()

    def mark_step(self, step: int | None) -> None:
        """A thin line where the pointer is on the curves; None takes it away."""
        if step != self._hovered:
            self._hovered = step
            self.update()

    @property
    def step(self) -> int:
        """Where the playhead is."""
        return self._step

    @property
    def following(self) -> bool:
        return self._following

    def set_following(self, following: bool) -> None:
        """With True the playhead goes to the newest step and stays there."""
        if following:
            self._step = self._newest
            self.update()
        if following != self._following:
            self._following = following
            self._describe()
            self.following_changed.emit(following)

    def choose_step(self, step: int) -> None:
        """Moves the playhead to the nearest kept picture, as a drag does, and stops following."""
        near = self._frames.nearest(step)
        if near is None:
            return
        self.set_following(False)
        if near != self._step:
            self._step = near
            self.update()
            self._describe()
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, near))
            self.step_chosen.emit(near)

    def sizeHint(self) -> QSize:
        return QSize(608, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def x_of(self, step: float) -> float:
        """From a step to the widget's x."""
        return step / self._total * self.width()

    def step_at(self, x: float) -> int:
        return round(min(1.0, max(0.0, x / max(1, self.width()))) * self._total)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = tokens()
        strip = QRectF(0, STRIP_TOP, self.width(), STRIP_HEIGHT)
        box(painter, strip, t.surface, 0, t.line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_frames(painter, strip.adjusted(1, 1, -1, -1))
        if self._hovered is not None and 0 <= self._hovered <= self._total:
            x = round(self.x_of(self._hovered))
            # Dark on both sides, so that the line is seen on any picture.
            painter.fillRect(QRectF(x - 1, STRIP_TOP, 3, STRIP_HEIGHT), t.scrim)
            painter.fillRect(QRectF(x, STRIP_TOP, 1, STRIP_HEIGHT), ON_FILL)
        self._paint_events(painter)
        self._paint_ticks(painter)
        self._paint_playhead(painter)
        if self.ring:
            focus_ring(painter, strip.adjusted(0, -2, 0, 2), 2)

    def _paint_frames(self, painter: QPainter, inside: QRectF) -> None:
        if not len(self._frames):
            return
        ratio = self.devicePixelRatioF()
        first = self._frames.image(self._frames.steps[0])
        height = round(inside.height() * ratio)
        across = max(8, round(height * first.width() / max(1, first.height())))
        end = max(2.0, self.x_of(self._newest)) * ratio
        painter.save()
        painter.setClipRect(QRectF(inside.left(), inside.top(), min(end / ratio, inside.width()), inside.height()))
        for cell in range(int(end // across) + 1):
            middle = min((cell + 0.5) * across, end)
            step = self._frames.nearest(middle / ratio / self.width() * self._total)
            assert step is not None
            painter.drawPixmap(
                QPointF(inside.left() + cell * across / ratio, inside.top()), self._cell(cell, step, across, height)
            )
        painter.restore()

    def _cell(self, cell: int, step: int, width: int, height: int) -> QPixmap:
        found = self._cells.get(cell)
        if found is not None and found[0] == step:
            return found[1]
        image = self._frames.image(step)
        # Small pictures stay squares; smoothing would blur an 8 x 8 digit into a cloud.
        mode = Qt.TransformationMode.SmoothTransformation
        if height >= 2 * image.height():
            mode = Qt.TransformationMode.FastTransformation
        pixmap = QPixmap.fromImage(image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, mode))
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._cells[cell] = (step, pixmap)
        return pixmap

    def _paint_events(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for step, kind in self._events:
            x = min(self.width() - 4.0, max(4.0, self.x_of(step)))
            painter.setBrush(mark_color(kind))
            painter.drawPolygon(QPolygonF([QPointF(x - 4, 3), QPointF(x + 4, 3), QPointF(x, 9)]))

    def _paint_ticks(self, painter: QPainter) -> None:
        face = font(11, tabular=True)
        metrics = QFontMetrics(face)
        # A number in the middle, then one more as wide as itself free, so that they never touch.
        most = max(1, min(5, int(self.width() / (2.5 * metrics.horizontalAdvance(whole(self._total))))))
        free_from = float("-inf")
        for value in round_ticks(0, self._total, most):
            text = whole(value)
            width = metrics.horizontalAdvance(text) + 2
            left = min(self.width() - width, max(0.0, self.x_of(value) - width / 2))
            if left >= free_from:
                draw_text(painter, QRectF(left, TICKS_TOP, width, 16), text, face, tokens().muted)
                free_from = left + width + 8

    def _paint_playhead(self, painter: QPainter) -> None:
        t = tokens()
        x = min(self.width() - 1.0, max(1.0, round(self.x_of(self._step))))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(x - 2, STRIP_TOP, 4, STRIP_HEIGHT), t.bg)
        painter.fillRect(QRectF(x - 1, STRIP_TOP - 4, 2, STRIP_HEIGHT + 8), t.text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.bg, 2))
        painter.setBrush(t.text)
        centre = min(self.width() - HANDLE, max(HANDLE, x))
        painter.drawEllipse(QPointF(centre, STRIP_TOP + STRIP_HEIGHT + HANDLE_BELOW), HANDLE, HANDLE)

    def _forget_cells(self) -> None:
        self._cells.clear()
        self.update()

    def _describe(self) -> None:
        words = "following live" if self._following else "looking back"
        self.setAccessibleDescription(f"step {whole(self._step)} of {whole(self._total)}, {words}")

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget_cells()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._forget_cells()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose_step(self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.choose_step(self.step_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -PAGE,
            Qt.Key.Key_PageDown: PAGE,
            Qt.Key.Key_Home: -len(self._frames),
        }
        if event.key() == Qt.Key.Key_End:
            self.set_following(True)
        elif event.key() in moves:
            target = self._frames.beside(self._step, moves[Qt.Key(event.key())])
            if target is not None:
                self.choose_step(target)
        else:
            event.ignore()
            return
        event.accept()
