"""What leaves the stage: one picture to the clipboard or a file, all of them as a sheet, a chart as it is seen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gen_studio.core import sheets
from gen_studio.core.errors import UserError
from gen_studio.ui.pictures import to_image
from gen_studio.ui.sample_grid import SampleGrid

Tell = Callable[[str, str], None]


class PictureFiles(QObject):
    """Asks where, and tells in a sentence what was not written."""

    def __init__(self, grid: SampleGrid, tell: Tell, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid, self._tell, self._over = grid, tell, parent

    @Slot(int)
    def copy(self, index: int) -> None:
        QApplication.clipboard().setImage(to_image(self._grid.picture(index)))

    @Slot(int)
    def save_picture(self, index: int) -> None:
        path = self._ask_where("picture")
        if path and not to_image(self._grid.picture(index)).save(path):
            self._tell(f"{path} was not written. Choose another folder.", "")

    def save_sheet(self, name: str, per_item: int) -> None:
        pictures = self._grid.pictures
        path = self._ask_where(name) if pictures is not None else ""
        if pictures is None or not path:
            return
        try:
            sheets.write(Path(path), pictures, per_item)
        except UserError as error:
            self._tell(str(error), "")

    def save_chart(self, name: str, chart: QWidget) -> None:
        path = self._ask_where(name)
        if path and not chart.grab().save(path):
            self._tell(f"{path} was not written. Choose another folder.", "")

    def _ask_where(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self._over, "Save as", f"{name}.png", "Pictures (*.png)")[0]
