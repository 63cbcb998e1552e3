"""A picture and what it was before: one at a time, with a line to wipe between them, or side by side."""

from enum import Enum

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gen_studio.ui.picture_view import INSET, PictureView
from gen_studio.ui.pictures import Pixels, pack, view
from gen_studio.ui.tile_sheet import fitted
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.painting import RingOnKeys, focus_ring
from gen_studio.ui.widgets.wipe import draw_wipe

STEP, FAR_STEP = 0.02, 0.1


class Compare(Enum):
    """How before and after are seen."""

    AFTER = "After"
    WIPE = "Wipe"
    SIDES = "Side by side"


class ComparedView(RingOnKeys, PictureView):
    """Pressing the mouse on a picture shows what it was before, for as long as it is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        self.compare = Compare.AFTER
        self.share = 0.5
        self.is_peeking = False
        self._pair: tuple[tuple[str, Pixels], ...] = ()
        self._step_words, self._is_live = "", False
        self._under = QPixmap()
        self._left_chip = Chip("Before", on_picture=True, parent=self)
        self._right_chip = Chip("After", on_picture=True, parent=self)
        self._show()

    def set_compared(self, pictures: tuple[tuple[str, Pixels], ...]) -> None:
        """Pictures (H, W, C) of one size with their captions: before first, after last, and any between them."""
        self._pair = pictures
        self._show()

    def set_compare(self, compare: Compare) -> None:
        self.compare = compare
        self._show()

    def peek(self, peeks: bool) -> None:
        """What it was before, for a moment."""
        if peeks != self.is_peeking:
            self.is_peeking = peeks
            self._show()

    def set_step(self, words: str, *, live: bool) -> None:
        """Which weights made the picture."""
        if (words, live) != (self._step_words, self._is_live):
            self._step_words, self._is_live = words, live
            self._show()

    @property
    def shown(self) -> tuple[Pixels, ...]:
        """What is seen, from left to right."""
        if not self._pair:
            return ()
        before, after = self._pair[0][1], self._pair[-1][1]
        if self.is_peeking:
            return (before,)
        match self.compare:
            case Compare.AFTER:
                return (after,)
            case Compare.WIPE:
                return (before, after)
            case Compare.SIDES:
                return tuple(picture for _, picture in self._pair)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        boxes = self.boxes()
        if self._wipes and boxes:
            self._paint_wipe(painter, boxes[0])
        if self.hasFocus() and self.ring and boxes:
            focus_ring(painter, boxes[0].united(boxes[-1]).adjusted(-3, -3, 3, 3), 4)

    @property
    def _wipes(self) -> bool:
        return self.compare is Compare.WIPE and not self.is_peeking and bool(self._pair)

    def _paint_wipe(self, painter: QPainter, place: QRectF) -> None:
        x = round(place.left() + self.share * place.width())
        painter.save()
        painter.setClipRect(QRectF(place.left(), place.top(), x - place.left(), place.height()))
        painter.drawPixmap(place.topLeft(), self._drawn_under(place))
        painter.restore()
        draw_wipe(painter, place, x)

    def _drawn_under(self, place: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(round(place.width() * ratio), round(place.height() * ratio))
        if self._under.size() != size:
            self._under = QPixmap(size)
            painter = QPainter(self._under)
            target = QRect(0, 0, size.width(), size.height())
            image = view(np.ascontiguousarray(pack(self._pair[0][1])))
            painter.drawImage(target, fitted(image, target, self.zoom().denominator == 1))
            painter.end()
            self._under.setDevicePixelRatio(ratio)
        return self._under

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._wipes:
            self._wipe_to(event.position().x())
        elif self.compare is Compare.AFTER and any(box.contains(event.position()) for box in self.boxes()):
            self.peek(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._wipes and event.buttons() & Qt.MouseButton.LeftButton:
            self._wipe_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.peek(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()))
        if way is None or not self._wipes:
            super().keyPressEvent(event)
            event.ignore()
            return
        self.ring = True
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._set_share(self.share + way * (FAR_STEP if far else STEP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_chips()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.PaletteChange):
            self._under = QPixmap()
        return super().event(event)

    def _wipe_to(self, x: float) -> None:
        place = self.boxes()[0]
        self._set_share((x - place.left()) / max(1.0, place.width()))

    def _set_share(self, share: float) -> None:
        self.share = min(1.0, max(0.0, share))
        self.setAccessibleDescription(f"Before up to {100 * self.share:.0f} %")
        self.update()

    def _show(self) -> None:
        self._under = QPixmap()
        shown = self.shown
        if not shown:
            self.set_pictures(None)
        elif self._wipes:
            self.set_pictures(shown[-1][None])
        else:
            self.set_pictures(np.stack(shown), self._captions_of(len(shown)))
        self._show_chips()

    def _captions_of(self, count: int) -> tuple[str, ...]:
        """Side by side, the last says which weights made it: what is left of it may be nobody's work but a person's."""
        if count < 2:
            return ()
        captions = tuple(caption for caption, _ in self._pair)
        return (*captions[:-1], f"{captions[-1]}, {self._step_words}" if self._step_words else captions[-1])

    def _show_chips(self) -> None:
        if self.is_peeking:
            self.set_chip("before")
        else:
            alone = bool(self._pair) and self.compare is Compare.AFTER
            self.set_chip(self._step_words if alone else "", live=self._is_live)
        boxes = self.boxes()
        for chip in (self._left_chip, self._right_chip):
            chip.setVisible(self._wipes and bool(boxes))
        if self._wipes and boxes:
            place = boxes[0]
            for chip in (self._left_chip, self._right_chip):
                chip.adjustSize()
            top = round(place.top()) + INSET
            self._left_chip.move(round(place.left()) + INSET, top)
            self._right_chip.move(round(place.right()) - INSET - self._right_chip.width(), top)
