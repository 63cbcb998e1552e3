"""What stands on a stage as long as there is no model that its panel can play with: why, and the way on."""

from PySide6.QtWidgets import QWidget

from gen_studio.ui.widgets.empty_state import EmptyState
from gen_studio.viewmodels.looking import Looking

OPENING = "Opening the model."


class NoModel(EmptyState):
    """no_run: what to do where no run is shown. cannot: what to say of a model that lacks what the panel requires."""

    def __init__(self, looking: Looking, no_run: str, cannot: str, parent: QWidget | None = None) -> None:
        super().__init__(no_run, "Go to Train", parent=parent)
        self._looking, self._no_run, self._cannot = looking, no_run, cannot

    def explain(self) -> None:
        """For the model that is looked at now, or is about to be."""
        if self._looking.run is None:
            self._say(self._no_run, "Go to Train")
        elif self._looking.problem:
            self._say(self._looking.problem, "Choose another run")
        elif self._looking.facts is not None:
            self._say(self._cannot, "Choose another run")
        else:
            self._say(OPENING, "")

    def _say(self, sentence: str, button: str) -> None:
        self.set_sentence(sentence)
        self.button.set_words(button)
        self.button.setVisible(bool(button))
