"""What stands on a stage whose data cannot be shown: why, and the ways out as buttons."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.ui.widgets.buttons import Button
from gen_studio.ui.widgets.labels import paragraph
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.setup import SetupViewModel

WIDTH = 420


class DataProblem(QWidget):
    """Nothing is downloaded unless its button is pressed."""

    def __init__(self, setup: SetupViewModel, data: DataViewModel) -> None:
        super().__init__()
        self._setup, self._data = setup, data
        self._sentence = paragraph(size=13, muted=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setMaximumWidth(WIDTH)
        self.download = Button("Download it", icon="download")
        self.choose = Button("Choose its folder", icon="folder-open")
        self.retry = Button("Try again", icon="rotate-ccw")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.download, self.choose, self.retry):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._sentence, 1000)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self.download.clicked.connect(self.fetch)
        self.choose.clicked.connect(self.choose_folder)
        self.retry.clicked.connect(self.try_again)

    def show_problem(self) -> None:
        """Takes the words from the data, and offers what can help with such a source."""
        source = self._setup.source
        self._sentence.setText(self._data.problem)
        self.download.setVisible(source is not None and source.downloadable)
        self.choose.setVisible(source is not None and source.takes_path)

    @Slot()
    def fetch(self) -> None:
        self._data.try_again(download=True)

    @Slot()
    def try_again(self) -> None:
        self._data.try_again()

    @Slot()
    def choose_folder(self) -> None:
        source = self._setup.source
        path = QFileDialog.getExistingDirectory(self, "Choose the folder of the pictures")
        if path and source is not None:
            self._setup.choose_source(source.key, path)
