"""What is pasted or dropped: a file on this machine, or pixels. Nothing is fetched from anywhere."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage, QPainter

from gen_studio.core.errors import WrongUse
from gen_studio.ui.pictures import Pixels, from_image

LARGEST = 89
"""Megapixels, as for files."""


@dataclass(frozen=True)
class Offered:
    """One of the two: a file that is still to be read, or a picture (H, W, 3). `others`: files that came with it."""

    path: Path | None = None
    pixels: Pixels | None = None
    others: int = 0


def holds_picture(mime: QMimeData) -> bool:
    """Whether it is worth a look: said while something is dragged over the canvas."""
    return mime.hasImage() or mime.hasUrls()


def offered(mime: QMimeData) -> Offered:
    """Raises WrongUse with a sentence where there is no picture."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return Offered(path=files[0], others=len(files) - 1)
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return Offered(pixels=flat(image))
    if mime.hasUrls():
        raise WrongUse("This is a link and not a picture. Save the picture first, then open the file.")
    raise WrongUse("There is no picture on the clipboard. Copy one first.")


def flat(image: QImage) -> Pixels:
    """(H, W, 3), transparency laid on white. Raises WrongUse for a picture that is too large."""
    if image.width() * image.height() > LARGEST * 1_000_000:
        raise WrongUse(f"The picture has more than {LARGEST} megapixels. Scale it down first.")
    if image.hasAlphaChannel():
        white = QImage(image.size(), QImage.Format.Format_RGB32)
        white.fill(Qt.GlobalColor.white)
        image.setDevicePixelRatio(1.0)
        painter = QPainter(white)
        painter.drawImage(0, 0, image)
        painter.end()
        image = white
    return from_image(image)
