"""The popup list behind pickers, the run switcher and the command palette: headings, search, keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from gen_studio.ui.widgets.entries import Entry, EntryDelegate, EntryModel
from gen_studio.ui.widgets.labels import secondary

SEARCH_FROM = 9
"""Shorter lists are read faster than a search is typed."""

TALLEST = 420
_LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ChoicePopup(QFrame):
    """Opens below a widget and closes with a choice, with Escape or a click beside it."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget, *, always_search: bool = False, hint: str = "Search") -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popup")
        self._always_search = always_search
        self._entries: tuple[Entry, ...] = ()
        self._anchor: QWidget = parent
        self.search = QLineEdit()
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.search.setClearButtonEnabled(False)
        self.search.installEventFilter(self)
        self.model = EntryModel()
        self.view = _choices_view(self.model)
        self._nothing = secondary("Nothing found")
        self._nothing.setFixedHeight(28)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 5, 5, 5)
        layout.setSpacing(4)
        for widget in (self.search, self._nothing, self.view):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._filter)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)

    def open_below(self, anchor: QWidget, entries: Sequence[Entry], current: str = "", width: int = 0) -> None:
        """Shows the entries under a widget, as wide as it is or wider, with one of them current."""
        self._anchor = anchor
        self._entries = tuple(entries)
        searches = self._always_search or len(entries) >= SEARCH_FROM
        self.search.setVisible(searches)
        self.search.clear()
        self._filter("")
        self.setFixedWidth(max(anchor.width(), width))
        self._place()
        self.show()
        self._make_current(self.model.index_of(current))
        (self.search if searches else self.view).setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, down and Enter in the search belong to the list."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _LIST_KEYS:
                self.view.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self.closed.emit()

    @Slot(str)
    def _filter(self, query: str) -> None:
        self.model.show([entry for entry in self._entries if entry.matches(query)])
        self._nothing.setVisible(self.model.rowCount() == 0)
        self.view.setVisible(self.model.rowCount() > 0)
        self._make_current(self.model.first_choice())
        self._fit()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        entry = self.model.entry(index)
        if entry is None or entry.objection:
            return
        self.close()
        self.chosen.emit(entry.key)

    def _make_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def _fit(self) -> None:
        self.view.setFixedHeight(min(TALLEST, self.model.total_height() + 1))
        self.adjustSize()

    def _place(self) -> None:
        """Below the anchor; above it where the screen ends."""
        screen: QRect = self._anchor.screen().availableGeometry()
        below = self._anchor.mapToGlobal(QPoint(0, self._anchor.height() + 4))
        if below.y() + self.height() > screen.bottom():
            below.setY(max(screen.top(), self._anchor.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4))
        below.setX(max(screen.left(), min(below.x(), screen.right() - self.width())))
        self.move(below)


class ChoicesView(QListView):
    """A list in which the pointer moves the current row, as in a menu."""

    ring = False


def _choices_view(model: EntryModel) -> QListView:
    view = ChoicesView()
    view.setModel(model)
    view.setItemDelegate(EntryDelegate(view))
    view.setMouseTracking(True)
    view.entered.connect(view.setCurrentIndex)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setUniformItemSizes(False)
    view.setAccessibleName("Choices")
    return view
