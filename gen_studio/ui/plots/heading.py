"""The row above a plot: its name, a legend that shows live values and hides curves, smoothing and a menu."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QSizePolicy, QWidget, QWidgetAction

from gen_studio.core.description import Metric, Plot
from gen_studio.ui.plots.canvas import Style
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import reading
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.painting import RingOnKeys, draw_text, focus_ring
from gen_studio.ui.widgets.slider import Slider, SliderRow

ROW = 28
DASH = 12
GAP = 8
SMOOTHEST = 0.99
LONGEST_NAME = 10


class LegendKey(RingOnKeys, QAbstractButton):
    """A metric's colour, name and newest value; checked while its curve is shown."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._name = legend_name(metric)
        self._value = float("nan")
        self._measured = False
        self._style: Style | None = None
        self._widest = 0
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(metric.title)
        self.setToolTip(f"{metric.title}: click to hide or show")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_style(self, style: Style) -> None:
        self._style = style
        self.update()

    def set_value(self, value: float, measured: bool = True) -> None:
        """The newest smoothed value; NaN is shown as such once something was measured."""
        before = self.value_text
        self._value, self._measured = value, measured
        if self.value_text != before:
            self.setAccessibleDescription(self.value_text)
            width = QFontMetrics(font(13, 600, tabular=True)).horizontalAdvance(self.value_text)
            # It may only grow: a legend that breathes with its figures cannot be read.
            if width > self._widest:
                self._widest = width
                self.updateGeometry()
            self.update()

    @property
    def value_text(self) -> str:
        if not self._measured:
            return "–"
        return reading(self._value) if np.isfinite(self._value) else "NaN"

    def sizeHint(self) -> QSize:
        name = QFontMetrics(font(13)).horizontalAdvance(self._name)
        return QSize(DASH + 6 + name + 5 + max(self._widest, 26) + 4, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        middle = self.height() / 2
        shown = self.isChecked()
        color = self._style.color if self._style is not None and shown else QColor(t.faint)
        dashed = self._style is not None and self._style.dashed
        painter.setPen(QPen(color, 2, Qt.PenStyle.DotLine if dashed else Qt.PenStyle.SolidLine))
        painter.drawLine(1, round(middle), DASH, round(middle))
        left = float(DASH + 6)
        room = QRectF(left, 0, self.width() - left, self.height())
        face = font(13)
        face.setStrikeOut(not shown)
        left += draw_text(painter, room, self._name, face, t.muted if shown else t.faint) + 5
        ink = t.faint if not shown else t.danger if self.value_text == "NaN" else t.text
        room.setLeft(left)
        draw_text(painter, room, self.value_text, font(13, 600, tabular=True), ink)
        if self.ring:
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 3, 0, -3), 4)


class Heading(QWidget):
    """Title, legend, "Smooth 0.96" and a menu; the last two only with `controls`, else the menu is the plot's own."""

    shown_changed = Signal()
    smoothing_changed = Signal(float)
    log_changed = Signal(bool)
    follow_asked = Signal()
    export_asked = Signal()

    def __init__(self, plot: Plot, metrics: Sequence[Metric], smoothing: float, controls: bool) -> None:
        super().__init__()
        self._title_words = plot.title
        self._title = QLabel(plot.title)
        self._title.setFont(font(13, 600))
        self._title.setFixedHeight(ROW)
        self.keys = tuple(LegendKey(metric) for metric in metrics)
        self._smoothing = smoothing
        self._log = False
        self._smooth = Button("", Kind.QUIET)
        self._smooth.setToolTip("How much the strong line averages what was measured")
        self._smooth.clicked.connect(self._show_smoothing)
        self._more = icon_button("ellipsis", "More for this plot")
        self._more.clicked.connect(self._show_more)
        # Children in the order of the Tab key; `_arrange` places them, since no layout wraps a legend.
        for child in (self._title, *self.keys, self._smooth, self._more):
            child.setParent(self)
        for key in self.keys:
            key.toggled.connect(self.shown_changed)
        for button in (self._smooth, self._more):
            button.setFixedHeight(ROW)
            button.setVisible(controls)
        self.setMinimumWidth(160)
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """Legend beside the title where it fits, else in rows of its own below."""
        right = self.width()
        for button in (self._more, self._smooth):
            if not button.isHidden():
                right -= button.sizeHint().width()
                button.setGeometry(right, 0, button.sizeHint().width(), ROW)
        title = self._title.sizeHint().width()
        self._title.setGeometry(0, 0, min(title, right), ROW)
        widths = [key.sizeHint().width() for key in self.keys]
        left, top, end = title + GAP + 4, 0, right
        if left + sum(widths) + GAP * (len(widths) - 1) > right:
            left, top, end = 0, ROW - 4, self.width()
        for key, width in zip(self.keys, widths, strict=True):
            if left > 0 and left + width > end:
                left, top, end = 0, top + ROW - 4, self.width()
            key.setGeometry(left, top, width, ROW)
            left += width + GAP
        self.setFixedHeight(top + ROW)

    def set_smoothing(self, weight: float) -> None:
        if weight != self._smoothing:
            self._smoothing = weight
            self._write()
            self.smoothing_changed.emit(weight)

    def set_log(self, log: bool) -> None:
        if log != self._log:
            self._log = log
            self._write()
            self.log_changed.emit(log)

    def popup_menu(self, point: QPoint) -> QMenu:
        """Everything that can be asked of the plot, at a point of the screen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        log = menu.addAction("Log scale")
        log.setCheckable(True)
        log.setChecked(self._log)
        log.toggled.connect(self.set_log)
        menu.addAction("Follow the newest step").triggered.connect(self._ask_follow)
        menu.addSeparator()
        menu.addAction("Export as CSV…").triggered.connect(self._ask_export)
        if self._smooth.isHidden():
            menu.addSeparator()
            menu.addAction(self._smoothing_action(menu))
        menu.popup(point)
        return menu

    def _write(self) -> None:
        self._title.setText(f"{self._title_words}, log scale" if self._log else self._title_words)
        self._smooth.set_words(f"Smooth {self._smoothing:.2f}")
        self._arrange()

    def _show_more(self) -> None:
        self.popup_menu(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _show_smoothing(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._smoothing_action(menu))
        menu.popup(self._smooth.mapToGlobal(QPoint(0, self._smooth.height())))

    def _smoothing_action(self, menu: QMenu) -> QWidgetAction:
        slider = Slider(0.0, SMOOTHEST, 0.96, 0.01)
        slider.set_number(self._smoothing)
        row = SliderRow("Smoothing", slider)
        row.setFixedWidth(240)
        row.setContentsMargins(8, 4, 8, 4)
        row.number_changed.connect(self.set_smoothing)
        action = QWidgetAction(menu)
        action.setDefaultWidget(row)
        return action

    def _ask_follow(self) -> None:
        self.follow_asked.emit()

    def _ask_export(self) -> None:
        self.export_asked.emit()


def legend_name(metric: Metric) -> str:
    """The title without what the heading says already ("D loss" under "Loss"), or the label where that is too long."""
    short = metric.title.removesuffix(metric.plot.title.lower()).strip() or metric.title
    return metric.label if metric.label and len(short) > LONGEST_NAME else short
