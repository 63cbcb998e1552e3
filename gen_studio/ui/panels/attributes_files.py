"""What the Attributes panel takes in and lets out: pictures of one's own, strips, directions in files."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gen_studio.core.errors import UserError
from gen_studio.inference.direction_files import ENDING
from gen_studio.ui.canvas.intake import offered
from gen_studio.ui.widgets.buttons import Button
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_state import Side

PNG = "Pictures (*.png)"
PHOTOS = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif)"
DIRECTIONS = f"Directions (*{ENDING})"


class AttributesFiles(QObject):
    """Asks where, and leaves the rest to the view models."""

    noticed = Signal(str, str)

    def __init__(self, screen: AttributesScreen, over: QWidget) -> None:
        super().__init__(over)
        self._screen, self._over = screen, over

    @Slot()
    def open_photo(self) -> None:
        path = QFileDialog.getOpenFileName(self._over, "Open a picture of yours", "", PHOTOS)[0]
        if path:
            self._screen.own.open(Path(path))

    @Slot()
    def paste_photo(self) -> None:
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, mime: QMimeData) -> None:
        """What was pasted or dropped."""
        try:
            given = offered(mime)
        except UserError as error:
            self.noticed.emit(str(error), "")
            return
        if given.path is not None and given.path.suffix == ENDING:
            self._screen.directions.open(given.path)
        elif given.path is not None:
            self._screen.own.open(given.path, given.others)
        elif given.pixels is not None:
            self._screen.own.paste(given.pixels)

    def open_examples(self, side: Side) -> None:
        """Pictures of one's own for a pile."""
        paths = QFileDialog.getOpenFileNames(self._over, "Open pictures of yours", "", PHOTOS)[0]
        if paths:
            self._screen.bringing.bring([Path(path) for path in paths], side)

    @Slot(object, str)
    def bring(self, mime: QMimeData, side: Side) -> None:
        """What was dropped on a pile: files, folders, or the picture of another program."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        try:
            pixels = None if files else offered(mime).pixels
        except UserError as error:
            self.noticed.emit(str(error), "")
            return
        self._screen.bringing.bring(files if pixels is None else [pixels], side)

    @Slot()
    def save_picture(self) -> None:
        if path := self._ask_where("picture.png", PNG):
            self._screen.stage.save_picture(path)

    @Slot()
    def save_strip(self) -> None:
        chosen = self._screen.directions.chosen
        if chosen is not None and (path := self._ask_where(f"{_file_name(chosen.direction.name)}.png", PNG)):
            self._screen.stage.save_strip(path)

    @Slot()
    def open_direction(self) -> None:
        path = QFileDialog.getOpenFileName(self._over, "Open a direction", "", DIRECTIONS)[0]
        if path:
            self._screen.directions.open(Path(path))

    @Slot()
    def save_direction(self) -> None:
        chosen = self._screen.directions.chosen
        if chosen is None:
            return
        path = self._ask_where(f"{_file_name(chosen.direction.name)}{ENDING}", DIRECTIONS)
        if path:
            named = path if path.suffix else path.with_suffix(ENDING)
            self._screen.directions.save(chosen.direction.name, named)

    def open_menu(self, button: Button) -> None:
        """The Export menu."""
        menu = QMenu(self._over)
        menu.addAction("Save picture…").triggered.connect(self.save_picture)
        strip = menu.addAction("Save the strip of strengths…")
        strip.triggered.connect(self.save_strip)
        strip.setEnabled(self._screen.directions.chosen is not None)
        menu.aboutToHide.connect(menu.deleteLater)
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _ask_where(self, name: str, kinds: str) -> Path | None:
        path = QFileDialog.getSaveFileName(self._over, "Save as", name, kinds)[0]
        return Path(path) if path else None


def _file_name(name: str) -> str:
    """A direction's name without what file systems refuse."""
    return "".join(letter if letter.isalnum() or letter in "-_ " else "-" for letter in name).strip() or "direction"
