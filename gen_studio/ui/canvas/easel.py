"""Holds what is painted and shows it: the tool, the brush and the inks, every command, and repaints of what changed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gen_studio.core.annotations import LayoutClass
from gen_studio.ui.canvas.area import VIEW_COMMANDS, PictureArea
from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.document import Pixels
from gen_studio.ui.canvas.hand import Hand
from gen_studio.ui.canvas.material import Layout, Mask, Material, Picture, Sketch
from gen_studio.ui.canvas.overlay import Look, MaskColour, colour_table, overlay
from gen_studio.ui.canvas.tools import Command, Tool
from gen_studio.ui.pictures import view as image_over

SOFTNESS_STEP = 0.1
SETTLE_AFTER_MS = 300
EDITS = frozenset({Command.UNDO, Command.REDO, Command.CLEAR, Command.COPY, Command.SMALLER, Command.LARGER})
"""What any material has; the others depend on which it is."""


class Easel(PictureArea):
    """Shows one material. Panels listen to `edited` while one paints and to `committed` when the hand rests."""

    edited = Signal()
    """Pixels changed; also in the middle of a stroke."""
    committed = Signal()
    """An edit is complete, undone or done again."""
    material_changed = Signal()
    """Another document: what may be done with it may differ."""
    tool_changed = Signal()
    brush_changed = Signal()
    ink_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand: Hand | None = None
        self._tool, self._brush = Tool.BRUSH, Brush()
        self._mask_colour = MaskColour.MAGENTA
        self._shows_mask = True
        self._seen_photo = 0
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_AFTER_MS)
        self._settling.timeout.connect(self._settle)
        self._describe()

    # What is painted

    def show_mask(self, photo: Picture, mask: NDArray[np.bool_] | None = None) -> None:
        """A new mask (H, W), empty where none is given, over a photo (H, W, 1 or 3)."""
        self.show_material(Mask(photo, mask))

    def show_sketch(self, pixels: Picture, ink: Sequence[int] = (0,), paper: Sequence[int] = (255,)) -> None:
        """A drawing (H, W, 1 or 3) to go on with. Colours have as many numbers as pixels have, or one for all."""
        self.show_material(Sketch(pixels, ink, paper))

    def show_layout(self, pixels: NDArray[np.uint8], classes: Sequence[LayoutClass], blank: int = 0) -> None:
        """A layout (H, W) of the classes' numbers; the eraser leaves the class `blank`."""
        self.show_material(Layout(pixels, classes, blank))

    def show_nothing(self, sentence: str) -> None:
        """No picture, and a sentence that says how to get one."""
        self._hand = None
        self.set_packed(None)
        self.set_sentence(sentence)
        self._describe()
        self.material_changed.emit()

    def go_on_from(self, photo: Picture) -> None:
        """Another photo of the same size beneath the mask, which is emptied, as one edit that can be undone: an answer
        that is kept."""
        material = self.material
        if not isinstance(material, Mask) or photo.shape != material.photo.shape:
            raise ValueError("only a mask has a photo beneath it, and that is of its own size")
        if not material.document.pixels.any():
            raise ValueError("nothing is masked, so no answer can be kept")
        self._finish()
        self._apply(material.go_on_from(photo))

    @property
    def photo(self) -> Picture | None:
        """A copy of what lies beneath the mask."""
        return self.material.photo.copy() if isinstance(self.material, Mask) else None

    @property
    def photo_version(self) -> int:
        """Grows with each change of the photo beneath the mask, undone ones too."""
        return self.material.beneath.version if isinstance(self.material, Mask) else 0

    @property
    def material(self) -> Material | None:
        return None if self._hand is None else self._hand.material

    @property
    def pixels(self) -> Pixels | None:
        """A copy of what is painted: (H, W) bool, (H, W, C) uint8 or (H, W) uint8 by what is shown."""
        return None if self.material is None else self.material.document.pixels.copy()

    def set_pixels(self, pixels: Pixels) -> None:
        """Other pixels of the same shape, as an edit that can be undone: a mask that was opened, one made by chance."""
        if self.material is not None:
            self._apply(self.material.document.replace(pixels))

    # The hand

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        if tool is self._tool or not self.has_tool(tool):
            return
        self._tool = tool
        if self._hand is not None:
            self._finish()
            self._hand.tool = tool
        self.show_cursor()
        self._describe()
        self.tool_changed.emit()

    def has_tool(self, tool: Tool) -> bool:
        return tool is Tool.PAN or (self.material is not None and tool in self.material.tools)

    @property
    def brush(self) -> Brush:
        return self._brush

    def set_brush(self, brush: Brush) -> None:
        if brush == self._brush:
            return
        self._brush = brush
        if self._hand is not None:
            self._hand.brush = brush
        self.update_ring()
        self.brush_changed.emit()

    def take_class(self, number: int) -> None:
        """Paints a layout with this class."""
        if isinstance(self.material, Layout):
            self.material.take(number)
            self._ink_taken()

    def take_colour(self, colour: Sequence[int]) -> None:
        """Draws in this colour, which has as many numbers as the drawing has channels, or one for all."""
        if isinstance(self.material, Sketch):
            self.material.take(colour)
            self._ink_taken()

    def _ink_taken(self) -> None:
        self._describe()
        self.ink_changed.emit()

    # The mask's look

    @property
    def mask_colour(self) -> MaskColour:
        return self._mask_colour

    def set_mask_colour(self, colour: MaskColour) -> None:
        self._mask_colour = colour
        self.refresh()

    @property
    def shows_mask(self) -> bool:
        return self._shows_mask

    @Slot(bool)
    def set_mask_shown(self, shown: bool) -> None:
        if shown != self._shows_mask:
            self._shows_mask = shown
            self.refresh()

    # Commands

    def has(self, command: Command) -> bool:
        """Whether a command means something for what is shown."""
        material = self.material
        match command:
            case Command.OPEN | Command.PASTE:
                return True
            case Command.SWAP:
                return isinstance(material, Sketch)
            case Command.PREVIOUS_CLASS | Command.NEXT_CLASS:
                return isinstance(material, Layout)
            case Command.GROW | Command.SHRINK:
                return isinstance(material, Mask)
            case Command.INVERT:
                return isinstance(material, Mask | Sketch)
            case Command.HARDER | Command.SOFTER:
                return material is not None and material.is_smooth
            case _:
                return material is not None and command in EDITS | VIEW_COMMANDS

    def perform(self, action: Tool | Command) -> None:
        if isinstance(action, Tool):
            self.set_tool(action)
        elif action in VIEW_COMMANDS:
            super().perform(action)
        elif self.has(action):
            self._carry_out(action)

    def _carry_out(self, command: Command) -> None:
        match command:
            case Command.SMALLER | Command.LARGER:
                self.set_brush(self._brush.stepped(1 if command is Command.LARGER else -1))
            case Command.HARDER | Command.SOFTER:
                by = SOFTNESS_STEP if command is Command.SOFTER else -SOFTNESS_STEP
                self.set_brush(self._brush.softened(self._brush.softness + by))
            case _ if self.material is not None:
                self._change(self.material, command)

    def _change(self, material: Material, command: Command) -> None:
        self._finish()
        document = material.document
        match command:
            case Command.UNDO:
                self._apply(material.undo())
            case Command.REDO:
                self._apply(material.redo())
            case Command.CLEAR:
                self._apply(document.replace(material.cleared()))
            case Command.INVERT:
                opposite = material.inverted()
                self._apply([] if opposite is None else document.replace(opposite))
            case Command.GROW | Command.SHRINK if isinstance(material, Mask):
                by = growth(document.box) if command is Command.GROW else -growth(document.box)
                self._apply(document.replace(material.grown(by)))
            case Command.SWAP if isinstance(material, Sketch):
                material.swap()
                self._ink_taken()
            case Command.PREVIOUS_CLASS | Command.NEXT_CLASS if isinstance(material, Layout):
                self.take_class(material.current + (1 if command is Command.NEXT_CLASS else -1))
            case Command.COPY:
                QGuiApplication.clipboard().setImage(self._image(material))
            case _:
                pass

    def _image(self, material: Material) -> QImage:
        packed = np.ascontiguousarray(material.packed(material.document.box))
        return image_over(packed).copy()

    # Changes

    def show_changes(self, boxes: Sequence[Box]) -> None:
        """Paints anew what a gesture changed, and tells of it."""
        filled = [box for box in boxes if not box.is_empty]
        material = self.material
        if not filled or material is None:
            return
        margin = self._look.reach + 1 if isinstance(material, Mask) else 0
        # Strokes leave the photo beneath a mask as it is.
        is_new = not isinstance(material, Mask) or self._seen_photo != material.beneath.version
        self._seen_photo = self.photo_version
        for box in filled:
            if self._layer is not None and is_new:
                self._layer.change(box, material.packed(box))
            self.repaint_box(box, margin)
        self.edited.emit()

    def _apply(self, boxes: Sequence[Box]) -> None:
        if boxes:
            self.show_changes(boxes)
            self._commit()

    def _commit(self) -> None:
        self._describe()
        self._settling.start()
        self.committed.emit()

    @Slot()
    def _settle(self) -> None:
        if self.material is not None:
            self.material.document.settle()
        if isinstance(self.material, Mask):
            self.material.beneath.settle()

    def _finish(self) -> None:
        """Completes a gesture that something else interrupts."""
        if self._hand is not None and self._hand.is_busy:
            self._complete(self._hand)

    def _complete(self, hand: Hand) -> None:
        """A stroke may end beside the picture, and one over its own colour changes nothing: these are no edits."""
        newest = hand.material.document.newest
        self.show_changes(hand.release())
        if hand.material.document.newest is not newest:
            self._commit()

    def show_material(self, material: Material) -> None:
        """A new one, or one that was shown before, with the history that it has."""
        before = self.material
        is_new = before is None or type(before) is not type(material) or before.document.box != material.document.box
        if is_new:
            self._brush = Brush(material.usual_size)
        if self._tool not in (*material.tools, Tool.PAN):
            self._tool = Tool.BRUSH
        self._hand = Hand(material, self._tool, self._brush)
        self._seen_photo = self.photo_version
        self.set_packed(material.packed(material.document.box))
        self.show_cursor()
        self._describe()
        self.material_changed.emit()

    def _describe(self) -> None:
        """For screen readers: what it is, how large, and what is in the hand."""
        material = self.material
        self.setAccessibleName("Canvas" if material is None else f"Canvas, {material.name}")
        words = self._sentence if material is None else f"{material.described()}, {self._tool.value.lower()}"
        self.setAccessibleDescription(words)

    # Painting

    @property
    def _look(self) -> Look:
        return Look(self._mask_colour, self.devicePixelRatioF())

    def paint_upon(self, painter: QPainter, exposed: Box) -> None:
        material = self.material
        if not isinstance(material, Mask) or not self._shows_mask:
            return
        found = overlay(material.document.pixels, self.view, exposed, self._look)
        if found is not None:
            box, states = found
            # Qt lays these over others in half the time that it takes for indexed pictures.
            pixels = np.take(colour_table(self._look), states)
            form = QImage.Format.Format_ARGB32_Premultiplied
            painter.drawImage(box.left, box.top, QImage(pixels.data, box.width, box.height, pixels.strides[0], form))

    def update_ring(self) -> None:
        """For a ring that shows the brush: it moves, changes its size, comes or goes."""


def growth(document: Box) -> int:
    """Pixels by which a mask grows or shrinks at a time: more on large pictures, where one would not be seen."""
    return max(1, max(document.width, document.height) // 256)
