"""Asks where pictures and masks of the Inpaint panel are, and where they are to go."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gen_studio.ui.canvas.canvas import PICTURE_FILES
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button, tip
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen

PNG = "Pictures (*.png)"
SAVE_KEYS, COPY_KEYS = "Ctrl+Shift+S", "Ctrl+Shift+C"


class InpaintFiles(QObject):
    """What becomes of a path is the view model's to say."""

    def __init__(self, screen: InpaintingScreen, over: QWidget) -> None:
        super().__init__(over)
        self._files, self._inpainting, self._over = screen.files, screen.inpainting, over

    def menu(self) -> QMenu:
        menu = QMenu(self._over)
        has_mask = self._inpainting.has_mask
        menu.addAction(tip("Save result…", SAVE_KEYS)).triggered.connect(self.save_result)
        mask = menu.addAction("Save mask…")
        both = menu.addAction("Save result and mask…")
        menu.addSeparator()
        menu.addAction(tip("Copy result", COPY_KEYS)).triggered.connect(self.copy_result)
        mask.triggered.connect(self.save_mask)
        both.triggered.connect(self.save_both)
        for action in (mask, both):
            action.setEnabled(has_mask)
        return menu

    def open_menu(self, button: Button) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = button.mapToGlobal(QPoint(button.width(), -4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), menu.sizeHint().height()))

    @Slot()
    def save_result(self) -> None:
        if path := self._ask_where("-filled"):
            self._files.save_result(path)

    @Slot()
    def save_mask(self) -> None:
        if path := self._ask_where("-mask"):
            self._files.save_mask(path)

    @Slot()
    def save_both(self) -> None:
        if path := self._ask_where("-filled"):
            self._files.save_both(path)

    @Slot()
    def copy_result(self) -> None:
        if self._inpainting.result is not None:
            QGuiApplication.clipboard().setImage(to_image(self._inpainting.result))
            self._files.told.emit("The result is on the clipboard.")

    @Slot()
    def open_mask(self) -> None:
        path = QFileDialog.getOpenFileName(self._over, "Open a mask, white where it is to be filled", "", PICTURE_FILES)
        if path[0]:
            self._files.open_mask(Path(path[0]))

    def _ask_where(self, ending: str) -> Path | None:
        subject = self._inpainting.subject
        name = Path(subject.name).stem.replace(" ", "-").lower() if subject else "picture"
        path = QFileDialog.getSaveFileName(self._over, "Save as", f"{name}{ending}.png", PNG)[0]
        if not path:
            return None
        return Path(path) if Path(path).suffix else Path(path).with_suffix(".png")
