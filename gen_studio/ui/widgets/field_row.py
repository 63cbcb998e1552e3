"""One row of a form: the name at the left, the field at the right, a reset arrow once it is changed."""

from typing import Any, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.fields import ChoiceField, Field, SwitchField
from gen_studio.ui.widgets.labels import ElidedLabel, paragraph

ROW = 34
CONTROL = 124
RESET = 24
NARROWEST_COLUMN = 240


class FieldRow(QWidget):
    """Name, field, default. Errors stand in a sentence below, with a danger outline around the field."""

    changed = Signal()

    def __init__(self, title: str, description: str, field: QWidget, default: Any) -> None:
        super().__init__()
        self.control = field
        self._field = cast(Field, field)
        self._default = default
        self._error = ""
        self._locked = False
        self._name = ElidedLabel(title)
        self._name.set_hint(description)
        field.setToolTip(description)
        self._reset = icon_button("rotate-ccw", f"Reset {title}")
        self._reset.setFixedSize(RESET, RESET)
        self._reset.set_accented(True)
        self._sentence = paragraph()
        self._sentence.setObjectName("fieldError")
        self._sentence.setVisible(False)
        self._arrange(field)
        self._reset.clicked.connect(self.reset)
        self._field.changed.connect(self._follow)
        if isinstance(field, QLineEdit):
            field.editingFinished.connect(self._check)
        self._show_state()

    def _arrange(self, field: QWidget) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 3, 0, 3)
        line.setSpacing(4)
        line.addWidget(self._name, 1)
        line.addWidget(self._reset)
        if isinstance(field, SwitchField):
            line.addWidget(field, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        else:
            field.setFixedWidth(_width(field, self._name))
            line.addWidget(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self._sentence)
        self._name.setFixedHeight(ROW - 6)

    def value(self) -> Any:
        return self._field.value()

    def set_value(self, value: Any) -> None:
        """Shows a value without telling anyone."""
        self._field.set_value(value)
        self.show_error("")
        self._show_state()

    def is_changed(self) -> bool:
        return self.value() != self._default

    def problem(self) -> str:
        """What is wrong with what stands in the field, as far as the field knows."""
        return self._field.problem()

    def error(self) -> str:
        return self._error

    def show_error(self, sentence: str) -> None:
        """A sentence below the field; "" takes it away."""
        self._error = sentence
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._field.set_wrong(bool(sentence))

    def set_locked(self, locked: bool) -> None:
        """Read-only: texts can still be selected and copied."""
        if isinstance(self.control, QLineEdit):
            self.control.setReadOnly(locked)
        else:
            self.control.setEnabled(not locked)
        self._locked = locked
        self._show_state()

    @Slot()
    def reset(self) -> None:
        self.set_value(self._default)
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        if self._error and not self._field.problem():
            self.show_error("")
        self._show_state()
        self.changed.emit()

    @Slot()
    def _check(self) -> None:
        """Only once it is written: a number is wrong at its first digit more often than at its last."""
        problem = self._field.problem()
        if problem or not self._error:
            self.show_error(problem)

    def _show_state(self) -> None:
        self._reset.setVisible(self.is_changed() and not self._locked)


def _width(field: QWidget, name: QWidget) -> int:
    """The column's width; a choice with longer words takes what its row has to spare rather than cut them."""
    if not isinstance(field, ChoiceField):
        return CONTROL
    spare = NARROWEST_COLUMN - name.sizeHint().width() - RESET - 8
    return max(CONTROL, min(field.sizeHint().width(), spare))
