"""What the Latent panel asks before a film, and what its Export menu offers."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from gen_studio.core import origins
from gen_studio.core.enlarging import Scaling
from gen_studio.core.latents import BlendedNoise, Dimension, Drawn, LatentPicture, Move, Near, StyleMix
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import FilmWalk, SavePictures
from gen_studio.testing.looker import RUN
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


def test_a_saved_picture_that_is_dropped_brings_back_its_exact_state(explorer, main_directions, tmp_path: Path) -> None:
    person = explorer()
    person.opens(
        capabilities=("HasLatent", "HasStyles", "IsConditional"), style_layers=6, style_size=16, class_names=("a", "b")
    )
    way = main_directions[0].model_copy(update={"name": "Smile"})
    mixes = (
        StyleMix(point=Drawn(seed=4), first_layer=0, last_layer=1),
        StyleMix(point=Drawn(seed=5), first_layer=1, last_layer=4, share=0.3),
    )
    picture = LatentPicture(
        point=Near(point=Drawn(seed=7), seed=8, distance=0.4),
        dimensions=(Dimension(index=2, value=1.5),),
        moves=(Move(direction=way, strength=-1.25),),
        truncation=0.6,
        mixes=mixes,
        classes=(0.25, 0.75),
        noise=BlendedNoise(seeds=(1, 2), weights=(0.6, 0.8)),
    )
    origin = Origin(run=RUN.name, family="dcgan-like", step=500, pictures=(picture,))
    origins.write(tmp_path / "saved.png", np.zeros((1, 8, 8, 1), np.uint8), origin)
    before = person.exploring.picture
    drop(person.stage, tmp_path / "saved.png")
    person.settles()
    assert person.exploring.picture == picture
    controls = person.controls
    (row,) = (row for row in controls.directions.rows if row.direction == way)
    assert row.slider.number() == pytest.approx(-1.25) and controls.dimensions.rows[2].value.text() == "+1.50"
    assert person.stage.truncation.slider.number() == pytest.approx(0.6)
    assert [row.share.number() for row in controls.styles.rows] == pytest.approx([1.0, 0.3])
    assert controls.classes.share.number() == pytest.approx(0.75) and controls.styles.noise.switch.isChecked()
    person.exploring.undo()
    assert person.exploring.picture == before


def drop(widget, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPoint(40, 40).toPointF()
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, button, keys))
