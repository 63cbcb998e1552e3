"""The right column: a slider for each direction, what is known of the chosen one, where the picture is."""

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gen_studio.core.latents import Direction
from gen_studio.ui.attributes.direction_row import DirectionRow
from gen_studio.ui.panels.attributes_files import AttributesFiles
from gen_studio.ui.panels.latent_model import ClassSection
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.fields import NumberField, TextField
from gen_studio.ui.widgets.foot_row import FootRow
from gen_studio.ui.widgets.labels import heading_row, paragraph, rule, secondary
from gen_studio.ui.widgets.painting import empty
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels import attributes_words as words
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.exploration import seed_of, strength_of

TABS = ("Directions", "Learn")
NO_DIRECTIONS = (
    "No directions yet. Sort some pictures into More and Less, or choose a label, and press Learn. "
    "A direction from a file can be opened above."
)


class SlidersSection(QWidget):
    """Several may be moved at once."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self._screen = screen
        self._shown: tuple[Direction, ...] = ()
        self.rows: list[DirectionRow] = []
        self.open = icon_button("folder-open", "Open a direction from a file")
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(2)
        self._nothing = paragraph(NO_DIRECTIONS, muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Directions", self.open))
        layout.addLayout(self._rows_layout)
        layout.addWidget(self._nothing)
        self.open.clicked.connect(files.open_direction)
        screen.exploring.changed.connect(self._show)
        screen.directions.chosen_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        kept = tuple(one.direction for one in self._screen.directions.kept)
        if kept != self._shown:
            self._build(kept)
        self._nothing.setVisible(not kept)
        chosen, picture = self._screen.directions.chosen, self._screen.exploring.picture
        for row in self.rows:
            is_chosen = chosen is not None and chosen.direction == row.direction
            row.show_strength(strength_of(picture, row.direction), chosen=is_chosen)

    def _build(self, directions: tuple[Direction, ...]) -> None:
        empty(self._rows_layout)
        self._shown, self.rows = directions, []
        for direction in directions:
            row = DirectionRow(direction)
            row.chosen.connect(self._screen.directions.choose)
            row.moved.connect(self._screen.stage.set_strength)
            row.let_go.connect(self._screen.exploring.end_gesture)
            self._rows_layout.addWidget(row)
            self.rows.append(row)


class ChosenSection(QWidget):
    """The chosen direction: its name, how good it is, what else it changes, and what can be done with it."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self._screen, self._directions = screen, screen.directions
        self.name = TextField("Name of the chosen direction")
        self.take_out = icon_button("git-compare", "Take other directions out of it")
        self.save = icon_button("download", "Save it as a file")
        self.remove = icon_button("trash-2", "Remove it")
        self._about = paragraph(muted=True)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name, 1)
        for button in (self.take_out, self.save, self.remove):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(rule())
        layout.addLayout(top)
        layout.addWidget(self._about)
        self.name.editingFinished.connect(self._rename)
        self.take_out.clicked.connect(self._open_menu)
        self.save.clicked.connect(files.save_direction)
        self.remove.clicked.connect(self._remove)
        screen.directions.changed.connect(self._show)
        screen.directions.chosen_changed.connect(self._show)
        self._show()

    def about(self) -> str:
        return self._about.text()

    @Slot()
    def _show(self) -> None:
        chosen = self._directions.chosen
        self.setVisible(chosen is not None)
        if chosen is None:
            return
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.set_value(chosen.direction.name)
        self._about.setText(words.about(chosen, [kept.direction for kept in self._directions.kept]))
        self.take_out.setEnabled(bool(self._directions.others(chosen.direction.name)))

    @Slot()
    def _rename(self) -> None:
        chosen = self._directions.chosen
        if chosen is not None and self.name.isModified():
            self.name.setModified(False)
            self._directions.rename(chosen.direction.name, self.name.text())
            self._show()

    @Slot()
    def _remove(self) -> None:
        chosen = self._directions.chosen
        if chosen is not None:
            self._directions.remove(chosen.direction.name)

    def menu(self) -> QMenu:
        """What could be taken out of the chosen direction."""
        menu = QMenu(self)
        chosen = self._directions.chosen
        others = self._directions.others(chosen.direction.name) if chosen is not None else ()
        for other in others:
            menu.addAction(f"Leave {other} alone").triggered.connect(lambda _=False, other=other: self._take((other,)))
        if len(others) > 1:
            menu.addSeparator()
            menu.addAction("Leave all of them alone").triggered.connect(lambda: self._take(others))
        return menu

    def _take(self, others: tuple[str, ...]) -> None:
        chosen = self._directions.chosen
        if chosen is not None:
            self._directions.take_out(chosen.direction.name, others)

    @Slot()
    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self.take_out.mapToGlobal(QPoint(self.take_out.width(), self.take_out.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))


