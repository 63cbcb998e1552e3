"""The tool in the hand: turns presses, moves and releases into gestures on a material. Knows nothing of Qt."""

from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.brush import Brush, Point
from gen_studio.ui.canvas.gestures import Gesture, Lasso, Rectangle, Stroke, flood
from gen_studio.ui.canvas.material import Material
from gen_studio.ui.canvas.tools import Tool


class Hand:
    """Each step returns the boxes of the document that it changed. One gesture at a time."""

    def __init__(self, material: Material, tool: Tool, brush: Brush) -> None:
        self.material, self.tool, self.brush = material, tool, brush
        self.gesture: Gesture | None = None
        self.last: Point | None = None
        """Where the last stroke ended, for a straight line from there."""

    @property
    def is_busy(self) -> bool:
        return self.gesture is not None

    def press(self, point: Point, *, erases: bool = False, straight: bool = False, pressure: float = 1.0) -> list[Box]:
        """erases: whatever the tool. straight: on a straight line from where the last stroke ended."""
        changed = self.cancel()
        document = self.material.document
        ink = self.material.paper if erases or self.tool is Tool.ERASER else self.material.ink
        match self.tool:
            case Tool.BRUSH | Tool.ERASER:
                start = self.last if straight and self.last is not None else point
                stroke = Stroke(document, self.brush, ink, start, pressure)
                self.gesture = stroke
                return [*changed, *stroke.begin(), *stroke.move(point, pressure)]
            case Tool.RECTANGLE:
                self.gesture = Rectangle(document, ink, point)
            case Tool.LASSO:
                self.gesture = Lasso(document, ink, point)
            case Tool.FILL:
                return [*changed, *flood(document, ink, point)]
            case Tool.PICK:
                self.material.pick(point)
            case Tool.PAN:
                pass
        return changed

    def move(self, point: Point, pressure: float = 1.0) -> list[Box]:
        return self.gesture.move(point, pressure) if self.gesture is not None else []

    def release(self) -> list[Box]:
        gesture, self.gesture = self.gesture, None
        if isinstance(gesture, Stroke):
            self.last = gesture.last
        return gesture.finish() if gesture is not None else []

    def cancel(self) -> list[Box]:
        """Calls off what is under way and puts back what it changed."""
        gesture, self.gesture = self.gesture, None
        return gesture.cancel() if gesture is not None else []
