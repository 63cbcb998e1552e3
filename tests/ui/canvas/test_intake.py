"""Pictures from the clipboard or another program, whatever they are made of; and files, by paste and by drop."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from gen_studio.core.errors import WrongUse
from gen_studio.testing import brought
from gen_studio.ui.canvas.intake import flat
from gen_studio.ui.canvas.tools import Command
from gen_studio.ui.pictures import to_image

Format = QImage.Format


@pytest.mark.parametrize(
    "made_of",
    [Format.Format_RGBA64, Format.Format_CMYK8888, Format.Format_Indexed8, Format.Format_ARGB32_Premultiplied],
)
def test_a_picture_of_any_depth_and_colours_is_taken(qapp, made_of) -> None:
    assert brought.is_it(flat(to_image(brought.pixels()).convertToFormat(made_of)))


def test_one_of_a_sharp_screen_keeps_all_of_its_pixels(qapp) -> None:
    image = to_image(brought.pixels()).convertToFormat(Format.Format_ARGB32)
    image.setDevicePixelRatio(2)
    assert brought.is_it(flat(image))


def test_a_transparent_one_is_laid_on_white(qapp) -> None:
    image = to_image(brought.pixels()).convertToFormat(Format.Format_RGBA64)
    image.setPixelColor(0, 0, Qt.GlobalColor.transparent)
    assert flat(image)[0, 0].tolist() == [255, 255, 255]


def test_a_hundred_megapixels_are_refused_in_a_sentence_by_paste(canvas) -> None:
    said: list[str] = []
    canvas.told.connect(said.append)
    vast = QImage(10_000, 10_001, Format.Format_Mono)
    with pytest.raises(WrongUse, match="89 megapixels"):
        flat(vast)
    mime = QMimeData()
    mime.setImageData(vast)
    canvas.take_in(mime)
    assert len(said) == 1 and "89 megapixels" in said[0]


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_files_of_all_kinds_are_handed_on_to_be_read_and_said_no_to_there(canvas, tmp_path, way) -> None:
    offered: list[object] = []
    canvas.file_offered.connect(offered.append)
    for name in (*brought.GOOD, *brought.BAD):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        if way == "paste":
            QGuiApplication.clipboard().setMimeData(mime)
            canvas.perform(Command.PASTE)
            continue
        action, held, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(canvas, QDragEnterEvent(QPoint(9, 9), action, mime, held, keys))
        QApplication.sendEvent(canvas, QDropEvent(QPointF(9, 9), action, mime, held, keys, QEvent.Type.Drop))
    assert offered == [tmp_path / name for name in (*brought.GOOD, *brought.BAD)]
