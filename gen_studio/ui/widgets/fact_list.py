"""Facts by name, a line each: names in muted at the left, what they are beside them."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import draw_text

ROW = 20
GAP = 12


class FactList(QWidget):
    """What does not fit ends in an ellipsis; the whole is in the tooltip."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: dict[str, str] = {}
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_facts(self, facts: Mapping[str, str]) -> None:
        self._facts = dict(facts)
        words = "\n".join(f"{name}: {fact}" for name, fact in facts.items())
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self._facts))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW * len(self._facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._facts:
            return
        t, painter, face = tokens(), QPainter(self), font(12, tabular=True)
        names = max(QFontMetrics(face).horizontalAdvance(name) for name in self._facts) + 2
        for place, (name, fact) in enumerate(self._facts.items()):
            draw_text(painter, QRectF(0, place * ROW, names, ROW), name, face, t.muted)
            room = QRectF(names + GAP, place * ROW, self.width() - names - GAP, ROW)
            draw_text(painter, room, fact, face, t.text)
