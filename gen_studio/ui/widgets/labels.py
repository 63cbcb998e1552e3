"""Lines of text in the app's sizes: cut with an ellipsis rather than clipped, and the heading rows of columns."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import draw_text

HEADING_ROW = 34
STAGE_ROW = 44


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it does not fit; the whole text is then its tooltip."""

    def __init__(
        self,
        text: str = "",
        size: int = 13,
        weight: int = 400,
        *,
        muted: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._muted = muted
        self._hint = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(size, weight, tabular))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_hint(self, hint: str) -> None:
        """A tooltip that says more than the text; without one, a text that is cut has itself as tooltip."""
        self._hint = hint
        self.setToolTip(hint)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), QFontMetrics(self.font()).height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and not self._hint:
            self.setToolTip(self.text() if self._is_cut() else "")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        ink = t.faint if not self.isEnabled() else t.muted if self._muted else t.text
        align = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        draw_text(QPainter(self), self.rect(), self.text(), self.font(), ink, align)

    def _is_cut(self) -> bool:
        return QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.width()


def heading(text: str) -> ElidedLabel:
    return ElidedLabel(text, weight=600)


def reading(text: str = "") -> ElidedLabel:
    """A large live figure."""
    return ElidedLabel(text, 18, 600, tabular=True)


def secondary(text: str = "", *, tabular: bool = False) -> ElidedLabel:
    return ElidedLabel(text, 12, muted=True, tabular=tabular)


def paragraph(text: str = "", *, muted: bool = False, size: int = 12) -> QLabel:
    """Text over several lines. In a row give it the stretch, or it collapses."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setIndent(0)
    label.setMargin(0)
    label.setFont(font(size))
    label.setProperty("muted", muted)
    return label


def heading_row(title: str, *at_the_right: QWidget, detail: QWidget | None = None) -> QWidget:
    """A section's first line, 34 high: its name, something in muted beside it, and buttons at the right."""
    row = QWidget()
    row.setFixedHeight(HEADING_ROW)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(heading(title))
    if detail is not None:
        layout.addWidget(detail)
    layout.addStretch(1)
    for widget in at_the_right:
        layout.addWidget(widget)
    return row


def stage_row(*at_the_left: QWidget, at_the_right: Sequence[QWidget] = ()) -> QWidget:
    """The band of 44 over a stage: the view switch at the left, what belongs to the view at the right."""
    row = QWidget()
    row.setFixedHeight(STAGE_ROW)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in at_the_left:
        layout.addWidget(widget)
    layout.addStretch(1)
    for widget in at_the_right:
        layout.addWidget(widget)
    return row


def rule(vertical: bool = False) -> QFrame:
    """A separator one pixel wide."""
    line = QFrame()
    line.setObjectName("rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
