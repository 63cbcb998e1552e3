"""The left column: what a direction is learnt from, and how."""

from PySide6.QtCore import QPoint, QSignalBlocker, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gen_studio.core.directions import Method
from gen_studio.ui.attributes.sorting_table import SortingTable, Thumb
from gen_studio.ui.panels.attributes_files import AttributesFiles
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.fields import TextField
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.attributes_lesson import Source
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_state import Example

SOURCES = tuple(Source)
METHODS = tuple(Method)
CONTROL_WIDTH = 168
LOADING = "The pictures of the data are being read."


class ExamplesSection(QWidget):
    """Where examples come from, and the table on which they are sorted."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self._lesson, self._files = screen.lesson, files
        self.sources = ViewSwitch([source.value for source in SOURCES], "Where examples come from")
        self.others = icon_button("dices", "Others")
        self.add = icon_button("plus", "Put pictures of yours into the piles")
        self.swap = icon_button("arrow-left-right", "Swap the piles")
        self.clear = icon_button("trash-2", "Empty the piles")
        self.table = SortingTable()
        self.trait = ChoiceBox()
        self.trait.setAccessibleName("More of")
        self._about = paragraph(muted=True)
        self._trait_row = _row("More of", self.trait)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading_row("Learn a direction", self.add, self.swap, self.clear))
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.sources)
        top.addStretch(1)
        top.addWidget(self.others)
        layout.addLayout(top)
        layout.addWidget(self._about)
        layout.addWidget(self._trait_row)
        layout.addWidget(self.table)
        self._bind()

    def _bind(self) -> None:
        lesson = self._lesson
        self.sources.changed.connect(self._choose_source)
        self.others.clicked.connect(lesson.offer_others)
        self.add.clicked.connect(self._open_menu)
        self.table.brought.connect(self._files.bring)
        self.swap.clicked.connect(lesson.swap)
        self.clear.clicked.connect(lesson.clear)
        self.table.sorted_into.connect(lesson.sort)
        self.trait.activated.connect(self._choose_trait)
        lesson.offered_changed.connect(self._show)
        lesson.pictured.connect(self._show)
        lesson.changed.connect(self._show)
        self._show()

    @Slot(int)
    def _choose_source(self, index: int) -> None:
        self._lesson.choose_source(SOURCES[index])

    @Slot()
    def _choose_trait(self) -> None:
        trait = self.trait.currentData()
        self._lesson.set_lesson(trait=trait or "")

    @Slot()
    def _show(self) -> None:
        lesson = self._lesson
        known = lesson.source is Source.KNOWN
        with QSignalBlocker(self.sources):
            self.sources.set_index(SOURCES.index(lesson.source))
        self.sources.set_enabled(SOURCES.index(Source.SAMPLES), lesson.has_samples)
        self.table.setVisible(not known)
        sorted_ = bool(lesson.editing.more or lesson.editing.less)
        self.add.setVisible(not known)
        for button in (self.swap, self.clear):
            button.setVisible(not known)
            button.setEnabled(sorted_)
        self.others.setVisible(not known)
        self.others.setEnabled(not lesson.is_loading)
        self._about.setText(LOADING)
        self._about.setVisible(lesson.is_loading)
        self._show_traits(known)
        if not known:
            self.table.set_thumbs(*(self._thumbs(part) for part in self._parts()))

    def menu(self) -> QMenu:
        """Which pile."""
        menu = QMenu(self)
        for side, words in (("more", "Pictures of yours into More…"), ("less", "Pictures of yours into Less…")):
            menu.addAction(words).triggered.connect(lambda _=False, side=side: self._files.open_examples(side))
        return menu

    @Slot()
    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height() + 4)))

    def _parts(self) -> tuple[tuple[Example, ...], ...]:
        return self._lesson.offered, self._lesson.editing.more, self._lesson.editing.less

    def _thumbs(self, examples: tuple[Example, ...]) -> list[Thumb]:
        thumbs = []
        for example in examples:
            pixels = self._lesson.picture(example)
            image = None if pixels is None else to_image(pixels)
            thumbs.append(Thumb(example, image, self._lesson.editing.side_of(example)))
        return thumbs

    def _show_traits(self, known: bool) -> None:
        traits = self._lesson.traits()
        self._trait_row.setVisible(known and bool(traits))
        shown = [self.trait.itemData(index) for index in range(1, self.trait.count())]
        if shown != [trait for trait, _ in traits]:
            self.trait.clear()
            self.trait.addItem("Choose", "")
            for trait, words in traits:
                self.trait.addItem(words, trait)
        self.trait.setCurrentIndex(max(0, self.trait.findData(self._lesson.lesson.trait)))


class LearnSection(QWidget):
    """The name, the method, what is left alone, and the button."""

    def __init__(self, screen: AttributesScreen) -> None:
        super().__init__()
        self._screen, self._lesson = screen, screen.lesson
        self.name = TextField("Name of the direction")
        self.name.setPlaceholderText("Smile, for example")
        self.method = ChoiceBox()
        self.method.setAccessibleName("Method")
        self.method.addItems([method.value.capitalize() for method in METHODS])
        self.method.setToolTip("A separator leaves alone what merely tends to go along, and needs more examples")
        self.spared = Button("Nothing")
        self.spared.setAccessibleName("Directions that it leaves alone")
        self.learn = Button("Learn", Kind.PRIMARY)
        self.cancel = Button("Cancel", Kind.QUIET)
        self._about = paragraph(muted=True)
        self._spared_row = _row("Leaves alone", self.spared)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(_row("Name", self.name))
        layout.addWidget(_row("Method", self.method))
        layout.addWidget(self._spared_row)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.learn)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        layout.addLayout(foot)
        layout.addWidget(self._about)  # below the button, which then stays in sight in a low window
        self._bind()

    def _bind(self) -> None:
        lesson, exploring = self._lesson, self._screen.exploring
        self.name.textEdited.connect(self._name)
        self.name.editingFinished.connect(exploring.end_gesture)
        self.method.activated.connect(self._choose_method)
        self.spared.clicked.connect(self._open_spared)
        self.learn.clicked.connect(lesson.learn)
        self.cancel.clicked.connect(lesson.cancel)
        lesson.offered_changed.connect(self._show)
        lesson.progressed.connect(self._show)
        lesson.changed.connect(self._show)
        self._show()

    @Slot(str)
    def _name(self, text: str) -> None:
        self._lesson.set_lesson("name", name=text)

    @Slot(int)
    def _choose_method(self, index: int) -> None:
        self._lesson.set_lesson(method=METHODS[index])

    @Slot()
    def _show(self) -> None:
        lesson, learning = self._lesson, self._lesson.is_learning
        if self.name.text() != lesson.lesson.name:
            self.name.setText(lesson.lesson.name)
        self.method.setCurrentIndex(METHODS.index(lesson.lesson.method))
        names = [kept.direction.name for kept in self._screen.directions.kept]
        spared = [name for name in names if name in lesson.lesson.spared]
        self._spared_row.setVisible(bool(names))
        self.spared.set_words(", ".join(spared) if len(spared) < 3 and spared else _how_many(len(spared)))
        self.spared.setAccessibleName("Directions that it leaves alone")
        words = lesson.progress_in_words() if learning else lesson.missing or lesson.hint
        self._about.setText(words)
        self._about.setVisible(bool(words))
        self.learn.setEnabled(not learning and not lesson.missing)
        self.cancel.setVisible(learning)

    def spared_menu(self) -> QMenu:
        """One check mark for each direction that is known."""
        menu = QMenu(self)
        for kept in self._screen.directions.kept:
            name = kept.direction.name
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in self._lesson.lesson.spared)
            action.toggled.connect(lambda on, name=name: self._lesson.spare(name, on))
        return menu

    @Slot()
    def _open_spared(self) -> None:
        menu = self.spared_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.spared.mapToGlobal(QPoint(0, self.spared.height() + 4)))


class AttributesContext(QWidget):
    """The left column; in a narrow window the same sections stand in a tab at the right."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self.examples = ExamplesSection(screen, files)
        self.learning = LearnSection(screen)
        self.sections = QWidget()
        inside = QVBoxLayout(self.sections)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self.examples)
        inside.addWidget(self.learning)
        inside.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.take_back()

    def take_back(self) -> None:
        """The sections stand here again."""
        self._layout.addWidget(self.sections)
        self.sections.show()


def _how_many(count: int) -> str:
    return f"{count} directions" if count else "Nothing"


def _row(name: str, control: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(secondary(name), 1)
    control.setFixedWidth(CONTROL_WIDTH)
    layout.addWidget(control)
    return row
