"""Turns arrays of pixels into Qt's pictures: the one door between numpy and the screen."""

import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPixmap

Pixels = NDArray[np.uint8]


def check_pictures(pictures: Pixels) -> Pixels:
    """Returns (N, H, W, C) pictures unchanged. Raises ValueError for any other shape or type."""
    if pictures.dtype != np.uint8:
        raise ValueError(f"pictures are uint8, not {pictures.dtype}")
    if pictures.ndim != 4 or pictures.shape[3] not in (1, 3):
        raise ValueError(f"pictures are (N, H, W, 1 or 3), not {pictures.shape}")
    return pictures


def pack(pictures: Pixels) -> NDArray[np.uint32]:
    """(..., H, W, C) with 1 or 3 channels to (..., H, W) of 0xAARRGGBB, the form that Qt paints fastest."""
    packed = np.empty(pictures.shape[:-1], np.uint32)
    channels = packed.view(np.uint8).reshape(*packed.shape, 4)
    blue_first = channels if sys.byteorder == "little" else channels[..., ::-1]
    blue_first[..., :3] = pictures[..., ::-1]
    blue_first[..., 3] = 255
    return packed


def to_image(picture: Pixels) -> QImage:
    """(H, W, C) with 1 or 3 channels, or (H, W) grey, to an image that owns its pixels."""
    if picture.ndim == 2:
        picture = picture[..., None]
    check_pictures(picture[None])
    # The copy matters: Qt would go on reading the buffer after numpy has freed it.
    return view(np.ascontiguousarray(pack(picture))).copy()


def view(packed: NDArray[np.uint32]) -> QImage:
    """An image over the memory of packed (H, W) pixels, without a copy: only for as long as the array is alive."""
    height, width = packed.shape
    return QImage(packed.data, width, height, packed.strides[0], QImage.Format.Format_RGB32)


def to_pixmap(picture: Pixels, scale: float = 1.0) -> QPixmap:
    """The picture for a screen with `scale` device pixels per logical pixel."""
    pixmap = QPixmap.fromImage(to_image(picture))
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def from_image(image: QImage) -> Pixels:
    """An image as (H, W, 3): what was pasted or dropped, on its way to a model."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    # Qt pads each row to four bytes.
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()