class PlaceSection(QWidget):
    """The seed of a sample, all strengths at nothing, another sample, and the way back."""

    def __init__(self, screen: AttributesScreen) -> None:
        super().__init__()
        self._exploring, self._stage = screen.exploring, screen.stage
        self.seed = NumberField("Seed", whole=True, minimum=0, optional=True)
        self.seed.setPlaceholderText("of no seed")
        self.foot = FootRow("All strengths back to 0", "Another sample, or picture of the data")
        self.reset, self.random = self.foot.reset, self.foot.random
        self.undo, self.redo = self.foot.undo, self.foot.redo
        self.where = QWidget()
        where = QHBoxLayout(self.where)
        where.setContentsMargins(0, 0, 0, 0)
        where.setSpacing(8)
        where.addWidget(secondary("Seed"))
        where.addWidget(self.seed, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.where)
        layout.addWidget(self.foot)
        self.seed.editingFinished.connect(self._draw)
        self.reset.clicked.connect(self._stage.reset)
        self.random.clicked.connect(self._stage.draw_at_random)
        self.undo.clicked.connect(self._exploring.undo)
        self.redo.clicked.connect(self._exploring.redo)
        self._exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        exploring, stage = self._exploring, self._stage
        self.where.setVisible(stage.has_samples or not stage.is_usable)
        self.foot.show_possible(reset=stage.can_reset, undo=exploring.can_undo, redo=exploring.can_redo)
        if not (self.seed.hasFocus() and self.seed.isModified()):
            seed = seed_of(self._exploring.picture)
            self.seed.setText("" if seed is None else str(seed))

    @Slot()
    def _draw(self) -> None:
        value, problem = self.seed.value(), self.seed.problem()
        self.seed.set_wrong(bool(problem))
        self.seed.setToolTip(problem)
        if isinstance(value, int) and not problem and value != seed_of(self._exploring.picture):
            self._stage.draw(value)


class AttributesInspector(QWidget):
    """In a narrow window it takes in what stands at the left otherwise, as a second tab."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self.tabs = ViewSwitch(TABS, "Right column")
        self.classes = ClassSection(screen.latent)
        self.sliders = SlidersSection(screen, files)
        self.chosen = ChosenSection(screen, files)
        self.place = PlaceSection(screen)
        # Not in a stack, which would be as high as the higher of the two.
        self._directions, self._lesson = QWidget(), QWidget()
        column = QVBoxLayout(self._directions)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for section in (self.classes, self.sliders, self.chosen):
            column.addWidget(section)
        column.addStretch(1)
        column.addWidget(self.place)
        self._taken_in = QVBoxLayout(self._lesson)
        self._taken_in.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._directions, 1)
        layout.addWidget(self._lesson, 1)
        self.tabs.changed.connect(self._show_tab)
        self.tabs.hide()
        self._lesson.hide()

    def take_in(self, sections: QWidget) -> None:
        """In a tab of its own."""
        self._taken_in.addWidget(sections)
        sections.show()
        self.tabs.show()

    def give_back(self) -> None:
        self.tabs.set_index(0)
        self.tabs.hide()

    @Slot(int)
    def _show_tab(self, index: int) -> None:
        self._directions.setVisible(index == 0)
        self._lesson.setVisible(index == 1)
