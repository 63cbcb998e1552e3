"""Fields for one value each: a number, a choice, a text, a switch. All speak plain values and one signal."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from gen_studio.ui.theme import font
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.numbers import NotANumber, parse_number, parse_whole, plain, step_of
from gen_studio.ui.widgets.painting import repolish
from gen_studio.ui.widgets.switch import Switch

HEIGHT = 28
ABSENT = "None"
"""How an optional choice that is not made is shown."""


class Field(Protocol):
    """What a form needs of a control. `problem` is a sentence about what was typed, "" where all is well."""

    changed: SignalInstance

    def value(self) -> Any: ...
    def set_value(self, value: Any) -> None: ...
    def problem(self) -> str: ...
    def set_wrong(self, wrong: bool) -> None: ...


class TextField(QLineEdit):
    """A line of text. An optional one gives None when it is empty."""

    changed = Signal()

    def __init__(self, name: str, *, optional: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._optional = optional
        self.setAccessibleName(name)
        self.setFont(font(13, tabular=True))
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._tell)

    def value(self) -> Any:
        text = self.text().strip()
        return None if self._optional and not text else text

    def set_value(self, value: Any) -> None:
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def problem(self) -> str:
        return ""

    def set_wrong(self, wrong: bool) -> None:
        """A danger outline."""
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            repolish(self)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


class NumberField(TextField):
    """A number, read and shown as people write it. Up and down move it, with Shift by ten steps.

    `value` is the number, None where an optional field is empty, and the text itself where that is no number.
    """

    def __init__(
        self,
        name: str,
        *,
        whole: bool,
        minimum: float | None = None,
        maximum: float | None = None,
        exclusive_minimum: bool = False,
        exclusive_maximum: bool = False,
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, optional=optional, parent=parent)
        self._whole = whole
        self._low, self._high = minimum, maximum
        self._low_open, self._high_open = exclusive_minimum, exclusive_maximum
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.editingFinished.connect(self._write_plainly)

    def value(self) -> Any:
        try:
            return self._number()
        except NotANumber:
            return self.text()

    def set_value(self, value: Any) -> None:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        super().set_value(plain(value) if is_number else value)

    def problem(self) -> str:
        try:
            number = self._number()
        except NotANumber as error:
            return str(error)
        if number is None or self._allows(number):
            return ""
        return f"This takes {'a whole number' if self._whole else 'a number'} {self._range_in_words()}."

    def keyPressEvent(self, event: QKeyEvent) -> None:
        directions = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        direction = directions.get(Qt.Key(event.key()))
        if direction is None or self.isReadOnly():
            super().keyPressEvent(event)
            return
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._step(direction * (10 if far else 1))

    def _step(self, steps: int) -> None:
        try:
            number = self._number()
        except NotANumber:
            return
        if number is None:
            return
        moved = number + steps if self._whole else round(number + steps * step_of(number), 12)
        if self._allows(moved):
            self.set_value(moved)
            self.changed.emit()

    def _number(self) -> float | int | None:
        text = self.text().strip()
        if self._optional and not text:
            return None
        return parse_whole(text) if self._whole else parse_number(text)

    def _allows(self, number: float) -> bool:
        if self._low is not None and (number < self._low or (self._low_open and number == self._low)):
            return False
        return self._high is None or not (number > self._high or (self._high_open and number == self._high))

    def _range_in_words(self) -> str:
        low = "" if self._low is None else f"{'above' if self._low_open else 'at least'} {plain(self._low)}"
        high = "" if self._high is None else f"{'below' if self._high_open else 'at most'} {plain(self._high)}"
        return " and ".join(part for part in (low, high) if part)

    @Slot()
    def _write_plainly(self) -> None:
        if not self.problem():
            self.set_value(self.value())
        self.changed.emit()


class ChoiceField(ChoiceBox):
    """One of a few words. Values stay as they are declared; they are shown as words."""

    changed = Signal()

    def __init__(
        self, name: str, choices: Sequence[str], *, optional: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        if optional:
            self.addItem(ABSENT, None)
        for choice in choices:
            self.addItem(words(choice), choice)
        self.activated.connect(self._tell)

    def value(self) -> Any:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        self.setCurrentIndex(max(0, self.findData(value)))

    def problem(self) -> str:
        return ""

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            repolish(self)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


class SwitchField(Switch):
    """True or false."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.clicked.connect(self._tell)

    def value(self) -> Any:
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        self.setChecked(bool(value))

    def problem(self) -> str:
        return ""

    def set_wrong(self, wrong: bool) -> None:
        """A switch cannot be set wrongly."""

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


def words(choice: str) -> str:
    """A declared choice as the form shows it: "low_resolution" is "Low resolution"."""
    spaced = choice.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]
