"""What is done to the picture: directions, single numbers of the latent, reset, random, undo."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.latents import Direction
from gen_studio.ui.latent.dimension_row import DimensionRow
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.foot_row import FootRow
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.ui.widgets.painting import empty
from gen_studio.ui.widgets.slider import Slider, SliderRow
from gen_studio.viewmodels.exploration import strength_of
from gen_studio.viewmodels.latent_screen import LatentScreen

STRONGEST = 3.0
STRENGTH_STEP = 0.05
PAGE, SHORT_PAGE = 9, 6
"""Rows of single numbers that are seen at once; fewer beside classes or styles, so that undo stays in sight."""
SORT_WIDTH = 124
NO_DIRECTIONS = "The ways in which this model's pictures change most. Finding them takes some seconds."
LOOKING = "The main directions are being found; the picture can be moved meanwhile."


class DirectionsSection(QWidget):
    """One slider for each direction that is known, and for each that the picture has been moved along."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._findings = screen.exploring, screen.findings
        self._shown: tuple[Direction, ...] = ()
        self.rows: list[SliderRow] = []
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(2)
        self.find_again = icon_button("search", "Find the main directions again, with the newest weights")
        self._about = paragraph(muted=True)
        self.find_button = Button("Find main directions", icon="search")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Directions", self.find_again))
        layout.addLayout(self._rows_layout)
        layout.addWidget(self._about)
        layout.addWidget(self.find_button)
        self.find_again.clicked.connect(self._findings.survey)
        self.find_button.clicked.connect(self._findings.survey)
        self._exploring.changed.connect(self._show)
        self._findings.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        picture, known = self._exploring.picture, self._findings.directions
        moved = (move.direction for move in picture.moves)
        directions = tuple(dict.fromkeys((*known, *moved)))
        if directions != self._shown:
            self._build(directions)
        surveying = self._findings.is_surveying
        self._about.setText(LOOKING if surveying else NO_DIRECTIONS)
        self._about.setVisible(not known)
        self.find_button.setVisible(not known and not surveying)
        self.find_again.setVisible(bool(known))
        self.find_again.setEnabled(not surveying)
        for direction, row in zip(self._shown, self.rows, strict=True):
            row.show_number(strength_of(picture, direction))

    def _build(self, directions: tuple[Direction, ...]) -> None:
        empty(self._rows_layout)
        self._shown, self.rows = directions, []
        for direction in directions:
            slider = Slider(-STRONGEST, STRONGEST, 0.0, STRENGTH_STEP)
            row = SliderRow(direction.name, slider, source=direction.source)
            row.number_changed.connect(lambda number, direction=direction: self._move(direction, number))
            slider.sliderReleased.connect(self._exploring.end_gesture)
            self._rows_layout.addWidget(row)
            self.rows.append(row)

    def _move(self, direction: Direction, strength: float) -> None:
        self._exploring.set_strength(direction, strength)


class DimensionsSection(QWidget):
    """The numbers of the latent, a page of them at a time, as numbered or those first that do the most."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._findings, self._looking = screen.exploring, screen.findings, screen.looking
        self._order: tuple[int, ...] = ()
        self._effects: tuple[float, ...] = ()
        self._first = 0
        self._count = secondary(tabular=True)
        self.sort = ChoiceBox()
        self.sort.setAccessibleName("Order of the dimensions")
        self.sort.setFixedWidth(SORT_WIDTH)
        self.sort.addItems(["As numbered", "Most active"])
        self.back = icon_button("chevron-left", "Those before")
        self.forth = icon_button("chevron-right", "Those after")
        self.rows = [DimensionRow() for _ in range(PAGE)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Dimensions", self.sort))
        for row in self.rows:
            layout.addWidget(row)
            row.number_changed.connect(self._set)
            row.reset_asked.connect(self._reset)
            row.let_go.connect(self._exploring.end_gesture)
        self._turns = QWidget()
        turns = QHBoxLayout(self._turns)
        turns.setContentsMargins(0, 0, 0, 0)
        turns.setSpacing(4)
        turns.addWidget(self._count, 1)
        turns.addWidget(self.back)
        turns.addWidget(self.forth)
        layout.addWidget(self._turns)
        self.back.clicked.connect(self._turn_back)
        self.forth.clicked.connect(self._turn_forth)
        self.sort.activated.connect(self._sort)
        self._exploring.changed.connect(self._show)
        self._exploring.pictured.connect(self._show)
        self._exploring.opened.connect(self._begin)
        self._findings.changed.connect(self._take_effects)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        self._effects = self._findings.found.effects
        self._sort()

    @Slot()
    def _sort(self) -> None:
        size = self._exploring.size
        self.sort.setVisible(len(self._effects) == size and size > 1)
        order = list(range(size))
        if len(self._effects) == size and self.sort.currentIndex() == 1:
            order = sorted(order, key=lambda index: -self._effects[index])
        self._order = tuple(order)
        self._first = 0
        self._show()

    @Slot()
    def _take_effects(self) -> None:
        if self._effects != self._findings.found.effects:
            self._begin()

    @property
    def _page(self) -> int:
        return SHORT_PAGE if self._looking.can("HasStyles") or self._looking.can("IsConditional") else PAGE

    @Slot()
    def _turn_back(self) -> None:
        self._first = max(0, self._first - self._page)
        self._show()

    @Slot()
    def _turn_forth(self) -> None:
        self._first += self._page
        self._show()

    @Slot()
    def _show(self) -> None:
        if len(self._order) != self._exploring.size:
            self._sort()
            return
        page = self._page
        seen = self._order[self._first : self._first + page]
        total = len(self._order)
        self._count.setText(f"{self._first + 1} to {self._first + len(seen)} of {total:,}")
        self._turns.setVisible(total > page)
        self.back.setEnabled(self._first > 0)
        self.forth.setEnabled(self._first + page < total)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(seen))
            if place < len(seen):
                index = seen[place]
                row.show_number(index, self._exploring.number(index), self._exploring.place_number(index))

    def _set(self, index: int, number: float) -> None:
        self._exploring.set_dimension(index, number)

    @Slot(int)
    def _reset(self, index: int) -> None:
        self._exploring.set_dimension(index, None)
        self._exploring.end_gesture()


class LatentFoot(FootRow):
    """Reset of what was done to the place, another place, and the way back."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__("Undo all that was done to this place, and stay there", "Somewhere else")
        self._exploring = screen.exploring
        self.reset.clicked.connect(self._exploring.reset)
        self.random.clicked.connect(self._exploring.draw_at_random)
        self.undo.clicked.connect(self._exploring.undo)
        self.redo.clicked.connect(self._exploring.redo)
        self._exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        exploring = self._exploring
        self.show_possible(reset=exploring.can_reset, undo=exploring.can_undo, redo=exploring.can_redo)
