"""The Latent screen: where one is at the left, the picture in the middle, what is done to it at the right."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QScrollArea, QVBoxLayout, QWidget

from gen_studio.ui.page import Panel
from gen_studio.ui.panels.latent_context import LatentContext
from gen_studio.ui.panels.latent_controls import DimensionsSection, DirectionsSection, LatentFoot
from gen_studio.ui.panels.latent_files import COPY_KEYS, PASTE_KEYS
from gen_studio.ui.panels.latent_model import ClassSection
from gen_studio.ui.panels.latent_stage import LatentStage
from gen_studio.ui.panels.latent_styles import StyleSection
from gen_studio.ui.widgets.actions import Action
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.exploring import REQUIRES
from gen_studio.viewmodels.latent_screen import LatentScreen

TABS = ("Picture", "Map and pins")


class LatentInspector(QWidget):
    """The right column. In a narrow window it takes in what stands at the left otherwise, as a second tab."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self.tabs = ViewSwitch(TABS, "Right column")
        self.classes = ClassSection(screen)
        self.directions = DirectionsSection(screen)
        self.dimensions = DimensionsSection(screen)
        self.styles = StyleSection(screen)
        self.foot = LatentFoot(screen)
        self._changes = QWidget()
        column = QVBoxLayout(self._changes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for section in (self.classes, self.directions, self.dimensions, self.styles):
            column.addWidget(section)
        self._places: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._changes)
        self._layout.addStretch(1)
        self.tabs.changed.connect(self._show_tab)
        self.tabs.hide()

    def take_in(self, sections: QWidget) -> None:
        """In a tab of its own."""
        self._places = sections
        self._layout.insertWidget(2, sections)
        self.tabs.show()
        self._show_tab()

    def give_back(self) -> None:
        self.tabs.set_index(0)
        self._places = None
        self.tabs.hide()
        self._show_tab()

    @Slot()
    def _show_tab(self) -> None:
        """Shown and hidden rather than stacked: a stack is as high as its highest page."""
        first = self.tabs.index() == 0 or self._places is None
        self._changes.setVisible(first)
        if self._places is not None:
            self._places.setVisible(not first)
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.verticalScrollBar().setValue(0)


class LatentPanel(Panel):
    """Follows the run that is shown, finished or under way, while it is in sight."""

    key = "latent"
    title = "Latent"
    icon = "compass"
    requires = REQUIRES
    inspector_width = 336
    compact_inspector_width = 336
    context_when_compact = False
    moves = (
        ("Walk over the map", "Drag"),
        ("What lies between two pins", "Ctrl + click"),
        ("Rename a pin or a direction", "Double click"),
        ("Put pins or keyframes in order", "Drag"),
        ("Change the seconds of a leg", "Double click"),
        ("Slider back to its default", "Double click"),
        ("Ten steps of a slider", "Shift + arrows"),
    )

    def __init__(self, screen: LatentScreen) -> None:
        self.screen = screen
        self.latent_context = LatentContext(screen)
        self.latent_stage = LatentStage(screen)
        self.controls = LatentInspector(screen)

    def context(self) -> QWidget:
        return self.latent_context

    def stage(self) -> QWidget:
        return self.latent_stage

    def inspector(self) -> QWidget:
        return self.controls

    def inspector_foot(self) -> QWidget:
        return self.controls.foot

    def first_focus(self) -> QWidget:
        return self.controls.foot.random

    def set_compact(self, compact: bool) -> None:
        self.latent_stage.set_compact(compact)
        if compact:
            self.controls.take_in(self.latent_context.sections)
        else:
            self.controls.give_back()
            self.latent_context.take_back()

    def actions(self) -> list[Action]:
        """What can be done from the keyboard while the panel is in sight."""
        exploring, walk, files = self.screen.exploring, self.screen.walk, self.latent_stage.files

        def usable() -> bool:
            return exploring.is_usable

        actions = [
            Action("random", "Somewhere else", "R", "shuffle", exploring.draw_at_random, usable),
            Action("near", "A short way from here", "N", "dices", exploring.step_near, usable),
            Action("pin", "Pin the picture", "P", "pin", self.screen.pins.pin, usable),
            Action("undo", "Undo", "Ctrl+Z", "undo-2", exploring.undo, lambda: exploring.can_undo),
            Action("redo", "Do again", "Ctrl+Shift+Z", "redo-2", exploring.redo, lambda: exploring.can_redo),
            Action("reset", "Reset the picture", "", "rotate-ccw", exploring.reset, lambda: exploring.can_reset),
            Action("keyframe", "Add a keyframe", "K", "plus", walk.add_keyframe, usable),
            Action("play", "Play or pause the walk", "Space", "play", self._press_space, usable),
            Action("copy", "Copy the recipe", COPY_KEYS, "copy", files.copy_recipe, usable),
            Action("numbers", "Copy the latent's numbers", "", "copy", files.copy_latent, usable),
            Action("paste", "Paste a recipe or a latent", PASTE_KEYS, "copy", files.paste, usable),
            Action("save", "Save the picture", "", "download", files.save_picture, usable),
            Action("film", "Film the walk", "", "film", files.film, lambda: walk.can_play),
            Action("copying", "Is it copying?", "", "search", self.screen.findings.find_nearest, usable),
        ]
        return [replace(action, key=f"latent.{action.key}", panel=self.key) for action in actions]

    def _press_space(self) -> None:
        """On a button it presses the button, as everywhere."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif isinstance(focused, QComboBox):
            focused.showPopup()
        else:
            self.screen.walk.toggle()
