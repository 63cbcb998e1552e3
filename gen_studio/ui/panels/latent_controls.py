"""What is done to the picture: directions, single numbers of the latent, reset, random, undo."""

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gen_studio.core.latents import Direction
from gen_studio.ui.latent.dimension_row import DimensionRow
from gen_studio.ui.latent.direction_row import DirectionRow
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.foot_row import FootRow
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.ui.widgets.painting import empty
from gen_studio.viewmodels.exploration import strength_of
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.naming import can_combine

PAGE, SHORT_PAGE = 9, 6
"""Rows of single numbers that are seen at once; fewer beside classes or styles, so that undo stays in sight."""
SORT_WIDTH = 124
ORDERS = ("As numbered", "Most active")
MOST_ACTIVE = 1
NO_DIRECTIONS = "The ways in which this model's pictures change most. Finding them takes some seconds."
LOOKING = "The main directions are being found; the picture can be moved meanwhile."


class DirectionsSection(QWidget):
    """One slider for each direction that is known, and for each that the picture has been moved along."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._findings, self._map = screen.exploring, screen.findings, screen.map
        self._shown: tuple[tuple[Direction, str], ...] = ()
        self.rows: list[DirectionRow] = []
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(2)
        self.add = icon_button("plus", "A direction of your own")
        self.more = icon_button("ellipsis", "Names, and finding them again")
        self._about = paragraph(muted=True)
        self.find_button = Button("Find main directions", icon="search")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Directions", self.add, self.more))
        layout.addLayout(self._rows_layout)
        layout.addWidget(self._about)
        layout.addWidget(self.find_button)
        self.add.clicked.connect(self._open_adding)
        self.more.clicked.connect(self._open_menu)
        self.find_button.clicked.connect(self._findings.survey)
        self._exploring.changed.connect(self._show)
        self._findings.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        picture, known = self._exploring.picture, self._findings.directions
        moved = (move.direction for move in picture.moves)
        directions = tuple(dict.fromkeys((*known, *moved)))
        shown = tuple((direction, self._findings.forget_words(direction)) for direction in directions)
        if shown != self._shown:
            self._build(shown)
        surveying, found = self._findings.is_surveying, bool(self._findings.main)
        self._about.setText(LOOKING if surveying else NO_DIRECTIONS)
        self._about.setVisible(not found)
        self.find_button.setVisible(not found and not surveying)
        self.more.setVisible(bool(directions))
        for row in self.rows:
            row.show_strength(strength_of(picture, row.direction))

    def _build(self, shown: tuple[tuple[Direction, str], ...]) -> None:
        empty(self._rows_layout)
        self._shown, self.rows = shown, []
        for direction, forget_words in shown:
            row = DirectionRow(direction, forget_words)
            row.moved.connect(self._exploring.set_strength)
            row.let_go.connect(self._exploring.end_gesture)
            row.named.connect(self._findings.name)
            row.forgotten.connect(self._findings.forget)
            row.laid_across.connect(self._map.lay_across)
            row.laid_up.connect(self._map.lay_up)
            self._rows_layout.addWidget(row)
            self.rows.append(row)

    def menu(self) -> QMenu:
        menu = QMenu(self)
        names = menu.addMenu("Rename")
        for row in self.rows:
            names.addAction(row.direction.name).triggered.connect(row.rename)
        again = menu.addAction("Find the main directions again")
        again.triggered.connect(self._findings.survey)
        again.setEnabled(not self._findings.is_surveying)
        back = menu.addAction("All back to 0")
        back.triggered.connect(self._exploring.drop_moves)
        back.setEnabled(bool(self._exploring.picture.moves))
        return menu

    def adding(self) -> QMenu:
        """What a direction can be made of here; those of labels and of piles are learnt under Attributes."""
        menu = QMenu(self)
        ends = self._findings.ends
        way = menu.addAction(f"From {ends[0].name} to {ends[1].name}" if ends else "From one pin to another")
        way.triggered.connect(self._findings.take_way)
        way.setEnabled(ends is not None)
        both = menu.addAction("All strengths as one direction")
        both.triggered.connect(self._findings.combine)
        both.setEnabled(can_combine(self._exploring.picture))
        return menu

    @Slot()
    def _open_menu(self) -> None:
        _open_below(self.more, self.menu())

    @Slot()
    def _open_adding(self) -> None:
        _open_below(self.add, self.adding())


def _open_below(button: QWidget, menu: QMenu) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
    menu.popup(corner - QPoint(menu.sizeHint().width(), 0))


class DimensionsSection(QWidget):
    """The numbers of the latent, a page of them at a time: those first that do the most, once that is known, or as
    numbered."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._findings, self._looking = screen.exploring, screen.findings, screen.looking
        self._order: tuple[int, ...] = ()
        self._effects: tuple[float, ...] = ()
        self._first = 0
        self._is_chosen = False
        self._count = secondary(tabular=True)
        self.sort = ChoiceBox()
        self.sort.setAccessibleName("Order of the dimensions")
        self.sort.setFixedWidth(SORT_WIDTH)
        self.sort.addItems(ORDERS)
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
            row.let_go.connect(self._take_effects)
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
        self.sort.activated.connect(self._choose_order)
        self._exploring.changed.connect(self._show)
        self._exploring.pictured.connect(self._show)
        self._exploring.opened.connect(self._begin)
        self._findings.changed.connect(self._take_effects)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        self._effects = self._findings.found.effects
        if self._effects and not self._is_chosen:
            self.sort.setCurrentIndex(MOST_ACTIVE)
        self._sort()

    @Slot()
    def _choose_order(self) -> None:
        self._is_chosen = True
        self._sort()

    @Slot()
    def _sort(self) -> None:
        size = self._exploring.size
        self.sort.setVisible(len(self._effects) == size and size > 1)
        order = list(range(size))
        if len(self._effects) == size and self.sort.currentIndex() == MOST_ACTIVE:
            order = sorted(order, key=lambda index: -self._effects[index])
        self._order = tuple(order)
        self._first = 0
        self._show()

    @Slot()
    def _take_effects(self) -> None:
        under_the_hand = any(row.slider.isSliderDown() for row in self.rows)
        if self._effects != self._findings.found.effects and not under_the_hand:
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
