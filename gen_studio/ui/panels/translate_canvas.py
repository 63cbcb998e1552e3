"""What one draws on in the Translate panel and the answer beside it, which move and zoom together."""

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from gen_studio.ui.canvas.area import PictureArea
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.document import Patch
from gen_studio.ui.canvas.material import Layout, Material, Sketch
from gen_studio.ui.canvas.tools import Command, Tool
from gen_studio.ui.pictures import Pixels, pack
from gen_studio.ui.theme import tokens
from gen_studio.viewmodels.translating import TranslatingViewModel

ASK_AFTER_MS = 8
"""Movements of the mouse that come within this are asked about once."""
INK, PAPER = (0,), (255,)


class TranslateCanvas(Canvas):
    """Shows the sheets of the view model, whose history it follows: strokes are steps among the others of it."""

    def __init__(self, translating: TranslatingViewModel) -> None:
        super().__init__()
        self._translating = translating
        self._materials: dict[int, Material] = {}
        self._newest: Patch | None = None
        self._follows = False
        self._soon = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._soon.timeout.connect(self._draw)
        self.edited.connect(self._ask_soon)
        self.committed.connect(self._end_stroke)
        translating.laid_out.connect(self._lay_out)
        translating.stroke_moved.connect(self._move_stroke)
        if translating.is_usable:
            self._lay_out()

    def perform(self, action: Tool | Command) -> None:
        """What is undone and done again is not always a stroke."""
        if action not in (Command.UNDO, Command.REDO):
            super().perform(action)
            return
        # A stroke under way is a step by then.
        self._finish()
        if action is Command.UNDO:
            self._translating.undo()
        else:
            self._translating.redo()

    @Slot()
    def _lay_out(self) -> None:
        sheet = self._translating.sheet
        self._soon.stop()
        if sheet.number not in self._materials:
            self._materials[sheet.number] = self._material_of(sheet.pixels)
        # The rest belongs to other runs, or to steps that nobody can go back to.
        self._materials = dict(list(self._materials.items())[-200:])
        material = self._materials[sheet.number]
        self._newest = material.document.newest
        self.show_material(material)
        if self._translating.state.strokes:
            self._draw()

    def _material_of(self, pixels: Pixels) -> Material:
        facts = self._translating.looking.facts
        if pixels.ndim == 2 and facts is not None:
            return Layout(pixels, facts.palette)
        return Sketch(pixels, INK, PAPER)

    @Slot(bool)
    def _move_stroke(self, again: bool) -> None:
        self._follows = True
        super().perform(Command.REDO if again else Command.UNDO)
        self._follows = False
        self._note()
        self._draw()

    @Slot()
    def _ask_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _draw(self) -> None:
        self._soon.stop()
        pixels = self.pixels
        if pixels is not None:
            self._translating.draw(pixels.astype(np.uint8, copy=False))

    @Slot()
    def _end_stroke(self) -> None:
        """What is taken back or done again is no step, and neither is a stroke that changed nothing."""
        if not self._follows and self._note():
            self._translating.end_stroke()
            self._draw()

    def _note(self) -> bool:
        """Whether the newest edit of the sheet is another one than before."""
        before = self._newest
        self._newest = None if self.material is None else self.material.document.newest
        return self._newest is not before


class AnswerArea(PictureArea):
    """The answer. Where one points, a magnifier may look; it frames what it sees."""

    pointed = Signal(float, float)
    """A place as shares of the picture's width and height."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = QRectF()
        self._size = (1, 1)
        self.setAccessibleName("Answer")

    def show_answer(self, picture: Pixels | None) -> None:
        if picture is None:
            self.set_packed(None)
            self.setAccessibleDescription("none yet")
            return
        height, width = picture.shape[:2]
        self._size = (width, height)
        self.set_packed(pack(picture))
        self.setAccessibleDescription(f"{width} by {height} pixels")

    def set_frame(self, frame: QRectF) -> None:
        """What the magnifier sees, in pixels of the picture; empty for nothing."""
        if frame != self._frame:
            self._frame = frame
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.is_dragged and self.has_picture:
            x, y = self.picture_point(event.position())
            if 0 <= x <= self._size[0] and 0 <= y <= self._size[1]:
                self.pointed.emit(x / self._size[0], y / self._size[1])

    def paint_over(self, painter: QPainter) -> None:
        if self._frame.isEmpty() or not self.has_picture:
            return
        place = QRectF(
            self.widget_point(self._frame.left(), self._frame.top()),
            self.widget_point(self._frame.right(), self._frame.bottom()),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # A light line over a dark one is seen on any picture.
        for colour, width in ((tokens().scrim, 3.0), (Qt.GlobalColor.white, 1.25)):
            painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(place)
