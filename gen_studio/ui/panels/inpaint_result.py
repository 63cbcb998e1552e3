"""The filled picture beside the canvas, and what it was before: while a key is held, or up to a line one drags."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gen_studio.core.holes import Place
from gen_studio.core.looking import Picture
from gen_studio.ui.canvas.area import CHIP_INSET, PictureArea
from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.layer import Layer
from gen_studio.ui.pictures import pack
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.wipe import HANDLE, draw_wipe
from gen_studio.viewmodels.inpainting import Answer

STEP, FAR_STEP = 0.02, 0.1
MARGIN = int(HANDLE) + 2
WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ResultArea(PictureArea):
    """Shows the place that its leader shows, where it has one; else any. A press shows what was before, or wipes."""

    fit_wanted = Signal()
    """All is to be seen, here and in the leader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A click must not take the keyboard from the canvas, which has the tools' keys.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Result")
        self._first: Picture | None = None
        self._before_packed: Layer | None = None
        self._photo: Picture | None = None
        self._answer: Answer | None = None
        self._before_chip = Chip("Before", on_picture=True, parent=self)
        self._before_chip.hide()
        self._words, self._is_live = "", False
        self._is_led = False
        self.wipes = False
        self.share = 0.5
        """Of the picture in sight that is as before, where it wipes."""
        self.is_peeking = False

    def show_pair(self, before: Picture | None, photo: Picture | None, answer: Answer | None = None) -> None:
        """Pictures (H, W, 1 or 3) of one size: as it was opened, and as it is now with an answer to it.

        Of large ones, only what the answer changes is looked at.
        """
        if before is not self._first:
            self._first, self._before_packed = before, None
        if photo is not self._photo:
            self._photo, self._answer = photo, None
            self.set_packed(None if photo is None else pack(photo))
        if photo is not None and answer is not self._answer:
            if self._answer is not None:
                self._put(self._answer.place, photo[self._answer.place])
            if answer is not None:
                self._put(answer.place, answer.patch)
            self._answer = answer
        self._show_chips()

    def _put(self, place: Place, pixels: Picture) -> None:
        if self._layer is not None:
            rows, columns = place
            box = Box(columns.start, rows.start, columns.stop, rows.stop)
            self._layer.change(box, pack(pixels))
            self.repaint_box(box)

    @property
    def _before(self) -> Layer | None:
        """Packed when it is first looked at."""
        if self._before_packed is None and self._first is not None:
            self._before_packed = Layer(pack(self._first))
        return self._before_packed

    def set_words(self, words: str, *, live: bool = False) -> None:
        """What stands on the filled picture."""
        self._words, self._is_live = words, live
        self._show_chips()

    def set_led(self, led: bool) -> None:
        """Whether another area says which place is shown."""
        self._is_led = led
        if not led:
            self.fit()

    def set_wipes(self, wipes: bool) -> None:
        self.wipes = wipes
        self._show_chips()
        self.refresh()

    @Slot(bool)
    def peek(self, peeks: bool) -> None:
        """What it was before, for a moment."""
        if peeks != self.is_peeking and (self._first is not None or not peeks):
            self.is_peeking = peeks
            self._show_chips()
            self.refresh()

    @Slot()
    def fit(self) -> None:
        if self._is_led:
            self.fit_wanted.emit()
        else:
            super().fit()

    def _fit_again(self) -> None:
        if not self._is_led:
            super()._fit_again()

    # Painting

    @property
    def _wipes_now(self) -> bool:
        return self.wipes and not self.is_peeking and self._first is not None and self._layer is not None

    def _sight(self) -> QRectF:
        """Where the picture stands, as far as it is in sight."""
        if self._layer is None:
            return QRectF()
        width, height = self._layer.size
        place = QRectF(self.widget_point(0, 0), self.widget_point(width, height))
        return place.intersected(QRectF(self.rect()))

    def _line(self) -> float:
        sight = self._sight()
        return float(round(sight.left() + self.share * sight.width()))

    def paint_upon(self, painter: QPainter, exposed: Box) -> None:
        if not (self.is_peeking or self._wipes_now) or self._before is None:
            return
        if self.is_peeking:
            self._before.paint(painter, self.view, exposed)
            return
        painter.save()
        line = round(self._line() * self.devicePixelRatioF())
        painter.setClipRect(QRectF(0, exposed.top, line, exposed.height), Qt.ClipOperation.IntersectClip)
        self._before.paint(painter, self.view, exposed)
        painter.restore()

    def paint_over(self, painter: QPainter) -> None:
        if self._wipes_now:
            draw_wipe(painter, self._sight(), self._line())

    def _show_chips(self) -> None:
        words = "Before" if self.is_peeking else self._words
        self._chip.show_words(words, live=self._is_live and not self.is_peeking)
        self._chip.adjustSize()
        self._chip.setVisible(bool(words) and self.has_picture)
        self._before_chip.setVisible(self._wipes_now)
        if self._wipes_now:
            self.setAccessibleDescription(f"Before up to {100 * self.share:.0f} %, then {self._words}")
        else:
            self.setAccessibleDescription(words)
        self._place_chip()

    def _place_chip(self) -> None:
        super()._place_chip()
        sight = self._sight()
        if self.wipes and not self.is_peeking:
            self._before_chip.adjustSize()
            self._before_chip.move(self._chip.pos())
            right = min(sight.right(), self.width()) - CHIP_INSET - self._chip.width()
            self._chip.move(round(right), self._chip.y())

    # Hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.is_dragged or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._wipes_now:
            self._wipe_to(event.position())
        else:
            self.peek(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._wipes_now and not self.is_dragged and event.buttons() & Qt.MouseButton.LeftButton:
            self._wipe_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.peek(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = WAYS.get(Qt.Key(event.key()))
        if way is None or not self._wipes_now:
            super().keyPressEvent(event)
            return
        self.ring = True
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._set_share(self.share + way * (FAR_STEP if far else STEP))

    def _wipe_to(self, point: QPointF) -> None:
        sight = self._sight()
        self._set_share((point.x() - sight.left()) / max(1.0, sight.width()))

    def _set_share(self, share: float) -> None:
        self.share = min(1.0, max(0.0, share))
        self._show_chips()
        self.refresh()
