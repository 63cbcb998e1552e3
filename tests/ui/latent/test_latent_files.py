"""What the Latent panel asks before a film, and what its Export menu offers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from gen_studio.core.enlarging import Scaling
from gen_studio.core.tasks import FilmWalk, SavePictures
from gen_studio.ui.latent.film_dialog import FilmDialog, heights


@pytest.mark.parametrize(
    ("native", "found"), [(64, (64, 128, 256, 512, 1024)), (48, (48, 96, 192, 384, 768)), (1024, (1024,))]
)
def test_sizes_of_a_film_are_whole_multiples(native: int, found: tuple[int, ...]) -> None:
    assert heights(native) == found


def test_a_film_is_asked_for_at_a_comfortable_size(qtbot) -> None:
    dialog = FilmDialog((64, 96), 4.0)
    qtbot.addWidget(dialog)
    assert dialog.height_asked == 256 and dialog.size_box.currentText() == "384 × 256"
    assert dialog.rate == 30 and dialog.scaling is Scaling.SQUARES
    dialog.rate_box.setCurrentIndex(3)
    assert dialog._about.text().startswith("240 pictures, 4.0 s")


def test_the_menu_offers_films_only_of_a_walk(explorer, qtbot) -> None:
    person = explorer()
    person.opens()
    offered = {action.text(): action.isEnabled() for action in person.stage.files.menu().actions()}
    assert not offered["Film the walk…"] and offered["Save picture…"]
    person.walks(3, 4)
    assert {action.text(): action.isEnabled() for action in person.stage.files.menu().actions()}["Film the walk…"]


def test_a_film_goes_where_the_user_says_with_what_was_chosen(explorer, qtbot, monkeypatch, tmp_path: Path) -> None:
    person = explorer()
    person.opens(is_live=True)
    person.walks(3, 4)
    monkeypatch.setattr(FilmDialog, "exec", lambda self: True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "walk.gif"), ""))
    person.stage.files.film()
    task = person.tasker.asked[-1].task
    assert isinstance(task, FilmWalk) and task.path == tmp_path / "walk.gif" and task.height == 256
    assert person.stage.tasks.isVisible() and person.stage.tasks.cancel.isVisible()


def test_nothing_is_written_where_no_file_was_named(explorer, qtbot, monkeypatch) -> None:
    person = explorer()
    person.opens(is_live=True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    person.stage.files.save_picture()
    assert not any(isinstance(request.task, SavePictures) for request in person.tasker.asked)


def test_a_dropped_picture_is_read_and_other_files_are_not_taken(explorer, qtbot, said_by, tmp_path: Path) -> None:
    person = explorer()
    person.opens()
    noticed = said_by(person.screen.exporting.noticed)
    (tmp_path / "photo.png").write_bytes(b"no picture")
    drop(person.stage, tmp_path / "notes.txt")
    assert noticed == []
    drop(person.stage, tmp_path / "photo.png")
    assert len(noticed) == 1 and "does not say how it was made" in noticed[0][0]


def drop(widget, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPoint(40, 40).toPointF()
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, button, keys))
