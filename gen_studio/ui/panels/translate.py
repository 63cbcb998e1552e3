"""The Translate screen: what one draws or opens beside what a model makes of it, and how at the right."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from gen_studio.ui.canvas.tools import COMMANDS, MOVES, TOOLS, Binding, Command, Tool
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.translate_controls import TranslateControls
from gen_studio.ui.panels.translate_stage import TranslateStage
from gen_studio.ui.widgets.actions import Action
from gen_studio.viewmodels.translating_screen import TranslatingScreen

FOR_MASKS = (Command.GROW, Command.SHRINK)


class TranslatePanel(Panel):
    """Follows the run that is shown, finished or under way, while it is in sight."""

    key = "translate"
    title = "Translate"
    icon = "arrow-left-right"
    inspector_width = 304
    compact_inspector_width = 280
    stage_padding = 0
    moves = tuple((line.words, line.key) for line in MOVES)

    def __init__(self, screen: TranslatingScreen) -> None:
        self.screen = screen
        self.translate_stage = TranslateStage(screen)
        self.controls = TranslateControls(screen, self.translate_stage.canvas)
        answer, magnifier = self.translate_stage.answer, self.controls.magnifier
        answer.pointed.connect(magnifier.point_to)
        magnifier.frame_moved.connect(answer.set_frame)
        self.controls.question.folder.clicked.connect(self.translate_stage.answer_folder)

    def stage(self) -> QWidget:
        return self.translate_stage

    def inspector(self) -> QWidget:
        return self.controls

    def first_focus(self) -> QWidget:
        return self.translate_stage.canvas

    def set_compact(self, compact: bool) -> None:
        self.translate_stage.set_compact(compact)
        self.controls.set_compact(compact)

    def actions(self) -> list[Action]:
        """What can be done from the keyboard while the panel is in sight; the tools from wherever the focus is."""
        translating, files, stage = self.screen.translating, self.screen.files, self.translate_stage

        def usable() -> bool:
            return translating.is_usable

        def answered() -> bool:
            return usable() and translating.answer is not None

        own = [
            Action("example", "Next of the held-out data", "T", "shuffle", files.use_next_example, usable),
            Action("blank", "Empty sheet", "N", "image", translating.clear, usable),
            Action("seed", "Another seed", "D", "dices", translating.draw_seed, lambda: translating.has_chance),
            Action("save", "Save the answer", "Ctrl+Shift+S", "download", stage.save_answer, answered),
            Action("copy", "Copy the answer", "Ctrl+Shift+C", "copy", stage.copy_answer, answered),
            Action("folder", "Answer all pictures of a folder", "", "layers", stage.answer_folder, usable),
        ]
        actions = [replace(action, key=f"{self.key}.own-{action.key}", panel=self.key) for action in own]
        for tool, binding in TOOLS.items():
            actions.append(self._on_canvas(tool, binding))
        for command, binding in COMMANDS.items():
            if command not in FOR_MASKS:
                actions.append(self._on_canvas(command, binding))
        return actions

    def _on_canvas(self, what: Tool | Command, binding: Binding) -> Action:
        run, has = partial(self.translate_stage.canvas.perform, what), partial(self._has, what)
        return Action(f"{self.key}.{what.name.lower()}", what.value, binding.keys[0], binding.icon, run, has, self.key)

    def _has(self, what: Tool | Command) -> bool:
        canvas = self.translate_stage.canvas
        return canvas.has_tool(what) if isinstance(what, Tool) else canvas.has(what)
