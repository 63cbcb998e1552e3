"""What leaves the Latent panel and comes back: the Export menu, the clipboard, pictures that are dropped."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gen_studio.ui.latent.film_dialog import FilmDialog
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button
from gen_studio.viewmodels.latent_screen import LatentScreen

PNG = "Pictures (*.png)"
FILMS = "Films (*.mp4 *.gif)"
COPY_KEYS, PASTE_KEYS = "Ctrl+Shift+C", "Ctrl+Shift+V"


class LatentFiles(QObject):
    """Asks where, and leaves the rest to the view model."""

    def __init__(self, screen: LatentScreen, over: QWidget) -> None:
        super().__init__(over)
        self._screen, self._over = screen, over

    def menu(self) -> QMenu:
        walk = self._screen.walk
        menu = QMenu(self._over)
        menu.addAction("Save picture…").triggered.connect(self.save_picture)
        menu.addAction("Copy picture").triggered.connect(self.copy_picture)
        menu.addSeparator()
        menu.addAction(f"Copy recipe\t{_native(COPY_KEYS)}").triggered.connect(self.copy_recipe)
        menu.addAction("Copy latent").triggered.connect(self.copy_latent)
        menu.addAction(f"Paste recipe or latent\t{_native(PASTE_KEYS)}").triggered.connect(self.paste)
        menu.addAction("Return to a saved picture…").triggered.connect(self.open_picture)
        menu.addSeparator()
        strip = menu.addAction("Save the walk as a strip…")
        film = menu.addAction("Film the walk…")
        strip.triggered.connect(self.save_strip)
        film.triggered.connect(self.film)
        for action in (strip, film):
            action.setEnabled(walk.can_play)
        return menu

    def open_menu(self, button: Button) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    @Slot()
    def save_picture(self) -> None:
        if path := self._ask_where("picture.png", PNG):
            self._screen.exporting.save_picture(path)

    @Slot(int)
    def save_tile(self, place: int) -> None:
        """One of those that stand around."""
        if path := self._ask_where("picture.png", PNG):
            self._screen.exporting.save_picture(path, place)

    @Slot(int)
    def copy_tile(self, place: int) -> None:
        pictures = self._screen.exploring.pictures
        if pictures is not None and place < len(pictures):
            QGuiApplication.clipboard().setImage(to_image(pictures[place]))

    @Slot()
    def save_strip(self) -> None:
        if path := self._ask_where("walk.png", PNG):
            self._screen.exporting.save_strip(path)

    @Slot()
    def film(self) -> None:
        facts = self._screen.looking.facts
        if facts is None:
            return
        dialog = FilmDialog((facts.height, facts.width), self._screen.walk.walk.seconds, self._over)
        accepted = dialog.exec()
        chosen = (dialog.height_asked, dialog.rate, dialog.scaling)
        dialog.deleteLater()
        if accepted and (path := self._ask_where("walk.mp4", FILMS)):
            self._screen.exporting.film(path, *chosen)

    @Slot()
    def copy_picture(self) -> None:
        self.copy_tile(self._screen.exploring.own_place)

    @Slot()
    def copy_recipe(self) -> None:
        QGuiApplication.clipboard().setText(self._screen.exporting.recipe())
        self._screen.exporting.told.emit("The recipe of the picture is on the clipboard.")

    @Slot()
    def copy_latent(self) -> None:
        """Its numbers, for other programs and for a mail."""
        numbers = self._screen.exporting.numbers()
        if numbers:
            QGuiApplication.clipboard().setText(numbers)
            self._screen.exporting.told.emit("The numbers of the latent are on the clipboard.")

    @Slot()
    def paste(self) -> None:
        """A recipe, a latent's numbers, or a saved picture that was copied as a file."""
        mime = QGuiApplication.clipboard().mimeData()
        files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if files:
            self._screen.exporting.drop(Path(files[0]))
        else:
            self._screen.exporting.paste(mime.text())

    @Slot()
    def open_picture(self) -> None:
        path = QFileDialog.getOpenFileName(self._over, "Return to a saved picture", "", PNG)[0]
        if path:
            self._screen.exporting.drop(Path(path))

    def _ask_where(self, name: str, kinds: str) -> Path | None:
        path = QFileDialog.getSaveFileName(self._over, "Save as", name, kinds)[0]
        return Path(path) if path else None


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
