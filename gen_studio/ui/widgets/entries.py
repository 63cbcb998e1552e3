"""Things one can choose from, as rows: the value, the Qt model that holds them, and how a row is painted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import (
    BUTTON_RADIUS,
    RunState,
    box,
    draw_icon,
    draw_picture_or_icon,
    draw_state,
    draw_text,
    focus_ring,
)

State = QStyle.StateFlag
Index = QModelIndex | QPersistentModelIndex

ENTRY = Qt.ItemDataRole.UserRole
HEADING_HEIGHT = 26
SINGLE_HEIGHT = 28
DOUBLE_HEIGHT = 50
"""The row is 48 high and stands two pixels from the next."""
PICTURE = 32


@dataclass(frozen=True, eq=False)
class Entry:
    """One row. Entries with the same `group` stand together under it as heading.

    With an `objection` the row is greyed and cannot be chosen; the objection is its second line and tooltip.
    `words` are further words that a search finds it by. With `ends_matter` the title is cut in the middle, for such
    titles begin alike and differ at their ends, and the second line before its last comma, so that no number is halved.
    """

    key: str
    title: str
    detail: str = ""
    group: str = ""
    picture: QImage | None = None
    icon: str = ""
    state: RunState = RunState.NONE
    shortcut: str = ""
    objection: str = ""
    words: str = ""
    ends_matter: bool = False

    @property
    def cut(self) -> Qt.TextElideMode:
        return Qt.TextElideMode.ElideMiddle if self.ends_matter else Qt.TextElideMode.ElideRight

    @property
    def tooltip(self) -> str:
        """All of what may be cut."""
        return self.objection or "\n".join(line for line in (self.title, self.detail.strip()) if line)

    @property
    def second_line(self) -> str:
        return self.objection or self.detail

    def detail_in(self, width: int, face: QFont) -> str:
        """The second line as it fits; "" where its end alone does not."""
        metrics = QFontMetrics(face)
        head, comma, end = self.second_line.rpartition(", ")
        if not (self.ends_matter and comma) or metrics.horizontalAdvance(self.second_line) <= width:
            return self.second_line
        room = width - metrics.horizontalAdvance(comma + end)
        shown = metrics.elidedText(head, Qt.TextElideMode.ElideRight, room)
        if len(shown) > 1:
            return shown + comma + end
        return end if metrics.horizontalAdvance(end) <= width else ""

    @property
    def height(self) -> int:
        return DOUBLE_HEIGHT if self.second_line else SINGLE_HEIGHT

    def matches(self, query: str) -> bool:
        """Every word of the query occurs somewhere."""
        text = f"{self.title} {self.detail} {self.group} {self.words}".casefold()
        return all(word in text for word in query.casefold().split())


class EntryModel(QAbstractListModel):
    """Entries in order, with a heading row before each new group. Headings are text, entries stand under ENTRY."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Entry | str] = []

    def show(self, entries: Sequence[Entry]) -> None:
        """Replaces all rows. Rows that keep their keys are updated in place, so that nothing loses its selection."""
        rows = _with_headings(entries)
        if [_identity(row) for row in rows] == [_identity(row) for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row if isinstance(row, str) else row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return row if isinstance(row, str) else _spoken(row)
            case Qt.ItemDataRole.ToolTipRole:
                return None if isinstance(row, str) else row.tooltip
            case _ if role == ENTRY:
                return None if isinstance(row, str) else row
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()] if index.isValid() else ""
        if isinstance(row, str) or row.objection:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def entry(self, index: Index) -> Entry | None:
        row = self._rows[index.row()] if index.isValid() else ""
        return None if isinstance(row, str) else row

    def index_of(self, key: str) -> QModelIndex:
        """Invalid for an unknown key."""
        for number, row in enumerate(self._rows):
            if not isinstance(row, str) and row.key == key:
                return self.index(number)
        return QModelIndex()

    def first_choice(self) -> QModelIndex:
        """The first row that can be chosen."""
        for number in range(len(self._rows)):
            if self.flags(self.index(number)):
                return self.index(number)
        return QModelIndex()

    def total_height(self) -> int:
        return sum(HEADING_HEIGHT if isinstance(row, str) else row.height for row in self._rows)


