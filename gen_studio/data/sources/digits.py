"""The real handwritten digits of scikit-learn: on every machine, so that the app starts without a network."""

import numpy as np

from gen_studio.core.description import SourceInfo
from gen_studio.data import arrays
from gen_studio.data.source import Gallery, Request, Source

BRIGHTEST = 16


class Digits(Source):
    # 32 by default although they are stored as 8x8: strided networks such as DCGAN's need four halvings, and smoothly
    # enlarged strokes look like handwriting where 8x8 blocks do not.
    info = SourceInfo(
        key="digits",
        title="Digits",
        summary="1,797 real handwritten digits, 8x8, smoothly enlarged. Always there.",
        default_size=32,
        native_size=8,
        pictures=1797,
        offers=("labels",),
    )

    def open(self, request: Request) -> Gallery:
        from sklearn.datasets import load_digits

        bunch = load_digits()
        images = np.round(bunch.images[:, None] * (255 / BRIGHTEST)).astype(np.uint8)  # (N, 1, 8, 8)
        names = [str(index) for index in range(len(images))]
        classes = tuple(str(name) for name in bunch.target_names)
        gallery = arrays.gallery(images, names, "digits", expected=self.info.default_size)
        return gallery.labelled(bunch.target.astype(np.int64), classes)
