"""The picker of the data, the same wherever data can be chosen."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gen_studio.core.description import SourceInfo
from gen_studio.core.words import count
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.picker import Picker
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.setup import SetupViewModel

ZIP, TWO = "#zip", "#two"
"""Behind the key of a source that reads from the disk: choose a file instead of a folder, or a second place too."""


class DataPicker(Picker):
    """Shows what the setup names, with a picture of it and its size once it is read."""

    def __init__(self, setup: SetupViewModel, data: DataViewModel, parent: QWidget | None = None) -> None:
        super().__init__("Data", hint="Find data", parent=parent)
        self._setup, self._data = setup, data
        self.chosen.connect(self._choose)
        setup.changed.connect(self._show)
        data.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        source = self._setup.source
        self.set_empty("Choose data" if self._setup.sources else "Loading")
        self.set_entries(self._source_entries(), source.key if source else "")

    @Slot(str)
    def _choose(self, key: str) -> None:
        bare = key.removesuffix(ZIP).removesuffix(TWO)
        source = next(s for s in self._setup.sources if s.key == bare)
        path: str | None = None
        other: str | None = None
        if source.needs_path:
            path = self._ask_zip() if key.endswith(ZIP) else self._ask_folder()
            if path and key.endswith(TWO):
                other = self._ask_other(source)
            if not path or other == "":
                self._show()
                return
        self._setup.choose_source(bare, path, other)

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self, "Choose a folder of pictures")

    def _ask_zip(self) -> str:
        return QFileDialog.getOpenFileName(self, "Choose a zip of pictures", filter="Zip archives (*.zip)")[0]

    def _ask_other(self, source: SourceInfo) -> str:
        if source.other_is_file:
            return QFileDialog.getOpenFileName(self, source.other, filter="Tables (*.csv *.tsv *.txt)")[0]
        return QFileDialog.getExistingDirectory(self, source.other)

    def _source_entries(self) -> list[Entry]:
        entries: list[Entry] = []
        for source in self._setup.sources:
            chosen = self._setup.source is not None and source.key == self._setup.source.key
            entries.append(self._entry(source, chosen))
            if source.needs_path:
                title = f"{source.title}, from a zip"
                entries.append(Entry(source.key + ZIP, title, source.summary, "From the disk", icon="box"))
            if source.other:
                title = f"{source.title}, in two places"
                entries.append(Entry(source.key + TWO, title, source.summary, "From the disk", icon="folder-open"))
        return entries

    def _entry(self, source: SourceInfo, chosen: bool) -> Entry:
        group = "From the disk" if source.needs_path else "Downloaded when asked" if source.downloadable else "Built in"
        icon = "folder-open" if source.needs_path else "download" if source.downloadable else "image"
        shown = self._data.shown
        if not chosen or shown is None or shown.plan.source != source.key or self._data.is_loading:
            detail = "Reading" if chosen and self._data.is_loading else source.summary
            return Entry(source.key, source.title, detail, group, icon=icon)
        _, height, width = shown.shape
        title = Path(shown.plan.path).stem if source.needs_path and shown.plan.path else source.title
        detail = f"{count(sum(shown.splits.values()), 'picture')}, {width} × {height}"
        # Of a pair, side by side, the answer.
        return Entry(source.key, title, detail, group, picture=to_image(shown.pictures[0][:, -width:]))
