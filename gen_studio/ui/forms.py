"""A form made from declared settings: no widget knows any model's name."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gen_studio.core.words import count
from gen_studio.ui.widgets.field_row import FieldRow
from gen_studio.ui.widgets.fields import ChoiceField, NumberField, SwitchField, TextField
from gen_studio.ui.widgets.folding import Folding
from gen_studio.ui.widgets.painting import empty

if TYPE_CHECKING:
    from gen_studio.core.config import FieldSpec

GAP = 4
"""Between two rows."""


class ConfigForm(QWidget):
    """Essential settings first, the advanced ones folded below. `changed` carries all values after a user's edit.

    A value that is no number is given as the text that was typed, so that Config.parse can object to it in words.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs: tuple[FieldSpec, ...] = ()
        self._rows: dict[str, FieldRow] = {}
        self._folding: Folding | None = None
        self._locked = False
        self._free: frozenset[str] = frozenset()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)

    def set_fields(self, fields: "Sequence[FieldSpec]", values: Mapping[str, Any]) -> None:
        """Builds the rows anew. Fields without a value show their default."""
        was_open = self._folding is not None and self._folding.is_open()
        self._clear()
        self._specs = tuple(fields)
        advanced = QWidget()
        folded = QVBoxLayout(advanced)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(GAP)
        for spec in self._specs:
            row = self._row(spec)
            row.set_value(values.get(spec.key, spec.default))
            (folded if spec.advanced else self._layout).addWidget(row)
        if folded.count():
            self._folding = Folding("Advanced", advanced)
            self._folding.set_open(was_open)
            self._layout.addWidget(self._folding)
        else:
            advanced.deleteLater()
        self.set_locked(self._locked, self._free)
        self._summarise()

    def values(self) -> dict[str, Any]:
        return {key: row.value() for key, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Shows other values of the same fields, without a signal."""
        for key, value in values.items():
            if key in self._rows:
                self._rows[key].set_value(value)
        self._summarise()

    def reset(self) -> None:
        """Everything back to its default."""
        self.set_values({spec.key: spec.default for spec in self._specs})
        self.changed.emit(self.values())

    def row(self, key: str) -> FieldRow:
        return self._rows[key]

    def changes(self) -> int:
        return sum(row.is_changed() for row in self._rows.values())

    def is_valid(self) -> bool:
        """Whether nothing that was typed is already known to be wrong."""
        return not any(row.problem() for row in self._rows.values())

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Sentences under their fields; fields that are not named lose theirs. Opens the fold where one is inside."""
        for key, row in self._rows.items():
            row.show_error(errors.get(key, ""))
        if self._folding and any(spec.advanced and errors.get(spec.key) for spec in self._specs):
            self._folding.set_open(True)

    def set_locked(self, locked: bool, free: Collection[str] = ()) -> None:
        """Read-only, while a run trains with these values; fields whose keys are in `free` can still be changed."""
        self._locked, self._free = locked, frozenset(free)
        for key, row in self._rows.items():
            row.set_locked(locked and key not in self._free)

    def _row(self, spec: "FieldSpec") -> FieldRow:
        row = FieldRow(spec.title, _description(spec), _control(spec), spec.default)
        row.changed.connect(self._tell)
        self._rows[spec.key] = row
        return row

    def _clear(self) -> None:
        self._rows.clear()
        self._folding = None
        empty(self._layout)

    def _summarise(self) -> None:
        if self._folding is None:
            return
        advanced = [self._rows[spec.key] for spec in self._specs if spec.advanced]
        changed = sum(row.is_changed() for row in advanced)
        settings = count(len(advanced), "setting")
        self._folding.set_summary(f"{settings}, {changed} changed" if changed else settings)

    @Slot()
    def _tell(self) -> None:
        self._summarise()
        self.changed.emit(self.values())


def _control(spec: "FieldSpec") -> QWidget:
    # It brings pydantic, a tenth of a second that the window's first paint need not wait for.
    from gen_studio.core.config import FieldKind

    match spec.kind:
        case FieldKind.INTEGER | FieldKind.NUMBER:
            return NumberField(
                spec.title,
                whole=spec.kind is FieldKind.INTEGER,
                minimum=spec.minimum,
                maximum=spec.maximum,
                exclusive_minimum=spec.exclusive_minimum,
                exclusive_maximum=spec.exclusive_maximum,
                optional=spec.optional,
            )
        case FieldKind.SWITCH:
            return SwitchField(spec.title)
        case FieldKind.CHOICE:
            return ChoiceField(spec.title, spec.choices, optional=spec.optional)
        case FieldKind.TEXT:
            return TextField(spec.title, optional=spec.optional)
        case _:
            assert_never(spec.kind)


def _description(spec: "FieldSpec") -> str:
    """The tooltip: what the setting does, and what it takes."""
    range_ = spec.range_in_words
    return f"{spec.description}\n{range_[:1].upper()}{range_[1:]}." if range_ else spec.description
