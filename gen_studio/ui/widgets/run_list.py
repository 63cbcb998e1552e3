"""The list of runs: each with its last sample, how far it is, and its state by shape."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QMenu, QSizePolicy, QStyleOptionViewItem, QWidget

from gen_studio.ui.theme import font
from gen_studio.ui.widgets.entries import DOUBLE_HEIGHT, ENTRY, Entry, EntryDelegate, EntryModel, Index
from gen_studio.ui.widgets.painting import RingOnKeys, RunState


@dataclass(frozen=True, eq=False)
class RunRow:
    """One run. `detail` is its muted line, "Clothing, step 12,400"; `resumable` offers Resume in its menu.

    Names that do not fit are cut in the middle: runs of a family begin alike, and what was changed stands at the end.
    """

    key: str
    name: str
    detail: str
    state: RunState = RunState.NONE
    picture: QImage | None = None
    resumable: bool = True

    def entry(self) -> Entry:
        # A row keeps its two lines even before there is anything to say.
        detail = self.detail or " "
        return Entry(
            self.key, self.name, detail, picture=self.picture, icon="image", state=self.state, ends_matter=True
        )


class RunList(RingOnKeys, QListView):
    """Enter or a click opens, F2 renames in place, Delete asks for deletion; the menu offers all of it.

    The list itself changes nothing: whoever listens does it and shows the new rows.
    """

    opened = Signal(str)
    resume_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)
    folder_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, RunRow] = {}
        self._model = _RunModel()
        self.setModel(self._model)
        self._delegate = _RunDelegate(self)
        self._delegate.named.connect(self._tell_name)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Runs")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.clicked.connect(self._open)

    def set_rows(self, rows: Sequence[RunRow], current: str = "") -> None:
        """Shows these runs, with one of them as the current one."""
        self._rows = {row.key: row for row in rows}
        self._model.show([row.entry() for row in rows])
        self.set_current(current)

    def set_current(self, key: str) -> None:
        """Marks the run that is shown, without telling anyone."""
        index = self._model.index_of(key)
        if index != self.currentIndex() or not index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def rename(self, key: str) -> None:
        """Opens the row's name for writing."""
        index = self._model.index_of(key)
        if index.isValid():
            self.edit(index)

    def menu_for(self, key: str) -> QMenu:
        """The row's menu, for the pointer and for a button with three dots."""
        menu = QMenu(self)
        menu.addAction("Open").triggered.connect(lambda: self.opened.emit(key))
        resume = menu.addAction("Resume")
        resume.triggered.connect(lambda: self.resume_requested.emit(key))
        resume.setEnabled(self._rows[key].resumable)
        menu.addAction("Rename").triggered.connect(lambda: self.rename(key))
        menu.addAction("Show folder").triggered.connect(lambda: self.folder_requested.emit(key))
        menu.addSeparator()
        menu.addAction("Delete").triggered.connect(lambda: self.delete_requested.emit(key))
        return menu

    def sizeHint(self) -> QSize:
        return QSize(272, DOUBLE_HEIGHT * max(1, min(4, len(self._rows))))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, DOUBLE_HEIGHT * 2)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keys else self.indexAt(event.pos())
        entry = self._model.entry(index)
        if entry is not None:
            at: QPoint = self.visualRect(index).center() if by_keys else event.pos()
            self.menu_for(entry.key).popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self._model.entry(self.currentIndex())
        editing = self.state() is QListView.State.EditingState
        if entry is not None and not editing:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.opened.emit(entry.key)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.delete_requested.emit(entry.key)
                return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        entry = self._model.entry(index)
        if entry is not None:
            self.opened.emit(entry.key)

    @Slot(str, str)
    def _tell_name(self, key: str, name: str) -> None:
        if name and name != self._rows[key].name:
            self.rename_requested.emit(key, name)


class _RunModel(EntryModel):
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class _RunDelegate(EntryDelegate):
    """Edits a row's name where the name stands."""

    named = Signal(str, str)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(font(13, 500))
        editor.setAccessibleName("Name of the run")
        return editor

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        entry = index.data(ENTRY)
        if isinstance(editor, QLineEdit) and isinstance(entry, Entry):
            self.named.emit(entry.key, editor.text().strip())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        editor.setGeometry(rect.left() + 44, rect.top() + 10, rect.width() - 80, 28)
