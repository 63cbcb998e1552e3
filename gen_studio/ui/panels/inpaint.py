"""The Inpaint screen: tools at the left edge, picture and result in the middle, the mask and what is saved right."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from gen_studio.ui.canvas.tools import COMMANDS, MASK_MOVES, TOOLS, Binding, Command, Tool
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.inpaint_controls import InpaintInspector
from gen_studio.ui.panels.inpaint_files import COPY_KEYS, SAVE_KEYS
from gen_studio.ui.panels.inpaint_stage import InpaintStage
from gen_studio.ui.widgets.actions import Action
from gen_studio.ui.widgets.held_key import BEFORE, HeldKey
from gen_studio.viewmodels.inpainting import REQUIRES
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen

PAINTS = (Tool.BRUSH, Tool.ERASER, Tool.RECTANGLE, Tool.LASSO, Tool.FILL, Tool.PAN)
NOT_FOR_MASKS = (Command.SWAP, Command.PREVIOUS_CLASS, Command.NEXT_CLASS, Command.HARDER, Command.SOFTER)


class InpaintPanel(Panel):
    """Follows the run that is shown, finished or under way, while it is in sight."""

    key = "inpaint"
    title = "Inpaint"
    icon = "paintbrush"
    requires = REQUIRES
    stage_padding = 0
    moves = tuple((line.words, line.key) for line in MASK_MOVES)

    def __init__(self, screen: InpaintingScreen) -> None:
        self.screen = screen
        self.inpaint_stage = InpaintStage(screen)
        self.controls = InpaintInspector(screen, self.inpaint_stage.canvas, self.inpaint_stage.files)
        self._held = HeldKey(BEFORE, self.inpaint_stage, self.inpaint_stage.result.peek)

    def stage(self) -> QWidget:
        return self.inpaint_stage

    def inspector(self) -> QWidget:
        return self.controls

    def first_focus(self) -> QWidget:
        return self.inpaint_stage.canvas

    def set_compact(self, compact: bool) -> None:
        self.inpaint_stage.set_compact(compact)

    def actions(self) -> list[Action]:
        """What can be done from the keyboard while the panel is in sight, wherever the focus is."""
        stage, inpainting, files = self.inpaint_stage, self.screen.inpainting, self.screen.files

        def has_picture() -> bool:
            return inpainting.is_usable and inpainting.subject is not None

        def has_answer() -> bool:
            return inpainting.answer is not None

        actions = [
            Action("fill", "Fill the holes", "F", "paintbrush", inpainting.fill, lambda: inpainting.can_fill),
            Action("keep", "Keep the answer", "Return", "check", stage.keep_answer, has_answer),
            Action("more", "Six more answers", "", "plus", inpainting.ask_for_more, lambda: stage.more.isVisible()),
            Action("before", "Before, while the key is held", "C", "git-compare", self._held.press, has_picture),
            Action("data", "A picture from the data", "N", "database", files.show_next_of_data, self._is_usable),
            Action("holes", "Random holes", "D", "dices", self.controls.mask_section.draw_holes, has_picture),
            Action("last", "Use the last mask again", "M", "repeat", files.reuse_mask, has_picture),
            Action("mask", "Open a mask", "", "folder-open", stage.files.open_mask, has_picture),
            Action("save", "Save the result", SAVE_KEYS, "download", stage.files.save_result, has_picture),
            Action("copy", "Copy the result", COPY_KEYS, "copy", stage.files.copy_result, has_picture),
            *self._canvas_actions(),
        ]
        return [replace(action, key=f"inpaint.{action.key}", panel=self.key) for action in actions]

    def _canvas_actions(self) -> list[Action]:
        canvas = self.inpaint_stage.canvas
        bindings: list[tuple[Tool | Command, Binding]] = [(tool, TOOLS[tool]) for tool in PAINTS]
        bindings += [(command, binding) for command, binding in COMMANDS.items() if command not in NOT_FOR_MASKS]
        return [
            Action(
                f"canvas.{action.name.lower()}",
                action.value,
                binding.keys[0],
                binding.icon or "brush",
                partial(canvas.perform, action),
            )
            for action, binding in bindings
        ]

    def _is_usable(self) -> bool:
        return self.screen.inpainting.is_usable