class EntryDelegate(QStyledItemDelegate):
    """Paints a row: picture or icon, title, second line, and at the right a shortcut or a run's state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(ENTRY)
        return QSize(80, entry.height if isinstance(entry, Entry) else HEADING_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        entry = index.data(ENTRY)
        rect = QRectF(option.rect)
        if isinstance(entry, Entry):
            row = rect.adjusted(0, 1, 0, -1) if entry.second_line else rect
            self._paint_entry(painter, row, entry, option.state, option.widget)
        else:
            words = rect.adjusted(8, 4, -8, 0)
            draw_text(painter, words, str(index.data()), font(12, 600), tokens().muted)
        painter.restore()

    def _paint_entry(
        self, painter: QPainter, rect: QRectF, entry: Entry, state: QStyle.StateFlag, view: object
    ) -> None:
        t = tokens()
        if state & QStyle.StateFlag.State_Selected:
            box(painter, rect, t.tint, BUTTON_RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver and not entry.objection:
            box(painter, rect, t.hover, BUTTON_RADIUS)
        if state & QStyle.StateFlag.State_HasFocus and getattr(view, "ring", False):
            focus_ring(painter, rect, BUTTON_RADIUS)
        left = rect.left() + 8
        middle = rect.center().y()
        if entry.picture is not None or (entry.icon and entry.second_line):
            spot = QRectF(left, middle - PICTURE / 2, PICTURE, PICTURE)
            draw_picture_or_icon(painter, spot, entry.picture, entry.icon)
            left += PICTURE + 10
        elif entry.icon:
            draw_icon(painter, QPointF(left + 8, middle), entry.icon, t.muted)
            left += 24
        right = rect.right() - 8 - self._paint_end(painter, rect, entry)
        _paint_lines(painter, QRectF(left, rect.top(), right - left, rect.height()), entry)

    def _paint_end(self, painter: QPainter, rect: QRectF, entry: Entry) -> float:
        """What stands at the right; returns the width it takes."""
        if entry.shortcut:
            face = font(12)
            width = QFontMetrics(face).horizontalAdvance(entry.shortcut)
            spot = QRectF(rect.right() - 8 - width, rect.top(), width + 1, rect.height())
            draw_text(painter, spot, entry.shortcut, face, tokens().muted)
            return width + 12
        if entry.state is not RunState.NONE:
            draw_state(painter, QPointF(rect.right() - 18, rect.center().y()), entry.state)
            return 28
        return 0


def _paint_lines(painter: QPainter, rect: QRectF, entry: Entry) -> None:
    t = tokens()
    ink: QColor = t.faint if entry.objection else t.text
    if not entry.second_line:
        draw_text(painter, rect, entry.title, font(13), ink)
        return
    middle, left = rect.center().y(), Qt.AlignmentFlag.AlignLeft
    first = QRectF(rect.left(), middle - 18, rect.width(), 18)
    second = QRectF(rect.left(), middle, rect.width(), 17)
    draw_text(painter, first, entry.title, font(13, 500), ink, left, entry.cut)
    face = font(12, tabular=True)
    draw_text(painter, second, entry.detail_in(int(rect.width()), face), face, t.muted)


def _with_headings(entries: Sequence[Entry]) -> list[Entry | str]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    rows: list[Entry | str] = []
    for group, members in groups.items():
        rows += [group, *members] if group else members
    return rows


def _identity(row: Entry | str) -> tuple[str, str]:
    return ("heading", row) if isinstance(row, str) else ("entry", row.key)


def _spoken(entry: Entry) -> str:
    state = "" if entry.state is RunState.NONE else entry.state.value
    return ", ".join(part for part in (entry.title, entry.second_line, state, entry.shortcut) if part)
