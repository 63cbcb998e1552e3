"""The Attributes screen: what is learnt from at the left, the picture in the middle, its sliders at the right."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gen_studio.ui.page import Panel
from gen_studio.ui.panels.attributes_controls import AttributesInspector
from gen_studio.ui.panels.attributes_lesson import AttributesContext
from gen_studio.ui.panels.attributes_stage import AttributesStage
from gen_studio.ui.widgets.actions import Action
from gen_studio.ui.widgets.held_key import BEFORE, HeldKey
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_stage import REQUIRES


class AttributesPanel(Panel):
    """Follows the run that is shown, finished or under way, while it is in sight."""

    key = "attributes"
    title = "Attributes"
    icon = "sliders-horizontal"
    requires = REQUIRES
    inspector_width = 336
    compact_inspector_width = 336
    context_when_compact = False

    def __init__(self, screen: AttributesScreen) -> None:
        self.screen = screen
        self.attributes_stage = AttributesStage(screen)
        self.lesson = AttributesContext(screen, self.attributes_stage.files)
        self.controls = AttributesInspector(screen, self.attributes_stage.files)
        self._held = HeldKey(BEFORE, self.attributes_stage, self.attributes_stage.picture.peek)

    def context(self) -> QWidget:
        return self.lesson

    def stage(self) -> QWidget:
        return self.attributes_stage

    def inspector(self) -> QWidget:
        return self.controls

    def first_focus(self) -> QWidget:
        return self.controls.place.random

    def set_compact(self, compact: bool) -> None:
        self.attributes_stage.set_compact(compact)
        if compact:
            self.controls.take_in(self.lesson.sections)
        else:
            self.controls.give_back()
            self.lesson.take_back()

    def actions(self) -> list[Action]:
        """What can be done from the keyboard while the panel is in sight."""
        exploring, stage, files = self.screen.exploring, self.screen.stage, self.attributes_stage.files

        def usable() -> bool:
            return stage.is_usable

        def chosen() -> bool:
            return self.screen.directions.chosen is not None

        actions = [
            Action("random", "Another picture", "R", "shuffle", stage.draw_at_random, usable),
            Action("before", "Before, while the key is held", "C", "git-compare", self._held.press, usable),
            Action("undo", "Undo", "Ctrl+Z", "undo-2", exploring.undo, lambda: exploring.can_undo),
            Action("redo", "Do again", "Ctrl+Shift+Z", "redo-2", exploring.redo, lambda: exploring.can_redo),
            Action("reset", "All strengths back to 0", "", "rotate-ccw", stage.reset, lambda: stage.can_reset),
            Action("learn", "Learn a direction", "", "plus", self.screen.lesson.learn, self._can_learn),
            Action("open", "Open a picture of yours", "Ctrl+O", "folder-open", files.open_photo, usable),
            Action("paste", "Paste a picture", "Ctrl+V", "clipboard-paste", files.paste_photo, usable),
            Action("save", "Save the picture", "", "download", files.save_picture, usable),
            Action("strip", "Save the strip of strengths", "", "download", files.save_strip, chosen),
            Action("file", "Open a direction from a file", "", "folder-open", files.open_direction, usable),
        ]
        return [replace(action, key=f"attributes.{action.key}", panel=self.key) for action in actions]

    def _can_learn(self) -> bool:
        return not self.screen.lesson.missing and not self.screen.lesson.is_learning
