"""The grid of samples on the stage: as many sharp tiles as fit, one of them chosen and any of them shown large."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QScrollBar, QWidget

from gen_studio.ui.picture_view import CAPTION_HEIGHT, PictureView
from gen_studio.ui.pictures import Pixels, check_pictures
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.tile_sheet import TileSheet
from gen_studio.ui.tiling import SCROLL_BAR, Request, Tiling, lay_out
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.painting import RingOnKeys, draw_text, focus_ring

RENDERING_AFTER_MS = 300
"""A chip that comes and goes faster than this only flickers."""
FRAME = 2
CHIP_INSET = 8


class SampleGrid(RingOnKeys, QWidget):
    """Paints (N, H, W, C) uint8 pictures as tiles. Arrows and clicks choose a tile; Enter or a double click zooms."""

    tile_chosen = Signal(int)
    zoom_changed = Signal(bool)
    copy_asked = Signal(int)
    save_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Samples")
        self._pictures: Pixels | None = None
        self._captions: tuple[str, ...] = ()
        self._per_item, self._in_rows = 1, False
        self._chosen: int | None = None
        self._marks: frozenset[int] = frozenset()
        self._chip = Chip(on_picture=True, parent=self)
        self._chip.hide()
        self._sentence = ""
        self._tiling: Tiling | None = None
        self._sheet = TileSheet()
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.hide()
        self._bar.valueChanged.connect(self._show_rows)
        self._rendering = QTimer(self, singleShot=True, interval=RENDERING_AFTER_MS)
        self._rendering.timeout.connect(self._say_rendering)
        self._large = PictureView(self)
        self._large.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._large.hide()

    # What is shown

    def set_pictures(
        self, pictures: Pixels, captions: Sequence[str] | None = None, per_item: int = 1, in_rows: bool = False
    ) -> None:
        """Shows (N, H, W, C) uint8 pictures; only tiles that differ are painted again.

        With per_item above 1, each run of that many pictures (input, output, target) is kept side by side, in_rows in
        a row of its own; `captions` are that many words above the columns. Raises ValueError where shapes do not fit.
        """
        check_pictures(pictures)
        if len(pictures) % per_item or (captions is not None and len(captions) != per_item):
            raise ValueError(f"{len(pictures)} pictures and captions {captions} do not make items of {per_item}")
        before = (self._request(), self._captions)
        self._pictures, self._captions = pictures, tuple(captions or ())
        self._per_item, self._in_rows = per_item, in_rows
        self._end_rendering()
        if self._chosen is not None and self._chosen >= len(pictures):
            self._chosen = None
        if self._tiling is None or before != (self._request(), self._captions):
            self._lay_out()
        else:
            self._repaint_tiles(self._refresh())
        self._show_large()
        self._describe()

    def clear(self, sentence: str = "") -> None:
        """Shows no pictures, only a sentence in the middle that says what would be here."""
        self._pictures, self._tiling, self._chosen, self._marks = None, None, None, frozenset()
        self._sentence = sentence
        self._sheet.clear()
        self._bar.hide()
        self.set_zoomed(False)
        self._describe()
        self.update()

    def set_marks(self, indices: Iterable[int]) -> None:
        """Frames these tiles in amber: the look-alikes that an alarm speaks of."""
        marks = frozenset(indices)
        changed = marks ^ self._marks
        self._marks = marks
        self._repaint_tiles(changed)
        self._describe()

    def set_chip(self, text: str) -> None:
        """Words in the top left corner ("starter model"); empty for none."""
        self._rendering.stop()
        if text != self.chip:
            self._chip.show_words(text)
            self._chip.adjustSize()
            self._chip.setVisible(bool(text))
            self._large.set_chip(text)

    def set_rendering(self) -> None:
        """Keeps the last pictures, and says "rendering" if new ones take longer than a moment."""
        if not self._rendering.isActive():
            self._rendering.start()

    @property
    def pictures(self) -> Pixels | None:
        """All that are shown, (N, H, W, C) uint8."""
        return self._pictures

    @property
    def marks(self) -> frozenset[int]:
        return self._marks

    @property
    def chip(self) -> str:
        return self._chip.text()

    @property
    def zoomed(self) -> bool:
        return not self._large.isHidden()

    def set_zoomed(self, zoomed: bool) -> None:
        """Shows the chosen picture (else the first) as large as fits, or all of them."""
        zoomed = zoomed and self._pictures is not None and len(self._pictures) > 0
        if zoomed == self.zoomed:
            return
        if zoomed and self._chosen is None:
            self.choose(0)
        self._large.setVisible(zoomed)
        self._bar.setVisible(not zoomed and self._tiling is not None and self._tiling.scrolls)
        self._show_large()
        self.zoom_changed.emit(zoomed)

    @property
    def chosen(self) -> int | None:
        return self._chosen

    def choose(self, index: int) -> None:
        """Chooses a tile, scrolls it into sight and tells so."""
        if self._pictures is None or not 0 <= index < len(self._pictures) or index == self._chosen:
            return
        before, self._chosen = self._chosen, index
        self._scroll_to(index)
        self._repaint_tiles([index] if before is None else [before, index])
        self._show_large()
        self._describe()
        self.tile_chosen.emit(index)

    def picture(self, index: int) -> Pixels:
        """One picture, (H, W, C). Raises IndexError beyond the last one."""
        if self._pictures is None:
            raise IndexError(index)
        return self._pictures[index]

    def tile_rect(self, index: int) -> QRectF | None:
        """Where a tile stands in the widget; None when it is not in sight."""
        box = self._tiling.box(index, self._bar.value()) if self._tiling is not None else None
        if box is None:
            return None
        ratio = self.devicePixelRatioF()
        return QRectF(box[0] / ratio, box[1] / ratio, box[2] / ratio, box[3] / ratio)

    def tile_at(self, point: QPoint | QPointF) -> int | None:
        if self._tiling is None:
            return None
        ratio = self.devicePixelRatioF()
        return self._tiling.index_at(point.x() * ratio, point.y() * ratio, self._bar.value())

    def sizeHint(self) -> QSize:
        return QSize(608, 608)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 132)

    # Layout

    def _request(self) -> Request | None:
        if self._pictures is None:
            return None
        ratio = self.devicePixelRatioF()
        count, height, width, _ = self._pictures.shape
        area = (int(self.width() * ratio), int(self.height() * ratio))
        header = CAPTION_HEIGHT if self._captions else 0
        return Request(count // self._per_item, (width, height), area, self._per_item, ratio, header, self._in_rows)

    def _lay_out(self) -> None:
        request = self._request()
        if request is None:
            return
        self._tiling = lay_out(request)
        self._bar.setGeometry(self.width() - SCROLL_BAR, 0, SCROLL_BAR, self.height())
        self._bar.setPageStep(self._tiling.shown_rows)
        self._bar.setRange(0, self._tiling.rows - self._tiling.shown_rows)
        self._bar.setVisible(self._tiling.scrolls and not self.zoomed)
        ratio = self.devicePixelRatioF()
        self._chip.move(round(self._tiling.left / ratio) + CHIP_INSET, round(self._tiling.top / ratio) + CHIP_INSET)
        self._refresh()
        self.update()

    def _refresh(self) -> list[int]:
        if self._pictures is None or self._tiling is None:
            return []
        return self._sheet.show(self._pictures, self._tiling, self._bar.value(), tokens().bg)

    def _show_rows(self) -> None:
        self._refresh()
        self.update()

    def _scroll_to(self, index: int) -> None:
        if self._tiling is None:
            return
        row = index // self._per_item // self._tiling.columns
        first = self._bar.value()
        self._bar.setValue(min(row, max(first, row - self._tiling.shown_rows + 1)))

    def _show_large(self) -> None:
        if not self.zoomed or self._pictures is None or self._chosen is None:
            return
        # A moment of a row is seen alone, an input beside its output.
        size = 1 if self._in_rows else self._per_item
        first = self._chosen // size * size
        captions = self._captions[first % self._per_item :][:size]
        self._large.set_pictures(self._pictures[first : first + size], captions)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = tokens()
        painter.fillRect(event.rect(), t.bg)
        if self._pictures is None or self._tiling is None:
            centre = Qt.AlignmentFlag.AlignHCenter
            draw_text(painter, self.rect().adjusted(24, 0, -24, 0), self._sentence, font(13), t.muted, centre)
        else:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(QPointF(self._tiling.left / ratio, self._tiling.top / ratio), self._sheet.pixmap)
            self._paint_captions(painter)
            self._paint_frames(painter, event.rect())
        if self.ring:
            focus_ring(painter, self.rect(), 4)

    def _paint_captions(self, painter: QPainter) -> None:
        assert self._tiling is not None
        face = font(11)
        for slot in range(self._tiling.columns * len(self._captions)):
            place = self.tile_rect(self._bar.value() * self._tiling.columns * self._per_item + slot)
            if place is None:
                continue
            caption = self._captions[slot % self._per_item]
            above = QRectF(place.left(), place.top() - CAPTION_HEIGHT, place.width(), CAPTION_HEIGHT - 2)
            if QFontMetrics(face).horizontalAdvance(caption) <= place.width() + 4:
                above.setWidth(place.width() + 4)
            draw_text(painter, above, caption, face, tokens().muted)

    def _paint_frames(self, painter: QPainter, exposed: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        t = tokens()
        for index in self._marks:
            place = self.tile_rect(index)
            if place is not None and place.intersects(QRectF(exposed)):
                # Dark on both sides of the amber, so that the frame is seen on any picture.
                for inset, width, color in ((2.0, 4.0, t.scrim), (2.0, 2.0, t.mark)):
                    painter.setPen(QPen(color, width, j=Qt.PenJoinStyle.MiterJoin))
                    painter.drawRect(place.adjusted(inset, inset, -inset, -inset))
        place = self.tile_rect(self._chosen) if self._chosen is not None else None
        if place is not None:
            painter.setPen(QPen(t.accent, FRAME, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(place.adjusted(-FRAME / 2, -FRAME / 2, FRAME / 2, FRAME / 2))

    def _repaint_tiles(self, indices: Iterable[int]) -> None:
        places = [place for place in map(self.tile_rect, indices) if place is not None]
        if len(places) > 16:
            # One region of everything is cheaper for Qt than many small ones.
            self.update()
        else:
            for place in places:
                self.update(place.toAlignedRect().adjusted(-FRAME - 1, -FRAME - 1, FRAME + 1, FRAME + 1))

    def _say_rendering(self) -> None:
        self.set_chip("rendering")

    def _end_rendering(self) -> None:
        self._rendering.stop()
        if self.chip == "rendering":
            self.set_chip("")

    def _describe(self) -> None:
        count = 0 if self._pictures is None else len(self._pictures)
        words = [f"{count:,} pictures"] if count else [self._sentence]
        if self._chosen is not None:
            words.append(f"number {self._chosen + 1} chosen")
        if self._marks:
            words.append(f"{len(self._marks)} look alike")
        self.setAccessibleDescription(", ".join(words))

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._large.setGeometry(self.rect())
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._lay_out()
        elif event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._show_rows()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._bar.isVisible():
            self._bar.event(event)
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.tile_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None and not self.zoomed:
            self.choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.zoomed or self.tile_at(event.position()) is not None:
            self.set_zoomed(not self.zoomed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.matches(QKeySequence.StandardKey.Copy) and self._chosen is not None:
            self.copy_asked.emit(self._chosen)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_zoomed(not self.zoomed)
        elif event.key() == Qt.Key.Key_Escape and self.zoomed:
            self.set_zoomed(False)
        elif self._pictures is not None and (step := self._key_step(Qt.Key(event.key()))) is not None:
            self._walk(step)
        else:
            event.ignore()
            return
        event.accept()

    def _walk(self, step: int) -> None:
        assert self._pictures is not None and self._tiling is not None
        target = 0 if self._chosen is None else self._chosen + step
        last = len(self._pictures) - 1
        beyond = not 0 <= target <= last
        if beyond and abs(step) == self._tiling.columns * self._per_item:
            # Up from the first row stays: jumping to the first tile would leave the column.
            return
        self.choose(min(last, max(0, target)))

    def _key_step(self, key: Qt.Key) -> int | None:
        row = self._tiling.columns * self._per_item if self._tiling is not None else 1
        page = row * (self._tiling.shown_rows if self._tiling is not None else 1)
        everything = len(self._pictures) if self._pictures is not None else 0
        return {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -row,
            Qt.Key.Key_Down: row,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -everything,
            Qt.Key.Key_End: everything,
        }.get(key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._chosen if by_keys or self.zoomed else self.tile_at(event.pos())
        if index is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy picture").triggered.connect(lambda: self.copy_asked.emit(index))
        menu.addAction("Save picture…").triggered.connect(lambda: self.save_asked.emit(index))
        menu.addAction("Show all" if self.zoomed else "Show large").triggered.connect(lambda: self._toggle(index))
        menu.popup(event.globalPos())

    def _toggle(self, index: int) -> None:
        self.choose(index)
        self.set_zoomed(not self.zoomed)
