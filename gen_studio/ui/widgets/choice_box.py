"""A combo box in the app's clothes: its chevron painted, its list a popup with a tint behind the current row."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import draw_icon, draw_text

ROW = 28
CHEVRON_ROOM = 26


class ChoiceBox(QComboBox):
    """28 high. The wheel changes it only while it has the focus, so that scrolling a column never does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(13))
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        # Without a delegate of its own a combo box ignores the style sheet's rules for rows.
        self.setItemDelegate(_Row(self))

    def sizeHint(self) -> QSize:
        texts = (self.itemText(index) for index in range(self.count()))
        widest = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        return QSize(widest + 11 + CHEVRON_ROOM, ROW)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        # The frame from the style, the words by hand: a combo box cuts them without an ellipsis.
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ""
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        t = tokens()
        ink = t.text if self.isEnabled() else t.muted
        room = QRectF(9, 0, self.width() - 9 - CHEVRON_ROOM, self.height())
        draw_text(painter, room, self.currentText(), self.font(), ink)
        center = QPointF(self.width() - 15, self.height() / 2)
        draw_icon(painter, center, "chevron-down", t.muted if self.isEnabled() else t.faint)

    def showPopup(self) -> None:
        widest = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self.view().setMinimumWidth(max(self.width(), widest + 28))
        super().showPopup()


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW)
